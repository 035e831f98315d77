"""The count of work sees what is quadratic, so that the tests which lean on it can fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.work import steps, surplus


def loop(text: str) -> None:
    for _ in text:
        for _ in text:
            pass


def generator(text: str) -> int:
    return sum(a == b for a in text for b in text)


def calls(text: str) -> None:
    for end in range(0, len(text), 10):
        [character.isspace() for character in text[:end]]


def listed(text: str) -> list[str]:
    return [character for character in text if [other for other in text[::20] if other == character]]


def linear(text: str) -> list[str]:
    return [word.casefold() for word in text.split() if word.isalpha()]


@pytest.mark.parametrize("work", [loop, generator, calls, listed])
def test_quadratic_work_is_seen(work: Callable[[str], object]) -> None:
    assert surplus(work, "kata ", 100, 800) > 0


def test_linear_work_is_let_be() -> None:
    assert surplus(linear, "kata ", 100, 800) <= 0


def test_the_count_is_the_same_each_time() -> None:
    assert len({steps(lambda: linear("kata " * 100)) for _ in range(3)}) == 1
