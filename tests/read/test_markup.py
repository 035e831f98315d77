"""A line's place in its page decides its role where markup is clearer than words, and nothing where it is not."""

from __future__ import annotations

import pytest

from kliping.annotation.markup import Tag, may_be_body, parse_tag, role
from kliping.model import ROLES
from kliping.read import html

TITLE = "Kapal Pinisi Berlayar ke Banda Neira"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("p", Tag("", "p", False)), ("p:a", Tag("", "p", True)), ("nav:li:a", Tag("nav", "li", True)),
        ("", Tag("", "", False)),
    ],
)  # fmt: skip
def test_parts_of_a_tag(tag: str, expected: Tag) -> None:
    assert parse_tag(tag) == expected


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("title", TITLE, "headline"), ("nav:title", TITLE, "navigation"), ("headline:h1", TITLE, "headline"),
        ("h1", TITLE, None), ("h2", TITLE, None), ("p", TITLE, None),
        ("nav:li:a", "Ekonomi", "navigation"), ("nav:li:a", TITLE, "related"), ("nav:div", "Menu", "navigation"),
        ("footer:li:a", "Redaksi", "navigation"), ("footer:p", "Hak cipta KabarUji", None),
        ("h3:a", TITLE, "related"), ("h3:a", "Olahraga", "related"), ("li:a", "Indeks", "navigation"),
        ("p:a", TITLE, "related"), ("related:li:a", TITLE, "related"), ("related:li:a", "Lihat semua", "navigation"),
        ("related:div", "3 jam lalu", "related"),
        ("share:button", "Bagikan", "interaction"), ("comments:p", TITLE, "interaction"),
        ("byline:div", "Penulis: Rara Uji", "byline"), ("byline:p", "Rara menulis " * 9, None),
        ("caption:figcaption", TITLE, "caption"), ("time:div", "4 Mei 2021", None),
        ("tags:li:a", "banjir", "tags"), ("tags:div", "Topik", None),
        ("summary:div", TITLE, None),
    ],
)  # fmt: skip
def test_roles(tag: str, text: str, expected: str | None) -> None:
    assert role(tag, text) == expected
    assert expected is None or expected in ROLES


def test_only_unlinked_text_outside_special_parts_can_be_body() -> None:
    assert all(may_be_body(tag) for tag in ("", "p", "div", "h2", "li", "td", "blockquote", "summary:p"))
    assert [may_be_body(*line) for line in (("td", "17"), ("div", "Pasal 17"), ("div", "17"))] == [True, True, False]
    assert not any(
        may_be_body(tag) for tag in ("p:a", "nav:p", "time:p", "related:p", "title", "caption:p", "beside:p")
    )


def test_a_card_of_another_article_is_a_list_and_the_articles_own_data_is_not() -> None:
    card = f"<h3><a href=/1>{TITLE}</a></h3><div class=date>4 Mei 2021</div><div class=summary>Layar putih.</div>"
    own = f"<h1>{TITLE}</h1><div class=date>5 Mei 2021</div><div class=author>Rara Uji</div><p>Isi berita.</p>"
    assert html.extract(own + card).line_tags == (
        "headline:h1", "time:div", "byline:div", "p", "h3:a", "related:div", "related:div",
    )  # fmt: skip


def test_headers_of_articles_and_cards_are_not_the_sites() -> None:
    site = "<header><a href=/>KabarUji</a></header>"
    article = f"<article><header><h1>{TITLE}</h1><p>Rabu pagi</p></header></article>"
    card = f"<article><header><a href=/d>Daerah</a><h4><a href=/1>{TITLE}</a></h4></header></article>"
    assert html.extract(site + article + card).line_tags == (
        "header:div:a", "headline:h1", "p", "related:div:a", "related:h4:a",
    )  # fmt: skip


def test_date_and_topics_inside_a_menu_are_the_menus() -> None:
    assert html.extract("<nav><div class=date>4 Mei 2021</div><div class=tags><a>banjir</a></div></nav>").line_tags == (
        "nav:div",
        "nav:div:a",
    )
