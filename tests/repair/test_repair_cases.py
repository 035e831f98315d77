"""The case files of tests/cases/repairs: each says what a kind of damage looks like and what must come of it."""

import json
from pathlib import Path
from typing import TypedDict

import pytest

from kliping.annotation.repair import repair

CASES = Path(__file__).parents[1] / "cases" / "repairs"


class Case(TypedDict):
    label: str
    comment: str
    input: str
    expected: str | None


def cases(name: str) -> list[Case]:
    found: list[Case] = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def label(case: Case) -> str:
    return case["label"]


@pytest.mark.parametrize("case", cases("in-the-wild") + cases("synthetic"), ids=label)
def test_damage_is_undone_and_stays_undone(case: Case) -> None:
    text = repair(case["input"]).text
    assert text == case["expected"]
    assert repair(text).repairs == ()


@pytest.mark.parametrize("case", cases("negative"), ids=label)
def test_sound_text_is_not_touched(case: Case) -> None:
    assert case["expected"] is None
    assert repair(case["input"]).repairs == ()


@pytest.mark.parametrize("case", cases("known-failures"), ids=label)
def test_a_known_failure_still_fails(case: Case) -> None:
    """Once this test fails, the case belongs into one of the other files."""
    assert repair(case["input"]).text != case["expected"]


def test_labels_are_unique_and_every_case_teaches() -> None:
    everything = [case for name in ("in-the-wild", "synthetic", "negative", "known-failures") for case in cases(name)]
    assert len({case["label"] for case in everything}) == len(everything)
    assert all(case["comment"] for case in everything)
