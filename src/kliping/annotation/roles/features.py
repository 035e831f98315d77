"""Describes every unit by small integer codes of its own text: what it says and what shape it has.

A code belongs to a template (`phrase`, `length`, `ending` ...; `codes` names them). The model holds one row of weights
per code of each template, so that a unit's score for a role is a plain sum. No word of a page is a code: what a unit
says enters only through the phrases and word lists under `knowledge/`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from kliping.annotation.roles.codes import (
    COUNTS,
    LENGTHS,
    MOST_WORDS,
    ROLE_CODES,
    SHAPE_CODES,
    Case,
    Ending,
    Menu,
    Start,
    What,
    When,
)
from kliping.annotation.roles.phrasing import LABEL_WITHIN, find_phrase, normal
from kliping.annotation.roles.vocabulary import DOMAIN, Phrase, spaced, words
from kliping.knowledge import any_of, calendar
from kliping.model import ROLE_GROUPS

HEAD, TAIL = 110, 60
"""Of a unit of PLAIN_LENGTH or more its first HEAD and its last TAIL code points are read."""
PLAIN_LENGTH = 110
"""A line at least so long that ends as a sentence is taken for a plain paragraph unless a phrase speaks against it."""
CREDIT_TAIL = 80
"""A credit closes a short unit within so many code points of its end."""
WEEKDAY_WITHIN = 4
"""A stamp names the weekday among its first words."""
MENU_LENGTH, MENU_WORDS = 40, 3
"""A name of menus is no longer than this, in code points; a few words that begin with one are so many at most."""
DATE_LENGTH = 45
"""A unit that is a date is shorter than this, in code points."""
CREDIT_LENGTH = 10
"""A unit with a sign of credits is a caption if it is longer than this, in code points."""
SENTENCE_WORDS, SENTENCE_CAPITALS = 4, 8
"""A sentence has so many words at least, and fewer tenths of them have a capital."""
TITLE_WORDS, TITLE_CAPITALS = 5, 5
"""A line of so many words is a title where so many tenths of them have a capital, else a sentence without an end."""
NAME_WORDS = range(2, 5)
"""A name has so many words, all of them with a capital."""
ANNOUNCING_WORDS = 2
"""A colon after so many function words ends a sentence that announces something; after fewer, a label."""

_ENDINGS = {
    sign: code
    for signs, code in (
        (".", Ending.STOP),
        ("?!", Ending.ASKED),
        (":", Ending.COLON),
        (",;", Ending.COMMA),
        (")]", Ending.BRACKET),
        ("…", Ending.ELLIPSIS),
        ("\"”'’", Ending.QUOTE),
        ("-–—", Ending.DASH),
        ("(", Ending.OPENED),
    )
    for sign in signs
}
_STARTS = {
    sign: code
    for signs, code in (
        ("\"“”'‘?", Start.QUOTE),
        ("-•–—*·", Start.DASH),
        ("#", Start.HASH),
        ("(", Start.BRACKET),
        ("[", Start.SQUARE),
        ("|/>»+", Start.BAR),
        ("@", Start.AT),
        (",.);:", Start.SIGN),
    )
    for sign in signs
}
_QUOTES = '"“‘”'
_SENTENCE_ENDS = (Ending.STOP, Ending.ASKED)
_PARAGRAPH_ENDS = (*_SENTENCE_ENDS, Ending.QUOTE)

_NUMBERED = re.compile(r"(?:\d{1,3}|[A-Za-z])[.)]\s?\S")
_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
_DATE = re.compile(r"\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_SLASH_NAME = re.compile(r"[\w.)]\s?/\s?[A-Z]")
_SIDES = re.compile(rf"\((?:{any_of(spaced('sides'))})\b")
_CREDIT_FIRST = re.compile(
    r"(?=[A-Z.]{0,8}[AIUEO])[A-Z.]{4,20} (?=[A-Z.]{0,8}[AIUEO])[A-Z.]{3,20} (?:[A-Z.]{2,20} ){0,2}(?=[A-Z][a-z])"
)
_CREDIT_LAST = re.compile(r"(?:[A-Za-z.]{2,20}/[A-Z][\w.' ]{2,30}|\| ?[A-Z][\w. /]{2,40}|[-–] ?[A-Z]{4,20})\)?$")
_COUNTER = re.compile(
    rf"\d\s?(?:k\s)?(?:{any_of(spaced('counted'))})\b|\b(?:{any_of(spaced('counting'))})\b", re.IGNORECASE
)
_TOKEN = re.compile(r"[\w'’&.-]+")
_ZONES = frozenset(zone.lower() for zone in calendar().zones)
_METADATA = frozenset(ROLE_GROUPS["metadata"])
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")


class Description(NamedTuple):
    """What a unit's own text says: its codes in the order of UNIT_TEMPLATES, and the phrase that speaks in it."""

    codes: tuple[int, ...]
    phrase: Phrase | None


def describe_unit(text: str) -> Description:
    """Describe one unit by its own text; of a long one only the head and the tail are read."""
    return _describe(text) if len(text) < PLAIN_LENGTH else _describe_long(text)


def phrase_code(phrase: Phrase | None) -> int:
    """Return the code of `phrase`: 0 for none, else its role and whether it is sure."""
    return 0 if phrase is None else 1 + 2 * ROLE_CODES[phrase.role] + phrase.sure


def _ending(text: str) -> int:
    ending = _ENDINGS.get(text[-1], Ending.BARE)
    if ending == Ending.STOP and text.endswith("..."):
        return Ending.ELLIPSIS
    if ending == Ending.QUOTE and len(text) > 1 and text[-2] in ".?!,":
        return Ending.STOP
    return ending


def _start(text: str) -> int:
    first = text[0]
    if first.islower():
        return Start.LOWER
    if first.isalpha():
        return Start.CAPITAL
    if first.isdigit():
        return Start.NUMBERED if _NUMBERED.match(text) else Start.DIGIT
    return _STARTS.get(first, Start.OTHER)


def _phrase_shape(phrase: Phrase) -> str:
    if phrase.role == "related":
        return "phrase-related"
    if phrase.role == "caption":
        return "caption-like"
    return "phrase-metadata" if phrase.role in _METADATA else "phrase-furniture"


def _holds(pattern: re.Pattern[str], text: str, *signs: str) -> bool:
    """Tell whether a pattern, one of whose signs stands in all that it matches, matches somewhere in the text."""
    for sign in signs:
        if sign in text:
            return pattern.search(text) is not None
    return False


# Long units: a paragraph or a caption.


def _describe_long(text: str) -> Description:
    """Describe a unit of paragraph length: what tells a caption from a paragraph is read, words are not counted."""
    size, ending = len(text), _ending(text)
    phrase = find_phrase(text) if size <= LABEL_WITHIN else None
    what = _what_long(text, ending)
    shape = _long_shape(phrase, what, ending)
    described = _long(bisect_right(LENGTHS, size), ending, _start(text), what, shape)
    return described if phrase is None else Description((phrase_code(phrase), *described.codes[1:]), phrase)


def _what_long(text: str, ending: int) -> int:
    what, head = 0, text[:HEAD]
    if "©" in head or (head[1:3].isupper() and _CREDIT_FIRST.match(text)):
        what |= What.CREDIT_FIRST
    if ending != Ending.STOP:
        what |= _what_last(text[-TAIL:])
    if "(" in head and _SIDES.search(text, 0, 2 * HEAD):
        what |= What.SIDES
    return what


def _what_last(tail: str) -> int:
    """Return the flags of `what` that the end of a long unit tells; its first word may be cut, and is not read."""
    tokens = tail.casefold().replace("(", " ").replace(":", " ").replace("/", " ").split()[1:]
    what = What.PHOTO_WORD * (not words().photo.isdisjoint(tokens))
    what |= What.SLASH_NAME * _holds(_SLASH_NAME, tail, "/")
    return what | What.CREDIT_LAST * _holds(_CREDIT_LAST, tail, "/", "|", "-", "–")


def _long_shape(phrase: Phrase | None, what: int, ending: int) -> str:
    if phrase is not None and phrase.sure:
        return _phrase_shape(phrase)
    if what & (What.SIDES | What.CREDIT_FIRST | What.CREDIT_LAST):
        return "caption-like"
    if ending in _PARAGRAPH_ENDS:
        return "plain"
    return "caption-like" if what & (What.PHOTO_WORD | What.SLASH_NAME) else "long-open"


@lru_cache(maxsize=4096)
def _long(length: int, ending: int, start: int, what: int, shape: str) -> Description:
    """Put a long unit's codes together, of one without a phrase; most paragraphs have the same few."""
    return Description((0, length, ending, start, 0, 0, 0, 0, what, SHAPE_CODES[shape]), None)


# Short units: every word counts.


class _Read(NamedTuple):
    """What was read of a short unit, from which its shape is told."""

    text: str
    words: list[str]
    ending: int
    capitals: int
    """Tenths of the words that have a capital."""
    functions: int
    """How many of the words are function words."""
    menu: int
    when: int
    what: int


@lru_cache(maxsize=20_000)
def _describe(text: str) -> Description:
    """Describe a short unit; menus and labels come again and again, so the answers are kept."""
    phrase = find_phrase(text)
    tokens = _TOKEN.findall(text)
    lowered = text.casefold()
    folded = "\n".join(tokens).casefold().split("\n") if tokens else []
    functions = len([t for t in folded if t in words().function])
    ending = _ending(text)
    when, what = _when(text, folded), _what(text, lowered, folded)
    case, capitals = _case(tokens)
    menu = _menu(text, folded)
    if phrase is None:
        shape = _shape(_Read(text, tokens, ending, capitals, functions, menu, when, what))
    else:
        shape = _phrase_shape(phrase)
    codes = (
        phrase_code(phrase),
        bisect_right(LENGTHS, len(text)),
        ending,
        _start(text),
        case,
        menu,
        min(bisect_right(COUNTS, functions), MOST_WORDS),
        when,
        what,
        SHAPE_CODES[shape],
    )
    return Description(codes, phrase)


def _when(text: str, tokens: list[str]) -> int:
    """Return the flags of `when` that words tell, and for a text with digits those of dates, times and counters."""
    knowledge = words()
    when = 0
    if _DIGIT.search(text):
        when |= When.DATE * (not knowledge.months.isdisjoint(tokens) or _holds(_DATE, text, "/", "-"))
        when |= When.TIME * _holds(_TIME, text, ":", ".")
        when |= When.YEAR * _holds(_YEAR, text, "19", "20")
        when |= When.COUNTER * (_COUNTER.search(text) is not None)
    when |= When.WEEKDAY * (not knowledge.weekdays.isdisjoint(tokens[:WEEKDAY_WITHIN]))
    when |= When.ZONE * (not _ZONES.isdisjoint(tokens))
    when |= When.NO_LETTERS * (_LETTER.search(text) is None)
    when |= When.AGE * (not knowledge.ages.isdisjoint(tokens[-1:]))
    return when


def _what(text: str, lowered: str, tokens: list[str]) -> int:
    knowledge = words()
    what = What.CREDIT_FIRST * ("©" in text or _CREDIT_FIRST.match(text) is not None)
    what |= What.PHOTO_WORD * (not knowledge.photo.isdisjoint(tokens))
    what |= What.BAR * ("|" in text)
    what |= What.ADDRESS * ("http" in lowered or "www." in lowered or "@" in text)
    what |= What.ATTRIBUTION * (not knowledge.attribution.isdisjoint(tokens))
    what |= What.SLASH_NAME * _holds(_SLASH_NAME, text, "/")
    what |= What.SIDES * _holds(_SIDES, lowered, "(")
    if "." in text[:-1]:
        what |= What.DOMAIN * (DOMAIN.search(text) is not None)
    what |= What.CREDIT_LAST * _holds(_CREDIT_LAST, text[-CREDIT_TAIL:], "/", "|", "-", "–")
    return what


def _case(tokens: list[str]) -> tuple[int, int]:
    """Return a code for how many words are capitalised, and the share of capitalised words in tenths."""
    letters = [t for t in tokens if t[0].isalpha()]
    if not letters:
        return 0, 0
    capitals = len([t for t in letters if t[0].isupper()]) * 10 // len(letters)
    shouted = letters[0].isupper() and all(t.isupper() for t in letters)
    level = Case.CAPITALS if shouted else bisect_right(Case.LEVELS, capitals)
    return 1 + level * Case.WORDS + min(bisect_right(COUNTS, len(letters)), MOST_WORDS), capitals


def _menu(text: str, tokens: list[str]) -> int:
    menu = words().menu
    if len(text) <= MENU_LENGTH and normal(text) in menu:
        return Menu.NAME
    return Menu.BEGINS if tokens and len(tokens) <= MENU_WORDS and tokens[0] in menu else 0


def _shape(unit: _Read) -> str:
    """Name the shape of a short unit without a phrase: signs tell before the end does, and that before the words."""
    return _shape_of_signs(unit) or _shape_of_ending(unit) or _shape_of_words(unit)


def _shape_of_signs(unit: _Read) -> str:
    """Name the shape that a unit's first sign, its digits or a known name tell, nothing where they tell none."""
    text, when = unit.text, unit.when
    if when & When.NO_LETTERS:
        return "number" if any(c.isdigit() for c in text) else "sign"
    if text[0].islower() or text[0] in ",.;:)":
        return "fragment"
    if unit.menu:
        return "menu"
    if text[0] in _QUOTES and (unit.ending in (Ending.STOP, Ending.QUOTE) or unit.what & What.ATTRIBUTION):
        return "quote"
    if len(text) < DATE_LENGTH and when & (When.DATE | When.TIME | When.AGE):
        return "date"
    return "numbered" if _NUMBERED.match(text) else ""


def _shape_of_ending(unit: _Read) -> str:
    """Name the shape that the end of a unit tells, nothing where it tells none."""
    if unit.ending == Ending.COLON:
        announces = unit.functions >= ANNOUNCING_WORDS or unit.words[0].casefold() == "berikut"
        return "announcement" if announces else "colon"
    ends = unit.ending in _SENTENCE_ENDS and len(unit.words) >= SENTENCE_WORDS
    return "sentence" if ends and unit.capitals < SENTENCE_CAPITALS else ""


def _shape_of_words(unit: _Read) -> str:
    """Name the shape that credits, the number of words and their capitals tell."""
    count = len(unit.words)
    if unit.what & (What.PHOTO_WORD | What.SLASH_NAME | What.CREDIT_LAST) and len(unit.text) > CREDIT_LENGTH:
        return "caption-like"
    if count >= TITLE_WORDS:
        return "title" if unit.capitals >= TITLE_CAPITALS else "long-open"
    named = count in NAME_WORDS and unit.capitals == 10 and not unit.functions
    if named and not any(c.isdigit() for c in unit.text):
        return "capitals" if unit.text.isupper() else "name"
    return "few-words"
