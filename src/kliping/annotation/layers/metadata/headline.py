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


def tail(text: str) -> tuple[int, registry.Found] | None:
    """The end of the title proper where a site's name is appended to it, and that name; None if none is."""
    last = max(_JOINT.finditer(text), key=re.Match.start, default=None)
    if last is None or not text[: last.start()].strip() or len(text[last.end() :].split()) > _TAIL_WORDS:
        return None
    for found in registry.find_all(text, last.end()):
        before, after = text[last.end() : found.start].split(), text[found.end :].split()
        is_site = found.medium.outlet is not None and not (before and after) and len(before + after) <= _SECTION_WORDS
        if is_site and all(word[:1].isupper() for word in before + after):
            return len(text[: last.start()].rstrip()), found
    return None


def _titles(page: Page, spans: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """(start, end, rule) of every headline span, without the site's name, whole ones before cut ones."""
    cut = []
    for span in spans:
        if span.role == "headline":
            site = tail(page.text[span.start : span.end])
            if site is None:
                yield span.start, span.end, "headline:span"
            else:
                cut.append((span.start, span.start + site[0], "headline:without-site-name"))
    yield from cut


def headline(page: Page, spans: Sequence[Span]) -> list[Claim]:
    """The article's own title; a second, different one is a rejected alternative, a repeat is none."""
    claims: list[Claim] = []
    for start, end, rule in _titles(page, spans):
        value = page.text[start:end]
        if all(claim.value != value for claim in claims):
            claims.append(Claim("headline", value, start, end, rule, not claims))
    for given in page.metadata:
        if given.field == "headline" and (value := " ".join(given.value.split())):
            site = tail(value)
            value = value[: site[0]] if site else value
            if all(claim.value != value for claim in claims):
                claims.append(Claim("headline", value, None, None, given.rule, not claims))
    return claims


def subheadline(page: Page, spans: Sequence[Span]) -> list[Claim]:
    """The standfirst; of several the first."""
    decks = [span for span in spans if span.role == "subheadline"]
    return [
        Claim(
            "subheadline", page.text[span.start : span.end], span.start, span.end, "subheadline:span", span is decks[0]
        )
        for span in decks
    ]
