"""What a tag alone says of what stands inside its element, worked out once for each distinct tag that pages have."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from kliping import knowledge

UNREAD = (
    "head,script,style,noscript,template,iframe,object,embed,applet,audio,video,canvas,svg,math,map,datalist,textarea"
)
"""Elements whose text no reader reads, as a CSS selector."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TELLING = HEADINGS | {
    "p", "li", "td", "th", "figcaption", "caption", "blockquote", "time", "address", "button", "label", "option", "pre",
    "dt", "dd",
}  # fmt: skip
BLOCKS = _TELLING | {
    "article", "aside", "body", "center", "details", "dialog", "dir", "div", "dl", "fieldset", "figure", "footer",
    "form", "header", "hgroup", "hr", "html", "legend", "main", "menu", "nav", "ol", "optgroup", "search", "section",
    "select", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip
_SECTIONS = frozenset({"article", "section", "main", "aside", "li"})
_SAID_AS = {"th": "td", "caption": "figcaption"}
_LANDMARKS = {
    "nav": "nav",
    "footer": "footer",
    "aside": "aside",
    "header": "header",
    "figure": "caption",
    "menu": "nav",
}
_ARIA = {"navigation": "nav", "contentinfo": "footer", "complementary": "aside", "banner": "header", "search": "nav",
         "dialog": "notice", "alertdialog": "notice"}  # fmt: skip
_LONGEST_NAMES = 300
"""Characters of class and id; whoever writes more says nothing by them."""
_MOST_TAGS = 8192
"""Distinct tags that are remembered; a site has a few hundred."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


class Element(NamedTuple):
    """What a tag says; `part` is the part of the page that it announces, "" for none."""

    name: str
    kind: str
    """What it makes of the text inside: `p`, `h2`, `td` ..., "" where it says nothing."""
    part: str
    word: str
    """The word of its class or id that announces the part, "" where its name or role does."""
    classes: frozenset[str]
    is_block: bool
    is_frame: bool
    """Whether it is a block that parts of a page stand in, such as `div`."""
    is_hidden: bool
    is_classed: bool
    is_section: bool
    may_frame: bool
    """Whether it can open a box."""
    is_plain: bool
    """Whether it changes nothing for the text inside it."""


@lru_cache(maxsize=_MOST_TAGS)
def element_of(name: str, classes: str | None, identifier: str | None, role: str | None, hides: bool) -> Element:
    """Return what a tag says by its name, class, id and ARIA role; `hides` is whether another attribute hides it."""
    part, word = _part(name, classes or "", identifier or "", role)
    is_block = name in BLOCKS
    is_frame = is_block and name not in _TELLING
    names = frozenset((classes or "").split()[:50])
    is_hidden = hides or not _hidden_classes().isdisjoint(names)
    kind = _SAID_AS.get(name, name) if name in _TELLING else ""
    may_frame = name != "a" and (is_frame or is_hidden or bool(part) or name == "header")
    is_plain = not (kind or may_frame or name in ("a", "tr", "table"))
    return Element(
        name, kind, part, word, names, is_block, is_frame, is_hidden, classes is not None, name in _SECTIONS, may_frame,
        is_plain,
    )  # fmt: skip


@cache
def _part_words() -> dict[str, str]:
    return {word: part for part, words in knowledge.load("html.toml")["parts"].items() for word in words}


@cache
def _hidden_classes() -> frozenset[str]:
    return frozenset(knowledge.load("html.toml")["hidden"]["classes"])


def _part(name: str, classes: str, identifier: str, role: str | None) -> tuple[str, str]:
    """The part of the page that a tag announces, and the word by which it does so where only a word does."""
    part = _LANDMARKS.get(name) or _ARIA.get(role or "", "")
    named = f"{classes} {identifier}"
    if part or name in ("html", "body") or len(named) < 3 or len(named) > _LONGEST_NAMES:
        return part, ""
    words = _part_words()
    word = next((word for word in map(str.lower, _WORD.findall(named)) if word in words), "")
    return words.get(word, ""), word
