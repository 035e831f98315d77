"""Reads two mentions that are joined: the first takes from the second what it lacks, or the other way round."""

from __future__ import annotations

import re

from kliping.annotation.dates.mention import DateMention

_B = "[ \u00a0]"
_JOINT = re.compile(rf"(?:{_B}?[-–—]|,|,?{_B}(?:dan|atau|hingga|sampai(?:{_B}dengan)?)){_B}?(?:(?:hari|bulan){_B})?")
_GAP = 3
"""Characters between a recurrence and its clock time."""
_WEEKLY, _DAILY = "XXXX-WXX-", "P1D"


def with_year(text: str, first: DateMention, second: DateMention) -> DateMention:
    """Return the first month of `Januari-Maret 2024` with the year of the second."""
    if first.year or first.modifier or not second.year or not _JOINT.fullmatch(text, first.end, second.start):
        return first
    return first._replace(year=second.year - ((first.month or 0) > (second.month or 0)))


def of_set(text: str, known: DateMention, mention: DateMention) -> DateMention:
    """Return what goes on behind a recurrence as one: `setiap Senin dan Kamis`, `setiap hari pukul 20.00`."""
    between, value = text[known.end : mention.start], known.value or ""
    if mention.kind == "time" and len(between) <= _GAP and not between.strip(" \u00a0,"):
        return _timed_set(value, mention)
    if mention.kind == "weekday" and value.startswith(_WEEKLY) and _JOINT.fullmatch(between):
        weekday = f"{_WEEKLY}{(mention.weekday or 0) + 1}"
        if mention.hour is not None:
            return _timed_set(weekday, mention)
        part = f"T{mention.part}" if mention.part else ""
        unit = "part-of-day" if part else "day"
        return DateMention(mention.start, mention.end, "set", value=weekday + part, unit=unit)
    return mention


def _timed_set(value: str, mention: DateMention) -> DateMention:
    """A clock time of every such day; of what comes round by months or years no day is told."""
    if not value.startswith("XXXX") and value != _DAILY:
        return mention
    day = "XXXX-XX-XX" if value == _DAILY else value.partition("T")[0]
    return every_clock(mention.start, mention, day)


def every_clock(start: int, mention: DateMention, day: str = "XXXX-XX-XX") -> DateMention:
    """Return the clock time of a mention as a recurrence that starts at `start`: `setiap pukul 08.00`."""
    minute = "" if mention.minute is None else f":{mention.minute:02}"
    value = f"{day}T{mention.hour:02}{minute}"
    return DateMention(start, mention.end, "set", value=value, unit="minute" if minute else "hour")
