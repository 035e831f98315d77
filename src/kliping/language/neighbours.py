"""Tells Indonesian from Malay, Javanese and Sundanese, which langdetect does not know, or abstains.

First by words that news in one of the four uses and news in the others does not (knowledge/languages.toml); a text that
does not settle it goes to py3langid, which is far slower and knows all but Sundanese, and which no word may contradict.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from py3langid.langid import MODEL_FILE, LanguageIdentifier

WINDOWS = (500, 10_000)
"""Characters of the body in which words are looked for: the second where the first does not settle it."""
ENOUGH = {"id": 2, "ms": 3, "jv": 3, "su": 3}
"""Different words that settle it, fewer for the language that langdetect already sees ..."""
RATIO = 4
"""... where any other language has at most one for this many of them."""
LANGID_CHARACTERS = range(100, 601)
"""py3langid gets no shorter text, and of a longer one only so much."""
LANGID_CERTAIN = 0.7
"""py3langid's normalised probability; below this one it counts as not knowing."""
JAVANIC = frozenset({"jv", "su"})
"""What py3langid's `jv` may be: it knows no Sundanese."""


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
    counts = count_words(body[:first])
    language = settled(counts)
    if language is None and len(body) > first:
        counts = count_words(body[:second])
        language = settled(counts)
    return language, counts


def settled(counts: dict[str, int]) -> str | None:
    """The language whose words are `ENOUGH` and outnumber those of every other one `RATIO` times; None if none does."""
    *_, second, most = sorted(counts.values())
    if most < RATIO * second:
        return None
    best = max(counts, key=counts.__getitem__)
    return best if most >= ENOUGH[best] else None


def count_words(text: str) -> dict[str, int]:
    """How many different words of each language's list the text holds, set off by white space."""
    words, languages = _words()
    counts = dict.fromkeys(ENOUGH, 0)
    for word in words.intersection(text.lower().split()):
        for language in languages[word]:
            counts[language] += 1
    return counts


def _by_langid(text: str, counts: dict[str, int]) -> str | None:
    language, probability = _identifier().classify(text)
    if probability < LANGID_CERTAIN:
        return None
    candidates = JAVANIC if language == "jv" else {language} & counts.keys()
    most = max(counts.values())
    agreeing = [c for c in sorted(candidates) if counts[c] == most]
    return agreeing[0] if len(agreeing) == 1 else None


@cache
def _words() -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """Every word of the lists, and the languages in whose lists it stands."""
    text = (resources.files("kliping") / "knowledge" / "languages.toml").read_text("utf-8")
    languages: dict[str, tuple[str, ...]] = {}
    for language, listed in tomllib.loads(text)["words"].items():
        languages.update((word, (*languages.get(word, ()), language)) for word in listed)
    return frozenset(languages), languages


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
