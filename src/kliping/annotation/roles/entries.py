"""Tells the lists of an article's own text from pointers to other articles: amounts, days, matches, measures, steps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kliping.annotation.roles.datelines import DASHES
from kliping.annotation.roles.features import CASES, MOSTLY_CAPITALISED, UNIT_TEMPLATES, Description
from kliping.annotation.roles.knowledge import spaced, words
from kliping.annotation.roles.units import Units
from kliping.knowledge import any_of, calendar

BULLET, BULLET_WORDS = "•", 5
"""A headline behind a bullet has more words than this; what is shorter is an item."""
LIST_ENTRY_LENGTH = 160
"""An entry of a list is no longer than this, in code points."""

_COUNTED_IN = any_of(spaced("amounts"))
_SUM = rf"Rp\.? ?\d[\d.,]{{0,20}}(?: ?(?:{_COUNTED_IN}))?"
_AMOUNT = re.compile(
    rf"[^:=]{{3,80}}[:=] ?{_SUM}(?: ?[-–] ?(?:{_SUM}|[\d.,]{{1,20}}(?: ?(?:{_COUNTED_IN}))?))?"
    r"(?: ?(?:/|per ).{2,20})?(?: ?\([^()]{2,60}\))?[.,]?"
)
_FIXTURE = re.compile(
    r"(?:[A-Z][a-z'’]{3,6}, ?)?(?:\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?,? )?\d{1,2}[.:]\d{2} ?"
    rf"(?:{'|'.join(calendar().zones)})? ?[:|–-]? ?"
    r"[A-Z][^.!?:]{1,50} vs\.? [A-Z][^.!?:]{1,50}"
)
_DAY = re.compile(
    r"(?:[A-Z][a-z'’]{3,6},? )?\d{1,2}(?: ?[-–] ?\d{1,2})? [A-Z][a-z]{2,8}(?: \d{4})? ?: ?[A-Za-z(\"“].{2,100}"
)
_VALUE = re.compile(r"[A-Z\d][^:.!?]{1,40}: {0,2}[a-z\d+~<>≥≤±-][^:]{0,60}")
_CLOSING = frozenset({"byline", "copyright", "interaction", "navigation", "promotion", "source", "tags", "timestamp"})
_CASE = UNIT_TEMPLATES.index("case")


def mark_pointers(page: Units, described: Sequence[Description], first: int) -> None:
    """Find a pointer to another article: a lone bullet after the body has begun, with a headline behind it."""
    for index in range(first + 1, len(page)):
        if page.roles[index] or page.text[page.starts[index]] != BULLET:
            continue
        lone = all(page.text[page.starts[i]] != BULLET for i in (index - 1, index + 1) if i < len(page))
        text = page.string(index)
        headline = _is_titled(described[index]) and text[-1] != "." and text.count(" ") >= BULLET_WORDS
        if lone and headline and text.count(BULLET) == 1:
            page.roles[index], page.rules[index] = "related", "shape:lone-bullet"


def mark_entries(page: Units, described: Sequence[Description], first: int, last: int, sizes: Sequence[int]) -> None:
    """Keep the lists of a text: amounts and values behind labels, days, matches, measures, dashes and bullets.

    Behind the last whole sentence bullets stand before other articles, and behind furniture no list is of the text.
    """
    kinds: dict[int, str] = {}
    for index in range(first + 1, len(page)):
        if index > last and page.roles[index] in _CLOSING:
            break
        if page.roles[index] or sizes[index] > LIST_ENTRY_LENGTH:
            continue
        kind = _entry(page.string(index), described[index])
        if kind and (kind != "bullet" or index < last):
            kinds[index] = kind
    for index, kind in kinds.items():
        if any(kinds.get(near) == kind for near in (index - 2, index - 1, index + 1, index + 2)):
            page.roles[index], page.rules[index] = "paragraph", "list:entries"


def _entry(text: str, described: Description) -> str:
    """Return the kind of a list's entry that the line can be, nothing where it can be none."""
    if "Rp" in text and _AMOUNT.fullmatch(text):
        return "amount"
    if " vs" in text and _FIXTURE.fullmatch(text):
        return "fixture"
    if text[0] == BULLET:
        return "bullet"
    if ":" in text and _DAY.fullmatch(text):
        return "day"
    if text[0].isdigit() and _measure().match(text):
        return "measure"
    if ":" in text and described.phrase is None and _VALUE.fullmatch(text):
        return "value"
    step = text[0] in DASHES and text[-1] not in DASHES and text[1:].lstrip()[:1].isalnum()
    return "step" if step and not _is_titled(described) else ""


@cache
def _measure() -> re.Pattern[str]:
    """Return what a quantity begins with: `2 lembar daun salam`, `1/2 sdt merica`."""
    return re.compile(rf"\d[\d/.,½¼¾–-]{{0,8}} ?(?:{'|'.join(sorted(words().measures))}) \w")


def _is_titled(described: Description) -> bool:
    return (described.codes[_CASE] - 1) // CASES >= MOSTLY_CAPITALISED
