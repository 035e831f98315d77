"""Whether a field's text is markup of HTML, and the page that this markup is a fragment of."""

from __future__ import annotations

import html
import re

_BLOCK = re.compile(
    r"<(?:/?(?:p|div|section|article|main|h[1-6]|ul|ol|li|table|tbody|tr|td|blockquote|figure|figcaption|html|body|head)"
    r"|br|hr|img|iframe|script|style|!doctype\shtml)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--[^<>]{0,2000}-->")
_INLINE = re.compile(
    r"<(b|i|u|em|strong|a|span|font|small|sup|sub|mark|cite|q|s|del|ins|code|time|abbr)(?:\s[^<>]{0,2000})?>"
    r"[^<>]{0,2000}</\1\s?>",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\s{0,100}&(?:amp;)?lt;(?:!--|!doctype|/?[a-z][a-z0-9]{0,11})\b", re.IGNORECASE)
_PARTED = re.compile(r"<(?:/?(?:p|div|td|section|article|pre|body)|br)(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
"""Elements that part running text into lines."""


def fragment(text: str) -> str | None:
    """Return the markup that `text` is, None where it is plain text.

    A block, a line break, a picture, or an inline element with both its tags makes it markup; a sign that only looks
    like a tag (`a < b`, `<nama@kabaruji.example>`) does not, nor do entities. Markup whose own tags were escaped is
    given unescaped. Where no element parts its lines, the line breaks do, as in what WordPress stores: each is given
    a `<br>` before it.
    """
    if _ESCAPED.match(text) and not _is_markup(text):
        for _ in range(2):
            text = html.unescape(text)
            if _is_markup(text):
                break
    if not _is_markup(text):
        return None
    return text if _PARTED.search(text) else text.replace("\n", "<br>\n")


def _is_markup(text: str) -> bool:
    return "<" in text and any(pattern.search(text) for pattern in (_BLOCK, _INLINE, _COMMENT))
