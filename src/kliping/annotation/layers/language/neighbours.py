"""Tells Indonesian from Malay, Javanese and Sundanese by their words, or abstains; and says where that is all it takes.

langdetect does not know the other three. Words that news in one of the four uses and news in the others does not, words
that lean to Indonesian or Malay, and words that these two share and no other language has (knowledge/languages.toml),
settle nearly every body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import NamedTuple

from kliping import knowledge

WINDOWS = (500, 10_000)
"""Characters of the body in which words are looked for: the second where the first does not settle it."""
OWN_WORD = 2
LEANING = 1
"""Points for each different word of a language's own, and for one that only leans to it."""
SPOKEN = 2 * OWN_WORD
"""Points from which a language's own words have spoken, so that names of its country count too."""
MANY_SHARED = 3
"""So many different shared words stand for one of Indonesian's or Malay's own, if anything speaks for it at all."""
ENOUGH = {"id": 4, "ms": 6, "jv": 6, "su": 6}
"""Points that settle it, fewer for the language that langdetect already sees ..."""
RATIO = 4
"""... where what speaks for another language is at most one for this many of them."""
SAMPLE = 250
"""Characters of each piece of a body that is looked at to tell that all of it is Indonesian ..."""
APART = 2_000
"""... pieces that begin no further from each other, the first where the body begins, the last where it ends ..."""
EVERYWHERE = 2
"""... with so many different shared words in each, or one more together with what stands around it."""
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
WordSet = frozenset[str]


class Lists(NamedTuple):
    """The word lists of knowledge/languages.toml."""

    points: dict[str, list[tuple[str, int]]]
    """Word -> each language it speaks for, and its points."""
    named: dict[str, WordSet]
    """Names that lean to a language where its own words have spoken."""
    shared: WordSet
    """Words of Indonesian and Malay alike."""
    known: WordSet
    """All of them."""


def is_plain_indonesian(body: str) -> bool:
    """Tell whether a body is Indonesian beyond doubt by its words.

    Words of Indonesian and Malay stand in every part of it, and Indonesian's own are among them.

    >>> is_plain_indonesian("Warga menolak karena harga yang ditawarkan tidak sesuai, dan bupati akan menggelar rapat.")
    True
    """
    shared = load().shared
    found: set[str] = set()
    for start in _starts(len(body)):
        words = _set_off(body[start : start + SAMPLE])
        if len(words & shared) < EVERYWHERE:
            words = _set_off(body[max(0, start - SAMPLE) : start + 2 * SAMPLE])
            if len(words & shared) <= EVERYWHERE:
                return False
        found |= words
    return settled(found) == "id" or settled(_set_off(body[: WINDOWS[-1]])) == "id"


def _set_off(text: str) -> WordSet:
    """The words of the lists that white space sets off: fewer than `words_in` finds, and found faster."""
    return load().known.intersection(text.lower().split())


def _starts(size: int) -> Sequence[int]:
    """Where the pieces of a body begin."""
    last = size - SAMPLE
    if last <= APART:
        return (0, last) if last > 0 else (0,)
    gaps = -(-last // APART)
    return [last * number // gaps for number in range(gaps + 1)]


def tell(body: str) -> str | None:
    """Return `id`, `ms`, `jv` or `su` if the words settle it.

    >>> tell("Polis menahan suspek itu kerana membabitkan wang syarikat.")
    'ms'
    """
    first, second = WINDOWS
    return settled(words_in(body[:first])) or (settled(words_in(body[:second])) if len(body) > first else None)


def words_in(text: str) -> WordSet:
    """Return the words of the lists that stand in the text, wherever its punctuation is."""
    return load().known.intersection(WORD.findall(text.lower()))


def settled(found: AbstractSet[str]) -> str | None:
    """Return the language that these words settle, if they do: first the family, then the language in it.

    Javanese and Sundanese news is full of Indonesian's own words, but has hardly one of those that Indonesian shares
    with Malay; so these decide between the families.
    """
    lists = load()
    points = dict.fromkeys(ENOUGH, 0)
    telling = lists.points.keys() & found
    for word in telling:
        for language, number in lists.points[word]:
            points[language] += number
    for language, names in lists.named.items():
        if points[language] >= SPOKEN:
            points[language] += LEANING * len(names & found)
    shared = len(found & lists.shared)
    javanic = points["jv"] + points["su"]
    if shared and RATIO * javanic <= OWN_WORD * shared + max(points["id"], points["ms"]):
        bonus = OWN_WORD if shared >= MANY_SHARED else 0
        return _ahead("id", "ms", points, RATIO, bonus)
    if RATIO * OWN_WORD * shared <= javanic:
        return _ahead("jv", "su", points, RATIO / 2)
    return None


def _ahead(one: str, other: str, points: dict[str, int], ratio: float, bonus: int = 0) -> str | None:
    best, second = (one, other) if points[one] >= points[other] else (other, one)
    reached = points[best] and points[best] + bonus
    return best if reached >= max(ENOUGH[best], ratio * points[second]) else None


@cache
def load() -> Lists:
    """Return the word lists, read once a process."""
    table = knowledge.load("languages.toml")
    points: dict[str, list[tuple[str, int]]] = {}
    for name, number in (("words", OWN_WORD), ("leaning", LEANING)):
        for language, words in table[name].items():
            for word in words:
                points.setdefault(word, []).append((language, number))
    shared = frozenset(table["shared"]["words"])
    named = {language: frozenset(words) for language, words in table["named"].items()}
    return Lists(points, named, shared, shared.union(points, *named.values()))
