"""The text of an article that a page keeps for its scripts: `articleBody` in JSON-LD, or the state of Next.js and Nuxt.

It is read where the page shows no running text itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from kliping import knowledge
from kliping.read.webpage.jsonld import strings

LEAST_TEXT = 250
"""Characters of an article's text in a page's state."""
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_MOST_VALUES = 100_000
"""Values of a page's state that are looked at."""
_SENTENCE = re.compile(r"[a-z]{2}[.!?](?:[\s\"”<]|$)")


class StatedText(NamedTuple):
    """An article's text as markup or plain text, and where it stood: `json-ld:articleBody`, `page-state:content`."""

    text: str
    rule: str


def stated_text(article: dict[str, Any] | None, scripts: Iterable[tuple[str, str]]) -> StatedText | None:
    """Return the text that JSON-LD gives of the article, else the longest one of the page's state, None for neither.

    `scripts` are (id, text) of the page's scripts.
    """
    for text in strings(article.get("articleBody")) if article else ():
        if _is_prose(text):
            return StatedText(text, "json-ld:articleBody")
    found = [one for identifier, script in scripts for one in _of_script(identifier, script) if _is_prose(one.text)]
    return max(found, key=lambda one: len(one.text), default=None)


def _of_script(identifier: str, script: str) -> Iterator[StatedText]:
    names = knowledge.load("html.toml")["state"]
    if identifier in names["scripts"]:
        try:
            state = json.loads(script)
        except (ValueError, RecursionError):
            return
        yield from _texts(state, frozenset(names["fields"]))
    elif any(mark in script[:500] for mark in names["assigned"]):
        for literal in _STRING.findall(script):
            if len(literal) > LEAST_TEXT:
                try:
                    yield StatedText(str(json.loads(literal, strict=False)), "page-state:text")
                except ValueError:
                    continue


def _texts(state: object, fields: frozenset[str]) -> Iterator[StatedText]:
    """The texts under a name that texts have; in a flat list of values, as Nuxt 3 writes it, all of them."""
    pending: list[tuple[str, object]] = [("", state)]
    flat = isinstance(state, list)
    for _ in range(_MOST_VALUES):
        if not pending:
            return
        name, value = pending.pop()
        if isinstance(value, str):
            if len(value) > LEAST_TEXT and (flat or name.lower() in fields):
                yield StatedText(value, f"page-state:{name or 'text'}")
        elif isinstance(value, dict):
            pending += [(key, inner) for key, inner in value.items()]
        elif isinstance(value, list):
            pending += [(name, inner) for inner in value]


def _is_prose(text: str) -> bool:
    return len(text) >= LEAST_TEXT and len(_SENTENCE.findall(text[:5000])) > 1
