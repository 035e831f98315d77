"""Which pages are no article, and why: a page is set aside only for a reason that holds for pages of news in general.

Decided from the roles of a page's spans and, for HTML, from where its lines stand. The measure is visible characters of
the article's own running text: paragraphs that are neither links nor inside menus, lists of other articles or footers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

from kliping import knowledge
from kliping.annotation.markup import Tag, may_be_body, of_lines, parse_tag
from kliping.model import BODY_ROLES, Page, SetAside, Span

LEAST_BODY = 250
"""Visible characters of a web page's article: two sentences. News that says who, what, when and where is longer."""
LEAST_PROVEN = 120
"""The same where a headline and a dateline, timestamp or byline stand before it: a brief may be one long sentence."""
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
"""Of each of several articles on one page; shorter stretches under a dateline are a digest's items.

Where the markup says that each is an article with a headline of its own, LEAST_PROVEN will do, and LEAST_BODY where
that headline leads on to it.
"""

_PROOFS = frozenset({"dateline", "timestamp", "byline"})
_PROVING = frozenset({"time", "byline"})
"""Parts of a page that say the same; a list's are `related`."""
_STATED = frozenset({"json-ld:datePublished", "opengraph:article:published_time"})
"""Rules of input metadata that only an article's page has."""
_HEADING = re.compile(r"h[1-6]")
_OWN_ARTICLE = "article"
"""Part of the tag of a headline that opens one of several articles, as kliping.read.html writes it."""
_FEW = 3
_DATED = re.compile(r"\d{1,2}[ /.-]{1,2}(?:\w{3,9}|\d{1,2})[ /.,-]{1,2}(?:19|20)\d\d")
_SHORT_LINE = 120
_SHORT_TITLE = 10
"""Words of a title that says nothing but an error; news about one says more."""


@dataclass(frozen=True, slots=True)
class _Survey:
    """What counts on a page; sizes in characters that are no spaces."""

    body: int
    captions: int
    longest_run: int
    """Of body between two entries of a list."""
    proven_run: int
    """The longest of those with signs of an article before or within it, and no entry between: a headline and a
    dateline, timestamp or byline; in text that is no web page one of them."""
    entries: int
    """Linked headings and dated lines: what a list has once an article."""
    pointers: int
    """Lines that lead to other articles: linked or `related`, of four words or more."""
    articles: int
    """Stretches of body that are long enough for articles, each under a dateline or a headline of its own."""
    dated: bool
    """Whether a dateline, timestamp or byline speaks of an article."""
    headed: bool
    """Whether a headline stands on the page."""
    taken: tuple[tuple[str, int], ...]
    """The roles that are not body with the characters they took, the largest first."""

    @property
    def is_photo_story(self) -> bool:
        """Whether the captions are those of an article; a text that is one caption and nothing else is not."""
        return self.headed and self.dated

    @property
    def holds_an_article(self) -> bool:
        """Whether most of the body is one stretch with the signs of an article."""
        return self.proven_run >= LEAST_PROVEN and 2 * self.proven_run >= self.body


def article_or_reason(page: Page, spans: Sequence[Span]) -> SetAside | None:
    """Return why a page is set aside, None where it holds one article.

    `several-articles`, `listing-page`, `error-page`, `consent-wall`, `video-stub` or `no-article`. Text that is no web
    page (no line_tags) was chosen by somebody as an article: it is `no-article` only where it has no paragraph at all.
    Only a photo story is kept without one: it has a headline, says when or by whom it was published, and tells its
    news in captions.
    """
    if not page.line_tags and _is_plain(page, spans):
        return None
    seen = _survey(page, spans)
    if seen.articles > 1:
        detail = f"The page holds {seen.articles} stretches of text with datelines or headlines of their own."
        return SetAside("several-articles", detail)
    is_list = seen.entries >= LEAST_ENTRIES and seen.longest_run < LONGEST_TEASER and seen.captions < LEAST_CAPTIONS
    if is_list and not seen.holds_an_article:
        between = f"nowhere {LONGEST_TEASER} characters of text between them"
        return SetAside("listing-page", f"The page has {seen.entries} titles or dates of articles, and {between}.")
    if seen.captions >= LEAST_CAPTIONS and (seen.body or seen.is_photo_story):
        return None
    wall = _wall(page, seen)
    if wall is not None:
        return wall
    if seen.body >= (LEAST_BODY if page.line_tags else 1) or seen.holds_an_article:
        return None
    if seen.pointers >= 2 * LEAST_ENTRIES:
        detail = f"The page has {seen.pointers} links to other articles and no article of its own."
        return SetAside("listing-page", detail)
    return SetAside("no-article", _too_little(seen))


def _too_little(seen: _Survey) -> str:
    """What a page without an article has instead."""
    found = f"The page has {seen.body} characters of running text, fewer than an article has"
    taken = ", ".join([f"{role} ({size})" for role, size in seen.taken[:_FEW]])
    return f"{found}; the rest was taken for {taken}." if taken else f"{found}."


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
    if page.line_tags and (
        (_is_stub(seen) and _says(short[:40], "error")) or (not seen.dated and _says(_titles(page), "error"))
    ):
        return SetAside("error-page", "The page says that what was asked for is not there.")
    if not seen.dated and len(_said(short, "consent")) >= 2:
        return SetAside("consent-wall", "The page asks for consent, log-in or a check, and shows no article.")
    if seen.body < LONGEST_STUB and page.line_tags and _is_video(page, short):
        return SetAside("video-stub", f"The page is a video or gallery with {seen.body} characters of text.")
    return None


def _titles(page: Page) -> list[str]:
    """The title and the headings of a web page that are short, in lower case."""
    lines = zip(of_lines(page), page.text.split("\n"), strict=False)
    titles = [text.lower() for tag, text in lines if parse_tag(tag).element in ("title", "h1")]
    return [text for text in titles if len(text.split()) <= _SHORT_TITLE]


def _is_stub(seen: _Survey) -> bool:
    """Whether a page says little itself, whatever teasers of other articles stand below."""
    if seen.holds_an_article or (seen.dated and seen.body >= LONGEST_STUB):
        return False
    return seen.longest_run < LONGEST_STUB


def _short_lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line and len(line) <= _SHORT_LINE]


def _survey(page: Page, spans: Sequence[Span]) -> _Survey:
    body = captions = run = longest = proven = entries = pointers = 0
    under_dateline, under_headline, least = [0], [0], [0]
    dated = headed = False
    taken: Counter[str] = Counter()
    signs: set[str] = set()
    needed = 2 if page.line_tags else 1
    given = {"proof" for value in page.metadata if value.rule in _STATED}
    for span, tag in zip(spans, _tags(page, spans), strict=True):
        role, place = span.role, parse_tag(tag)
        if place.part == _OWN_ARTICLE:
            under_headline.append(0)
            least.append(LEAST_BODY if place.linked else LEAST_PROVEN)
            signs.clear()
        if role in BODY_ROLES and (not tag or may_be_body(tag)):
            size = span.end - span.start - page.text.count(" ", span.start, span.end)
            body, run = body + size, run + size
            longest, proven = max(longest, run), max(proven, run if len(signs | given) >= needed else 0)
            under_dateline[-1] += size
            under_headline[-1] += size
            continue
        text = page.text[span.start : span.end]
        size = len(text) - text.count(" ")
        taken[role] += size
        if role == "dateline":
            under_dateline.append(0)
        elif (role == "caption" or place.part == "caption") and not place.linked:
            captions += size
        sign = None if place.linked else _sign(role, place, text)
        if sign is not None:
            signs.add(sign)
            dated, headed = dated or sign == "proof", headed or sign == "headline"
        pointers += (place.linked or role == "related") and len(text.split()) >= 4
        if (place.linked and _HEADING.fullmatch(place.element)) or (_is_dated(text) and sign is None):
            entries += 1
            run = 0
            signs.clear()
    wholes = [size >= LEAST_WHOLE for size in under_dateline[1:]]
    own = [size >= enough for size, enough in zip(under_headline[1:], least[1:], strict=True)]
    sizes = tuple(taken.most_common())
    return _Survey(body, captions, longest, proven, entries, pointers, max(sum(wholes), sum(own)), dated, headed, sizes)


def _sign(role: str, place: Tag, text: str) -> str | None:
    """`headline` or `proof` for what shows an article by its role or its place in the page."""
    if role in _PROOFS or place.part in _PROVING:
        return "proof"
    headed = role == "headline" or (place.element == "h1" and len(text.split()) >= _FEW)
    return "headline" if headed else None


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
