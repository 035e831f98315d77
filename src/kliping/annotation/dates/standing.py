"""Reads the dates in numbers as the layer `time_expressions` has them, and the years that stand alone.

The words around a date that belong to it come along: `akhir tahun 2012`, `hari Rabu (3/4)`, `24 Desember lalu`. What
can stand by itself is parted: the ends of `30 Agustus - 1 September 2019`, a clock time set off by a comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from kliping.annotation.dates.counted import about
from kliping.annotation.dates.mention import DateMention
from kliping.annotation.dates.words import (
    EDGES,
    EVERY,
    KNOWN,
    LAWS,
    MODIFIERS,
    MONTHS,
    NUMBERED_AFTER,
    alternation,
    plain,
    word_before,
)
from kliping.annotation.dates.written import written_dates

_B = "[ \u00a0]"
_TO = rf"{_B}?(?:[-–—/]|s/d|s\.d\.|dan|hingga|sampai(?:{_B}dengan)?){_B}?"
_JOINT_TO_YEAR = re.compile(_TO)
_JOINTS = re.compile(rf"{_TO}(?:tanggal{_B})?(?=[0-9])")
_PARTING = re.compile(rf"(?:\)?,|[|/·•–-]){_B}{{0,2}}(?:(?:sekitar|sekira){_B})?(?=(?i:pukul|pkl|jam)\b)")
_LOOSE = re.compile(rf"{_B}(?i:{alternation(set(MODIFIERS) - {'kemudian', 'ini'})})(?!\w)")
_CENTURIES = ("19", "20")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?![0-9A-Za-z]|[.,:/][0-9])")
_TO_YEAR = re.compile(
    rf"{_B}?(?:[-–—]|hingga|sampai(?:{_B}dengan)?){_B}?(?=(?:19|20)[0-9]{{2}}(?![0-9A-Za-z]|[.,:/-][0-9]))"
)
_NO_YEAR_AFTER = ".,/$#"
_BEFORE_YEARS = frozenset([*KNOWN["before_alone"]["years"], *KNOWN["cues"]["in"]])
_DECADES = frozenset(KNOWN["before_alone"]["decades"])
_COUNTED = frozenset(KNOWN["before_alone"]["counted"])
_TENS = "-an"
"""Behind the first year of a decade: `1990-an`."""
_START = attrgetter("start")


def standing_dates(text: str, places: Sequence[int]) -> list[DateMention]:
    """Return the dates in numbers and the lone years of a text, in order; `places` are those of its numbers."""
    mentions = [part for mention in written_dates(text, places) for part in _parts(text, mention)]
    years = [place for place in places if text.startswith(_CENTURIES, place)]
    lone = list(_lone_years(text, years, mentions)) if years else []
    return sorted(mentions + lone, key=_START) if lone else mentions


def _parts(text: str, mention: DateMention) -> Iterator[DateMention]:
    """A mention as the layer has it: the ends of a range that stand by themselves are two mentions."""
    if "\n" in text[mention.start : mention.end]:
        cut = mention.start + text[mention.start : mention.end].index("\n")
        for part in written_dates(text[mention.start : cut]):
            yield from _parts(text, part._replace(start=part.start + mention.start, end=part.end + mention.start))
        return
    if mention.kind == "year" and (_is_law(text, mention) or _is_count(text, mention.start, mention.end)):
        return
    if mention.hour is not None:
        parting = _PARTING.search(text, mention.start, mention.end)
        if parting is not None:
            day_end = parting.start() + (text[parting.start()] == ")")
            yield _framed(text, mention._replace(end=day_end, hour=None, minute=None, second=None, zone=None))
            yield DateMention(
                parting.end(), mention.end, "time", hour=mention.hour, minute=mention.minute, zone=mention.zone
            )
            return
    yield from _ends(text, _framed(text, mention))


def _ends(text: str, mention: DateMention) -> Iterator[DateMention]:
    """`30 Agustus - 1 September 2019` is two dates; `13-14 Oktober 2023` cannot be parted."""
    if mention.kind == "range" and mention.until is not None:
        for joint in _JOINTS.finditer(text, mention.start, mention.end):
            first = text[mention.start : joint.start()].rstrip("0123456789").rstrip(" \u00a0")
            if plain(first.rpartition(" ")[2]) in MONTHS or any(plain(word) in MONTHS for word in first.split()):
                year, month, day = mention.until
                yield mention._replace(end=joint.start(), kind="day", until=None)
                yield mention._replace(
                    start=joint.end(), kind="day", year=year, month=month, day=day, weekday=None, until=None
                )
                return
    yield mention


def _is_law(text: str, mention: DateMention) -> bool:
    """`Nomor 12 Tahun 2011`."""
    start, word = word_before(text, mention.start)
    if not word[:1].isdigit():
        return False
    return word_before(text, start)[1] in LAWS


def _is_count(text: str, at: int, end: int) -> bool:
    """`pada 2024 orang`: the number counts what follows."""
    if not text[at].isdigit() or text[end : end + 1] not in (" ", "\u00a0"):
        return False
    following = text[end : end + 14].split()[:1]
    return bool(following) and following[0].strip(".,;:)").lower() in _COUNTED


def _framed(text: str, mention: DateMention) -> DateMention:
    """The mention with `akhir`, `setiap` before it and `lalu`, `-an` behind it."""
    start, before = word_before(text, mention.start)
    if mention.kind in ("year", "month"):
        if mention.kind == "year" and text.startswith("-an", mention.end):
            mention = mention._replace(end=mention.end + 3, kind="period", value=str(mention.year)[:3], unit="decade")
        if before == "bulan" and mention.kind == "month":
            mention, (start, before) = mention._replace(start=start), word_before(text, start)
        if before in EDGES:
            mention, (start, before) = mention._replace(start=start), word_before(text, start)
    if mention.kind == "day" and mention.year is None and before in EVERY and mention.hour is None:
        return DateMention(start, mention.end, "set", value=f"XXXX-{mention.month:02}-{mention.day:02}", unit="day")
    if before == "hari" and mention.kind == "day" and mention.weekday is not None:
        mention = mention._replace(start=start)
    if mention.modifier is None and mention.kind in ("day", "year", "month") and mention.hour is None:
        loose = _LOOSE.match(text, mention.end)
        if loose is not None:
            mention = mention._replace(end=loose.end())
    return mention


def _lone_years(text: str, places: Iterable[int], taken: Sequence[DateMention]) -> Iterator[DateMention]:
    """`hingga 2021`, `2019-2021`, `akhir 1990-an`: years that no date holds, behind a word that makes them one."""
    ends = iter(taken)
    held = next(ends, None)
    done = 0
    for place in places:
        while held is not None and held.end <= place:
            done, held = max(done, held.end), next(ends, None)
        if place < done or (held is not None and held.start <= place):
            continue
        mention = _lone_year(text, place, done)
        if mention is not None:
            done = mention.end
            yield mention


def _lone_year(text: str, at: int, done: int) -> DateMention | None:
    """The year at a position, `done` being where the last date before it ends."""
    match = _YEAR.match(text, at)
    if match is None or (at and (text[at - 1].isalnum() or text[at - 1] in _NO_YEAR_AFTER)):
        return None
    end, (start, before) = match.end(), word_before(text, at)
    if before in NUMBERED_AFTER or _is_count(text, at, end):
        return None
    if text.startswith(_TENS, end):
        begin = start if before in EDGES or before in _DECADES else at
        return DateMention(begin, end + len(_TENS), "period", value=match[0][:3], unit="decade")
    goes_on = _TO_YEAR.match(text, end) is not None
    if not goes_on and (
        text[end : end + 1] == "-" or not (before in _BEFORE_YEARS or _JOINT_TO_YEAR.fullmatch(text, done, at))
    ):
        return None
    return DateMention(start if before in EDGES else about(text, at), end, "year", int(match[0]))
