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
from kliping.read.webpage.page_metadata import plain_words

LEAST_TEXT = 250
"""Characters of an article's text in a page's state."""
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_OPENING = 500
"""Characters of a script in which the name of what it assigns stands."""
_SHORT = 15
"""Characters; what is shorter is the title of nothing."""
_MOST_VALUES = 100_000
"""Values of a page's state that are looked at."""
_SENTENCE = re.compile(r"[a-z]{2}[.!?](?:[\s\"”<]|$)")


class StatedText(NamedTuple):
    """An article's text as markup or plain text, and where it stood: `json-ld:articleBody`, `page-state:content`."""

    text: str
    rule: str
    is_own: bool = False
    """Whether the page's title stands beside it."""


def stated_text(
    article: dict[str, Any] | None, scripts: Iterable[tuple[str, str]], titles: Iterable[str]
) -> StatedText | None:
    """Return the text that JSON-LD gives of the article, else one of the page's state, None for neither.

    `scripts` are (id, text) of the page's scripts, `titles` what the page calls its article. Of several texts in its
    state it is the longest, of those with such a title beside them if there are any.
    """
    for text in strings(article.get("articleBody")) if article else ():
        if _is_prose(text):
            return StatedText(text, "json-ld:articleBody")
    own = frozenset(filter(None, map(plain_words, titles)))
    found = [one for name, script in scripts for one in _of_script(name, script, own) if _is_prose(one.text)]
    return max(found, key=lambda one: (one.is_own, len(one.text)), default=None)


def _of_script(identifier: str, script: str, titles: frozenset[str]) -> Iterator[StatedText]:
    names = knowledge.load("html.toml")["state"]
    if identifier in names["scripts"]:
        try:
            state = json.loads(script)
        except (ValueError, RecursionError):
            return
        yield from _texts(state, frozenset(names["fields"]), titles)
    elif any(mark in script[:_OPENING] for mark in names["assigned"]):
        for literal in _STRING.findall(script):
            if len(literal) > LEAST_TEXT:
                try:
                    yield StatedText(str(json.loads(literal, strict=False)), "page-state:text")
                except ValueError:
                    continue


def _texts(state: object, fields: frozenset[str], titles: frozenset[str]) -> Iterator[StatedText]:
    """The texts under a name that texts have; in a flat list of values, as Nuxt 3 writes it, all of them."""
    pending: list[tuple[str, object, bool]] = [("", state, False)]
    flat = isinstance(state, list)
    for _ in range(_MOST_VALUES):
        if not pending:
            return
        name, value, is_own = pending.pop()
        if isinstance(value, dict):
            is_own = any(_is_title(inner, titles) for inner in value.values())
            pending += [(key, inner, is_own) for key, inner in value.items()]
            continue
        if isinstance(value, list):
            pending += [(name, inner, is_own) for inner in value]
            value = "\n\n".join(_joined(value, fields))
        if isinstance(value, str) and len(value) > LEAST_TEXT and (flat or name.lower() in fields):
            yield StatedText(value, f"page-state:{name or 'text'}", is_own)


def _is_title(value: object, titles: frozenset[str]) -> bool:
    if not isinstance(value, str) or not _SHORT < len(value) < LEAST_TEXT:
        return False
    words = plain_words(value)
    return bool(words) and any(words in title for title in titles)


def _joined(blocks: list[Any], fields: frozenset[str]) -> list[str]:
    """The paragraphs that a list holds, as strings or each in an object of its own."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, dict):
            found += [text for key, text in block.items() if key.lower() in fields and isinstance(text, str)][:1]
        elif isinstance(block, str):
            found.append(block)
    return found


def _is_prose(text: str) -> bool:
    return len(text) >= LEAST_TEXT and len(_SENTENCE.findall(text[:5000])) > 1
