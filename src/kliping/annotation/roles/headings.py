"""Tells titles, decks and the heads of sections by what the page says again and by the text that stands under them."""

from __future__ import annotations

import re
from itertools import islice

from kliping.annotation.roles.breadcrumbs import RULE as BREADCRUMB
from kliping.annotation.roles.draft import DECKS, Draft
from kliping.annotation.roles.openings import is_title
from kliping.annotation.roles.phrasing import LABEL_WITHIN, normal

TITLE_LENGTH = 20
"""A shorter line may recur by chance, in code points."""
DECK_WITHIN = 2
"""A deck is one of so many lines at the top, alone or under the headline."""
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
    """Find a deck on one of the first two lines: it opens as the text below does, and half of its words come again.

    Newsrooms make decks by telling the first paragraph shorter, and feeds by cutting it off: `Harga cabai turun se...`.
    Below a dateline the text has begun.
    """
    for index in range(min(DECK_WITHIN, len(draft.units) - 2)):
        if draft.units.roles[index] == "dateline":
            return
        if _sums_up(draft, index):
            draft.units.decide(index, "subheadline", "shape:restated")


def _sums_up(draft: Draft, index: int) -> bool:
    page = draft.units
    following = index + 1 + (page.roles[index + 1] == "dateline")
    if following >= len(page) or page.roles[index] or page.roles[following] or not draft.says(index, DECKS):
        return False
    if not DECK_LENGTH <= draft.sizes[index] < draft.sizes[following]:
        return False
    opening, below = (page.string(i)[:LABEL_WITHIN].casefold() for i in (index, following))
    if _first_words(opening) != _first_words(below):
        return False
    said, told = _WORDS.findall(opening), _WORDS.findall(below)
    long_words = {word for word in said if len(word) >= LONG_WORD}
    return said != told and 100 * len(long_words.intersection(told)) >= DECK_OVERLAP * len(long_words)


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
    copies = [i for i in range(1, draft.first) if repeats_title(normal(page.string(i)), first)]
    if copies and not page.roles[copies[-1]]:
        for index in (0, copies[-1]):
            page.decide(index, "headline", "shape:title-repeated")


def below_trail(draft: Draft) -> None:
    """Find the title between the trail of its sections and the dateline or the stamp, each on lines of their own."""
    page = draft.units
    for index in range(1, len(page) - 1):
        between = page.rules[index - 1] == BREADCRUMB and page.roles[index + 1] in ("dateline", "timestamp")
        if between and not page.roles[index] and is_title(page.string(index)):
            page.decide(index, "headline", "shape:below-trail")


def repeats_title(text: str, title: str) -> bool:
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
