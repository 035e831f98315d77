"""Quotations: the seeds as read by hand, and what must hold for any text."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.work import steps

from kliping import annotate
from kliping.annotation.layers.quotations import find_said
from kliping.annotation.layers.quotations.marks import find_quoted

ROOT = Path(__file__).parents[2]
SEEDS = json.loads(Path(__file__).with_name("seeds.json").read_text("utf-8"))
"""Every quotation of each seed: kind, place in the raw text, cue, and whom it is from."""

WORDS = st.sampled_from(
    [
        '"', "“", "”", "„", "«", "»", "'", "‘", "’", "`", "''", '""', ",", ".", ":", "?", "…", "(", ")", ".,", "\n\n",
        " ", "kata", "ujarnya", "katanya", "menurut", "Menurut", "mengatakan", "bahwa", "disampaikan", "tegas", "dia",
        "Ia", "Sumirah", "Wati", "Bupati", "Berau", "Rahmat", "Kepala", "Dinas", "juru", "bicara", "seorang", "warga",
        "itu", "dan", "di", "pada", "Senin", "naik", "Harga", "A.", "Kami", "siap", "film", "alias", "(BC)", "Sp.A.",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(WORDS, max_size=40).map(" ".join),
    st.lists(WORDS, max_size=40).map("".join),
    st.lists(st.one_of(WORDS, st.just(" "), st.text(max_size=3)), max_size=40).map(" ".join),
)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_quotes_as_read_by_hand(seed: str) -> None:
    found = annotate((ROOT / "seeds" / seed).read_bytes()).quotations
    assert [[q.kind, q.start, q.end, q.cue, q.speaker_name] for q in found] == SEEDS[seed]


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_quotations_lie_in_the_text_and_overlap_only_as_declared(text: str) -> None:
    found = find_said(text)
    assert found == find_said(text)
    assert sorted(found, key=lambda said: (said.start, -said.end)) == found
    for said in found:
        for start, end in filter(None, (said[:2], said.cue, said.speaker)):
            assert 0 <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()
        assert said.rule.partition(":")[0] == said.kind
        assert said.speaker_name is None or said.speaker_name in text
    for kinds in ({"direct", "mixed"}, {"direct", "indirect"}):
        assert all(one.end <= other.start for one, other in pairwise(s for s in found if s.kind in kinds))
    clauses = [said for said in found if said.kind == "indirect"]
    for said in found:
        apart = [c for c in clauses if c.end <= said.start or said.end <= c.start]
        around = [c for c in clauses if c.start <= said.start and said.end <= c.end]
        assert said.kind == "direct" or len(apart) + len(around) == len(clauses)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_marks_pair_in_order(text: str) -> None:
    found = find_quoted(text)
    assert all(0 <= quoted.start < quoted.end <= len(text) for quoted in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    "unit",
    [
        '"', "“", "' ", '" ', '"Ya," kata dia. ', '"Ya. ', "Ya,\" kata ", "“Ya.\n\n", "kata ", ", kata A",
        "Menurut A, b ", "A mengatakan b. ", "A", "Bupati ", "Bupati A, ", '"Ya," kata Bupati Aa Bb. ',
        '"Ya," ujarnya. ', "mengatakan ", '"a" ', "., ", "A. ", "(BC) ", "“Ya” Aa. ", "itu ", "seorang ",
    ],
)  # fmt: skip
def test_work_grows_with_the_text(unit: str) -> None:
    """Twice the text takes about twice the steps, whatever it repeats."""
    short, long = (unit * (size // len(unit)) for size in (10_000, 20_000))
    find_said(short)
    assert steps(lambda: find_said(long)) <= 2.3 * steps(lambda: find_said(short)) + 2_000


def test_work_grows_with_the_text_where_everybody_has_a_name_of_his_own() -> None:
    def people(count: int) -> str:
        return " ".join(f'"Ya, kami siap," kata Bupati Aa{n:x}b Cc{n:x}d. "Tidak," ujarnya.' for n in range(count))

    short, long = people(200), people(400)
    find_said(short)
    assert steps(lambda: find_said(long)) <= 2.3 * steps(lambda: find_said(short)) + 2_000


def test_an_advertisement_parts_a_quotation_in_two_rows() -> None:
    page = (
        "Warga Kampung Melati Mengungsi\n"
        "BERAU, Kompas.com - Banjir merendam ratusan rumah di Kampung Melati pada Senin (5/2/2024) dini hari.\n"
        '"Air naik sejak subuh. Kami naik ke atap.\n'
        "ADVERTISEMENT\n"
        'Baru siang hari perahu datang," kata Rukmini Sari, warga setempat.\n'
    )
    first, second = annotate(page).quotations
    assert (first.text, second.text) == (
        '"Air naik sejak subuh. Kami naik ke atap.',
        'Baru siang hari perahu datang,"',
    )
    assert (first.speaker_name, second.speaker_name) == ("Rukmini Sari", "Rukmini Sari")
    assert page[first.start : first.end] == first.text


def test_places_are_those_of_the_raw_text_before_repair() -> None:
    page = "Pasar dibuka.\n" + "â€œKami siap berjualan lagi,â€\x9d kata Rahmat Hidayat, Senin (5/2/2024)." + "\n"
    (said,) = annotate(page).quotations
    assert said.text == "“Kami siap berjualan lagi,”"
    assert page[said.start : said.end] == "â€œKami siap berjualan lagi,â€\x9d"
