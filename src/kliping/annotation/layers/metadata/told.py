"""Reads the dates of a body as a careful reader does: which day is told, which is to come, which year is unproven.

The day of publication is not written in most bodies; what is written is the day of a quotation (`kata dia, Rabu
(18/10/2023)`), of an event, of a plan. This module sorts the mentions by that; published.py infers from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kliping.annotation.dates import DateMention, is_possible, relative
from kliping.annotation.dates.words import KNOWN, PARTS, WEEKDAYS, alternation

TODAY, REPORTED, DATED, MENTIONED = 4, 3, 2, 1
"""How near a told day is to publication: `hari ini`, a quotation's day, a day with its weekday, a day only named."""

_CUES: dict[str, str] = {word: kind for kind, words in KNOWN["cues"].items() if kind != "in" for word in words}
_WINDOW = 220
_WORDS = 30
_REACH = {
    "birth": 6, "yearly": 1, "as_of": 1, "since": 3, "posted": 10, "plan": 8, "forecast": 8, "eve": 5, "ready": 8,
    "falls": 4,
}  # fmt: skip
"""How many words back a cue may stand, for those that must be near."""
_WORDS_AFTER = 5
_FEW = 3
_STRETCH = re.compile(
    rf"[\s\u00a0]?(?:hingga|sampai(?:\sdengan)?|s/d|s\.d\.|[-–])[\s\u00a0]?(?:(?i:{alternation(WEEKDAYS)})\b|[0-9])"
)
"""Behind the first day of a stretch, which is no day of writing: `Sabtu (6/4) hingga Minggu (7/4)`."""
_BESIDE = 60
"""Characters behind a date in which the rest of its clause is looked at."""
_STRIP = "\"”“'’,.;:()[]-–—"
_OTHER_ENDS = {"!": "! ", "?": "? ", '"': '." ', "”": ".” "}
"""What ends a sentence beside a full stop and a blank, under a character of it."""
_APPOSED = (",", "(")
_NOT_OF_APPOSED = frozenset({"until", "since", "posted", "ready", "eve"})
_UP_TO = tuple([word.capitalize() for word in KNOWN["up_to"]["words"]])
_READY_FOR = ("di", "ber", "me", "tayang", "tampil", "rilis")
_FORECASTS = frozenset({"ramalan", "perkiraan"})
_MOVED_TO = frozenset({"ke", "menjadi", "hingga", "sampai"})
_AFTER_MEDIA, _BEFORE_MEDIA = (frozenset(KNOWN["media"][side]) for side in ("after", "before"))
_FEASTS = frozenset(KNOWN["feasts"]["words"])
_CHANGES = dict.fromkeys(KNOWN["cues"]["updated"], "updated") | dict.fromkeys(KNOWN["article"]["issued"], "issued")
_OF_ARTICLE = re.compile(
    rf"\b(?:{alternation(KNOWN['article']['names'])})\s(?:{alternation(KNOWN['article']['after_name'])})\b"
    rf"|^\W{{0,3}}(?:{alternation(KNOWN['article']['openings'])})\b"
)
_EXPLAINING = frozenset(KNOWN["explaining"]["words"])
_LONGEST_RELATIVE = 8
"""Words of a relative date and of those between it and the date."""
_RELATIVE_ENDS = frozenset([
    *[words.split()[-1] for entry in KNOWN["relative"] for words in entry["words"]],
    *[words.split()[-1] for kind, found in KNOWN["modifiers"].items() for words in found],
    *[words.split()[-1] for words in KNOWN["references"]["PRESENT_REF"]],
    "lagi",
])  # fmt: skip
"""Words with which something like `dua hari lalu`, `besok`, `saat ini` may end."""
_MAY_END = _RELATIVE_ENDS | _EXPLAINING | frozenset(PARTS)
_HAVE_PARTS = frozenset({"kemarin", "kemaren", "besok", "lusa"})
_OF_ANOTHER_DAY = re.compile("keesokan|yang sama|kemudian")
"""Counted from a day told before, not from the day of writing."""
_THIS_DAY = re.compile(rf"(?i:\b(?:hari|{alternation(PARTS)})\s\(?ini)\b")
_DAYS_OF_WEEK = 7


class Reading(NamedTuple):
    """One mention with its calendar day and what the text does with it.

    `verdict` is `told`, `tomorrow` (`besok, Rabu (18/10)`) or the reason against it: `future`, `birthday`,
    `every-year`, `updated`, `year-unknown`, `weekday-conflict`.
    """

    mention: DateMention
    day: date | None
    verdict: str
    nearness: int = MENTIONED
    offset: int = 0
    """Days from the day of writing to this one where the text tells them: -1 of `kemarin, Selasa (17/10)`."""


class ProvenYears(NamedTuple):
    """The years that the text itself writes: in full dates, beside a month, and alone."""

    full: frozenset[int]
    beside_months: frozenset[int]
    alone: frozenset[int]
    held: frozenset[int] = frozenset()
    """Those of them that name what is held in them (`Pemilu 2024`), perhaps the year after."""

    def of(self, mention: DateMention) -> int | None:
        """Return the year of a mention that writes none, None where the text does not prove one.

        A weekday pins it: the latest year of a full date that has the weekday on that day; else the latest year that
        the text writes at all, the one before if it is written too or the latest is that of a plan, or the one after,
        for reports look back on the year before.
        Without a weekday only a year that no other one of the text's full dates and months disputes can be meant.
        """
        month, day = mention.month or 0, mention.day or 0
        if mention.weekday is None:
            written = self.full | self.beside_months
            year = next(iter(written)) if len(written) == 1 else None
            return year if year is not None and is_possible(year, month, day) else None
        written = self.full | self.beside_months | self.alone
        latest = max(written, default=0)
        before = {latest - 1} & (written | {year - 1 for year in self.held})
        later = (latest, *before, latest + 1) if written else ()
        for year in (*sorted(self.full, reverse=True), *later):
            if is_possible(year, month, day) and date(year, month, day).weekday() == mention.weekday:
                return year
        return None


def read_days(text: str, mentions: Iterable[tuple[DateMention, int]], years: ProvenYears) -> list[Reading]:
    """Sort the `day` and `range` mentions, each given with the start of its span (no cue is read from before it).

    A weekday that is not the day's own is no proof against a written date, unless another date of the text tells which
    day was meant.
    """
    readings = [_read(text, mention, floor, years) for mention, floor in mentions if mention.day is not None]
    off = [is_off(reading.mention, reading.day) for reading in readings]
    if True not in off:
        return readings
    sure = [reading.day for reading, is_so in zip(readings, off, strict=True) if reading.day is not None and not is_so]
    return [
        reading._replace(verdict="weekday-conflict") if is_so and _is_slip(reading, sure) else reading
        for reading, is_so in zip(readings, off, strict=True)
    ]


def is_off(mention: DateMention, day: date | None) -> bool:
    """Tell whether the weekday written beside a date is another day's."""
    return day is not None and mention.kind == "day" and mention.weekday not in (None, day.weekday())


def _is_slip(reading: Reading, sure: Iterable[date]) -> bool:
    """Whether another date of the text is the one meant, or has the month that was: the weekday tells."""
    day, weekday = reading.day, reading.mention.weekday
    if day is None or reading.verdict != "told":
        return False
    for other in sure:
        if other.weekday() == weekday and abs((other - day).days) < _DAYS_OF_WEEK:
            return True
        moved = (other.year, other.month, day.day)
        if moved[:2] != (day.year, day.month) and is_possible(*moved) and date(*moved).weekday() == weekday:
            return True
    return False


def _read(text: str, mention: DateMention, floor: int, years: ProvenYears) -> Reading:
    year = mention.year if mention.year is not None else years.of(mention)
    month, day_number = mention.month or 0, mention.day or 0
    if year is None or not is_possible(year, month, day_number):
        return Reading(mention, None, "year-unknown")
    return Reading(mention, date(year, month, day_number), *_telling(text, mention, floor))


def _telling(text: str, mention: DateMention, floor: int) -> tuple[str, int, int]:
    """Verdict, nearness and offset of a mention, from the words beside it, then those before it, then those after."""
    dated = mention.weekday is not None or (mention.enclosed and mention.year is not None)
    plain = DATED if dated else MENTIONED
    before = _clause_before(text, mention.start, floor)
    words = before.split()[: -_WORDS - 1 : -1]
    cue = _cue_before(words, before.endswith(_APPOSED))
    if cue == "birth":
        return "birthday", plain, 0
    beside = _relative_beside(text, mention, words)
    if beside is not None:
        return _by_distance(*beside, plain)
    own = _said_of_the_article(text, mention.end, before, words)
    if own is not None:
        return ("told", TODAY, 0) if own == "issued" else ("updated", plain, 0)
    if _STRETCH.match(text, mention.end):
        plain = MENTIONED
    return *_by_cue(text, mention, floor, "future" if mention.modifier == "future" else cue, plain), 0


def _by_distance(unit: str, count: int, plain: int) -> tuple[str, int, int]:
    """What `kemarin`, `dua hari lalu`, `lusa`, `pekan depan` beside a date make of it.

    What was a week ago or more does not tell the day of writing.
    """
    if unit != "day":
        return ("future", plain, 0) if count > 0 else ("told", MENTIONED, 0)
    if count > 0:
        return "tomorrow", plain, count
    return "told", plain if count == -1 else TODAY, count


def _by_cue(text: str, mention: DateMention, floor: int, cue: str | None, plain: int) -> tuple[str, int]:
    if cue == "met" and mention.year is not None and mention.kind == "day":
        return "told", REPORTED
    if cue in ("reported", "met"):
        return "told", REPORTED if plain == DATED else MENTIONED
    if cue == "yearly":
        return "every-year", plain
    if cue in ("since", "posted") or (cue is None and _follows(text, mention.end, "posted")):
        return "told", MENTIONED
    if cue == "until" and _says_how_things_stand(text, mention, floor):
        return "told", plain
    if cue in ("future", "until"):
        return "future", plain
    if cue is None and plain == MENTIONED and _follows(text, mention.end, "future"):
        return "future", plain
    return "told", plain


def _relative_beside(text: str, mention: DateMention, words: Sequence[str]) -> tuple[str, int] | None:
    """Unit and count of the relative words that explain a date: `lusa, Minggu (7/4)`, `Minggu (7/4) lusa`.

    `words` are those before it, backwards.
    """
    if mention.modifier == "yesterday":
        return "day", -1
    if mention.modifier == "tomorrow":
        return "day", 1
    if mention.modifier == "past":
        return "week", -1
    if mention.modifier == "today" and _THIS_DAY.search(text, mention.start, mention.end):
        return "day", 0
    if text.startswith(" lusa", mention.end):
        return "day", 2
    return _relative_before(words) if words and words[0].strip(_STRIP) in _MAY_END else None


def _relative_before(backwards: Sequence[str]) -> tuple[str, int] | None:
    """Unit and count of the relative words with which the clause before a date ends."""
    words = [word.strip(_STRIP) for word in backwards[:_LONGEST_RELATIVE][::-1]]
    while words and words[-1] in _EXPLAINING:
        words.pop()
    if words[-1:] and words[-1] in PARTS and words[-2:-1] and words[-2] in _HAVE_PARTS:
        words.pop()
    if not words or words[-1] not in _RELATIVE_ENDS:
        return None
    tail = " ".join(["", *words])
    last = _last_relative(tail)
    if last is None or last.end != len(tail) or _OF_ANOTHER_DAY.search(tail, last.start):
        return None
    if last.kind == "reference":
        return ("day", 0) if last.part == "PRESENT_REF" else None
    if last.unit is None or last.offset is None or (last.offset == 0 and last.unit != "day"):
        return None
    return last.unit, last.offset


@lru_cache(maxsize=1 << 12)
def _last_relative(words: str) -> DateMention | None:
    """The last relative expression in a few words: reports end their clauses with the same ones again and again."""
    return max(relative(words), key=lambda mention: mention.end, default=None)


def _said_of_the_article(text: str, end: int, before: str, words: Sequence[str]) -> str | None:
    """`updated` or `issued` where the clause says so of the article: `Berita ini diperbarui pada ...`.

    `words` are those before the date, backwards; where they are few, the clause goes on behind it.
    """
    said = _change(words)
    if said is not None and _OF_ARTICLE.search(before):
        return said
    if len(words) > _FEW:
        return None
    after = text[end : end + _BESIDE].partition(". ")[0].lower()
    return _change(after.split()) if _OF_ARTICLE.search(after) else None


def _change(words: Iterable[str]) -> str | None:
    """What the nearest of the words that can tell it tells of the article."""
    for word in words:
        kind = _CHANGES.get(word) or _CHANGES.get(word.strip(_STRIP))
        if kind is not None:
            return kind
    return None


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


def _cue_before(words: Sequence[str], apposed: bool) -> str | None:
    """The cue that governs a date: the nearest one, `words` being those before the date, backwards.

    A date set off by a comma is not the end of a stretch of time, and belongs to a verb of saying rather than to what
    is said.
    """
    found = None
    for distance, word in enumerate(words):
        kind = _CUES.get(word) or _CUES.get(word.strip(_STRIP))
        if kind is None or distance >= _REACH.get(kind, _WORDS) or (apposed and kind in _NOT_OF_APPOSED):
            continue
        kind = _meant(kind, words, distance)
        if apposed and kind in ("saying", "reported", "met"):
            return "met" if kind == "met" else "reported"
        if kind not in ("saying", None) and found is None:
            found = kind
            if kind != "future" or not apposed:
                break
    return found


def _meant(kind: str, words: Sequence[str], distance: int) -> str | None:
    """The kind of a cue by the words around it, which are given from the date backwards; None where it is no cue."""
    reader = _READERS.get(kind)
    if reader is None:
        return kind
    following = words[distance - 1].strip(_STRIP) if distance else ""
    preceding = words[distance + 1] if distance + 1 < len(words) else ""
    return reader(words, preceding, following)


def _medium(_: Sequence[str], preceding: str, following: str) -> str | None:
    return "reported" if preceding in _AFTER_MEDIA or following in _BEFORE_MEDIA else None


def _forecast(_: Sequence[str], preceding: str, following: str) -> str:
    return "reported" if preceding in _AFTER_MEDIA and following else "future"


def _ready(_: Sequence[str], __: str, following: str) -> str | None:
    return "future" if following.startswith(_READY_FOR) else None


def _weather(_: Sequence[str], preceding: str, __: str) -> str | None:
    return "future" if preceding in _FORECASTS else None


def _moved(words: Sequence[str], _: str, following: str) -> str | None:
    return "future" if following in _MOVED_TO and following == words[0] else None


def _falls(words: Sequence[str], _: str, following: str) -> str | None:
    """`Idulfitri jatuh pada ...`, `jatuh tempo`; `pesawat itu jatuh pada hari Senin` is told."""
    if following == "tempo":
        return "future"
    if "hari" in words[:2]:
        words = words[2:]
    return None if _FEASTS.isdisjoint(words) else "yearly"


_READERS = {
    "medium": _medium, "forecast": _forecast, "ready": _ready, "falls": _falls,
    "weather": _weather, "moved": _moved,
    "plan": lambda *_: "future", "eve": lambda *_: "future", "updated": lambda *_: None,
}  # fmt: skip


def _follows(text: str, end: int, kind: str) -> bool:
    """`Pada Rabu (18/10) tim akan berangkat`: the clause that a date opens holds a cue of this kind."""
    words = text[end : end + _BESIDE].partition(".")[0].lower().split()
    return any(_CUES.get(word.strip(_STRIP)) == kind for word in words[:_WORDS_AFTER])
