"""Undoes damage to text and nothing else: every change is logged with its place in the raw text and its reason.

What was typed stays: curly quotes, dashes, ellipses, ligatures, full-width forms. A line is looked at closely only
where it holds a character that some rule acts on, so sound text costs one scan.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kliping.annotation.repair import mojibake
from kliping.annotation.repair.characters import NFC_SUSPECTS, SIMPLE, controls, edit_at, invisible, is_simple, nfc
from kliping.annotation.repair.edits import Edit, apply, compose
from kliping.annotation.repair.macintosh import only_typography
from kliping.annotation.repair.orphans import entities, latin_letters, lost_bytes, macroman, strays
from kliping.model import Repair

__all__ = ["Repaired", "repair"]


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repaired text and the changes that made it, sorted, not overlapping, none across a line's end.

    Carrying out `repairs` on the raw text gives `text`. A repair replaces line terminators or stays inside a line.
    """

    text: str
    repairs: tuple[Repair, ...]
    _starts: Sequence[int] = field(init=False, repr=False, compare=False, default=())
    """Where in `text` each repair's `after` begins."""
    _raw_starts: Sequence[int] = field(init=False, repr=False, compare=False, default=())
    """Where in the raw text each repair begins."""

    def __post_init__(self) -> None:
        if not self.repairs:
            return
        starts, shift = array("q"), 0
        for start, end, _, after, _ in self.repairs:
            starts.append(start + shift)
            shift += len(after) - (end - start)
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "_raw_starts", array("q", [change.start for change in self.repairs]))

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
        behind = position - self._starts[index] - len(change.after)
        return change.end + behind if behind > 0 else change.end

    def from_raw(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of `text` that raw[start:end] became; what a repair changed is in it as a whole or not."""
        return self._from_raw_start(start), self._from_raw_end(end)

    def _from_raw_start(self, position: int) -> int:
        index = bisect_right(self._raw_starts, position) - 1
        if index < 0:
            return position
        change, begin = self.repairs[index], self._starts[index]
        return begin if position < change.end else begin + len(change.after) + position - change.end

    def _from_raw_end(self, position: int) -> int:
        index = bisect_left(self._raw_starts, position) - 1
        if index < 0:
            return position
        change = self.repairs[index]
        return self._starts[index] + len(change.after) + max(0, position - change.end)

    def slice(self, start: int, end: int) -> tuple[Repair, ...]:
        """Return the repairs that lie wholly inside raw[start:end]."""
        first = bisect_left(self._raw_starts, start)
        last = bisect_right(self._raw_starts, end, lo=first)
        if last > first and self.repairs[last - 1].end > end:
            last -= 1
        return self.repairs[first:last]


_PLAIN = bytes([9, 10, *range(0x20, 0x26), *range(0x27, 0x7F)])
"""Printable ASCII, tab and line feed; without `&`, which may begin an entity."""

_SOUND = frozenset("«©®·»–—―‘’“”„•…‹›™")
"""Typography on which no rule acts, alone or together."""

_SPOT = re.compile(f"[&{mojibake.SUSPICIOUS}{mojibake.OTHER_TRIGGERS}{SIMPLE}{NFC_SUSPECTS}]")
_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
_TERMINATOR = re.compile("[\n\r\x0b\x0c\u2028\u2029]")
_TERMINATORS = "\n\r\x0b\x0c\u2028\u2029"
_FEW = 12
"""So many different characters are looked for one by one, which is faster than all at once."""


def repair(raw: str) -> Repaired:
    """Return the text with its damage undone, and every change; a text that needs none comes back as it is.

    >>> repaired = repair("â€œHarga cabai turun,â€\\x9d kata\\xa0dia.")
    >>> repaired.text
    '“Harga cabai turun,” kata dia.'
    >>> [(change.start, change.end, change.after, change.reason) for change in repaired.repairs]
    [(0, 3, '“', 'mojibake'), (21, 24, '”', 'mojibake'), (29, 30, ' ', 'odd-space')]
    """
    residue = _residue(raw)
    if not residue or _SOUND.issuperset(residue):
        return Repaired(raw, ())
    edits = only_typography(raw, residue) if len(raw) <= mojibake.PIECE else None
    if edits is None:
        edits = _edits(raw, _spots(raw, set(residue) - _SOUND))
    changes = [Repair(start, end, raw[start:end], after, reason) for start, end, after, reason in edits]
    return Repaired(apply(raw, edits), tuple(changes))


def _residue(text: str) -> str:
    """What is left of a text without its plain characters."""
    return text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")


def _spots(raw: str, odd: Iterable[str]) -> list[int]:
    """Where a rule may act, in order; `odd` are the characters of `raw` that are neither plain nor sound."""
    acting = _SPOT.findall("".join(odd))
    if len(acting) > _FEW:
        return [match.start() for match in _SPOT.finditer(raw)]
    spots: list[int] = []
    for character in acting:
        pattern = _ENTITY if character == "&" else re.compile(re.escape(character))
        spots += [match.start() for match in pattern.finditer(raw)]
    return sorted(spots)


def _edits(raw: str, spots: Iterable[int]) -> list[Edit]:
    """All edits of a text: invisible characters one by one, every other spot with the line it stands in."""
    edits: list[Edit] = []
    lines_end = done = 0
    for position in spots:
        if position < done:
            continue
        if is_simple(raw[position]):
            edit = edit_at(raw, position)
            if edit:
                edits.append(edit)
                done = edit.end
        elif raw[position] != "&" or _ENTITY.match(raw, position):
            start, lines_end = _line_around(raw, position, lines_end)
            while edits and edits[-1].start >= start:
                edits.pop()
            edits += _line_edits(raw, start, lines_end)
            done = lines_end
    return edits


def _line_around(raw: str, position: int, floor: int) -> tuple[int, int]:
    """The line that holds `position`, without its terminator; nothing before `floor` is looked at."""
    start = max(floor, *(raw.rfind(terminator, floor, position) + 1 for terminator in _TERMINATORS))
    terminator = _TERMINATOR.search(raw, position)
    return start, terminator.start() if terminator else len(raw)


def _line_edits(raw: str, start: int, end: int) -> Iterator[Edit]:
    for left, right in mojibake.pieces(raw, start, end):
        if _SPOT.search(raw, left, right):
            for edit_start, edit_end, after, reason in _piece_edits(raw[left:right]):
                yield Edit(left + edit_start, left + edit_end, after, reason)


_STEPS = (controls, lost_bytes, mojibake.fix_edits, macroman, latin_letters, strays, invisible, nfc)
"""In this order: U+00A0 and the soft hyphen are bytes of mojibake, so they may go only after it is undone."""


def _piece_edits(piece: str) -> list[Edit]:
    """What all steps together do to one line or a piece of a long one."""
    edits = only_typography(piece, _residue(piece))
    return _all_steps(piece) if edits is None else edits


def _all_steps(piece: str) -> list[Edit]:
    unescaped = entities(piece)
    text = apply(piece, unescaped)
    current, cuts = mojibake.condense(text)
    edits: list[Edit] = []
    for step in _STEPS:
        found = step(current)
        if found:
            edits = compose(edits, current, found)
            current = apply(current, found)
    return compose(unescaped, text, mojibake.expand(edits, cuts))
