"""Knowledge is data with one loader: no other module reads TOML, but for the contract's own files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kliping
from kliping import knowledge
from kliping.corpus.manifest import knowledge_digests

PACKAGE = Path(kliping.__file__).parent
SOURCE_README = Path(__file__).parents[2].joinpath("src", "README.md").read_text("utf-8")
FILES = sorted((PACKAGE / "knowledge").glob("*.toml"))


def test_one_module_loads_knowledge_and_one_the_contract() -> None:
    loading = {
        path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if "tomllib" in path.read_text("utf-8")
    }
    assert loading == {"knowledge/__init__.py", "schema.py", "corpus/about.py"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_says_what_it_holds_is_used_read_once_and_in_the_manifest(path: Path) -> None:
    assert path.read_text("utf-8").startswith("# ")
    assert any(f'"{path.name}"' in module.read_text("utf-8") for module in PACKAGE.rglob("*.py"))
    assert knowledge.load(path.name) is knowledge.load(path.name)
    assert f"knowledge/{path.name}" in knowledge_digests()
    assert f"`{path.name}`" in SOURCE_README


@pytest.mark.parametrize("friday", ["jumat", "jum'at", "jum’at", "jum`at", "jumaat", "friday", "fri", "jum"])
def test_a_weekday_is_one_in_every_spelling(friday: str) -> None:
    assert knowledge.calendar().weekdays[friday] == 4


def test_words_that_mean_something_else_too_are_months_and_weekdays_in_dates_alone() -> None:
    known = knowledge.calendar()
    assert {"agus", "mac", "min", "sen", "sun"} <= {*known.months, *known.weekdays} - known.telling
    assert {"pebruari", "nopember", "jum’at", "ahad"} <= known.names <= known.telling
    assert known.names.isdisjoint({"sunday", "march", "mar", "des"})


def test_the_words_marked_in_the_calendar_are_of_the_calendar() -> None:
    tables, known = knowledge.load("dates.toml"), knowledge.calendar()
    for table in ("month_abbreviations", "only_in_dates", "english"):
        assert set(tables[table]["words"]) <= {*known.months, *known.weekdays}


WORDS = st.text("aAbB.é ", max_size=4)


@given(st.lists(WORDS, min_size=1), WORDS, st.sampled_from([re.NOFLAG, re.IGNORECASE]))
def test_any_of_takes_the_longest_word_that_the_text_begins_with(words: list[str], text: str, flags: int) -> None:
    longest_first = "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
    expected, found = (re.match(pattern, text, flags) for pattern in (longest_first, knowledge.any_of(words)))
    assert (found and found.end()) == (expected and expected.end())
