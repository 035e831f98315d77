"""Lets the processes that these tests spawn import the tasks beside them, and the tests the corpora of tests/check."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
for folder in (str(HERE), str(HERE.parent / "check")):
    if folder not in sys.path:
        sys.path.insert(0, folder)
