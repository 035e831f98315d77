"""Gives lines the role of a label beside them: the value or the list that it opens, the rest of a broken sentence."""

from __future__ import annotations

import re
from functools import cache

from kliping.annotation.roles.draft import Draft
from kliping.annotation.roles.features import Description
from kliping.annotation.roles.phrasing import normal
from kliping.annotation.roles.units import Units
from kliping.annotation.roles.vocabulary import Phrase, phrases, words

LIST_ITEM_LENGTH, TOPIC_WORDS = 60, 7
"""A topic in a list of topics is shorter than this, in code points, and has so many words at most."""
LONE_WORD = 20
"""A line of the first word of a broken phrase is no longer than this, in code points."""
BROKEN_PHRASE, BROKEN_SENTENCE = 4, 8
"""Links break a phrase over so many lines at most, and the sentence that it opens over so many."""
BROKEN_NOTICE = 3
"""Links break a copyright notice over so many lines below its first at most."""
LABEL_SIGNS = 2
"""A label alone on its line has so many signs beside its phrase at most: a blank and a colon."""
POINTER_LENGTH = 160
"""The title of another article is no longer than this, in code points."""
SOURCE_LENGTH = 40
"""The source behind its label is shorter than this, in code points."""

_NAME = re.compile(r":? ?[A-Z][\w.'’]{0,20}(?: [A-Z][\w.'’]{0,20}){0,4},?")
_LISTS = {
    "list:topics": "tags",
    "list:topics-in-lower-case": "tags",
    "list:trending": "navigation",
    "list:pages": "navigation",
}
"""The role of the items of each list that a label opens."""
_GAPS = ("..", "...", "…")
"""What stands for the pages that are not listed."""


def pointed(draft: Draft) -> None:
    """Give the title on the line after a lone `Baca juga:` the label's role."""
    page = draft.units
    for index in range(1, len(page)):
        phrase = draft.described[index - 1].phrase
        if phrase is None or phrase.role != "related" or page.roles[index] or draft.sizes[index] > POINTER_LENGTH:
            continue
        alone = draft.sizes[index - 1] <= len(phrase.text) + LABEL_SIGNS and page.string(index - 1)[-1] == ":"
        if alone and page.string(index)[-1] != ".":
            page.decide(index, "related", "list:pointed")


def values(draft: Draft) -> None:
    """Give the value on the line after a lone label its role: `Penulis` / `: Rukmini`, `Sumber :` / `kabar.id`."""
    page = draft.units
    for index in range(1, len(page)):
        label = draft.described[index - 1].phrase
        if page.roles[index] or label is None or label.match != "exact":
            continue
        text = page.string(index)
        if label.role == "byline" and _NAME.fullmatch(text):
            page.decide(index - 1, label.role, label.rule)
            page.decide(index, label.role, "list:value")
        elif label.role == "source" and page.roles[index - 1] and len(text) < SOURCE_LENGTH:
            page.decide(index, label.role, "list:value")


def rights(draft: Draft) -> None:
    """Join a copyright notice that links have broken over lines, up to `All rights reserved` or over an open end."""
    page = draft.units
    if "copyright" not in page.roles:
        return
    for index in range(len(page) - 1):
        if page.roles[index] != "copyright":
            continue
        near = range(index + 1, min(index + 1 + BROKEN_NOTICE, len(page)))
        end = next((i for i in near if "rights reserved" in page.string(i).casefold()), 0)
        if not end and page.string(index)[-1] in "-–(":
            end = index + 1
        for i in range(index + 1, end + 1):
            page.decide(i, "copyright", "list:rights")


def lists(draft: Draft) -> None:
    """Give a list's items the role of what opens it: topics after `Tags:`, or in lower case after desk initials."""
    page, opened = draft.units, ""
    for index, described in enumerate(draft.described):
        if not opened and described.phrase is None and not page.rules[index]:
            continue
        opens = _opens(draft, index, described.phrase)
        if opened == "list:pages" and page.string(index) in _GAPS:
            page.decide(index, _LISTS[opened], opened)
        elif opens or page.roles[index]:
            opened = opens
        elif opened and _is_item(page, index, described, opened):
            page.decide(index, _LISTS[opened], opened)
        else:
            opened = ""


def _opens(draft: Draft, index: int, phrase: Phrase | None) -> str:
    """Return the rule of the list that a unit opens, nothing where it opens none; decide what is no label elsewhere."""
    page = draft.units
    role, rule = page.roles[index], page.rules[index]
    if phrase is not None and role == "navigation" and phrase.text in words().topic_bars:
        return "list:trending"
    if phrase is not None and phrase.text == "halaman" and phrase.match == "exact":
        page.decide(index, "navigation", phrase.rule)
        return "list:pages"
    label = phrase is not None and phrase.role == "tags" and phrase.match == "exact"
    if index > draft.first and (role == "tags" or label):
        page.decide(index, "tags", rule or (phrase.rule if phrase else "list:topics"))
        return "list:topics"
    initials = rule == "split:desk-initials" and "/" in page.string(index)
    return "list:topics-in-lower-case" if initials else ""


def _is_item(page: Units, index: int, described: Description, opened: str) -> bool:
    """Tell whether a unit is one of the list that was opened above it."""
    text = page.string(index)
    if opened == "list:pages":
        return text.isdigit()
    if opened == "list:trending":
        ranked = page.size(index) < LIST_ITEM_LENGTH and page.string(index - 1).isdigit()
        return text[0] == "#" or text.isdigit() or ranked
    return _is_topic(text, described, opened)


def _is_topic(text: str, described: Description, opened: str) -> bool:
    if len(text) >= LIST_ITEM_LENGTH or len(text.split()) > TOPIC_WORDS or not any(c.isalpha() for c in text):
        return False
    if opened == "list:topics":
        return described.phrase is None and text[-1] not in '.?!:"'
    return text == text.lower() and text[0].isalpha()


def joined(draft: Draft) -> None:
    """Find phrases that links have broken over lines, `Simak` / `breaking news`, and give their sentence one role."""
    page = draft.units
    for index, size in enumerate(draft.sizes[:-1]):
        if size > LONE_WORD or page.roles[index]:
            continue
        text = normal(page.string(index))
        if text not in _broken():
            continue
        line = " ".join(normal(page.string(i)) for i in range(index, min(index + BROKEN_PHRASE, len(page))))
        phrase = next((p for p in _broken()[text] if line.startswith(p.text)), None)
        if phrase is None or phrase.role != "promotion":
            continue
        for i in range(index, min(index + BROKEN_SENTENCE, len(page))):
            page.decide(i, phrase.role, phrase.rule)
            if page.text[page.ends[i] - 1] in ".!":
                break


@cache
def _broken() -> dict[str, list[Phrase]]:
    """Return the sure phrases of several words under their first word."""
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases():
        if phrase.sure and phrase.match == "prefix" and " " in phrase.text:
            found.setdefault(phrase.text.split()[0], []).append(phrase)
    return found
