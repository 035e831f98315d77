"""Ranks articles by doubt: how likely each is to hold a span with a wrong role, from the published tables alone.

The chance that all roles of an article are right is taken for the product of the chances of its segments, by their
`margin`, and of one more factor for each flag that tells of borders that may have been missed; docs/doubts.md says how
well that ranks pages.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kliping.corpus.folder import Corpus, article_rows

RISKY = ("glued-words", "cut-end", "open-paragraphs", "page-words")
"""The flags behind which a heading, a credit or a pointer may hide in a paragraph, where no margin tells of it."""
RISK = 0.2
"""The chance of that for each of them."""
PER_MILLE = 1000


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An article of the queue."""

    article_id: str
    doubt: float
    """See `doubt`."""
    flags: tuple[str, ...]
    unsure: int | None
    """The position of the segment with the least margin; None where knowledge decided about all."""
    role: str | None
    """Its role."""
    margin: int | None
    """Its margin, per mille."""

    @property
    def chance(self) -> int:
        """The chance that some role is wrong, per mille."""
        return round(PER_MILLE * (1 - math.exp(-self.doubt)))

    @property
    def why(self) -> tuple[str, ...]:
        """What speaks for the doubt, the segment first."""
        risky = tuple(flag for flag in self.flags if flag in RISKY)
        if self.margin is None or (risky and self.margin == PER_MILLE):
            return risky
        return (f"{self.role} by a margin of {self.margin}", *risky)


def doubt(margins: Iterable[int | None], flags: Iterable[str]) -> float:
    """Return the doubt about an article with segments of these margins: minus the logarithm of the chance that all is right.

    0 is no doubt; 0.7 is a chance of one half. It orders articles also where the chance of a fault is near certainty.

    >>> round(doubt([1000, None, 0], ["short"]), 2), round(doubt([1000], ["cut-end"]), 2)
    (0.69, 0.22)
    """  # noqa: E501
    of_roles = sum(_RIGHT[margin] for margin in margins if margin is not None)
    return of_roles + sum(-math.log(1 - RISK) for flag in flags if flag in RISKY)


_RIGHT = [-math.log((PER_MILLE + margin) / (2 * PER_MILLE)) for margin in range(PER_MILLE + 1)]
"""For each margin, minus the logarithm of the chance that the role is right, as against the runner-up."""


def queue(corpus: Corpus) -> list[Doubtful]:
    """Return the articles of a corpus, the most doubtful first; of equal ones the smaller id."""
    found = (
        item
        for index in range(corpus.shard_count)
        for item in doubtful(corpus.table("articles", index), corpus.table("segments", index))
    )
    return sorted(found, key=lambda item: (-item.doubt, item.article_id))


def doubtful(articles: pa.Table, segments: pa.Table) -> Iterator[Doubtful]:
    """Yield the articles of one shard with their doubts, in their order."""
    decided = segments.select(["article_id", "position", "role", "margin"]).filter(pc.is_valid(segments["margin"]))
    of_article: dict[str, list[Mapping[str, Any]]] = {}
    for row in decided.to_pylist():
        of_article.setdefault(row["article_id"], []).append(row)
    for row in articles.select(["article_id", "flags"]).to_pylist():
        yield _doubtful(row["article_id"], tuple(row["flags"]), of_article.get(row["article_id"], []))


def _doubtful(article_id: str, flags: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> Doubtful:
    least = min(rows, key=lambda row: (row["margin"], row["position"]), default=None)
    known = (None, None, None) if least is None else (least["position"], least["role"], least["margin"])
    return Doubtful(article_id, doubt((row["margin"] for row in rows), flags), flags, *known)


def text_of(corpus: Corpus, item: Doubtful) -> str | None:
    """Return the text of the segment of an article that is least sure, None where there is none, or no text."""
    if item.unsure is None:
        return None
    text: str | None = article_rows(corpus, item.article_id)["segments"][item.unsure]["text"]
    return text
