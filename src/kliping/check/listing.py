"""Checks the files of a corpus folder as files: listed, all there, none beside them, each with its digest."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from kliping.check.incident import Incident
from kliping.corpus.folder import Corpus, load_file
from kliping.corpus.layout import SUMS
from kliping.files import file_sha256

HUB_FILES = frozenset({".gitattributes"})
HUB_FOLDERS = (".cache/", ".git/")
"""What a download from a Hub, or a clone, adds to the folder."""

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def check_files(corpus: Corpus) -> Iterator[Incident]:
    """Check that SHA256SUMS lists exactly the files of the folder with their digests and agrees with the manifest."""
    sums = corpus.path / SUMS
    if sums.is_symlink() or not sums.is_file():
        why = "it is a symbolic link, not the file itself" if sums.is_symlink() else "every corpus has it"
        yield Incident("file-missing", SUMS, f"{why}; download the corpus again")
        return
    listed: dict[str, str] = {}
    for number, line in enumerate(sums.read_bytes().decode("utf-8", "replace").split("\n")[:-1], start=1):
        if found := _LINE.fullmatch(line):
            listed[found[2]] = found[1]
        else:
            yield Incident("sums-mismatch", f"{SUMS}:{number}", f"{line[:80]!r} is no digest, two spaces and a file")
    wanted = corpus.listed_files()
    yield from _digests(corpus.path, {file: listed[file] for file in wanted if file in listed})
    yield from _list(corpus, wanted, listed)
    yield from _unlisted(corpus.path, listed)


def _digests(folder: Path, listed: dict[str, str]) -> Iterator[Incident]:
    for file, digest in listed.items():
        path = folder / file
        if link := _link_on_the_way(folder, file):
            yield Incident("file-missing", file, f"{link} is a symbolic link, not the file itself; put the file there")
        elif not path.is_file():
            yield Incident("file-missing", file, f"{SUMS} lists it and it is not there; download the corpus again")
        elif (found := file_sha256(path)) != digest:
            yield Incident("checksum-mismatch", file, f"its sha256 is {found}, {SUMS} says {digest}")


def _link_on_the_way(folder: Path, file: str) -> str | None:
    """The first part of a file's path that is a symbolic link: what it leads to is not in the corpus."""
    steps = itertools.accumulate(Path(file).parts, os.path.join)
    return next((step for step in steps if (folder / step).is_symlink()), None)


def _list(corpus: Corpus, wanted: list[str], listed: dict[str, str]) -> Iterator[Incident]:
    """The list names the files of the manifest with its digests, once each, in order, and nothing else."""
    for file in sorted(set(wanted) - listed.keys()):
        yield Incident("sums-mismatch", SUMS, f"it does not list {file}, which belongs to the corpus")
    for file in sorted(listed.keys() - set(wanted)):
        yield Incident("sums-mismatch", SUMS, f"it lists {file}, which the manifest does not know")
    for _, entry in corpus.all_files():
        if listed.get(entry["path"], entry["sha256"]) != entry["sha256"]:
            yield Incident("sums-mismatch", entry["path"], f"{SUMS} and the manifest give different digests")
    written = "".join(f"{listed[file]}  {file}\n" for file in wanted if file in listed)
    if listed.keys() == set(wanted) and (corpus.path / SUMS).read_bytes() != written.encode():
        yield Incident("sums-mismatch", SUMS, "its lines do not name each file once, in the order of the paths")


def _unlisted(folder: Path, listed: dict[str, str]) -> Iterator[Incident]:
    found = sorted(folder.rglob("*"))
    filled = {path.parent for path in found}
    for path in found:
        file = path.relative_to(folder).as_posix()
        if file in listed or file == SUMS or file in HUB_FILES or f"{file}/".startswith(HUB_FOLDERS):
            continue
        if path.is_symlink() or not path.is_dir():
            yield Incident("file-unlisted", file, f"{SUMS} does not list it; it is no part of the corpus")
        elif path not in filled:
            yield Incident("file-unlisted", f"{file}/", "it is a folder with nothing in it, and no part of the corpus")


def unreadable(corpus: Corpus) -> Iterator[Incident]:
    """Yield the Parquet files that cannot be read whole; where there are any, no row can be checked."""
    for _, entry in corpus.all_files():
        found = load_file(corpus.path / entry["path"], full=True)
        if not isinstance(found, pa.Table):
            yield Incident(found[0], entry["path"], found[1])
