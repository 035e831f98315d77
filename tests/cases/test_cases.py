"""Every case of every theme gives what it says, and every known failure still fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cases.themes import FOLDER, RIGHT, THEMES, WRONG, Case, load

KINDS = (*RIGHT, WRONG)
KEYS = {"label", "comment", "input", "expected", "url", "metadata"}


def cases(*kinds: str) -> list[object]:
    return [
        pytest.param(theme, case, id=f"{theme}/{kind}: {case['label']}")
        for theme in THEMES
        for kind in kinds
        for case in load(theme, kind)
    ]


@pytest.mark.parametrize(("theme", "case"), cases(*RIGHT))
def test_a_case_gives_what_it_says(theme: str, case: Case) -> None:
    assert THEMES[theme](case) == case["expected"], case["comment"]


@pytest.mark.parametrize(("theme", "case"), cases(WRONG))
def test_a_known_failure_still_fails(theme: str, case: Case) -> None:
    assert THEMES[theme](case) != case["expected"], f"it works now: move it from {WRONG}.json to another file"


def test_every_folder_is_a_theme_with_four_files() -> None:
    folders = {path.name: {file.name for file in path.iterdir()} for path in FOLDER.iterdir() if _holds_cases(path)}
    assert folders == {theme: {f"{kind}.json" for kind in KINDS} for theme in THEMES}


def _holds_cases(path: Path) -> bool:
    return path.is_dir() and any(path.glob("*.json"))


@pytest.mark.parametrize("theme", THEMES)
def test_every_case_is_named_once_and_teaches(theme: str) -> None:
    everything = [case for kind in KINDS for case in load(theme, kind)]
    assert everything
    labels = [case["label"] for case in everything]
    assert sorted(set(labels)) == sorted(labels)
    assert {key for case in everything for key in case} <= KEYS
    untaught = [case["label"] for case in everything if not case["comment"].strip()]
    assert untaught == []


@pytest.mark.parametrize("theme", THEMES)
def test_no_text_stands_in_two_cases(theme: str) -> None:
    """A text that a known failure shares with a case that works would be expected to give two things."""
    asked = [
        json.dumps([case["input"], case.get("url"), case.get("metadata")]) for k in KINDS for case in load(theme, k)
    ]
    assert sorted(set(asked)) == sorted(asked)
