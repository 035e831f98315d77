"""Tells whom a pronoun or -nya means, and gives every speaker the fullest name that the text has for him."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from kliping.annotation.layers.quotations.attribution import INDIRECT, Attributed, Body
from kliping.annotation.layers.quotations.cues import words
from kliping.annotation.layers.quotations.speakers import Names, Speaker, name_tokens, opening_subject, speaker_of_cue

_BACK = 6
"""Sentences that are read backwards for whom a pronoun means."""


def name_speakers(body: Body, found: Sequence[Attributed]) -> list[str | None]:
    """Return the fullest name of who says each of the quotations; None where it is not known."""
    names = Names(body.text)
    told = _told(body, found)
    beside = [said.speaker for said in found if said.speaker is not None and said.kind != INDIRECT]
    known = [name for speaker in beside if not speaker.refers and (name := names.fullest(speaker))]
    people = {token.strip(".,") for name in known for token in name_tokens(name.split())}
    resolved: list[str | None] = []
    last: tuple[int, str | None] = (0, None)
    """Where somebody spoke last, and who."""
    places = [place for place, _ in told]
    for said in found:
        at = said.cue[0] if said.cue is not None and said.cue[0] < said.start else said.start
        if said.speaker is not None and not said.speaker.refers:
            name = names.fullest(said.speaker)
        elif said.rule == "direct:continued":
            name = last[1]
        else:
            name = _meant(body, at, told, places, names, people, last)
        resolved.append(name)
        if said.speaker is None or said.speaker.refers or _may_be_meant(body.text, said.speaker, names, people):
            last = (max(said.end, said.cue[1] if said.cue else 0), name)
    return resolved


def _told(body: Body, found: Sequence[Attributed]) -> list[tuple[int, Speaker]]:
    """Everybody who is named beside a cue, by the place of the words."""
    told = {said.speaker.start: said.speaker for said in found if said.speaker is not None}
    for cue in body.cues:
        if not cue.anaphoric:
            left, right = body.sentence(cue.start)
            speaker = speaker_of_cue(body.text, cue, left, right)
            if speaker is not None:
                told.setdefault(speaker.start, speaker)
    return sorted(told.items())


def _meant(
    body: Body,
    at: int,
    told: Sequence[tuple[int, Speaker]],
    places: Sequence[int],
    names: Names,
    people: set[str],
    last: tuple[int, str | None],
) -> str | None:
    """Whom a pronoun at a position means: who spoke last, or is the subject of a sentence since."""
    rank = bisect_right(places, at) - 1
    while rank >= 0 and not _may_be_meant(body.text, told[rank][1], names, people):
        rank -= 1
    spoke = told[rank] if rank >= 0 else None
    sentence = bisect_right(body.starts, at - 1) - 1
    for number in range(sentence, max(-1, sentence - _BACK), -1):
        start, end = body.starts[number], min(body.ends[number], at)
        if last[0] > start and last[1] is not None:
            if spoke is not None and spoke[0] > last[0]:
                return names.fullest(spoke[1])
            return last[1]
        if spoke is not None and spoke[0] >= start:
            return names.fullest(spoke[1])
        subject = opening_subject(body.text, start, end)
        if subject is not None and _is_person(body.text, subject, names, people):
            return names.fullest(subject)
    if last[1] is not None and (spoke is None or last[0] >= spoke[0]):
        return last[1]
    return names.fullest(spoke[1]) if spoke is not None else None


def _may_be_meant(text: str, speaker: Speaker, names: Names, people: set[str]) -> bool:
    """Whether a pronoun may mean a speaker: no pronoun himself, no institution, not several.

    Who is quoted somewhere is a person, and so is who holds an office or has a name of two words.
    """
    if speaker.refers:
        return False
    tokens = text[speaker.start : speaker.end].split()
    first = tokens[0].casefold()
    if first in words("speakers", "institutions") or first in words("speakers", "plural") or first in words("speakers", "several"):
        return False
    if speaker.kind == "unnamed" or first in words("speakers", "offices") or not people.isdisjoint(tokens):
        return True
    return names.is_somebody(speaker)


def _is_person(text: str, subject: Speaker, names: Names, people: set[str]) -> bool:
    """Whether the subject of a sentence is somebody: one who speaks elsewhere, or holds an office, or has an age."""
    if subject.kind != "named" or not _may_be_meant(text, subject, names, people):
        return False
    phrase = text[subject.start : subject.end]
    tokens = phrase.split()
    if tokens[0].casefold() in words("speakers", "institutions"):
        return False
    if tokens[0].casefold() in words("speakers", "offices") and len(tokens) > 1:
        return names.fullest(subject) is not None
    return any(token.strip(".,") in people and token[0].isupper() for token in tokens) or text[
        subject.end : subject.end + 3
    ].lstrip(" ").startswith("(")
