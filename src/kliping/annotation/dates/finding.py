"""Finds every date and time of many texts at once: what is written in numbers, then what words tell, without overlap.

All words that may tell a time are looked for in one pass over the texts (`scan`); only around those, and around the
numbers of dates, anything is read. The work is linear in the text, for each reader looks a bounded stretch around.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from kliping.annotation.dates import named
from kliping.annotation.dates.counted import counted
from kliping.annotation.dates.joints import of_set, with_year
from kliping.annotation.dates.mention import DateMention
from kliping.annotation.dates.numbers import numbers
from kliping.annotation.dates.standing import standing_dates
from kliping.annotation.dates.words import (
    ABBREVIATED_MONTHS,
    KNOWN,
    LENGTHS,
    MONTHS,
    PARTS,
    ZONES,
    plain,
    word_before,
)
from kliping.annotation.scan import Hit, Joined, Words

_Reader = Callable[[str, int, str], DateMention | None]
_SHORTEST = 4
"""Letters; a word of fewer is looked for with a blank before or behind it, for it stands within too many others."""


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


def relative(text: str) -> Iterator[DateMention]:
    """Yield what a text counts from the day of writing, and its references: `dua hari lalu`, `kemarin`, `saat ini`."""
    for mention in find_times(text):
        if mention.kind == "reference" or (mention.kind == "relative" and not mention.told):
            yield mention


def _merged(text: str, hits: Sequence[Hit], places: Sequence[int]) -> list[DateMention]:
    """Dates in numbers win over words, and what begins first over what begins within it."""
    found: list[DateMention] = []
    ahead = iter(standing_dates(text, places))
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
        found[-1] = with_year(text, found[-1], mention)
    elif found and found[-1].kind == "set" and mention.kind in ("weekday", "time"):
        mention = of_set(text, found[-1], mention)
    found.append(mention)
    if mention.kind == "time":
        second = named.second_clock(text, mention)
        if second is not None:
            found.append(second)
    return found[-1].end


def _forms(word: str) -> Iterable[str]:
    return dict.fromkeys((word, word[:1].upper() + word[1:], word.title(), word.upper()))


def _first_words(phrases: Iterable[str]) -> set[str]:
    return {phrase.split()[0] for phrase in phrases}


def _table() -> dict[str, _Reader]:
    """Every form of every word that may tell a time, and what reads it; a later line wins over an earlier one."""
    known: dict[str, _Reader] = {}
    counted_off = _first_words(w for entry in KNOWN["relative"] for w in entry["words"])
    references = _first_words(
        w for table in ("references", "more_references") for words in KNOWN[table].values() for w in words
    )
    lines: list[tuple[Iterable[str], _Reader]] = [
        (KNOWN["islamic"]["months"], named.islamic),
        (_first_words(KNOWN["feast_names"]["moving"]), _feast_or_islamic),
        (["era"], named.short_decade),
        (_first_words(w for words in KNOWN["feast_days"].values() for w in words) - {"hari", "tahun"}, named.feast),
        (references, named.reference),
        (counted_off - {*LENGTHS, "pada", "tadi", "nanti"} - {f"se{unit}" for unit in LENGTHS}, named.deictic),
        (PARTS, named.day_part),
        (LENGTHS, _unit_or_other),
        ([w for w in MONTHS if w not in ABBREVIATED_MONTHS and w not in KNOWN["english"]["words"]], named.month),
        (["kuartal", "kwartal", "triwulan", "semester", "paruh"], named.fraction),
        (["abad"], _century_or_unit),
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
    """The words as they are looked for."""
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


def _century_or_unit(text: str, at: int, word: str) -> DateMention | None:
    return named.century(text, at, word) or counted(text, at, word)


def _reference_or_unit(text: str, at: int, word: str) -> DateMention | None:
    return counted(text, at, word) or named.reference(text, at, word)


def _weekday_or_week(text: str, at: int, word: str) -> DateMention | None:
    """`Minggu` is a day, and `Minggu lalu` at the start of a sentence, or `Dua Minggu` in a title, a week."""
    mention = counted(text, at, word) if plain(word) in LENGTHS else None
    if mention is None or (mention.kind == "relative" and mention.start == at and word_before(text, at)[1]):
        return named.weekday(text, at, word)
    return mention


def _feast_or_islamic(text: str, at: int, word: str) -> DateMention | None:
    return named.islamic(text, at, word) or named.feast(text, at, word)


_READERS = _table()


@cache
def _hearts() -> Words:
    return Words(_READERS)
