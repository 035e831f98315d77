"""The JSON-LD of a page as objects, also where it is not quite JSON, and the one among them that is the page's article.

Scripts that are JSON are read as such; what sites serve besides (a comma too many, comments, CDATA, a semicolon, two
objects side by side, a bare quote inside a string) is what json-repair is made for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

import json_repair

from kliping import knowledge

_MOST_OBJECTS = 10_000
"""JSON objects of a page that are looked at."""
_LONGEST_REPAIR = 200_000
"""Characters of broken JSON that are mended; longer ones are data, not the description of an article."""
_WRAPPER = re.compile(
    r"\A(?:(?:/\*|//)?\s{0,9}<!\[CDATA\[(?:\s{0,9}\*/)?|<!--)"
    r"|(?:(?:/\*|//)?\s{0,9}\]\]>(?:\s{0,9}\*/)?|(?://\s{0,9})?-->|;)\Z"
)


def json_objects(scripts: Iterable[str]) -> list[dict[str, Any]]:
    """Return every JSON object of JSON-LD scripts, outer before inner; a broken script costs that script alone."""
    return list(_objects([parsed for script in scripts for parsed in _parsed(script)]))


def article_object(objects: list[dict[str, Any]], title: str) -> dict[str, Any] | None:
    """Return the object that describes the page's article; of several the one whose headline is in `title`."""
    articles = [one for one in objects if _is_article(one)]
    if len({str(one.get("headline")) for one in articles}) <= 1:
        return articles[0] if articles else None
    own = [(len(str(one.get("headline"))), one) for one in articles if (str(one.get("headline") or "\n")) in title]
    return max(own, key=lambda pair: pair[0])[1] if own else None


def strings(value: object) -> list[str]:
    """Return the strings of a value that is one or a list of such values."""
    if isinstance(value, list):
        return [text for item in value[:_MOST_OBJECTS] for text in ([item] if isinstance(item, str) else [])]
    return [value] if isinstance(value, str) else []


def type_names(one: dict[str, Any]) -> list[str]:
    """Return the types of an object without the address of their vocabulary: `https://schema.org/NewsArticle`."""
    return [re.split(r"[/#:]", text)[-1] for text in strings(one.get("@type"))]


def _is_article(one: dict[str, Any]) -> bool:
    return not set(knowledge.load("html.toml")["jsonld"]["types"]).isdisjoint(type_names(one))


def _parsed(script: str) -> list[Any]:
    text = script.strip()
    try:
        return [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        pass
    text = _unwrapped(unescape(text) if text.startswith(("{&quot;", "[{&quot;")) else text)
    if not text.startswith(("{", "[", "/")) or len(text) > _LONGEST_REPAIR:
        return []
    try:
        return [json_repair.loads(text)]
    except (ValueError, RecursionError):
        return []


def _unwrapped(text: str) -> str:
    """The script without what stands around JSON to hide it from old parsers, and without a closing semicolon."""
    for _ in range(2):
        text = _WRAPPER.sub("", text).strip()
    return text


def _objects(pending: list[Any]) -> Iterator[dict[str, Any]]:
    pending.reverse()
    for _ in range(_MOST_OBJECTS):
        if not pending:
            return
        item = pending.pop()
        if isinstance(item, dict):
            yield item
            pending += [value for value in item.values() if isinstance(value, dict | list)][::-1]
        elif isinstance(item, list):
            pending += item[::-1]
