"""Reads the dates of a body as a careful reader does: which day is told, which is to come, which year is unproven.

The day of publication is not written in most bodies; what is written is the day of a quotation (`kata dia, Rabu
(18/10/2023)`), of an event, of a plan. This module sorts the mentions by that; published.py infers from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kliping.annotation.dates import DateMention, is_possible
from kliping.annotation.dates.words import KNOWN

TODAY, REPORTED, DATED, PLAIN = 4, 3, 2, 1
"""How near a told day is to publication: `hari ini`, a quotation's day, a day with its weekday, a day only named."""

_CUES: dict[str, str] = {word: kind for kind, words in KNOWN["cues"].items() if kind != "in" for word in words}
_WINDOW = 220
_WORDS = 30
_REACH = {"birth": 6, "today": 1, "tomorrow": 1, "yearly": 1, "as_of": 1, "since": 3, "posted": 10}
"""How many words back a cue may stand, for those that must be near."""
_WORDS_AFTER = 5
_AHEAD = frozenset({"future", "until", "tomorrow"})
_STRIP = "\"”“'’,.;:()[]-–—"
_OTHER_ENDS = {"!": "! ", "?": "? ", '"': '." ', "”": ".” "}
"""What ends a sentence beside a full stop and a blank, under a character of it."""
_APPOSED = (",", "(")
_NOT_OF_APPOSED = frozenset({"until", "since", "posted"})
_UP_TO = tuple([word.capitalize() for word in KNOWN["up_to"]["words"]])


class Reading(NamedTuple):
    """One mention with its calendar day and what the text does with it.

    `verdict` is `told`, `tomorrow` (`besok, Rabu (18/10)`) or the reason against it: `future`, `birthday`,
    `every-year`, `year-unknown`, `weekday-conflict`.
    """

    mention: DateMention
    day: date | None
    verdict: str
    nearness: int = PLAIN


@dataclass(frozen=True, slots=True)
class ProvenYears:
    """The years that the text itself writes: in full dates, beside a month, and alone."""

    full: frozenset[int]
    beside_months: frozenset[int]
    alone: frozenset[int]

    def of(self, mention: DateMention) -> int | None:
        """The year of a mention that writes none, None where the text does not prove one.

        A weekday pins it: the latest year of a full date that has the weekday on that day; else the latest year that
        the text writes at all, the one before if it is written too (the latest may be a plan), or the one after, for
        reports look back on the year before.
        Without a weekday only a year that no other one of the text's full dates and months disputes can be meant.
        """
        month, day = mention.month or 0, mention.day or 0
        if mention.weekday is None:
            written = self.full | self.beside_months
            year = next(iter(written)) if len(written) == 1 else None
            return year if year is not None and is_possible(year, month, day) else None
        written = self.full | self.beside_months | self.alone
        latest = max(written, default=0)
        later = (latest, *({latest - 1} & written), latest + 1) if written else ()
        for year in (*sorted(self.full, reverse=True), *later):
            if is_possible(year, month, day) and date(year, month, day).weekday() == mention.weekday:
                return year
        return None


def read_days(text: str, mentions: Iterable[tuple[DateMention, int]], years: ProvenYears) -> list[Reading]:
    """Sorts the `day` and `range` mentions, each given with the start of its span (no cue is read from before it)."""
    return [_read(text, mention, floor, years) for mention, floor in mentions if mention.day is not None]


def _read(text: str, mention: DateMention, floor: int, years: ProvenYears) -> Reading:
    year = mention.year if mention.year is not None else years.of(mention)
    month, day_number = mention.month or 0, mention.day or 0
    if year is None or not is_possible(year, month, day_number):
        return Reading(mention, None, "year-unknown")
    day = date(year, month, day_number)
    verdict, nearness = _telling(text, mention, floor)
    if mention.kind == "day" and mention.weekday not in (None, day.weekday()) and verdict == "told":
        verdict = "weekday-conflict"
    return Reading(mention, day, verdict, nearness)


def _telling(text: str, mention: DateMention, floor: int) -> tuple[str, int]:
    """Verdict and nearness of a mention, from its own words, then the words before it, then those after it."""
    dated = mention.weekday is not None or (mention.enclosed and mention.year is not None)
    plain = DATED if dated else PLAIN
    cue = _cue_before(_clause_before(text, mention.start, floor))
    kind = cue if cue == "birth" else mention.modifier or cue
    if kind == "today":
        return "told", TODAY
    if kind == "reported":
        return "told", REPORTED
    if kind in ("birth", "yearly"):
        return "birthday" if kind == "birth" else "every-year", plain
    if kind in ("since", "posted") or (kind is None and _follows(text, mention.end, "posted")):
        return "told", PLAIN
    if kind == "until" and _says_how_things_stand(text, mention, floor):
        return "told", plain
    if kind in _AHEAD:
        return "tomorrow" if kind == "tomorrow" else "future", plain
    if kind is None and plain == PLAIN and _follows(text, mention.end, "future"):
        return "future", plain
    return "told", plain


def _says_how_things_stand(text: str, mention: DateMention, floor: int) -> bool:
    """`Hingga Senin (5/2/2024) unggahan itu dilihat 300 kali`: a sentence that begins so looks back, if not ahead."""
    before = text[max(floor, mention.start - 8) : mention.start].rstrip(" \u00a0")
    return before.endswith(_UP_TO) and not _follows(text, mention.end, "future")


def _clause_before(text: str, start: int, floor: int) -> str:
    """What the sentence says before the date, lower case, at most `_WINDOW` characters."""
    before = text[max(floor, start - _WINDOW) : start].rstrip(" \u00a0(")
    cut = before.rfind(". ")
    for mark, end in _OTHER_ENDS.items():
        if mark in before:
            cut = max(cut, before.rfind(end))
    return before[cut + 1 :].lower()


def _cue_before(before: str) -> str | None:
    """The cue that governs a date: the nearest one.

    `hari ini` and `besok` must stand right before the date; a date set off by a comma is not the end of a stretch of
    time, and belongs to a verb of saying rather than to what is said.
    """
    apposed = before.endswith(_APPOSED)
    found = None
    for distance, word in enumerate(before.split()[: -_WORDS - 1 : -1]):
        kind = _CUES.get(word) or _CUES.get(word.strip(_STRIP))
        if kind is None or distance >= _REACH.get(kind, _WORDS) or (apposed and kind in _NOT_OF_APPOSED):
            continue
        if apposed and kind in ("saying", "reported"):
            return "reported"
        if kind != "saying" and found is None:
            found = kind
            if kind != "future" or not apposed:
                break
    return found


def _follows(text: str, end: int, kind: str) -> bool:
    """`Pada Rabu (18/10) tim akan berangkat`: the clause that a date opens holds a cue of this kind."""
    words = text[end : end + 60].partition(".")[0].lower().split()
    return any(_CUES.get(word.strip(_STRIP)) == kind for word in words[:_WORDS_AFTER])
