"""Tells whom a pronoun or -nya means, and gives every speaker the fullest name that the text has for him."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from kliping.annotation.layers.quotations.lexicon import INSTITUTION, OFFICE, PLURAL, SEVERAL, name_words, sorts
from kliping.annotation.layers.quotations.names import Names
from kliping.annotation.layers.quotations.speakers import (
    NAMED,
    NAMELESS,
    REFERRING,
    Speaker,
    opening_subject,
    speaker_of_cue,
)
from kliping.annotation.layers.quotations.story import DIRECT, INDIRECT, Attributed, Story

_BACK = 6
"""Sentences that are read backwards for whom a pronoun means."""
_CUES = 30
"""Cues, and speakers beside them, that are read backwards for it."""
_NAME = re.compile(r"[A-ZÀ-Ý][\w'’-]*")
_SIGHT = 4_000
"""Code points that are read backwards for it."""


def name_speakers(story: Story, found: Sequence[Attributed]) -> list[str | None]:
    """Return the fullest name of who says each of the quotations; None where it is not known."""
    people = _People(story, found)
    resolved: list[str | None] = []
    quoted: str | None = None
    """Who is quoted directly by the last such row, which the next one may go on with."""
    for said in found:
        cue = said.cue
        if said.speaker is not None and said.speaker.kind != REFERRING:
            name = people.names.fullest(said.speaker)
        elif said.rule == "direct:continued":
            name = quoted
        else:
            at = cue[0] if cue is not None and cue[0] < said.start else said.start
            name = people.pointed_at(said.speaker) or people.meant(at)
        resolved.append(name)
        people.spoken.append((max(said.end, cue[1] if cue else 0), said.speaker, name))
        quoted = name if said.kind == DIRECT else quoted
    return resolved


class _People:
    """Who speaks in a text, as far as it was read."""

    def __init__(self, story: Story, found: Sequence[Attributed]) -> None:
        self.names = Names(story.text)
        self.spoken: list[tuple[int, Speaker | None, str | None]] = []
        """The rows as far as they were read: behind the words of who speaks, who is named beside the cue, his name."""
        self._story = story
        self._named = [said for said in found if said.speaker is not None and said.speaker.kind != REFERRING]
        self._told = sorted({said.speaker for said in self._named if said.speaker is not None})
        self._beside = {said.cue[0]: said.speaker for said in found if said.cue is not None}
        """Who is named beside the cue at a place, as far as it was looked for."""
        self._meant: dict[str, bool] = {}

    @cached_property
    def _quoted(self) -> set[str]:
        """The words of the names of all who are quoted to the letter."""
        speakers = [said.speaker for said in self._named if said.kind != INDIRECT and said.speaker is not None]
        return {word for each in speakers for word in name_words((self.names.fullest(each) or "").split())}

    def _last(self) -> tuple[int, str | None]:
        """Behind the words of who spoke last and may be meant by a pronoun, and his name."""
        for end, speaker, name in reversed(self.spoken[-_CUES:]):
            if speaker is None or speaker.kind == REFERRING or self.may_be_meant(speaker):
                return end, name
        return 0, None

    def meant(self, at: int) -> str | None:
        """Return whom a pronoun at a position means: who spoke last, or is the subject of a sentence since."""
        starts, ends = self._story.starts, self._story.ends
        spoke = next(self._spoken_before(at), None)
        behind, name = self._last()
        rank = bisect_right(starts, at - 1) - 1
        for number in range(rank, max(-1, rank - _BACK), -1):
            start = starts[number]
            if behind > start or (spoke is not None and spoke.start >= start):
                break
            subject = opening_subject(self._story.text, start, min(ends[number], at))
            if subject is not None and self._is_person(subject):
                return self.names.fullest(subject)
        if spoke is not None and (spoke.start > behind or name is None):
            return self.names.fullest(spoke)
        return name

    def pointed_at(self, speaker: Speaker | None) -> str | None:
        """Return whom words such as `diplomat itu` mean: who speaks elsewhere and was named last, a sentence before."""
        text, starts = self._story.text, self._story.starts
        if speaker is None or " " not in text[speaker.start : speaker.end]:
            return None
        rank = bisect_right(starts, speaker.start) - 1
        begin = max(starts[max(0, rank - 1)], speaker.start - _SIGHT)
        for match in reversed([*_NAME.finditer(text, begin, speaker.start)]):
            if match[0] in self._quoted:
                return self.names.fullest(Speaker(*match.span(), NAMED))
        return None

    def may_be_meant(self, speaker: Speaker) -> bool:
        """Tell whether a pronoun may mean a speaker: no pronoun himself, no institution, not several."""
        if speaker.kind == REFERRING:
            return False
        phrase = self._story.text[speaker.start : speaker.end]
        if phrase not in self._meant:
            self._meant[phrase] = self._may_be_meant(speaker, phrase.split())
        return self._meant[phrase]

    def _may_be_meant(self, speaker: Speaker, tokens: Sequence[str]) -> bool:
        sort = sorts().get(tokens[0].casefold(), 0)
        if sort & (INSTITUTION | PLURAL | SEVERAL):
            return False
        if speaker.kind == NAMELESS or sort & OFFICE or not self._quoted.isdisjoint(tokens):
            return True
        return self.names.is_somebody(speaker)

    def _spoken_before(self, at: int) -> Iterator[Speaker]:
        """Who is named beside a cue before a position and may be meant by a pronoun there, the last one first."""
        rank = bisect_left(self._told, (at,)) - 1
        floor = max(0, rank - _CUES)
        for cue in self._cues_before(at):
            while rank >= floor and self._told[rank].start >= cue:
                if self.may_be_meant(self._told[rank]):
                    yield self._told[rank]
                rank -= 1
            beside = self._beside[cue]
            if beside is not None and beside.start < at and self.may_be_meant(beside):
                yield beside
        yield from filter(self.may_be_meant, reversed(self._told[floor : rank + 1]))

    def _cues_before(self, at: int) -> Iterator[int]:
        story = self._story
        for cue in reversed(story.cues_in(max(0, at - _SIGHT), at)[-_CUES:]):
            if cue.start not in self._beside:
                left, right = story.sentence(cue.start)
                self._beside[cue.start] = speaker_of_cue(story.text, cue, left, right)
            yield cue.start

    def _is_person(self, subject: Speaker) -> bool:
        """Whether the subject of a sentence is somebody: one who speaks elsewhere, holds an office, or has an age."""
        if subject.kind != NAMED or not self.may_be_meant(subject):
            return False
        text = self._story.text
        tokens = text[subject.start : subject.end].split()
        if sorts().get(tokens[0].casefold(), 0) & OFFICE and len(tokens) > 1:
            return True
        known = any(token.strip(".,") in self._quoted and token[0].isupper() for token in tokens)
        return known or text.startswith((" (", "("), subject.end)
