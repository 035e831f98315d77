"""Decides units whose own words say what they are: sure phrases, lone marks, closing brackets, stamps, calls."""

from __future__ import annotations

import re
from functools import cache

from kliping.annotation.roles.codes import PLAIN, SHAPE, WHAT, What
from kliping.annotation.roles.cuts import CLOSING, closing_role
from kliping.annotation.roles.draft import Draft
from kliping.annotation.roles.features import Description
from kliping.annotation.roles.phrasing import LABEL_WITHIN, normal
from kliping.annotation.roles.stamps import CLOCK, STAMP
from kliping.annotation.roles.vocabulary import DOMAIN, Phrase, agencies, words
from kliping.knowledge import domain_ending

CALL_LENGTH, CALL_OPENING, CALL_WORDS = 500, 80, 5
"""A longer line calls nobody to follow; a call has its word among the first so many, within so many code points."""
SURE_LENGTH = 60
"""A shorter line that begins as a label does is no sentence of an article."""
CAPTION_LENGTH = 320
"""A caption with its credit is no longer than this, in code points: behind a longer line's credit there is text."""
REPORT_LENGTH = 90
"""`Laporan: Rukmini` above the body is shorter than this, in code points."""
NEAR_BODY = 4
"""A day without a clock time dates the article so many units above the body at most."""
STAMP_SIGNS = "-–—|•·,/ "
"""What a page puts between its outlet, or an author, and the stamp; crawlers break the line before it."""
NEAR_TEXT, NEAR_END = 2, 2
"""Closing brackets stand so many units below the last paragraph, or among so many units at the end of the page."""

_MARK = re.compile(r"[*#=_~.\-–—()\[\]]{2,60}|\*|Â{1,60}|â{1,60}")
_SPECIAL = re.compile(r"[*#=_~\[\]]|--|\.\.\.|Â|â|––|——")
_WORDY = re.compile(r"[^\W_Ââ]")
TWEET_DATE = re.compile(r"[A-Z][a-z]{2,8} \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4}")
"""The date of a tweet, in English or in Indonesian; it is a link, so that crawlers break the line before it."""
_TWEET = re.compile(rf".{{0,400}}— .{{2,60}} \(@\w{{2,20}}\)(?: (?:{TWEET_DATE.pattern}))?")
_NAMED = re.compile(r"([A-Z][\w.' ]{2,40}?) ?\(([^()]{2,60})\)")
_TAKEN_FROM = re.compile(
    r"(?:Menurut|Dari|Berdasarkan|Mengutip|Disadur|Dikutip|Dilansir|Diolah|Sumber)\b", re.IGNORECASE
)
"""How brackets behind a name say that it retold what others had reported."""
_AGENCY_LINE = re.compile(r"[-(\[ ]{0,4}([\w/|, ]{2,60}?)[)\] .]{0,4}")
_CAPITAL_NAMES = re.compile(
    r"[A-Z][A-Z.'’]{1,20}(?: [A-Z][A-Z.'’]{0,20}){1,3}(?: ?[|,] ?[A-Z][A-Z.'’]{1,20}(?: [A-Z][A-Z.'’]{0,20}){0,3}){0,3}"
)

_NAME = r"[A-Z][\w.'’]{1,20}(?: [A-Z][\w.'’]{0,20}){0,3}"
"""A name of up to four words."""
Decision = tuple[str, str] | None
"""A role and the rule that decided it; None where the unit's words alone do not tell."""


def is_sure(phrase: Phrase, text: str) -> bool:
    """Tell whether the phrase alone decides the unit: a sentence of an article may begin with the same words.

    >>> from kliping.annotation.roles.vocabulary import phrases
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
    return after[:1] == ":" or phrase.text[-1] in ":(" or text[-1] not in '."”' or len(text) < SURE_LENGTH


@cache
def _medium() -> str:
    """Return a pattern of who a photo is from, up to its slash: `kabarlembah.com/`, `ANTARA FOTO/`, `Shutterstock/`."""
    sellers = "|".join(sorted(words().picture_sellers))
    domain = rf"(?:[A-Za-z0-9-]{{2,30}}\.){{1,3}}(?:{domain_ending()})"
    return rf"(?:{domain}|(?i:{sellers})(?: (?i:fotos?|photos?|images))?) ?/ ?"


@cache
def credit() -> re.Pattern[str]:
    """Return what a photo's credit looks like on a line of its own: `ANTARA FOTO/Rukmini Tani`."""
    return re.compile(rf"{_medium()}{_NAME}")


@cache
def _credit_first() -> re.Pattern[str]:
    """Return how a line begins whose lost line break has glued a photo's caption to its credit.

    A capital follows the last name at once (`RUKMINIPedagang`, `TaniPedagang`), or goes on behind a blank.
    """
    return re.compile(rf"{_medium()}[A-Z][\w.' ]{{2,40}} ?[A-Z]")


_MEDIA_TITLE = re.compile(r"\[?(?:FOTO|VIDEO|INFOGRAFIS|LIVE|POPULER|OPINI)\]? ?[:|] ?(?=[A-Z])(?!.{0,120}[)\].]$)")
"""How a title begins that tells the medium of its news: `FOTO: Panen Raya`; a credit or a sentence ends otherwise."""


def decide_alone(draft: Draft) -> None:
    """Decide every open unit that its own words and its side of the body tell."""
    page, sizes = draft.units, draft.sizes
    for index, described in enumerate(draft.described):
        codes = described.codes
        silent = codes[SHAPE] == PLAIN and sizes[index] > CALL_LENGTH and not codes[WHAT] & What.SLASH_NAME
        if not silent and not page.roles[index] and (decision := _decide(draft, index, described)):
            page.decide(index, *decision)
    if "shape:stamp" in page.rules:
        _only_stamp(draft)
    draft.loose = any(
        described.codes[SHAPE] != PLAIN and not role
        for described, role in zip(draft.described, page.roles, strict=True)
    )


def _decide(draft: Draft, index: int, described: Description) -> Decision:
    phrase = described.phrase
    if described.codes[WHAT] & What.SLASH_NAME and (credited := _credited(draft, index)):
        return credited
    if described.codes[SHAPE] == PLAIN and (phrase is None or not phrase.sure):
        return _call(draft.units.string(index))
    text = draft.units.string(index)
    if index == 0 and index < draft.first and _MEDIA_TITLE.match(text) and draft.is_titled(index):
        return "headline", "shape:media-title"
    if not _WORDY.search(text):
        return ("mark", "shape:mark") if _MARK.fullmatch(text) and _SPECIAL.search(text) else None
    if phrase is not None and is_sure(phrase, text):
        return phrase.role, phrase.rule
    return (
        _call(text)
        or _tweet(text)
        or _above_body(draft, index, text, phrase)
        or _closing(draft, index, text)
        or _below_body(draft, index, text, phrase)
        or _stamp(draft, index, text)
    )


def _credited(draft: Draft, index: int) -> Decision:
    """Decide a line that opens with a photo's credit; alone below the text, `Antara/Rukmini` is where that is from."""
    if draft.sizes[index] > CAPTION_LENGTH:
        return None
    text = draft.units.string(index)
    alone = index < draft.last and credit().fullmatch(text)
    return ("caption", "shape:credit-first") if alone or _credit_first().match(text) else None


def _call(text: str) -> Decision:
    """Decide a call to the reader to follow the outlet on a channel."""
    knowledge = words()
    opening = text[:CALL_OPENING].casefold().replace("(", " ").replace("-", " ").split(None, CALL_WORDS)[:CALL_WORDS]
    if len(text) > CALL_LENGTH or knowledge.calls.isdisjoint(opening):
        return None
    lowered = text.casefold().replace("\u00a0", " ")
    inviting = ("yuk " in lowered or "ayo " in lowered) and bool(DOMAIN.search(text))
    calls = inviting or any(channel in lowered for channel in knowledge.channels)
    return ("promotion", "shape:call-to-follow") if calls else None


def _tweet(text: str) -> Decision:
    return ("embed", "shape:tweet") if "(@" in text and _TWEET.fullmatch(text) else None


def _above_body(draft: Draft, index: int, text: str, phrase: Phrase | None) -> Decision:
    """Decide who reports, which the body's own sentences say too: `Laporan: Rukmini`."""
    above = index < draft.first < len(draft.units)
    reports = phrase is not None and phrase.text == "laporan" and len(text) < REPORT_LENGTH
    return ("byline", phrase.rule) if above and reports and phrase else None


def _closing(draft: Draft, index: int, text: str) -> Decision:
    """Decide a line of closing brackets: near the end of the body, and desk initials with a slash anywhere in it."""
    closing = CLOSING.fullmatch(text) if text[0] in "([" else None
    if not closing:
        return None
    role, rule = closing_role(closing.group(1) or closing.group(2))
    if rule == "split:desk-initials" and index > draft.first and "/" in text:
        return role, rule
    below = index > draft.last >= 0
    near = index - draft.last <= NEAR_TEXT or index >= len(draft.units) - NEAR_END
    return (role, rule) if role and below and near else None


def _below_body(draft: Draft, index: int, text: str, phrase: Phrase | None) -> Decision:
    """Decide the line right below the last paragraph: agencies, a translator with agencies, a name in capitals."""
    if draft.last < 0 or index != draft.last + 1:
        return None
    if text[-1] == ")" and _retold(text):
        return "byline", "shape:translated"
    if _agencies(text):
        return "source", "shape:agency"
    if _CAPITAL_NAMES.fullmatch(text) and normal(text) not in words().menu and phrase is None:
        return "byline", "shape:capital-name"
    return None


def _stamp(draft: Draft, index: int, text: str) -> Decision:
    """Decide a stamp above the body; far above it a day without a clock time is the reader's, as menus give it."""
    above = index < draft.first < len(draft.units)
    if not above or not (CLOCK.search(text) or draft.first - index <= NEAR_BODY):
        return None
    return ("timestamp", "shape:stamp") if STAMP.fullmatch(text.lstrip(STAMP_SIGNS)) else None


def _only_stamp(draft: Draft) -> None:
    """Take the stamps back where several stand before the body: they date other articles, and the model decides.

    Beside one with a clock time a day is the reader's. Two that follow each other are the publication and a change.
    """
    page = draft.units
    stamps = [i for i in range(min(draft.first, len(page))) if page.rules[i] == "shape:stamp"]
    timed = [i for i in stamps if CLOCK.search(page.string(i))]
    for i in stamps if timed else ():
        if i not in timed and i + 1 not in timed and i - 1 not in timed:
            page.reopen(i)
    stamps = timed or stamps
    together = len(stamps) == 2 and stamps[1] - stamps[0] == 1
    if len({page.string(i) for i in stamps}) > 1 and not together:
        for i in stamps:
            page.reopen(i)


def _retold(text: str) -> bool:
    """Tell whether a line is a name with its sources: `Rukmini (Dari berbagai sumber)`, `Wira (AFP, AP)`."""
    named = _NAMED.fullmatch(text)
    return named is not None and (_TAKEN_FROM.match(named.group(2)) is not None or _agencies(named.group(2)))


def _agencies(text: str) -> bool:
    """Tell whether a line names agencies and nothing else, or agencies and names between bars."""
    match = _AGENCY_LINE.fullmatch(text)
    if not match:
        return False
    parts = [part.strip().casefold() for part in re.split(r"[/|,]", match.group(1)) if part.strip()]
    known = sum(part in agencies() for part in parts)
    return known == len(parts) or (known > 0 and "|" in text)
