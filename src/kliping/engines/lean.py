"""Keeps a worker small: it never holds pandas, which pyarrow would import only to ask whether a list is a Series."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pyarrow as pa


class _NoPandas(MetaPathFinder):
    """Finds that there is no pandas."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)
        return None


def forgo_pandas() -> None:
    """Let pyarrow look for pandas, once in this process, and not find it: 50 MB and half a second less a worker.

    Whoever else imports pandas later still gets it; only pyarrow's own `to_pandas` stays without.
    """
    if "pandas" in sys.modules:
        return
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([""])
    finally:
        sys.meta_path.remove(finder)
