"""What holds for any text: every visible character in one span, inside a line, whatever else is in the batch."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kliping.model import ROLES, Page
from kliping.roles import assign, describe, explain

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


def test_no_page_and_an_empty_page() -> None:
    assert assign([]) == []
    assert assign([Page(""), Page(" \n\u00a0\n")]) == [(), ()]


TAGGED = "Menata Gerabah di Halaman\nPerajin menata gerabah di halaman rumahnya setiap pagi.\nMenata Gerabah di Halaman"


def test_tags_of_html_are_hints() -> None:
    plain = [span.role for span in assign([Page(TAGGED)])[0]]
    tagged = [span.role for span in assign([Page(TAGGED, line_tags=("h1", "p", "nav"))])[0]]
    assert tagged == ["headline", "paragraph", "navigation"]
    assert tagged != plain


def test_tags_of_other_lines_are_not_heard() -> None:
    assert assign([Page(TAGGED, line_tags=("nav",))]) == assign([Page(TAGGED)])
