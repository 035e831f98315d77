"""Describes every unit by small integer codes of its own text: what it says and what shape it has.

A code belongs to a template (`phrase`, `length`, `ending` ...). The model holds one row of weights per code of each
template, so that a unit's score for a role is a plain sum. No word of a page is a code: what a unit says enters only
through the phrases and word lists under `knowledge/`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from kliping.annotation.roles.knowledge import DOMAIN, Phrase, phrases, spaced, words
from kliping.knowledge import any_of, calendar
from kliping.model import ROLES

ROLE_CODES = {role: code for code, role in enumerate(ROLES)}

LENGTHS = (2, 4, 8, 16, 26, 41, 61, 81, 111, 161, 301)
"""Edges of the length buckets, in code points: shape, not fitted; each about half as long again as the one before."""
COUNTS = (1, 2, 3, 5, 8, 12, 18, 30)
"""Edges of the buckets for numbers of words and distances in units."""
HEAD, TAIL = 110, 60
"""Of a unit of PLAIN_LENGTH or more its first HEAD and its last TAIL code points are read."""
EXACT_WITHIN, SUFFIX_WITHIN, CONTAINS_WITHIN = 60, 160, 160
"""Units longer than these are not searched for phrases that are a whole line, its end, or anywhere in it."""
LABEL_WITHIN = 400
"""A longer unit is no label, pointer or note, whatever it begins with."""
KEPT_HEAD = 60
KEY = 3
"""Phrases that begin a line are filed under their first letters."""
PLAIN_LENGTH = 110
"""A line at least so long that ends as a sentence is taken for a plain paragraph unless a phrase speaks against it."""

SHAPES = (
    "none",
    "plain",
    "sentence",
    "quote",
    "title",
    "few-words",
    "fragment",
    "numbered",
    "colon",
    "date",
    "number",
    "sign",
    "menu",
    "phrase-related",
    "phrase-furniture",
    "phrase-metadata",
    "caption-like",
    "long-open",
    "name",
    "decided",
    "capitals",
    "announcement",
    "teaser",
)
SHAPE_CODES = {name: code for code, name in enumerate(SHAPES)}

COLON = 3
"""The code of `ending` for a colon."""
OPEN_ENDINGS = (4, 10)
"""The codes of `ending` for a comma or semicolon, and for what is no sign at all."""
CASES, MOSTLY_CAPITALISED = 8, 3
"""How many codes of `case` a level of capitals has, and the level from which on most words have one."""
LOWER_CASE = 1
"""The code of `start` for a small letter."""
GOING_ON = (LOWER_CASE, 11)
"""The codes of `start` with which a sentence goes on: a small letter, or a sign that follows a word."""

_ENDINGS = {
    ".": 1,
    "?": 2,
    "!": 2,
    ":": 3,
    ",": 4,
    ")": 5,
    "]": 5,
    "…": 6,
    '"': 7,
    "”": 7,
    "'": 7,
    "’": 7,
    ";": 4,
    "-": 8,
    "–": 8,
    "—": 8,
    "(": 9,
}
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
_METADATA = frozenset({"byline", "source", "copyright", "tags", "timestamp"})
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_ORNAMENTS = " \u00a0\u200b»›>«•·*|"


class _Index:
    """The phrases, by where in a line they are looked for."""

    def __init__(self, entries: Sequence[Phrase]) -> None:
        self.exact = {p.text: p for p in entries if p.match == "exact"}
        self.prefix: dict[str, list[Phrase]] = {}
        for p in sorted(entries, key=lambda p: -len(p.text)):
            if p.match == "prefix":
                self.prefix.setdefault(p.text[:KEY], []).append(p)
        self.keys = sorted({len(key) for key in self.prefix}, reverse=True)
        self.suffix = [p for p in entries if p.match == "suffix"]
        self.endings = tuple([p.text for p in self.suffix])
        self.contains = [(p.text, p) for p in entries if p.match == "contains"]


@cache
def _index() -> _Index:
    return _Index(phrases())


def normal(text: str) -> str:
    """Return the text as phrases are compared: lower case, single spaces, without ornaments around it."""
    return " ".join(text.split()).strip(" \u200b»›>«•·*|:.").casefold()


def find_phrase(text: str) -> Phrase | None:
    """Return the phrase that speaks in a unit: the whole of it, its beginning, its end, or inside where it is short.

    A sure phrase goes before others, a longer beginning before a shorter one.
    """
    if len(text) > CONTAINS_WITHIN:
        return _beginning(text[:KEPT_HEAD].casefold().lstrip(_ORNAMENTS))
    index = _index()
    lowered = " ".join(text.casefold().split()).strip(_ORNAMENTS)
    if len(lowered) <= EXACT_WITHIN:
        found = index.exact.get(lowered.rstrip(" :.")) or index.exact.get(lowered)
        if found:
            return found
    best = _beginning(lowered)
    if best is not None and best.sure:
        return best
    for inside, phrase in index.contains:
        if inside in lowered and (phrase.sure or best is None):
            if phrase.sure:
                return phrase
            best = phrase
    if best is None and len(lowered) <= SUFFIX_WITHIN:
        bare = lowered.rstrip(" :.")
        if bare.endswith(index.endings):
            best = next(phrase for phrase in index.suffix if bare.endswith(phrase.text))
    return best


def _beginning(lowered: str) -> Phrase | None:
    """Return the phrase that begins the text, a sure one if there is any."""
    index = _index()
    best: Phrase | None = None
    for size in index.keys:
        for phrase in index.prefix.get(lowered[:size], ()):
            end = len(phrase.text)
            if lowered.startswith(phrase.text) and not (phrase.text[-1].isalnum() and lowered[end : end + 1].isalnum()):
                if phrase.sure:
                    return phrase
                best = best or phrase
    return best


_FIRST_SIGNS = {
    '"': 4,
    "“": 4,
    "”": 4,
    "'": 4,
    "‘": 4,
    "?": 4,
    "-": 5,
    "•": 5,
    "–": 5,
    "—": 5,
    "*": 5,
    "·": 5,
    "#": 6,
    "(": 7,
    "[": 8,
    "|": 9,
    "/": 9,
    ">": 9,
    "»": 9,
    "+": 9,
    "@": 10,
    ",": 11,
    ".": 11,
    ")": 11,
    ";": 11,
    ":": 11,
}


def _start(text: str) -> int:
    first = text[0]
    if first.islower():
        return 1
    if first.isalpha():
        return 2
    if first.isdigit():
        return 3 if _NUMBERED.match(text) else 12
    return _FIRST_SIGNS.get(first, 13)


def _holds(pattern: re.Pattern[str], text: str, *signs: str) -> bool:
    """Tell whether a pattern, one of whose signs stands in all that it matches, matches somewhere in the text."""
    for sign in signs:
        if sign in text:
            return pattern.search(text) is not None
    return False


def _when(text: str, tokens: list[str]) -> int:
    """Return the bits of `when` that words tell, and for a text with digits those of dates, times and counters."""
    knowledge = words()
    when = 0
    if _DIGIT.search(text):
        when |= 1 * (not knowledge.months.isdisjoint(tokens) or _holds(_DATE, text, "/", "-"))
        when |= 2 * _holds(_TIME, text, ":", ".")
        when |= 8 * _holds(_YEAR, text, "19", "20")
        when |= 32 * (_COUNTER.search(text) is not None)
    when |= 4 * (not knowledge.weekdays.isdisjoint(tokens[:4]))
    when |= 16 * (not _ZONES.isdisjoint(tokens))
    when |= 64 * (_LETTER.search(text) is None)
    when |= 128 * (not knowledge.ages.isdisjoint(tokens[-1:]))
    return when


def _what(text: str, lowered: str, tokens: list[str]) -> int:
    knowledge = words()
    what = 64 * ("©" in text or _CREDIT_FIRST.match(text) is not None)
    what |= 1 * (not knowledge.photo.isdisjoint(tokens))
    what |= 8 * ("|" in text)
    what |= 32 * ("http" in lowered or "www." in lowered or "@" in text)
    what |= 128 * (not knowledge.attribution.isdisjoint(tokens))
    what |= 2 * _holds(_SLASH_NAME, text, "/")
    what |= 4 * _holds(_SIDES, lowered, "(")
    if "." in text[:-1]:
        what |= 16 * (DOMAIN.search(text) is not None)
    what |= 256 * _holds(_CREDIT_LAST, text[-80:], "/", "|", "-", "–")
    return what


def _case(tokens: list[str]) -> tuple[int, int]:
    """Return a code for how many words are capitalised, and the share of capitalised words in tenths."""
    letters = [t for t in tokens if t[0].isalpha()]
    if not letters:
        return 0, 0
    capital = len([t for t in letters if t[0].isupper()]) * 10 // len(letters)
    if letters[0].isupper() and all(t.isupper() for t in letters):
        level = 5
    else:
        level = 0 if capital == 0 else 1 if capital <= 3 else 2 if capital <= 6 else 3 if capital < 10 else 4
    return 1 + level * CASES + min(bisect_right(COUNTS, len(letters)), 7), capital


def _phrase_shape(phrase: Phrase) -> str:
    if phrase.role == "related":
        return "phrase-related"
    if phrase.role == "caption":
        return "caption-like"
    return "phrase-metadata" if phrase.role in _METADATA else "phrase-furniture"


def _shape(
    text: str,
    phrase: Phrase | None,
    ending: int,
    tokens: list[str],
    capital: int,
    functions: int,
    menu: int,
    when: int,
    what: int,
) -> int:
    name = "few-words"
    size = len(text)
    if phrase is not None:
        name = _phrase_shape(phrase)
    elif when & 64:
        name = "number" if any(c.isdigit() for c in text) else "sign"
    elif text[0].islower() or text[0] in ",.;:)":
        name = "fragment"
    elif menu:
        name = "menu"
    elif text[0] in '"“‘”' and (ending in (1, 7) or what & 128):
        name = "quote"
    elif size < 45 and (when & 3 or when & 128) and when & 0xAF:
        name = "date"
    elif _NUMBERED.match(text):
        name = "numbered"
    elif ending == 3:
        name = "announcement" if functions >= 2 or tokens[0].casefold() == "berikut" else "colon"
    elif ending in (1, 2) and len(tokens) >= 4 and functions + capital < 99 and capital < 8:
        name = "sentence"
    elif what & 259 and size > 10:
        name = "caption-like"
    elif len(tokens) >= 5:
        name = "title" if capital >= 5 else "long-open"
    elif 2 <= len(tokens) <= 4 and capital == 10 and not functions and not any(c.isdigit() for c in text):
        name = "capitals" if text.isupper() else "name"
    return SHAPE_CODES[name]


UNIT_TEMPLATES = ("phrase", "length", "ending", "start", "case", "menu", "function", "when", "what", "shape")


class Description(NamedTuple):
    """What a unit's own text says: its codes in the order of UNIT_TEMPLATES, and the phrase that speaks in it."""

    codes: tuple[int, ...]
    phrase: Phrase | None


def describe_unit(text: str) -> Description:
    """Describe one unit by its own text; of a long one only the head and the tail are read."""
    return _describe(text) if len(text) < PLAIN_LENGTH else _describe_long(text)


def _ending(text: str) -> int:
    ending = _ENDINGS.get(text[-1], 10)
    if ending == 1 and text.endswith("..."):
        return 6
    if ending == 7 and len(text) > 1 and text[-2] in ".?!,":
        return 1
    return ending


def _describe_long(text: str) -> Description:
    """Describe a unit of paragraph length: what tells a caption from a paragraph is read, words are not counted."""
    size, ending, what = len(text), _ending(text), 0
    phrase = find_phrase(text) if size <= LABEL_WITHIN else None
    head = text[:HEAD]
    if "©" in head or (head[1:3].isupper() and _CREDIT_FIRST.match(text)):
        what |= 64
    if ending != 1:
        what |= _what_last(text[-TAIL:])
    if "(" in head and _SIDES.search(text, 0, 2 * HEAD):
        what |= 4
    if phrase is not None and phrase.sure:
        shape = _phrase_shape(phrase)
    elif what & 324:
        shape = "caption-like"
    elif ending in (1, 2, 7):
        shape = "plain"
    else:
        shape = "caption-like" if what & 3 else "long-open"
    described = _long(bisect_right(LENGTHS, size), ending, _start(text), what, shape)
    return described if phrase is None else Description((_phrase_code(phrase), *described.codes[1:]), phrase)


def _what_last(tail: str) -> int:
    """Return the bits of `what` that the end of a long unit tells; the first word may be half a one: it is not read."""
    tokens = tail.casefold().replace("(", " ").replace(":", " ").replace("/", " ").split()[1:]
    what = 1 * (not words().photo.isdisjoint(tokens))
    what |= 2 * _holds(_SLASH_NAME, tail, "/")
    return what | 256 * _holds(_CREDIT_LAST, tail, "/", "|", "-", "–")


def _phrase_code(phrase: Phrase | None) -> int:
    return 0 if phrase is None else 1 + 2 * ROLE_CODES[phrase.role] + phrase.sure


@lru_cache(maxsize=4096)
def _long(length: int, ending: int, start: int, what: int, shape: str) -> Description:
    """Put a long unit's codes together, of one without a phrase; most paragraphs have the same few."""
    return Description((0, length, ending, start, 0, 0, 0, 0, what, SHAPE_CODES[shape]), None)


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
    case, capital = _case(tokens)
    menu = _menu(text, folded)
    shape = _shape(text, phrase, ending, tokens, capital, functions, menu, when, what)
    codes = (
        _phrase_code(phrase),
        bisect_right(LENGTHS, len(text)),
        ending,
        _start(text),
        case,
        menu,
        min(bisect_right(COUNTS, functions), 7),
        when,
        what,
        shape,
    )
    return Description(codes, phrase)


def _menu(text: str, tokens: list[str]) -> int:
    """Return 1 for a name of menus, 2 for a few words that begin with one, 0 for other text."""
    menu = words().menu
    if len(text) <= 40 and normal(text) in menu:
        return 1
    return 2 if tokens and len(tokens) <= 3 and tokens[0] in menu else 0
