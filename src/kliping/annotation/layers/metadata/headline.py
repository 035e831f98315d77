"""Headline and subheadline: what their spans say, without a site's name; input metadata only where no span says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kliping.annotation.layers.metadata import registry
from kliping.model import Claim, Page, Span

_JOINT = re.compile(r"[ \xa0\t](?:[-–—|:»•]|::)[ \xa0\t]")
_TAIL_WORDS = 6
_SECTION_WORDS = 3
"""A site's name is appended with at most so many words for the section: `Tekno Liputan6.com`."""
_LONGEST_PAGE = 40
_PAGE = re.compile(
    r"[ \xa0]*(?:[-–—|:][ \xa0]*)?\(?\b(?:halaman|hal\.?|page|laman)[ \xa0](?:\d{1,3}|all|semua)"
    r"(?:[ \xa0](?:dari|of)[ \xa0]\d{1,3})?\)?[ \xa0]*(?:[-–—|:]{1,2}[ \xa0]*)?$",
    re.I,
)
_PAGE_AHEAD = re.compile(r"[ \xa0]*(?:halaman|page)[ \xa0](?:\d{1,3}|all)[ \xa0]*[-–—|:]{1,2}[ \xa0]*", re.I)
"""Which page of a long article this is: `Harga Cabai Turun Halaman 2 - Kompas.com`."""


def tail(text: str) -> tuple[int, registry.FoundMedium] | None:
    """Return the end of the title proper where a site's name is appended to it, and that name; None if none is."""
    last = max(_JOINT.finditer(text), key=re.Match.start, default=None)
    if last is None or not text[: last.start()].strip() or len(text[last.end() :].split()) > _TAIL_WORDS:
        return None
    found = _site(text, last.end(), len(text))
    return (len(text[: last.start()].rstrip()), found) if found else None


def address(text: str) -> int | None:
    """Return where an address stands that is appended to the title as the site's name; None if none is."""
    last = max(_JOINT.finditer(text), key=re.Match.start, default=None)
    if last is None or not text[: last.start()].strip():
        return None
    return last.end() if registry.OUTLET_DOMAIN.fullmatch(text[last.end() :].strip()) else None


def front(text: str) -> tuple[int, registry.FoundMedium] | None:
    """Return where the title proper begins where a site's name stands before it, and that name; None if none does."""
    first = _JOINT.search(text)
    if first is None or not text[first.end() :].strip() or len(text[: first.start()].split()) > _TAIL_WORDS:
        return None
    found = _site(text, 0, first.start())
    is_site = found is not None and (not found.bare or (found.is_sure and text[: first.start()] == text[: found.end]))
    return (first.end(), found) if found and is_site else None


def _site(text: str, start: int, end: int) -> registry.FoundMedium | None:
    """The outlet that [start, end) names with at most a few words for its section beside it."""
    for found in registry.find_all(text, start, end):
        before, after = text[start : found.start].split(), text[found.end : end].split()
        is_site = found.medium.outlet is not None and not (before and after) and len(before + after) <= _SECTION_WORDS
        if not found.is_sure and " " not in (name := text[found.start : found.end]) and not name.isupper():
            is_site = is_site and all(word.casefold() in registry.menu() for word in before + after)
        if is_site and all(word[:1].isupper() for word in before + after):
            return found
    return None


def _proper(text: str) -> tuple[int, int]:
    """[start, end) of the title proper in `text`: no site's name before or behind it, no number of a page."""
    start, end = 0, len(text)
    while (site := tail(text[start:end])) is not None:
        end = start + site[0]
    if (site_at := address(text[start:end])) is not None:
        end = start + len(text[start : start + site_at].rstrip().rstrip("-–—|:»•").rstrip())
    if page := _PAGE.search(text, max(start, end - _LONGEST_PAGE), end):
        end = page.start() if text[start : page.start()].strip() else end
    if (site := tail(text[start:end])) is not None:
        end = start + site[0]
    if (site := front(text[start:end])) is not None:
        start += site[0]
    if page := _PAGE_AHEAD.match(text, start, end):
        start = page.end() if text[page.end() : end].strip() else start
    return start, end


def _titles(page: Page, spans: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """(start, end, rule) of every headline span, without the site's name, whole ones before cut ones.

    What follows a title that the page or its metadata says without it, too, is a site's name, known or not; so is what
    the page's dateline writes as an address: `Harga Cabai Turun - Kabar Lembah` over `KABARLEMBAH.COM - `.
    """
    cut = []
    heads = [span for span in spans if span.role == "headline"]
    said = {page.text[span.start : span.end] for span in heads}
    own = {registry.key(registry.without_ending(name)) for name in _datelined(page, spans)}
    said.update(given.value for given in page.metadata if given.field == "headline")
    for span in heads:
        text = page.text[span.start : span.end]
        start, end = _proper(text)
        again = [len(title) for title in said if text.startswith(title) and _JOINT.match(text, len(title))]
        if (last := max(_JOINT.finditer(text, start, end), key=re.Match.start, default=None)) and last.start() > start:
            again += [last.start()] if registry.key(text[last.end() : end]) in own else []
        end = max(start, min([end, *again]))
        if end - start == len(text):
            yield span.start, span.end, "headline:span"
        else:
            cut.append((span.start + start, span.start + end, "headline:without-site-name"))
    yield from cut


def _datelined(page: Page, spans: Sequence[Span]) -> Iterator[str]:
    """The addresses of outlets in the page's datelines."""
    for span in spans:
        if span.role == "dateline":
            yield from (found[0] for found in registry.OUTLET_DOMAIN.finditer(page.text, span.start, span.end))


def headline(page: Page, spans: Sequence[Span]) -> list[Claim]:
    """Return the article's own title; a second, different one is a rejected alternative, a repeat is none."""
    claims: list[Claim] = []
    for start, end, rule in _titles(page, spans):
        value = page.text[start:end]
        if all(claim.value != value for claim in claims):
            claims.append(Claim("headline", value, start, end, rule, not claims))
    for given in page.metadata:
        if given.field == "headline" and (value := " ".join(given.value.split())):
            value = value[slice(*_proper(value))]
            if all(claim.value != value for claim in claims):
                claims.append(Claim("headline", value, None, None, given.rule, not claims))
    return claims


def subheadline(page: Page, spans: Sequence[Span]) -> list[Claim]:
    """Return the standfirst; of several the first, and one that repeats it is none."""
    claims: dict[str, Claim] = {}
    for span in spans:
        if span.role == "subheadline":
            value = page.text[span.start : span.end]
            claims.setdefault(value, Claim("subheadline", value, span.start, span.end, "subheadline:span", not claims))
    return list(claims.values())
