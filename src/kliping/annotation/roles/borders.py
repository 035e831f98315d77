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
from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate, pairwise
from operator import mul
from typing import NamedTuple

from kliping.annotation.roles.vocabulary import words

TITLE_WITHIN, TITLE_WORDS = 420, 50
"""No more code points and words are looked at; several titles may stand one after the other."""
LIMIT = 7
"""No word speaks with more bits than this."""
IN_TITLES = 0.92
"""The share of words that titles in capitals capitalise, particles apart."""
SURE, SURE_BEFORE_NAMES = 2.0, 5.0
"""The logit from which on a title is no doubt one, and before a word that mostly stands in names."""
AHEAD = 5
"""Words behind a border that tell whether a sentence follows."""

_WORD = re.compile(r"\S{1,80}")
_CORE = re.compile(r"[^\W_]{1,80}(?:[-'’.][^\W_]{1,80})*")
_GLUED = re.compile(r"(?<=[a-z0-9?!)\]%”\"'’])(?=[A-Z\"“][a-z“\"A-Z])")
_LETTERS = re.compile(r"[^\W\d_]+")
_STOP = re.compile(r"[a-z0-9)%][.]{1,80}[\"”’')]{0,80}$|…[\"”]?$")
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
def sign_weights() -> tuple[float, ...]:
    """Return the weights in the order of SIGNS, 0 for what has not been trained."""
    found = {name: float(value) for name, value in (line.split("\t") for line in _lines("borders.tsv"))}
    return tuple(found.get(sign, 0.0) for sign in SIGNS)


@cache
def _between_weights() -> tuple[float, ...]:
    return sign_weights()[len(OPENS) + len(ENDS) :]


@cache
def _particles() -> frozenset[str]:
    return words().title_particles


def _lines(name: str) -> list[str]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


class Word(NamedTuple):
    """A word as it is written, with what running news says of it."""

    text: str
    core: str
    """In lower case, without signs around it."""
    capital: bool
    """Begins with a capital, perhaps behind a quote or a bracket."""
    bits: float
    """How it speaks for a title in capitals, inside one; 0 for a word that does not."""
    bits_behind: float
    """The same behind a word with a capital."""
    stops: bool
    """Ends a sentence."""
    breaks: int
    """See Casing."""
    opens: tuple[float, ...]
    """The signs that it begins a sentence, OPENS."""
    ends: tuple[float, ...]
    """The signs that it ends a title, ENDS."""
    opens_weighed: float
    ends_weighed: float
    """The sums of both, weighed."""


class Tokens:
    """The words of a stretch of text, each with where it starts, and what they say together of a title in capitals."""

    __slots__ = ("cores", "gains", "glued", "starts", "titled", "words")

    def __init__(self, starts: Sequence[int], words: Sequence[Word], glued: Set[int]) -> None:
        self.starts, self.words = starts, words
        self.glued = glued
        """The words that stand right behind the one before, without a blank."""
        self.cores = [word.core for word in words]
        self.gains = [0.0, *[word.bits_behind if before.capital else word.bits for before, word in pairwise(words)]]
        """The bits with which each word speaks for a title that it stands in; the first one says nothing."""
        self.titled = [0.0, *accumulate(self.gains)]
        """The bits of a title that ends before each word."""


class Border(NamedTuple):
    """A place in the text where a sentence may begin behind a title, and the logit of that against no title at all."""

    place: int
    logit: float


OPENS = ("opens", "quoted", "unknown", "capitals", "bracket")
ENDS = ("asked", "behind-capitals", "behind-number", "behind-bracket", "behind-name")
BETWEEN = (
    "bias", "titled", "untitled", "breaks", "small", "glued", "restated", "again", "known-pair", "next-small", "ahead",
    "one-word", "two-words", "three-words", "four-words", "many-words", "most-words", "next-pair",
)  # fmt: skip
_SIZES = [(size == 1, size == 2, size == 3, size == 4, 15 <= size < 25, size >= 25) for size in range(TITLE_WORDS + 80)]
"""By the words of a title what BETWEEN says of them, from `one-word` to `most-words`; the last word may be several."""
SIGNS = OPENS + ENDS + BETWEEN
"""The signs of the word that begins the sentence, of the one before it, and of both in their place."""


def title_end(text: str, start: int, end: int) -> Border | None:
    """Return the likeliest end of a title that begins text[start:end], None where none is possible before a stop."""
    tokens = _tokens(text, start, min(end, start + TITLE_WITHIN))
    found = [Border(tokens.starts[number], _logit(tokens, number)) for number in _ends(tokens)]
    return max(found, key=lambda border: (border.logit, -border.place), default=None)


def logit_at(text: str, start: int, place: int, end: int) -> float:
    """Return the logit of text[start:place] being a title against a sentence that goes on, -inf where it cannot be."""
    tokens = _tokens(text, start, min(end, start + TITLE_WITHIN))
    number = bisect_left(tokens.starts, place)
    possible = number < len(tokens.starts) and tokens.starts[number] == place and _may_end(tokens, number)
    return _logit(tokens, number) if possible else -math.inf


def is_doubtful(text: str, start: int, place: int, end: int) -> bool:
    """Tell whether text[start:place] is a title only perhaps, and the sentence that begins there one that goes on.

    A word that stands in names more often than it opens sentences has to be surer, unless the title says it, too.
    """
    tokens = _tokens(text, start, min(end, start + TITLE_WITHIN))
    number = bisect_left(tokens.starts, place)
    if not 0 < number < len(tokens.starts) or tokens.starts[number] != place:
        return False
    named = tokens.words[number].breaks < 0 and tokens.cores[number] not in tokens.cores[:number]
    logit = _logit(tokens, number) if _may_end(tokens, number) else -math.inf
    return logit < (SURE_BEFORE_NAMES if named else SURE)


def titled(text: str, start: int, end: int) -> float:
    """Return the bits with which the words of text[start:end] speak for a title in capitals."""
    return _tokens(text, start, end).titled[-1]


def candidates(text: str, start: int, end: int) -> list[tuple[int, list[float]]]:
    """Return every place where a title that begins text[start:end] may end, with its signs in the order of SIGNS."""
    tokens = _tokens(text, start, min(end, start + TITLE_WITHIN))
    words = tokens.words
    return [
        (tokens.starts[number], [*words[number].opens, *words[number - 1].ends, *_between(tokens, number)])
        for number in _ends(tokens)
    ]


def _ends(tokens: Tokens) -> Iterator[int]:
    """Yield every word up to the first stop before which a title may end."""
    for number, word in enumerate(tokens.words):
        if word.capital and _may_end(tokens, number):
            yield number
        if word.stops:
            break


def _may_end(tokens: Tokens, number: int) -> bool:
    """Tell whether a title of at least one word may end before a word, and a sentence begin with it.

    That has a capital, and no title ends in `di` or with a comma.
    """
    if number == 0 or not tokens.words[number].capital or (number == 1 and not tokens.cores[0]):
        return False
    return tokens.words[number - 1].text[-1] not in ",:;-–(/&" and tokens.cores[number - 1] not in _particles()


def _tokens(text: str, start: int, end: int) -> Tokens:
    """Return the words up to the first stop and a few behind it, which tell the style there."""
    starts: list[int] = []
    found: list[Word] = []
    glued: set[int] = set()
    last, opened = TITLE_WORDS, -1
    for match in _WORD.finditer(text, start, end):
        written, begin = match[0], match.start()
        if written in '"“' and found:
            opened = begin
            continue
        parts = _parts(written)
        if opened >= 0:
            parts = ((0, _word(f'"{parts[0][1].text}')), *parts[1:])
        for offset, word in parts:
            if offset:
                glued.add(len(found))
            starts.append(opened if opened >= 0 and not offset else begin + offset)
            found.append(word)
        opened = -1
        if found[-1].stops and last == TITLE_WORDS:
            last = min(TITLE_WORDS, len(found) + AHEAD)
        if len(found) >= last:
            break
    return Tokens(starts, found, glued)


@lru_cache(1 << 16)
def _parts(written: str) -> tuple[tuple[int, Word], ...]:
    """Return the words that stand together without a blank, each with its offset."""
    if written[1:].islower():
        return ((0, _word(written)),)
    cuts = [at for found in _GLUED.finditer(written) if _was_blank(written, at := found.start())]
    return tuple([(begin, _word(written[begin:stop])) for begin, stop in pairwise([0, *cuts, len(written)])])


def _was_blank(written: str, place: int) -> bool:
    """Tell whether a blank was lost at the place: what follows is a sign or a known word, unlike in `WhatsApp`.

    Behind nothing but an opening quote none was.
    """
    if not any(map(str.isalnum, written[:place])):
        return False
    letters = _LETTERS.search(written, place)
    return not written[place - 1].isalpha() or letters is None or letters.group().lower() in casing()


@lru_cache(1 << 16)
def _word(text: str) -> Word:
    core = _core(text)
    capital = text[0].isupper() if text[0].isalpha() else text.lstrip(_OPENING_QUOTES + "([")[:1].isupper()
    known = casing().get(core)
    share, behind = known[:2] if known and core not in words().title_particles else (-1, -1)
    bits = _BITS if capital else _BITS_SMALL
    capitals, _, breaks, opening = known or UNKNOWN
    opens = (opening, text[0] in '"“' and len(text) > 1, known is None, text.isupper(), text[0] == "(")
    asked = text.rstrip("\"”'’")[-1:] in ("?", "!")
    ends = (asked, text.isupper(), text[-1].isdigit(), text[-1] == ")", capitals / 100)
    return Word(
        text=text,
        core=core,
        capital=capital,
        bits=bits[share] if share >= 0 else 0.0,
        bits_behind=bits[behind] if behind >= 0 else 0.0,
        stops=text[-1] in _STOPS and _STOP.search(text) is not None,
        breaks=breaks,
        opens=opens,
        ends=ends,
        opens_weighed=sum(map(mul, sign_weights(), opens)),
        ends_weighed=sum(map(mul, sign_weights()[len(OPENS) :], ends)),
    )


def _core(text: str) -> str:
    if text.isalpha():
        return text.lower()
    core = _CORE.search(text)
    return core.group().lower() if core else ""


def _logit(tokens: Tokens, number: int) -> float:
    """Return the logit of a word beginning a sentence behind a title."""
    own = tokens.words[number].opens_weighed + tokens.words[number - 1].ends_weighed
    between: float = sum(map(mul, _between_weights(), _between(tokens, number)))
    return own + between


def _between(tokens: Tokens, number: int) -> tuple[float, ...]:
    """Return the signs in the order of BETWEEN; see `_logit`."""
    before, word, titled = tokens.words[number - 1], tokens.words[number], tokens.titled[number]
    following = tokens.words[number + 1] if number + 1 < len(tokens.words) else None
    title, core = tokens.cores[:number], word.core
    again = core in title
    clean = before.text[-1].isalnum() and word.text[0].isalnum()
    return (
        1.0,
        min(titled, 24.0) / 4 if titled > 0 else 0.0,
        titled / 4 if titled < 0 else 0.0,
        0.0 if before.capital else word.breaks,
        not before.capital,
        number in tokens.glued,
        again,
        again and following is not None and following.core in title[(place := title.index(core) + 1) : place + 1],
        clean and pair(before.core, core) in bigrams(),
        following is not None and not following.capital,
        _style_ahead(tokens, number),
        *_SIZES[number],
        following is not None and following.core != "" and pair(core, following.core) in bigrams(),
    )


def _style_ahead(tokens: Tokens, number: int) -> float:
    """Return the bits with which the words behind one, up to a stop, speak for a title that goes on."""
    total = 0.0
    ahead = slice(number + 1, number + 1 + AHEAD)
    for gain, word in zip(tokens.gains[ahead], tokens.words[ahead], strict=True):
        total += gain
        if word.stops:
            break
    return max(-8.0, min(8.0, total)) / 4
