"""Says which articles of a large corpus its report shows: the most doubtful ones, and a sample of the others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from kliping.report.viewer.tallies import Codes

MOST_RAW_BYTES = 42_000_000
"""Raw bytes that a report holds: packed, they are about 25 MB of HTML."""
WITHOUT_TEXT_BYTES = 300
"""What an article counts in a report without text."""
SEED = "kliping-report-1"
"""The sample is the articles whose id, behind this seed, has the smallest SHA-256."""


def by_doubt(doubts: Codes, article_ids: Sequence[str]) -> list[int]:
    """Return the places of all articles, the most doubtful first, equal ones by id."""
    return sorted(range(len(article_ids)), key=lambda at: (-doubts[at], article_ids[at]))


def selected(
    ranked: Sequence[int], article_ids: Sequence[str], sizes: Codes, budget: int = MOST_RAW_BYTES
) -> list[int]:
    """Return the places of the articles to show: all if their sizes fit into the budget.

    Else the most doubtful ones up to half of it, and of the others a sample that does not depend on their order.
    """
    if sizes.sum() <= budget:
        return list(ranked)
    doubtful = fitting(ranked, sizes, budget // 2)
    others = sorted(set(ranked).difference(doubtful), key=lambda at: _lot(article_ids[at]))
    return doubtful + fitting(others, sizes, budget - int(sizes[doubtful].sum()))


def fitting(places: Sequence[int], sizes: Codes, budget: int) -> list[int]:
    """Return the places, in their order, whose sizes together fit; one too large for what is left is passed over."""
    found = []
    for place in places:
        if (size := int(sizes[place])) <= budget:
            found.append(place)
            budget -= size
    return found


def _lot(article_id: str) -> str:
    return hashlib.sha256(f"{SEED}:{article_id}".encode()).hexdigest()
