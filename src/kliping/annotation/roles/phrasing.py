"""Finds the phrase that speaks in a unit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from kliping.annotation.roles.vocabulary import Phrase, phrases

EXACT_WITHIN, SUFFIX_WITHIN, CONTAINS_WITHIN = 60, 160, 160
"""Units longer than these are not searched for phrases that are a whole line, its end, or anywhere in it."""
LABEL_WITHIN = 400
"""A longer unit is no label, pointer or note, whatever it begins with."""
KEPT_HEAD = 60
KEY = 3
"""Phrases that begin a line are filed under their first letters."""
_ORNAMENTS = " \u00a0\u200b»›>«•·*|"


class _Index:
    """The phrases, by where in a line they are looked for."""

    def __init__(self, entries: Sequence[Phrase]) -> None:
        self.exact = {p.text: p for p in entries if p.match == "exact"}
        self.prefix: dict[str, list[Phrase]] = {}
        for p in sorted(entries, key=lambda p: -len(p.text)):
            if p.match == "prefix":
                self.prefix.setdefault(p.text[:KEY], []).append(p)
        self.keys = sorted({len(key) for key in self.prefix}, reverse=True)
        self.suffix = [p for p in entries if p.match == "suffix"]
        self.endings = tuple([p.text for p in self.suffix])
        self.contains = [(p.text, p) for p in entries if p.match == "contains"]


@cache
def _index() -> _Index:
    return _Index(phrases())


def normal(text: str) -> str:
    """Return the text as phrases are compared: lower case, single spaces, without ornaments around it."""
    return " ".join(text.split()).strip(" \u200b»›>«•·*|:.").casefold()


def find_phrase(text: str) -> Phrase | None:
    """Return the phrase that speaks in a unit: the whole of it, its beginning, its end, or inside where it is short.

    A sure phrase goes before others, a longer beginning before a shorter one.
    """
    if len(text) > CONTAINS_WITHIN:
        return _beginning(text[:KEPT_HEAD].casefold().lstrip(_ORNAMENTS))
    lowered = " ".join(text.casefold().split()).strip(_ORNAMENTS)
    if exact := _exact(lowered):
        return exact
    begins = _beginning(lowered)
    if begins is not None and begins.sure:
        return begins
    inside = _inside(lowered)
    if inside is not None and inside.sure:
        return inside
    return begins or inside or _ending(lowered)


def _exact(lowered: str) -> Phrase | None:
    if len(lowered) > EXACT_WITHIN:
        return None
    exact = _index().exact
    return exact.get(lowered.rstrip(" :.")) or exact.get(lowered)


def _beginning(lowered: str) -> Phrase | None:
    """Return the phrase that begins the text, a sure one if there is any."""
    index = _index()
    best: Phrase | None = None
    for size in index.keys:
        for phrase in index.prefix.get(lowered[:size], ()):
            end = len(phrase.text)
            if lowered.startswith(phrase.text) and not (phrase.text[-1].isalnum() and lowered[end : end + 1].isalnum()):
                if phrase.sure:
                    return phrase
                best = best or phrase
    return best


def _inside(lowered: str) -> Phrase | None:
    """Return the first phrase inside the text, a sure one if there is any."""
    best: Phrase | None = None
    for inside, phrase in _index().contains:
        if inside in lowered:
            if phrase.sure:
                return phrase
            best = best or phrase
    return best


def _ending(lowered: str) -> Phrase | None:
    if len(lowered) > SUFFIX_WITHIN:
        return None
    bare = lowered.rstrip(" :.")
    if not bare.endswith(_index().endings):
        return None
    return next(phrase for phrase in _index().suffix if bare.endswith(phrase.text))
