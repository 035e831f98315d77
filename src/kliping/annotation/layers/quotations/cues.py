"""The words by which news says that somebody speaks, from knowledge/quotations.toml, and where a text has them."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from kliping import knowledge
from kliping.annotation.scan import Hit, Joined, Words

_COMMA = ", "
_ALIKE = 3
"""Letters in which many verbs begin alike: `mengatakan`, `mengaku`."""
_LONG = 6
"""Letters of a word that is looked for as a whole, at most."""


@functools.cache
def cue_words(table: str, name: str) -> frozenset[str]:
    """Return a list of quotations.toml: `name` of one of its tables."""
    return frozenset(knowledge.load("quotations.toml")[table][name])


class Cue(NamedTuple):
    """A word at [start, end) by which somebody speaks; its kind is the list it stands in."""

    start: int
    end: int
    kind: str
    anaphoric: bool
    """Whether it ends in -nya, which stands for whoever was named last."""


@functools.cache
def _kinds() -> dict[str, str]:
    """Each word that is looked for, and its kind: verbs, and the stems behind a comma."""
    found = {
        word: kind
        for kind in ("saying", "telling", "judging", "passive", "according")
        for word in cue_words("cues", kind)
    }
    found |= {word.capitalize(): "according" for word, kind in found.items() if kind in {"passive", "according"}}
    return found | {_COMMA + stem: "behind" for stem in cue_words("cues", "behind")}


@functools.cache
def _by_key() -> dict[str, list[str]]:
    """The words by what is looked for: their ends, because many verbs begin alike, and the scan looks at beginnings."""
    found: dict[str, list[str]] = {}
    for word in _kinds():
        found.setdefault(word[_ALIKE:] if word[0] != "," and len(word) > _LONG else word, []).append(word)
    return found


@functools.cache
def _scanner() -> Words:
    return Words(_by_key())


def find_cues(texts: Sequence[str]) -> list[list[Cue]]:
    """Return the cues in each text, in order: verbs wherever they stand, stems where a comma is before them."""
    return [_whole(text, hits) for text, hits in zip(texts, _scanner().find(Joined(texts)), strict=True)]


def _whole(text: str, hits: Sequence[Hit]) -> list[Cue]:
    """The hits that are whole words, with -nya or without."""
    found: list[Cue] = []
    kinds, words = _kinds(), _by_key()
    for at, key in hits:
        end = at + len(key)
        anaphoric = text.startswith("nya", end)
        end += 3 * anaphoric
        if text[end : end + 1].isalnum() or text.startswith("-", end):
            continue
        for word in words[key]:
            start = at + len(key) - len(word)
            if start < 0 or not text.startswith(word, start):
                continue
            if kinds[word] == "behind":
                found.append(Cue(start + len(_COMMA), end, "behind", anaphoric))
            elif not (start and text[start - 1].isalnum()):
                found.append(Cue(start, end, kinds[word], anaphoric))
    return sorted(found)


@functools.cache
def behind_pattern() -> re.Pattern[str]:
    """Return the regex of a cue right behind a quotation, of which `stem` is the bare word and `nya` its ending."""
    between = knowledge.any_of(cue_words("cues", "between"))
    stems = knowledge.any_of(cue_words("cues", "behind"))
    passive = knowledge.any_of(cue_words("cues", "passive"))
    return re.compile(
        rf"[\s,.;:!?…*–—-]{{0,4}}(?:(?i:{between})\s){{0,2}}"
        rf"(?P<cue>(?P<stem>(?i:{stems})|{passive})(?P<nya>ny?a?)?)(?![\w-])"
    )


@functools.cache
def lost_closing_pattern() -> re.Pattern[str]:
    """Return the regex of the end of words whose closing mark was lost: `Kami siap, kata Sumirah`."""
    stems = knowledge.any_of(cue_words("cues", "behind") - cue_words("cues", "unsure"))
    return re.compile(rf"[,.!?](?:\s?['’])?(?=\s{{1,2}}(?:{stems})(?:nya)?(?:[.,]|\s[A-ZÀ-Ý]|\s(?:dia|ia|beliau)\b))")


@functools.cache
def verb_pattern() -> re.Pattern[str]:
    """Return the regex of a verb behind its subject, which stands behind a quotation: `," Sumirah menambahkan`."""
    verbs = knowledge.any_of(cue_words("cues", "saying") | cue_words("cues", "telling"))
    return re.compile(rf"\s(?:juga\s|pun\s|kembali\s)?(?P<cue>{verbs})(?![\w-])")


@functools.cache
def clause_pattern() -> re.Pattern[str]:
    """Return the regex of what parts a verb from the clause that it governs: `bahwa`, or a comma."""
    conjunctions = knowledge.any_of(cue_words("cues", "conjunctions"))
    return re.compile(
        rf"(?:[^.,;:!?\"“”\n]{{0,60}}?\s(?:{conjunctions})\s|[^.,;:!?\"“”\n]{{0,40}},(?:\s(?:{conjunctions})\s|\s))"
    )
