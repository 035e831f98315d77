"""A corpus of two shards and one of a single shard, made once; tests that damage one take a copy."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

from corpora import shards, write  # noqa: E402

from kliping.corpus.tables import to_tables  # noqa: E402,F401


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two shards; for reading only."""
    return write(shards(), tmp_path_factory.mktemp("two") / "corpus")


@pytest.fixture(scope="session")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One shard, so that the manifest has column roots; for reading only."""
    return write(shards()[:1], tmp_path_factory.mktemp("one") / "corpus")


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[Path], Path]:
    """Gives a copy of a corpus that a test may damage."""

    def make(source: Path) -> Path:
        return shutil.copytree(source, tmp_path / "corpus")

    return make
