"""A floor rises to what was reached, less a little, and never falls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from raise_floors import raised

SHARES = st.floats(0, 1, allow_nan=False)


@pytest.mark.parametrize(
    ("at", "floor", "reached", "new"),
    [
        ("least", None, 0.9, 0.898),
        ("least", 0.8, 0.9, 0.898),
        ("least", 0.9, 0.8, 0.9),
        ("most", None, 0.01, 0.011),
        ("most", 0.02, 0.01, 0.011),
        ("most", 0.005, 0.01, 0.005),
        ("least", 3, 5, 5),
        ("most", 0, 4, 0),
        ("least", None, 0.001, 0),
    ],
)
def test_examples(at: str, floor: float | None, reached: float, new: float) -> None:
    assert raised({"at": at, "floor": floor}, reached) == new


@given(SHARES, SHARES)
def test_no_floor_falls(floor: float, reached: float) -> None:
    assert raised({"at": "least", "floor": floor}, reached) >= floor
    assert raised({"at": "most", "floor": floor}, reached) <= floor
