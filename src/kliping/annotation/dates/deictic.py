"""Finds the dates that need the day of writing: `kemarin`, `dua hari lalu`, `Rabu lalu`, `pukul 06.12`, `saat ini`.

`str.find` looks for the pieces such phrases are made of; a regex reads only windows of fixed size around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kliping.annotation.dates.mention import DateMention
from kliping.annotation.dates.words import (
    KNOWN,
    MODIFIERS,
    MONTHS,
    NUMBER_WORDS,
    PARTS,
    UNITS,
    WEEKDAYS,
    ZONES,
    alternation,
    opening,
    plain,
)

_REACH_BACK, _REACH_AHEAD = 28, 20
_HEARTS: list[str] = KNOWN["hearts"]["pieces"]
_BARE: list[str] = KNOWN["bare_weekdays"]["words"]
_NOT_AFTER = frozenset(KNOWN["bare_weekdays"]["not_after"])
_NOT_BEFORE = frozenset(KNOWN["bare_weekdays"]["not_before"])
_RELATIVE = {
    word: (entry["unit"], entry["offset"], entry.get("part")) for entry in KNOWN["relative"] for word in entry["words"]
}
_REFERENCES = {word: value for value, words in KNOWN["references"].items() for word in words}
_PAST = alternation(word for word, code in MODIFIERS.items() if code in ("past", "yesterday"))
_FUTURE = alternation(word for word, code in MODIFIERS.items() if code == "future")
_TO_COME = "lagi"
"""After a count only: `dua hari lagi`."""
_BESIDE = alternation(word for word in MODIFIERS if word != "kemudian")
_CLOCK = (
    r"(?:pukul|pkl\.?|jam)\s(?P<hour>[0-2]?[0-9])[.:](?P<minute>[0-5][0-9])(?![0-9]|[.,][0-9])"
    rf"(?:\s(?P<zone>{alternation(ZONES)})\b)?"
)
_OPENING = opening(
    [*_RELATIVE, *NUMBER_WORDS, *MONTHS, *_REFERENCES, "bulan", "tanggal", "sekitar", "sekira", "pukul", "pkl", "jam"]
)
_WEEKDAY = re.compile(
    rf"(?:,?\s(?P<part>(?i:{alternation(PARTS)}))\b)?(?:\s(?:(?:pekan|minggu)\s)?(?P<modifier>(?i:{_BESIDE}))\b)?"
    rf"(?:,?\s(?:sekitar\s|sekira\s)?{_CLOCK})?"
)
_PHRASE = re.compile(
    rf"""\b(?:{_OPENING}|(?=[0-9]))(?:
      (?P<word>{alternation(_RELATIVE)})
    | (?P<count>[0-9]{{1,3}}|{alternation(NUMBER_WORDS)})\s(?P<unit>{alternation(UNITS)})\s(?:yang\s)?
      (?P<side>{_PAST}|{_FUTURE}|{_TO_COME})
    | (?:bulan\s)?(?P<month>{alternation(MONTHS)})\s(?:(?P<year>tahun)\s)?(?P<month_side>{_PAST}|ini|{_FUTURE})
    | tanggal\s(?P<day>[0-9]{{1,2}})\s(?P<day_side>{_PAST}|ini|{_FUTURE})
    | (?:sekitar\s|sekira\s)?{_CLOCK}
    | (?P<reference>{alternation(_REFERENCES)})
    )(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)


def relative(text: str) -> Iterator[DateMention]:
    """Yield the relative dates, lone clock times and TIMEX3 references of a text in order; never raises."""
    for start, end in _windows(text):
        for match in _PHRASE.finditer(text, start, end):
            mention = _read(match)
            if mention is not None:
                yield mention


def weekdays(text: str) -> Iterator[DateMention]:
    """Yield the weekdays written alone with a capital (`Kamis`, `Rabu lalu`, `Senin petang`), a name at a time."""
    for name in _BARE:
        position = text.find(name)
        while position >= 0:
            mention = _weekday(text, position, name)
            if mention is not None:
                yield mention
            position = text.find(name, position + len(name))


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Stretches around the hearts, overlapping ones joined, so that no phrase is cut and none is read twice."""
    hits = []
    for piece in _HEARTS:
        position = text.find(piece)
        while position >= 0:
            hits.append(position)
            position = text.find(piece, position + len(piece))
    if not hits:
        return
    hits.sort()
    low = high = hits[0] - _REACH_BACK
    for hit in hits:
        if hit - _REACH_BACK > high:
            yield max(0, low), high
            low = hit - _REACH_BACK
        high = hit + _REACH_AHEAD
    yield max(0, low), high


def _read(match: re.Match[str]) -> DateMention | None:
    start, end = match.span()
    group = match.groupdict()
    if group["word"]:
        unit, offset, part = _RELATIVE[plain(group["word"])]
        return DateMention(start, end, "relative", unit=unit, offset=offset, part=part)
    if group["count"]:
        count = NUMBER_WORDS.get(plain(group["count"])) or int(group["count"])
        side = plain(group["side"])
        sign = 1 if side == _TO_COME or MODIFIERS[side] == "future" else -1
        return DateMention(start, end, "relative", unit=UNITS[plain(group["unit"])], offset=sign * count)
    if group["month"]:
        return _month(match, group)
    if group["day"]:
        day = int(group["day"])
        side = MODIFIERS[plain(group["day_side"])]
        return DateMention(start, end, "day", day=day, modifier=side) if 1 <= day <= 31 else None
    if group["hour"]:
        return _clock(match, group)
    return DateMention(start, end, "reference", part=_REFERENCES[plain(group["reference"])])


def _month(match: re.Match[str], group: dict[str, str | None]) -> DateMention:
    """`Maret lalu` needs the nearest March; `September tahun lalu` names the year by its distance."""
    modifier = MODIFIERS[plain(group["month_side"] or "")]
    month = MONTHS[plain(group["month"] or "")]
    if group["year"] is None:
        return DateMention(*match.span(), "month", month=month, modifier=modifier)
    offset = {"future": 1, "today": 0}.get(modifier, -1)
    return DateMention(*match.span(), "month", month=month, modifier=modifier, unit="year", offset=offset)


def _clock(match: re.Match[str], group: dict[str, str | None]) -> DateMention | None:
    hour, minute = int(group["hour"] or 0), int(group["minute"] or 0)
    if hour > 23:
        return None
    zone = ZONES.get((group["zone"] or "").upper())
    return DateMention(*match.span(), "time", hour=hour, minute=minute, zone=zone)


def _weekday(text: str, position: int, name: str) -> DateMention | None:
    end = position + len(name)
    if text[end : end + 1].isalnum() or (position and text[position - 1].isalnum()):
        return None
    before = text[max(0, position - 12) : position].split()
    if before and before[-1].lower() in _NOT_AFTER:
        return None
    if text[end + 1 : end + 12].partition(" ")[0].rstrip(".,").lower() in _NOT_BEFORE:
        return None
    match = _WEEKDAY.match(text, end)
    if match is None:
        return None
    part, modifier, hour, minute, zone = match.group("part", "modifier", "hour", "minute", "zone")
    if name == "Minggu" and modifier is not None and (position == 0 or before[-1:] == [] or before[-1][-1] in '.!?"”'):
        return None
    return DateMention(
        position,
        match.end(),
        "weekday",
        weekday=WEEKDAYS[name.lower()],
        modifier=MODIFIERS[plain(modifier)] if modifier else None,
        part=PARTS[plain(part)] if part else None,
        hour=int(hour) if hour else None,
        minute=int(minute) if minute else None,
        zone=ZONES.get(zone or ""),
    )
