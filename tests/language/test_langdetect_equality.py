"""Our lockstep detector against plain langdetect: the same label and the same probability for every text."""

from __future__ import annotations

import random
import re
import sys

import numpy as np
import plain_langdetect as plain
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langdetect.detector import Detector
from langdetect.utils.ngram import NGram

from kliping.annotation.layers.language import langdetect, ngrams, profiles, trials

TEXTS = {
    "id": "Wali kota membuka pasar baru di pinggir sungai dan meminta pedagang menjaga kebersihan lapak mereka.",
    "en": "The mayor opened a new market by the river and asked the traders to keep their stalls clean.",
    "de": "Der Bürgermeister eröffnete einen neuen Markt am Fluss und bat die Händler um Sauberkeit.",
    "fr": "Le maire a inauguré un nouveau marché près du fleuve et a demandé de la propreté aux marchands.",
    "es": "El alcalde abrió un mercado nuevo junto al río y pidió a los vendedores que cuiden la limpieza.",
    "nl": "De burgemeester opende een nieuwe markt bij de rivier en vroeg de handelaren om netheid.",
    "tr": "Belediye başkanı nehrin kıyısında yeni bir pazar açtı ve satıcılardan temizlik istedi.",
    "ro": "Primarul a deschis o piață nouă lângă râu și le-a cerut negustorilor să păstreze curățenia.",
    "tl": "Binuksan ng alkalde ang bagong palengke sa tabi ng ilog at nanawagan sa mga nagtitinda.",
    "vi": "Thị trưởng khai trương chợ mới bên sông và đề nghị tiểu thương giữ gìn vệ sinh.",
    "vi-decomposed": "Thi\u0323 trươ\u0309ng khai trương chơ\u0323 mơ\u0301i bên va\u0300 giư\u0303 vê\u0323 sinh.",
    "ru": "Мэр открыл новый рынок у реки и попросил торговцев следить за чистотой.",
    "uk": "Мер відкрив новий ринок біля річки та попросив торговців дбати про чистоту.",
    "el": "Ο δήμαρχος εγκαινίασε μια νέα αγορά δίπλα στο ποτάμι.",
    "ar": "افتتح رئيس البلدية سوقا جديدا بجانب النهر وطلب من التجار الحفاظ على النظافة.",
    "fa": "شهردار بازار تازه‌ای کنار رودخانه گشود و از فروشندگان خواست پاکیزگی را رعایت کنند.",
    "hi": "महापौर ने नदी के किनारे नया बाज़ार खोला और व्यापारियों से सफ़ाई रखने को कहा।",
    "th": "นายกเทศมนตรีเปิดตลาดใหม่ริมแม่น้ำและขอให้พ่อค้าแม่ค้ารักษาความสะอาด",
    "ja": "市長は川のそばに新しい市場を開き、商人たちに清潔を保つよう求めた。カタカナも書く。",
    "ko": "시장은 강가에 새 시장을 열고 상인들에게 청결을 부탁했다.",
    "zh": "市长在河边开设了新市场,并要求商贩保持清洁。",
    "zh-tw": "市長在河邊開設了新市場,並要求商販保持清潔。",
    "mixed": "Новости дня: pasar baru dibuka. Мэр открыл рынок, warga datang beramai-ramai.",
    "foreign with Latin": "Мэр открыл рынок ABC у реки.",
    "capitals": "KABAR PASAR BARU Dibuka di SUNGAI dan McDonald iPhone NASA ÄÖ Äö",
    "addresses": "Surel redaksi@contoh.id atau https://contoh.id/a?b=c, laman http://contoh.id dan @akun.",
    "numbers": "12.30 - 14.00 / 2.500,-",
    "one letter": "a",
    "emoji": "Selamat 😀😀 pagi 🇮🇩 semua",
    "quotes": "“Pasar ini milik warga,” katanya\u00a0— ‘semua’ boleh… «ya» 25°C",
    "empty": "",
    "spaces": "  \n\t  ",
    "surrogate": "pasar \ud83d baru dibuka",
    "null": "pasar\x00baru\x00dibuka",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_same_answer_as_plain_langdetect(text: str) -> None:
    assert langdetect([text]) == [plain.answer(text)]


def test_the_batch_changes_no_answer() -> None:
    texts = list(TEXTS.values()) * 3
    together = langdetect(texts)
    assert together == [langdetect([text])[0] for text in texts]
    assert langdetect(texts[::-1]) == together[::-1]
    assert langdetect([]) == []


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="sum() of floats is compensated from Python 3.12 on")
def test_probabilities_are_bit_for_bit_those_of_plain_langdetect() -> None:
    texts = [text for text in TEXTS.values() if plain.answer(text)[0]]
    tables = profiles.load()
    ours = trials.probabilities(texts, tables)
    for text, row in zip(texts, ours, strict=True):
        theirs = plain.detector(text)
        theirs.get_probabilities()
        assert row.tolist() == theirs.langprob


LETTERS = st.sampled_from([text for text in TEXTS.values() if len(text) > 40])
PIECES = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.text("abAB \u0301\u0323eéİıßǅ@.:/h", max_size=20),
        st.builds(lambda text, cut: text[:cut], LETTERS, st.integers(0, 60)),
        st.sampled_from(["http://", "https://a.b/c", "a@b.cc", "\u0219\u021b", "\u06cc", "ア", "あ", "\u1ea1", "ſ"]),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(PIECES.map("".join))
def test_same_answer_on_arbitrary_text(text: str) -> None:
    assert langdetect([text, "penyela", text]) == [plain.answer(text), plain.answer("penyela"), plain.answer(text)]


@settings(max_examples=100, deadline=None)
@given(PIECES.map("".join), st.integers(0, 2_000))
def test_head_is_what_langdetect_keeps(text: str, copies: int) -> None:
    text = text * (copies if len(text) < 40 else 1)
    spaces = re.compile(" {2,}")
    assert spaces.sub(" ", ngrams.head(text)) == plain.detector(text).text


@pytest.mark.parametrize("unit", ["http://contoh.id/", "a@b.cc ", "https://" + "a" * 3_000 + " kata ", "kata e\u0301 "])
def test_head_of_long_texts_of_addresses(unit: str) -> None:
    text = unit * (60_000 // len(unit)) + "ekor " * 4_000
    assert " ".join(ngrams.head(text).split()) == " ".join(plain.detector(text).text.split())


def test_only_the_first_ten_thousand_characters_count() -> None:
    text = TEXTS["en"] * 120
    assert len(text) > ngrams.MAX_CHARACTERS
    assert langdetect([text + TEXTS["ru"] * 500]) == langdetect([text]) == [plain.answer(text)]


def test_every_character_is_normalized_as_langdetect_does() -> None:
    tables = profiles.load()
    classes: dict[str, int] = {}
    for point in [*range(0x30000), *range(0x30000, 0x110000, 97)]:
        normalized = NGram.normalize(chr(point))
        number = int(tables.char_class.take(point, mode="clip"))
        assert tables.upper[number] == normalized.isupper(), hex(point)
        assert number >= len(tables.upper) - 2 or classes.setdefault(normalized, number) == number, hex(point)
    assert classes[" "] == 0
    assert len(classes) == len(set(classes.values()))
    in_profiles = set().union(*plain.factory().word_lang_prob_map)
    assert {c for c in in_profiles if NGram.normalize(c) == c} == set(classes)


def test_every_ngram_is_found_with_its_probabilities() -> None:
    tables = profiles.load()
    known = plain.factory().word_lang_prob_map
    assert tables.languages == tuple(plain.factory().langlist)
    words = [
        w
        for w in known
        if " " not in w
        and all(NGram.normalize(c) == c for c in w)
        and not (len(w) > 1 and w[-1].isupper() and w[-2].isupper())
    ]
    assert {len(word) for word in words} == {1, 2, 3}
    for word in random.Random(1).sample(words, 3_000):
        grams = ngrams.grams_of([word], tables)
        last = np.flatnonzero(grams.slots == ngrams.SLOTS * (len(word) - 1) + len(word) - 1)
        (row,) = grams.rows(last)
        assert tables.likelihood[row].tolist() == known[word], word


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 1000, 1023, 1024, 29_999])
def test_draws_are_those_of_the_random_module(size: int) -> None:
    everyone = ngrams.Grams(
        sizes=np.array([size]),
        slots=ngrams.SLOTS * np.arange(size),
        codes=np.arange(size, dtype=np.int32),
        wide=np.zeros((0, ngrams.SLOTS), dtype=np.int32),
        dense=np.repeat(np.arange(size, dtype=np.int32), ngrams.SLOTS),
    )
    draws = trials._draws(everyone, 4_096)
    generator = random.Random(0)
    assert draws.rows[:1_500].tolist() == [generator.choice(range(size)) for _ in range(1_500)]


def test_a_trial_goes_on_where_its_draws_ran_out(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, tables = list(TEXTS.values()), profiles.load()
    expected = trials.probabilities(texts, tables)
    monkeypatch.setattr(trials, "FIRST_WORDS", 64)
    assert np.array_equal(trials.probabilities(texts, tables), expected)


def test_weights_are_those_of_gauss() -> None:
    generator = random.Random(0)
    source = trials.stream(640)
    expected = [(0.5 + generator.gauss(0.0, 1.0) * 0.05) / 10_000 for _ in range(2)]
    assert [source.first_weight[0], source.second_weight[0]] == expected


def test_one_ngram_never_ends_a_trial() -> None:
    """What lets us skip the test of convergence after a trial's first n-gram, whatever the n-gram and the weight."""
    likelihood = profiles.load().likelihood
    source = trials.stream(trials.MOST_STREAM_WORDS)
    lightest = min(source.first_weight.min(), source.second_weight.min())
    assert lightest > 0
    surest = (likelihood.max(axis=1) + lightest) / (likelihood.sum(axis=1) + lightest * likelihood.shape[1])
    assert surest.max() < 0.999 < Detector.CONV_THRESHOLD
