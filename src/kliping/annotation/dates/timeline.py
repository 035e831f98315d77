"""Tells what each mention of a text means: its TIMEX3 type and value, what it is counted from, or why it has no value.

Values follow TimeML 1.2.1 as the Indonesian corpus of Mirza (IndoTimex, 2015) uses them: `2023-10-18`, `2023-10`,
`2023-W42`, `2023-10-18TAF`, `2023-10-18T19:34`, `P3D`, `XXXX-WXX-5`, `PRESENT_REF`. Clock times are as written, in the
zone of the place. A range whose ends cannot be parted has an interval of ISO 8601: `2023-10-13/2023-10-14`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kliping.annotation.dates.mention import DateMention, is_possible
from kliping.annotation.dates.words import KNOWN

_CUES: dict[str, list[str]] = KNOWN["cues"]
_FUTURE = frozenset(_CUES["future"])
_SPOKEN = frozenset([*_CUES["reported"], *_CUES["met"], *_CUES["saying"]])
_NOT_FUTURE = frozenset([*_CUES["past"], *_CUES["since"], *_SPOKEN])
_CLAUSE, _BESIDE, _WORDS_BESIDE = 90, 40, 4
"""Characters before and behind a date that are read for what tells whether it is to come, and words of the latter."""
_APPOSED = (",", "(", "—", "–")
_STRIP = "\"”“'’,.;:()[]"
_MOST_BETWEEN = 8
"""Characters between a clock time and the date behind it: `pukul 14.30 WIB, Senin (5/2/2024)`."""
_LOOK_AHEAD = 4
_LONGEST_SENTENCE = 400
"""Of what is told behind a clock time: mentions, and characters."""
_WEEK = 7
_FIRST_YEAR, _LAST_YEAR = 1000, 9998


class Meaning(NamedTuple):
    """What a mention means; of `value` and `reason` one is None."""

    type: str
    """DATE, TIME, DURATION or SET."""
    value: str | None
    """As TIMEX3 writes it."""
    granularity: str | None
    """The unit to which the time is told; None of references, which tell none."""
    anchor_date: date | None
    """The day that the value is counted from; None where the words say all."""
    rule: str
    reason: str | None = None
    """A name of schema/vocabularies/time-reasons.csv."""


class _Days(NamedTuple):
    """What a value may be counted from: the day of writing, and the day told last."""

    written: date | None
    told: date | None


class _Found(NamedTuple):
    """A meaning, and the day that it tells, where it tells one."""

    meaning: Meaning
    day: date | None = None


def meanings(text: str, mentions: Sequence[DateMention], written: date | None) -> list[Meaning]:
    """Return what each mention of a text means, given the day on which it was written, where that is known.

    `mentions` are all of the text, in order: a clock time, `malam` or `dua hari kemudian` counts from the day told last
    before it, the first one from the day of writing. Nothing is guessed: what cannot be told has a reason, no value.

    >>> from kliping.annotation.dates.finding import find_times
    >>> text = "Rapat dibuka Rabu (3/4) dan ditutup dua hari kemudian."
    >>> [meaning.value for meaning in meanings(text, find_times(text), date(2024, 4, 9))]
    ['2024-04-03', '2024-04-05']
    """
    told, told_at = None, 0
    found = []
    for rank, mention in enumerate(mentions):
        days = _Days(written, told)
        if mention.kind == "time" and not (told_at and _is_one_sentence(text, told_at, mention.start)):
            days = _Days(written, _day_behind(text, mentions, rank, days) or told)
        meaning, day = _READERS[mention.kind](text, mention, days)
        if day is not None and (told is None or not _is_of_speech(text, mention)):
            told, told_at = day, mention.end
        found.append(meaning)
    return found


def _is_of_speech(text: str, mention: DateMention) -> bool:
    """Whether a day is that on which somebody spoke, set off by a comma: `kata dia, Senin (5/2/2024)`.

    What a report tells next happened on the day of the event, which was told before.
    """
    before = text[max(0, mention.start - _LONGEST_SENTENCE) : mention.start].rstrip(" \u00a0")
    return before.endswith(",") and any(word.strip(_STRIP) in _SPOKEN for word in _clause(before).split())


def _clause(before: str) -> str:
    """The sentence that goes on behind `before`, in lower case, as far as it is in it."""
    return before[max(before.rfind(". "), before.rfind("\n"), before.rfind('." ')) + 1 :].lower()


def _day_behind(text: str, mentions: Sequence[DateMention], rank: int, days: _Days) -> date | None:
    """`pukul 14.30 WIB, Senin (5/2/2024)`: the day that the sentence tells behind a clock time, if none before it."""
    clock = mentions[rank]
    for following in mentions[rank + 1 : rank + 1 + _LOOK_AHEAD]:
        if not _is_one_sentence(text, clock.end, following.start):
            return None
        if following.kind in ("day", "weekday") and (
            following.start - clock.end <= _MOST_BETWEEN or not _is_of_speech(text, following)
        ):
            return _READERS[following.kind](text, following, days).day
    return None


def _is_one_sentence(text: str, start: int, end: int) -> bool:
    """Whether no sentence or paragraph ends between two places."""
    return end - start <= _LONGEST_SENTENCE and ". " not in (between := text[start:end]) and "\n" not in between


def _day(text: str, mention: DateMention, days: _Days) -> _Found:
    month, number = mention.month or 0, mention.day or 0
    if mention.month is None:
        return _day_of_month(mention, days)
    if mention.year is not None:
        return _stated(mention, date(mention.year, month, number), "date:written")
    anchor = days.written or days.told
    day = None if anchor is None else _nearest_year(mention, anchor)
    if day is None:
        return _unknown(mention, "DATE", "day", "no-anchor", "date:nearest-year")
    return _stated(mention, day, "date:nearest-year", anchor)


def _stated(mention: DateMention, day: date, rule: str, anchor: date | None = None) -> _Found:
    """A day with the part of it or the clock time that the mention has."""
    if mention.until is not None:
        return _interval(mention, day, rule, anchor)
    return _Found(_timed(mention, day, rule, anchor), day)


def _timed(mention: DateMention, day: date, rule: str, anchor: date | None) -> Meaning:
    if mention.hour is not None:
        minute = "" if mention.minute is None else f":{mention.minute:02}"
        second = "" if mention.second is None else f":{mention.second:02}"
        granularity = "second" if second else "minute" if minute else "hour"
        return Meaning("TIME", f"{day.isoformat()}T{mention.hour:02}{minute}{second}", granularity, anchor, rule)
    if mention.part is not None:
        return Meaning("TIME", f"{day.isoformat()}T{mention.part}", "part-of-day", anchor, rule)
    return Meaning("DATE", day.isoformat(), "day", anchor, rule)


def _interval(mention: DateMention, first: date, rule: str, anchor: date | None) -> _Found:
    year, month, number = mention.until or (None, 0, 0)
    years = [first.year, first.year + 1] if year is None else [year]
    ends = [date(y, month, number) for y in years if is_possible(y, month, number) and date(y, month, number) >= first]
    if not ends:
        return _unknown(mention, "DATE", "day", "no-such-range", rule)
    value = f"{first.isoformat()}/{ends[0].isoformat()}"
    return _Found(Meaning("DATE", value, "day", anchor, "date:range"), ends[0])


def _nearest_year(mention: DateMention, anchor: date) -> date | None:
    """`Rabu (18/10)`: of this, last and next year the one with that weekday, else the one nearest to the anchor."""
    month, day = mention.month or 0, mention.day or 0
    years = [anchor.year + step for step in _NEAR if _FIRST_YEAR <= anchor.year + step <= _LAST_YEAR]
    found = [date(year, month, day) for year in years if is_possible(year, month, day)]
    fitting = [each for each in found if mention.weekday in (None, each.weekday())]
    return min(fitting or found, key=lambda each: abs((each - anchor).days), default=None)


_NEAR = (0, -1, 1)


def _day_of_month(mention: DateMention, days: _Days) -> _Found:
    """`tanggal 24 kemarin`: the last such day up to that of writing, or the next one for `mendatang`."""
    if mention.modifier is None:
        return _unknown(mention, "DATE", "day", "not-said-which", "date:day-of-month")
    if days.written is None:
        return _unknown(mention, "DATE", "day", "no-anchor", "date:day-of-month")
    step = 1 if mention.modifier in ("future", "tomorrow") else -1
    year, month = days.written.year, days.written.month
    for _ in range(3):
        if is_possible(year, month, mention.day or 0) and _FIRST_YEAR <= year <= _LAST_YEAR:
            day = date(year, month, mention.day or 0)
            if (day - days.written).days * step >= 0:
                return _stated(mention, day, "date:day-of-month", days.written)
        year, month = _add_months(year, month, step)
    return _unknown(mention, "DATE", "day", "not-said-which", "date:day-of-month")


def _weekday(text: str, mention: DateMention, days: _Days) -> _Found:
    """The last such weekday up to the day of writing, but the next one where the words say that it is to come."""
    of_day = "TIME" if mention.hour is not None or mention.part else "DATE"
    if days.written is None:
        return _unknown(mention, of_day, "day", "no-anchor", "date:weekday")
    coming = mention.modifier in ("future", "tomorrow") or (mention.modifier is None and _is_to_come(text, mention))
    day = _shift(days.written, _days_to(mention, days.written, coming=coming))
    if day is None:
        return _unknown(mention, of_day, "day", "no-anchor", "date:weekday")
    return _stated(mention, day, "date:weekday-ahead" if coming else "date:weekday", days.written)


def _days_to(mention: DateMention, anchor: date, *, coming: bool) -> int:
    weekday = mention.weekday or 0
    behind = (anchor.weekday() - weekday) % _WEEK
    if mention.unit == "week":
        weeks = {"past": -1, "yesterday": -1, "future": 1, "tomorrow": 1}.get(mention.modifier or "", 0)
        return weekday - anchor.weekday() + weeks * _WEEK
    if mention.modifier == "today":
        return weekday - anchor.weekday()
    if coming:
        return _WEEK - behind
    return -_WEEK if mention.modifier in ("past", "yesterday") and behind == 0 else -behind


def _is_to_come(text: str, mention: DateMention) -> bool:
    """Whether the clause says that the time is still to come.

    What is set off by a comma belongs to the verb of saying: `akan dibuka," kata dia, Jumat`.
    """
    before = text[max(0, mention.start - _CLAUSE) : mention.start].rstrip(" \u00a0")
    if before.endswith(_APPOSED):
        return False
    for word in reversed(_clause(before).split()):
        bare = word.strip(_STRIP)
        if bare in _NOT_FUTURE:
            return False
        if bare in _FUTURE:
            return True
    after = text[mention.end : mention.end + _BESIDE].partition(".")[0].lower().split()[:_WORDS_BESIDE]
    return any(word.strip(_STRIP) in _FUTURE for word in after)


def _month(text: str, mention: DateMention, days: _Days) -> _Found:
    """A month without a year is the last such one, or the next where the clause says that it is to come."""
    month, year = mention.month or 0, mention.year
    if year is not None:
        return _Found(Meaning("DATE", f"{year:04}-{month:02}", "month", None, "date:month-written"))
    anchor = days.written
    if anchor is None:
        return _unknown(mention, "DATE", "month", "no-anchor", "date:month")
    if mention.offset is not None:
        year = anchor.year + mention.offset
    elif mention.modifier in ("past", "yesterday"):
        year = anchor.year - (month >= anchor.month)
    elif mention.modifier in ("future", "tomorrow"):
        year = anchor.year + (month <= anchor.month)
    elif _is_to_come(text, mention):
        year = anchor.year + (month < anchor.month)
    elif month <= anchor.month or mention.modifier == "today":
        year = anchor.year
    else:
        return _unknown(mention, "DATE", "month", "not-said-which", "date:month")
    return _Found(Meaning("DATE", f"{year:04}-{month:02}", "month", anchor, "date:month"))


def _year(_: str, mention: DateMention, __: _Days) -> _Found:
    return _Found(Meaning("DATE", str(mention.year), "year", None, "date:year-written"))


_FRACTIONS = {"Q": "quarter", "H": "half-year"}


def _period(_: str, mention: DateMention, days: _Days) -> _Found:
    """Decades and centuries, which the words state, and quarters and halves of a year."""
    if mention.value is not None:
        return _Found(Meaning("DATE", mention.value, mention.unit, None, "date:period"))
    part = mention.part or ""
    granularity = _FRACTIONS[part[:1]]
    if mention.year is not None:
        return _Found(Meaning("DATE", f"{mention.year}-{part}", granularity, None, "date:period"))
    if mention.offset is None:
        return _unknown(mention, "DATE", granularity, "not-said-which", "date:period")
    if days.written is None:
        return _unknown(mention, "DATE", granularity, "no-anchor", "date:period")
    value = f"{days.written.year + mention.offset}-{part}"
    return _Found(Meaning("DATE", value, granularity, days.written, "date:period"))


def _relative(_: str, mention: DateMention, days: _Days) -> _Found:
    anchor = days.told if mention.told else days.written
    rule = "date:counted-from-told" if mention.told else "date:counted"
    unit, offset = mention.unit or "day", mention.offset or 0
    of_day = "TIME" if mention.part not in (None, "WE") else "DATE"
    granularity = "part-of-day" if of_day == "TIME" else unit
    if anchor is None:
        return _unknown(mention, of_day, granularity, "no-told-day" if mention.told else "no-anchor", rule)
    if unit == "day":
        day = _shift(anchor, offset)
        if day is not None:
            return _Found(_timed(mention, day, rule, anchor), day)
    else:
        value = _wide_value(unit, offset, anchor)
        if value is not None:
            if mention.part == "WE":
                value, granularity = f"{value}-WE", "day"
            return _Found(Meaning("DATE", value, granularity, anchor, rule))
    return _unknown(mention, of_day, granularity, "out-of-range", rule)


def _clock(_: str, mention: DateMention, days: _Days) -> _Found:
    """A clock time belongs to the day told last before it, else to that of writing: so is a report read."""
    anchor = days.told or days.written
    if anchor is None:
        return _unknown(
            mention, "TIME", "minute" if mention.minute is not None else "hour", "no-told-day", "date:clock"
        )
    return _Found(_timed(mention, anchor, "date:clock", anchor))


def _reference(_: str, mention: DateMention, __: _Days) -> _Found:
    return _Found(Meaning("DATE", mention.part, None, None, "date:reference"))


def _duration(_: str, mention: DateMention, __: _Days) -> _Found:
    return _Found(Meaning("DURATION", mention.value, mention.unit, None, "duration:counted"))


def _set(_: str, mention: DateMention, __: _Days) -> _Found:
    return _Found(Meaning("SET", mention.value, mention.unit, None, "set:every"))


def _feast(_: str, mention: DateMention, __: _Days) -> _Found:
    """A feast of a fixed day; without its year it is that day of any year."""
    if mention.year is None or mention.month is None or mention.day is None:
        part = f"T{mention.part}" if mention.part else ""
        value = f"XXXX-{mention.month:02}-{mention.day:02}{part}"
        return _Found(Meaning("TIME" if part else "DATE", value, "part-of-day" if part else "day", None, "date:feast"))
    return _stated(mention, date(mention.year, mention.month, mention.day), "date:feast")


def _unresolved(_: str, mention: DateMention, __: _Days) -> _Found:
    kind = mention.part or "DATE"
    return _unknown(mention, kind, mention.unit, mention.unsaid or "", _RULES[kind])


_RULES = {"DATE": "date:unknown", "TIME": "date:unknown", "DURATION": "duration:counted", "SET": "set:every"}


def _unknown(_: DateMention, kind: str, granularity: str | None, reason: str, rule: str) -> _Found:
    return _Found(Meaning(kind, None, granularity, None, rule, reason))


def _wide_value(unit: str, offset: int, anchor: date) -> str | None:
    """Weeks, months and years away from the anchor; None beyond the calendar."""
    if unit == "week":
        day = _shift(anchor, _WEEK * offset)
        return None if day is None else f"{day.isocalendar().year:04}-W{day.isocalendar().week:02}"
    year, month = _add_months(anchor.year, anchor.month, offset if unit == "month" else 12 * offset)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    return f"{year}-{month:02}" if unit == "month" else str(year)


def _add_months(year: int, month: int, count: int) -> tuple[int, int]:
    months = year * 12 + month - 1 + count
    return months // 12, months % 12 + 1


def _shift(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


_READERS: dict[str, Callable[[str, DateMention, _Days], _Found]] = {
    "day": _day,
    "range": _day,
    "weekday": _weekday,
    "month": _month,
    "year": _year,
    "period": _period,
    "relative": _relative,
    "time": _clock,
    "reference": _reference,
    "duration": _duration,
    "set": _set,
    "feast": _feast,
    "unknown": _unresolved,
}
"""By the kind of a mention."""
