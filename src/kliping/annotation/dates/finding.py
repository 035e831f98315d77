"""Finds every date and time of many texts at once: what is written in numbers, then what words tell, without overlap.

All words that may tell a time are looked for in one pass over the texts (`scan`); only around those, and around the
numbers of dates, anything is read. The work is linear in the text, for each reader looks a bounded stretch around.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import attrgetter

from kliping.annotation.dates import named
from kliping.annotation.dates.counted import about, counted
from kliping.annotation.dates.mention import DateMention
from kliping.annotation.dates.numbers import numbers
from kliping.annotation.dates.words import (
    ABBREVIATED_MONTHS,
    EDGES,
    EVERY,
    KNOWN,
    LAWS,
    LENGTHS,
    MODIFIERS,
    MONTHS,
    PARTS,
    ZONES,
    alternation,
    plain,
    word_before,
)
from kliping.annotation.dates.written import written_dates
from kliping.annotation.scan import Hit, Joined, Words

_Reader = Callable[[str, int, str], DateMention | None]
_SHORTEST = 4
"""Letters of a word that `scan` finds; a shorter one is looked for with a blank before or behind it."""
_PARTING = re.compile(r"(?:\)?,|[|/·•–-])[ \u00a0]{0,2}(?:(?:sekitar|sekira)[ \u00a0])?(?=(?i:pukul|pkl|jam)\b)")
_LOOSE = re.compile(rf"[ \u00a0](?:(?P<modifier>(?i:{alternation(w for w in MODIFIERS if w not in ('kemudian', 'ini'))}))(?!\w))")
_CENTURIES = ("19", "20")
_START = attrgetter("start")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?![0-9A-Za-z]|[.,:/][0-9])")
_TO_CENTURIES = ("19", "20")
_START = attrgetter("start")
_YEAR = re.compile(r"[ \u00a0]?(?:[-–—]|hingga|sampai(?:[ \u00a0]dengan)?|dan)[ \u00a0]?(?=(?:19|20)[0-9]{2}(?![0-9A-Za-z]|[.,:/-][0-9]))")
_MONTH_JOINT = re.compile(r"[ \u00a0]?(?:[-–—]|dan|hingga|sampai(?:[ \u00a0]dengan)?)[ \u00a0]?")
_GAP = 3
"""Characters between a recurrence and its clock time."""
_SET_JOINT = re.compile(
    r"(?:[ \u00a0]?[-–—]|,|,?[ \u00a0](?:dan|atau|hingga|sampai(?:[ \u00a0]dengan)?))[ \u00a0]?(?:hari[ \u00a0])?"
)
_BEFORE_YEARS = frozenset([*KNOWN["before_alone"]["years"], *KNOWN["cues"]["in"]])
_DECADES = frozenset(KNOWN["before_alone"]["decades"])
_COUNTED = frozenset(KNOWN["before_alone"]["counted"])


def find_times(text: str) -> list[DateMention]:
    """Return the date and time expressions of one text, in order and without overlap; never raises.

    Offsets are code points, end exclusive; no expression holds a line break.

    >>> text = "Sejak Selasa (5/3/2024) ia libur tiga hari."
    >>> [(text[m.start : m.end], m.kind, m.value) for m in find_times(text)]
    [('Selasa (5/3/2024)', 'day', None), ('tiga hari', 'duration', 'P3D')]
    """
    return next(find_all_times([text]))


def find_all_times(texts: Sequence[str]) -> Iterator[list[DateMention]]:
    """Yield what `find_times` finds in each text, found faster."""
    joined = Joined(texts)
    for text, hits, places in zip(texts, _hearts().find(joined), numbers(joined), strict=True):
        yield _merged(text, hits, places)


def _merged(text: str, hits: Sequence[Hit], places: Sequence[int]) -> list[DateMention]:
    """Dates in numbers win over words, and what begins first over what begins within it."""
    written = _written(text, places)
    found: list[DateMention] = []
    ahead = iter(written)
    following = next(ahead, None)
    done = 0
    for at, word in hits:
        while following is not None and following.end <= at:
            done = _add(text, found, following, done)
            following = next(ahead, None)
        if at < done or (following is not None and following.start <= at):
            continue
        mention = _READERS[word](text, at + (word[0] == " "), word.strip())
        if mention is None or mention.start < done:
            continue
        if following is not None and mention.end > following.start:
            continue
        done = _add(text, found, mention, done)
    while following is not None:
        done = _add(text, found, following, done)
        following = next(ahead, None)
    return found


def _add(text: str, found: list[DateMention], mention: DateMention, done: int) -> int:
    """Appends what a mention is made of, unless another one holds its place; returns where the last one ends."""
    if mention.start < done:
        return done
    if found and found[-1].kind == "month" and mention.kind == "month":
        found[-1] = _with_year(text, found[-1], mention)
    elif found and found[-1].kind == "set" and mention.kind in ("weekday", "time"):
        mention = _of_set(text, found[-1], mention)
    found.append(mention)
    if mention.kind == "time":
        second = named.second_clock(text, mention)
        if second is not None:
            found.append(second)
    return found[-1].end


def _with_year(text: str, first: DateMention, second: DateMention) -> DateMention:
    """`Januari-Maret 2024`: the first month with the year of the second that it is joined with."""
    if first.year or first.modifier or not second.year or not _MONTH_JOINT.fullmatch(text, first.end, second.start):
        return first
    return first._replace(year=second.year - ((first.month or 0) > (second.month or 0)))


def _of_set(text: str, known: DateMention, mention: DateMention) -> DateMention:
    """`setiap Senin dan Kamis`, `setiap hari pukul 20.00`: what goes on behind a recurrence is one too."""
    between, value = text[known.end : mention.start], known.value or ""
    if mention.kind == "time" and mention.hour is not None and between.strip(" \u00a0,") == "" and len(between) <= _GAP:
        minute = "" if mention.minute is None else f":{mention.minute:02}"
        day = value.partition("T")[0] if value.startswith("XXXX") else "XXXX-XX-XX" if value == "P1D" else None
        if day is not None:
            unit = "minute" if minute else "hour"
            return DateMention(
                mention.start, mention.end, "set", value=f"{day}T{mention.hour:02}{minute}", unit=unit
            )
    if mention.kind == "weekday" and value.startswith("XXXX-WXX-") and _SET_JOINT.fullmatch(between):
        part = f"T{mention.part}" if mention.part else ""
        weekday = (mention.weekday or 0) + 1
        return DateMention(
            mention.start, mention.end, "set", value=f"XXXX-WXX-{weekday}{part}", unit="part-of-day" if part else "day"
        )
    return mention


def _written(text: str, places: Sequence[int]) -> list[DateMention]:
    """The dates in numbers, and the years that stand alone, with the words around them that belong to them."""
    mentions = [part for mention in written_dates(text, places) for part in _parts(text, mention)]
    lone = list(_lone_years(text, [place for place in places if text.startswith(_CENTURIES, place)], mentions))
    return sorted(mentions + lone, key=_START) if lone else mentions


def _parts(text: str, mention: DateMention) -> Iterator[DateMention]:
    """A mention as the layer has it: ends of a range that stand by themselves are two, so is a clock set off by a comma."""
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
            yield DateMention(parting.end(), mention.end, "time", hour=mention.hour, minute=mention.minute, zone=mention.zone)
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
                yield mention._replace(start=joint.end(), kind="day", year=year, month=month, day=day, weekday=None, until=None)
                return
    yield mention


_JOINTS = re.compile(r"[ \u00a0]?(?:[-–—/]|s/d|s\.d\.|dan|hingga|sampai(?:[ \u00a0]dengan)?)[ \u00a0]?(?:tanggal[ \u00a0])?(?=[0-9])")


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
            done, held = held.end, next(ends, None)
        if place < done or (held is not None and held.start <= place):
            continue
        match = _YEAR.match(text, place)
        if match is None or (place and (text[place - 1].isalnum() or text[place - 1] in ".,/$#")):
            continue
        mention = _lone_year(text, place, match.end())
        if mention is not None:
            done = mention.end
            yield mention


def _lone_year(text: str, at: int, end: int) -> DateMention | None:
    year = int(text[at:end])
    start, before = word_before(text, at)
    joined = text[at - 1 : at] in "-–" and _is_year(text, at - 5) if at >= 5 else False
    decade = text.startswith("-an", end)
    fitting = joined or before in _BEFORE_YEARS or (before == "dan" and _year_before(text, start)) or _TO_YEAR.match(text, end)
    if not (fitting or decade):
        return None
    if not decade and text[end : end + 1] == "-" and not _TO_YEAR.match(text, end):
        return None
    if _is_count(text, at, end):
        return None
    begin = start if before in EDGES or (decade and before in _DECADES) else about(text, at)
    if decade:
        return DateMention(begin, end + 3, "period", value=str(year)[:3], unit="decade")
    return DateMention(begin, end, "year", year)


def _is_year(text: str, at: int) -> bool:
    return _YEAR_HEAD.match(text, at) is not None and not (at and text[at - 1].isalnum())


_YEAR_HEAD = re.compile(r"(?:19|20)[0-9]{2}(?![0-9])")


def _year_before(text: str, at: int) -> bool:
    return _YEAR_HEAD.fullmatch(word_before(text, at)[1]) is not None


def _forms(word: str) -> Iterable[str]:
    return dict.fromkeys((word, word[:1].upper() + word[1:], word.title(), word.upper()))


def _first_words(phrases: Iterable[str]) -> set[str]:
    return {phrase.split()[0] for phrase in phrases}


def _table() -> dict[str, _Reader]:
    """Every form of every word that may tell a time, and what reads it; a later line wins over an earlier one."""
    known: dict[str, _Reader] = {}
    relative = {w for w in _first_words(w for entry in KNOWN["relative"] for w in entry["words"])}
    references = _first_words(w for table in ("references", "more_references") for words in KNOWN[table].values() for w in words)
    lines: list[tuple[Iterable[str], _Reader]] = [
        (KNOWN["islamic"]["months"], named.islamic),
        (_first_words(KNOWN["feast_names"]["moving"]), _feast_or_islamic),
        (["era"], named.short_decade),
        (_first_words(w for words in KNOWN["feast_days"].values() for w in words) - {"hari", "tahun"}, named.feast),
        (references, named.reference),
        (relative - {*LENGTHS, "pada", "tadi", "nanti"} - {f"se{unit}" for unit in LENGTHS}, named.deictic),
        (PARTS, named.day_part),
        (LENGTHS, _unit_or_other),
        ([w for w in MONTHS if w not in ABBREVIATED_MONTHS and w not in KNOWN["english"]["words"]], named.month),
        (["kuartal", "kwartal", "triwulan", "semester", "paruh"], named.fraction),
        (["abad"], named.century),
        (["tanggal", "tgl"], named.day_alone),
        (["pukul", "pkl", "pkl."], named.clock),
        (["jam"], _clock_or_unit),
        (["detik"], _reference_or_unit),
    ]
    for words, reader in lines:
        for word in words:
            known.update(dict.fromkeys(_forms(word), reader))
    for word in KNOWN["bare_weekdays"]["words"]:
        known.update({word: _weekday_or_week, word.upper(): _weekday_or_week})
    known.update({f" {zone}": named.zoned_clock for zone in ZONES})
    return dict(_findable(known))


def _findable(known: dict[str, _Reader]) -> Iterator[tuple[str, _Reader]]:
    """The words as `scan` can find them."""
    for word, reader in known.items():
        if len(word) >= _SHORTEST:
            yield word, reader
        else:
            yield f" {word}", reader
            yield f"{word} ", reader


def _unit_or_other(text: str, at: int, word: str) -> DateMention | None:
    """`tiga hari`; `Hari Kemerdekaan`, `tahun baru`, `tahun 90-an`."""
    return counted(text, at, word) or _feast_of_unit(text, at, word)


def _feast_of_unit(text: str, at: int, word: str) -> DateMention | None:
    lowered = word.lower()
    if lowered == "tahun":
        return named.short_decade(text, at, word) or named.feast(text, at, word)
    if lowered == "dekade":
        return named.short_decade(text, at, word)
    return named.feast(text, at, word) if lowered == "hari" else None


def _clock_or_unit(text: str, at: int, word: str) -> DateMention | None:
    return named.clock(text, at, word) or counted(text, at, word)


def _reference_or_unit(text: str, at: int, word: str) -> DateMention | None:
    return counted(text, at, word) or named.reference(text, at, word)


def _weekday_or_week(text: str, at: int, word: str) -> DateMention | None:
    """`Minggu` is a day, and `Minggu lalu` at the start of a sentence, or `Dua Minggu` in a title, a week."""
    if plain(word) in LENGTHS and (mention := counted(text, at, word)) is not None:
        if mention.kind != "relative" or mention.offset not in (-1, 1) or word_before(text, at)[1] == "":
            return mention
    return named.weekday(text, at, word)


def _feast_or_islamic(text: str, at: int, word: str) -> DateMention | None:
    return named.islamic(text, at, word) or named.feast(text, at, word)


_READERS = _table()


@cache
def _hearts() -> Words:
    return Words(_READERS)
