"""The published language: Indonesian kept apart from its neighbours, and nothing where the witnesses disagree."""

from __future__ import annotations

import itertools
import tomllib
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kliping.annotation.layers.language import UNKNOWN_LANGUAGE, Language, detect, neighbours
from kliping.annotation.layers.language.neighbours import SAMPLE, is_plain_indonesian, settled

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
INDEED = Language("id", 1000)
ENGLISH = "The office was closed on Thursday because of the flood, and the power company switched off the supply."


@pytest.mark.parametrize(
    ("text", "expected"), [(INDONESIAN, "id"), (MALAY, "ms"), (JAVANESE, "jv"), (SUNDANESE, "su"), (ENGLISH, "en")]
)
def test_the_language_of_a_body(text: str, expected: str) -> None:
    assert detect([text])[0].language == expected


def test_a_score_only_where_langdetect_knows_the_language() -> None:
    assert [language.language_score for language in detect([MALAY, JAVANESE, SUNDANESE])] == [None] * 3
    assert all(
        language.language_score is not None and 0 < language.language_score <= 1000
        for language in detect([INDONESIAN, ENGLISH])
    )


@pytest.mark.parametrize("text", ["", "   ", "12.30", "***", "Baca Juga", "Foto: Istimewa"])
def test_abstains_on_what_tells_nothing(text: str) -> None:
    assert detect([text]) == [UNKNOWN_LANGUAGE] or detect([text])[0].language not in {"id", "ms", "jv", "su"}


@pytest.mark.parametrize(
    "text",
    [
        "Harga cabai naik tajam di pasar.",
        "The road was closed on Monday.",
        "HARGA CABAI NAIK",
        "12.30 14.50 17.20 persen 18.00 19.30 21.00 22.15 23.45",
        "Der Fluss ist groß.",
    ],
)
def test_too_few_letters_tell_nothing(text: str) -> None:
    assert detect([text]) == [UNKNOWN_LANGUAGE]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HARGA CABAI NAIK DI PASAR INDUK KARENA PASOKAN DARI PETANI BERKURANG SEJAK PEKAN LALU", "id"),
        ("BANJIR MELANDA TIGA DESA. WARGA MENGUNGSI KE BALAI DESA. BUPATI AKAN MENINJAU LOKASI ITU.", "id"),
        ("POLIS MENAHAN SUSPEK ITU KERANA MEMBABITKAN WANG SYARIKAT DAN AKAN DISIASAT DI BAWAH AKTA.", "ms"),
        ("THE GOVERNMENT SAID ON MONDAY THAT THE NEW ROAD WOULD BE OPENED BEFORE THE END OF THE YEAR.", "en"),
        ("DE BURGEMEESTER HEEFT MAANDAG DE NIEUWE WEG LANGS DE RIVIER GEOPEND VOOR HET VERKEER.", "nl"),
    ],
)
def test_capitals_are_read_as_small_letters(text: str, expected: str) -> None:
    assert detect([text])[0].language == expected


@pytest.mark.parametrize(
    "text",
    [
        "Polis Diraja Malaysia atau PDRM menahan dua warga asal Lombok di Selangor dan Pahang pada akhir pekan.",
        "Raja Malaysia Sultan Ibrahim bertemu Tunku Ismail di Kelantan dan Datuk Onn Hafiz di Johor, kata media.",
        "UMNO menang di Johor. Datuk Seri Ahmad Zahid menyebut hasil itu berkat rakyat Melayu di Selangor dan Sabah.",
        "Ringgit Malaysia menguat terhadap dolar, sedangkan bursa Selangor, Johor dan Sarawak ditutup melemah.",
        "Upin dan Ipin, serial asal Malaysia, menjadi tontonan anak Melayu di Selangor, Pahang dan Terengganu.",
    ],
)
def test_news_about_malaysia_is_not_malay(text: str) -> None:
    assert detect([text])[0].language in ("id", None)


def test_abstains_where_two_languages_of_the_family_are_mixed() -> None:
    assert detect([INDONESIAN + " " + MALAY]) == [UNKNOWN_LANGUAGE]


def test_abstains_where_the_words_contradict_langdetect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kliping.annotation.layers.language.langdetect", lambda bodies: [("tl", 999)] * len(bodies))
    assert detect([JAVANESE, MALAY, ENGLISH]) == [UNKNOWN_LANGUAGE, UNKNOWN_LANGUAGE, Language("tl", 999)]


def test_tags_are_written_as_bcp47_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kliping.annotation.layers.language.langdetect", lambda bodies: [("zh-tw", 857)] * len(bodies))
    assert detect(["市長在河邊開設了新市場。"]) == [Language("zh-TW", 857)]


def test_langdetect_is_not_asked_where_words_leave_no_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def none(bodies: list[str]) -> list[tuple[None, None]]:
        asked.extend(bodies)
        return [(None, None)] * len(bodies)

    monkeypatch.setattr("kliping.annotation.layers.language.langdetect", none)
    assert detect([ENGLISH, INDONESIAN, MALAY, INDONESIAN]) == [UNKNOWN_LANGUAGE, INDEED, UNKNOWN_LANGUAGE, INDEED]
    assert asked == [ENGLISH, MALAY]


@pytest.mark.parametrize("other", [MALAY, JAVANESE, SUNDANESE, ENGLISH, "12,5 " * 50])
def test_a_body_half_in_another_language_is_not_plainly_indonesian(other: str) -> None:
    half = other * (2 + 3 * SAMPLE // len(other))
    whole = INDONESIAN * 4
    assert is_plain_indonesian(whole)
    assert not is_plain_indonesian(whole + half)
    assert not is_plain_indonesian(half + whole)
    assert not is_plain_indonesian(whole + half * 3 + whole)


def test_no_part_of_a_body_is_further_from_a_piece_than_allowed() -> None:
    for size in (*range(0, 9_000, 7), 100_000):
        starts = neighbours._starts(size)
        assert starts[0] == 0
        assert starts[-1] + SAMPLE >= size
        assert all(0 < after - before <= neighbours.APART for before, after in itertools.pairwise(starts))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("karena bupati itu", "id"),
        ("karena bupati", None),  # as likely names and borrowed words in a text of another language
        ("karena itu", None),
        ("karena itu dan dengan", "id"),
        ("jakarta itu dan dengan", None),
        ("jakarta pemerintah itu dan dengan", "id"),
        ("kerana wang itu", None),
        ("kerana wang syarikat itu", "ms"),
        ("kerana wang syarikat karena itu", None),
        ("ora iki wong", "jv"),
        ("ora iki wong kualitas pilkada", "jv"),
        ("ora iki wong itu dengan", None),
        ("karena bupati itu dan dengan yang untuk wong", "id"),
        ("henteu jeung pisan", "su"),
        ("kanggo nalika", None),
        ("", None),
    ],
)
def test_what_words_settle(words: str, expected: str | None) -> None:
    assert settled(set(words.split())) == expected


def test_words_are_found_beside_punctuation() -> None:
    assert neighbours.words_in('"Karena," katanya (bupati): Rp10.000; kanak-kanak') == {
        "karena",
        "katanya",
        "bupati",
        "rp",
        "kanak-kanak",
    }


def test_word_lists_are_lower_case_single_words_and_disjoint_where_it_matters() -> None:
    table = tomllib.loads((resources.files("kliping") / "knowledge" / "languages.toml").read_text("utf-8"))
    own, leaning, shared = table["words"], table["leaning"], table["shared"]["words"]
    assert set(own) == set(neighbours.ENOUGH)
    assert set(leaning) == {"id", "ms"}
    for words in (*own.values(), *leaning.values(), shared):
        assert len(words) == len(set(words))
        assert all(word == word.lower() and neighbours.WORD.fullmatch(word) for word in words)
    for one, other in itertools.combinations([*own.values(), *leaning.values(), shared], 2):
        assert not set(one) & set(other) or (one, other) == (own["jv"], own["su"])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([INDONESIAN, MALAY, JAVANESE, SUNDANESE, ENGLISH, "", "1"]), max_size=6))
def test_a_body_has_the_same_language_in_any_company(bodies: list[str]) -> None:
    assert detect(bodies) == [detect([body])[0] for body in bodies]
