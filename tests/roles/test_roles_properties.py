"""What holds for any text: every visible character in one span, inside a line, whatever else is in the batch."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kliping.annotation.roles import assign, describe, explain
from kliping.model import BODY_ROLES, ROLES, Page

PIECES = st.sampled_from(
    [
        "Baca juga: ",
        "KUPANG, KabarPulau.com - ",
        "Kupang",
        "-",
        " – ",
        "(dra/lim)",
        "***",
        "Tags:",
        "ADVERTISEMENT",
        "Editor: Tirto",
        "Harga cabai turun, kata pedagang.",
        "SCROLL TO CONTINUE WITH CONTENT",
        "Copyright © 2024",
        "(Antara/Rukmini)",
        "[Gambas:Video]",
        "Senin, 5 Februari 2024 10:15 WIB",
        "1",
        "x",
        "\u00a0",
        "Pilihan Editor: ",
        "Halaman Selanjutnya",
        "“Sabar,” ujarnya.",
        "\n",
        "\n\n",
        "Namun pedagang mengaku belum puas dengan harga itu sebab ongkos angkut dari desa belum juga turun.",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=30).map("".join))


def assert_covered(text: str) -> None:
    reached = 0
    for span in assign([Page(text)])[0]:
        piece = text[span.start : span.end]
        assert span.start >= reached
        assert piece == piece.strip() != ""
        assert "\n" not in piece
        assert span.role in ROLES
        assert describe(span.rule)
        assert not text[reached : span.start].strip()
        reached = span.end
    assert not text[reached:].strip()


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_every_visible_character_lies_in_one_span(text: str) -> None:
    assert_covered(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_a_page_does_not_depend_on_its_batch(texts: list[str]) -> None:
    assert assign([Page(text) for text in texts]) == [assign([Page(text)])[0] for text in texts]


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_the_explanation_tells_of_the_same_spans(text: str) -> None:
    explained = [(e.start, e.end, e.role, e.rule) for e in explain(Page(text))]
    assert explained == [(s.start, s.end, s.role, s.rule) for s in assign([Page(text)])[0]]


@pytest.mark.parametrize("before", ["Harga Cabai Turun ", "Rukmini Wardhana - kabarUji ", ""])
def test_a_sign_before_a_stamp_is_kept(before: str) -> None:
    page = f"{before}| 5 Februari 2024 10:15 WIB Harga cabai turun, kata pedagang di pasar induk itu pada Senin pagi."
    assert_covered(page + " Pasokan dari lereng gunung kembali lancar setelah jembatan desa selesai diperbaiki warga.")


def test_no_page_and_an_empty_page() -> None:
    assert assign([]) == []
    assert assign([Page(""), Page(" \n\u00a0\n")]) == [(), ()]


TITLE = "Menata Gerabah di Halaman"
BODY = (
    "Perajin menata gerabah di halaman rumahnya setiap pagi, lalu menunggu matahari mengeringkannya sampai sore tiba."
)
TAGGED = f"{TITLE} - KabarUji\n{TITLE}\n1\n{BODY}\n{TITLE}"


def test_places_in_markup_come_before_words() -> None:
    tags = ("title", "h1", "div", "p", "nav:li:a")
    assert [(span.role, span.rule) for span in assign([Page(TAGGED, line_tags=tags)])[0]][:2] == [
        ("headline", "markup:headline")
    ] * 2
    number, text, link = assign([Page(TAGGED, line_tags=tags)])[0][2:]
    assert number.role not in BODY_ROLES
    assert (text.role, link.rule) == ("paragraph", "markup:navigation")
    assert describe(link.rule) == "its place in the page's markup is that of navigation"


@pytest.mark.parametrize("part", ["aside", "related", "share", "comments", "ads", "caption", "footer", "nav"])
def test_text_outside_the_articles_place_is_no_body(part: str) -> None:
    text = "Perajin menata gerabah di halaman rumahnya setiap pagi.\n1. Tanah liat\n2. Air sumur\n3. Pasir halus"
    spans = assign([Page(text, line_tags=(f"{part}:p", *[f"{part}:li"] * 3))])[0]
    assert BODY_ROLES.isdisjoint(span.role for span in spans)


TAGS = st.sampled_from(["title", "h1", "p", "div", "li:a", "aside:p", "related:div", "x:y:z", ""])
LINES = st.sampled_from([TITLE, BODY, "1", "***", "Perajin menata gerabah (Rukmini).", " "])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TAGS, LINES), max_size=8))
def test_tagged_pages_are_covered_and_explained(lines: list[tuple[str, str]]) -> None:
    page = Page("\n".join(text for _, text in lines), line_tags=tuple(tag for tag, _ in lines))
    (spans,) = assign([page])
    assert "".join("".join(page.text[s.start : s.end] for s in spans).split()) == "".join(page.text.split())
    assert [(e.start, e.role, e.rule) for e in explain(page)] == [(s.start, s.role, s.rule) for s in spans]


def test_tags_of_other_lines_are_not_heard() -> None:
    assert assign([Page(TAGGED, line_tags=("nav",))]) == assign([Page(TAGGED)])
