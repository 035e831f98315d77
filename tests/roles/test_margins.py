"""The margin of a unit is what a look at every sequence of roles would give, whatever pages stand in its batch."""

from __future__ import annotations

import math
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from kliping.annotation.roles import assign
from kliping.annotation.roles.chain import SCALE, Weights, best_roles
from kliping.model import ROLES, Page

L = len(ROLES)
LONGEST = 3
ROLE_RULE = "model:"


def drawn(seed: int, sizes: list[int]) -> tuple[list[npt.NDArray[np.int32]], Weights]:
    random = np.random.default_rng(seed)

    def scores(*shape: int) -> npt.NDArray[np.int32]:
        return random.integers(-900, 900, shape).astype(np.int32)

    return [scores(size, L) for size in sizes], Weights({}, scores(L, L), scores(L), scores(L))


def margins_by_hand(page: npt.NDArray[np.int32], model: Weights) -> list[int]:
    """The margins from the scores of all sequences, one by one."""
    best = np.full((len(page), L), -(10**9))
    for path in product(range(L), repeat=len(page)):
        score = int(model.first[path[0]] + model.last[path[-1]])
        score += sum(int(page[unit, role]) for unit, role in enumerate(path))
        score += sum(int(model.transitions[one, other]) for one, other in pairwise(path))
        for unit, role in enumerate(path):
            best[unit, role] = max(best[unit, role], score)
    ordered = np.sort(best, axis=1)
    return [round(1000 * math.tanh(int(row[-1] - row[-2]) / SCALE / 2)) for row in ordered]


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.integers(1, LONGEST), min_size=1, max_size=3))
def test_margins_are_those_of_all_sequences(seed: int, sizes: list[int]) -> None:
    pages, model = drawn(seed, sizes)
    first = np.cumsum([0, *sizes[:-1]])
    found = best_roles(np.concatenate(pages), first, model)
    expected = [margin for page in pages for margin in margins_by_hand(page, model)]
    assert found.margins == expected


def test_equal_sequences_leave_no_margin_and_certainty_leaves_all() -> None:
    _, model = drawn(0, [1])
    still = Weights({}, *(np.zeros_like(part) for part in (model.transitions, model.first, model.last)))
    even, sure = np.zeros((1, L), np.int32), np.zeros((1, L), np.int32)
    sure[0, 3] = 100_000
    assert best_roles(even, np.array([0]), still).margins == [0]
    assert best_roles(sure, np.array([0]), still).margins == [1000]


@given(st.lists(st.text("ab .\nB:", max_size=60), max_size=4))
def test_a_span_has_a_margin_exactly_where_the_model_decided_whatever_stands_beside_its_page(texts: list[str]) -> None:
    together = assign([Page(text) for text in texts])
    for text, spans in zip(texts, together, strict=True):
        assert assign([Page(text)])[0] == spans
        for span in spans:
            assert (span.margin is not None) == span.rule.startswith(ROLE_RULE)
            assert span.margin is None or 0 <= span.margin <= 1000
