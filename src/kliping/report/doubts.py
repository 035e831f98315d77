"""Ranks articles by doubt: how likely each is to hold a span with a wrong role, from the published tables alone.

The chance that all roles of an article are right is taken for the product of the chances of its segments, by their
`margin`, and of one factor for each flag that tells of borders that may have been missed. Neighbours whose roles would
change together are one doubt. docs/doubts.md says how well that ranks pages.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kliping.corpus.folder import Corpus
from kliping.errors import KlipingError

RISKY = ("glued-words", "cut-end", "open-paragraphs", "page-words")
"""The flags behind which a heading, a credit or a pointer may hide in a paragraph, where no margin tells of it."""
RISK = 0.2
"""The chance of that for each of them."""
PER_MILLE = 1000
_RIGHT = [-math.log((PER_MILLE + margin) / (2 * PER_MILLE)) for margin in range(PER_MILLE + 1)]
"""For each margin, minus the logarithm of the chance that the role is right, as against the runner-up."""


def doubt(margins: Iterable[int | None], flags: Iterable[str]) -> float:
    """Return the doubt about an article: minus the logarithm of the chance that all its roles are right.

    `margins` are those of its segments in their order. Of a segment counts by how much it is more doubtful than the one
    before it. 0 is no doubt, 0.7 is a chance of one half; articles are in order also where a fault is all but certain.

    >>> round(doubt([1000, None, 0, 0], ["short"]), 2), round(doubt([1000], ["cut-end"]), 2)
    (0.69, 0.22)
    """
    doubts = [0.0, *(0.0 if margin is None else _RIGHT[margin] for margin in margins)]
    of_roles = math.fsum(max(0.0, here - before) for before, here in pairwise(doubts))
    return of_roles - math.log(1 - RISK) * sum(flag in RISKY for flag in flags)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An article of the queue."""

    article_id: str
    doubt: float
    """What `doubt` gives."""
    flags: tuple[str, ...]
    """All flags of the article."""
    shard: int
    """Where in the corpus it stands."""
    position: int | None
    """The segment with the least margin, by its rank; None where knowledge decided about all."""
    role: str | None
    """The role of that segment."""
    margin: int | None
    """The margin of that segment."""

    @property
    def chance(self) -> int:
        """The chance that some role is wrong, per mille."""
        return round(PER_MILLE * -math.expm1(-self.doubt))

    @property
    def why(self) -> tuple[str, ...]:
        """What speaks for the doubt: the least margin below the largest one, and the flags."""
        unsure = () if self.margin in (None, PER_MILLE) else (f"{self.role} by a margin of {self.margin}",)
        return (*unsure, *(flag for flag in self.flags if flag in RISKY))


def queue(corpus: Corpus, most: int | None = None) -> list[Doubtful]:
    """Return the articles of a corpus, the most doubtful first, of equal ones the smaller id; no more than `most`.

    Raises KlipingError where the corpus is of a contract that knew no margins and flags.
    """
    if (count := corpus.manifest["tables"]["articles"]["rows"]) and not corpus.has_column("segments", "margin"):
        raise KlipingError(
            f"{corpus.path} was made by a kliping that knew no margins and flags. Build it again from its inputs."
        )
    found = (item for shard in range(corpus.shard_count) for item in _of_shard(corpus, shard))
    return heapq.nsmallest(count if most is None else most, found, key=lambda item: (-item.doubt, item.article_id))


def _of_shard(corpus: Corpus, shard: int) -> Iterator[Doubtful]:
    segments = corpus.table("segments", shard).select(["article_id", "position", "role", "margin"]).to_pylist()
    of_article = {article_id: list(rows) for article_id, rows in groupby(segments, key=itemgetter("article_id"))}
    for row in corpus.table("articles", shard).select(["article_id", "flags"]).to_pylist():
        yield _doubtful(row["article_id"], tuple(row["flags"]), shard, of_article.get(row["article_id"], []))


def _doubtful(article_id: str, flags: tuple[str, ...], shard: int, rows: Sequence[Mapping[str, Any]]) -> Doubtful:
    decided = (row for row in rows if row["margin"] is not None)
    least = min(decided, key=lambda row: (row["margin"], row["position"]), default=None)
    known = (None, None, None) if least is None else (least["position"], least["role"], least["margin"])
    return Doubtful(article_id, doubt((row["margin"] for row in rows), flags), flags, shard, *known)


def unsure_texts(corpus: Corpus, items: Sequence[Doubtful]) -> list[str | None]:
    """Return the text of the least sure segment of each article, None where there is none or the corpus has no text."""
    wanted: dict[int, set[str]] = {}
    for item in items:
        wanted.setdefault(item.shard, set()).add(item.article_id)
    texts: dict[tuple[str, int], str | None] = {}
    for shard, ids in wanted.items():
        segments = corpus.table("segments", shard).select(["article_id", "position", "text"])
        rows = segments.filter(pc.is_in(segments["article_id"], pa.array(sorted(ids)))).to_pylist()
        texts |= {(row["article_id"], row["position"]): row["text"] for row in rows}
    return [None if item.position is None else texts[item.article_id, item.position] for item in items]
