"""A piece of a line, and where the visible part of a stretch begins and ends; no text is copied for that."""

from __future__ import annotations

from typing import NamedTuple


class Piece(NamedTuple):
    """A stretch [start, end) of a line; `role` is empty where the model has to decide."""

    start: int
    end: int
    role: str = ""
    rule: str = ""


def trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    """Return line[start:end] without the white space around it."""
    while start < end and line[start].isspace():
        start += 1
    return start, visible_end(line, start, end)


def visible_end(line: str, start: int, place: int) -> int:
    """Return where the last visible character before the place ends, `start` where there is none."""
    while place > start and line[place - 1].isspace():
        place -= 1
    return place
