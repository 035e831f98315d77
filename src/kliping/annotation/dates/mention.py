"""A date or time as a text writes it: where it stands and what it states, with nothing guessed."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

_LONGEST_MONTH = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class DateMention(NamedTuple):
    """One mention [start, end) of a date or time in a text, in code points.

    `kind` is one of
    - `day`: `Kamis (19/10/2023)`, `16 Januari`; `month` and `day` are set, `year` where it is written;
    - `range`: `13-14 Oktober 2023`; the first day as above, the last in `until`;
    - `month`: `Desember 2022`, `September tahun lalu`; `year`: `tahun 2019`;
    - `weekday`: `Rabu lalu`, `Kamis sore`; only `weekday` is set;
    - `relative`: `kemarin`, `dua hari lalu`; `offset` in `unit`s from the day of writing;
    - `time`: `pukul 06.12 WIB` without a day; `reference`: `saat ini`, whose TIMEX3 value is `part`.

    Beside these, the layer `time_expressions` is given
    - `duration`: `tiga hari`, and `set`: `setiap Jumat`, whose TIMEX3 `value` the words state;
    - `period`: `abad ke-19`, `1990-an`, whose `value` they state; `kuartal I 2024`, whose `part` is Q1;
    - `feast`: `Hari Kemerdekaan`; `month` and `day` are set, `year` where it is written;
    - `unknown`: a time whose `value` cannot be told; `unsaid` says why.
    """

    start: int
    end: int
    kind: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """0 is Monday, as in `datetime.date.weekday`."""
    until: tuple[int | None, int, int] | None = None
    """Year (None where unwritten), month and day of a range's last day."""
    modifier: str | None = None
    """A word beside the date: today, yesterday, tomorrow, past (`lalu`) or future (`mendatang`)."""
    part: str | None = None
    """Part of the day as TIMEX3 writes it: MO, MI, AF, EV, NI."""
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    zone: int | None = None
    """Minutes east of UTC, where the zone is written."""
    unit: str | None = None
    offset: int | None = None
    value: str | None = None
    """The TIMEX3 value that the words state by themselves."""
    told: bool = False
    """True where `offset` counts from the day told last before it, not from that of writing: `dua hari kemudian`."""
    unsaid: str | None = None
    """A name of schema/vocabularies/time-reasons.csv."""
    enclosed: bool = False
    """True where the digits stand in parentheses, the way newsrooms date a quotation: `Rabu (18/10)`."""


def is_possible(year: int | None, month: int, day: int) -> bool:
    """Tell whether a calendar has this day; without a year, whether some year has it."""
    if not (1 <= month <= 12 and 1 <= day <= _LONGEST_MONTH[month]):
        return False
    return year is None or (day, month) != (29, 2) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def calendar_day(mention: DateMention) -> date | None:
    """Return the full date that a `day` or `range` mention states, None where a part of it is unwritten."""
    if mention.year is None or mention.month is None or mention.day is None:
        return None
    return date(mention.year, mention.month, mention.day)


def last_day(mention: DateMention) -> date | None:
    """Return the last full date of a `range`, the only date of a `day`, None where a part of it is unwritten."""
    if mention.until is None:
        return calendar_day(mention)
    year, month, day = mention.until
    return None if year is None else date(year, month, day)
