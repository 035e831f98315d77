"""Decides units whose own words say what they are: sure phrases, lone marks, closing brackets, stamps, calls."""

from __future__ import annotations

import re
from functools import cache

from kliping.annotation.roles.cuts import CLOSING, closing_role
from kliping.annotation.roles.features import LABEL_WITHIN, SHAPE_CODES, UNIT_TEMPLATES, Description, normal
from kliping.annotation.roles.knowledge import DOMAIN, Phrase, agencies, words
from kliping.annotation.roles.stamps import STAMP
from kliping.annotation.roles.units import Units
from kliping.knowledge import domain_ending

CALL_LENGTH = 500
"""A longer line calls nobody to follow."""
_MARK = re.compile(r"[*#=_~.\-–—()\[\]]{2,60}|\*|Â{1,60}|â{1,60}")
_SPECIAL = re.compile(r"[*#=_~\[\]]|--|\.\.\.|Â|â|––|——")
_WORDY = re.compile(r"[^\W_Ââ]")
_TWEET = re.compile(r".{0,400}— .{2,60} \(@\w{2,20}\)(?: \w{3,9} \d{1,2}, \d{4})?")
_TRANSLATED = re.compile(r"[A-Z][\w.' ]{2,40} \((?:Menurut|Dari|Berdasarkan|Mengutip) [^()]{2,60}\)")
_AGENCY_LINE = re.compile(r"[-(\[ ]{0,4}([\w/| ]{2,60}?)[)\] .]{0,4}")
_CAPITAL_NAMES = re.compile(
    r"[A-Z][A-Z.'’]{1,20}(?: [A-Z][A-Z.'’]{0,20}){1,3}(?: ?[|,] ?[A-Z][A-Z.'’]{1,20}(?: [A-Z][A-Z.'’]{0,20}){0,3}){0,3}"
)

_WHAT, _SHAPE = (UNIT_TEMPLATES.index(template) for template in ("what", "shape"))
_PLAIN = SHAPE_CODES["plain"]


def is_sure(phrase: Phrase, text: str) -> bool:
    """Tell whether the phrase alone decides the unit: a sentence of an article may begin with the same words.

    >>> from kliping.annotation.roles.knowledge import phrases
    >>> by_text = {p.text: p for p in phrases() if p.match == "prefix"}
    >>> is_sure(by_text["baca juga"], "Baca juga: Harga Cabai Turun")
    True
    >>> is_sure(by_text["baca juga"], "Baca juga buku-buku itu sebelum ujian dimulai, kata guru mereka kepada murid.")
    False
    """
    if not phrase.sure or len(text) > LABEL_WITHIN:
        return False
    if phrase.match == "exact" or phrase.role in ("copyright", "source", "embed", "advertisement"):
        return True
    after = text[len(phrase.text) :].lstrip()
    return after[:1] == ":" or phrase.text[-1] in ":(" or text[-1] not in '."”' or len(text) < 60


@cache
def credit() -> re.Pattern[str]:
    """Return what a photo's credit looks like that stands before its caption: `kabarlembah.com/Rukmini Tani`."""
    sellers = "|".join(sorted(words().picture_sellers)).upper()
    domain = rf"(?:[A-Za-z0-9-]{{2,30}}\.){{1,3}}(?:{domain_ending()})"
    return re.compile(rf"(?:{domain}|{sellers})/[A-Z][\w.' ]{{2,40}} ?[A-Z]")


def decide_unit(page: Units, index: int, described: Description, first: int, last: int) -> tuple[str, str]:
    """Return the role of one unit and the rule that decided it, empty where its words alone do not tell.

    `first` and `last` are the first and last plain paragraph of the page; without any, the page's length and -1.
    """
    phrase, shape = described.phrase, described.codes[_SHAPE]
    if described.codes[_WHAT] & 2 and credit().match(page.string(index)):
        return "caption", "shape:credit-first"
    if shape == _PLAIN and (phrase is None or not phrase.sure):
        return ("promotion", "shape:call-to-follow") if _calls(page.string(index)) else ("", "")
    text = page.string(index)
    if not _WORDY.search(text):
        return ("mark", "shape:mark") if _MARK.fullmatch(text) and _SPECIAL.search(text) else ("", "")
    if phrase is not None and is_sure(phrase, text):
        return phrase.role, phrase.rule
    if _calls(text):
        return "promotion", "shape:call-to-follow"
    if "(@" in text and _TWEET.fullmatch(text):
        return "embed", "shape:tweet"
    if index < first < len(page) and phrase is not None and phrase.text == "laporan" and len(text) < 90:
        return "byline", phrase.rule
    if text[0] in "([" and (closing := CLOSING.fullmatch(text)):
        role, rule = closing_role(closing.group(1) or closing.group(2))
        if rule == "split:desk-initials" and index > first and "/" in text:
            return role, rule
        if role and index > last >= 0 and (index - last <= 2 or index >= len(page) - 2):
            return role, rule
    if last >= 0 and index == last + 1:
        if _TRANSLATED.fullmatch(text):
            return "byline", "shape:translated"
        if _agencies(text):
            return "source", "shape:agency"
        if _CAPITAL_NAMES.fullmatch(text) and normal(text) not in words().menu and phrase is None:
            return "byline", "shape:capital-name"
    if index < first < len(page) and STAMP.fullmatch(text):
        return "timestamp", "shape:stamp"
    return "", ""


def _calls(text: str) -> bool:
    """Tell whether the unit calls the reader to follow the outlet on a channel."""
    knowledge = words()
    opening = text[:80].casefold().replace("(", " ").replace("-", " ").split(None, 5)[:5]
    if len(text) > CALL_LENGTH or knowledge.calls.isdisjoint(opening):
        return False
    lowered = text.casefold().replace("\u00a0", " ")
    inviting = ("yuk " in lowered or "ayo " in lowered) and bool(DOMAIN.search(text))
    return inviting or any(channel in lowered for channel in knowledge.channels)


def _agencies(text: str) -> bool:
    """Tell whether a line names agencies and nothing else, or agencies and names between bars."""
    match = _AGENCY_LINE.fullmatch(text)
    if not match:
        return False
    parts = [part.strip().casefold() for part in re.split(r"[/|]", match.group(1)) if part.strip()]
    known = sum(part in agencies() for part in parts)
    return known == len(parts) or (known > 0 and "|" in text)
