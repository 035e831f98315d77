"""A notebook shows an annotation with its roles and proofs, and nothing of a page as markup."""

from __future__ import annotations

import re

from tests.browser.pages import EMOJI, HOSTILE, long_page

import kliping
from kliping.report.fragment import MOST_LINES


def shown(text: str) -> str:
    html: str = kliping.annotate(text)._repr_html_()  # type: ignore[attr-defined]
    return html


def test_every_line_has_its_role_and_every_value_its_proof() -> None:
    annotation, html = kliping.annotate(EMOJI), shown(EMOJI)
    assert html.count("<tr") == len(annotation.segments) + sum(item.accepted for item in annotation.evidence)
    assert "“Kami senang sekali 😀" in html
    assert "<s>Baca juga: Harga Benang Gelasan Turun</s>" in html


def test_no_text_becomes_markup_or_hides() -> None:
    html = shown(HOSTILE)
    assert set(re.findall(r"<(\w+)", html)) == {"div", "p", "b", "table", "tr", "th", "td", "s"}
    assert "\u202e" not in html
    assert "hacked" in html


def test_a_long_page_is_cut_and_says_so() -> None:
    annotation = kliping.annotate(long_page(400))
    assert f"and {len(annotation.segments) - MOST_LINES:,} more lines" in shown(long_page(400))
