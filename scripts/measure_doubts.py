"""Measures how well the doubt about a page tells pages with a wrong span from pages without, for cross_validate_roles.

The doubt has one weight, the risk of a flag (kliping.report.doubts). `area_left_out` lets it be chosen for each crawl
anew, by the pages of all other crawls, so that no page has a say in its own rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from labelled import Labelled

from kliping.report.doubts import RISK, RISKY, doubt

RISKS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
"""What the risk is chosen from."""
TENTH = 10


@dataclass(frozen=True, slots=True)
class Doubted:
    """A labelled page that became an article: its crawl, its doubt without flags, its risky flags, and the truth."""

    crawl: str
    of_roles: float
    risky: int
    is_wrong: bool

    def doubt(self, risk: float = RISK) -> float:
        """The doubt about the page with such a risk for each flag."""
        return self.of_roles - self.risky * float(np.log(1 - risk))


def is_wrong(page: Labelled, segments: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a labelled span has not the role of most of its visible characters, as score.py counts."""
    found: list[str | None] = [None] * len(page.text)
    for row in segments:
        found[row["start"] : row["end"]] = [row["role"]] * (row["end"] - row["start"])
    for start, end, role in page.spans:
        visible = [found[place] for place in range(start, end) if not page.text[place].isspace()]
        if visible and max(dict.fromkeys(visible), key=visible.count) != role:
            return True
    return False


def doubted(page: Labelled, segments: Sequence[Mapping[str, Any]], flags: Sequence[str]) -> Doubted:
    """Return what counts of a page."""
    margins = [row["margin"] for row in segments]
    return Doubted(page.crawl, doubt(margins, ()), sum(flag in RISKY for flag in flags), is_wrong(page, segments))


def area(doubts: Sequence[float], wrong: Sequence[bool]) -> float | None:
    """Return how often a page with a wrong span is more doubtful than one without (the area under the ROC curve).

    None where all pages are of one kind. Equal doubts count one half.

    >>> area([0.9, 0.2, 0.2], [True, True, False])
    0.75
    """
    right_ones, wrong_ones = (
        [d for d, is_so in zip(doubts, wrong, strict=True) if is_so == kind] for kind in (False, True)
    )
    if not right_ones or not wrong_ones:
        return None
    ordered = np.sort(right_ones)
    below = np.searchsorted(ordered, wrong_ones, "left") + np.searchsorted(ordered, wrong_ones, "right")
    return float(below.mean() / (2 * len(right_ones)))


def figures(pages: Sequence[Doubted]) -> dict[str, Any]:
    """Return the figures of a set of pages: how many are wrong, the area, and the share of wrong ones on top."""
    doubts, wrong = [page.doubt() for page in pages], [page.is_wrong for page in pages]
    top = sorted(zip(doubts, wrong, strict=True), key=lambda item: -item[0])[: len(pages) // TENTH]
    return {
        "pages": len(pages),
        "wrong": sum(wrong),
        "area": area(doubts, wrong),
        "area_left_out": area(list(_left_out(pages)), wrong),
        "area_of_margins": area([page.of_roles for page in pages], wrong),
        "top_tenth": sum(is_so for _, is_so in top) / len(top) if top else None,
    }


def _left_out(pages: Sequence[Doubted]) -> Iterator[float]:
    """The doubt of each page with the risk that ranks the pages of the other crawls best."""
    chosen = {crawl: _best_risk([page for page in pages if page.crawl != crawl]) for crawl in {p.crawl for p in pages}}
    return (page.doubt(chosen[page.crawl]) for page in pages)


def _best_risk(pages: Sequence[Doubted]) -> float:
    wrong = [page.is_wrong for page in pages]
    return max(RISKS, key=lambda risk: area([page.doubt(risk) for page in pages], wrong) or 0)
