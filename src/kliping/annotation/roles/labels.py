"""Gives lines the role of a label beside them: the value or the list that it opens, the rest of a broken sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kliping.annotation.roles.alone import credit
from kliping.annotation.roles.features import Description, normal
from kliping.annotation.roles.knowledge import DOMAIN, Phrase, phrases, words
from kliping.annotation.roles.units import Units

LIST_ITEM_LENGTH = 60
"""A topic in a list of topics is shorter than this, in code points."""
LONE_WORD = 20
"""A line of the first word of a broken phrase is no longer than this, in code points."""
POINTER_LENGTH = 160
"""The title of another article is no longer than this, in code points."""
_TWEET_DATE = re.compile(r"[A-Z][a-z]{2,8} \d{1,2}, \d{4}")
_NAME = re.compile(r":? ?[A-Z][\w.'’]{0,20}(?: [A-Z][\w.'’]{0,20}){0,4},?")
_LISTS = {
    "list:topics": "tags",
    "list:topics-in-lower-case": "tags",
    "list:trending": "navigation",
    "list:pages": "navigation",
}


def pointed(page: Units, described: Sequence[Description], sizes: Sequence[int]) -> None:
    """Give the title on the line after a lone `Baca juga:` the label's role."""
    for index in range(1, len(page)):
        phrase = described[index - 1].phrase
        if phrase is None or phrase.role != "related" or page.roles[index] or sizes[index] > POINTER_LENGTH:
            continue
        alone = sizes[index - 1] <= len(phrase.text) + 2 and page.string(index - 1)[-1] == ":"
        if alone and page.string(index)[-1] != ".":
            page.roles[index], page.rules[index] = "related", "list:pointed"


def values(page: Units, described: list[Description]) -> None:
    """Give the value on the line after a lone label its role: `Penulis` / `: Rukmini`, `Sumber :` / `kabar.id`."""
    for index in range(1, len(page)):
        label = described[index - 1].phrase
        if page.roles[index] or label is None or label.match != "exact" or label.role not in ("byline", "source"):
            continue
        text = page.string(index)
        if label.role == "byline" and _NAME.fullmatch(text):
            page.roles[index - 1], page.rules[index - 1] = label.role, label.rule
            page.roles[index], page.rules[index] = label.role, "list:value"
        elif label.role == "source" and page.roles[index - 1] and len(text) < 40:
            page.roles[index], page.rules[index] = label.role, "list:value"


def captions(page: Units, first: int) -> None:
    """Join a photo's credit on a line of its own with the caption on the next one, above the body."""
    for index in range(min(first, len(page) - 1)):
        if (
            page.rules[index] == "shape:credit-first"
            and credit().fullmatch(page.string(index))
            and not page.roles[index + 1]
        ):
            page.roles[index + 1], page.rules[index + 1] = "caption", "list:caption"


def stamp_lines(page: Units) -> None:
    """Join what stands on a line of its own by a stamp or a tweet: `Kabar.com` / `- 5/2/2024, 10:15 WIB`, a date."""
    for index in range(1, len(page)):
        rule, text = page.rules[index], page.text[page.starts[index] : min(page.ends[index], page.starts[index] + 40)]
        if rule == "shape:stamp" and text[0] == "-" and DOMAIN.fullmatch(page.string(index - 1)):
            page.roles[index - 1], page.rules[index - 1] = "timestamp", "list:stamp"
        elif page.rules[index - 1] == "shape:tweet" and not page.roles[index] and _TWEET_DATE.fullmatch(text):
            page.roles[index], page.rules[index] = "embed", "list:tweet"


def foreign(page: Units) -> None:
    """Turn a closing byline of another outlet into a source: the dateline names another one."""
    dateline = "".join(normal(page.string(i)) for i in range(len(page)) if page.roles[i] == "dateline")
    for index in range(len(page)):
        domain = DOMAIN.search(page.string(index).casefold()) if page.rules[index] == "split:closing-byline" else None
        if dateline and domain and domain[1] not in dateline.replace(" ", ""):
            page.roles[index], page.rules[index] = "source", "split:closing-outlet"


def rights(page: Units) -> None:
    """Join a copyright notice that links have broken over lines, up to `All rights reserved` or over an open end."""
    for index in range(len(page) - 1):
        if page.roles[index] != "copyright":
            continue
        near = range(index + 1, min(index + 4, len(page)))
        end = next((i for i in near if "rights reserved" in page.string(i).casefold()), 0)
        if not end and page.string(index)[-1] in "-–(":
            end = index + 1
        for i in range(index + 1, end + 1):
            page.roles[i], page.rules[i] = "copyright", "list:rights"


def lists(page: Units, described: list[Description], first: int) -> None:
    """Give a list's items the role of what opens it: topics after `Tags:`, or in lower case after desk initials."""
    opened = ""
    for index in range(len(page)):
        rule, role = page.rules[index], page.roles[index]
        phrase = described[index].phrase
        if not opened and phrase is None and not rule:
            continue
        text = page.string(index)
        if phrase is not None and role == "navigation" and phrase.text in words().topic_bars:
            opened = "list:trending"
        elif phrase is not None and phrase.text == "halaman" and phrase.match == "exact":
            page.roles[index], page.rules[index] = "navigation", phrase.rule
            opened = "list:pages"
        elif index > first and (
            role == "tags" or (phrase is not None and phrase.role == "tags" and phrase.match == "exact")
        ):
            page.roles[index], page.rules[index] = "tags", rule or (phrase.rule if phrase else "list:topics")
            opened = "list:topics"
        elif rule == "split:desk-initials" and "/" in text:
            opened = "list:topics-in-lower-case"
        elif role or not opened:
            opened = ""
        elif _is_topic(text, described[index], opened) or _is_ranked(page, index, opened):
            page.roles[index], page.rules[index] = _LISTS[opened], opened
        else:
            opened = ""


def _is_ranked(page: Units, index: int, opened: str) -> bool:
    """Tell whether a short line follows its rank in the site's bar of topics."""
    short = page.ends[index] - page.starts[index] < LIST_ITEM_LENGTH
    return short and opened == "list:trending" and page.string(index - 1).isdigit()


def _is_topic(text: str, described: Description, opened: str) -> bool:
    if opened == "list:pages":
        return text.isdigit() or text in ("...", "…")
    if opened == "list:trending":
        return text[0] == "#" or text.isdigit()
    if len(text) >= LIST_ITEM_LENGTH or len(text.split()) > 7 or not any(c.isalpha() for c in text):
        return False
    if opened == "list:topics":
        return described.phrase is None and text[-1] not in '.?!:"'
    return text == text.lower() and text[0].isalpha()


def joined(page: Units, sizes: Sequence[int]) -> None:
    """Find phrases that links have broken over lines, `Simak` / `breaking news`, and give their sentence one role."""
    for index, size in enumerate(sizes[:-1]):
        if size > LONE_WORD or page.roles[index]:
            continue
        text = normal(page.string(index))
        if text not in _broken():
            continue
        joined = " ".join(normal(page.string(i)) for i in range(index, min(index + 4, len(page))))
        phrase = next((p for p in _broken()[text] if joined.startswith(p.text)), None)
        if phrase is None or phrase.role != "promotion":
            continue
        for i in range(index, min(index + 8, len(page))):
            page.roles[i], page.rules[i] = phrase.role, phrase.rule
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
