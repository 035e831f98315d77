"""The dateline: which outlet and which place it names; no place where it names an outlet only."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kliping import knowledge
from kliping.annotation.layers.metadata import registry
from kliping.model import Claim, Page, Span

_AT_DOMAINS_END = "|".join(rf"(?<=\.{piece})" for piece in knowledge.load("domains.toml")["pieces"])
_SEPARATOR = re.compile(
    r"[,|()\[\]\n:;]|&[a-z]{2,6};|\s[Il/](?=\s|$)|\s[-‐−]+|[-‐−]+(?=\s|$)|--+|[–—―]+|\.{2,}"
    rf"|(?i:{_AT_DOMAINS_END})[-‐−]"
)
_WORD = re.compile(r"[^\W\d_]+")
_GLUED = re.compile(r"[\w-]{0,40}[a-z]([A-Z]{3,40}\.[\w.]{2,12})$")
"""A section's name that has run into the outlet's: `LembahSURYA.co.id`."""
_EDGE = " \t\xa0.\"'“”*-"
_MAX_PLACE_WORDS = 5
_LONGEST = 160
"""Characters; what is longer is no dateline."""


class DatelinePart(NamedTuple):
    """One part of a dateline, at [start, end) of its text."""

    start: int
    end: int
    kind: str
    """`outlet` or `place`."""
    value: str
    outlet: registry.Outlet | None = None


@functools.cache
def _words(name: str) -> frozenset[str]:
    return frozenset(knowledge.load("datelines.toml")[name])


@functools.cache
def _not_places() -> frozenset[str]:
    zones = map(str.lower, knowledge.calendar().zones)
    return _words("not_places").union(zones, knowledge.load("domains.toml")["pieces"])


@functools.cache
def _date_words() -> frozenset[str]:
    calendar = knowledge.calendar()
    return calendar.names.union(zone.lower() for zone in calendar.zones)


def title_case(name: str) -> str:
    """Return a place in title case: `ISTANBUL` is `Istanbul`.

    Abbreviations such as `NTT` and words in mixed case stay.
    """
    shortest = 1 if name.isupper() else 4
    return _WORD.sub(lambda word: _capitalised(word[0], shortest), name)


def _capitalised(word: str, shortest: int) -> str:
    if not word.isupper() or len(word) < shortest or word in _words("abbreviations"):
        return word
    return word.capitalize()


def brand(name: str) -> str:
    """Return an unknown outlet's brand from how it writes itself: `SUARA-LEMBAH.CO.ID` is `Suara Lembah`."""
    label = registry.without_ending(name).removeprefix("www.").rpartition(".")[2].replace("-", " ")
    return label.title() if label.isupper() or label.islower() else label


def _is_date(piece: str) -> bool:
    return any(ch.isdigit() for ch in piece) or not _date_words().isdisjoint(piece.casefold().split())


def _is_place(piece: str) -> bool:
    words = piece.replace("-", " ").replace("/", " ").split()
    if any(word.casefold().rstrip(".") in _not_places() for word in words):
        return False
    if all(word.casefold() in _words("sections") | _words("brand_heads") for word in words):
        return False
    return (
        len(piece) > 1
        and len(words) <= _MAX_PLACE_WORDS
        and all(
            word[0].isupper() or word[:2] in {"d'", "d’"} or word.rstrip(".") in _words("particles") for word in words
        )
    )


def _is_brand(piece: str) -> bool:
    words = piece.casefold().split()
    if all(word in _words("sections") for word in words[1:]):
        return False
    return len(words) > 1 and (words[0] in _words("brand_heads") or words[-1] in _words("brand_tails"))


def _named(piece: str, start: int) -> DatelinePart | None:
    """The part that `piece` is as a whole, where it names a medium; an agency's name is a part of no kind."""
    found = registry.medium(piece)
    if found is not None and found.outlet is not None:
        return DatelinePart(start, start + len(piece), "outlet", found.outlet.brand, found.outlet)
    if found is not None and found.kind == "agency":
        return DatelinePart(start, start + len(piece), "agency", found.name)
    glued = _GLUED.match(piece)
    if glued is not None and (found := registry.medium(glued[1])) is not None and found.outlet is not None:
        return DatelinePart(start + glued.start(1), start + len(piece), "outlet", found.outlet.brand, found.outlet)
    if registry.OUTLET_DOMAIN.fullmatch(piece) and (cut := registry.clipped_outlet(piece)):
        return DatelinePart(start, start + len(piece), "outlet", cut.brand, cut)
    if registry.OUTLET_DOMAIN.fullmatch(piece):
        return DatelinePart(start, start + len(piece), "outlet", brand(piece))
    return None


def _parts_of(piece: str, start: int) -> Iterator[DatelinePart]:
    named = _named(piece, start)
    if named is not None:
        yield named
        return
    head, _, rest = piece.partition(" ")
    front, _, tail = piece.rpartition(" ")
    if rest and registry.OUTLET_DOMAIN.fullmatch(head.rstrip(".,")):
        yield from _parts_of(head.rstrip(".,"), start)
        yield from _parts_of(rest.strip(_EDGE), start + piece.index(rest.strip(_EDGE), len(head)))
    elif front and (registry.OUTLET_DOMAIN.fullmatch(tail) or registry.is_agency(tail)):
        yield from _parts_of(front.strip(_EDGE), start)
        yield from _parts_of(tail, start + len(piece) - len(tail))
    elif _is_brand(piece):
        yield DatelinePart(start, start + len(piece), "outlet", piece.title() if piece.isupper() else piece)
    elif not _is_date(piece) and _is_place(piece):
        yield DatelinePart(start, start + len(piece), "place", title_case(" ".join(piece.split())))


@functools.lru_cache(maxsize=8192)
def parse_dateline(text: str) -> tuple[DatelinePart, ...]:
    """Return the outlet and the place that the dateline `text` names, at most one of each, in the order of the text."""
    parts: dict[str, DatelinePart] = {}
    start = 0
    for end, following in [*((m.start(), m.end()) for m in _SEPARATOR.finditer(text)), (len(text), len(text))]:
        piece = text[start:end].replace("\xa0", " ")
        trimmed = piece.strip(_EDGE)
        if trimmed:
            for part in _parts_of(trimmed, start + piece.index(trimmed)):
                parts.setdefault(part.kind, part)
        start = following
    return tuple(part for part in parts.values() if part.kind != "agency")


def find_parts(page: Page, spans: Sequence[Span]) -> list[DatelinePart]:
    """Return the parts of the page's datelines, at positions of `page.text`.

    Spans with only white space between them count as one.
    """
    parts: list[DatelinePart] = []
    start = end = -1
    for span in (*[span for span in spans if span.role == "dateline"], None):
        if span is not None and end >= 0 and not page.text[end : span.start].strip():
            end = span.end
            continue
        if 0 <= end <= start + _LONGEST:
            parts += [
                DatelinePart(start + part.start, start + part.end, part.kind, part.value, part.outlet)
                for part in parse_dateline(page.text[start:end])
            ]
        if span is not None:
            start, end = span.start, span.end
    return parts


def dateline_place(page: Page, spans: Sequence[Span]) -> list[Claim]:
    """Return the place of the page's first dateline that names one.

    Other places that its datelines name are rejected.
    """
    claims: list[Claim] = []
    for part in find_parts(page, spans):
        if part.kind == "place" and all(part.value.casefold() != claim.value.casefold() for claim in claims):
            claims.append(Claim("dateline_place", part.value, part.start, part.end, "dateline:place", not claims))
    return claims
