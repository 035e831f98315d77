"""The shared scorer as a module, so that every script reads the labels and compares values just as score.py does."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def load_scorer(gold: Path) -> ModuleType:
    """Return the module of score.py, which stands beside the folder `gold`; exits with a sentence where it does not."""
    path = gold.resolve().parent / "score.py"
    spec = importlib.util.spec_from_file_location("score", path)
    if not path.is_file() or spec is None or spec.loader is None:
        sys.exit(f"{Path(sys.argv[0]).name}: there is no scorer at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
