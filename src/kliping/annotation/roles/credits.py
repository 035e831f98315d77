"""Decides what credits and stamps tell of their lines and of those beside them: captions, outlets, dates of tweets."""

from __future__ import annotations

import re
from functools import cache

from kliping.annotation.roles.alone import CAPTION_LENGTH, STAMP_SIGNS, TWEET_DATE, credit
from kliping.annotation.roles.draft import Draft
from kliping.annotation.roles.phrasing import normal
from kliping.annotation.roles.vocabulary import DOMAIN, words

CREDIT_LENGTH, CREDIT_WORDS, ABOVE_BODY = 60, 7, 6
"""A credit before its caption is no longer than this, in code points, and has so many words at most; a caption stands
so many units above the body at most."""
GLUED_CAPTION_LENGTH = 160
"""A longer line that opens with a glued caption goes on with text."""
STAMP_READ = 40
"""Of a line beside a stamp or a tweet so many code points are read."""


def credited(draft: Draft) -> None:
    """Find captions in and above the body whose credit tells: it closes their line, or is glued to an `Ilustrasi`."""
    page = draft.units
    for index in range(max(0, draft.first - ABOVE_BODY), draft.last):
        last = index + _is_cut_credit(draft, index + 1)
        text = page.text[page.starts[index] : page.ends[last]]
        if not page.roles[index] and len(text) <= CAPTION_LENGTH and _has_credit(text):
            for piece in range(index, last + 1):
                page.decide(piece, "caption", "shape:credit-last")


def _is_cut_credit(draft: Draft, index: int) -> bool:
    """Tell whether a unit has been cut off the second to last piece of a short line, and is open or a caption."""
    page = draft.units
    if index >= len(page) or page.blanks[index] != -1 or page.blanks[index - 1] == -1:
        return False
    ends = index + 1 == len(page) or page.blanks[index + 1] != -1
    return ends and page.roles[index] in ("", "caption")


def _has_credit(text: str) -> bool:
    pictured, _, name = text.rpartition("Foto:")
    if pictured and 0 < len(name.split()) <= CREDIT_WORDS:
        return True
    if text.endswith(")"):
        return _picture_source().match(text, text.rfind("(")) is not None
    glued = text.find("Ilustrasi", 1, CREDIT_LENGTH)
    return glued > 0 and text[glued - 1].isalnum() and len(text) <= GLUED_CAPTION_LENGTH


@cache
def _picture_source() -> re.Pattern[str]:
    """Return what brackets begin with that name a picture's source: `(instagram/rukmini)`, `(Dok. Pemkab)`."""
    return re.compile(rf"\((?i:{'|'.join(sorted(words().picture_sources))})(?:[/:.]| by )")


def captions(draft: Draft) -> None:
    """Join a photo's credit on a line of its own with the caption on the next one, above the body.

    Where the next line is the first paragraph, the caption stood before its credit.
    """
    page = draft.units
    if "shape:credit-first" not in page.rules:
        return
    for index in range(min(draft.first, len(page)) - 1):
        alone = page.rules[index] == "shape:credit-first" and credit().fullmatch(page.string(index))
        if alone and not page.roles[index + 1] and draft.sizes[index + 1] <= CAPTION_LENGTH:
            page.decide(index + 1, "caption", "list:caption")


def stamp_lines(draft: Draft) -> None:
    """Join the outlet's name on the line before a stamp that a sign opens, and the date on the line after a tweet.

    `Kabar.com` / `- 5/2/2024, 10:15 WIB`; `— Rukmini Tani (@rukmini)` / `February 5, 2024`.
    """
    page = draft.units
    if "shape:stamp" not in page.rules and "shape:tweet" not in page.rules:
        return
    for index in range(1, len(page)):
        rule, text = page.rules[index], page.string(index)[:STAMP_READ]
        if rule == "shape:stamp" and text[0] in STAMP_SIGNS and DOMAIN.fullmatch(page.string(index - 1)):
            page.decide(index - 1, "timestamp", "list:stamp")
        elif page.rules[index - 1] == "shape:tweet" and not page.roles[index] and TWEET_DATE.fullmatch(text):
            page.decide(index, "embed", "list:tweet")


def foreign(draft: Draft) -> None:
    """Turn a closing byline of another outlet into a source: the dateline names another one."""
    page = draft.units
    if "split:closing-byline" not in page.rules:
        return
    dateline = "".join(normal(page.string(i)) for i in range(len(page)) if page.roles[i] == "dateline")
    for index in range(len(page)):
        domain = DOMAIN.search(page.string(index)) if page.rules[index] == "split:closing-byline" else None
        if dateline and domain and domain.group().split(".")[0] not in dateline.replace(" ", ""):
            page.decide(index, "source", "split:closing-outlet")
