"""The published corpus is what `make corpus` gives, and where, when and how a build runs changes no byte of it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from invented_pages import write

REPO = Path(__file__).parents[2]
PAGES = Path(__file__).parent / "invented_pages.py"
VARIABLES = ("TZ", "LC_ALL", "LANG", "PYTHONHASHSEED", "PYTHONUTF8", "PYTHONCOERCECLOCALE")


def content(folder: Path) -> dict[str, str]:
    """Digest of every file below the folder."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The files that are not the same in both, missing ones included."""
    return [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]


def run(*command: str | Path, cwd: Path, **variables: str) -> None:
    """Run Python on something in a process whose environment holds these variables."""
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    done = subprocess.run(
        [sys.executable, *map(str, command)], cwd=cwd, env=kept | variables, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_the_published_corpus_is_what_the_seeds_give(tmp_path: Path) -> None:
    assert (REPO / "corpus").is_dir(), "corpus/ is missing: run `make corpus`"
    run(REPO / "scripts" / "build_corpus.py", tmp_path / "corpus", cwd=tmp_path)
    wrong = differing(content(REPO / "corpus"), content(tmp_path / "corpus"))
    assert not wrong, f"these files of corpus/ are not what seeds/ give; run `make corpus`: {wrong}"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Digests of the corpus of the invented pages, built in the plainest way."""
    folder = tmp_path_factory.mktemp("plain")
    run(PAGES, folder / "out", "1", *write(folder / "in"), cwd=folder, TZ="UTC0", LC_ALL="C.UTF-8")
    return content(folder / "out")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_place_time_zone_locale_hash_seed_order_and_workers_change_no_byte(
    workers: str, plain: dict[str, str], tmp_path: Path
) -> None:
    inputs = write(tmp_path / "somewhere" / "else", backwards=True)
    run(
        PAGES,
        tmp_path / "out",
        workers,
        *reversed(inputs),
        cwd=Path("/"),
        TZ="WIT-9",
        LC_ALL="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
        PYTHONHASHSEED="20231",
    )
    assert differing(content(tmp_path / "out"), plain) == []
    assert len(list((tmp_path / "out" / "articles").iterdir())) > 1


def test_a_byte_that_differs_is_found(tmp_path: Path) -> None:
    for name, last in (("one", b"a"), ("two", b"b")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same").write_bytes(b"x")
        (tmp_path / name / "other").write_bytes(last)
    (tmp_path / "two" / "more").touch()
    assert differing(content(tmp_path / "one"), content(tmp_path / "two")) == ["more", "other"]
