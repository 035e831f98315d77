"""Names under which documents of several crawls stand in one corpus: each once, those of earlier corpora as they are.

A file is the one that an earlier corpus read under its name where its first record is the same: then it is the same
file, or has grown. Another file of that name is given as many of its parent folders as tell it apart.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from kliping.building.corpora import file_of
from kliping.corpus.folder import Corpus, open_corpus
from kliping.errors import KlipingError
from kliping.model import RawDocument, Refusal
from kliping.read import Input, Options, records
from kliping.read.options import taken_apart
from kliping.read.paths import escape


def told_apart(files: Sequence[Input], folders: Sequence[str], options: Options) -> list[Input]:
    """Return the inputs, renamed where one of the corpora in `folders` has another file of that name.

    Raises KlipingError where a corpus cannot be read.
    """
    corpora = [open_corpus(folder) for folder in folders]
    taken = set[str]().union(*map(_file_names, corpora))
    met = [one for one in files if one.source_path in taken]
    if not met:
        return list(files)
    firsts = {one.source_path: _first(one, options) for one in met}
    known = _digests(corpora, [first.source_path for first in firsts.values()])
    others = {name for name, first in firsts.items() if not _is_known(first, known.get(first.source_path, ()))}
    taken |= {one.source_path for one in files}
    renamed = [_renamed(one, taken) if one.source_path in others else one for one in files]
    return sorted(renamed, key=lambda one: one.source_path)


def clashing(folders: Sequence[str]) -> frozenset[str]:
    """Return the files of which several corpora hold different documents under one name."""
    if len(folders) < 2:
        return frozenset()
    held = Counter(name for folder in folders for name in _file_names(open_corpus(folder)))
    shared = {name for name, count in held.items() if count > 1}
    found: dict[str, str | None] = {}
    clashes = set[str]()
    for folder in folders if shared else ():
        for path, digest in _documents(open_corpus(folder)):
            if file_of(path) in shared and found.setdefault(path, digest) != digest:
                clashes.add(file_of(path))
    return frozenset(clashes)


def _file_names(corpus: Corpus) -> set[str]:
    return {file_of(path) for path, _ in _documents(corpus)}


def _documents(corpus: Corpus) -> Iterator[tuple[str, str | None]]:
    """Name and digest of every document that a corpus was made of."""
    for index in range(corpus.shard_count):
        table = corpus.table("decisions", index, ["source_path", "raw_sha256"])
        yield from zip(table["source_path"].to_pylist(), table["raw_sha256"].to_pylist(), strict=True)


def _first(one: Input, options: Options) -> RawDocument | Refusal:
    """The first record of a file; a refusal where reading it fails."""
    try:
        return taken_apart(next(records(one, options)))
    except KlipingError:
        raise
    except Exception as error:
        return Refusal(one.source_path, None, "failed", f"Reading it stopped: {type(error).__name__}: {error}")


def _digests(corpora: Sequence[Corpus], names: Sequence[str]) -> Mapping[str, list[str | None]]:
    """The digests that these documents have in the corpora."""
    sought = frozenset(names)
    found: dict[str, list[str | None]] = {}
    for path, digest in chain.from_iterable(map(_documents, corpora)):
        if path in sought:
            found.setdefault(path, []).append(digest)
    return found


def _is_known(first: RawDocument | Refusal, digests: Sequence[str | None]) -> bool:
    digest = first.sha256 if isinstance(first, RawDocument) else first.raw_sha256
    return digest in digests


def _renamed(one: Input, taken: set[str]) -> Input:
    """The input under a name of its own."""
    name = next(name for name in _longer(one) if name not in taken)
    taken.add(name)
    return replace(one, source_path=name)


def _longer(one: Input) -> Iterator[str]:
    """Its name with ever more of its parent folders before it, and numbers once there are no more."""
    steps = Path(os.path.abspath(one.path)).parts[1:]
    for count in range(one.source_path.count("/") + 2, len(steps) + 1):
        yield escape("/".join(steps[-count:]))
    number = 2
    while True:
        yield f"{one.source_path}.{number}"
        number += 1
