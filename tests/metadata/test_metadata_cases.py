"""Every case for outlets, datelines, bylines and cited sources gives what it says; known failures still fail."""

import json
from pathlib import Path
from typing import Any

import pytest

from kliping.annotation.layers.metadata import extract
from kliping.model import InputValue, Page, Span

CASES = Path(__file__).resolve().parents[1] / "cases"
THEMES = ("bylines", "cited-sources", "datelines", "outlets")


def load(*kinds: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{theme}/{kind}: {case['label']}")
        for theme in THEMES
        for kind in kinds
        for case in json.loads((CASES / theme / f"{kind}.json").read_text(encoding="utf-8"))
    ]


def page_of(case: dict[str, Any]) -> tuple[Page, list[Span]]:
    """The page whose lines are the case's spans."""
    spans, lines, start = [], [], 0
    for role, line in case["input"]:
        spans.append(Span(start, start + len(line), role, "case"))
        lines.append(line)
        start += len(line) + 1
    given = tuple(InputValue(*value) for value in case.get("metadata", ()))
    return Page("\n".join(lines), case.get("url"), given), spans


def found(case: dict[str, Any]) -> dict[str, Any]:
    metadata, _ = extract(*page_of(case))
    values = {name: getattr(metadata, name) for name in case["expected"]}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@pytest.mark.parametrize("case", load("in-the-wild", "synthetic", "negative"))
def test_case(case: dict[str, Any]) -> None:
    assert found(case) == case["expected"], case["comment"]


@pytest.mark.parametrize("case", load("known-failures"))
def test_known_failure_still_fails(case: dict[str, Any]) -> None:
    assert found(case) != case["expected"], "mended: move the case to another file"
