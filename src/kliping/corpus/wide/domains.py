"""How much of the corpus each outlet has, and from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kliping.corpus.wide.shards import Shards
from kliping.model import UNKNOWN

_READ = ("outlet_id", "outlet_name", "character_count", "published_date")
_SUMMED = {
    "outlet_name": "min",
    "article_count": "sum",
    "body_character_count": "sum",
    "first_date": "min",
    "last_date": "max",
}
"""How the figures of two sets of articles become those of both."""


class Domain(NamedTuple):
    """One outlet, or all articles without a known one."""

    outlet_id: str
    outlet_name: str | None
    article_count: int
    body_character_count: int
    body_character_share: int
    """Per mille of all body characters, rounded half up."""
    first_date: date | None
    last_date: date | None


def find(shards: Shards) -> Iterator[Domain]:
    """Yield one row an outlet, by its id."""
    rows: list[dict[str, object]] = []
    counted: pa.Table | None = None
    for articles in shards.read("articles", _READ):
        each = _each(articles)
        counted = _together(each if counted is None else pa.concat_tables([counted, each]))
    if counted is not None:
        rows = counted.sort_by("outlet_id").to_pylist()
    total = sum(row["body_character_count"] for row in rows)  # type: ignore[misc]
    for row in rows:
        yield Domain(**row, body_character_share=_share(row["body_character_count"], total))  # type: ignore[arg-type]


def _share(part: int, total: int) -> int:
    return (2000 * part + total) // (2 * total) if total else 0


def _each(articles: pa.Table) -> pa.Table:
    """The figures of each article alone."""
    return pa.table(
        {
            "outlet_id": pc.fill_null(articles["outlet_id"], UNKNOWN),
            "outlet_name": pc.if_else(pc.is_valid(articles["outlet_id"]), articles["outlet_name"], None),
            "article_count": np.ones(articles.num_rows, dtype=np.int64),
            "body_character_count": articles["character_count"].cast(pa.int64()),
            "first_date": articles["published_date"],
            "last_date": articles["published_date"],
        }
    )


def _together(figures: pa.Table) -> pa.Table:
    """The figures of each outlet."""
    groups = figures.group_by("outlet_id").aggregate(list(_SUMMED.items()))
    merged = {name: groups[f"{name}_{how}"] for name, how in _SUMMED.items()}
    return pa.table({"outlet_id": groups["outlet_id"], **merged})
