"""Finds the numbers that a date can begin with, in many texts at once; it leaves out only what no date begins with."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from kliping.annotation.dates.words import MONTHS
from kliping.annotation.scan import Joined

_NUMBER = re.compile("[0-9]+")
_LONGEST = 4
_LONGEST_RUN = 8
"""Digits of a date that lost its strokes, in parentheses."""
_OPEN = ord("(")
_AHEAD = 8
"""Bytes that are looked at behind a number."""
_CENTURIES = np.array([int.from_bytes(century, "little") for century in (b"19", b"20")], "<u2")
_SMALL = 0x202020
"""The bit that a small letter has and its capital lacks, in three letters; what it makes of signs does no harm."""
_JOINTS = ("dan", "hingga", "sampai", "s/d", "s.d")
_OPENINGS = np.array(sorted({int.from_bytes(w[:3].encode(), "little") | _SMALL for w in (*MONTHS, *_JOINTS)}), "<u4")
_BEYOND = ord("?")
"""A character beyond Latin-1, which may be a dash or another way to write a letter, or a question mark."""


def _table(members: str) -> npt.NDArray[np.bool_]:
    return np.isin(np.arange(256), list(members.encode("latin-1")))


_IS_DIGIT, _IS_BLANK, _GAPS = _table("0123456789"), _table(" \xa0"), _table(" \xa0.").astype(np.uint64)
_MAY_PART = _table(") .|\\")
"""What may follow the first number behind a parenthesis of a date that lost its strokes."""
_IS_SIGN = _table("/-")
"""What may stand between two numbers of a date."""
_FOLLOWS_SIGN = _table(
    "0123456789 \xa0/-.t" + "".join({first for month in MONTHS for first in (month[0], month[0].upper())})
)


def every_number(text: str) -> list[int]:
    """Return where the numbers of one text begin."""
    return [match.start() for match in _NUMBER.finditer(text)]


def numbers(joined: Joined) -> list[list[int]]:
    """Return where in each text numbers of at most four digits begin that a date may begin with, or that are years.

    Behind a parenthesis the number may have eight.
    """
    framed = b"\n" + joined.data + b"\n" * _AHEAD
    is_digit = np.frombuffer(framed, np.uint8) - np.uint8(ord("0")) < len("0123456789")
    edges = np.flatnonzero(is_digit[1:] != is_digit[:-1]) + 1
    begins, ends = edges[::2], edges[1::2]
    sizes = ends - begins
    pairs = np.ndarray(len(framed) - 1, "<u2", framed, strides=(1,))
    data = np.frombuffer(framed, np.uint8)
    enclosed = (data[begins - 1] == _OPEN) & _MAY_PART[data[ends]] & (sizes <= _LONGEST_RUN)
    kept = (sizes <= _LONGEST) | enclosed
    begins, ends, enclosed = begins[kept], ends[kept], enclosed[kept]
    is_year = (ends - begins == _LONGEST) & np.isin(pairs[begins], _CENTURIES)
    ahead = np.ndarray(len(framed) - _AHEAD + 1, "<u8", framed, strides=(1,))[ends]
    return joined.by_text(begins[is_year | enclosed | _may_go_on(ahead)] - 1)


def _may_go_on(ahead: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """By the eight bytes behind a number, the first the lowest: whether a date may go on with them.

    It goes on with a month, what joins two days, a second number or, after a comma, a year.
    """
    first, second, third, fourth, fifth = ahead.view(np.uint8).reshape(-1, _AHEAD).T[:5]
    gaps = _GAPS[first] + (_GAPS[first] & _GAPS[second])
    opens = np.isin((ahead >> 8 * gaps).astype("<u4") & 0xFFFFFF | _SMALL, _OPENINGS)
    beyond = (first == _BEYOND) | (second == _BEYOND) | (third == _BEYOND) | (fourth == _BEYOND) | (fifth == _BEYOND)
    joins = (_IS_SIGN[first] & _FOLLOWS_SIGN[second]) | (_IS_BLANK[first] & _IS_SIGN[second])
    dotted = (first == ord(".")) & _IS_DIGIT[second] & ((third == ord(".")) | (fourth == ord(".")))
    year = (first == ord(",")) & _IS_BLANK[second] & ((third == ord("1")) | (third == ord("2")))
    found: npt.NDArray[np.bool_] = opens | beyond | joins | dotted | year
    return found
