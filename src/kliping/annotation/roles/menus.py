"""Takes the inside of long menus out of a saved web page before it is labelled, and puts it back with its roles.

A crawled page has five lines of menus, share buttons and other articles' titles for each line of its article. What
these are, their places decide; only their first and last lines are of use to tell what stands beside them.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Protocol, TypeVar

from kliping.annotation import markup
from kliping.model import Page, Span

EDGE = 3
"""Lines at either end of a menu that are labelled with the page."""


class _Stretch(Protocol):
    @property
    def start(self) -> int: ...


_S = TypeVar("_S", bound=_Stretch)


@dataclass(frozen=True, slots=True)
class Shortened:
    """A page without the inside of its menus."""

    page: Page
    taken: tuple[Span, ...]
    """What was taken out, in places of the whole page."""
    starts: tuple[int, ...]
    """Where stretches of the whole page begin in this one."""
    shifts: tuple[int, ...]
    """How far each stands behind its place here."""

    def restored(self, found: Iterable[_S], moved: Callable[[_S, int], _S], taken: Iterable[_S]) -> list[_S]:
        """Return what was found here and what was taken out, in the order and the places of the whole page."""
        back = [moved(one, self.shifts[bisect(self.starts, one.start) - 1]) for one in found]
        return sorted([*back, *taken], key=attrgetter("start"))


def shortened(page: Page) -> Shortened:
    """Return a page without the inside of its long menus; one that is no web page, or has none, whole."""
    tags = markup.of_lines(page)
    if not tags:
        return Shortened(page, (), (0,), (0,))
    lines = page.text.split("\n")
    roles: list[str] = []
    for tag, line in zip(tags, lines, strict=True):
        roles.append(markup.menu_role(tag, line, roles[-1] if roles else ""))
    inside = frozenset(_inside(roles))
    if not inside:
        return Shortened(page, (), (0,), (0,))
    taken, starts, shifts = [], [0], [0]
    kept: list[int] = []
    here = there = 0
    for number, line in enumerate(lines):
        if number in inside:
            start = there + len(line) - len(line.lstrip())
            taken.append(Span(start, there + len(line.rstrip()), roles[number], f"markup:{roles[number]}"))
        else:
            if there - here != shifts[-1]:
                starts.append(here)
                shifts.append(there - here)
            kept.append(number)
            here += len(line) + 1
        there += len(line) + 1
    text = "\n".join([lines[number] for number in kept])
    short = page._replace(text=text, line_tags=tuple([tags[number] for number in kept]))
    return Shortened(short, tuple(taken), tuple(starts), tuple(shifts))


def _inside(roles: list[str]) -> Iterator[int]:
    """The numbers of the lines inside menus that are longer than both their ends."""
    first = 0
    for is_menu, run in groupby(roles, bool):
        size = len(list(run))
        if is_menu and size > 2 * EDGE:
            yield from range(first + EDGE, first + size - EDGE)
        first += size
