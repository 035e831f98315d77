"""Tells a person's name from a title, whose words have capitals too, by how running news writes each word."""

from __future__ import annotations

import re

from kliping import knowledge
from kliping.annotation.roles.borders import UNKNOWN, casing
from kliping.annotation.roles.vocabulary import words

_LABELS = knowledge.any_of(knowledge.load("glued.toml")["labels"])
_ENDS = rf"(?:(?=(?:{_LABELS})\b|[A-Z]{{4}})|(?![\w.]\w))"
"""Behind a name's word: a blank or a sign, or a label or a word in capitals that has run into it."""
_WORD = rf"(?!(?:{_LABELS})\b)[A-Z][a-z'’]{{1,20}}(?:-[A-Z][a-z]{{1,20}})?{_ENDS}"
_DOTTED = r"(?:[A-Z]\. ?){1,3}(?=[A-Z][a-z])"
_FIRST = rf"(?:{_DOTTED}{_WORD}|(?:[A-Z]{{1,2}} |(?:Moc?h|Muh|Mhd|Abd)\. ?){_WORD}|{_WORD})"
_LAST = r"(?:[A-Z]\.){1,3}(?=[ ,|]|$)|[A-Z](?=[ ,|]|$)"
NAME = rf"{_FIRST}(?: (?:{_WORD}|{_LAST}|bin|al|de|van)){{0,5}}"
"""A person's name: words with a capital, initials, particles; a word in capitals is an outlet or a place."""
NAME_WORDS = 4
"""A name of more words is rare."""
SMALL_IN_NAMES = 50
"""A word whose capital stands in fewer of a hundred places is not part of a name."""

_PERSON = re.compile(NAME)
_SPACED_WORD = re.compile(r"\S{1,80}")


def is_person(text: str) -> bool:
    """Tell whether the text is a full name and nothing else: two to four words, none of which sentences write small.

    >>> is_person("Rukmini Wardhana"), is_person("Harga Cabai Turun")
    (True, False)
    """
    parts = text.split()
    if not 2 <= len(parts) <= NAME_WORDS or not _PERSON.fullmatch(text):
        return False
    lowered = text.casefold()
    return lowered not in words().menu and lowered not in words().places and not any(map(_is_small, parts))


def _is_small(word: str) -> bool:
    return word[0].isupper() and casing().get(word.lower(), UNKNOWN).capital < SMALL_IN_NAMES


def name_start(line: str, title: int, start: int, end: int) -> int:
    """Return where the name begins that ends line[start:end] behind a title, whose words have capitals, too.

    No name holds a word that sentences write small, and no title ends in `di`: `Turun di Kupang Rukmini Wardhana`.
    """
    name = [(word.start(), word.group()) for word in _SPACED_WORD.finditer(line, start, end)]
    first = max(0, len(name) - NAME_WORDS)
    for number, (_, word) in enumerate(name[:-1]):
        if _is_small(word):
            first = max(first, number + 1)
    before = line[title : name[first][0]].split()
    if before and before[-1].lower() in words().title_particles and first + 1 < len(name):
        first += 1
    return name[first][0]
