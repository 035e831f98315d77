"""Corpora that are inputs of a build: their documents and refusals again, and rows that need not be made anew.

A corpus is read from its tables `raw` and `decisions`, so each document keeps its name, its metadata and the extractor
that made it. What the corpus set aside comes back as that refusal, for its bytes are not in the corpus. Where the code
and knowledge that made a corpus are those of this build, its rows are what the build would make, and are taken over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from kliping import schema
from kliping.building.spill import Item, Row
from kliping.building.vanishing import ID_DIGITS
from kliping.corpus.folder import Corpus, open_corpus, require_same_contract, require_text
from kliping.corpus.manifest import knowledge_digests, made_with, schema_digests
from kliping.corpus.tables import FILLED_LATER, corrections_from, documents_from_raw, refusals_from
from kliping.curate.corrections import Corrections
from kliping.errors import KlipingError
from kliping.model import KEPT, NOT_APPLIED, Correction, Refusal
from kliping.read import Input
from kliping.read.options import Shelf
from kliping.read.paths import escape


def corpus_inputs(folder: str, renamed: frozenset[str]) -> list[Input]:
    """Return one input a shard of the corpus in `folder`; names of files in `renamed` get its own before.

    Raises KlipingError where it is without text or made after another contract.
    """
    corpus, name = open_corpus(folder), escape(os.path.basename(folder))
    require_text(corpus)
    require_same_contract(corpus)
    return [
        Input(folder, f"{name}/{entry['path']}", entry["bytes"], shard=Shelf(index, renamed, f"{name}/"))
        for index, entry in enumerate(corpus.files("raw"))
    ]


def items_of(source: Input) -> Iterator[Item]:
    """Yield what one shard of a corpus holds. Raises KlipingError where a file is missing or damaged."""
    shelf = source.shard
    assert shelf is not None
    for item in _items(open_corpus(source.path), shelf.number):
        moved = shelf.renamed and file_of(item.source_path) in shelf.renamed
        yield replace(item, source_path=f"{shelf.prefix}{item.source_path}") if moved else item


def file_of(source_path: str) -> str:
    """Return the file that a document was found in; `#` and `!`, which set off what is in it, its name has escaped."""
    return re.split("[#!]", source_path, maxsplit=1)[0]


def _items(corpus: Corpus, index: int) -> Iterator[Item]:
    try:
        yield from documents_from_raw(corpus.table("raw", index))
    except ValueError as error:
        raise KlipingError(f"{corpus.path} is damaged: {error}. Download the corpus again.") from error
    yield from refusals_from(corpus.table("decisions", index).filter(pc.field("outcome") != NOT_APPLIED))


def is_current(corpus: Corpus, left_out: frozenset[str]) -> bool:
    """Whether this code with its knowledge made a corpus, so that without these layers it would make the rows again."""
    here = (made_with(), knowledge_digests(), schema_digests(), left_out)
    said = corpus.manifest
    return here == (said["made_with"], said["knowledge"], said["schema"], corpus.left_out)


def with_corpora(given: Corrections, folders: Sequence[str]) -> tuple[Corrections, tuple[Refusal, ...]]:
    """Return the corrections that are given or stand in corpora, and the refusals of others that stand there.

    Raises KlipingError where two say different things under one name.
    """
    found = {each.source_path: each for of_one in given.of.values() for each in of_one}
    refused: dict[str, Refusal] = {}
    for corpus in map(open_corpus, folders):
        for index in range(corpus.shard_count):
            for each in corrections_from(corpus.table("corrections", index)):
                if found.setdefault(each.source_path, each) != each:
                    raise KlipingError(
                        f"{corpus.path} holds another correction under the name {each.source_path} than the files "
                        "given, or another corpus. Nothing was touched; rename the file of corrections."
                    )
            misfits = corpus.table("decisions", index).filter(pc.field("outcome") == NOT_APPLIED)
            refused |= {each.source_path: each for each in refusals_from(misfits)}
    of: dict[str, list[Correction]] = {}
    for each in sorted(found.values(), key=attrgetter("rank")):
        of.setdefault(each.raw_sha256, []).append(each)
    joined = Corrections({key: tuple(of[key]) for key in sorted(of)}, given.files)
    return joined, tuple(each for name, each in sorted(refused.items()) if name not in found)


class Kept(NamedTuple):
    """An article whose rows stand in a corpus already."""

    article_id: str
    source_path: str
    home: int
    """Which of the corpora it stands in."""
    shard: int


class Finished:
    """The rows of corpora that `is_current`, for documents that come by id, but those that are `renewed` (SHA-256s).

    Of each corpus one shard is in memory at a time.
    """

    def __init__(self, folders: Sequence[str], renewed: frozenset[str] = frozenset()) -> None:
        self._renewed = renewed
        self._corpora = [open_corpus(folder) for folder in folders]
        self._names = [_Names(corpus) for corpus in self._corpora]
        self._tables: dict[int, tuple[int, dict[str, pa.Table]]] = {}

    def find(self, row: Row) -> Kept | None:
        """Return the article that the document of this row, asked for in order, is already under its name, if any."""
        if row.refused or row.key.hex() in self._renewed:
            return None
        article_id = row.key.hex()[:ID_DIGITS]
        for home, names in enumerate(self._names):
            if names.of(article_id) == row.source_path:
                return Kept(article_id, row.source_path, home, names.index)
        return None

    def text(self, kept: Kept) -> str:
        """Return its body."""
        articles = self._open(kept.home, kept.shard)["articles"]
        (place,) = pc.indices_nonzero(pc.equal(articles["article_id"], kept.article_id)).to_pylist()
        return str(articles["text"][place].as_py())

    def tables(self, kept: Sequence[Kept]) -> Iterator[dict[str, pa.Table]]:
        """Yield the rows of these articles, which come by id, as the kernel makes them."""
        for (home, shard), group in groupby(sorted(kept, key=_place), key=_place):
            ids = pa.array([each.article_id for each in group], pa.string())
            found = self._open(home, shard)
            yield {name: table.filter(pc.is_in(table["article_id"], ids)) for name, table in found.items()}

    def _open(self, home: int, shard: int) -> dict[str, pa.Table]:
        if home not in self._tables or self._tables[home][0] != shard:
            self._tables.pop(home, None)
            self._tables[home] = (shard, _as_made(self._corpora[home].shard(shard)))
        return self._tables[home][1]


NONE_FINISHED = Finished(())


def _place(kept: Kept) -> tuple[int, int]:
    return kept.home, kept.shard


def _as_made(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The rows of the articles of a shard, without what only their own corpus tells of them."""
    found = {name: table.replace_schema_metadata(None) for name, table in tables.items()}
    articles = found["articles"]
    for name in FILLED_LATER:
        index = articles.schema.get_field_index(name)
        empty = pa.nulls(articles.num_rows, articles.schema.field(index).type)
        articles = articles.set_column(index, articles.schema.field(index), empty)
    decisions = found["decisions"].filter(pc.field("outcome") == KEPT)
    return {**found, "articles": articles, "decisions": decisions}


class _Names:
    """The names of a corpus's articles by their ids, which are asked for in order."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self.index = -1
        """The shard that was looked into last."""
        self._names: dict[str, str] = {}
        self._last = ""

    def of(self, article_id: str) -> str | None:
        while article_id > self._last and self.index + 1 < self._corpus.shard_count:
            self.index += 1
            raw = self._corpus.table("raw", self.index, ["article_id", "source_path"])
            ids = raw["article_id"].to_pylist()
            self._names = dict(zip(ids, raw["source_path"].to_pylist(), strict=True))
            self._last = ids[-1] if ids else self._last
        return self._names.get(article_id)


def in_order(portions: Sequence[Mapping[str, pa.Table]]) -> dict[str, pa.Table]:
    """Return the rows of these tables together, each table in its sort order."""
    if len(portions) == 1:
        return dict(portions[0])
    tables = schema.load().tables
    return {
        name: pa.concat_tables([portion[name] for portion in portions]).sort_by(
            [(column, "ascending") for column in tables[name].sort_key]
        )
        for name in portions[0]
    }
