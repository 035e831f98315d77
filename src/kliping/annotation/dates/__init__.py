"""Finds dates and times in Indonesian news text and tells what they mean; nothing is guessed and no clock is asked.

>>> [(m.kind, m.day, m.month, m.year, m.weekday) for m in find_times("kata dia, Rabu (18/10/2023). Kemarin hujan.")]
[('day', 18, 10, 2023, 2), ('relative', None, None, None, None)]
"""

from __future__ import annotations

from kliping.annotation.dates.finding import find_all_times, find_times, relative
from kliping.annotation.dates.mention import DateMention, calendar_day, is_possible, last_day
from kliping.annotation.dates.timeline import Meaning, meanings
from kliping.annotation.dates.written import written_dates

__all__ = [
    "DateMention",
    "Meaning",
    "calendar_day",
    "find_all_times",
    "find_times",
    "is_possible",
    "last_day",
    "meanings",
    "relative",
    "written_dates",
]
