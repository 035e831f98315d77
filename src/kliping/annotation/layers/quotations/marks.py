"""Pairs quotation marks: the stretches of a text between marks, even where one of the two was lost.

The time is linear in the text. Marks of any form pair with each other: what stands beside a mark says whether it opens
or closes, its form only where that leaves it open.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from kliping import knowledge
from kliping.annotation.layers.quotations.cues import behind_pattern, lost_closing_pattern
from kliping.model import PARAGRAPH_BREAK

_OPENS, _CLOSES, _EITHER = range(3)
_BEFORE_OPENING = frozenset("([{/-–—\u2026:")
_BEHIND_CLOSING = frozenset(".,;:!?)]}/-–—*\u2026")


class Quoted(NamedTuple):
    """A stretch [start, end) between marks, which it includes; a lost one is not `opened`, or not `closed`."""

    start: int
    end: int
    opened: bool = True
    closed: bool = True


class _Mark(NamedTuple):
    start: int
    end: int
    sense: int
    single: bool


@functools.cache
def _mark() -> re.Pattern[str]:
    known = knowledge.load("quotations.toml")["marks"]
    return re.compile(knowledge.any_of([mark for marks in known.values() for mark in marks]))


@functools.cache
def _forms() -> dict[str, int]:
    known = knowledge.load("quotations.toml")["marks"]
    senses = (("opening", _OPENS), ("closing", _CLOSES), ("either", _EITHER))
    return {mark: sense for name, sense in senses for mark in known[name]}


def without_marks(text: str) -> str:
    """Return a text without the marks and the white space around it."""
    return text.strip(_edges())


@functools.cache
def _edges() -> str:
    known = knowledge.load("quotations.toml")["marks"]
    return "".join(sorted({character for marks in known.values() for mark in marks for character in mark})) + " \n\t"


def find_quoted(text: str) -> list[Quoted]:
    """Return the stretches between quotation marks, in order; none overlaps another.

    A stretch runs on into the next paragraphs where those begin with an opening mark, or where the first of them that
    has a mark closes. A mark that closes what nothing opened is an empty stretch that ends behind it, not `opened`.
    """
    return list(_Pairing(text).run())


class _Pairing:
    """The state of one pass over a text: what is open, and what was found."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open: _Mark | None = None
        self.depth = 0
        self.checked = 0
        """Behind the last mark that was seen: up to here nothing was lost."""
        self.closing = 0
        """Behind the last mark that may have closed what is open."""
        self.found: list[Quoted] = []

    def run(self) -> list[Quoted]:
        for match in _mark().finditer(self.text):
            mark = self._read(match)
            if mark is None:
                continue
            if self.open is not None:
                self._pass_break(mark)
            self._take(mark)
            self.checked = mark.end
        if self.open is not None:
            self._give_up(len(self.text))
        return self.found

    def _read(self, match: re.Match[str]) -> _Mark | None:
        """The mark with its sense; None for an apostrophe, or for a mark within another quotation."""
        text, (start, end) = self.text, match.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        form = _forms().get(match[0])
        if form is None and (
            (before.isalnum() and after.isalnum()) or (self.open is not None and not self.open.single)
        ):
            return None
        free_before = not before or before.isspace() or before in _BEFORE_OPENING
        free_after = not after or after.isspace() or after in _BEHIND_CLOSING
        sense = _EITHER if form is None else form
        if free_before != free_after:
            sense = _OPENS if free_before else _CLOSES
        return _Mark(start, end, sense, form is None)

    def _take(self, mark: _Mark) -> None:
        if self.open is None:
            if mark.sense != _CLOSES and not self._closes_nothing(mark):
                self._begin(mark)
            elif not mark.single:
                self.found.append(Quoted(mark.start, mark.end, opened=False))
        elif self.open.single and not mark.single:
            self.open = None
            self._take(mark)
        elif mark.sense != _OPENS or behind_pattern().match(self.text, mark.end):
            self._close(mark)
        elif self.open.single:
            self._begin(mark)
        else:
            self._open_again(mark)

    def _closes_nothing(self, mark: _Mark) -> bool:
        """Whether a mark that seems to open closes what nothing opened: `Kami siap, "ujarnya`."""
        before = self.text[max(0, mark.start - 2) : mark.start].strip()
        beside = self.text[mark.end : mark.end + 1].islower()
        return beside and before[-1:] in {",", "."} and behind_pattern().match(self.text, mark.end) is not None

    def _begin(self, mark: _Mark) -> None:
        self.open, self.depth, self.closing = mark, 0, 0

    def _close(self, mark: _Mark) -> None:
        if self.open is None:
            return
        if self.depth:
            self.depth -= 1
            self.closing = mark.end
            return
        self.found.append(Quoted(self.open.start, mark.end))
        self.open = None

    def _open_again(self, mark: _Mark) -> None:
        """An opening mark within what is open: nested, or the closing mark was lost."""
        if self.open is None:
            return
        lost = lost_closing_pattern().search(self.text, self.checked, mark.start)
        if lost:
            self.found.append(Quoted(self.open.start, lost.end(), closed=False))
            self._begin(mark)
        else:
            self.depth += 1

    def _pass_break(self, mark: _Mark) -> None:
        """What is open before a break of paragraphs runs on only where the mark behind it says so."""
        if self.open is None:
            return
        end = self.text.find(PARAGRAPH_BREAK, self.checked, mark.start)
        if end < 0:
            return
        if self.open.single:
            self.open = None
            return
        behind = self.text.rfind(PARAGRAPH_BREAK, end, mark.start) + len(PARAGRAPH_BREAK)
        lost = lost_closing_pattern().search(self.text, self.checked, end)
        runs_on = behind == end + len(PARAGRAPH_BREAK) and (
            mark.sense == _CLOSES or (mark.start == behind and mark.sense == _OPENS)
        )
        if lost or not runs_on or mark.single:
            self._give_up(end)
        elif mark.sense == _OPENS:
            self.depth -= 1

    def _give_up(self, end: int) -> None:
        """What nothing closes ends where its speaker is named, at the last mark within, or with its paragraph."""
        opened, self.open = self.open, None
        if opened is None or opened.single:
            return
        lost = lost_closing_pattern().search(self.text, max(self.checked, opened.end), end)
        if lost:
            self.found.append(Quoted(opened.start, lost.end(), closed=False))
        elif self.closing:
            self.found.append(Quoted(opened.start, self.closing))
        else:
            stop = self.text.find(PARAGRAPH_BREAK, opened.end, end)
            words = self.text[opened.start : end if stop < 0 else stop].rstrip()
            self.found.append(Quoted(opened.start, opened.start + len(words), closed=False))
