"""Reads what is counted in units of time: `tiga hari`, `2 jam 30 menit`, `dua pekan lalu`, `tahun ini`.

A unit is met first; its count is read backwards from it word by word, what it is beside (`lalu`, `kemudian`,
`terakhir`) forwards, each within a few words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kliping.annotation.dates.mention import DateMention
from kliping.annotation.dates.words import (
    ABOUT,
    EDGES,
    EVERY,
    KNOWN,
    LAWS,
    LENGTHS,
    MORE_THAN,
    WEEKDAYS,
    alternation,
    is_word_end,
    plain,
    word_before,
)

_COUNTING = KNOWN["counting"]
_ONES: dict[str, int] = _COUNTING["units"]
_WHOLE: dict[str, int] = _ONES | _COUNTING["whole"]
_TIMES: dict[str, int] = _COUNTING["times"]
_TEEN, _HALF, _VAGUE = (frozenset(_COUNTING[name]) for name in ("teen", "half", "vague"))
_NUMBER_WORDS = frozenset([*_WHOLE, *_TIMES, *_TEEN, *_HALF])
_LONGEST_COUNT = 6
"""Words of a count."""
_DIGITS = re.compile(r"([0-9]{1,4}|[0-9]{1,3}\.[0-9]{3})(?:,([0-9]{1,2}))?")
_SPAN_OF_COUNTS = re.compile(r"(?:[0-9]{1,3}|[a-z]{3,8})[-–](?:[0-9]{1,3}|[a-z]{3,8})")
_BEHIND: dict[str, list[str]] = KNOWN["behind"]
_AFTER_COUNT = re.compile(
    r"[ \u00a0]{1,2}(?i:"
    + "|".join(
        f"(?P<{name}>{alternation(_BEHIND[name])})"
        for name in ("ago", "later", "earlier", "ahead", "coming", "lasting", "once")
    )
    + r")(?!\w)"
)
_AFTER_UNIT = re.compile(
    r"[ \u00a0]{1,2}(?i:"
    + "|".join(
        f"(?P<{name}>{alternation(_BEHIND[name])})" for name in ("this", "last", "next", "same", "later", "earlier")
    )
    + r")(?!\w)"
)
_FURTHER = re.compile(
    rf"[ \u00a0](?:dan[ \u00a0])?([0-9]{{1,2}}|(?i:{alternation(_WHOLE)}))[ \u00a0]((?i:{alternation(LENGTHS)}))(?!\w)"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_TODAY = frozenset(KNOWN["behind"]["this"])
_YEAR_NUMBER = re.compile(r"[ \u00a0](?:19|20)[0-9]{2}(?![0-9])")
_SIZES = ("second", "minute", "hour", "day", "week", "month", "year", "decade", "century")
_LETTERS = dict(zip(_SIZES, "SMHDWMYYY", strict=True))
_YEARS = {"decade": 10, "century": 100}
_CLOCKED = frozenset({"second", "minute", "hour"})
_SHIFTED = frozenset({"day", "week", "month", "year"})
"""Units of which an offset makes a date."""
_LASTING = frozenset(KNOWN["framing"]["lasting"])
_PER = frozenset(KNOWN["framing"]["per"])
_TIMES_A: str = KNOWN["behind"]["times"]
_WEEKEND: str = KNOWN["framing"]["weekend"]
_NAMING = frozenset(KNOWN["behind"]["naming"])


class _Count(NamedTuple):
    """A count before a unit: where it starts, and its number as ISO 8601 writes it, `X` where it names none."""

    start: int
    number: str | None


def counted(text: str, at: int, word: str) -> DateMention | None:
    """Return the time expression whose unit `word` stands at a position, None where it is none."""
    end = at + len(word)
    unit = LENGTHS[plain(word)]
    if at and text[at - 1].isalnum():
        return _prefixed(text, at, end, unit)
    if not is_word_end(text, end):
        return None
    count = _count_before(text, at)
    if count is not None and not (unit == "day" and _is_day_of_its_own(text, count, end)):
        return None if _is_numbered_year(text, count.start, end, unit) else _with_count(text, count, end, unit)
    return _without_count(text, at, end, unit)


def _is_day_of_its_own(text: str, count: _Count, end: int) -> bool:
    """`menang 2-2 hari Minggu`, `SEA Games 2021 hari ini`: what stands before the unit is no count of it."""
    following = text[end + 1 : end + 12].partition(" ")[0].rstrip(".,)").lower()
    return following in WEEKDAYS or (following in _TODAY and _YEAR.fullmatch(count.number or "") is not None)


def _prefixed(text: str, at: int, end: int, unit: str) -> DateMention | None:
    """`sepekan`, `seharian`, `berjam-jam`, `sehari-hari`."""
    prefix = text[max(0, at - 2) : at].lower()
    if prefix == "se" and (at < 3 or not text[at - 3].isalnum()):
        start = at - 2
        if unit == "day" and text.startswith("-hari", end):
            return DateMention(start, end + len("-hari"), "set", unit="day", value="P1D")
        if text.startswith("an", end) and is_word_end(text, end + 2):
            return DateMention(start, end + 2, "duration", unit=unit, value=_period("1", unit))
        return _with_count(text, _Count(start, "1"), end, unit) if is_word_end(text, end) else None
    if text[max(0, at - 3) : at].lower() == "ber" and (at < 4 or not text[at - 4].isalnum()):
        again = end + 1 + end - at
        if (
            text[end : end + 1] == "-"
            and text[end + 1 : again].lower() == text[at:end].lower()
            and is_word_end(text, again)
        ):
            return DateMention(at - 3, again, "duration", unit=unit, value=_period("X", unit))
    return None


def _count_before(text: str, at: int) -> _Count | None:
    start, word = word_before(text, at)
    if not word:
        return None
    if word[0].isdigit():
        digits = _DIGITS.fullmatch(word)
        if digits is not None:
            number = digits[1].replace(".", "") + (f".{digits[2]}" if digits[2] else "")
            return _Count(start, number)
        return _Count(start, None) if _SPAN_OF_COUNTS.fullmatch(word) else None
    if word in _VAGUE:
        return _Count(start, "X")
    if word in _NUMBER_WORDS:
        return _in_words(text, start, word)
    first, dash, second = word.partition("-")
    return _Count(start, None) if dash and first in _WHOLE and second in _WHOLE else None


def _in_words(text: str, start: int, word: str) -> _Count | None:
    words = [word]
    while len(words) < _LONGEST_COUNT:
        before, word = word_before(text, start)
        if word not in _NUMBER_WORDS:
            break
        words.append(word)
        start = before
    number = _number(words[::-1])
    return None if number is None else _Count(start, number)


def _number(words: Sequence[str]) -> str | None:
    """The number that words say: `dua puluh lima` is 25, `satu setengah` 1.5; None where they say none.

    >>> _number(["dua", "belas"]), _number(["seratus", "lima"]), _number(["dua", "tiga"])
    ('12', '105', None)
    """
    whole, ones, half = 0, 0, False
    for word in words:
        if half:
            return None
        if word in _HALF:
            half = True
        elif word in _TEEN:
            whole, ones = whole + ones + 10, 0
        elif word in _TIMES:
            if _TIMES[word] == 1000:
                whole, ones = (whole + ones) * 1000, 0
            else:
                whole, ones = whole + ones * _TIMES[word], 0
        elif ones or 0 < whole <= _WHOLE[word]:
            return None
        elif _WHOLE[word] < 100:
            ones = _WHOLE[word]
        else:
            whole += _WHOLE[word]
    total = whole + ones
    if half:
        return f"{total}.5"
    return str(total) if total else None


def _period(number: str, unit: str) -> str:
    """A length of time as ISO 8601 writes it, with `X` for a number that is not told, as TimeML 1.2.1 does."""
    if unit in _YEARS and number != "X":
        number = f"{float(number) * _YEARS[unit]:g}"
    return f"P{'T' * (unit in _CLOCKED)}{_halved(number, unit)}"


def _halved(number: str, unit: str) -> str:
    """`setengah hari` is twelve hours and `setengah jam` thirty minutes, as people would say."""
    if number == "0.5" and unit == "day":
        return "T12H"
    if number.endswith(".5") and unit in ("hour", "year"):
        smaller, letter = (60, "M") if unit == "hour" else (12, "M")
        return f"{int(float(number) * smaller)}{letter}"
    return number + _LETTERS[unit]


def _is_numbered_year(text: str, start: int, end: int, unit: str) -> bool:
    """`Nomor 12 Tahun 2011`: the number is a law's, and the year behind the unit its year."""
    return unit == "year" and (_YEAR_NUMBER.match(text, end) is not None or word_before(text, start)[1] in LAWS)


def _with_count(text: str, count: _Count, end: int, unit: str) -> DateMention | None:
    start, number = count
    lead, before = word_before(text, start)
    behind = _AFTER_COUNT.match(text, end)
    kind = behind.lastgroup if behind is not None else None
    stop = behind.end() if behind is not None else end
    if before in EVERY or before in _PER:
        return _set(lead, stop if kind == "once" else end, number, unit)
    if kind == "once":
        return _set(start, stop, number, unit)
    if before == _TIMES_A and number == "1":
        return _times_a(text, lead, end, unit)
    if number is None:
        return DateMention(start, end, "unknown", unit=unit, unsaid="several-lengths", part="DURATION")
    if kind in ("ago", "later", "earlier", "ahead") or (kind == "coming" and before not in _LASTING):
        return _counted_off(text, start, stop, number, unit, kind)
    if kind in ("lasting", "coming"):
        end = stop
    else:
        further = _FURTHER.match(text, end)
        if further is not None and _smaller(further[2], unit):
            return _compound(text, start, end, _period(number, unit), unit)
    return DateMention(about(text, start), end, "duration", unit=unit, value=_period(number, unit))


def _set(start: int, end: int, number: str | None, unit: str) -> DateMention:
    if number is None:
        return DateMention(start, end, "unknown", unit=unit, unsaid="several-lengths", part="SET")
    return DateMention(start, end, "set", unit=unit, value=_period(number, unit))


def _times_a(text: str, start: int, end: int, unit: str) -> DateMention:
    """`dua kali sehari`."""
    count = _count_before(text, start)
    return DateMention(count.start if count else start, end, "set", unit=unit, value=_period("1", unit))


def _counted_off(text: str, start: int, end: int, number: str, unit: str, side: str) -> DateMention | None:
    """`dua hari lalu`, `sepekan kemudian`, `tiga hari lagi`: a date; of hours only which way it lies."""
    told = side in ("later", "earlier")
    sign = -1 if side in ("ago", "earlier") else 1
    start = about(text, start)
    if unit in _YEARS and number.isdigit():
        number, unit = str(int(number) * _YEARS[unit]), "year"
    if unit in _SHIFTED and number.isdigit():
        return DateMention(start, end, "relative", unit=unit, offset=sign * int(number), told=told)
    if told:
        return DateMention(start, end, "unknown", unit=unit, unsaid="not-to-the-day", part="DATE")
    return DateMention(start, end, "reference", part="PAST_REF" if sign < 0 else "FUTURE_REF")


def _smaller(word: str, unit: str) -> bool:
    return _SIZES.index(LENGTHS[plain(word)]) < _SIZES.index(unit)


def _compound(text: str, start: int, end: int, value: str, unit: str) -> DateMention:
    """`2 jam 30 menit`: one duration of several units, each smaller than the one before."""
    while (further := _FURTHER.match(text, end)) is not None and _smaller(further[2], unit):
        unit, end = LENGTHS[plain(further[2])], further.end()
        number = str(_WHOLE.get(plain(further[1])) or further[1])
        more = _period(number, unit)[1:]
        value += more[1:] if "T" in value and more[0] == "T" else more
    return DateMention(about(text, start), end, "duration", unit=unit, value=value)


def _without_count(text: str, at: int, end: int, unit: str) -> DateMention | None:
    """`tahun ini`, `pekan depan`, `setiap bulan`, `akhir pekan`, `tahun berikutnya`."""
    lead, before = word_before(text, at)
    behind = _AFTER_UNIT.match(text, end)
    kind = behind.lastgroup if behind is not None else None
    if before in EVERY or before in _PER:
        if unit == "year" and _YEAR_NUMBER.match(text, end):
            return None
        return DateMention(lead, end, "set", unit=unit, value=_period("1", unit))
    if unit in _YEARS:
        return None
    edge = before in EDGES
    start = lead if edge else at
    weekend = unit == "week" and before == _WEEKEND
    if edge and word_before(text, lead)[1] in EVERY:
        value = "XXXX-WXX-WE" if weekend else _period("1", unit)
        return DateMention(word_before(text, lead)[0], end, "set", unit=unit, value=value)
    if kind is not None and behind is not None:
        return _beside(text, start, behind.end(), unit, kind, weekend=weekend)
    if edge and unit in ("week", "month", "year") and not _names_more(text, end):
        return DateMention(start, end, "unknown", unit=unit, unsaid="not-said-which", part="DATE")
    return None


def _names_more(text: str, end: int) -> bool:
    """`akhir tahun 2024`, `akhir bulan Maret`, `awal tahun ajaran`: the words go on."""
    following = text[end : end + 14].split()[:1]
    return bool(following) and (following[0][0].isdigit() or following[0][0].isupper() or following[0] in _NAMING)


def _beside(text: str, start: int, end: int, unit: str, kind: str, *, weekend: bool) -> DateMention | None:
    part = "WE" if weekend else None
    if unit in _CLOCKED:
        return None
    if unit == "day" and kind in ("last", "next"):
        return None
    offset = {"this": 0, "last": -1, "next": 1, "same": 0, "later": 1, "earlier": -1}[kind]
    return DateMention(
        start, end, "relative", unit=unit, offset=offset, told=kind in ("same", "later", "earlier"), part=part
    )


def about(text: str, start: int) -> int:
    """Return where an expression starts with what is before its number: `sekitar tiga hari`, `lebih dari 10 tahun`."""
    lead, before = word_before(text, start)
    if before in ABOUT:
        return lead
    if before in MORE_THAN:
        further, word = word_before(text, lead)
        if f"{word} {before}" in MORE_THAN[before]:
            return further
    return start
