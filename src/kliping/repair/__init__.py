"""Undoes damage to text and nothing else: every change is logged with its place in the raw text and its reason.

What was typed stays: curly quotes, dashes, ellipses, ligatures, full-width forms. A line is looked at closely only
where it holds a character that some rule acts on, so sound text costs one scan.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from kliping.model import Repair
from kliping.repair import encoding
from kliping.repair.characters import NFC_SUSPECTS, SIMPLE, controls, edit_at, invisible, is_simple, nfc
from kliping.repair.edits import Edit, apply, compose
from kliping.repair.orphans import entities, lost_bytes, macroman, strays

__all__ = ["Repaired", "repair"]


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repaired text and the changes that made it, sorted, not overlapping, none across a line's end.

    Carrying out `repairs` on the raw text gives `text`. A repair replaces line terminators or stays inside a line.
    """

    text: str
    repairs: tuple[Repair, ...]
    _starts: array[int] = field(init=False, repr=False, compare=False)
    """Where in `text` each repair's `after` begins."""

    def __post_init__(self) -> None:
        starts, shift = array("q"), 0
        for change in self.repairs:
            starts.append(change.start + shift)
            shift += len(change.after) - (change.end - change.start)
        object.__setattr__(self, "_starts", starts)

    def to_raw_start(self, position: int) -> int:
        """Return the raw offset of the character at `position`; one that a repair made begins where that repair does.

        What was removed just before the character lies outside.
        """
        index = bisect_right(self._starts, position) - 1
        if index < 0:
            return position
        change = self.repairs[index]
        inside = position - self._starts[index]
        return change.start if inside < len(change.after) else change.end + inside - len(change.after)

    def to_raw_end(self, position: int) -> int:
        """Return the raw offset behind the character before `position`, which may be one that a repair made.

        What was removed just behind the character lies outside.
        """
        index = bisect_left(self._starts, position) - 1
        if index < 0:
            return position
        change = self.repairs[index]
        return change.end + max(0, position - self._starts[index] - len(change.after))

    def slice(self, start: int, end: int) -> tuple[Repair, ...]:
        """Return the repairs that lie wholly inside raw[start:end]."""
        first = bisect_left(self.repairs, start, key=_start)
        last = bisect_right(self.repairs, end, lo=first, key=_end)
        return self.repairs[first:last]


def _start(change: Repair) -> int:
    return change.start


def _end(change: Repair) -> int:
    return change.end


_PLAIN = bytes([9, 10, *range(0x20, 0x26), *range(0x27, 0x7F)])
"""Printable ASCII, tab and line feed; without `&`, which may begin an entity."""

_SOUND = frozenset("«©®·»–—―‘’“”„•…‹›™")
"""Typography on which no rule acts, alone or together."""

_SPOT = re.compile(f"[&{encoding.SUSPICIOUS}{encoding.OTHER_TRIGGERS}{SIMPLE}{NFC_SUSPECTS}]")
_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
_TERMINATOR = re.compile("[\n\r\x0b\x0c\u2028\u2029]")
_TERMINATORS = "\n\r\x0b\x0c\u2028\u2029"


def repair(raw: str) -> Repaired:
    """Return the text with its damage undone, and every change; a text that needs none comes back as it is.

    >>> repaired = repair("â€œHarga cabai turun,â€\\x9d kata\\xa0dia.")
    >>> repaired.text
    '“Harga cabai turun,” kata dia.'
    >>> [(change.start, change.end, change.after, change.reason) for change in repaired.repairs]
    [(0, 3, '“', 'mojibake'), (21, 24, '”', 'mojibake'), (29, 30, ' ', 'odd-space')]
    """
    residue = raw.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    if not residue or _SOUND.issuperset(residue.decode("utf-8", "surrogatepass")):
        return Repaired(raw, ())
    edits = _edits(raw)
    return Repaired(
        apply(raw, edits), tuple(Repair(e.start, e.end, raw[e.start : e.end], e.after, e.reason) for e in edits)
    )


def _edits(raw: str) -> list[Edit]:
    """All edits of a text: invisible characters one by one, every other spot with the line it stands in."""
    edits: list[Edit] = []
    done = 0
    spot = _SPOT.search(raw)
    while spot:
        position = spot.start()
        if is_simple(raw[position]):
            edit = edit_at(raw, position)
            edits += [edit] if edit else []
            next_position = edit.end if edit else position + 1
        elif raw[position] == "&" and not _ENTITY.match(raw, position):
            next_position = position + 1
        else:
            start, next_position = _line_around(raw, position, done)
            while edits and edits[-1].start >= start:
                edits.pop()
            edits += _line_edits(raw, start, next_position)
            done = next_position
        spot = _SPOT.search(raw, next_position)
    return edits


def _line_around(raw: str, position: int, floor: int) -> tuple[int, int]:
    """The line that holds `position`, without its terminator; nothing before `floor` is looked at."""
    start = max(floor, *(raw.rfind(terminator, floor, position) + 1 for terminator in _TERMINATORS))
    terminator = _TERMINATOR.search(raw, position)
    return start, terminator.start() if terminator else len(raw)


def _line_edits(raw: str, start: int, end: int) -> Iterator[Edit]:
    for left, right in encoding.pieces(raw, start, end):
        if _SPOT.search(raw, left, right):
            for edit in _piece_edits(raw[left:right]):
                yield edit._replace(start=edit.start + left, end=edit.end + left)


_STEPS = (controls, lost_bytes, encoding.fix_edits, macroman, strays, invisible, nfc)
"""In this order: U+00A0 and the soft hyphen are bytes of mojibake, so they may go only after it is undone."""


def _piece_edits(piece: str) -> list[Edit]:
    """What all steps together do to one line or a piece of a long one."""
    unescaped = entities(piece)
    text = apply(piece, unescaped)
    current, cuts = encoding.condense(text)
    edits: list[Edit] = []
    for step in _STEPS:
        found = step(current)
        if found:
            edits = compose(edits, current, found)
            current = apply(current, found)
    return compose(unescaped, text, encoding.expand(edits, cuts))
