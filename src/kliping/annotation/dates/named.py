"""Reads times that are named, not counted: weekdays, months, parts of the day, `kemarin`, `saat ini`, clocks, feasts.

Each reader is given the position of its word and looks a few words around it.
"""

from __future__ import annotations

import re

from kliping.annotation.dates.counted import about
from kliping.annotation.dates.joints import every_clock
from kliping.annotation.dates.mention import DateMention, is_possible
from kliping.annotation.dates.words import (
    EDGES,
    EVERY,
    KNOWN,
    MODIFIERS,
    MONTHS,
    PARTS,
    WEEKDAYS,
    ZONES,
    alternation,
    is_word_end,
    plain,
    word_before,
)

_B = r"(?:[ \u00a0]{1,2})"
_PRAYERS = {word: part for part, words in KNOWN["parts_alone"]["prayers"].items() for word in words}
_ZONE = rf"{_B}(?P<zone>{alternation(ZONES)}|[Ww]ib|[Ww]ita|[Ww]it)\b"
_LOCAL = alternation(KNOWN["clock"]["local"])
_HALF, _PART = (rf"(?P<{name}>(?i:{alternation(PARTS)}))(?!\w)" for name in ("half", "part"))
_HOUR = r"(?P<hour>[0-2]?[0-9])(?:[.:](?P<minute>[0-5][0-9])(?:[.:](?P<second>[0-5][0-9]))?)?(?![0-9]|[.,:/][0-9])"
_CLOCK = re.compile(rf"\.?{_B}{_HOUR}(?:{_B}{_HALF})?(?:{_ZONE}|{_B}(?i:{_LOCAL}))?")
_CLOCK_TO = re.compile(
    rf"{_B}?(?:[-–—]|s/d|s\.d\.|hingga|sampai(?:{_B}dengan)?){_B}?(?=[0-2]?[0-9][.:][0-5][0-9])(?P<rest>)"
)
_BARE_CLOCK = re.compile(rf"{_HOUR}(?:{_B}{_HALF})?(?:{_ZONE}|{_B}(?i:{_LOCAL}))?")
_BEFORE_ZONE = re.compile(r"(?<![0-9.,:/])[0-2]?[0-9][.:][0-5][0-9]\Z")
_BESIDE_WEEKDAY = alternation(word for word in MODIFIERS if word not in ("kemudian", "ini", "esok"))
_AFTER_WEEKDAY = re.compile(
    rf"(?:{_B}{_PART}|{_B}(?:{alternation(KNOWN['parts_alone']['after_prayer'])}){_B}"
    rf"(?P<prayer>(?i:{alternation(_PRAYERS)}))(?!\w))?"
    rf"(?:{_B}(?:(?P<week>pekan|minggu){_B})?(?P<modifier>(?i:{_BESIDE_WEEKDAY}|ini))(?!\w))?"
    rf"(?:{_B}(?:sekitar{_B}|sekira{_B})?(?:pukul|pkl\.?|jam){_B}{_HOUR}"
    rf"(?:{_B}{_HALF})?(?:{_ZONE})?)?"
)
_NOT_AFTER = frozenset(KNOWN["bare_weekdays"]["not_after"])
_NOT_BEFORE = frozenset(KNOWN["bare_weekdays"]["not_before"])
_BESIDE_MONTH = alternation(set(MODIFIERS) - {"kemudian", "besok", "esok"})
_AFTER_MONTH = re.compile(rf"{_B}(?:(?P<year>tahun){_B})?(?P<modifier>(?i:{_BESIDE_MONTH}))(?!\w)")
_MONTH_TO = re.compile(
    rf"{_B}?(?:[-–—]|hingga|sampai(?:{_B}dengan)?){_B}?(?:bulan{_B})?(?i:{alternation(MONTHS)})(?!\w)"
)
_BEFORE_MONTHS = frozenset(KNOWN["before_alone"]["months"])
_RELATIVE = {
    word: (entry["unit"], entry["offset"], entry.get("part")) for entry in KNOWN["relative"] for word in entry["words"]
}
_RELATIVE_AT = re.compile(rf"(?i:{alternation(_RELATIVE)})(?!\w)")
_WITH_PART = re.compile(rf"{_B}{_PART}")
_HAVE_PARTS = frozenset({"kemarin", "kemaren", "besok", "esok", "lusa"})
_REFERENCES = {
    word: value
    for table in ("references", "more_references")
    for value, words in KNOWN[table].items()
    for word in words
}
_REFERENCE_AT = re.compile(rf"(?i:{alternation(_REFERENCES)})(?!\w)")
_SOME = "beberapa"
_TOLD = "TOLD"
_ONCE_BEFORE = frozenset(KNOWN["once"]["before"])
_AFTER_PART = re.compile(
    rf"(?P<hari>{_B}hari(?P<nya>nya)?)?(?P<nya_alone>nya)?(?:{_B}(?P<deictic>ini|tadi|nanti|itu))?(?!\w)"
)
_BEFORE_PART, _BEFORE_HARI = (frozenset(KNOWN["parts_alone"][name]) for name in ("before", "before_hari"))
_TONIGHT, _JUST = (frozenset(KNOWN["parts_alone"]["deictic"][name]) for name in ("tonight", "just"))
_NOON = 12
_AFTER_NOON = frozenset(KNOWN["clock"]["after_noon"])
_ORDINALS: dict[str, int] = KNOWN["fractions"]["ordinals"]
_FRACTION = re.compile(
    rf"{_B}(?P<rank>(?i:{alternation(_ORDINALS)}))(?!\w)"
    rf"(?:{_B}?[-/,]?{_B}?(?:tahun{_B})?(?:(?P<year>(?:19|20)[0-9]{{2}})(?![0-9])"
    r"|(?<=tahun )(?P<modifier>ini|lalu|depan)(?!\w)))?"
)
_FRACTIONS = {
    word: (kind[0].upper(), 4 if kind == "quarter" else 2)
    for kind in ("quarter", "half")
    for word in KNOWN["fractions"][kind]
}
_CENTURY = re.compile(
    rf"{_B}(?:ke-?(?P<number>[0-9]{{1,2}})|(?P<roman>[IVX]{{1,6}}))(?!\w)(?:{_B}(?P<era>Masehi|M|SM)\b)?"
)
_DECADE = re.compile(rf"{_B}(?:tahun{_B})?['’]?(?P<short>[1-9]0)-an(?!\w)")
_ROMAN = {"I": 1, "V": 5, "X": 10}
_FEASTS = {word: tuple(map(int, day.split("-"))) for day, words in KNOWN["feast_days"].items() for word in words}
_FEAST_NAMES = KNOWN["feast_names"]
_BARE_FEASTS = frozenset(_FEAST_NAMES["bare"])
_EVE, _NO_FEAST_AFTER, _NO_FEAST_BEFORE = (frozenset(_FEAST_NAMES[name]) for name in ("eve", "not_after", "not_before"))
_FEAST_AT = re.compile(rf"(?P<feast>(?i:{alternation(_FEASTS)}))(?!\w)(?:{_B}(?P<year>(?:19|20)[0-9]{{2}})(?![0-9]))?")
_MOVING_AT = re.compile(
    rf"(?i:{alternation(_FEAST_NAMES['moving'])})(?!\w){_B}"
    rf"(?:(?:19|20)[0-9]{{2}}(?![0-9])|(?i:tahun{_B}(?:ini|lalu|depan))(?!\w))"
)
_ISLAMIC_YEAR = rf"{_B}(?P<year>1[34][0-9]{{2}})(?![0-9])(?:{_B}?(?i:{alternation(KNOWN['islamic']['era'])})(?!\w))?"
_ISLAMIC_AT = re.compile(rf"(?i:{alternation(KNOWN['islamic']['months'])})(?!\w)(?:{_ISLAMIC_YEAR})?")
_DAY_ALONE = re.compile(
    rf"{_B}(?P<day>[0-9]{{1,2}})(?![0-9]|[.,/:-][0-9]|{_B}(?i:{alternation(MONTHS)})(?!\w))(?:{_B}(?P<side>(?i:{alternation(MODIFIERS)}))(?!\w))?"
)


def weekday(text: str, at: int, word: str) -> DateMention | None:
    """Read `Kamis`, `hari Rabu lalu`, `Senin petang`, `Minggu pukul 07.55`, `setiap Jumat`, `malam Minggu`."""
    end = at + len(word)
    if not _stands_alone(text, at, end):
        return None
    start, before = word_before(text, at)
    following = text[end + 1 : end + 12].partition(" ")[0].rstrip(".,").lower()
    if following in _NOT_BEFORE or (following in WEEKDAYS and text[end] != "-"):
        return None
    number = WEEKDAYS[plain(word)]
    if before == "hari":
        at, (start, before) = start, word_before(text, start)
    if before in EVERY:
        return _every(text, start, end, f"XXXX-WXX-{number + 1}")
    if before == "malam" and at == end - len(word):
        return _eve_of_weekday(text, start, end, number)
    if before in _NOT_AFTER or before in WEEKDAYS or before == "puasa":
        return None
    match = _AFTER_WEEKDAY.match(text, end)
    if match is None:
        return None
    modifier = match["modifier"]
    if plain(word) == "minggu" and modifier is not None and not match["week"] and not before:
        return None
    part = match["part"] or match["half"]
    mention = DateMention(
        at,
        match.end(),
        "weekday",
        weekday=number,
        modifier=MODIFIERS[plain(modifier)] if modifier else None,
        part=PARTS[plain(part)] if part else _PRAYERS.get(plain(match["prayer"] or "")),
        unit="week" if match["week"] else None,
    )
    return _at_clock(mention, match)


def _every(text: str, start: int, end: int, value: str) -> DateMention:
    part = _WITH_PART.match(text, end)
    if part is not None:
        return DateMention(start, part.end(), "set", value=f"{value}T{PARTS[plain(part['part'])]}", unit="part-of-day")
    return DateMention(start, end, "set", value=value, unit="day")


def _eve_of_weekday(text: str, start: int, end: int, number: int) -> DateMention | None:
    """`malam Minggu` is the night of Saturday."""
    before, word = word_before(text, start)
    if word in EVERY:
        return DateMention(before, end, "set", value=f"XXXX-WXX-{(number - 1) % 7 + 1}TNI", unit="part-of-day")
    return DateMention(start, end, "weekday", weekday=(number - 1) % 7, part="NI")


def _at_clock(mention: DateMention, match: re.Match[str]) -> DateMention | None:
    """The mention with the clock time that was found beside it."""
    if match["hour"] is None:
        return mention
    hour = _hour(int(match["hour"]), match["half"])
    if hour is None:
        return None
    if hour < _NOON and not (match["half"] or match["minute"] or match["zone"]):
        return DateMention(mention.start, mention.end, "unknown", unit="hour", unsaid="not-said-which", part="TIME")
    minute = int(match["minute"]) if match["minute"] else None
    zone = ZONES.get((match["zone"] or "").upper())
    return mention._replace(hour=hour, minute=minute, zone=zone)


def _hour(hour: int, part: str | None) -> int | None:
    """The hour of the clock that `7 malam` means; None where no clock shows it."""
    word = plain(part) if part else ""
    if hour > 24 or (hour == 24 and word):
        return None
    if hour < _NOON and word in _AFTER_NOON and not (word == "siang" and hour >= _NOON - 2):
        return hour + _NOON
    if hour == _NOON and word in ("malam", "tengah malam"):
        return 24
    return hour


def month(text: str, at: int, word: str) -> DateMention | None:
    """Read `bulan Maret`, `akhir Maret`, `Maret lalu`, `hingga Juni`, `September tahun lalu`; not `Sebelas Maret`."""
    end = at + len(word)
    if not text[at].isupper() or text[end : end + 1].isalnum() or (at and text[at - 1].isalnum()):
        return None
    number = MONTHS[plain(word)]
    start, before = word_before(text, at)
    match = _AFTER_MONTH.match(text, end)
    if match is None and before not in _BEFORE_MONTHS and not (_MONTH_TO.match(text, end) or _opens_month(text, at)):
        return None
    begin, following = at, text[end : end + 2]
    if before == "bulan":
        begin, (start, before) = start, word_before(text, start)
    if before in EDGES:
        begin, (start, before) = start, word_before(text, start)
    if before in EVERY:
        return DateMention(start, end, "set", value=f"XXXX-{number:02}", unit="month")
    if (
        following[:1] in (" ", "\u00a0")
        and following[1:].isupper()
        and before not in _BEFORE_MONTHS
        and match is None
        and begin == at
    ):
        return None
    if match is None:
        return DateMention(begin, end, "month", month=number)
    modifier = MODIFIERS[plain(match["modifier"])]
    offset = None if match["year"] is None else {"future": 1, "today": 0}.get(modifier, -1)
    unit = None if offset is None else "year"
    return DateMention(begin, match.end(), "month", month=number, modifier=modifier, unit=unit, offset=offset)


def _opens_month(text: str, at: int) -> bool:
    """`Januari-Maret`, `Januari hingga Maret`: whether a month is joined with the one before it."""
    window = text[max(0, at - 16) : at].rstrip(" \u00a0")
    for joint in ("-", "–", "hingga", "sampai"):
        if window.endswith(joint):
            words = window[: -len(joint)].split()
            return bool(words) and words[-1].lower() in MONTHS
    return False


def day_part(text: str, at: int, word: str) -> DateMention | None:
    """Read `malam ini`, `tadi pagi`, `sore harinya`, `menjelang malam`, `setiap pagi`; not `makan malam`."""
    end = at + len(word)
    if not _stands_alone(text, at, end, suffix="nya"):
        return None
    part = PARTS[plain(word)]
    start, before = word_before(text, at)
    match = _AFTER_PART.match(text, end)
    deictic = match["deictic"] if match is not None else None
    if match is None:
        return None
    if before in EVERY:
        return DateMention(start, match.end(), "set", value=f"XXXX-XX-XXT{part}", unit="part-of-day")
    if before in _JUST or deictic in _JUST:
        return _part_of(start if before in _JUST else at, match.end(), part, -1 if plain(word) == "malam" else 0)
    if before in _TONIGHT or deictic in _TONIGHT:
        return _part_of(start if before in _TONIGHT else at, match.end(), part, 0)
    if deictic == "ini":
        return _part_of(at, match.end(), part, 0)
    if deictic == "itu" or match["nya"] or match["nya_alone"]:
        return _part_of(at, match.end(), part, 0, told=True)
    if match["hari"] and before in _BEFORE_HARI:
        return DateMention(at, match.end(), "unknown", unit="part-of-day", unsaid="not-said-which", part="TIME")
    following = text[match.end() : match.end() + 2]
    if before in _BEFORE_PART and (following[:1] in ",.;:)!?" or following[1:].islower()):
        return _part_of(at, match.end(), part, 0, told=True)
    return None


def _part_of(start: int, end: int, part: str, offset: int, *, told: bool = False) -> DateMention:
    return DateMention(start, end, "relative", unit="day", offset=offset, part=part, told=told)


def deictic(text: str, at: int, word: str) -> DateMention | None:
    """Read `kemarin`, `besok pagi`, `keesokan harinya`, `lusa`, `semalam`."""
    if at and text[at - 1].isalnum():
        return None
    match = _RELATIVE_AT.match(text, at)
    end = match.end() if match is not None else at + len(word)
    named = plain(text[at:end])
    if named == "esok" or (match is None and named != "keesokan"):
        return None
    if named.startswith("keesokan"):
        return _next_day(text, at, end)
    unit, offset, part = _RELATIVE[named]
    after = _WITH_PART.match(text, end) if named in _HAVE_PARTS else None
    if after is not None:
        part, end = PARTS[plain(after["part"])], after.end()
    if text.startswith(f"-{word}", end) or not is_word_end(text, end):
        return None
    return DateMention(at, end, "relative", unit=unit, offset=offset, part=part)


def _next_day(text: str, at: int, end: int) -> DateMention:
    """`keesokan harinya`, `keesokan paginya`: the day after the one just told."""
    match = re.compile(rf"{_B}hari(?:nya)?(?!\w)").match(text, at + len("keesokan"))
    if match is not None:
        end = match.end()
    return DateMention(at, end, "relative", unit="day", offset=1, told=True)


def reference(text: str, at: int, word: str) -> DateMention | None:
    """Read `saat ini`, `kini`, `ketika itu`, `masa depan`; of `dulu` only what opens a clause or `sejak dulu`."""
    if at and text[at - 1].isalnum():
        return None
    match = _REFERENCE_AT.match(text, at)
    if match is None or not is_word_end(text, match.end()):
        return _a_while(text, at, at + len(word))
    named, start = plain(match[0]), at
    lead, before = word_before(text, at)
    if _REFERENCES[named] == _TOLD:
        known = before in _ONCE_BEFORE
        return DateMention(at, match.end(), "relative", unit="day", offset=0, told=True) if known else None
    if named in KNOWN["once"]["words"] and before and before not in _ONCE_BEFORE:
        return None
    if named.startswith("waktu ") and before in ("beberapa", "sejumlah"):
        start = lead
    elif named == "waktu lalu":
        return None
    return DateMention(start, match.end(), "reference", part=_REFERENCES[named])


def _a_while(text: str, at: int, end: int) -> DateMention | None:
    """`beberapa saat`: a length of time of no unit."""
    start = at - len(_SOME) - 1
    if start < 0 or text[start : at - 1].lower() != _SOME or not is_word_end(text, end):
        return None
    return DateMention(start, end, "duration", value="PXX")


def clock(text: str, at: int, word: str) -> DateMention | None:
    """Read `pukul 14.30 WIB`, `jam 7 malam`, `pukul 08.00 waktu setempat`; not `24 jam`."""
    if at and text[at - 1].isalnum():
        return None
    match = _CLOCK.match(text, at + len(word))
    if match is None or (word.lower() == "jam" and word_before(text, at)[1][:1].isdigit()):
        return None
    start = about(text, at)
    lead, before = word_before(text, start)
    mention = _at_clock(DateMention(start, match.end(), "time"), match)
    if mention is None or mention.hour is None or before not in EVERY:
        return mention
    return every_clock(lead, mention)


def second_clock(text: str, first: DateMention) -> DateMention | None:
    """Read the far end of `pukul 08.00-10.00 WIB`, None where the first clock time is all."""
    joint = _CLOCK_TO.match(text, first.end)
    match = _BARE_CLOCK.match(text, joint.end()) if joint is not None else None
    return _at_clock(DateMention(match.start(), match.end(), "time"), match) if match is not None else None


def zoned_clock(text: str, at: int, word: str) -> DateMention | None:
    """Read `14.30 WIB` without `pukul`; `at` is where the zone stands."""
    low = max(0, at - 6)
    end = at - (text[at - 1 : at] in (" ", "\u00a0"))
    match = _BEFORE_ZONE.search(text, low, end)
    full = _BARE_CLOCK.match(text, match.start()) if match is not None else None
    return _at_clock(DateMention(full.start(), full.end(), "time"), full) if full is not None and full["zone"] else None


def fraction(text: str, at: int, word: str) -> DateMention | None:
    """Read `kuartal I 2024`, `triwulan ketiga tahun ini`, `semester II-2023`."""
    match = _FRACTION.match(text, at + len(word))
    if match is None or not _stands_alone(text, at, at + len(word)):
        return None
    letter, most = _FRACTIONS[plain(word)]
    rank = _ORDINALS[plain(match["rank"])]
    year, modifier = match["year"], match["modifier"]
    if rank > most or (letter == "H" and year is None and modifier is None):
        return None
    offset = {"ini": 0, "lalu": -1, "depan": 1}[modifier] if modifier else None
    return DateMention(
        at, match.end(), "period", year=int(year) if year else None, part=f"{letter}{rank}", offset=offset
    )


def century(text: str, at: int, word: str) -> DateMention | None:
    """Read `abad ke-19` and `abad XIX`, whose TIMEX3 value is the digits that its years begin with."""
    match = _CENTURY.match(text, at + len(word))
    if match is None or (at and text[at - 1].isalnum()):
        return None
    number = int(match["number"]) if match["number"] else _roman(match["roman"])
    if match["era"] == "SM" or not 1 <= number <= 21:
        return None
    start, before = word_before(text, at)
    return DateMention(
        start if before in EDGES else at, match.end(), "period", value=f"{number - 1:02}", unit="century"
    )


def _roman(word: str) -> int:
    digits = [_ROMAN[letter] for letter in word]
    return sum(-d if d < max(digits[i + 1 :], default=0) else d for i, d in enumerate(digits))


def short_decade(text: str, at: int, word: str) -> DateMention | None:
    """Read `tahun 90-an`, `era 80-an`, `dekade 1990-an`."""
    match = _DECADE.match(text, at + len(word))
    if match is None or (at and text[at - 1].isalnum()):
        return None
    return DateMention(at, match.end(), "period", value=f"19{match['short'][0]}", unit="decade")


def feast(text: str, at: int, _: str) -> DateMention | None:
    """Read `Hari Kemerdekaan`, `Natal 2014`, `malam tahun baru`; a feast that moves is marked, not dated."""
    match = _FEAST_AT.match(text, at)
    if (at and text[at - 1].isalnum()) or match is None:
        moving = _MOVING_AT.match(text, at) if not (at and text[at - 1].isalnum()) else None
        if moving is None:
            return None
        return DateMention(at, moving.end(), "unknown", unit="day", unsaid="moving-feast", part="DATE")
    named, year = plain(match["feast"]), match["year"]
    start, before = word_before(text, at)
    if (
        before in _NO_FEAST_AFTER
        or text[match.end() : match.end() + 14].strip().partition(" ")[0].rstrip(".,").lower() in _NO_FEAST_BEFORE
    ):
        return None
    month_number, day = _FEASTS[named]
    stated = int(year) if year else None
    if before in _EVE and (month_number, day) == (1, 1):
        return DateMention(
            start, match.end(), "feast", year=stated and stated - 1, month=12, day=31, part=PARTS[before]
        )
    if named in _BARE_FEASTS and year is None:
        return None
    return DateMention(at, match.end(), "feast", year=stated, month=month_number, day=day)


def islamic(text: str, at: int, _: str) -> DateMention | None:
    """Read `1 Syawal 1445 H`, `bulan Ramadan`, `10 Muharam`: dates that are marked, not converted."""
    match = _ISLAMIC_AT.match(text, at)
    if match is None or (at and text[at - 1].isalnum()):
        return None
    start, before = word_before(text, at)
    numbered = before.isdigit() and 1 <= int(before) <= 30
    if not (numbered or before == "bulan" or match["year"]):
        return None
    unit = "day" if numbered else "month"
    begin = start if numbered or before == "bulan" else at
    return DateMention(begin, match.end(), "unknown", unit=unit, unsaid="islamic-calendar", part="DATE")


def day_alone(text: str, at: int, word: str) -> DateMention | None:
    """Read `tanggal 24 kemarin`, `tanggal 5`."""
    match = _DAY_ALONE.match(text, at + len(word))
    if match is None or (at and text[at - 1].isalnum()) or not is_possible(None, 1, int(match["day"])):
        return None
    start, before = word_before(text, at)
    if before in EVERY:
        return DateMention(start, match.end("day"), "set", value=f"XXXX-XX-{int(match['day']):02}", unit="day")
    side = MODIFIERS[plain(match["side"])] if match["side"] else None
    return DateMention(at, match.end(), "day", day=int(match["day"]), modifier=side)


def _stands_alone(text: str, at: int, end: int, suffix: str = "") -> bool:
    """Whether no letter or digit touches the word, but for a suffix."""
    if at and text[at - 1].isalnum():
        return False
    return not text[end : end + 1].isalnum() or (bool(suffix) and text.startswith(suffix, end))
