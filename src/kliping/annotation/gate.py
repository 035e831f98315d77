"""Which pages are no article, and why: a page is set aside only for a reason that holds for pages of news in general.

Decided from the roles of a page's spans and, for HTML, from where its lines stand. The measure is visible characters of
the article's own running text: paragraphs that are neither links nor inside menus, lists of other articles or footers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

from kliping import knowledge
from kliping.annotation.markup import may_be_body, of_lines, parse
from kliping.model import BODY_ROLES, Page, SetAside, Span

LEAST_BODY = 250
"""Visible characters of a web page's article: two sentences. News that says who, what, when and where is longer."""
LEAST_CAPTIONS = 250
"""The same for a photo story, which tells its news in captions."""
LONGEST_STUB = 500
"""Of the description under a video and of what an error page says: a paragraph."""
LONGEST_WALL = 2000
"""Of a consent notice, which explains itself at more length."""
LONGEST_TEASER = 400
"""Of what stands between two titles of a list: a teaser of two or three sentences."""
LEAST_ENTRIES = 5
"""Titles or dates of other articles that make a list; a page of search results or a section front has ten and more."""
LEAST_WHOLE = 600
"""Of each of several articles on one page; shorter stretches under a dateline are a digest's items."""

_PROOFS = frozenset({"dateline", "timestamp", "byline"})
_HEADING = re.compile(r"h[1-6]")
_DATED = re.compile(r"\d{1,2}[ /.-]{1,2}(?:\w{3,9}|\d{1,2})[ /.,-]{1,2}(?:19|20)\d\d")
_SHORT_LINE = 120


@dataclass(frozen=True, slots=True)
class _Survey:
    """What counts on a page; sizes in characters that are no spaces."""

    body: int
    captions: int
    longest_run: int
    """Of body between two entries of a list."""
    entries: int
    """Linked headings and dated lines: what a list has once an article."""
    pointers: int
    """Lines that lead to other articles: linked or `related`, of four words or more."""
    articles: int
    """Stretches of body of LEAST_WHOLE or more that each begin with a dateline."""
    dated: bool
    """Whether a dateline, timestamp or byline speaks of an article."""


def article_or_reason(page: Page, spans: Sequence[Span]) -> SetAside | None:
    """None where the page holds one article, else why it is set aside.

    `several-articles`, `listing-page`, `error-page`, `consent-wall`, `video-stub` or `no-article`. Text that is no web
    page (no line_tags) was chosen by somebody as an article: it is `no-article` only where it has no paragraph at all.
    """
    if not page.line_tags and _is_plain(page, spans):
        return None
    seen = _survey(page, spans)
    if seen.articles > 1:
        detail = f"The page holds {seen.articles} stretches of text with datelines of their own."
        return SetAside("several-articles", detail)
    if seen.entries >= LEAST_ENTRIES and seen.longest_run < LONGEST_TEASER and seen.captions < LEAST_CAPTIONS:
        between = f"nowhere {LONGEST_TEASER} characters of text between them"
        return SetAside("listing-page", f"The page has {seen.entries} titles or dates of articles, and {between}.")
    if seen.captions >= LEAST_CAPTIONS:
        return None
    wall = _wall(page, seen)
    if wall is not None:
        return wall
    if seen.body >= (LEAST_BODY if page.line_tags else 1):
        return None
    if seen.pointers >= 2 * LEAST_ENTRIES:
        detail = f"The page has {seen.pointers} links to other articles and no article of its own."
        return SetAside("listing-page", detail)
    return SetAside("no-article", f"The page has {seen.body} characters of running text, fewer than an article has.")


def _is_plain(page: Page, spans: Sequence[Span]) -> bool:
    """Tell of a text that is no web page whether too little stands beside its body to set it aside."""
    beside = [span.role for span in spans if span.role not in BODY_ROLES]
    if len(beside) == len(spans) or len(beside) >= LEAST_ENTRIES or beside.count("dateline") > 1:
        return False
    return not _PROOFS.isdisjoint(beside) or not _short_lines(page.text)


def _wall(page: Page, seen: _Survey) -> SetAside | None:
    """What stands in front of an article: an error, a consent notice, a video."""
    if seen.body >= LONGEST_WALL or (seen.dated and not page.line_tags):
        return None
    short = [line.lower() for line in _short_lines(page.text)]
    if not page.line_tags and not short:
        return None
    if seen.body < LONGEST_STUB and not seen.dated and page.line_tags and _says(short[:40], "error"):
        return SetAside("error-page", "The page says that what was asked for is not there.")
    if not seen.dated and len(_said(short, "consent")) >= 2:
        return SetAside("consent-wall", "The page asks for consent, log-in or a check, and shows no article.")
    if seen.body < LONGEST_STUB and page.line_tags and _is_video(page, short):
        return SetAside("video-stub", f"The page is a video or gallery with {seen.body} characters of text.")
    return None


def _short_lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line and len(line) <= _SHORT_LINE]


def _survey(page: Page, spans: Sequence[Span]) -> _Survey:
    body = captions = run = longest = entries = pointers = 0
    articles, dated = [0], False
    for span, tag in zip(spans, _tags(page, spans), strict=True):
        role = span.role
        if role in BODY_ROLES and (not tag or may_be_body(tag)):
            size = span.end - span.start - page.text.count(" ", span.start, span.end)
            body, run = body + size, run + size
            longest = max(longest, run)
            articles[-1] += size
            continue
        place, text = parse(tag), page.text[span.start : span.end]
        if role == "dateline":
            articles.append(0)
        elif (role == "caption" or place.part == "caption") and not place.linked:
            captions += len(text) - text.count(" ")
        dated = dated or (role in _PROOFS and not place.linked)
        pointers += (place.linked or role == "related") and len(text.split()) >= 4
        if (place.linked and _HEADING.fullmatch(place.element)) or _is_dated(text):
            entries += 1
            run = 0
    whole = sum(size >= LEAST_WHOLE for size in articles[1:])
    return _Survey(body, captions, longest, entries, pointers, whole, dated)


def _tags(page: Page, spans: Sequence[Span]) -> Iterable[str]:
    """The tag of each span's line, "" where there is none."""
    tags = of_lines(page)
    return _line_tags(page, spans, tags) if tags else repeat("", len(spans))


def _line_tags(page: Page, spans: Sequence[Span], tags: Sequence[str]) -> Iterator[str]:
    number, position = 0, 0
    for span in spans:
        number += page.text.count("\n", position, span.start)
        position = span.start
        yield tags[number]


def _is_dated(text: str) -> bool:
    return len(text) <= 60 and _DATED.search(text) is not None


def _said(lines: Iterable[str], kind: str) -> set[str]:
    """The phrases of a kind of page that its short lines hold."""
    text = "\n".join(lines)
    return {phrase for phrase in knowledge.load("pages.toml")[kind]["phrases"] if phrase in text}


def _says(lines: Iterable[str], kind: str) -> bool:
    return bool(_said(lines, kind))


def _is_video(page: Page, short: Sequence[str]) -> bool:
    known = knowledge.load("pages.toml")["video"]
    steps = re.split("[?#]", page.url or "", maxsplit=1)[0].lower().split("/")[3:]
    first = re.split(r"\W+", short[0].strip(), maxsplit=1)[0] if short else ""
    return any(step in known["address"] for step in steps) or first in known["title"]
