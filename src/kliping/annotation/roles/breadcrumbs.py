"""Finds the trail of sections that a page sets before its title: `Home > Nasional > Hukum`, also glued to the title."""

from __future__ import annotations

import re
from functools import cache

from kliping import knowledge
from kliping.annotation.roles.vocabulary import words

RULE = "split:breadcrumb"
MOST_SECTIONS = 3
"""Without signs between them, a trail goes no deeper behind its home; with signs, each says that it goes on."""
SECTION_WORDS = 4
"""No section is called by more words."""

_SIGN = re.compile(r"[\s\u00a0]{0,4}(?:[>»›❯→/|·•:]{1,2}|[-–](?=[\s\u00a0]))[\s\u00a0]{0,4}")
_BLANK = re.compile(r"[\s\u00a0]{1,4}")
_SECTION = re.compile(r"[^\s>»›❯→/|·•:,.]{1,20}(?: [^\s>»›❯→/|·•:,.]{1,20}){0,3}")
_NAMED = re.compile(r"(?:[A-Z][\w-]{0,20}|&)(?: (?:[A-Z][\w-]{0,20}|&)){0,3}(?=[\s\u00a0]{0,4}[>»›❯→/])")
"""A section of which nobody knows, with a sign behind it that says so."""


def trail_end(line: str, start: int, end: int) -> int:
    """Return where the visible part of the trail that opens line[start:end] ends, `start` where there is none."""
    home = _home().match(line, start, end)
    if not home:
        return start
    place, sections, before = home.end(), 0, ""
    while place < end:
        sign = _SIGN.match(line, place, end)
        step = sign or _BLANK.match(line, place, end)
        if not step or (not sign and sections == MOST_SECTIONS):
            break
        stop = _section_end(line, step.end(), end, before, signed=sign is not None)
        if stop == step.end():
            return _visible(line, step.end()) if sign else _whole(line, start, place, end, sections)
        place, sections, before = stop, sections + 1, line[step.end() : stop].casefold()
    return _whole(line, start, place, end, sections)


@cache
def _home() -> re.Pattern[str]:
    return re.compile(rf"{knowledge.any_of(words().home)}(?![\w-])", re.IGNORECASE)


def _section_end(line: str, start: int, end: int, before: str, *, signed: bool) -> int:
    """Return where the longest known section that begins at `start` ends, `start` where none does.

    Where no sign tells, the words of menus with which a title may begin are none, and regions only behind theirs.
    """
    found = _SECTION.match(line, start, end)
    if not found or not (line[start].isupper() or line[start].isdigit()):
        return start
    if signed and (named := _NAMED.match(line, start, end)):
        return named.end()
    parts = found.group().split(" ")
    for size in range(min(SECTION_WORDS, len(parts)), 0, -1):
        section = " ".join(parts[:size])
        known = section.casefold()
        region = before in words().of_regions and known in words().places
        if known in words().sections or region:
            return start + len(section)
    return start


def _whole(line: str, start: int, place: int, end: int, sections: int) -> int:
    """Return `place` where a trail of sections may end there, and a title begin; else `start`."""
    rest = line[place:end].lstrip()
    opens = not rest or rest[0].isupper() or rest[0].isdigit() or not rest[0].isalnum()
    return place if sections and opens else start


def _visible(line: str, place: int) -> int:
    return len(line[:place].rstrip())
