"""What a line's place in its HTML page says of its role: the other half of the tags that kliping.read.html writes.

Menus, footers, share buttons and lists of other articles look alike in every newsroom's markup and different in every
newsroom's words, so the markup is believed before the words wherever it speaks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kliping.model import Page

LINKED_TITLE_WORDS = 5
"""Words from which a link is another article's title; menus and buttons name things in fewer."""
LINKED_TOPIC_WORDS = 2
"""Words up to which a link in a list of other articles is a topic or a button (`Lihat semua`), not a title."""
LONG_LINE = 80
"""Code points from which a line in no element of text is running text: labels and buttons are shorter."""
BYLINE_WORDS = 12
"""Words up to which a line in a byline's box is the byline; longer ones are the text of a box about the author."""

_NO_BODY = frozenset(
    {"nav", "header", "footer", "aside", "related", "share", "comments", "ads", "caption", "time", "byline", "tags",
     "beside", "headline", "notice"}
)  # fmt: skip
_FURNITURE = ("related", "navigation", "interaction", "tags")
"""What a page has in places of its own."""
_MENUS = frozenset({"related", "navigation", "interaction"})
_LISTS = frozenset({"aside", "related"})
_OWN = ("tags", "byline", "subheadline")
"""What speaks of a page's own article."""
_FRAMES = frozenset({"nav", "header", "footer", "related", "notice"})
_RUNNING = frozenset({"p", "blockquote", "td", "li", "dd", "pre"})
"""Elements that text runs on in."""
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Tag:
    """A line's tag in its parts: "" where the line stands in no special part of the page."""

    part: str
    element: str
    linked: bool


def of_lines(page: Page) -> Sequence[str]:
    """Return the tag of each line of a page's text.

    It is empty for text that is no page's, or whose lines are not the page's. Lines are the page's unless a repair has
    made a line break out of a damaged character: then no tag can be trusted.
    """
    tags = page.line_tags
    return tags if tags and len(tags) == page.text.count("\n") + 1 else ()


@lru_cache(maxsize=4096)
def parse_tag(tag: str) -> Tag:
    """Return the parts of a tag such as `nav:li:a`, `h1` or `p:a`.

    >>> parse_tag("related:h3:a")
    Tag(part='related', element='h3', linked=True)
    """
    linked = tag.endswith(":a")
    part, colon, element = tag.removesuffix(":a").partition(":")
    return Tag(part, element, linked) if colon else Tag("", part, linked)


def may_be_body(tag: str, text: str = "") -> bool:
    """Tell whether a line can be the article's own running text: outside links, menus, lists, captions, footers.

    A line without a tag can. A number or a sign alone in a box of its own is a rank or a bullet of a list, not text; in
    a table's cell it may be.
    """
    seen = parse_tag(tag)
    if seen.linked or seen.part in _NO_BODY or seen.element in ("title", "button", "option"):
        return False
    return seen.element not in ("div", "li") or not text or _LETTER.search(text) is not None


def role(tag: str, text: str) -> str | None:
    """Return the role that a line's place decides, None where the line has to speak for itself.

    >>> role("nav:li:a", "Ekonomi"), role("h3:a", "Kapal Pinisi Berlayar ke Banda Neira"), role("p", "Hujan turun.")
    ('navigation', 'related', None)
    """
    seen = parse_tag(tag)
    words = len(text.split())
    if seen.part == "headline" or (seen.element == "title" and not seen.part):
        return "headline"
    if seen.part in ("share", "comments"):
        return "interaction"
    if seen.part == "byline" and words <= BYLINE_WORDS:
        return "byline"
    if seen.part == "tags" and seen.linked:
        return "tags"
    if seen.part == "caption" and not seen.linked:
        return "caption"
    if seen.part == "related":
        return "navigation" if seen.linked and words <= LINKED_TOPIC_WORDS else "related"
    if not seen.linked:
        return "navigation" if seen.part in ("nav", "notice") else None
    return _of_link(seen, words)


def menu_role(tag: str, text: str, before: str) -> str:
    """Return the role of a line whose place makes it part of a menu or a list of other articles, "" for all others.

    `before` is that of the line before: the dates, ranks and topics inside a list of other articles follow the list.

    >>> menu_role("nav:li:a", "Ekonomi", ""), menu_role("p", "Hujan turun.", ""), menu_role("aside:div", "7", "related")
    ('navigation', '', 'related')
    """
    if not text or text.isspace() or may_be_body(tag, text):
        return ""
    decided = role(tag, text)
    if decided is None and before == "related" and len(text) < LONG_LINE and parse_tag(tag).part in _LISTS:
        return before
    return decided if decided in _MENUS else ""


def unlikely_roles(tag: str, text: str) -> tuple[str, ...]:
    """Return the roles that a line's place makes unlikely for it.

    What stands among the article's running text is no menu, and a table's row there no call either. What
    stands in menus, footers and lists of other articles says nothing of the article.

    >>> unlikely_roles("text:p", "Hujan turun."), unlikely_roles("footer:p", "Redaksi"), unlikely_roles("p", "Hujan.")
    (('related', 'navigation', 'interaction', 'tags'), ('tags', 'byline', 'subheadline'), ())
    """
    seen = parse_tag(tag)
    if seen.part in _FRAMES:
        return _OWN
    if seen.part != "text" or seen.linked:
        return ()
    if seen.element == "td" and "\t" in text:
        return (*_FURNITURE, "promotion", "advertisement")
    return _FURNITURE if seen.element in _RUNNING or (seen.element == "div" and len(text) >= LONG_LINE) else ()


def _of_link(seen: Tag, words: int) -> str | None:
    if words >= LINKED_TITLE_WORDS:
        return None if seen.part == "footer" else "related"
    if seen.part in ("nav", "header", "footer") or (not seen.part and seen.element == "li"):
        return "navigation"
    return "related" if seen.element in _HEADINGS and not seen.part else None
