"""Lets these tests import the small corpora of tests/check and the person at the terminal of tests/cli."""

from __future__ import annotations

import sys
from pathlib import Path

for room in ("check", "cli"):
    folder = str(Path(__file__).parents[1] / room)
    if folder not in sys.path:
        sys.path.insert(0, folder)
