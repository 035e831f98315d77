"""The figures of doubts are what their definitions say, counted pair by pair."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measure_doubts import Doubted, area, figures

PAGES = st.lists(
    st.builds(Doubted, st.sampled_from("abc"), st.sampled_from([0.0, 0.1, 0.5, 2.0]), st.integers(0, 3), st.booleans()),
    max_size=30,
)


@given(PAGES)
def test_the_area_is_the_share_of_pairs_in_the_right_order(pages: list[Doubted]) -> None:
    wrong, right = ([page.doubt() for page in pages if page.is_wrong == kind] for kind in (True, False))
    pairs = [(one > other) + (one == other) / 2 for one, other in product(wrong, right)]
    found = area([page.doubt() for page in pages], [page.is_wrong for page in pages])
    assert found == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


@given(PAGES)
def test_figures_count_pages_and_the_top(pages: list[Doubted]) -> None:
    told = figures(pages)
    assert (told["pages"], told["wrong"]) == (len(pages), sum(page.is_wrong for page in pages))
    assert (told["top_tenth"] is None) == (len(pages) < 10)


def test_perfect_and_reversed_orders() -> None:
    order = [Doubted("a", number / 10, 0, number >= 15) for number in range(20)]
    assert (figures(order)["area"], figures(order)["top_tenth"]) == (1.0, 1.0)
    other = [Doubted("a", -number / 10, 0, number >= 15) for number in range(20)]
    assert (figures(other)["area"], figures(other)["top_tenth"]) == (0.0, 0.0)


def test_no_page_has_a_say_in_the_risk_that_ranks_it() -> None:
    """In crawl `b` flags mark right pages; the risk for its pages comes from `a` alone, so they rank wrongly."""
    a = [Doubted("a", 0.1, 1, True), Doubted("a", 0.3, 0, False)]
    b = [Doubted("b", 0.1, 1, False), Doubted("b", 0.3, 0, True)]
    assert figures(a)["area_left_out"] is not None
    assert figures([*a, *b])["area_left_out"] <= 0.5
