"""Lets these tests import the invented pages here and the small corpora of tests/check."""

from __future__ import annotations

import sys
from pathlib import Path

for folder in (Path(__file__).parent, Path(__file__).parents[1] / "check"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
