"""What the value of a metadata field says, whatever form a dump gives it: an object, a list, a printed list, markup.

A value is one line of text with its entities resolved, without the characters that have no UTF-8 form. What dumps
write where they have no value (`nan`, `null`, `-`) is none.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache

from kliping import knowledge
from kliping.read import printed

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKUP = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]{0,2000})?/?>")
_ENCODED_AT_MOST = 3
"""How often a text was encoded at most: `&amp;amp;` twice."""
_LONGEST_EMPTY = 24
"""Characters of the longest value that says there is none."""
_DEEPEST = 8


@cache
def _empty() -> frozenset[str]:
    return frozenset(knowledge.load("columns.toml")["empty"]["values"])


@cache
def _wrapping() -> tuple[str, ...]:
    known = knowledge.load("columns.toml")["wrappers"]
    return (*known["values"], *known["names"])


def is_empty(value: object) -> bool:
    """Tell whether a value says nothing: null, a blank, a word for nothing, neither a letter nor a digit.

    >>> is_empty("nan"), is_empty("[Removed]"), is_empty(" - "), is_empty("Nan Wei"), is_empty([])
    (True, True, True, False, True)
    """
    if isinstance(value, str):
        return (len(value) <= _LONGEST_EMPTY and _says_nothing(value.strip())) or value.isspace()
    if isinstance(value, bytes):
        return is_empty(value.decode("utf-8", "replace")) if len(value) <= _LONGEST_EMPTY else value.isspace()
    if isinstance(value, float):
        return value != value
    return value is None or (isinstance(value, list | tuple | dict) and not value)


def _says_nothing(text: str) -> bool:
    return text.casefold() in _empty() or not any(map(str.isalnum, text))


def unwrapped(value: object) -> object:
    """Return the one value that an object, or a list of one, holds: `{"rendered": "Banjir"}` holds `Banjir`."""
    for _ in range(_DEEPEST):
        if isinstance(value, dict):
            value = next((value[key] for key in _wrapping() if not is_empty(value.get(key))), None)
        elif isinstance(value, list | tuple) and len(value) == 1:
            value = value[0]
        else:
            break
    return value


def unescaped(text: str) -> str:
    """Return text with its entities resolved, also those that were encoded twice.

    >>> unescaped("Andi &amp;amp; Budi: &#8220;Naik&#8221; R&D")
    'Andi & Budi: “Naik” R&D'
    """
    for _ in range(_ENCODED_AT_MOST):
        if _ENTITY.search(text) is None:
            break
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return text


def line(text: str) -> str | None:
    """Return a value on one line, without markup and entities; None where nothing is left."""
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode()
    if "&" in text:
        text = unescaped(text)
    if "<" in text:
        text = _MARKUP.sub("", text)
    text = " ".join(text.split())
    return None if is_empty(text) else text


def first_line(value: object) -> str | None:
    """Return the first thing that a value says as one line: of a list its first member, of an object its name."""
    return next(lines_of(value), None)


def lines_of(value: object) -> Iterator[str]:
    """Yield what a value says, a line each: the members of a list, the names of objects, those of a printed list."""
    if isinstance(value, str) and not printed.is_list(value):
        if text := line(value):
            yield text
        return
    value = unwrapped(value)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str) and printed.is_list(value):
        value = printed.printed_members(value) or value
    for item in value if isinstance(value, list | tuple) else [value]:
        one = unwrapped(item)
        if isinstance(one, str) and (text := line(one)):
            yield text


def web_address(value: object) -> str | None:
    """Return the address that a value is, None where it is something else."""
    for text in (each.strip("<>") for each in lines_of(value)):
        if knowledge.is_address(text):
            return text
    return None


def leads_to_a_page(text: str) -> bool:
    """Tell whether an address leads further than to the front page of a site.

    >>> leads_to_a_page("https://kabaruji.example/"), leads_to_a_page("https://kabaruji.example/?p=7")
    (False, True)
    """
    _, _, rest = text.partition("//") if "//" in text else ("", "", text)
    return rest.partition("/")[2] != ""
