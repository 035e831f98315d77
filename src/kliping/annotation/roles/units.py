"""Cuts a page into units: stretches of one line that get one role each, with the roles that knowledge alone decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kliping.annotation.roles import datelines
from kliping.annotation.roles.cuts import NO_ANCHORS, Anchors, Piece, anchors, between, cut, is_whole
from kliping.annotation.roles.knowledge import words
from kliping.annotation.roles.openings import debris, lead
from kliping.annotation.roles.stamps import beside
from kliping.annotation.scan import Joined

BODY_LENGTH = 60
"""From this length on, in code points, a line may be the first one of the body."""

BROKEN_WITHIN = 16
"""Into so many lines a crawler may break the first sentence, whose links it puts on lines of their own."""
LEAD_PIECES, LEAD_LENGTH = 12, 110
"""The text of a page begins within so many pieces, with one of so many code points."""
PLACE_WITHIN = 3
"""Only within so many long lines from the top may a place alone be a dateline; below, it has to name an outlet."""


@dataclass(slots=True)
class Units:
    """The units of one page, as parallel lists in the order of the text."""

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    """Decided by knowledge, empty where the model decides."""
    rules: list[str] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)
    """White lines before the unit, 0 to 2; -1 where it continues the line of the unit before it."""
    lines: list[int] = field(default_factory=list)
    """Number of the raw line that the unit stands on."""

    def __len__(self) -> int:
        return len(self.starts)

    def string(self, index: int) -> str:
        """Return the text of one unit."""
        return self.text[self.starts[index] : self.ends[index]]

    def sizes(self) -> list[int]:
        """Return the length of each unit, in code points."""
        return [end - start for start, end in zip(self.starts, self.ends, strict=True)]

    def add(self, start: int, end: int, blanks: int, line: int, role: str = "", rule: str = "") -> None:
        """Append a unit."""
        self.starts.append(start)
        self.ends.append(end)
        self.roles.append(role)
        self.rules.append(rule)
        self.blanks.append(blanks)
        self.lines.append(line)


def units(text: str, found: Anchors | None = None) -> Units:
    """Return the units of a page: every visible character lies in exactly one, none crosses a line.

    `found` are the anchors of the text, where they are known already.
    """
    result = Units(text)
    if found is None:
        (found,) = anchors(Joined([text]))
    left = _debris(text)
    lines = text.split("\n") if "\n" in text else [text]
    offset, blanks = 0, 0
    for number, line in enumerate(lines):
        stripped = line.strip()
        if not stripped:
            blanks = min(blanks + 1, 2)
        else:
            start = line.find(stripped[0]) if line[0] != stripped[0] else 0
            inside = between(found, offset, offset + len(line)) if len(lines) > 1 else found
            for piece in _line(line, start, start + len(stripped), inside, offset, left):
                result.add(offset + piece.start, offset + piece.end, blanks, number, piece.role, piece.rule)
                blanks = -1
            blanks = 0
        offset += len(line) + 1
    if len(result):
        _lead(result, found.openings)
    _join_captions(result)
    _mark_dateline(result)
    return result


def _debris(text: str) -> Sequence[Piece]:
    """Return what a crawler left around the text: half a dateline at its start, the signs of a list or a cell."""
    end = len(text.rstrip())
    start = len(text) - len(text.lstrip())
    return tuple(debris(text, start, end)) if start < end else ()


def _line(line: str, start: int, end: int, found: Anchors, offset: int, left: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces of a line, what is left around the text apart from the rest."""
    ends = [piece for piece in left if offset + start <= piece.start and piece.end <= offset + end]
    before = [piece for piece in ends if piece.start == offset + start]
    after = [piece for piece in ends if piece.start > offset + start]
    for piece in before:
        yield piece._replace(start=piece.start - offset, end=piece.end - offset)
        start = piece.end - offset
    if after:
        end = after[0].start - offset
    stretch = line[start:end]
    start, end = start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())
    if start < end:
        yield from _pieces(line, start, end, found)
    for piece in after:
        yield piece._replace(start=piece.start - offset, end=piece.end - offset)


def _pieces(line: str, start: int, end: int, found: Anchors) -> Sequence[Piece]:
    if stamped := list(beside(line, start, end)):
        return stamped
    if found is NO_ANCHORS and is_whole(line[start:end]):
        return (Piece(start, end),)
    return cut(line, start, end, found)


def _lead(page: Units, openings: Sequence[int]) -> None:
    """Cut what is glued before the text of the page's first long piece: titles, bylines, stamps, decks, captions."""
    if "dateline" in page.roles:
        return
    for index in range(min(len(page), LEAD_PIECES)):
        start, end = page.starts[index], page.ends[index]
        if page.roles[index] or end - start < LEAD_LENGTH:
            continue
        opening = next((place for place in openings if place > start), -1)
        for piece in lead(page.text, start, end, opening):
            _cut(page, index, piece.end - page.starts[index], piece.role, piece.rule)
            index += 1
        return


_CLOSINGS = frozenset({"split:closing-agency", "split:closing-byline", "split:closing-outlet"})


def _join_captions(page: Units) -> None:
    """Give closing credits back to their line unless it ends the body: inside a page they belong to a caption."""
    if _CLOSINGS.isdisjoint(page.rules):
        return
    for index in range(len(page) - 1, 0, -1):
        if page.rules[index] in _CLOSINGS and page.blanks[index] == -1 and _long_follows(page, index):
            page.ends[index - 1] = page.ends[index]
            for column in (page.starts, page.ends, page.roles, page.rules, page.blanks, page.lines):
                del column[index]


def _long_follows(page: Units, index: int) -> bool:
    following = range(index + 1, min(index + 5, len(page)))
    return any(page.ends[i] - page.starts[i] >= BODY_LENGTH and not page.roles[i] for i in following)


def _mark_dateline(page: Units) -> None:
    """Find the one dateline of the page, on its own line or lines or as the prefix of the first line of the body."""
    if "dateline" in page.roles:
        return
    long_lines = 0
    for index in range(len(page)):
        if page.roles[index]:
            continue
        start, end = page.starts[index], page.ends[index]
        if end - start < BODY_LENGTH or page.text[start] in datelines.DASHES:
            if _mark_lines(page, index):
                return
            if end - start < BODY_LENGTH:
                continue
        line = page.text[start:end]
        if long_lines >= PLACE_WITHIN and "." not in line[:40] and "(" not in line[:40]:
            continue
        sentence = line[-1] in ".!?\"”'’,:" or end - start > 140
        cut = datelines.prefix_end(line, sentence and long_lines < PLACE_WITHIN)
        if cut:
            _cut(page, index, cut, "dateline", "dateline:prefix")
            return
        long_lines += sentence


def _cut(page: Units, index: int, cut: int, role: str, rule: str) -> None:
    """Split the unit after `cut` code points and give its first part a role."""
    start, end = page.starts[index], page.ends[index]
    rest = page.text[start + cut : end]
    begin = start + cut + len(rest) - len(rest.lstrip())
    page.ends[index] = start + cut
    page.roles[index], page.rules[index] = role, rule
    if begin < end:
        page.starts.insert(index + 1, begin)
        page.ends.insert(index + 1, end)
        page.roles.insert(index + 1, "")
        page.rules.insert(index + 1, "")
        page.blanks.insert(index + 1, -1)
        page.lines.insert(index + 1, page.lines[index])


def _mark_lines(page: Units, index: int) -> bool:
    """Mark short lines that together are a dateline and stand before the body: `KUPANG` / `-`, `Kabar.id, Kupang -`."""
    first_character = page.text[page.starts[index]]
    if first_character in datelines.DASHES:
        line = page.string(index)
        dash = datelines.opening_dash(line)
        if not dash and not (datelines.is_dash(line) and _before_body(page, index, BROKEN_WITHIN)):
            return False
        first = _first_line(page, index)
        if first == index:
            return False
        if dash:
            _cut(page, index, dash, "dateline", "dateline:lines")
        for i in range(first, index + 1):
            page.roles[i], page.rules[i] = "dateline", "dateline:lines"
        return True
    if page.ends[index] - page.starts[index] < BODY_LENGTH and first_character.isalnum():
        line = page.string(index)
        if datelines.is_line(line) and _before_body(page, index):
            page.roles[index], page.rules[index] = "dateline", "dateline:line"
            return True
    return False


def _first_line(page: Units, dash: int) -> int:
    """Return the first of the short lines that are a dateline up to the one with the dash; `dash` if there are none.

    They name an outlet, or they are one single place; a place is known, or opens the page and is no item of a menu.
    """
    best = dash
    opens = dash == 1 and not any(
        datelines.is_dash(page.string(i)) for i in range(2, min(len(page), 2 + BROKEN_WITHIN))
    )
    for first in range(dash - 1, max(-1, dash - 5), -1):
        if page.ends[first] - page.starts[first] > 40 or page.roles[first]:
            break
        joined = " ".join(page.string(i) for i in range(first, dash)).replace(" ,", ",")
        strength = datelines.is_prefix(joined)
        if joined.count(")") > joined.count("(") or (best < dash and not datelines.domain_at_start(joined)):
            continue
        name = joined.split(",")[0].casefold()
        if strength == 2 or (strength == 1 and (name in words().places or (opens and name not in words().menu))):
            best = first
    return best


def _before_body(page: Units, index: int, within: int = 3) -> bool:
    """Tell whether a line of a body follows within so many lines."""
    following = range(index + 1, min(index + 1 + within, len(page)))
    return any(page.ends[i] - page.starts[i] >= BODY_LENGTH for i in following)
