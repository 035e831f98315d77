"""phrases.toml: every phrase stands in its own example, decides what it claims to, and has words for its rule."""

import tomllib
from importlib import resources

import pytest

from kliping.annotation.roles import describe
from kliping.annotation.roles.alone import is_sure
from kliping.annotation.roles.chain import weights
from kliping.annotation.roles.phrasing import find_phrase
from kliping.annotation.roles.vocabulary import Phrase, phrases
from kliping.model import ROLES

FILE = resources.files("kliping").joinpath("knowledge", "phrases.toml")
ENTRIES = tomllib.loads(FILE.read_text(encoding="utf-8"))["phrase"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: f"{e['match']}-{e['text']}")
def test_a_phrase_or_a_stronger_one_is_found_in_its_example(entry: dict[str, str]) -> None:
    found = find_phrase(entry["example"])
    assert found is not None
    assert entry["text"] in entry["example"].casefold()
    if entry.get("sure"):
        assert found.role == entry["role"]
        assert is_sure(found, entry["example"])


def test_phrases_are_lower_case_known_and_not_said_twice() -> None:
    keys = [(p.text, p.match) for p in phrases()]
    assert len(set(keys)) == len(keys)
    assert all(p.text == p.text.casefold() and p.role in ROLES for p in phrases())
    assert {p.match for p in phrases()} <= {"exact", "prefix", "suffix", "contains"}


@pytest.mark.parametrize("phrase", phrases(), ids=lambda p: p.rule)
def test_every_rule_has_words(phrase: Phrase) -> None:
    assert phrase.role in describe(phrase.rule) or phrase.text in describe(phrase.rule)


def test_a_rule_that_is_none_is_refused() -> None:
    with pytest.raises(KeyError):
        describe("phrase:there-is-none")
    with pytest.raises(KeyError):
        describe("model:there-is-none")


def test_the_weights_are_integers_for_every_role_and_nothing_else() -> None:
    text = resources.files("kliping").joinpath("annotation", "roles", "weights.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    assert rows
    for template, code, *numbers in rows:
        assert template in {*weights().tables, "transition", "first", "last"}
        assert code.isdigit()
        assert len(numbers) == len(ROLES)
        assert all(number.lstrip("-").isdigit() for number in numbers)
