"""Machine-written dates (ISO 8601, RFC 2822, epoch numbers) as the values that the tables hold; all else is left alone.

Dates written for readers, in Indonesian, are the business of kliping.annotation.layers.metadata.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from kliping import knowledge
from kliping.model import InputValue

_ZONES = {"Z": 0, **knowledge.calendar().zones}
"""Minutes east of UTC."""
_ISO = re.compile(
    r"\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:(?:T|\s{1,3})(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s{0,3}"
    rf"({'|'.join(_ZONES)}|[+-]\d{{2}}:?\d{{2}})?)?\s*",
    re.IGNORECASE,
)
_JAKARTA = timezone(timedelta(minutes=_ZONES["WIB"]))
_EPOCH_FROM, _EPOCH_TO = 631_152_000, 4_102_444_800
"""1990 to 2100 in seconds: any other number is no epoch."""


def parse_moment(value: object) -> tuple[datetime, bool] | None:
    """Return a date as a machine wrote it (aware where a zone was given), and whether it has a time.

    Returns None for anything else. Takes ISO 8601 and its common variants (`2018/08/19 05:41:12`), RFC 2822, epoch
    seconds or milliseconds, datetimes.
    """
    if isinstance(value, datetime):
        return value, True
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_epoch(value)
    if not isinstance(value, str) or len(value) > 60:
        return None
    match = _ISO.fullmatch(value)
    try:
        return _from_iso(match) if match else (parsedate_to_datetime(value), True)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def retrieved(value: object) -> datetime | None:
    """Return the moment of a crawl, in UTC and whole milliseconds.

    Without a zone it is taken for UTC, as crawlers do.
    """
    parsed = parse_moment(value)
    if parsed is None or not parsed[1]:
        return None
    moment = parsed[0] if parsed[0].tzinfo else parsed[0].replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        return None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def publication_values(value: object, rule: str) -> list[InputValue]:
    """Return input values for a publication date: the day, and the moment where time and zone are given.

    The day is that of the zone stated, or Jakarta's where the moment is stated in a zone outside Indonesia: systems
    store UTC, readers and newsrooms mean their own day. Text that is no machine date is passed on as it stands.
    """
    parsed = parse_moment(value)
    if parsed is None:
        text = " ".join(str(value).split())
        return [InputValue("published_date", text, rule)] if text and isinstance(value, str) else []
    moment, has_time = parsed
    if not has_time or moment.tzinfo is None:
        return [InputValue("published_date", moment.date().isoformat(), rule)]
    try:
        utc = moment.astimezone(UTC)
        hours = (moment.utcoffset() or timedelta()) / timedelta(hours=1)
        day = (moment if 7 <= hours <= 9 else moment.astimezone(_JAKARTA)).date()
    except OverflowError:
        return []
    stamp = utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return [InputValue("published_at", stamp, rule), InputValue("published_date", day.isoformat(), rule)]


def _from_iso(match: re.Match[str]) -> tuple[datetime, bool]:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if hour is None:
        return datetime(int(year), int(month), int(day)), False
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micro)
    return moment.replace(tzinfo=_zone(zone.upper())) if zone else moment, True


def _zone(name: str) -> timezone:
    if name in _ZONES:
        return timezone(timedelta(minutes=_ZONES[name]))
    sign = -1 if name[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(name[1:3]), minutes=int(name[-2:])))


def _from_epoch(value: float) -> tuple[datetime, bool] | None:
    for seconds in (value, value / 1000):
        if _EPOCH_FROM <= seconds <= _EPOCH_TO:
            return datetime.fromtimestamp(seconds, UTC), True
    return None
