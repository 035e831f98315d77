"""Markup to an HTML5 tree, in time and memory that grow with its length, or a refusal in words.

The parser is Lexbor, through selectolax. Of the three that were measured on saved pages (Lexbor 0.7 ms a page,
resiliparse 2.0 0.5, lxml 1.3, each with a walk over all nodes 1.3, 3.1 and 2.3) it walks fastest, builds the tree that
browsers build, is released every few months, and has wheels for Linux, macOS and Windows. Like every HTML5 parser it
takes more than linear time over a few kinds of markup that no newsroom writes; those are found before it starts.
"""

from __future__ import annotations

import re
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_DEPTH = 2000
"""Elements inside one another. Pages of news stay below 60."""
MAX_ATTRIBUTES = 10_000
"""Attributes of one tag: the parser compares each with every other."""
MAX_REOPENED = 2_000_000
"""Elements that the parser may have to make: each block opens the styles again that are still open (WHATWG HTML,
section 13.2.4.3), so their product is what a page can ask for. A million elements take 400 MB."""

_LONG_TAG = 65_536
_MANY_TAGS = 2000
"""Fewer tags can neither nest too deep nor reopen too much."""
_ATTRIBUTE = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s\"'=]+")
_STYLE = re.compile(r"<(/?)(?:b|big|code|em|font|i|s|small|strike|strong|tt|u)[\s>/]", re.I)
_NESTED = re.compile(
    r"<(/?)(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|dd|dt|option|optgroup|tr|td"
    r"|th|tbody|thead|tfoot|rp|rt|a|nobr)[\s>/])[a-z]",
    re.I,
)
"""Tags that stay open until they are closed."""


class UnreasonableMarkup(Exception):
    """Markup that no page of news has and that would take the parser more than linear time or memory."""


def parse_markup(markup: str) -> LexborNode | None:
    """Return the root element of a page's tree, None where there is none. Raises UnreasonableMarkup."""
    _check(markup)
    if "\0" in markup:
        markup = markup.replace("\0", "\ufffd")
    try:
        return LexborHTMLParser(markup).root
    except UnicodeEncodeError:
        return LexborHTMLParser(markup.encode("utf-8", "replace").decode()).root


def _check(markup: str) -> None:
    for stretch in markup.split(">"):
        if len(stretch) > _LONG_TAG and (tag := re.search("<[A-Za-z]", stretch)):
            names = {match.group() for match in _ATTRIBUTE.finditer(stretch, tag.start())}
            if len(names) > MAX_ATTRIBUTES:
                raise UnreasonableMarkup(f"The page has a tag with more than {MAX_ATTRIBUTES:,} attributes.")
    tags = markup.count("<")
    if tags > _MANY_TAGS:
        if _most_open(_STYLE, markup) * tags > MAX_REOPENED:
            raise UnreasonableMarkup("The page leaves so many styles open that its tree would not fit into memory.")
        if tags > 10 * _MANY_TAGS and _most_open(_NESTED, markup) > 10 * MAX_DEPTH:
            raise too_deep()


def too_deep() -> UnreasonableMarkup:
    """Return the error for a page whose elements are nested deeper than MAX_DEPTH."""
    return UnreasonableMarkup(f"The page has elements nested more than {MAX_DEPTH:,} deep.")


def _most_open(tag: re.Pattern[str], markup: str) -> int:
    """How many elements are open at once, going by their tags alone."""
    steps = (-1 if closing else 1 for closing in tag.findall(markup))
    return max(accumulate(steps, lambda open_ones, step: max(0, open_ones + step), initial=0))
