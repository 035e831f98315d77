"""Lets these tests import the Hub beside them and the small corpora of tests/check."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
for folder in (str(HERE), str(HERE.parent / "check")):
    if folder not in sys.path:
        sys.path.insert(0, folder)
