"""Tells Indonesian from Malay, Javanese and Sundanese by their words, or abstains; and says where that is all it takes.

langdetect does not know the other three. Words that news in one of the four uses and news in the others does not, and
words that Indonesian and Malay share and no other language has (knowledge/languages.toml), settle nearly every body. A
body they do not settle goes to py3langid, which is far slower and knows all but Sundanese, and which no word may
contradict.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

WINDOWS = (500, 10_000)
"""Characters of the body in which words are looked for: the second where the first does not settle it."""
ENOUGH = {"id": 2, "ms": 3, "jv": 3, "su": 3}
"""Different words that settle it, fewer for the language that langdetect already sees ..."""
RATIO = 4
"""... where what speaks for another language is at most one for this many of them."""
MANY_SHARED = 3
"""So many different shared words stand for one of Indonesian's or Malay's own, if there is one at all."""
PIECE = 250
"""Characters of each piece of a body that is looked at to tell that all of it is Indonesian ..."""
APART = 2_000
"""... pieces that begin no further from each other, the first where the body begins, the last where it ends ..."""
EVERYWHERE = 2
"""... with so many different shared words in each, or one more together with what stands around it."""
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
LANGID_CHARACTERS = range(100, 601)
"""py3langid gets no shorter text, and of a longer one only so much."""
LANGID_CERTAIN = 0.7
"""py3langid's normalised probability; below this one it counts as not knowing."""
JAVANIC = frozenset({"jv", "su"})
"""What py3langid's `jv` may be: it knows no Sundanese."""

Words = frozenset[str]


class Lists(NamedTuple):
    """The word lists of knowledge/languages.toml."""

    own: dict[str, Words]
    """Language -> words that tell it from its neighbours."""
    shared: Words
    """Words of Indonesian and Malay alike."""
    known: Words
    """All of them."""


def is_plain_indonesian(body: str) -> bool:
    """Whether the words alone leave no doubt: Indonesian in every part of the body, and nothing against it.

    >>> is_plain_indonesian("Warga menolak karena harga yang ditawarkan tidak sesuai, dan bupati akan menggelar rapat.")
    True
    """
    own, shared, known = lists()
    found: set[str] = set()
    for start in _starts(len(body)):
        words = known.intersection(body[start : start + PIECE].lower().split())
        telling = words - shared
        if len(words) - len(telling) < EVERYWHERE:
            words = known.intersection(body[max(0, start - PIECE) : start + 2 * PIECE].lower().split())
            telling = words - shared
            if len(words) - len(telling) <= EVERYWHERE:
                return False
        found |= telling
    if len(found) >= ENOUGH["id"] and found <= own["id"]:
        return True
    return settled(known.intersection(body[: WINDOWS[-1]].lower().split())) == "id"


def _starts(size: int) -> Sequence[int]:
    """Where the pieces of a body begin."""
    last = size - PIECE
    if last <= APART:
        return (0, last) if last > 0 else (0,)
    gaps = -(-last // APART)
    return [last * number // gaps for number in range(gaps + 1)]


def tell(body: str) -> str | None:
    """`id`, `ms`, `jv` or `su`; None where words and py3langid leave it open.

    >>> tell("Polis menahan suspek itu kerana membabitkan wang syarikat.")
    'ms'
    """
    language, counts = _by_lists(body)
    if language or len(body) < LANGID_CHARACTERS.start:
        return language
    return _by_langid(body[: LANGID_CHARACTERS[-1]], counts)


def by_words(body: str) -> str | None:
    """`id`, `ms`, `jv` or `su` if the words alone settle it."""
    return _by_lists(body)[0]


def _by_lists(body: str) -> tuple[str | None, dict[str, int]]:
    """The language that the words settle, if any, and how many of each language's there are."""
    first, second = WINDOWS
    found = words_in(body[:first])
    language = settled(found)
    if language is None and len(body) > first:
        found = words_in(body[:second])
        language = settled(found)
    return language, count(found)


def words_in(text: str) -> Words:
    """The words of the lists that stand in the text, wherever its punctuation is."""
    return lists().known.intersection(WORD.findall(text.lower()))


def count(found: Iterable[str]) -> dict[str, int]:
    """How many of each language's own words are among these."""
    return {language: len(words.intersection(found)) for language, words in lists().own.items()}


def settled(found: Words) -> str | None:
    """The language that these words settle, if they do: first the family, then the language in it.

    Javanese and Sundanese news is full of Indonesian's own words, but has hardly one of those that Indonesian shares
    with Malay; so these decide between the families.
    """
    counts, shared = count(found), len(lists().shared & found)
    javanic = counts["jv"] + counts["su"]
    if shared and RATIO * javanic <= shared + max(counts["id"], counts["ms"]):
        bonus = shared >= MANY_SHARED
        return _likelier("id", "ms", {name: counts[name] and counts[name] + bonus for name in ("id", "ms")}, RATIO)
    if RATIO * shared <= javanic:
        return _likelier("jv", "su", counts, RATIO / 2)
    return None


def _likelier(one: str, other: str, counts: dict[str, int], ratio: float) -> str | None:
    best, second = (one, other) if counts[one] >= counts[other] else (other, one)
    return best if counts[best] >= max(ENOUGH[best], ratio * counts[second]) else None


def _by_langid(text: str, counts: dict[str, int]) -> str | None:
    language, probability = _identifier().classify(text)
    if probability < LANGID_CERTAIN:
        return None
    candidates = JAVANIC if language == "jv" else {language} & counts.keys()
    most = max(counts.values())
    agreeing = [c for c in sorted(candidates) if counts[c] == most]
    return agreeing[0] if len(agreeing) == 1 else None


@cache
def lists() -> Lists:
    """The word lists, read once a process."""
    text = (resources.files("kliping") / "knowledge" / "languages.toml").read_text("utf-8")
    table = tomllib.loads(text)
    own = {language: frozenset(words) for language, words in table["words"].items()}
    shared = frozenset(table["shared"]["words"])
    return Lists(own, shared, shared.union(*own.values()))


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
