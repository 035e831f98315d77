"""The case files of tests/cases/roles: pages of our own, each with every span's role."""

import json
from pathlib import Path
from typing import TypedDict

import pytest

from kliping.annotation.roles import assign
from kliping.model import Page

CASES = Path(__file__).parents[1] / "cases" / "roles"


class Case(TypedDict):
    label: str
    comment: str
    input: str
    expected: list[list[str]]


def cases(name: str) -> list[Case]:
    found: list[Case] = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def label(case: Case) -> str:
    return case["label"]


def spans(text: str) -> list[list[str]]:
    return [[span.role, text[span.start : span.end]] for span in assign([Page(text)])[0]]


@pytest.mark.parametrize("case", cases("in-the-wild") + cases("synthetic"), ids=label)
def test_every_span_has_its_role(case: Case) -> None:
    assert spans(case["input"]) == case["expected"]


@pytest.mark.parametrize("case", cases("negative"), ids=label)
def test_text_is_not_taken_for_furniture(case: Case) -> None:
    assert spans(case["input"]) == case["expected"]


@pytest.mark.parametrize("case", cases("known-failures"), ids=label)
def test_known_failures_still_fail(case: Case) -> None:
    """A case that comes out right now belongs into another file."""
    assert spans(case["input"]) != case["expected"]
