"""Finds the numbers that a date can begin with, in many texts at once; it leaves out only what no date begins with."""

from __future__ import annotations

import re

import numpy as np

from kliping.metadata.dates.words import MONTHS
from kliping.metadata.scan import Joined

_NUMBER = re.compile("[0-9]+")
_LONGEST = 4
_CENTURIES = np.array([int.from_bytes(century, "little") for century in (b"19", b"20")], "<u2")


def _going_on() -> list[bool]:
    """By the two characters behind a number, the first the lower byte: whether a date may go on with them.

    It goes on with a mark, a blank or none at all, and a digit, the name of a month or what joins two days. A dash
    beyond Latin-1 is a question mark here.
    """
    digits, blanks, marks = set(b"0123456789"), set(b" \xa0"), set(b"/-.?")
    letters = {ord(letter) for month in MONTHS for letter in (month[0], month[0].upper())} | set(b"dhst")
    nearer = blanks | letters | marks

    def goes_on(first: int, second: int) -> bool:
        if first in marks or first in blanks:
            return second in nearer or (first in marks and second in digits)
        return first in letters or (first == ord(",") and second in blanks)

    return [goes_on(first, second) for second in range(256) for first in range(256)]


_DIGITS = bytes(ord("0") <= byte <= ord("9") for byte in range(256))
_GOES_ON = np.array(_going_on())


def every_number(text: str) -> list[int]:
    """Where the numbers of one text begin."""
    return [match.start() for match in _NUMBER.finditer(text)]


def numbers(joined: Joined) -> list[list[int]]:
    """Where in each text numbers of at most four digits begin that a date may begin with, or that are years."""
    framed = b"\n" + joined.data + b"\n\n"
    is_digit = np.frombuffer(framed.translate(_DIGITS), np.bool_)
    edges = np.flatnonzero(is_digit[1:] != is_digit[:-1]) + 1
    begins, ends = edges[::2], edges[1::2]
    pairs = np.ndarray(len(framed) - 1, "<u2", framed, strides=(1,))
    is_year = (ends - begins == _LONGEST) & np.isin(pairs[begins], _CENTURIES)
    chosen = begins[(ends - begins <= _LONGEST) & (is_year | _GOES_ON[pairs[ends]])]
    return joined.by_text(chosen - 1)
