"""Tells the lists of an article's own text from pointers to other articles: amounts, days, matches, measures, steps."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from kliping.annotation.roles.datelines import DASHES
from kliping.annotation.roles.draft import DECKS, Draft
from kliping.annotation.roles.stamps import CLOCK, STAMP
from kliping.annotation.roles.vocabulary import spaced, words
from kliping.knowledge import any_of, calendar

BULLET, BULLET_WORDS = "•", 5
"""A headline behind a bullet has more words than this; what is shorter is an item."""
ENTRY_LENGTH, ENTRY_WITHIN = 160, 2
"""An entry of a list is no longer than this, in code points, and has another of its kind within so many units."""
TABLE_CELLS, CELL_LENGTH = 12, 25
"""A run of fewer cells is no table; a cell is no longer than this, in code points."""
NUMBERS, ROWS = 2, 3
"""At least one in so many cells of a table is a number, and one in so many such a number beside another."""
DATED_ITEMS, DATED_GAP, DATED_FRAME = 3, 7, 2
"""So many dates, each so many units at most below the one before, are a list of dated articles, and so many units at
most above the first and below the last are of it."""
STAMP_LENGTH = 60
"""A stamp in a list is no longer than this, in code points."""

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
_BELOW_TEXT = frozenset(
    {"byline", "copyright", "interaction", "navigation", "promotion", "source", "tags", "timestamp"}
)
"""What stands below an article's text and ends it."""


def pointers(draft: Draft) -> None:
    """Find a pointer to another article: a lone bullet after the body has begun, with a headline behind it."""
    page = draft.units
    for index in range(draft.first + 1, len(page)):
        if page.roles[index] or page.text[page.starts[index]] != BULLET:
            continue
        lone = all(page.text[page.starts[i]] != BULLET for i in (index - 1, index + 1) if i < len(page))
        text = page.string(index)
        headline = draft.is_titled(index) and text[-1] != "." and text.count(" ") >= BULLET_WORDS
        if lone and headline and text.count(BULLET) == 1:
            page.decide(index, "related", "shape:lone-bullet")


def entries(draft: Draft) -> None:
    """Keep the lists of a text: amounts and values behind labels, days, matches, measures, dashes and bullets.

    Behind the last whole sentence bullets stand before other articles, and behind furniture no list is of the text.
    """
    page = draft.units
    kinds: dict[int, str] = {}
    for index in range(draft.first + 1, len(page)):
        if index > draft.last and page.roles[index] in _BELOW_TEXT:
            break
        if page.roles[index] or draft.sizes[index] > ENTRY_LENGTH:
            continue
        kind = _entry(draft, index)
        if kind and (kind != "bullet" or index < draft.last):
            kinds[index] = kind
    for index, kind in kinds.items():
        if any(kinds.get(index - d) == kind or kinds.get(index + d) == kind for d in range(1, ENTRY_WITHIN + 1)):
            page.decide(index, "paragraph", "list:entries")


def _entry(draft: Draft, index: int) -> str:
    """Return the kind of a list's entry that the line can be, nothing where it can be none."""
    text = draft.units.string(index)
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
    if ":" in text and draft.described[index].phrase is None and _VALUE.fullmatch(text):
        return "value"
    step = text[0] in DASHES and text[-1] not in DASHES and text[1:].lstrip()[:1].isalnum()
    return "step" if step and not draft.is_titled(index) else ""


@cache
def _measure() -> re.Pattern[str]:
    """Return what a quantity begins with: `2 lembar daun salam`, `1/2 sdt merica`."""
    return re.compile(rf"\d[\d/.,½¼¾–-]{{0,8}} ?(?:{'|'.join(sorted(words().measures))}) \w")


def tables(draft: Draft) -> None:
    """Keep the cells of a table below the start of the body: a long run of short lines, mostly numbers in rows."""
    page = draft.units
    if len(page) < TABLE_CELLS or sum([size <= CELL_LENGTH for size in draft.sizes]) < TABLE_CELLS:
        return
    start = draft.first + 1
    while start < len(page):
        stop = start
        while stop < len(page) and _is_cell(draft, stop):
            stop += 1
        if stop - start >= TABLE_CELLS and _holds_numbers([page.string(i) for i in range(start, stop)]):
            for index in range(start, stop):
                page.decide(index, "paragraph", "shape:table")
        start = max(stop, start + 1)


def _is_cell(draft: Draft, index: int) -> bool:
    phrase = draft.described[index].phrase
    open_ = not draft.units.roles[index] and draft.sizes[index] <= CELL_LENGTH
    return open_ and (phrase is None or phrase.text == "x")


def _holds_numbers(cells: list[str]) -> bool:
    """Tell whether cells are mostly numbers, and these stand beside each other as in the rows of a table."""
    numbers = [any(c.isdigit() for c in cell) and not any(c.isalpha() for c in cell) for cell in cells]
    rows = sum(a and b for a, b in pairwise(numbers))
    return NUMBERS * sum(numbers) >= len(numbers) and ROWS * rows >= len(numbers)


def dated(draft: Draft) -> None:
    """Find lists of other articles by their dates: full dates with a time that come again every few lines."""
    page = draft.units
    short = [i for i, size in enumerate(draft.sizes) if size <= STAMP_LENGTH and not page.roles[i]]
    for stamps in _runs([i for i in short if _is_stamp(page.string(i))]):
        if len(stamps) < DATED_ITEMS:
            continue
        begin, end = _frame(draft, stamps)
        for index in range(begin, end):
            if not page.roles[index]:
                page.decide(index, "related", "list:dated")


def _runs(stamps: list[int]) -> list[list[int]]:
    """Part the places of stamps where more than DATED_GAP units lie between two."""
    runs: list[list[int]] = []
    for index in stamps:
        if runs and index - runs[-1][-1] <= DATED_GAP:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _frame(draft: Draft, stamps: list[int]) -> tuple[int, int]:
    """Return where a list of dated articles begins and ends: with the lines above its first and below its last date."""
    page = draft.units
    between = min(min(b - a for a, b in pairwise(stamps)) - 1, DATED_FRAME)
    begin, end = stamps[0], stamps[-1] + 1
    while begin > 0 and stamps[0] - begin < between and not page.roles[begin - 1] and not draft.says(begin - 1, DECKS):
        begin -= 1
    while end < len(page) and end - stamps[-1] <= between and not page.roles[end]:
        end += 1
    return begin, end


def _is_stamp(text: str) -> bool:
    return text[-1] in "0123456789BbAaTt" and CLOCK.search(text) is not None and STAMP.fullmatch(text) is not None
