"""Finds clauses that report speech without marks: `Menurut Sumirah, harga naik`, `Sumirah mengatakan harga naik`."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from kliping import knowledge
from kliping.annotation.layers.quotations.cues import Cue, clause_pattern, cue_words
from kliping.annotation.layers.quotations.lexicon import DAY, HEAD, LEAD_IN, sorts
from kliping.annotation.layers.quotations.speakers import NAMED, Speaker, speaker_of_cue
from kliping.annotation.layers.quotations.story import DIRECT, INDIRECT, Attributed, Story
from kliping.model import PARAGRAPH_BREAK

_CLAUSE = 4
"""Words of a reported clause at least."""
_LEAD = 2
"""Words at most that lead in before `menurut`: `Sementara itu, menurut Sumirah, ...`."""
_DAY = 120
"""Code points of the day on which something was said, at most."""
_NOT_SAID = ("yang", "untuk", "tidak", "tak", "bisa")
"""Words before a verb of which nobody is the subject who said anything."""
_WORD = re.compile(r"[\w'’]{1,20}")
_PAUSE = re.compile(
    r"(?:\s?\([^()\n]{1,30}\))?(?:\s(?:di|pada|dalam|saat|kepada|usai|melalui|lewat|ketika)\s[^.,;:!?\"“”\n]{0,60})?,\s"
)
"""What parts a speaker from the clause behind him."""


@functools.cache
def _other_object() -> re.Pattern[str]:
    """What stands behind a verb of speaking that governs no clause: `mengatakan kepada`, `menyatakan sikap`."""
    persons = knowledge.any_of(cue_words("cues", "objects_of_clauses"))
    others = knowledge.any_of(cue_words("cues", "other_objects"))
    return re.compile(rf"\s(?:{others}|(?!(?:{persons})\b)\w{{1,20}}nya)\b")


def clauses(story: Story, found: Sequence[Attributed]) -> Iterator[Attributed]:
    """Yield the clauses that cues govern, in order, one a sentence, none over what is quoted directly in `found`.

    A quotation between marks lies within a clause or outside of it.
    """
    directs = [said for said in found if said.kind == DIRECT]
    starts = [said.start for said in directs]
    taken = {said.cue for said in directs}
    floor = 0
    for cue in story.cues:
        if cue.start < floor or cue.kind == "passive" or (cue.start, cue.end) in taken:
            continue
        rank = bisect_right(starts, cue.start)
        before = directs[rank - 1].end if rank else 0
        if before > cue.start or story.in_marks(cue.start):
            continue
        left, right = story.sentence_of(cue.start)
        left = max(left, before)
        right = min(right, starts[rank]) if rank < len(starts) else right
        said = _governed(story.text, cue, left, right)
        if said is not None and said.start >= floor and not any(map(story.in_marks, _inside(said))):
            yield said
            floor = right


def _inside(said: Attributed) -> tuple[int, int]:
    """Places that lie in marks where marks part a clause."""
    return said.start - 1, said.end


def _governed(text: str, cue: Cue, left: int, right: int) -> Attributed | None:
    """The clause of a cue within the sentence [left, right)."""
    if cue.kind in {"according", "behind"}:
        return _beside(text, cue, left, right)
    parted = clause_pattern().match(text, cue.end, right)
    if parted is not None and (cue.kind != "judging" or "bahwa" in parted[0]):
        start = parted.end()
    elif cue.kind == "saying" and text.startswith(" ", cue.end) and not _other_object().match(text, cue.end):
        start = cue.end + 1
    else:
        return None
    if text[left : cue.start].rstrip().endswith(_NOT_SAID) or text.count(" ", start, right) + 1 < _CLAUSE:
        return None
    speaker = speaker_of_cue(text, cue, left, right)
    if speaker is None and not cue.anaphoric:
        return None
    return _reported(text, start, right, "indirect:clause", cue, speaker)


def _beside(text: str, cue: Cue, left: int, right: int) -> Attributed | None:
    """The clause behind `menurut` and its speaker, or the one that a cue interrupts or ends."""
    speaker = speaker_of_cue(text, cue, left, right)
    if speaker is None and not cue.anaphoric:
        return None
    if speaker is not None and speaker.kind == NAMED and text[speaker.start].islower() and not _is_head(text, speaker):
        return None
    told = cue.end if speaker is None else speaker.end
    lead = text[left : cue.start].strip()
    pause = _PAUSE.match(text, told, right)
    if cue.kind == "according" and _leads_in(lead):
        if pause is None:
            return _reported(text, told, right, "indirect:according", cue, speaker) if cue.anaphoric else None
        return _reported(text, _behind_day(text, pause.end(), right), right, "indirect:according", cue, speaker)
    if not lead.endswith(","):
        return None
    if pause is None:
        return _reported(text, left, cue.start, "indirect:after", cue, speaker)
    return _reported(text, left, right, "indirect:inserted", cue, speaker)


def _is_head(text: str, speaker: Speaker) -> bool:
    """Whether the words for a speaker begin with an office or an institution; `menurut rencana` has no speaker."""
    first = text[speaker.start : speaker.end].split()[0]
    return bool(sorts().get(first.casefold(), 0) & HEAD)


def _leads_in(lead: str) -> bool:
    """Whether the words before `menurut` are no part of the clause."""
    words = lead.split()
    return not words or (len(words) <= _LEAD and bool(sorts().get(words[0].casefold().strip(","), 0) & LEAD_IN))


def _behind_day(text: str, at: int, right: int) -> int:
    """Where a clause begins behind the day on which it was said: `Menurut Sumirah, Senin (5/2), harga naik`."""
    first = _WORD.match(text, at, right)
    comma = -1
    if first is not None and sorts().get(first[0].casefold(), 0) & DAY:
        comma = text.find(", ", at, min(right, at + _DAY))
    return at if comma < 0 else comma + 2


def _reported(text: str, start: int, end: int, rule: str, cue: Cue, speaker: Speaker | None) -> Attributed | None:
    """The clause [start, end) without its outer white space and stops; None where it is too short for one."""
    broken = text.find(PARAGRAPH_BREAK, start, end)
    end = end if broken < 0 else broken
    while start < end and text[start].isspace():
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ".,;:!?*"):
        end -= 1
    if len(text[start:end].split(None, _CLAUSE)) < _CLAUSE:
        return None
    return Attributed(start, end, INDIRECT, rule, (cue.start, cue.end), speaker)
