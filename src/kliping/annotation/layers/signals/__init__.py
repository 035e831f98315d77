"""Signals: what is doubtful or remarkable about an article, as flags; places that a flag points at are evidence.

A flag says what is there, not whether it is wrong. All are told from what is published of the article, so that
`kliping validate` tells them again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple, cast

from kliping.annotation.layers.layer import Article
from kliping.annotation.layers.signals import damage
from kliping.annotation.layers.signals.contacts import find_contacts
from kliping.annotation.layers.signals.page_words import find_page_words
from kliping.annotation.layers.signals.tongues import foreign_sentences
from kliping.annotation.places import Home
from kliping.model import Evidence, Flags, Language, Segment, Sentence

FIELD = "flags"
"""The column of `articles`, and the field of the places in `evidence`."""
FEW_WORDS = 50
"""Words of two or three sentences: news that tells who, what, when and where has more."""
LOW_MARGIN = 500
"""Per mille: the runner-up role has a third of the chances of the best one."""
DAYS_APART = 1
"""Days of publication that do not contradict each other: a page is often changed on the next day."""
_OFF = frozenset({"rejected:weekday-off", "rejected:weekday-conflict"})
_NO_SIGN = ("rejected", "inferred")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def find_places(articles: Sequence[Article]) -> list[list[Evidence]]:
    """Find the places that flags point at: the layer `signals`, which adds to `evidence`."""
    words = find_page_words([article.text for article in articles])
    return [
        [*_contact_details(article), *_body_places(article, of_body)]
        for article, of_body in zip(articles, words, strict=True)
    ]


def _contact_details(article: Article) -> Iterator[Evidence]:
    """The mail addresses and telephone numbers of a document, in whatever part of it."""
    segments = article.segments
    found = find_contacts("\n".join([segment.text for segment in segments]))
    if found:
        begins = list(accumulate([len(segment.text) + 1 for segment in segments], initial=0))
        for start, end, rule in found:
            rank = bisect_right(begins, start) - 1
            place = Home.of(rank, segments[rank], begins[rank]).to_raw(start, end)
            yield _evidence(article, "contact-details", place, rule)


def _body_places(article: Article, words: Sequence[tuple[int, int]]) -> Iterator[Evidence]:
    for place in article.places.body_to_raw(words):
        yield _evidence(article, "page-words", place[1:], "words:page-part")
    (spoken,) = cast("Sequence[Language]", article.found["language"])
    sentences = cast("Sequence[Sentence]", article.found["sentences"])
    for sentence, rule in foreign_sentences(sentences, spoken.language):
        yield _evidence(article, "foreign-passage", (sentence.raw_start, sentence.raw_end), rule)


def _evidence(article: Article, flag: str, place: tuple[int, int], rule: str) -> Evidence:
    start, end = place
    return Evidence(FIELD, flag, start, end, article.places.raw[start:end], rule, accepted=True)


class _Seen(NamedTuple):
    """What flags are told from."""

    text: str
    shape: bytes
    """See `damage.shape_of`."""
    segments: Sequence[Segment]
    evidence: Sequence[Evidence]
    pointed: frozenset[str]
    """The flags that have places."""


def find_flags(articles: Sequence[Article]) -> list[tuple[Flags]]:
    """Find the flags of each article: the layer `flags`."""
    return [(Flags(tuple(_flags(article))),) for article in articles]


def _flags(article: Article) -> Iterator[str]:
    evidence = cast("Sequence[Evidence]", article.found["evidence"])
    places = cast("Sequence[Evidence]", article.found["signals"])
    seen = _Seen(
        article.text,
        damage.shape_of(article.text),
        article.segments,
        evidence,
        frozenset([item.value for item in places]),
    )
    return (name for name, tell in TELLING.items() if (name in seen.pointed if tell is None else tell(seen)))


def _is_short(seen: _Seen) -> bool:
    return len(seen.text) < FEW_WORDS * 20 and len(seen.text.split()) < FEW_WORDS


def _days_conflict(seen: _Seen) -> bool:
    """Tell whether what shows the day of publication names days apart, or a weekday that its date has not.

    Estimates and what was rejected, as the day of a change is, show none.
    """
    dated = [item for item in seen.evidence if item.field == "published_date"]
    if len(dated) < 2:
        return False
    shown = [item.value for item in dated if item.rule.partition(":")[0] not in _NO_SIGN]
    days = [date.fromisoformat(value) for value in shown if _ISO.fullmatch(value)]
    return (bool(days) and (max(days) - min(days)).days > DAYS_APART) or any(item.rule in _OFF for item in dated)


def _has_low_margin(seen: _Seen) -> bool:
    return any(segment.margin is not None and segment.margin < LOW_MARGIN for segment in seen.segments)


def _paragraphs(seen: _Seen) -> Iterable[str]:
    return (segment.text for segment in seen.segments if segment.role == "paragraph")


TELLING: Mapping[str, Callable[[_Seen], bool] | None] = {
    "list-joined": lambda seen: damage.is_list_joined(seen.text, seen.shape),
    "link-holes": lambda seen: damage.has_holes(seen.text, seen.shape),
    "glued-words": lambda seen: damage.is_glued(seen.text, seen.shape),
    "lost-characters": lambda seen: damage.LOST in seen.text,
    "cut-end": lambda seen: damage.is_cut(seen.text),
    "open-paragraphs": lambda seen: damage.are_open(_paragraphs(seen)),
    "page-words": None,
    "capitals": lambda seen: damage.is_in_capitals(seen.shape),
    "short": _is_short,
    "foreign-passage": None,
    "contact-details": None,
    "conflicting-dates": _days_conflict,
    "low-margin": _has_low_margin,
}
"""How each flag of the vocabulary is told; None where it is the places that `find_places` finds."""
