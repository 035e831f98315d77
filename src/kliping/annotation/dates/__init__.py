"""Finds dates in Indonesian news text; what is written is reported, nothing is guessed and no clock is asked.

>>> [(m.kind, m.day, m.month, m.year, m.weekday) for m in find_dates("kata dia, Rabu (18/10/2023). Kemarin hujan.")]
[('day', 18, 10, 2023, 2), ('relative', None, None, None, None)]
"""

from __future__ import annotations

from kliping.annotation.dates.deictic import relative, weekdays
from kliping.annotation.dates.mention import DateMention, calendar_day, is_possible, last_day
from kliping.annotation.dates.timeline import timex_values
from kliping.annotation.dates.written import written_dates

__all__ = [
    "DateMention",
    "calendar_day",
    "find_dates",
    "is_possible",
    "last_day",
    "relative",
    "timex_values",
    "weekdays",
    "written_dates",
]


def find_dates(text: str) -> list[DateMention]:
    """Return every date mention of a text, in order and without overlap; never raises.

    Offsets are code points, end exclusive. Where two readings overlap, the written calendar date wins over a weekday,
    a weekday over a relative word, and of two of a kind the longer one.
    """
    taken = bytearray(len(text))
    kept = []
    for mentions in (written_dates(text), weekdays(text), relative(text)):
        for mention in sorted(mentions, key=lambda mention: mention.start - mention.end):
            if 1 not in taken[mention.start : mention.end]:
                taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
                kept.append(mention)
    kept.sort(key=lambda mention: mention.start)
    return kept
