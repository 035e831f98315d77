"""Tells titles, decks and the heads of sections by what the page says again and by the text that stands under them."""

from __future__ import annotations

import re
from itertools import islice

from kliping.annotation.roles.draft import DECKS, Draft
from kliping.annotation.roles.phrasing import LABEL_WITHIN, normal

TITLE_LENGTH = 20
"""A shorter line may recur by chance, in code points."""
DECK_LENGTH, DECK_OPENING, DECK_OVERLAP, LONG_WORD = 60, 3, 45, 4
"""A deck has so many code points at least, shares so many first words with the text, and so many hundredths of all its
words of so many letters."""
HEAD_LENGTH, NUMBERED_HEADS, NUMBERED_ITEMS = 80, 2, 3
"""A head is no longer than this, in code points; so many make a listicle, so many items a list."""
SMALL_LENGTH = 60
"""A credit or an advertisement between a numbered head and its text is no longer than this, in code points."""

_NUMBER = re.compile(r"(?:\d{1,2}|[a-zA-Z])[.)] ?[^\W\d_]")
_WORDS = re.compile(r"[^\W_]{1,60}")
_CONTENTS = ("aftar Isi", "aftar isi", "AFTAR ISI")


def deck(draft: Draft) -> None:
    """Find a deck on the first line: it opens as the next line does, and half of its words come again there."""
    page = draft.units
    if len(page) < 3 or page.roles[0] or page.roles[1] or not draft.says(0, DECKS):
        return
    if not DECK_LENGTH <= draft.sizes[0] < draft.sizes[1]:
        return
    opening, following = (page.string(i)[:LABEL_WITHIN].casefold() for i in (0, 1))
    if _first_words(opening) != _first_words(following):
        return
    said, told = _WORDS.findall(opening), _WORDS.findall(following)
    long_words = {word for word in said if len(word) >= LONG_WORD}
    if said != told and 100 * len(long_words.intersection(told)) >= DECK_OVERLAP * len(long_words):
        page.decide(0, "subheadline", "shape:restated")


def _first_words(text: str) -> list[str]:
    return [match.group() for match in islice(_WORDS.finditer(text), DECK_OPENING)]


def title(draft: Draft) -> None:
    """Find the title that the page says twice: its first line, with or without a site, and again above the body."""
    page = draft.units
    if not len(page) or page.roles[0] or draft.first >= len(page):
        return
    first = normal(page.string(0))
    if len(first) > LABEL_WITHIN:
        return
    copies = [i for i in range(1, draft.first) if is_title(normal(page.string(i)), first)]
    if copies and not page.roles[copies[-1]]:
        for index in (0, copies[-1]):
            page.decide(index, "headline", "shape:title-repeated")


def is_title(text: str, title: str) -> bool:
    """Tell whether a line says the page's title, which may go on with the name of the site."""
    return len(text) >= TITLE_LENGTH and title.startswith(text)


def contents(draft: Draft) -> None:
    """Tell a table of contents, whose lines come again, from the headings that it lists."""
    page = draft.units
    if not any(title in page.text for title in _CONTENTS):
        return
    texts = [normal(page.string(i)) for i in range(len(page))]
    for start in (i for i, text in enumerate(texts) if text == "daftar isi"):
        index = start + 1
        while index < len(page) and texts[index] in texts[index + 1 :] and not page.roles[index]:
            page.decide(index, "navigation", "list:contents")
            for copy in range(index + 1, len(page)):
                if texts[copy] == texts[index] and not page.roles[copy]:
                    page.decide(copy, "subheading", "list:contents")
            index += 1


def numbered(draft: Draft) -> None:
    """Tell numbered heads of sections, each over its text, from the numbered items of a list, one under the other."""
    page, sizes = draft.units, draft.sizes
    short = [i for i, size in enumerate(sizes) if size <= HEAD_LENGTH and i > draft.first and _is_numbered(draft, i)]
    heads = [i for i in short if _is_text(draft, i + 1) or (_is_small(draft, i + 1) and _is_text(draft, i + 2))]
    items = [i for i in short if _is_numbered(draft, i + 1) or _is_numbered(draft, i - 1)]
    if len(heads) >= NUMBERED_HEADS and not items:
        for index in heads:
            page.decide(index, "subheading", "list:heads")
    if len(items) >= NUMBERED_ITEMS:
        for index in items:
            page.decide(index, "paragraph", "list:items")


def _is_numbered(draft: Draft, index: int) -> bool:
    page = draft.units
    if not 0 <= index < len(page) or page.roles[index] not in ("", "paragraph"):
        return False
    return draft.sizes[index] <= HEAD_LENGTH and _NUMBER.match(page.string(index)) is not None


def _is_small(draft: Draft, index: int) -> bool:
    """Tell whether a head's photo credit, an advertisement or the like may stand on the line."""
    return index < len(draft.units) and not _is_numbered(draft, index) and draft.sizes[index] <= SMALL_LENGTH


def _is_text(draft: Draft, index: int) -> bool:
    return index < len(draft.units) and not draft.units.roles[index] and draft.sizes[index] > HEAD_LENGTH
