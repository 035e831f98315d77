"""Finds dates in Indonesian news text; what is written is reported, nothing is guessed and no clock is asked.

>>> [(m.kind, m.day, m.month, m.year, m.weekday) for m in find("kata dia, Rabu (18/10/2023). Kemarin hujan.")]
[('day', 18, 10, 2023, 2), ('relative', None, None, None, None)]
"""

from __future__ import annotations

from kliping.metadata.dates.calendar import calendar
from kliping.metadata.dates.mention import DateMention, calendar_day, is_possible, last_day
from kliping.metadata.dates.relative import relative, weekdays
from kliping.metadata.dates.timeline import timex_values

__all__ = [
    "DateMention",
    "calendar",
    "calendar_day",
    "find",
    "is_possible",
    "last_day",
    "relative",
    "timex_values",
    "weekdays",
]


def find(text: str) -> list[DateMention]:
    """Every date mention of a text, in order and without overlap; never raises.

    Offsets are code points, end exclusive. Where two readings overlap, the written calendar date wins over a weekday,
    a weekday over a relative word, and of two of a kind the longer one.
    """
    ranked = [
        (-rank, mention.end - mention.start, mention)
        for rank, mentions in enumerate((calendar(text), weekdays(text), relative(text)))
        for mention in mentions
    ]
    ranked.sort(key=lambda item: item[:2], reverse=True)
    taken: list[DateMention] = []
    for _, _, mention in ranked:
        taken.append(mention)
    return _without_overlap(taken)


def _without_overlap(ranked: list[DateMention]) -> list[DateMention]:
    """Keeps each mention that overlaps no earlier one of the list; returns them in text order."""
    owner: dict[int, None] = {}
    kept = []
    for mention in ranked:
        places = range(mention.start, mention.end)
        if owner.keys().isdisjoint(places):
            owner.update(dict.fromkeys(places))
            kept.append(mention)
    kept.sort(key=lambda mention: mention.start)
    return kept
