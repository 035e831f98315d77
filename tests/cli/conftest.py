"""Lets the tests of the command line import `person` beside them, and gives them a small corpus."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of two pages, one the other's copy; for reading only."""
    from person import ARTICLE, kliping

    folder = tmp_path_factory.mktemp("corpus")
    for name in ("satu.txt", "dua.txt"):
        (folder / name).write_text(ARTICLE, "utf-8")
    done = kliping("build", folder / "satu.txt", folder / "dua.txt", "--out", folder / "corpus")
    assert done.returncode == 3, done.stderr
    return folder / "corpus"
