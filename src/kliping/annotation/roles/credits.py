"""Decides what credits and stamps tell of their lines and of those beside them: captions, outlets, dates of tweets."""

from __future__ import annotations

import re
from functools import cache

from kliping.annotation.roles.alone import CAPTION_LENGTH, STAMP_SIGNS, TWEET_DATE, credit
from kliping.annotation.roles.draft import Draft
from kliping.annotation.roles.persons import is_person
from kliping.annotation.roles.phrasing import normal
from kliping.annotation.roles.vocabulary import DOMAIN, words

CREDIT_LENGTH, CREDIT_WORDS, ABOVE_BODY = 60, 7, 6
"""A credit before its caption is no longer than this, in code points, and has so many words at most; a caption stands
so many units above the body at most."""
CAPTION_PIECES = 3
"""A caption with its credit is cut into no more pieces."""
GLUED_CAPTION_LENGTH = 160
"""A longer line that opens with a glued caption goes on with text."""
STAMP_READ = 40
"""Of a line beside a stamp or a tweet so many code points are read."""


def credited(draft: Draft) -> None:
    """Find captions in and above the body whose credit tells: it closes their line, or is glued to an `Ilustrasi`."""
    page = draft.units
    for index in range(max(0, draft.first - ABOVE_BODY), draft.last):
        last = _credit_end(draft, index) if not page.roles[index] else -1
        for piece in range(index, last + 1):
            page.decide(piece, "caption", "shape:credit-last")


def _credit_end(draft: Draft, index: int) -> int:
    """Return the piece of the line that ends a caption with its credit, -1 where none does.

    A credit may have been cut off as the second piece of a line, and a title off the caption of one behind a bar.
    """
    page = draft.units
    for last in range(index, min(index + CAPTION_PIECES, len(page))):
        text = page.text[page.starts[index] : page.ends[last]]
        joined = last == index or (page.blanks[last] == -1 and page.roles[last] in ("", "caption"))
        if not joined or len(text) > CAPTION_LENGTH:
            return -1
        whole = page.blanks[index] != -1 and (last + 1 == len(page) or page.blanks[last + 1] != -1)
        if _is_barred(text) or (_has_credit(text) and (last == index or (whole and last == index + 1))):
            return last
    return -1


def _is_barred(text: str) -> bool:
    """Tell whether a credit behind a bar ends the text: `Pasar induk di Kupang | KabarLembah.com/Rukmini`."""
    told, _, name = text.rpartition("|")
    return told != "" and credit().fullmatch(name.strip()) is not None


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

    `Kabar.com` / `- 5/2/2024, 10:15 WIB`; `— Rukmini Tani (@rukmini)` / `February 5, 2024`. A full name alone right
    above or below the stamp is the writer's.
    """
    page = draft.units
    if "shape:stamp" not in page.rules and "shape:tweet" not in page.rules:
        return
    for index in range(draft.first if draft.first < len(page) else 0):
        beside = {page.rules[i] for i in (index - 1, index + 1) if 0 <= i < draft.first}
        if "shape:stamp" in beside and not page.roles[index] and is_person(page.string(index)):
            page.decide(index, "byline", "list:name-and-stamp")
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
        if dateline and domain and domain.group().split(".")[0].casefold() not in dateline.replace(" ", ""):
            page.decide(index, "source", "split:closing-outlet")
