"""Machine-written dates as the values that the tables hold; all else is left alone, and no year that no page can have.

Dates written for readers, in Indonesian, are the business of kliping.annotation.layers.metadata.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from kliping import knowledge
from kliping.model import InputValue

DAY_FIRST = "day-first"
"""What the name of a rule begins with where a date could be read with the month first, too: `day-first:column:date`."""


class Moment(NamedTuple):
    """A date as a machine wrote it: aware where a zone was given."""

    at: datetime
    has_time: bool = True
    ambiguous: bool = False
    """Whether day and month could change places: `05/02/2024`."""


_ZONES = {"Z": 0, **knowledge.calendar().zones}
"""Minutes east of UTC."""
_ZONE = rf"(?P<zone>{'|'.join(_ZONES)}|(?:(?:UTC|GMT)\s?)?[+-]\d{{2}}(?::?\d{{2}})?)?"
_CLOCK = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    rf"(?:\s{{0,3}}{_ZONE})"
)
_BETWEEN = r"(?:T|\s{0,3}[,|–-]\s{0,3}|\s{1,3}|\s{1,3}(?:pukul|pkl\.?|jam)\s{1,3})"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?:{_BETWEEN}{_CLOCK})?", re.I
)
"""ISO 8601 and its common variants."""
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}|\d{{2}})"
    rf"(?:{_BETWEEN}{_CLOCK})?",
    re.I,
)
_AMERICAN = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2\d{2,4}\W.{0,20}\d\s?[ap]\.?m\b\.?", re.I)
"""A clock of twelve hours beside a date in numbers: America's way, in which the month mostly comes first."""
_DIGITS = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
    rf"(?:T?(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?(?P<fraction>)\s?{_ZONE})?",
    re.I,
)
"""ISO 8601's basic format, and what databases and web archives make of it: `20240205093000`."""
_NUMBER = re.compile(r"\d{9,19}(?:\.\d{1,9})?")
_BY_POST = re.compile(
    r"(?:[A-Z][a-z]{2,8},?\s)?\d{1,2}[ -][A-Z][a-z]{2}[ -]\d{4}\s\d{2}:\d{2}(?::\d{2})?(?:\s(?:GMT|UTC?|Z|[+-]\d{4}))?"
)
"""RFC 2822 and the dates of HTTP."""
_ENGLISH = re.compile(
    r"[A-Z][a-z]{2}\s(?P<month>[A-Z][a-z]{2})\s{1,2}(?P<day>\d{1,2})\s(?:(?P<early>\d{4})\s)?"
    r"(?P<clock>\d{2}:\d{2}:\d{2})(?:\s(?:GMT|UTC)?(?P<zone>[+-]\d{4})|\s(?:GMT|UTC))?(?:\s(?P<late>\d{4}))?(?:\s\([^()]{0,40}\))?"
)
"""What C, JavaScript and some interfaces print: `Mon Feb 05 2024 09:30:00 GMT+0700`, `Mon Feb  5 09:30:00 2024`."""
_LONGEST = 80
_MONTHS = 12
_JAKARTA = timezone(timedelta(minutes=_ZONES["WIB"]))
_UNITS = (1, 1_000, 1_000_000, 1_000_000_000)
"""Seconds, milliseconds, microseconds, nanoseconds: what an epoch number may count."""


def parse_moment(value: object) -> Moment | None:
    """Return a date that a machine wrote, None for anything else.

    Takes ISO 8601 and its common variants (`2018/08/19 05:41:12`, `20180819`), numbers with the day first, RFC 2822,
    epochs in seconds to nanoseconds (only those of years that pages can have), dates and datetimes. Where the first
    number can only be a month, it is one; where both can be either, the day comes first, as Indonesia writes dates.
    """
    if isinstance(value, datetime):
        return Moment(value) if value == value else None
    if isinstance(value, date):
        return Moment(datetime.combine(value, time()), has_time=False)
    if isinstance(value, int | float):
        return None if isinstance(value, bool) else _from_number(value)
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    try:
        return _from_text(value.strip())
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def retrieved(value: object) -> datetime | None:
    """Return the moment of a crawl, in UTC and whole milliseconds.

    Without a zone it is taken for UTC, as crawlers do.
    """
    parsed = parse_moment(value)
    if parsed is None or not parsed.has_time or parsed.ambiguous:
        return None
    moment = parsed.at if parsed.at.tzinfo else parsed.at.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        return None
    if moment.year not in knowledge.page_years():
        return None
    return datetime.combine(moment.date(), moment.time().replace(microsecond=moment.microsecond // 1000 * 1000), UTC)


def publication_values(value: object, rule: str, zone: tzinfo | None = None) -> list[InputValue]:
    """Return input values for a publication date: the day, and the moment where time and zone are given.

    The day is that of the zone stated, or Jakarta's where the moment is stated in a zone outside Indonesia: systems
    store UTC, readers and newsrooms mean their own day. `zone` is that of a clock that states none. Where day and month
    could change places, the rule says so (DAY_FIRST); beside a clock of twelve hours neither reading is believed. Text
    that is no machine date is passed on as it stands.
    """
    parsed = parse_moment(value)
    if parsed is None:
        text = " ".join(str(value).split())
        telling = isinstance(value, str) and re.search(r"\d", text) and not _is_american(text)
        return [InputValue("published_date", text, rule)] if telling else []
    moment = parsed.at if parsed.at.tzinfo or not parsed.has_time else parsed.at.replace(tzinfo=zone)
    rule = f"{DAY_FIRST}:{rule}" if parsed.ambiguous else rule
    if not parsed.has_time or moment.tzinfo is None:
        return [InputValue("published_date", moment.date().isoformat(), rule)]
    try:
        utc = moment.astimezone(UTC)
        hours = (moment.utcoffset() or timedelta()) / timedelta(hours=1)
        day = (moment if 7 <= hours <= 9 else moment.astimezone(_JAKARTA)).date()
    except OverflowError:
        return []
    stamp = utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return [InputValue("published_at", stamp, rule), InputValue("published_date", day.isoformat(), rule)]


def _is_american(text: str) -> bool:
    match = _AMERICAN.fullmatch(text)
    return match is not None and int(match[1]) <= _MONTHS and int(match[3]) <= _MONTHS and match[1] != match[3]


def _from_text(text: str) -> Moment | None:
    for pattern, read in _READERS:
        match = pattern.fullmatch(text)
        if match is not None:
            return read(match)
    return None


def _from_numbers(match: re.Match[str]) -> Moment:
    return _made(match, int(match["month"]), int(match["day"]))


def _from_day_first(match: re.Match[str]) -> Moment:
    day, month = int(match["day"]), int(match["month"])
    if month > _MONTHS >= day:
        return _made(match, day, month)
    moment = _made(match, month, day)
    is_short = len(match["year"]) == 2
    return moment._replace(ambiguous=is_short or (day <= _MONTHS and day != month))


def _made(match: re.Match[str], month: int, day: int) -> Moment:
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 2000 if year + 2000 in knowledge.page_years() else 1900
    first = datetime(year, month, day)
    if match["hour"] is None:
        return Moment(first, has_time=False)
    micro = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    at = first.replace(
        hour=int(match["hour"]), minute=int(match["minute"]), second=int(match["second"] or 0), microsecond=micro
    )
    return Moment(at.replace(tzinfo=_zone(match["zone"].upper())) if match["zone"] else at)


def _zone(name: str) -> timezone:
    if name in _ZONES:
        return timezone(timedelta(minutes=_ZONES[name]))
    offset = name.removeprefix("UTC").removeprefix("GMT").strip()
    digits = offset[1:].replace(":", "").ljust(4, "0")
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


def _from_digits(match: re.Match[str]) -> Moment | None:
    return _from_numbers(match) if int(match["year"]) in knowledge.page_years() else None


def _from_post(match: re.Match[str]) -> Moment:
    return Moment(parsedate_to_datetime(match[0]))


def _from_english(match: re.Match[str]) -> Moment | None:
    years = [year for year in (match["early"], match["late"]) if year]
    if len(years) != 1:
        return None
    states_utc = re.search("GMT|UTC", match[0]) is not None
    zone = match["zone"] or ("+0000" if states_utc else "")
    return Moment(parsedate_to_datetime(f"{match['day']} {match['month']} {years[0]} {match['clock']} {zone}".strip()))


def _from_number(value: float) -> Moment | None:
    """An epoch, or a day as eight digits (`20240205`) and its like."""
    years = knowledge.page_years()
    try:
        for unit in _UNITS:
            if _EPOCH_FROM <= value / unit < _EPOCH_TO:
                # Whole seconds first: a float holds no nanoseconds, and a moment of the past needs none.
                return Moment(datetime.fromtimestamp(int(value * 1000 // unit) / 1000, UTC))
        if value == int(value) and (match := _DIGITS.fullmatch(str(int(value)))) and int(match["year"]) in years:
            return _from_numbers(match)
    except (ValueError, OverflowError):
        return None
    return None


_EPOCH_FROM, _EPOCH_TO = (
    datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (knowledge.page_years().start, knowledge.page_years().stop)
)
"""In seconds: any other number is no epoch."""
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Moment | None]], ...] = (
    (_YEAR_FIRST, _from_numbers),
    (_DAY_FIRST, _from_day_first),
    (_DIGITS, _from_digits),
    (_NUMBER, lambda match: _from_number(float(match[0]) if "." in match[0] else int(match[0]))),
    (_BY_POST, _from_post),
    (_ENGLISH, _from_english),
)
