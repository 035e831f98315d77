"""Lets these tests import the small corpora of tests/check, and what writes corrections."""

from __future__ import annotations

import sys
from pathlib import Path

CHECK = str(Path(__file__).parents[1] / "check")
if CHECK not in sys.path:
    sys.path.insert(0, CHECK)
HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)
