"""Finds the dates, times of day, durations and recurrences of each body, with type and value as TIMEX3 has them.

The grammar and what its mentions mean are in `annotation.dates`; here they get their anchor, which is the evidenced day
of publication, and their places in the raw text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, cast

from kliping.annotation.dates import find_all_times, meanings
from kliping.annotation.layers.layer import Article
from kliping.model import Metadata


class TimeExpression(NamedTuple):
    """One time expression at [start, end) of the raw text; of `value` and `reason` one is None."""

    start: int
    end: int
    text: str
    type: str
    value: str | None
    granularity: str | None
    anchor_date: date | None
    rule: str
    reason: str | None


def find(articles: Sequence[Article]) -> Iterator[tuple[TimeExpression, ...]]:
    """Find the time expressions of each body: the layer `time_expressions`."""
    for article, mentions in zip(articles, find_all_times([article.text for article in articles]), strict=True):
        (values,) = cast("Sequence[Metadata]", article.found["metadata"])
        places = article.places.body_to_raw([(mention.start, mention.end) for mention in mentions])
        told = meanings(article.text, mentions, values.published_date)
        yield tuple(
            [
                TimeExpression(start, end, article.text[mention.start : mention.end], *meaning)
                for mention, meaning, (_, start, end) in zip(mentions, told, places, strict=True)
            ]
        )
