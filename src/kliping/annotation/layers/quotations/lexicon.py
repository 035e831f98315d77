"""What each word says in the words for a speaker: one look-up a word, in what knowledge/quotations.toml lists."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from kliping import knowledge

(
    PRONOUN, PLURAL, UNNAMED, SEVERAL, OFFICE, INSTITUTION, WITHIN, STOP, PARTICLE, LEAD_IN, POINTING, DAY, COMMON,
) = (1 << bit for bit in range(13))  # fmt: skip
"""What a word may be; several at once. Plain numbers, for words are looked up by the thousand."""
HEAD = OFFICE | INSTITUTION
_NO_NAME = HEAD | COMMON
_LISTS = {
    "pronouns": PRONOUN,
    "plural": PLURAL,
    "unnamed": UNNAMED,
    "several": SEVERAL,
    "offices": OFFICE,
    "institutions": INSTITUTION,
    "within_offices": WITHIN,
    "joints": WITHIN,
    "stops": STOP,
    "particles": PARTICLE,
    "lead_in": LEAD_IN,
    "pointing": POINTING,
}


@functools.cache
def sorts() -> Mapping[str, int]:
    """Return every word, in lower case, with what it may be: bits of the constants above."""
    known = knowledge.load("quotations.toml")["speakers"]
    found: dict[str, int] = {}
    for name, sort in _LISTS.items():
        for word in known[name]:
            found[word] = found.get(word, 0) | sort
    for word in knowledge.calendar().names:
        found[word] = found.get(word, 0) | DAY | COMMON
    for word in knowledge.load("common_words.toml")["firm"].split():
        if not found.get(word, 0) & (OFFICE | INSTITUTION):
            found[word] = found.get(word, 0) | COMMON
    return found


def name_words(tokens: Sequence[str]) -> list[str]:
    """Return the words of a phrase that may be a person's name: capitals that are no office and no everyday word.

    >>> name_words("Bupati Rahmat Hidayat".split())
    ['Rahmat', 'Hidayat']
    """
    known = sorts()
    capitals = [token.strip(".,'’\"()") for token in tokens if not token.islower()]
    return [word for word in capitals if word[:1].isupper() and not known.get(word.casefold(), 0) & _NO_NAME]
