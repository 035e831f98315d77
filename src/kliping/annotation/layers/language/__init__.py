"""The language of article bodies: a cascade of words and langdetect, which is asked only what the words leave open.

Words come first: a body with Indonesian in every part and nothing against it (`neighbours.is_plain_indonesian`) is
`id`, with score 1000; docs/quality.md tells how seldom langdetect would have said something else. Any other body gets
the label and the probability that langdetect 1.0.9 gives it with seed 0 and its profiles in sorted order (profiles.py,
ngrams.py, trials.py; at most the first 10,000 characters count, as in langdetect), but many times faster; a body in
capitals is read in small letters, and one of fewer than fifty letters not at all. langdetect
takes Malay, Javanese and Sundanese for Indonesian, so its `id` is published only if `neighbours.tell` says the same;
if that finds one of the other three, this is published instead, and if it cannot tell, nothing is. Where langdetect
sees any other language, the body must not be in one of those four: two witnesses that disagree give no value.
"""

from __future__ import annotations

import string
from collections.abc import Sequence

from kliping.annotation.layers.language import neighbours
from kliping.annotation.layers.layer import Article
from kliping.model import Language

BCP47 = {"zh-cn": "zh-CN", "zh-tw": "zh-TW"}
"""langdetect's labels that are not written as BCP 47 recommends."""


_CAPITALS = string.ascii_uppercase.encode()
_LETTERS = string.ascii_letters.encode()
_SURELY_LONG = 500
"""Characters of a body whose words can say that it is Indonesian only where it has letters enough."""
_WORD = 5
_FAR_EAST = "\u2e80"
"""From here on scripts write a syllable or a word with one letter: it counts as five."""
LEAST_LETTERS = 50
"""A text with fewer letters is given no language: names and a foreign word decide too much of it."""
UNKNOWN_LANGUAGE = Language(None, None)
INDONESIAN = Language("id", 1000)


def find(articles: Sequence[Article]) -> list[tuple[Language]]:
    """Find the language of each article: the layer `language`."""
    return [(spoken,) for spoken in detect([article.text for article in articles])]


def detect(bodies: Sequence[str]) -> list[Language]:
    """Return the language of each body; a body's answer does not depend on the others. Large batches are fastest.

    >>> detect(["Polisi menahan mobil itu karena sopirnya tidak membawa surat.", "12.30"])
    [Language(language='id', language_score=1000), Language(language=None, language_score=None)]
    """
    found = [_by_words(body) for body in bodies]
    unsure = [_small(body) for body, told in zip(bodies, found, strict=True) if told is None]
    seen = (_published(body, *told) for body, told in zip(unsure, langdetect(unsure), strict=True))
    return [told or next(seen) for told in found]


def _by_words(body: str) -> Language | None:
    """What needs no langdetect: a body too short to tell, or plainly Indonesian."""
    if len(body) < _SURELY_LONG and _is_short(body):
        return UNKNOWN_LANGUAGE
    if neighbours.is_plain_indonesian(body):
        return INDONESIAN
    return UNKNOWN_LANGUAGE if _is_short(body) else None


def _is_short(body: str) -> bool:
    if _ascii(body, _LETTERS) >= LEAST_LETTERS:
        return False
    letters = [character for character in body if character.isalpha()]
    return len(letters) + (_WORD - 1) * sum(letter >= _FAR_EAST for letter in letters) < LEAST_LETTERS


def _small(body: str) -> str:
    """The body in small letters where most of its letters are capitals, which langdetect's profiles hardly know."""
    return body.lower() if 2 * _ascii(body, _CAPITALS) > _ascii(body, _LETTERS) else body


def _ascii(body: str, letters: bytes) -> int:
    """How many of these letters the body has."""
    data = body.encode("ascii", "ignore")
    return len(data) - len(data.translate(None, letters))


def langdetect(texts: Sequence[str]) -> list[tuple[str | None, int | None]]:
    """Return langdetect's own answer to each text: label and probability per mille, None where it finds no features."""
    if not texts:
        return []
    from kliping.annotation.layers.language import profiles, trials  # only here: these load langdetect and its tables

    tables = profiles.load()
    chances = trials.probabilities(texts, tables)
    best = chances.argmax(axis=1).tolist()
    return [
        (tables.languages[column], round(1000 * row[column])) if row[column] > trials.THRESHOLD else (None, None)
        for row, column in zip(chances.tolist(), best, strict=True)
    ]


def _published(body: str, label: str | None, score: int | None) -> Language:
    if label is None:
        return UNKNOWN_LANGUAGE
    told = neighbours.tell(body)
    if label != "id":
        return UNKNOWN_LANGUAGE if told else Language(BCP47.get(label, label), score)
    return Language(told, score if told == "id" else None)
