"""Finds the fullest name that a text gives somebody, with title and office as they stand there."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from kliping.annotation.layers.metadata.registry import places
from kliping.annotation.layers.quotations.lexicon import COMMON, DAY, INSTITUTION, PARTICLE, name_words, sorts
from kliping.annotation.layers.quotations.speakers import NAMELESS, Speaker, is_abbreviated, is_fuller, office_start

_SIGHT = 20_000
"""Code points on either side of a quotation in which its speaker's name is looked for."""
_MOST = 24
"""Places of a name that are looked at, at most."""
_NEXT = re.compile(r" ([A-Za-zÀ-ÿ][\w'’-]{0,30})")
_PERSON = re.compile(r"(?: [A-ZÀ-Ý][\w'’-]{0,30}){1,4}")


class Names:
    """What a text calls the people it names; made once a text, asked for each speaker."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[tuple[str, int], str | None] = {}
        self._longer: dict[tuple[str, int, int], list[str]] = {}

    def fullest(self, speaker: Speaker) -> str | None:
        """Return the fullest name that the text gives a speaker, None for one without a name."""
        phrase, window = self._text[speaker.start : speaker.end], speaker.start // _SIGHT
        if (phrase, window) not in self._known:
            self._known[phrase, window] = self._look_up(phrase, speaker)
        return self._known[phrase, window]

    def is_somebody(self, speaker: Speaker) -> bool:
        """Tell whether words without an office may name a person."""
        found = name_words((self.fullest(speaker) or "").split())
        return len(found) > 1 or (len(found) == 1 and not self._is_place(found, speaker.start))

    def _look_up(self, phrase: str, speaker: Speaker) -> str | None:
        if speaker.kind == NAMELESS:
            return None
        tokens = phrase.split()
        wanted = name_words(tokens)
        if not wanted:
            return (self._holder(phrase, speaker.start) or phrase) if tokens[-1][0].isupper() else None
        if sorts().get(tokens[0].casefold(), 0) & INSTITUTION or " dan " in phrase:
            return phrase
        best, size = phrase, _weight(phrase)
        for run in self._names_with(wanted[-1], speaker.start):
            if (weight := _weight(run)) > size and _holds(run, wanted):
                best, size = run, weight
        return phrase if best != phrase and self._is_place(wanted, speaker.start) else best

    def _names_with(self, word: str, near: int) -> Sequence[str]:
        """The longer names that hold a word, in the order of the text; many speakers share one."""
        key = word, max(0, near - _SIGHT), min(len(self._text), near + _SIGHT)
        if key not in self._longer:
            places = [(at, at + len(word)) for at in self._places_of(word, near)]
            runs = [self._run(start, end) for start, end in places if is_fuller(self._text, start, end)]
            self._longer[key] = [self._text[start:end] for start, end in runs if end - start > len(word)]
        return self._longer[key]

    def _is_place(self, wanted: Sequence[str], near: int) -> bool:
        """Whether what is named is a country, a place or an acronym, which have no fuller name."""
        name = wanted[0]
        if len(wanted) > 1:
            return False
        if name.isupper() or name.casefold() in places():
            return True
        return self._text.find(f" di {name}", max(0, near - _SIGHT), near + _SIGHT) >= 0

    def _holder(self, office: str, near: int) -> str | None:
        """The person whom the text names behind an office: `Presiden` of `Presiden Joko Santoso`."""
        best, size = None, (0, 0)
        for at in self._places_of(office, near):
            end = at + len(office)
            match = _PERSON.match(self._text, end)
            if match and name_words(match[0].split()):
                start, stop = self._run(at, end)
                if (weight := _weight(self._text[start:stop])) > size:
                    best, size = self._text[start:stop], weight
        return best

    def _places_of(self, name: str, near: int) -> Iterator[int]:
        """Where a name stands as a whole word around a position."""
        text, stop = self._text, near + _SIGHT
        at = text.find(name, max(0, near - _SIGHT), stop)
        for _ in range(_MOST):
            if at < 0:
                return
            end = at + len(name)
            if not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum():
                yield at
            at = text.find(name, end, stop)

    def _run(self, start: int, end: int) -> tuple[int, int]:
        """The longest name with its office around [start, end)."""
        text, known = self._text, sorts()
        while match := _NEXT.match(text, end):
            word = match[1]
            sort = known.get(word.casefold(), 0)
            if sort & (DAY | COMMON) or (
                word.islower() and not (sort & PARTICLE and text[match.end() + 1 : match.end() + 2].isupper())
            ):
                break
            end = match.end()
            if text.startswith(". ", end) and is_abbreviated(word):
                end += 1
        return office_start(text, start), end


@functools.lru_cache(maxsize=4096)
def _weight(run: str) -> tuple[int, int]:
    """How full a name is: the words of the name itself, then all."""
    tokens = run.split()
    return len(name_words(tokens)), len(tokens)


def _holds(run: str, wanted: Sequence[str]) -> bool:
    return {token.strip(".,") for token in run.split()}.issuperset(wanted)
