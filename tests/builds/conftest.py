"""Lets the processes that these tests spawn import the tasks beside them, and the tests the corpora of tests/check."""

from __future__ import annotations

import sys
from pathlib import Path

for folder in (Path(__file__).parent, *(Path(__file__).parents[1] / name for name in ("check", "corrections"))):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
