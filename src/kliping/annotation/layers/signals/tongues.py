"""Finds sentences in another language or script within a body that is Indonesian or Malay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from kliping import knowledge
from kliping.annotation.layers.language import neighbours
from kliping.model import Sentence

AT_HOME = frozenset({"id", "ms"})
"""Languages of bodies in which a sentence without their everyday words is foreign: both have the same."""
RELATED = ("jv", "su")
"""Languages that share many words with Indonesian, but have everyday words of their own."""
LEAST_WORDS = 8
"""Words in small letters of a sentence that can be told foreign: titles and names are shorter, or have capitals."""
FOREIGN_RATIO = 5
"""At most one word of so many is known: foreign sentences hold a word now and then that Indonesian has too."""
LEAST_LETTERS = 8
"""Letters of another script: a verse, not a word of explanation."""
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1dff\u2e80-\ud7ff\uf900-\ufaff]")
_ASIDE = "\"'“”‘’()[]{}.,;:!?-–—"


def foreign_sentences(sentences: Sequence[Sentence], language: str | None) -> Iterator[tuple[Sentence, str]]:
    """Yield the foreign sentences of a body in this language, each with the rule that tells it."""
    if language not in AT_HOME:
        return
    everyday = _everyday()
    for sentence in sentences:
        text = sentence.text
        if not text.isascii() and len(_OTHER_SCRIPT.findall(text)) >= LEAST_LETTERS:
            yield sentence, "foreign:script"
        elif " yang " in text or " dan " in text or " di " in text or " ini " in text:
            continue  # as in nearly every sentence: the words are among the everyday ones, and sought faster so
        elif everyday.isdisjoint(text.split()) and is_foreign(text):
            yield sentence, "foreign:words"


def is_foreign(text: str) -> bool:
    """Tell whether hardly a word of a sentence is Indonesian, or its everyday words are those of Javanese or Sundanese.

    >>> is_foreign("We will stay here until the last family has a home.")
    True
    >>> is_foreign("Siapkan bawang merah, cabai rawit, garam, gula pasir, minyak goreng, lada halus.")
    False
    """
    words = [word for word in (item.strip(_ASIDE) for item in text.split()) if word.islower() and word.isalpha()]
    if len(words) < LEAST_WORDS or not _everyday().isdisjoint(words):
        return False
    if neighbours.tell(text) in RELATED:
        return True
    known = sum(word in _known() or word.startswith(_PREFIXES) or word.endswith(_SUFFIXES) for word in words)
    return FOREIGN_RATIO * known <= len(words)


_PREFIXES = ("meng", "mem", "men", "ber", "ter", "peng", "pem", "per", "ke", "se", "di")
_SUFFIXES = ("nya", "kan", "an", "lah", "kah")


@cache
def _everyday() -> frozenset[str]:
    function: str = knowledge.load("words.toml")["function_words"]
    return frozenset(function.split()).union(knowledge.load("languages.toml")["shared"]["words"])


@cache
def _known() -> frozenset[str]:
    lists = knowledge.load("common_words.toml")
    return _everyday().union(*(words.split() for words in lists.values() if isinstance(words, str)))
