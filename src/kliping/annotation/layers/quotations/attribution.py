"""Decides of every stretch between marks whether somebody is quoted, how, and beside which cue he is named.

A stretch is a quotation where a cue stands beside it or governs its sentence, where it goes on with one, or where it is
sentences of its own; any other holds a title, a nickname or a word at arm's length.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kliping.annotation.layers.quotations.cues import behind_pattern, cue_words, verb_pattern
from kliping.annotation.layers.quotations.marks import Quoted, without_marks
from kliping.annotation.layers.quotations.speakers import REFERRING, Speaker, speaker_at, speaker_of_cue, subject_of
from kliping.annotation.layers.quotations.story import DIRECT, MIXED, Attributed, Story, is_announced
from kliping.model import PARAGRAPH_BREAK

_SENTENCE = 3
"""Words of a stretch that is a sentence, at least."""
_NICKNAME = 3
"""Words of a nickname at most."""
_ALL = 8
"""More words of a stretch are not counted."""
_REACH = 400
"""Code points behind a stretch in which its cue and its speaker stand."""
_STOPS = ".!?…"
_GOES_ON = 3
"""Code points behind a stretch that tell whether its sentence goes on."""
_GAP = 120
"""Code points between a verb and the quotation that it leads to, at most."""
_MEDIATED = re.compile(r"(?:, [A-Z][\w .-]{1,40})?,?\s(?:seraya |dengan )?mengutip\s(?=[A-ZÀ-Ý])")


class _Stretch(NamedTuple):
    """A stretch between marks as the rules see it."""

    quoted: Quoted
    left: int
    """Where its sentence begins, or goes on behind what was quoted before."""
    lead: str
    """The words before it in the sentence."""
    inner: str
    """The words between the marks."""
    size: int
    """How many these are, counted up to `_ALL`."""

    @property
    def opens(self) -> bool:
        """Whether it opens its sentence."""
        return not self.lead or self.lead[-1] in ":.!?…–—-*" or self.lead.endswith(".,")

    @property
    def grown(self) -> bool:
        """Whether it begins as sentences do."""
        return self.inner[0].isupper() or self.inner[0].isdigit()


def attribute(story: Story) -> list[Attributed]:
    """Return the direct and mixed quotations of a text, in order; none overlaps another."""
    found: list[Attributed] = []
    floor = 0
    for quoted in story.quoted:
        said = _attributed(story, quoted, floor, found[-1] if found else None)
        floor = max(floor, quoted.end)
        if said is not None:
            found.append(said)
            floor = max(floor, said.cue[1] if said.cue is not None else 0)
    return found


def _attributed(story: Story, quoted: Quoted, floor: int, last: Attributed | None) -> Attributed | None:
    """What a stretch is; None for no quotation. Before `floor` stand earlier ones, of which `last` is the last."""
    left = max(story.sentence_of(quoted.start)[0], floor)
    if not quoted.opened:
        return _without_opening(story, quoted, left)
    inner = without_marks(story.text[quoted.start : quoted.end])
    if not inner:
        return None
    lead = story.text[left : quoted.start].strip()
    stretch = _Stretch(quoted, left, lead, inner, len(inner.split(None, _ALL)))
    behind = _cue_behind(story.text, quoted)
    if behind is not None:
        kind, rule = (DIRECT, "direct:after") if _is_direct(story, stretch) else (MIXED, "mixed:after")
        return Attributed(quoted.start, quoted.end, kind, rule, *behind)
    said = _introduced(story, stretch)
    if said is None and (quoted.closed or not lead):
        said = _own_sentence(story, stretch, last) or _fragment(story, stretch)
    return said


def _is_direct(story: Story, stretch: _Stretch) -> bool:
    """Whether a stretch with a cue behind it is sentences: it opens its sentence, or a verb leads to it."""
    if stretch.opens or (stretch.lead.endswith(",") and stretch.inner[0].isupper() and stretch.size > _SENTENCE):
        return True
    return stretch.lead[-1] in ",:" and bool(story.cues_in(stretch.left, stretch.quoted.start))


def _cue_behind(text: str, quoted: Quoted) -> tuple[tuple[int, int], Speaker | None] | None:
    """The cue right behind a stretch, and who is named beside it; whoever -nya stands for is not."""
    limit = min(len(text), quoted.end + _REACH)
    match = behind_pattern().match(text, quoted.end, limit)
    if match is None:
        return _verb_behind(text, quoted, limit)
    start, end = match.span("cue")
    if PARAGRAPH_BREAK in text[quoted.end : start] and not text[start].islower():
        return None
    if match["nya"]:
        return (start, end), None
    speaker = speaker_at(text, end + text.startswith(" ", end), limit)
    unsure = match["stem"].casefold() in cue_words("cues", "unsure")
    if speaker is None:
        return None if unsure or text[end : end + 1] not in {"", ".", ",", "\n"} else ((start, end), None)
    if unsure and not (text[speaker.start].isupper() or speaker.kind == REFERRING):
        return None
    return (start, end), _quoted_by_medium(text, speaker, limit) or speaker


def _quoted_by_medium(text: str, speaker: Speaker, limit: int) -> Speaker | None:
    """Whom a medium quotes: `sebut kantor berita Taiga, mengutip Sumirah`."""
    media = tuple(cue_words("speakers", "media"))
    if not text[speaker.start : speaker.end].casefold().startswith(media):
        return None
    match = _MEDIATED.match(text, speaker.end, limit)
    return speaker_at(text, match.end(), limit) if match else None


def _verb_behind(text: str, quoted: Quoted, limit: int) -> tuple[tuple[int, int], Speaker] | None:
    """A subject and its verb behind a stretch that ends in a comma: `," Sumirah menambahkan`."""
    if not text.startswith(" ", quoted.end) or text[quoted.end - 2 : quoted.end - 1] not in {",", "!", "?"}:
        return None
    speaker = speaker_at(text, quoted.end + 1, limit)
    match = verb_pattern().match(text, speaker.end, limit) if speaker is not None else None
    return (match.span("cue"), speaker) if match is not None and speaker is not None else None


def _introduced(story: Story, stretch: _Stretch) -> Attributed | None:
    """A quotation whose verb stands right before it: `Sumirah mengatakan, "Kami siap."`"""
    text, (start, end, *_) = story.text, stretch.quoted
    leading = [cue for cue in story.cues_in(stretch.left, start) if cue.kind not in {"behind", "judging"}]
    if not leading or not stretch.grown:
        return None
    cue = leading[-1]
    gap = text[cue.end : start].strip()
    answered = gap[-1:] in {",", ":"} and (stretch.size > 1 or stretch.inner[-1] in _STOPS)
    if not (answered or _is_whole(text, stretch)) or not _leads(gap):
        return None
    speaker = speaker_of_cue(text, cue, stretch.left, start)
    if speaker is None and not cue.anaphoric and gap not in {",", ":"}:
        return None
    return Attributed(start, end, DIRECT, "direct:before", (cue.start, cue.end), speaker)


def _is_whole(text: str, stretch: _Stretch) -> bool:
    """Whether a stretch is long enough for a sentence, and nothing but a stop follows in its own."""
    behind = text[stretch.quoted.end : stretch.quoted.end + _GOES_ON]
    closed = stretch.quoted.closed and stretch.inner[-1] not in ",.!?…" and behind.strip()
    return stretch.size >= _SENTENCE and (not closed or behind[0] in _STOPS or behind.startswith(PARAGRAPH_BREAK))


def _leads(gap: str) -> bool:
    """Whether nothing of its own stands between a verb and a quotation: `mengatakan kepada wartawan, `."""
    if not gap or gap in {",", ":"}:
        return True
    if gap[-1] in ",:":
        return len(gap) < _GAP and not any(mark in gap[:-1] for mark in '.!?:"“”') and "bahwa" not in gap
    return gap in cue_words("cues", "conjunctions")


def _own_sentence(story: Story, stretch: _Stretch, last: Attributed | None) -> Attributed | None:
    """A quotation without a cue of its own: going on with the last, behind the colon of its speaker, or alone."""
    text, lead, (start, end, *_) = story.text, stretch.lead, stretch.quoted
    on = last is not None and last.kind == DIRECT and stretch.size > 1 and _goes_on(text, last, stretch)
    if on and (stretch.grown or lead.endswith(",")):
        return Attributed(start, end, DIRECT, "direct:continued")
    if not stretch.grown:
        return None
    if lead.endswith(":") and stretch.size >= _SENTENCE and not is_announced(lead[:-1]):
        speaker = subject_of(text, stretch.left, start - 1)
        if speaker is not None:
            return Attributed(start, end, DIRECT, "direct:colon", None, speaker)
    if stretch.opens and not lead.endswith(":") and stretch.size > _SENTENCE and _stands_alone(text, stretch):
        return Attributed(start, end, DIRECT, "direct:alone")
    return None


def _goes_on(text: str, last: Attributed, stretch: _Stretch) -> bool:
    """Whether a stretch goes on with what was said last: right behind it, or behind its attribution."""
    start = stretch.quoted.start
    if start - last.end > _REACH or PARAGRAPH_BREAK in text[last.end : start]:
        return False
    if not text[last.end : start].strip(" .,;-–—"):
        return True
    if last.cue is None or last.cue[0] < last.end or (stretch.lead and stretch.lead[-1] not in ",.:;"):
        return False
    told = last.cue[1] if last.speaker is None else max(last.cue[1], last.speaker.end)
    _, _, more = text[told:start].partition(". ")
    return not more.strip()


def _stands_alone(text: str, stretch: _Stretch) -> bool:
    """Whether the stretch is sentences of its own: nothing of its sentence follows."""
    if not stretch.quoted.closed:
        return True
    behind = text[stretch.quoted.end : stretch.quoted.end + _GOES_ON]
    if stretch.inner[-1] in _STOPS:
        return not behind.strip()[:1].islower()
    ends = not behind or behind.startswith(PARAGRAPH_BREAK) or (stretch.inner[-1] == "," and not behind.strip())
    return ends or behind[0] in _STOPS


def _without_opening(story: Story, quoted: Quoted, left: int) -> Attributed | None:
    """What a mark closes that nothing opened, where a cue is behind it: from the beginning of its sentence on."""
    text = story.text
    while left < quoted.start and (text[left].isspace() or text[left] in ".,;"):
        left += 1
    if len(text[left : quoted.start].split(None, _SENTENCE)) < _SENTENCE or text[quoted.start - 1] not in ",.!?":
        return None
    behind = _cue_behind(text, quoted)
    return Attributed(left, quoted.end, DIRECT, "direct:after", *behind) if behind is not None else None


def _fragment(story: Story, stretch: _Stretch) -> Attributed | None:
    """A fragment within a sentence that a cue governs, if it is no title and no nickname."""
    text, (start, end, *_) = story.text, stretch.quoted
    if not stretch.lead or not stretch.quoted.closed or _is_name(text, stretch):
        return None
    left, right = story.sentence_of(start)
    right = max(right, story.sentence(end)[1])
    before = [cue for cue in story.cues_in(left, start) if cue.kind != "behind" and not story.in_marks(cue.start)]
    after = [cue for cue in story.cues_in(end, right) if cue.kind in {"behind", "according"}]
    for rule, cue in [*[("mixed:before", cue) for cue in reversed(before)], *[("mixed:after", cue) for cue in after]]:
        speaker = speaker_of_cue(text, cue, left, start if rule == "mixed:before" else right)
        if speaker is not None or cue.anaphoric:
            return Attributed(start, end, MIXED, rule, (cue.start, cue.end), speaker)
    return None


def _is_name(text: str, stretch: _Stretch) -> bool:
    """Whether the words are a title or a nickname: announced as one, with capitals as one, or within a name."""
    if is_announced(stretch.lead):
        return True
    words = stretch.inner.split()
    if sum(word[0].isupper() for word in words) * 3 >= len(words) * 2:
        return True
    behind = text[stretch.quoted.end : stretch.quoted.end + 2]
    before = stretch.lead.split()[-1]
    return stretch.size <= _NICKNAME and behind[:1] == " " and behind[1:].isupper() and before[0].isupper()
