"""Finds every written calendar date (days, ranges, months with a year) in one pass that is linear in the text.

One regex is tried at every number; what stands before and after a candidate is read from windows of fixed size. It
rejects what only looks like a date: scores, fractions, clock times, law and telephone numbers, days no calendar has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from kliping.annotation.dates.mention import DateMention, is_possible
from kliping.annotation.dates.numbers import every_number
from kliping.annotation.dates.words import (
    ABBREVIATED_MONTHS,
    KNOWN,
    MODIFIERS,
    MONTHS,
    NUMBERED_AFTER,
    PARTS,
    WEEKDAYS,
    ZONES,
    alternation,
    opening,
    plain,
)

_BLANK = r"[ \u00a0]"
_MONTH = rf"{opening(MONTHS)}(?i:{alternation(MONTHS)})(?![A-Za-z])"
_YEAR = r"(?:19|20)[0-9]{2}(?![0-9])"
_TO = rf"{_BLANK}?(?:[-–—/]|s/d|s\.d\.|dan|hingga|sampai(?:{_BLANK}dengan)?){_BLANK}?(?:tanggal{_BLANK})?"

# Each alternative reads on from a first number. The lookbehinds refuse numbers that are the middle of a longer one
# (`1.234`, `QZ8501`, `21-15`).
_CANDIDATE = re.compile(
    rf"""([0-9](?<![0-9A-Z/][0-9])(?<![0-9][.,:–-][0-9])[0-9]{{0,3}})
    (?:
      (?: -([0-9]{{1,2}}) )? /([0-9]{{1,2}}) (?: /([0-9]{{4}}|[0-9]{{2}}) )? (?![0-9/]|[.,-][0-9])
    | ([-.])([0-9]{{1,2}})\5([0-9]{{4}}|[0-9]{{2}}) (?![0-9]|[-./][0-9])
    | (?: {_TO} ([0-9]{{1,2}}) )? [\ \u00a0.-]{{0,2}} ({_MONTH})
      (?: [\ \u00a0.,'’/-]{{1,2}} ({_YEAR}) | -([0-9]{{2}})(?![0-9]) )?
    | ,{_BLANK} ({_YEAR})
    | (?<=(?:19|20)[0-9]{{2}}) (?![0-9A-Za-z/]|[.,:-][0-9])
    )""",
    re.VERBOSE,
)
_UNTIL = re.compile(rf"{_TO}([0-9]{{1,2}}){_BLANK}{{1,2}}({_MONTH})(?:,?{_BLANK}{{1,2}}({_YEAR}))?")
_PART = re.compile(rf",?{_BLANK}((?i:{alternation(PARTS)}))\b")
_MODIFIER = re.compile(rf"{_BLANK}\(?((?i:{alternation(MODIFIERS)}))\b")
_TIME = rf"""(?P<word>(?i:pukul|pkl\.?|jam)(?:{_BLANK}|:{_BLANK}?))?
    (?P<hour>[0-2]?[0-9])(?P<mark>[.:])(?P<minute>[0-5][0-9])
    (?:[.:](?P<second>[0-5][0-9])(?:\.[0-9]{{1,6}})?)?(?![0-9])(?:{_BLANK}?(?P<half>[AaPp])\.?[Mm]\b\.?)?
    (?:{_BLANK}?\(?(?:(?:UTC|GMT){_BLANK}?(?P<east>[+-][0-9]{{1,2}})(?::?(?P<past>[0-9]{{2}}))?(?![0-9])
      |(?P<zone>{alternation(ZONES)}|[Ww]ib|[Ww]ita|[Ww]it|Z)\b
      |(?P<offset>(?:\+|(?<=:[0-9]{{2}}:[0-9]{{2}})-)[0-9]{{2}}):?(?P<rest>[0-9]{{2}})(?![0-9])))?"""
_CLOCK = re.compile(rf"[\ \u00a0\n,;|T(/·•–-]{{0,4}}(?:(?:sekitar|sekira|at){_BLANK})?" + _TIME, re.VERBOSE)
_LONE_CLOCK = re.compile(r"(?<![0-9.,:/])" + _TIME, re.VERBOSE)
_STROKES_LOST = re.compile(
    r"\((?:([0-9]{3,4}|[0-9]{6,8})|([0-9]{1,2})[ .|\\]{1,2}([0-9]{1,2})(?:[ .|\\]{1,2}([0-9]{4}|[0-9]{2}))?)\)"
)
_LOOK_BACK = 28
_NOON = 12
_IN = frozenset(KNOWN["cues"]["in"])
_STRIP = " \u00a0,(|/–-\t."
_MAY_FOLLOW = frozenset(" \u00a0\n,;|T(/·•–-")
_WORD_ENDS = (" ", "\u00a0", "\n", "-", "(", "|", "/", ",")
_NUMBER_LABELS = frozenset({"tanggal", "tgl"})
_BETWEEN = frozenset({*_NUMBER_LABELS, *PARTS, *MODIFIERS})


class _Lead(NamedTuple):
    start: int
    weekday: int | None
    enclosed: bool
    modifier: str | None


_Reader = Callable[[str, re.Match[str]], DateMention | None]


def written_dates(text: str, numbers: Iterable[int] | None = None) -> Iterator[DateMention]:
    """Yield the written dates of a text in order; offsets are code points, end exclusive; never raises.

    `numbers` are where numbers that matter begin, as the module of that name finds them for many texts; else all are.
    """
    return _mentions(text, every_number(text) if numbers is None else numbers, month_and_year)


def days(text: str, numbers: Iterable[int], years: list[re.Match[str]]) -> Iterator[DateMention]:
    """Yield those of the dates that have a day; `years` is given what `month_and_year` reads the others from."""
    return _mentions(text, numbers, lambda _, match: years.append(match))


def _mentions(text: str, numbers: Iterable[int], lone: _Reader) -> Iterator[DateMention]:
    candidate = _CANDIDATE.match
    done = end = 0
    for number in numbers:
        match = candidate(text, number) if number >= end else None
        if match is not None:
            end = match.end()
            mention = _READERS.get(match.lastindex or 0, lone)(text, match) if number >= done else None
        elif number >= max(done, end, 1) and text[number - 1] == "(":
            mention = _strokes_lost(text, number)
        else:
            continue
        if mention is not None:
            done = mention.end
            yield mention


def _worded(text: str, match: re.Match[str]) -> DateMention | None:
    """`19 Oktober 2023`, `13-14 Oktober 2023`, `30 Agustus - 1 September 2019`, `10-Jun-25`."""
    first, to, month_word, year_digits = match[1], match[8], match[9], match[10] or match[11]
    if len(first) > 2:
        return None
    month, day, end = MONTHS[plain(month_word)], int(first), match.end()
    if match[11] is not None and text[match.start(9) - 1] != "-":  # `16 September-30 Oktober`
        year_digits, end = None, match.end(9)
    year = _full_year(year_digits)
    lead = _lead(text, match.start())
    if year is None and lead.weekday is None and month_word.lower() in ABBREVIATED_MONTHS:
        return None
    until = None
    if to is not None:
        until = (year, month, int(to))
    else:
        further = _UNTIL.match(text, end)
        if further is not None:
            last_year = int(further[3]) if further[3] else year
            until, end = (last_year, MONTHS[plain(further[2])], int(further[1])), further.end()
            year = year or last_year
    return _finish(text, lead, end, (year, month, day), until)


def _slashed(text: str, match: re.Match[str]) -> DateMention | None:
    """`16/1/2024`, `17/1/24`, `(18/10)`, `(9-11/10/2023)`, `2024/01/18`."""
    first, to, second, third = match.group(1, 2, 3, 4)
    position, end = match.span()
    if len(first) == 4 and third is None:
        return None
    if len(first) == 4:
        numbers = (int(first), int(second), int(third or 0))
    elif len(first) > 2:
        return None
    else:
        numbers = (_full_year(third), int(second), int(first))  # type: ignore[assignment]
    lead = _lead(text, position)
    if third is None and lead.weekday is None and not (lead.enclosed and text[end : end + 1] == ")"):
        return None
    if lead.weekday is None and _is_numbered(text, position):
        return None
    until = (numbers[0], numbers[1], int(to)) if to is not None else None
    return _finish(text, lead, end, numbers, until)


def _dashed(text: str, match: re.Match[str]) -> DateMention | None:
    """`16-01-2024`, `16.01.2024`, `2024-01-18`; a year of two digits only beside a weekday or a clock time."""
    first, mark, second, third = match.group(1, 5, 6, 7)
    position, end = match.span()
    if len(first) == 4 and len(third) == 2 and mark == "-":
        numbers = (int(first), int(second), int(third))
    elif len(first) <= 2:
        numbers = (_full_year(third) or 0, int(second), int(first))
    else:
        return None
    lead = _lead(text, position)
    if len(first) + len(third) <= 4 and lead.weekday is None and not _clock_follows(text, end):
        return None
    if lead.weekday is None and _is_numbered(text, position):
        return None
    return _finish(text, lead, end, numbers, None)


def _strokes_lost(text: str, position: int) -> DateMention | None:
    """`Senin (13102025)`, `Kamis (210)`, `Rabu (15 10 2025)`: what an extractor left of a date without its strokes.

    Only right behind a weekday, and only where the digits make one date; the weekday decides between several.
    """
    match = _STROKES_LOST.match(text, position - 1)
    lead = _lead(text, position) if match is not None else None
    if match is None or lead is None or lead.weekday is None:
        return None
    parted = _parted(match[1]) if match[1] else [(_full_year(match[4]), int(match[3]), int(match[2]))]
    found = [numbers for numbers in parted if is_possible(*numbers)]
    if len(found) > 1:
        found = [numbers for numbers in found if numbers[0] and date(*numbers).weekday() == lead.weekday]  # type: ignore[arg-type]
    return _finish(text, lead, match.end() - 1, found[0], None) if len(found) == 1 else None


def _parted(digits: str) -> Iterator[tuple[int | None, int, int]]:
    """The years, months and days that a run of digits can be made of, day first."""
    for year_size in (0,) if len(digits) <= 4 else (2, 4):
        size = len(digits) - year_size
        year = _full_year(digits[size:] or None)
        for cut in (1, 2):
            if 1 <= size - cut <= 2:
                yield year, int(digits[cut:size]), int(digits[:cut])


def _month_first(text: str, match: re.Match[str]) -> DateMention | None:
    """`Jan 18, 2024`, `Monday, January 18, 2024`."""
    day, year = int(match[1]), int(match[12])
    start, word = _word_before(text, match.start())
    month = MONTHS.get(word.lower())
    if month is None or day > 31:
        return None
    return _finish(text, _lead(text, start), match.end(), (year, month, day), None)


def month_and_year(text: str, match: re.Match[str]) -> DateMention | None:
    """Read `Desember 2022`, `tahun 2019`, `pada 2018`; a year in a name (`Pemilu 2024`) is no date."""
    start, word = _word_before(text, match.start())
    lowered = word.lower()
    if lowered == "tahun" or lowered in _IN:
        return DateMention(start if lowered == "tahun" else match.start(), match.end(), "year", int(match[1]))
    month = MONTHS.get(lowered)
    if month is None or (lowered in ABBREVIATED_MONTHS and not word[0].isupper()):
        return None
    return DateMention(start, match.end(), "month", int(match[1]), month)


_READERS = {
    3: _slashed, 4: _slashed, 7: _dashed, 9: _worded, 10: _worded, 11: _worded, 12: _month_first,
}  # fmt: skip
"""By the last group of `_CANDIDATE` that matched; a month and a year, or a year, has none but the number itself."""


def _finish(
    text: str,
    lead: _Lead,
    end: int,
    numbers: tuple[int | None, int, int],
    until: tuple[int | None, int, int] | None,
) -> DateMention | None:
    """Checks the numbers against the calendar and reads what follows: `)`, part of the day, `lalu`, the clock."""
    year, month, day = numbers
    if not is_possible(year, month, day) or not (year is None or 1900 <= year <= 2099):
        return None
    if until is not None and (not is_possible(*until) or (until[0] == year and until[1:] < (month, day))):
        return None
    kind = "day" if until is None else "range"
    start, weekday, enclosed, modifier = lead
    if enclosed and weekday is not None and text[end : end + 1] == ")":
        end += 1
    if text[end : end + 1] not in _MAY_FOLLOW:
        return DateMention(start, end, kind, year, month, day, weekday, until, modifier, enclosed=enclosed)
    end, part, after = _trailing_words(text, end)
    modifier = after or modifier
    mention = DateMention(start, end, kind, year, month, day, weekday, until, modifier, part, enclosed=enclosed)
    clock = _CLOCK.match(text, end) if until is None else None
    return mention if clock is None or not _is_clock(clock) else _timed(mention, clock)


def with_clock(text: str, mention: DateMention, start: int, end: int) -> DateMention:
    """Return the mention with the only clock time in text[start:end] beside it: `19:34 WIB, Kamis, 19 Oktober 2023`."""
    clocks = [
        clock
        for left, right in ((start, mention.start), (mention.end, end))
        for clock in _LONE_CLOCK.finditer(text, left, right)
        if _is_clock(clock)
    ]
    if len(clocks) != 1:
        return mention
    timed = _timed(mention, clocks[0])
    return timed._replace(start=min(mention.start, clocks[0].start()), end=max(mention.end, clocks[0].end()))


def _timed(mention: DateMention, clock: re.Match[str]) -> DateMention:
    hour = int(clock["hour"])
    if clock["half"] is not None and hour <= _NOON:
        hour = hour % _NOON + _NOON * (clock["half"] in "Pp")
    second = int(clock["second"]) if clock["second"] else None
    return mention._replace(end=clock.end(), hour=hour, minute=int(clock["minute"]), second=second, zone=_zone(clock))


def _clock_follows(text: str, end: int) -> bool:
    clock = _CLOCK.match(text, end)
    return clock is not None and _is_clock(clock)


def _trailing_words(text: str, end: int) -> tuple[int, str | None, str | None]:
    """The end after `malam` and `lalu` with their codes."""
    part = modifier = None
    found = _PART.match(text, end)
    if found is not None:
        part, end = PARTS[plain(found[1])], found.end()
    found = _MODIFIER.match(text, end)
    if found is not None:
        modifier, end = MODIFIERS[plain(found[1])], found.end()
    return end, part, modifier


def _is_clock(clock: re.Match[str]) -> bool:
    """A clock time has an hour below 24 and shows itself by `pukul`, a colon or a zone: `12.30 detik` is a result."""
    shown = clock["mark"] == ":" or any(clock[sign] for sign in ("word", "half", "east", "zone", "offset"))
    return shown and int(clock["hour"]) < 24


def _zone(clock: re.Match[str]) -> int | None:
    """Minutes east of UTC."""
    east, past = clock["east"] or clock["offset"], clock["past"] or clock["rest"] or "0"
    if east is not None:
        return int(east) * 60 + (int(past) if east[0] != "-" else -int(past))
    name = (clock["zone"] or "").upper()
    return 0 if name == "Z" else ZONES.get(name)


def _lead(text: str, position: int) -> _Lead:
    """What stands before the digits: a weekday, words between (`malam`, `tanggal`, `kemarin`), an open parenthesis."""
    before = text[max(0, position - _LOOK_BACK) : position]
    stripped = before.rstrip(_STRIP)
    enclosed = "(" in before[len(stripped) :]
    modifier, start = None, position
    for _ in range(3):
        cut = stripped.rfind(" ")
        if not stripped[cut + 1 :].isalpha():
            cut = max(map(stripped.rfind, _WORD_ENDS))
        word = stripped[cut + 1 :].lower()
        weekday = WEEKDAYS.get(word)
        if weekday is not None and (len(word) > 3 or not stripped[cut + 1].islower()):
            return _Lead(position - len(before) + cut + 1, weekday, enclosed, modifier)
        if word not in _BETWEEN:
            break
        modifier = MODIFIERS.get(word, modifier)
        if word in _NUMBER_LABELS:
            start = position - len(before) + cut + 1
        stripped = stripped[: max(cut, 0)].rstrip(_STRIP)
    return _Lead(start, None, enclosed, None)


def _word_before(text: str, position: int) -> tuple[int, str]:
    """The word that ends before a position, blanks between them left out, and where it starts."""
    before = text[max(0, position - 2) : position]
    end = position - len(before) + len(before.rstrip(" \u00a0.,-"))
    word = text[max(0, end - 12) : end].rpartition(" ")[2]
    if word.isalpha():
        return end - len(word), word
    start = end
    while start > 0 and end - start < 12 and text[start - 1].isalpha():
        start -= 1
    return start, text[start:end]


def _is_numbered(text: str, position: int) -> bool:
    """Whether the number belongs to a law, a letter or a code: `Nomor 5/12/2014`, `v16.01.2024`."""
    if position == 0:
        return False
    if text[position - 1].isalpha() or text[position - 1] in "$#":
        return True
    before = text[max(0, position - 12) : position].rstrip()
    cut = max(before.rfind(" "), before.rfind("\n"), before.rfind("("))
    return before[cut + 1 :].lower() in NUMBERED_AFTER


def _full_year(digits: str | None) -> int | None:
    """Two digits are read as 1970-2069, as POSIX `strptime` splits the centuries (there at 69)."""
    if digits is None:
        return None
    number = int(digits)
    if len(digits) == 4:
        return number
    return number + (2000 if number < 70 else 1900)
