"""Decides by knowledge alone, unit by unit and then by what units say together: titles, tables, lists, captions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice, pairwise

from kliping.annotation.roles import labels
from kliping.annotation.roles.alone import CALL_LENGTH, decide_unit
from kliping.annotation.roles.entries import mark_entries, mark_pointers
from kliping.annotation.roles.features import (
    LABEL_WITHIN,
    OPEN_ENDINGS,
    SHAPE_CODES,
    UNIT_TEMPLATES,
    Description,
    describe_unit,
    normal,
)
from kliping.annotation.roles.knowledge import words
from kliping.annotation.roles.stamps import STAMP
from kliping.annotation.roles.units import Units

TITLE_LENGTH = 20
"""A shorter line may recur by chance, in code points."""
DECK_LENGTH, DECK_OPENING, DECK_OVERLAP = 60, 3, 45
"""A deck has so many code points at least, shares so many first words with the text, so many hundredths of all."""
HEAD_LENGTH, NUMBERED_HEADS, NUMBERED_ITEMS = 80, 2, 3
"""A head is no longer than this, in code points; so many make a listicle, so many items a list."""
DATED_ITEMS, DATED_GAP = 3, 7
"""So many dates, each so many units at most below the one before, are a list of dated articles."""
TABLE_CELLS, CELL_LENGTH = 12, 25
"""A run of fewer cells is no table; a cell is no longer than this, in code points."""
CAPTION_LENGTH, CREDIT_LENGTH, CREDIT_WORDS, ABOVE_BODY = 320, 60, 7, 6
"""A caption and a credit before it are no longer than this, in code points; a credit has so many words at most, and a
caption above the body stands so many units above it at most."""
GLUED_CAPTION_LENGTH = 160
"""A longer line that opens with a glued caption goes on with text."""
SMALL_LENGTH = 60
"""A credit or an advertisement between a numbered head and its text is no longer than this, in code points."""
STAMP_LENGTH = 60
"""A stamp in a list is no longer than this, in code points."""

_NUMBER = re.compile(r"(?:\d{1,2}|[a-zA-Z])[.)] ?[^\W\d_]")
_WORDS = re.compile(r"[^\W_]{1,60}")
_CONTENTS = ("aftar Isi", "aftar isi", "AFTAR ISI")
_ENDING, _WHAT, _SHAPE = (UNIT_TEMPLATES.index(template) for template in ("ending", "what", "shape"))
_PLAIN = SHAPE_CODES["plain"]
_DECKS = frozenset({_PLAIN, SHAPE_CODES["sentence"], SHAPE_CODES["long-open"]})


def describe_units(page: Units) -> list[Description]:
    """Describe every unit of a page by its own text."""
    text = page.text
    return [describe_unit(text[start:end]) for start, end in zip(page.starts, page.ends, strict=True)]


def decide(page: Units, described: list[Description]) -> None:
    """Fill in the roles that knowledge decides, each with the rule that did it."""
    roles, sizes = page.roles, page.sizes()
    shapes = [description.codes[_SHAPE] for description in described]
    cores = [i for i, shape in enumerate(shapes) if shape == _PLAIN and not roles[i]]
    first, last = (cores[0], cores[-1]) if cores else (len(page), -1)
    for index, description in enumerate(described):
        if roles[index] or (
            shapes[index] == _PLAIN and sizes[index] > CALL_LENGTH and not description.codes[_WHAT] & 2
        ):
            continue
        role, rule = decide_unit(page, index, description, first, last)
        if role:
            roles[index], page.rules[index] = role, rule
    _deck(page, described)
    if "shape:stamp" in page.rules:
        _only_stamp(page, first)
    loose = any(shape != _PLAIN and not role for shape, role in zip(shapes, roles, strict=True))
    if loose:
        _credited(page, first, last, sizes)
        _unfinished(page, described, first)
        labels.pointed(page, described, sizes)
        _title(page, first)
        _contents(page)
        labels.values(page, described)
        labels.lists(page, described, first)
        labels.joined(page, sizes)
    _join_decided(page, first)
    if loose:
        _tables(page, described, first, sizes)
        _dated(page, described, sizes)
        _numbered(page, first, sizes)
        mark_pointers(page, described, first)
        mark_entries(page, described, first, last, sizes)


def _join_decided(page: Units, first: int) -> None:
    """Let what is decided by now speak for the lines beside it."""
    rules = set(page.rules)
    if "copyright" in page.roles:
        labels.rights(page)
    if "shape:credit-first" in rules:
        labels.captions(page, first)
    if "shape:stamp" in rules or "shape:tweet" in rules:
        labels.stamp_lines(page)
    if "split:closing-byline" in rules:
        labels.foreign(page)


def _credited(page: Units, first: int, last: int, sizes: Sequence[int]) -> None:
    """Find the captions in and above the body whose credit tells: it closes them, or is glued to an `Ilustrasi`."""
    for index in range(max(0, first - ABOVE_BODY), last):
        if not page.roles[index] and sizes[index] <= CAPTION_LENGTH and _has_credit(page.string(index)):
            page.roles[index], page.rules[index] = "caption", "shape:credit-last"


def _has_credit(text: str) -> bool:
    pictured, _, name = text.rpartition("Foto:")
    if pictured and 0 < len(name.split()) <= CREDIT_WORDS:
        return True
    if text.endswith(")"):
        return _picture_source().match(text, text.rfind("(")) is not None
    glued = text.find("Ilustrasi", 1, CREDIT_LENGTH)
    return glued > 0 and text[glued - 1].isalnum() and len(text) <= GLUED_CAPTION_LENGTH


@cache
def _picture_source() -> re.Pattern[str]:
    """Return what brackets begin with that name a picture's source: `(instagram/rukmini)`, `(Dok. Pemkab)`."""
    return re.compile(rf"\((?i:{'|'.join(sorted(words().picture_sources))})(?:[/:.]| by )")


def _unfinished(page: Units, described: Sequence[Description], first: int) -> None:
    """Keep the lines of the body that end in the middle of a sentence, as crawlers break one at a link: `Menurut`."""
    opening = page.roles.index("dateline") if "dateline" in page.roles else first
    for index in range(min(first, opening), len(page)):
        open_end = described[index].codes[_ENDING] in OPEN_ENDINGS and described[index].phrase is None
        if open_end and not page.roles[index]:
            last = page.string(index).rpartition(" ")[2]
            if not last.isupper() and last.casefold() in words().unfinished:
                page.roles[index], page.rules[index] = "paragraph", "shape:unfinished"


def _only_stamp(page: Units, first: int) -> None:
    """Take the stamps back where several stand before the body: they date other articles, and the model decides."""
    stamps = [i for i in range(min(first, len(page))) if page.rules[i] == "shape:stamp"]
    if len({page.string(i) for i in stamps}) > 1:
        for i in stamps:
            page.roles[i], page.rules[i] = "", ""


def _title(page: Units, first: int) -> None:
    """Find the title that the page says twice: its first line, with or without a site, and again above the body."""
    if not len(page) or page.roles[0] or first >= len(page):
        return
    title = normal(page.string(0))
    if len(title) > LABEL_WITHIN:
        return
    copies = [
        i for i in range(1, first) if len(text := normal(page.string(i))) >= TITLE_LENGTH and title.startswith(text)
    ]
    if copies and not page.roles[copies[-1]]:
        for index in (0, copies[-1]):
            page.roles[index], page.rules[index] = "headline", "shape:title-repeated"


def _deck(page: Units, described: list[Description]) -> None:
    """Find a deck on the first line: it opens as the next line does, and half of its words come again there."""
    if len(page) < 3 or page.roles[0] or page.roles[1] or described[0].codes[_SHAPE] not in _DECKS:
        return
    if not DECK_LENGTH <= page.ends[0] - page.starts[0] < page.ends[1] - page.starts[1]:
        return
    opening, following = (page.string(i)[:LABEL_WITHIN].casefold() for i in (0, 1))
    if _first_words(opening) != _first_words(following):
        return
    deck, text = _WORDS.findall(opening), _WORDS.findall(following)
    words_ = {word for word in deck if len(word) > 3}
    if deck != text and 100 * len(words_.intersection(text)) >= DECK_OVERLAP * len(words_):
        page.roles[0], page.rules[0] = "subheadline", "shape:restated"


def _first_words(text: str) -> list[str]:
    return [match.group() for match in islice(_WORDS.finditer(text), DECK_OPENING)]


def _contents(page: Units) -> None:
    """Tell a table of contents, whose lines come again, from the headings that it lists."""
    if not any(title in page.text for title in _CONTENTS):
        return
    texts = [normal(page.string(i)) for i in range(len(page))]
    for start in (i for i, text in enumerate(texts) if text == "daftar isi"):
        index = start + 1
        while index < len(page) and texts[index] in texts[index + 1 :] and not page.roles[index]:
            page.roles[index], page.rules[index] = "navigation", "list:contents"
            for copy in range(index + 1, len(page)):
                if texts[copy] == texts[index] and not page.roles[copy]:
                    page.roles[copy], page.rules[copy] = "subheading", "list:contents"
            index += 1


def _tables(page: Units, described: list[Description], first: int, sizes: Sequence[int]) -> None:
    """Keep the cells of a table below the start of the body: a long run of short lines, mostly numbers in rows."""
    if len(page) < TABLE_CELLS or sum([size <= CELL_LENGTH for size in sizes]) < TABLE_CELLS:
        return
    start = first + 1
    while start < len(page):
        stop = start
        while stop < len(page) and _is_cell(page, described[stop], stop):
            stop += 1
        numbers = [
            any(c.isdigit() for c in t) and not any(c.isalpha() for c in t)
            for t in map(page.string, range(start, stop))
        ]
        rows = sum(a and b for a, b in pairwise(numbers))
        if stop - start >= TABLE_CELLS and 2 * sum(numbers) >= len(numbers) and 3 * rows >= len(numbers):
            for index in range(start, stop):
                page.roles[index], page.rules[index] = "paragraph", "shape:table"
        start = max(stop, start + 1)


def _numbered(page: Units, first: int, sizes: Sequence[int]) -> None:
    """Tell numbered heads of sections, each over its text, from the numbered items of a list, one under the other."""
    short = [i for i, size in enumerate(sizes) if size <= HEAD_LENGTH and i > first and _is_numbered(page, i)]
    heads = [i for i in short if _is_text(page, i + 1) or (_is_small(page, i + 1) and _is_text(page, i + 2))]
    items = [i for i in short if _is_numbered(page, i + 1) or _is_numbered(page, i - 1)]
    if len(heads) >= NUMBERED_HEADS and not items:
        for index in heads:
            page.roles[index], page.rules[index] = "subheading", "list:heads"
    if len(items) >= NUMBERED_ITEMS:
        for index in items:
            page.roles[index], page.rules[index] = "paragraph", "list:items"


def _is_numbered(page: Units, index: int) -> bool:
    if not 0 <= index < len(page) or page.roles[index] not in ("", "paragraph"):
        return False
    return page.ends[index] - page.starts[index] <= HEAD_LENGTH and _NUMBER.match(page.string(index)) is not None


def _is_small(page: Units, index: int) -> bool:
    """Tell whether a head's photo credit, an advertisement or the like may stand on the line."""
    if index >= len(page) or _is_numbered(page, index):
        return False
    return page.ends[index] - page.starts[index] <= SMALL_LENGTH


def _is_text(page: Units, index: int) -> bool:
    return index < len(page) and not page.roles[index] and page.ends[index] - page.starts[index] > HEAD_LENGTH


def _dated(page: Units, described: list[Description], sizes: Sequence[int]) -> None:
    """Find lists of other articles by their dates: full dates with a time that come again every few lines."""
    short = [i for i, size in enumerate(sizes) if size <= STAMP_LENGTH and not page.roles[i]]
    stamps = [i for i in short if _is_stamp(page.string(i))]
    start = 0
    while start < len(stamps):
        stop = start + 1
        while stop < len(stamps) and stamps[stop] - stamps[stop - 1] <= DATED_GAP:
            stop += 1
        if stop - start >= DATED_ITEMS:
            step = min(b - a for a, b in pairwise(stamps[start:stop])) - 1
            begin, end = stamps[start], stamps[stop - 1] + 1
            while begin > 0 and stamps[start] - begin < min(step, 2) and _is_loose(page, described, begin - 1):
                begin -= 1
            while end < len(page) and end - stamps[stop - 1] <= min(step, 2) and not page.roles[end]:
                end += 1
            for index in range(begin, end):
                if not page.roles[index]:
                    page.roles[index], page.rules[index] = "related", "list:dated"
        start = stop


def _is_stamp(text: str) -> bool:
    return text[-1] in "0123456789BbAaTt" and STAMP.fullmatch(text) is not None


def _is_loose(page: Units, described: list[Description], index: int) -> bool:
    return not page.roles[index] and described[index].codes[_SHAPE] not in _DECKS


def _is_cell(page: Units, described: Description, index: int) -> bool:
    return (
        not page.roles[index]
        and page.ends[index] - page.starts[index] <= CELL_LENGTH
        and (described.phrase is None or described.phrase.text == "x")
    )
