"""What pages glue into a line of text, read from knowledge: where it may begin, what it is, how far it goes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from kliping import knowledge
from kliping.annotation.roles.borders import UNKNOWN, casing, title_end, titled
from kliping.annotation.roles.persons import NAME, NAME_WORDS
from kliping.annotation.roles.pieces import visible_end
from kliping.annotation.scan import Hit

TITLE = r"[A-Z][a-z'’-]{1,20}(?: [A-Z][a-z'’-]{1,20}){0,3}"
TITLE_RESTS, LABEL_RESTS = -1.5, 0.0
"""The logit from which on a title ends at its best border: behind a colon there is one, behind a bare label may be."""
TITLED = 6.0
"""So many bits make a title in capitals of what ends with a full stop."""
SHORT = 130
"""A rest of a line without a stop that is no longer, in code points, is all title."""

INITIALS_WITHIN = 900
"""A desk's initials stand so many code points before the end of a line at most."""

OPENS = 1
"""No word of a credit opens sentences with so many bits."""
_NAME_WORD = re.compile(r" (?:(?:and|dan|of|&) )?([A-Z][\w.@/-]{1,30})(?![,:])")
_DASHED = re.compile(r"[\w.]{2,40}(?:, [A-Z]\w{2,20})? ?[-–—] ")
CREDITED_WITHIN = 80
"""A credit in brackets ends so many code points behind its first name at most."""
AROUND = 320
"""A caption is no longer than this before its credit, in code points."""
_FOLLOWING = frozenset(
    {
        "advertisement",
        "byline",
        "copyright",
        "embed",
        "interaction",
        "navigation",
        "promotion",
        "related",
        "source",
        "tags",
    }
)
"""What may follow a pointer, a call or a note without a stop between."""
_INITIALS = re.compile(r"[(\[][a-z]{2,4}\d{0,2}/[A-Za-z0-9]{2,6}(?:/[A-Za-z0-9]{2,6}){0,2}[)\]]")
_ILLUSTRATED = re.compile(r" ?Ilustrasi(?= [a-zA-Z])")
"""How a caption begins behind its credit: `KabarLembah.com/Rukmini Ilustrasi menanam cabai`."""
_GOES_ON = re.compile(r" [a-z]")
"""Behind a medium and a name that are the subject of a sentence."""
_STOP = re.compile(r"[.!?…][\"”’')]{0,2}(?=\s|$)|(?<=[a-z0-9)\"”])[.!?…][\"”’')]{0,2}(?=[A-Z\"“])")
_STOPS = frozenset(".!?…:;,|\"”’')]»>*=–—-•")
_GUTTED = re.compile(r"[, ]{1,8}")


@dataclass(frozen=True, slots=True)
class Glue:
    """One entry of glued.toml, which explains the keys; `before` is counted in code points."""

    triggers: tuple[str, ...]
    pattern: re.Pattern[str]
    role: str
    rule: str
    reach: str
    anywhere: bool
    open: bool
    around: bool
    before: int


_DESK = Glue((), re.compile(""), "byline", "split:desk-initials", "", True, False, False, 0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch [start, end) of a line that is cut out of it."""

    start: int
    end: int
    glue: Glue


def _glue(entry: Mapping[str, Any]) -> Glue:
    return Glue(
        triggers=tuple(entry["triggers"]),
        pattern=re.compile(entry["pattern"].replace("{name}", NAME).replace("{title}", TITLE)),
        role=entry["role"],
        rule=entry["rule"],
        reach=entry.get("reach", ""),
        anywhere=entry.get("anywhere", False),
        open=entry.get("open", False),
        around=entry.get("around", False),
        before=len(entry.get("before", "")),
    )


@cache
def glues() -> tuple[Glue, ...]:
    """Return the entries in the order of the file."""
    return tuple([_glue(entry) for entry in knowledge.load("glued.toml")["glue"]])


@cache
def by_trigger() -> dict[str, tuple[Glue, ...]]:
    """Return the entries that a trigger calls for, in the order of the file."""
    found: dict[str, tuple[Glue, ...]] = {}
    for glue in glues():
        for trigger in glue.triggers:
            found[trigger] = (*found.get(trigger, ()), glue)
    return found


@cache
def _called(triggers: tuple[str, ...]) -> tuple[Glue, ...]:
    """Return the entries that these call for, which begin together, in the order of the file."""
    called = {glue for trigger in triggers for glue in by_trigger()[trigger]}
    return tuple([glue for glue in glues() if glue in called])


def stretches(line: str, start: int, end: int, hits: Sequence[Hit]) -> list[Stretch]:
    """Return what is glued into line[start:end], in order, not overlapping; `hits` are the triggers in the line."""
    begun = _begun(line, start, end, hits)
    limits = [begin for begin, _, glue, sure in begun if sure or glue.role in _FOLLOWING] + [end]
    found: list[Stretch] = []
    reached, reach = start, ""
    for begin, stop, glue, sure in begun:
        behind = bool(found) and visible_end(line, reached, begin) == reached
        if begin < reached or not (sure or behind or (reach and glue.role in _FOLLOWING)):
            continue
        limit = limits[bisect_left(limits, stop)]
        close = _reach(line, begin, stop, limit, glue)
        led = glue.reach == "credit" and _ILLUSTRATED.search(line, stop, close) is not None
        if glue.reach == "credit" and not led and _GOES_ON.match(line, close, limit):
            continue
        begin = _sentence_start(line, reached, begin) if glue.around and not led else begin
        reached, reach = close, glue.reach
        found.append(Stretch(begin, reached, glue))
    return found


def _sentence_start(line: str, start: int, place: int) -> int:
    """Return where the sentence begins that holds the place, or that stands right before it."""
    begin, end = start, visible_end(line, start, place)
    if line[start:end].endswith("|"):
        end = visible_end(line, start, end - 1)
    for stop in _STOP.finditer(line, max(start, place - AROUND), end - 1):
        begin = stop.end()
    return begin if place - begin <= AROUND else place


def _begun(line: str, start: int, end: int, hits: Sequence[Hit]) -> list[tuple[int, int, Glue, bool]]:
    """Return where patterns match, as (start, end, glue, whether it may begin there), in order.

    Of those that begin together the first of the file counts.
    """
    found = list(_initials(line, start, end))
    last = -1
    for place, together in groupby(hits, itemgetter(0)):
        for glue in _called(tuple([trigger for _, trigger in together])):
            tries = range(max(start, place - glue.before), place + 1)
            match = next((m for at in tries if (m := glue.pattern.match(line, at, end))), None)
            if match and match.start() > last:
                sure = glue.anywhere or may_begin(line, start, match.start())
                found.append((match.start(), match.end(), glue, sure))
                last = match.start()
                break
    found.sort(key=itemgetter(0))
    return found


def _initials(line: str, start: int, end: int) -> Iterator[tuple[int, int, Glue, bool]]:
    """Yield a desk's initials near the end of a line: topics, pointers and calls may stand behind them."""
    begin = max(start, end - INITIALS_WITHIN)
    if "/" in line[begin:end]:
        for match in _INITIALS.finditer(line, begin, end):
            yield match.start(), match.end(), _DESK, True


def may_begin(line: str, start: int, place: int) -> bool:
    """Tell whether something else may begin at the place: behind a stop or a bracket, or where a blank was lost."""
    if place <= start:
        return True
    before = line[place - 1]
    if before.isspace():
        visible = visible_end(line, start, place)
        return visible == start or line[visible - 1] in _STOPS
    return before in _STOPS or (before.isalnum() and line[place].isupper()) or line[place] in "[("


def _reach(line: str, begin: int, stop: int, limit: int, glue: Glue) -> int:
    """Return where a stretch ends whose pattern ends at `stop`; the next one begins at `limit`."""
    if not glue.reach or stop >= limit:
        return min(stop, limit)
    if glue.reach == "rest":
        bracket = line.find(")", stop, limit) + 1 if line[begin] == "(" else 0
        return bracket or limit
    if glue.reach == "name":
        return _named(line, stop, limit)
    if glue.reach == "credit":
        return _credited(line, begin, stop, limit)
    if (gutted := _GUTTED.match(line, stop, limit)) and "," in gutted.group():
        return gutted.end()
    close = _STOP.search(line, stop, limit)
    if glue.reach == "sentence":
        return close.end() if close else limit
    return _title(line, stop, limit, close, TITLE_RESTS if glue.reach == "title" else LABEL_RESTS)


def _credited(line: str, begin: int, stop: int, limit: int) -> int:
    """Return where a credit ends: behind its bracket, behind the caption that it opens, or behind the name."""
    if line.startswith("(", begin - 1) and (bracket := line.find(")", stop, min(limit, stop + CREDITED_WITHIN))) >= 0:
        return bracket + 1
    named = _named(line, stop, limit)
    illustrated = _ILLUSTRATED.match(line, named, limit)
    return _title(line, illustrated.end(), limit, None, LABEL_RESTS) if illustrated else named


def _named(line: str, stop: int, limit: int) -> int:
    """Return where the name ends that goes on at `stop`: before a word that opens sentences, and before a dateline."""
    for _ in range(NAME_WORDS):
        word = _NAME_WORD.match(line, stop, limit)
        if (
            not word
            or casing().get(word[1].lower(), UNKNOWN).opens >= OPENS
            or _DASHED.match(line, word.start(1), limit)
        ):
            break
        stop = word.end()
    return stop


def _title(line: str, stop: int, limit: int, close: re.Match[str] | None, least: float) -> int:
    """Return where the title ends that may follow at `stop`: its best border, or the end of a short rest."""
    border = title_end(line, stop, limit)
    if border is not None and border.logit >= least:
        return border.place
    if close is None or close.end() >= limit:
        whole = limit - stop <= SHORT or (least == TITLE_RESTS and close is None)
        return limit if whole else stop
    asked = close.group()[0] in "?!" or titled(line, stop, close.end()) > TITLED
    return close.end() if least == TITLE_RESTS and asked and close.end() - stop <= SHORT else stop
