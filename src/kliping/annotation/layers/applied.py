"""The layer `corrections`: what people corrected in each article, with what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from kliping.annotation.layers.layer import Article


class Applied(NamedTuple):
    """A correction that fits, as the table has it."""

    raw_sha256: str
    what: str
    start: int | None
    end: int | None
    old: str
    new: str
    who: str
    when: datetime
    note: str | None
    source_path: str
    outcome: str


def find(articles: Sequence[Article]) -> Iterator[list[Applied]]:
    """Yield the corrections of each article that fit, in the order in which they were applied."""
    for article in articles:
        yield [Applied(*each.correction, outcome=each.outcome) for each in article.verdicts if each.fits]
