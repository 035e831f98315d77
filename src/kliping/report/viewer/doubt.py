"""Ranks articles by doubt as `kliping doubtful` does, so that a person reads first what is most likely wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from kliping.report.doubts import doubt
from kliping.report.viewer.tallies import Codes

FINENESS = 1000
"""A doubt is told in so many parts of one."""


def doubts(tables: Mapping[str, pa.Table]) -> Codes:
    """Return a number for each article of one shard: the greater, the more doubtful; 0 where nothing is."""
    articles, segments = tables["articles"], tables["segments"]
    margins: dict[str, list[int | None]] = defaultdict(list)
    for article_id, margin in zip(segments["article_id"].to_pylist(), segments["margin"].to_pylist(), strict=True):
        margins[article_id].append(margin)
    found = zip(articles["article_id"].to_pylist(), articles["flags"].to_pylist(), strict=True)
    return np.array([round(FINENESS * doubt(margins[article_id], flags)) for article_id, flags in found], np.int64)
