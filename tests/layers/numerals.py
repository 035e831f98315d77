"""A toy layer: numerals, with the word behind each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kliping.annotation.layers.layer import Article

_NUMERAL = re.compile(r"[0-9]{1,12}(?:[.,:/][0-9]{1,12}){0,4}")
_WORD = re.compile(r"[^\S\n]([^\W\d_]{1,30})")


class Numeral(NamedTuple):
    """One numeral of a page: [start, end) of the raw text."""

    start: int
    end: int
    quote: str
    text: str
    form: str
    word: str | None
    word_start: int | None
    word_end: int | None


def find(articles: Sequence[Article]) -> list[list[Numeral]]:
    """The numerals of each page."""
    return [[_numeral(article, match) for match in _NUMERAL.finditer(article.page.text)] for article in articles]


def _numeral(article: Article, match: re.Match[str]) -> Numeral:
    places = article.places
    start, end = places.page_to_raw(match.start(), match.end())
    form = "bare" if match[0].isdigit() else "parted"
    behind = _WORD.match(article.page.text, match.end())
    if behind is None:
        return Numeral(start, end, places.raw[start:end], places.text(start, end), form, None, None, None)
    left, right = places.page_to_raw(*behind.span(1))
    return Numeral(
        start, end, places.raw[start:end], places.text(start, end), form, places.text(left, right), left, right
    )
