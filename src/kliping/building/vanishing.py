"""Tells which articles of an older corpus are no more among the inputs of a build: what a slip of the pen would cost.

An article is among the inputs where its bytes are: the text it was annotated from, or the page that text was taken
from. So it does not vanish where its file has another name or stands in another dump, where this version of kliping
takes another text from its page, reads its file as another format, or sets it aside: then `decisions` of the new corpus
says why, and the bytes are there to build it again. It does vanish where its file is edited, deleted or cannot be read.
What is on the list of takedowns is meant to go and never counts.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from kliping.building.spill import Runs
from kliping.corpus.folder import Corpus
from kliping.curate.takedown import Removed
from kliping.errors import NAMED, KlipingError
from kliping.read import MAX_RECORD_BYTES, Input
from kliping.read.opening import opened

ID_DIGITS = 32
"""Hex digits of a digest that tell documents apart, as in an article_id."""
COLUMNS = ("article_id", "source_sha256", "source_path")
SOUGHT = 200_000
"""Articles that are looked for together in the digests of pages, which stand in no order."""


class Former(NamedTuple):
    """An article of the older corpus, by what its bytes are known by (hex)."""

    article_id: str
    source_sha256: str | None
    source_path: str

    def ids(self) -> list[str]:
        """Return what its text and its page are known by."""
        return [self.article_id, *([self.source_sha256[:ID_DIGITS]] if self.source_sha256 else [])]


@dataclass(frozen=True, slots=True)
class Vanished:
    """The articles of an older corpus that are not among the inputs: how many of how many, and the first few names."""

    count: int
    of: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Older:
    """The corpus that a build is to replace, and what the build reads instead."""

    corpus: Corpus
    inputs: Sequence[Input]
    removed: Removed

    @property
    def count(self) -> int:
        """How many articles it has."""
        return sum(entry["rows"] for entry in self.corpus.files("raw"))

    def files(self) -> list[Path]:
        """Return its files that hold the articles as they were found."""
        return [path for paths in self._by_split() for path in paths]

    def _by_split(self) -> list[list[Path]]:
        return [[self.corpus.path / entry["path"] for entry in group] for group in self.corpus.files_by_split("raw")]

    def require_readable(self) -> None:
        """Raise KlipingError where one of these files is missing or no Parquet file with what articles are known by."""
        for path in self.files():
            with _readable(path):
                for name in COLUMNS:
                    pq.read_schema(path).field(name)

    def articles(self) -> Iterator[Former]:
        """Yield its articles by id. Raises KlipingError where a file is missing or damaged."""
        return heapq.merge(*(chain.from_iterable(map(_former, paths)) for paths in self._by_split()))

    def vanished(self, missing: Iterable[Former]) -> Vanished:
        """Return what vanishes of the articles that no document and no refusal of this build has the bytes of."""
        inputs = {one.source_path: one for one in self.inputs if one.size <= MAX_RECORD_BYTES}
        count = 0
        names: list[str] = []
        for article in missing:
            if article.article_id in self.removed.ids or _is_file(inputs.get(article.source_path), article):
                continue
            count += 1
            if count <= NAMED + 1:
                names.append(article.source_path)
        return Vanished(count, self.count, tuple(names))


def _former(path: Path) -> Iterator[Former]:
    """The articles of one file."""
    with _readable(path), pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=list(COLUMNS)):
            columns = (batch.column(name).to_pylist() for name in COLUMNS)
            yield from map(Former._make, zip(*columns, strict=True))


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, KeyError, pa.ArrowException) as error:
        raise KlipingError(
            f"{path} cannot be read, so nobody knows which articles of this corpus would vanish. Nothing was replaced; "
            "repair the corpus, or give --replace to have another in its place."
        ) from error


def _is_file(one: Input | None, article: Former) -> bool:
    """Whether the input of this name holds the article's very bytes, though this version reads them otherwise."""
    if one is None:
        return False
    try:
        with opened(one) as file:
            return hashlib.sha256(file.read(MAX_RECORD_BYTES + 1)).hexdigest()[:ID_DIGITS] in article.ids()
    except OSError:
        return False


def missing_in(runs: Runs, articles: Iterator[Former]) -> Iterator[Former]:
    """Yield the articles, which come by id, whose bytes are not in these runs: neither as a document nor as a page.

    Holds SOUGHT articles at most.
    """
    without = _without_document(runs, articles)
    while portion := list(islice(without, SOUGHT)):
        sought = {known for article in portion for known in article.ids()}
        found = set[str]()
        for digests in runs.digests():
            found.update(sought.intersection(digest[:ID_DIGITS] for digest in digests))
        yield from (article for article in portion if found.isdisjoint(article.ids()))


def _without_document(runs: Runs, articles: Iterator[Former]) -> Iterator[Former]:
    """The articles whose text is not among the documents: both come in the order of their digests."""
    documents = (row.key.hex()[:ID_DIGITS] for row in runs.merge() if not row.refused)
    document = next(documents, None)
    for article in articles:
        while document is not None and document < article.article_id:
            document = next(documents, None)
        if document != article.article_id:
            yield article
