"""The published language: Indonesian kept apart from its neighbours, and nothing where the witnesses disagree."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kliping.language import UNKNOWN, Language, detect, neighbours

INDONESIAN = (
    "Kantor gubernur ditutup pada hari Kamis karena banjir. Polisi meminta warga menunda perjalanan dengan mobil "
    "hingga air surut, dan perusahaan listrik memadamkan aliran di tiga kecamatan."
)
MALAY = (
    "Pejabat itu ditutup pada hari Khamis kerana banjir. Polis meminta orang ramai menangguhkan perjalanan dan "
    "syarikat elektrik memutuskan bekalan. Jurucakap berkata, mesyuarat akan diadakan di universiti pada Jumaat."
)
JAVANESE = (
    "Kantor kuwi ditutup dina Kemis amarga banjir. Wong-wong ora bisa liwat, nanging kabeh wis diungsekake menyang "
    "omah liyane. Pak Lurah ngomong yen banyu isih dhuwur lan durung surut."
)
SUNDANESE = (
    "Kantor éta ditutup poe Kemis ku sabab caah. Warga teu bisa ngaliwat, tapi sadayana parantos diungsikeun ka imah "
    "nu sejen. Pa Lurah nyarios yen cai masih keneh luhur jeung can surut pisan."
)
ENGLISH = "The office was closed on Thursday because of the flood, and the power company switched off the supply."


@pytest.mark.parametrize(
    ("text", "expected"), [(INDONESIAN, "id"), (MALAY, "ms"), (JAVANESE, "jv"), (SUNDANESE, "su"), (ENGLISH, "en")]
)
def test_the_language_of_a_body(text: str, expected: str) -> None:
    assert detect([text])[0].code == expected


def test_a_score_only_where_langdetect_knows_the_language() -> None:
    assert [language.score for language in detect([MALAY, JAVANESE, SUNDANESE])] == [None] * 3
    assert all(language.score is not None and 0 < language.score <= 1000 for language in detect([INDONESIAN, ENGLISH]))


@pytest.mark.parametrize("text", ["", "   ", "12.30", "***", "Baca Juga", "Foto: Istimewa"])
def test_abstains_on_what_tells_nothing(text: str) -> None:
    assert detect([text]) == [UNKNOWN] or detect([text])[0].code not in {"id", "ms", "jv", "su"}


def test_abstains_where_two_languages_of_the_family_are_mixed() -> None:
    assert detect([INDONESIAN + " " + MALAY]) == [UNKNOWN]


def test_abstains_where_the_words_contradict_langdetect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kliping.language.langdetect", lambda bodies: [("tl", 999)] * len(bodies))
    assert detect([JAVANESE, INDONESIAN, ENGLISH]) == [UNKNOWN, UNKNOWN, Language("tl", 999)]


def test_tags_are_written_as_bcp47_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kliping.language.langdetect", lambda bodies: [("zh-tw", 857)] * len(bodies))
    assert detect(["市長在河邊開設了新市場。"]) == [Language("zh-TW", 857)]


def test_a_word_settles_nothing_for_two_languages_at_once() -> None:
    assert neighbours.settled({"id": 2, "ms": 0, "jv": 0, "su": 0}) == "id"
    assert neighbours.settled({"id": 0, "ms": 2, "jv": 0, "su": 0}) is None
    assert neighbours.settled({"id": 9, "ms": 3, "jv": 0, "su": 0}) is None
    assert neighbours.settled({"id": 0, "ms": 12, "jv": 3, "su": 0}) == "ms"


def test_py3langid_is_not_believed_against_the_words() -> None:
    counts = {"id": 0, "ms": 0, "jv": 0, "su": 0}
    assert neighbours._by_langid(INDONESIAN, counts) == "id"
    assert neighbours._by_langid(INDONESIAN, counts | {"ms": 1}) is None
    assert neighbours._by_langid(JAVANESE, counts) is None
    assert neighbours._by_langid(JAVANESE, counts | {"jv": 2, "su": 1}) == "jv"
    assert neighbours._by_langid(ENGLISH, counts) is None


def test_word_lists_are_lower_case_single_words_and_disjoint_where_it_matters() -> None:
    lists = tomllib.loads((resources.files("kliping") / "knowledge" / "languages.toml").read_text("utf-8"))["words"]
    assert set(lists) == set(neighbours.ENOUGH)
    for words in lists.values():
        assert len(words) == len(set(words))
        assert all(word == word.lower() and len(word.split()) == 1 for word in words)
    assert not set(lists["id"]) & (set(lists["ms"]) | set(lists["jv"]) | set(lists["su"]))
    assert not set(lists["ms"]) & (set(lists["jv"]) | set(lists["su"]))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([INDONESIAN, MALAY, JAVANESE, SUNDANESE, ENGLISH, "", "1"]), max_size=6))
def test_a_body_has_the_same_language_in_any_company(bodies: list[str]) -> None:
    assert detect(bodies) == [detect([body])[0] for body in bodies]
