"""Sentences: what must hold for any text."""

from __future__ import annotations

import tomllib
from importlib import resources
from types import SimpleNamespace

import pytest
import sentencex
from hypothesis import given, settings
from hypothesis import strategies as st

from kliping.annotation.layers import sentences
from kliping.annotation.layers.sentences import split


def texts_of(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


WORDS = st.sampled_from(
    [
        "Jend.", "PT.", "A.", "dkk.", "Tbk.", "No.", "5", "1.", "7.315.", "240", "vitamin", "C.", "grup", "selesai.",
        "Kemudian", "lalu", "WARTA.CO.ID", "a.id.", "?", "!", "...", "…", '"', "“", "”", "'", "(", ")", ".", "`", '."',
        "\n\n", "\n", "\u00a0", "\t", "\u2028", "Ya!", '"Apa?"', "(Ia pergi.)", "—", "-", "\U0001f600", "é.", "ı",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(WORDS, max_size=25).map(" ".join),
    st.lists(WORDS, max_size=25).map("".join),
    st.lists(st.one_of(WORDS, st.just(" "), st.text(max_size=3)), max_size=30).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_every_visible_character_is_in_exactly_one_sentence(text: str) -> None:
    end = 0
    for start, stop in split(text):
        assert not text[end:start].strip()
        assert text[start:stop] == text[start:stop].strip() != ""
        assert start >= end
        end = stop
    assert not text[end:].strip()


@pytest.mark.parametrize(
    "unit",
    [
        "Ini kalimat. ", "PT. ", "A. ", "grup A. ", '"grup A. ', "Aa.Bb.", "1. ", "a.id. K", ". ", ".", '"', '."',
        '." "', "`",
        "\u00a0.", "a.\n\n", "7.315. 240 ", "dkk. a ", "kata", " ", "(", "?!", "“", "Sp.A.", "www.a.co.id. K",
        "....", "'\"",
    ],
)  # fmt: skip
def test_a_boundary_looks_at_a_bounded_stretch(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work grows with the text: twice the text gives at most about twice the steps."""
    calls: list[int] = []
    for name in ("_joined", "_abbreviated", "_ends", "_torn"):
        original = getattr(sentences, name)
        monkeypatch.setattr(sentences, name, lambda *a, original=original: calls.append(1) or original(*a))
    counts = []
    for length in (20_000, 40_000):
        calls.clear()
        found = split(unit * (length // len(unit)))
        assert found or not unit.strip()
        counts.append(len(calls))
    assert counts[1] <= 2 * counts[0] + 50


LONG_LINES = [
    '"',
    "'",
    "“",
    "«`‘“",
    "'\"",
    "'“\"",
    '("',
    "“a. ",
    "“. ",
    ". ",
    "A.",
    "… ",
    " ",
    "“Ia pergi. Ia",
    "kata “",
    "„‟‚‛",
]


@pytest.mark.parametrize("unit", LONG_LINES)
def test_sentencex_reads_bounded_windows(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time is quadratic, or worse, in open quotation marks: it gets few of them, and each stretch at most twice."""
    segment, windows = sentencex.segment, []
    recorder = SimpleNamespace(segment=lambda code, text: windows.append(text) or segment(code, text))
    monkeypatch.setattr(sentences, "sentencex", recorder)
    text = unit * (100_000 // len(unit))
    split(text)
    assert max(map(len, windows)) <= sentences.WINDOW
    for window in windows:
        marks = sum(map(window.count, "\"'`“‘«"))
        assert marks <= sentences.MOST_MARKS or len(window) <= sentences.SHORTEST
    assert sum(map(len, windows)) <= 2 * len(text) + sentences.WINDOW


@pytest.mark.soak
@pytest.mark.parametrize("unit", LONG_LINES)
def test_a_line_of_a_megabyte_of_quotation_marks_is_done(unit: str) -> None:
    """Without the windows this takes minutes or hours, as one call that nothing interrupts."""
    text = unit * (1_000_000 // len(unit))
    assert "".join(texts_of(text)).replace(" ", "") == text.replace(" ", "")


def test_a_panic_of_sentencex_leaves_the_text_whole() -> None:
    text = "Tokoh A\u2003. Ia datang kemarin."
    assert split(text) == [(0, len(text))]


def test_windows_tear_no_sentence() -> None:
    """Many sentences have the ends they have alone; one that is longer than any window stays one."""
    sentence = "Menurut Jend. Ahmad, harga cabai di pasar induk turun lagi."
    assert texts_of(" ".join([sentence] * 2_000)) == [sentence] * 2_000
    for endless in ("kata " * 10_000 + "habis.", "x" * 50_000, '"' * 5_000):
        assert texts_of(f"{endless} {sentence}")[0].startswith(endless.rstrip("."))


def test_a_text_within_a_window_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'Ia berkata, "Harga cabai turun. Pasokan lancar." Warga senang. ' * 30
    assert sentences.SHORTEST < len(text) < sentences.WINDOW
    assert sentences._pieces(text) == sentencex.segment("id", text)
    monkeypatch.setattr(sentences, "WINDOW", len(text) // 2)
    assert "".join(sentences._pieces(text)) == text


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(1, 40), st.integers(0, 5))
def test_windows_of_any_size_lose_nothing(text: str, window: int, marks: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentences, "WINDOW", window)
        patch.setattr(sentences, "SHORTEST", min(window, 7))
        patch.setattr(sentences, "MOST_MARKS", marks)
        assert "".join(sentences._pieces(text)) == text
        assert "".join("".join(texts_of(text)).split()) == "".join(text.split())


def test_abbreviations_are_lower_case_and_in_one_list_each() -> None:
    tables = tomllib.loads((resources.files("kliping") / "knowledge" / "abbreviations.toml").read_text("utf-8"))
    entries = [
        entry
        for name in ("before_name", "before_number", "either")
        for values in tables[name].values()
        for entry in values
    ]
    assert len(entries) == len(set(entries))
    for table in tables.values():
        assert all(entry == entry.lower() and not entry.endswith(".") for values in table.values() for entry in values)
