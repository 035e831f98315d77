"""Ranks articles by doubt, so that a person reads first what is most likely wrong."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kliping.report.viewer.tallies import Codes, owners

CERTAIN = 1000
"""The margin, per mille, of a line about which there is no doubt."""
FOR_FLAG, FOR_CONFLICT, FOR_MISSING = 200, 300, 100
"""What a flag, an alternative value that only gave way to another, and a missing value weigh beside a margin of 0."""
EXPECTED = ("headline", "outlet_name", "published_date")
"""Values that almost every news page shows."""


def doubts(tables: Mapping[str, pa.Table]) -> Codes:
    """Return a number for each article of one shard: the more doubtful, the greater; 0 where nothing speaks of doubt.

    The least margin of a line counts, each flag, each value that lost to another by rank alone, and what is missing.
    """
    articles, evidence, segments = tables["articles"], tables["evidence"], tables["segments"]
    ids = articles["article_id"]
    lost = evidence.filter(pc.and_not(pc.invert(evidence["accepted"]), pc.starts_with(evidence["rule"], "rejected:")))
    total = FOR_CONFLICT * np.bincount(owners(lost, ids), minlength=len(ids))
    for name in EXPECTED:
        total += FOR_MISSING * articles[name].is_null().to_numpy()
    if "flags" in articles.column_names:
        total += FOR_FLAG * pc.fill_null(pc.list_value_length(articles["flags"]), 0).to_numpy()
    if "margin" in segments.column_names:
        narrowest = np.full(len(ids), CERTAIN)
        margins = pc.fill_null(segments["margin"], CERTAIN).to_numpy()
        np.minimum.at(narrowest, owners(segments, ids), margins)
        total += CERTAIN - narrowest
    found: Codes = total.astype(np.int64)
    return found
