"""Finds where a title or head ends that is glued to a sentence without a stop, by how Indonesian writes each word.

Titles capitalise words that sentences write small; heads are short; the next word is one that opens sentences, and not
one that often follows the word before it. These signs come from counts of running news (`casing.tsv`, `bigrams.bin`, by
scripts/count_casing.py), their weights from titles set before other articles' paragraphs (`borders.tsv`, by
scripts/train_borders.py): a conditional logit over all places where the title may end and over there being no title.
"""

from __future__ import annotations

import math
import re
import zlib
from array import array
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from operator import mul
from typing import NamedTuple

from kliping.annotation.roles.knowledge import words

TITLE_WITHIN, TITLE_WORDS = 420, 50
"""No more code points and words are looked at; several titles may stand one after the other."""
LIMIT = 7
"""No word speaks with more bits than this."""
IN_TITLES = 0.92
"""The share of words that titles in capitals capitalise, particles apart."""
AHEAD = 5
"""Words behind a border that tell whether a sentence follows."""

_WORD = re.compile(r"\S{1,80}")
_CORE = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_GLUED = re.compile(r"(?<=[a-z0-9?!)\]%”\"'’])(?=[A-Z\"“][a-z“\"A-Z])")
_LETTERS = re.compile(r"[^\W\d_]+")
_STOP = re.compile(r"[a-z0-9)%][.]+[\"”’')]*$|…[\"”]?$")
_STOPS = frozenset(".…\"”’')")
_OPENING_QUOTES = "\"“‘'"
_BITS = [min(4.0, max(0.0, math.log2(IN_TITLES * 100 / max(1, share)))) for share in range(101)]
_BITS_SMALL = [max(-4.0, min(0.0, math.log2((1 - IN_TITLES) * 100 / max(1, 100 - share)))) for share in range(101)]
"""Bits for a title from a word with a capital, and from one without, by the share of its capitals in sentences."""


class Casing(NamedTuple):
    """How running news writes a word inside a sentence."""

    capital: int
    """In how many of a hundred places with a capital."""
    behind_capital: int
    """The same behind a capitalised word, where the parts of names stand."""
    breaks: int
    """Bits for the first word of a sentence against a name inside it, capitalised behind a word in small letters."""
    opens: int
    """Bits for the first word of a sentence against any word of one, however they are written."""


UNKNOWN = Casing(100, 100, -1, -2)
"""A word that running news hardly knows: most are names, which go on with what is before them."""


@cache
def casing() -> dict[str, Casing]:
    """Return the statistics of each word, in lower case."""
    rows = (line.split("\t") for line in _lines("casing.tsv"))
    return {word: Casing(*map(int, numbers)) for word, *numbers in rows}


@cache
def bigrams() -> frozenset[int]:
    """Return the checksums of pairs of words that often stand together; see `pair`."""
    found = array("I", resources.files(__package__).joinpath("bigrams.bin").read_bytes())
    return frozenset(found)


def pair(first: str, second: str) -> int:
    """Return the checksum of two words in lower case."""
    return zlib.crc32(f"{first} {second}".encode())


@cache
def weights() -> tuple[float, ...]:
    """Return the weights in the order of SIGNS."""
    found = {name: float(value) for name, value in (line.split("\t") for line in _lines("borders.tsv"))}
    return tuple(found[sign] for sign in SIGNS)


def _lines(name: str) -> list[str]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


class Token(NamedTuple):
    """One word of the text with its signs."""

    start: int
    text: str
    core: str
    """In lower case, without signs around it."""
    glued: bool
    """Stands right behind the word before it, without a blank."""


class Border(NamedTuple):
    """A place in the text where a sentence may begin behind a title, and the logit of that against no title at all."""

    place: int
    logit: float


SIGNS = (
    "bias", "titled", "untitled", "opens", "breaks", "small", "glued", "restated", "again", "asked", "quoted",
    "known-pair", "unknown", "next-small", "ahead", "one-word", "two-words", "three-words", "four-words",
    "many-words", "most-words",
    "capitals", "behind-capitals", "behind-number", "next-pair", "behind-bracket", "bracket", "behind-name",
)  # fmt: skip


def title_end(text: str, start: int, end: int) -> Border | None:
    """Return the likeliest end of a title that begins text[start:end], None where none is possible before a stop."""
    found = [Border(place, sum(map(mul, weights(), signs))) for place, signs in candidates(text, start, end)]
    return max(found, key=lambda border: (border.logit, -border.place), default=None)


def logit_at(text: str, start: int, place: int, end: int) -> float:
    """Return the logit of text[start:place] being a title against a sentence that goes on, -inf where it cannot be."""
    tokens = _tokens(text, start, min(end, start + TITLE_WITHIN))
    titled = 0.0
    for number, token in enumerate(tokens):
        if token.start >= place:
            possible = token.start == place and _may_end(tokens, number)
            return sum(map(mul, weights(), _signs(tokens, number, titled))) if possible else -math.inf
        if number:
            titled += _titled(tokens[number - 1], token)
    return -math.inf


def titled(text: str, start: int, end: int) -> float:
    """Return the bits with which the words of text[start:end] speak for a title in capitals."""
    tokens = _tokens(text, start, end)
    return sum(_titled(before, token) for before, token in pairwise(tokens))


def candidates(text: str, start: int, end: int) -> list[tuple[int, list[float]]]:
    """Return every place where a title that begins text[start:end] may end, with its signs in the order of SIGNS."""
    tokens = _tokens(text, start, min(end, start + TITLE_WITHIN))
    found: list[tuple[int, list[float]]] = []
    titled = 0.0
    for number, token in enumerate(tokens):
        if _may_end(tokens, number):
            found.append((token.start, _signs(tokens, number, titled)))
        if token.text[-1] in _STOPS and _STOP.search(token.text):
            break
        if number:
            titled += _titled(tokens[number - 1], token)
    return found


def _may_end(tokens: Sequence[Token], number: int) -> bool:
    """Tell whether a title of at least one word may end before the token, and a sentence begin with it."""
    return number > 0 and (number > 1 or tokens[0].core != "") and _may_open(tokens[number - 1], tokens[number])


def _tokens(text: str, start: int, end: int) -> list[Token]:
    """Return the words up to the first stop and a few behind it, which tell the style there."""
    tokens: list[Token] = []
    last, opened = TITLE_WORDS, -1
    for match in _WORD.finditer(text, start, end):
        word, begin = match.group(), match.start()
        if word in '"“' and tokens:
            opened = begin
            continue
        cuts = (
            [] if word[1:].islower() else [at for found in _GLUED.finditer(word) if _parts(word, at := found.start())]
        )
        before = 0
        for cut in (*cuts, len(word)):
            token = _token(begin + before, word[before:cut], before > 0)
            tokens.append(token if opened < 0 else Token(opened, f'"{token.text}', token.core, token.glued))
            before, opened = cut, -1
        if last == TITLE_WORDS and word[-1] in _STOPS and _STOP.search(word):
            last = min(TITLE_WORDS, len(tokens) + AHEAD)
        if len(tokens) >= last:
            break
    return tokens


def _parts(word: str, place: int) -> bool:
    """Tell whether a blank was lost at the place: what follows is a sign or a known word, unlike in `WhatsApp`."""
    letters = _LETTERS.search(word, place)
    return not word[place - 1].isalpha() or letters is None or letters.group().lower() in casing()


def _token(start: int, text: str, glued: bool) -> Token:
    if text.isalpha():
        return Token(start, text, text.lower(), glued)
    core = _CORE.search(text)
    return Token(start, text, core.group().lower() if core else "", glued)


def _may_open(before: Token, token: Token) -> bool:
    """Tell whether a sentence may begin with the token: it has a capital, and no title ends in `di` or with a comma."""
    return _is_capital(token) and before.text[-1] not in ",:;-–(/&" and before.core not in words().title_particles


def _is_capital(token: Token) -> bool:
    first = token.text[0]
    if first.isalpha():
        return first.isupper()
    return token.text.lstrip(_OPENING_QUOTES + "([")[:1].isupper()


def _titled(before: Token, token: Token) -> float:
    """Return the bits with which a word inside it speaks for a title in capitals."""
    found = casing().get(token.core)
    if found is None or token.core in words().title_particles:
        return 0.0
    share = found.behind_capital if _is_capital(before) else found.capital
    return _BITS[share] if _is_capital(token) else _BITS_SMALL[share]


def _signs(tokens: Sequence[Token], number: int, titled: float) -> list[float]:
    """Return the signs that tokens[number] begins a sentence behind a title, `titled` being the bits of the title."""
    before, token, ahead = tokens[number - 1], tokens[number], tokens[number + 1 : number + 1 + AHEAD]
    found, small = casing().get(token.core), not _is_capital(before)
    opening = found or UNKNOWN
    clean = before.text[-1].isalnum() and token.text[0].isalnum()
    title = [earlier.core for earlier in tokens[:number]]
    following = ahead[0].core if ahead else ""
    place = title.index(token.core) if token.core in title else -1
    return [
        1.0,
        min(titled, 24.0) / 4 if titled > 0 else 0.0,
        titled / 4 if titled < 0 else 0.0,
        opening.opens,
        opening.breaks if small else 0.0,
        small,
        token.glued,
        place >= 0,
        place >= 0 and title[place + 1 : place + 2] == [following],
        before.text.rstrip("\"”'’")[-1:] in ("?", "!"),
        token.text[0] in '"“' and len(token.text) > 1,
        clean and pair(before.core, token.core) in bigrams(),
        found is None,
        bool(ahead) and not _is_capital(ahead[0]),
        _style_ahead(token, ahead),
        number == 1,
        number == 2,
        number == 3,
        number == 4,
        15 <= number < 25,
        number >= 25,
        token.text.isupper(),
        before.text.isupper(),
        before.text[-1].isdigit(),
        bool(following) and pair(token.core, following) in bigrams(),
        before.text[-1] == ")",
        token.text[0] == "(",
        casing().get(before.core, UNKNOWN).capital / 100,
    ]


def _style_ahead(token: Token, ahead: Sequence[Token]) -> float:
    """Return the bits with which the next words, up to a stop, speak for a title that goes on."""
    total, before = 0.0, token
    for following in ahead:
        total += _titled(before, following)
        if following.text[-1] in _STOPS and _STOP.search(following.text):
            break
        before = following
    return max(-8.0, min(8.0, total)) / 4
