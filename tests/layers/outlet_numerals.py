"""A toy table over the whole corpus: how often each outlet writes numerals in which way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kliping.corpus.wide.shards import Shards
from kliping.model import UNKNOWN


class OutletNumerals(NamedTuple):
    """One outlet and way of writing."""

    outlet: str
    way: str
    article_id: str
    numeral_count: int
    example: str


def find(shards: Shards) -> Iterator[OutletNumerals]:
    """One row an outlet and way, in their order."""
    found: dict[tuple[str, str], OutletNumerals] = {}
    articles = shards.read("articles", ["article_id", "outlet_id"])
    for table, numerals in zip(articles, shards.read("numerals", ["article_id", "form", "text"]), strict=True):
        outlets = {row["article_id"]: row["outlet_id"] or UNKNOWN for row in table.to_pylist()}
        for row in numerals.to_pylist():
            key = outlets[row["article_id"]], row["form"]
            before = found.get(key) or OutletNumerals(*key, row["article_id"], 0, row["text"])
            found[key] = before._replace(numeral_count=before.numeral_count + 1)
    yield from (found[key] for key in sorted(found))
