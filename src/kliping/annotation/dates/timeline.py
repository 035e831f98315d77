"""Normalises mentions to TIMEX3 values, given the day on which the text was written.

Values follow TimeML 1.2.1 as the Indonesian corpus of Mirza (IndoTimex, 2015) uses them: `2023-10-18`, `2023-10`,
`2023-W42`, `2023-10-18TAF`, `2023-10-18T19:34`, `PRESENT_REF`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from kliping.annotation.dates.mention import DateMention, is_possible

_NEAR = (0, -1, 1)


def timex_values(mentions: Sequence[DateMention], anchor: date) -> list[str | None]:
    """Return the value of each mention, None where it cannot be told.

    A lone clock time belongs to the day told last before it, else to the anchor: that is how a report is read.
    """
    values: list[str | None] = []
    told = anchor
    for mention in mentions:
        day = _day_of(mention, anchor)
        if day is not None:
            told = day
        values.append(_value(mention, told if mention.kind == "time" else day, anchor))
    return values


def _value(mention: DateMention, day: date | None, anchor: date) -> str | None:
    if mention.kind == "reference":
        return mention.part
    if mention.kind == "year":
        return str(mention.year)
    if mention.kind == "month":
        return _month_value(mention, anchor)
    if day is None:
        return _wide_value(mention, anchor) if mention.kind == "relative" else None
    if mention.hour is not None:
        return f"{day.isoformat()}T{mention.hour:02}:{mention.minute:02}"
    return day.isoformat() + (f"T{mention.part}" if mention.part else "")


def _day_of(mention: DateMention, anchor: date) -> date | None:
    """The calendar day that a mention means, seen from the anchor; None for months, years, weeks and times."""
    if mention.kind == "relative":
        return _shift(anchor, mention.offset or 0) if mention.unit == "day" else None
    if mention.kind == "weekday":
        return _weekday_day(mention, anchor)
    if mention.day is None:
        return None
    if mention.month is None:
        return _day_of_month(mention, anchor)
    if mention.year is not None:
        return date(mention.year, mention.month, mention.day)
    return _nearest_year(mention, anchor)


def _nearest_year(mention: DateMention, anchor: date) -> date | None:
    """`Rabu (18/10)`: of this, last and next year the one with that weekday, else the one nearest to the anchor."""
    month, day = mention.month or 0, mention.day or 0
    years = [anchor.year + step for step in _NEAR if 1900 <= anchor.year + step <= 2099]
    days = [date(year, month, day) for year in years if is_possible(year, month, day)]
    fitting = [found for found in days if mention.weekday in (None, found.weekday())]
    return min(fitting or days, key=lambda found: abs((found - anchor).days), default=None)


def _day_of_month(mention: DateMention, anchor: date) -> date | None:
    """`tanggal 24 kemarin`: the last such day up to the anchor, or the next one for `mendatang`."""
    step = 1 if mention.modifier == "future" else -1
    year, month = anchor.year, anchor.month
    for _ in range(3):
        if is_possible(year, month, mention.day or 0):
            found = date(year, month, mention.day or 0)
            if (found - anchor).days * step >= 0:
                return found
        year, month = _add_months(year, month, step)
    return None


def _weekday_day(mention: DateMention, anchor: date) -> date | None:
    """A bare weekday is the last one up to the anchor; `lalu` goes strictly back, `depan` strictly forward."""
    behind = (anchor.weekday() - (mention.weekday or 0)) % 7
    if mention.modifier in ("future", "tomorrow"):
        return _shift(anchor, 7 - behind)
    if mention.modifier in ("past", "yesterday") and behind == 0:
        return _shift(anchor, -7)
    return _shift(anchor, -behind)


def _month_value(mention: DateMention, anchor: date) -> str:
    if mention.year is not None:
        return f"{mention.year}-{mention.month:02}"
    if mention.offset is not None:
        return f"{anchor.year + mention.offset}-{mention.month:02}"
    year = anchor.year
    month = mention.month or 0
    if mention.modifier in ("past", "yesterday") and month >= anchor.month:
        year -= 1
    elif mention.modifier == "future" and month <= anchor.month:
        year += 1
    return f"{year}-{month:02}"


def _wide_value(mention: DateMention, anchor: date) -> str | None:
    """Weeks, months and years away from the anchor."""
    offset = mention.offset or 0
    if mention.unit == "week":
        day = _shift(anchor, 7 * offset)
        return None if day is None else f"{day.isocalendar().year}-W{day.isocalendar().week:02}"
    if mention.unit == "month":
        year, month = _add_months(anchor.year, anchor.month, offset)
        return f"{year}-{month:02}"
    return str(anchor.year + offset)


def _add_months(year: int, month: int, count: int) -> tuple[int, int]:
    months = year * 12 + month - 1 + count
    return months // 12, months % 12 + 1


def _shift(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None
