"""Decides of every stretch between marks whether somebody is quoted, and finds clauses that report speech without marks.

A stretch is a quotation where a cue stands beside it or governs its sentence, where it goes on with one, or where it is
sentences of its own; any other holds a title, a nickname or a word at arm's length.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kliping import knowledge
from kliping.annotation.layers.quotations import cues
from kliping.annotation.layers.quotations.cues import Cue
from kliping.annotation.layers.quotations.marks import Quoted
from kliping.annotation.layers.quotations.speakers import (
    NAMELESS,
    REFERRING,
    Speaker,
    speaker_at,
    speaker_of_cue,
    subject_of,
)
from kliping.model import PARAGRAPH_BREAK

DIRECT, MIXED, INDIRECT = "direct", "mixed", "indirect"
_VERBS = frozenset({"saying", "telling"})
_TELLING = frozenset({"saying", "telling", "passive", "according"})
_SENTENCE = 3
"""Words of a stretch of its own at least."""
_CLAUSE = 4
"""Words of a reported clause at least."""
_FEW = 6
"""Words of a title or a nickname at most."""
_AFAR = 400
"""Code points of a sentence that are read on either side of a stretch."""
_STOPS = ".!?…"


class Attributed(NamedTuple):
    """Words [start, end) that somebody said, by what it is known, and who is named beside the cue."""

    start: int
    end: int
    kind: str
    rule: str
    cue: tuple[int, int] | None = None
    speaker: Speaker | None = None


class Body:
    """A text with its sentences and its cues, as the rules look at it."""

    def __init__(
        self, text: str, starts: Sequence[int], ends: Sequence[int], found: Sequence[Cue], quoted: Sequence[Quoted]
    ) -> None:
        self.text = text
        self.starts = starts
        self.ends = ends
        self.cues = found
        self.quoted = quoted
        self._places = [cue.start for cue in found]

    def is_quoted(self, cue: Cue) -> bool:
        """Tell whether a cue stands between marks: it is a word of who is quoted."""
        rank = bisect_right(self.quoted, (cue.start,)) - 1
        return rank >= 0 and cue.start < self.quoted[rank].end

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the sentence that holds a position or comes last before it, cut to what the rules read."""
        rank = max(0, bisect_right(self.starts, at) - 1)
        return max(self.starts[rank], at - _AFAR), min(self.ends[rank], at + _AFAR)

    def cues_in(self, start: int, end: int) -> Sequence[Cue]:
        """Return the cues that begin in [start, end)."""
        return self.cues[bisect_left(self._places, start) : bisect_left(self._places, end)]


def attribute(body: Body) -> list[Attributed]:
    """Return what is said in a text, in order; a mixed quotation may lie in a clause, nothing else overlaps."""
    found: list[Attributed] = []
    last: Attributed | None = None
    floor, quoted = 0, body.quoted
    for rank, stretch in enumerate(quoted):
        nearby = quoted[rank + 1].start if rank + 1 < len(quoted) else len(body.text)
        said = _attributed(body, stretch, floor, nearby, last)
        floor = max(floor, stretch.end)
        if said is not None:
            found.append(said)
            last = said
            if said.cue is not None:
                floor = max(floor, said.cue[1])
    return sorted([*found, *_clauses(body, found)], key=lambda said: (said.start, -said.end))


def _attributed(body: Body, stretch: Quoted, floor: int, nearby: int, last: Attributed | None) -> Attributed | None:
    text = body.text
    left, right = body.sentence(stretch.start)
    left = max(left, _paragraph_start(text, left, stretch.start), floor)
    if not stretch.opened:
        return _without_opening(body, stretch, left)
    lead = text[left : stretch.start].strip()
    inner = _inner(text, stretch)
    size = len(inner.split(None, _FEW + 1))
    if not size:
        return None
    opens = not lead or lead[-1] in ":.!?…–—-" or lead.endswith((".,", "*"))
    behind = _behind(body, stretch)
    if behind is not None:
        cue, speaker, rule = behind
        grown = opens or (lead.endswith(",") and inner[:1].isupper() and size > _SENTENCE)
        kind = DIRECT if grown or _introduced(body, left, stretch) else MIXED
        return Attributed(stretch.start, stretch.end, kind, f"{kind}:{rule}", cue, speaker)
    whole = inner[-1:] in ",.!?…" or not stretch.closed or _ends_here(text, stretch.end)
    grown = inner[:1].isupper() or inner[:1].isdigit()
    before = _before(body, left, stretch, grown and size > 1, grown and size >= _SENTENCE and whole)
    if before is not None:
        return before
    if not stretch.closed and lead:
        return None
    if lead.endswith(":") and grown and size >= _SENTENCE and not _heads(lead[:-1]):
        speaker = subject_of(text, left, stretch.start - 1)
        if speaker is not None:
            return Attributed(stretch.start, stretch.end, DIRECT, "direct:colon", None, speaker)
    if last is not None and last.kind == DIRECT and grown and size >= 2 and _follows(body, last, stretch, lead, floor):
        return Attributed(stretch.start, stretch.end, DIRECT, "direct:continued")
    if opens and whole and grown and size > _SENTENCE and not lead.endswith(":") and _stands_alone(text, stretch, lead):
        return Attributed(stretch.start, stretch.end, DIRECT, "direct:alone")
    return _fragment(body, stretch, left, max(right, body.sentence(stretch.end)[1]), lead, inner, size)


def _inner(text: str, stretch: Quoted) -> str:
    """The words between the marks."""
    return text[stretch.start : stretch.end].strip("\"“”„«»‟`‘’'´‹›‚ \xa0\n")


def _paragraph_start(text: str, left: int, at: int) -> int:
    found = text.rfind(PARAGRAPH_BREAK, left, at)
    return left if found < 0 else found + len(PARAGRAPH_BREAK)


def _ends_here(text: str, end: int) -> bool:
    """Whether nothing but a stop follows in the sentence."""
    behind = text[end : end + 3]
    return not behind.strip() or behind[0] in _STOPS or behind.startswith(PARAGRAPH_BREAK)


def _behind(body: Body, stretch: Quoted) -> tuple[tuple[int, int], Speaker | None, str] | None:
    """The cue right behind a stretch, who is named beside it, and the name of the rule."""
    text = body.text
    limit = min(len(text), stretch.end + _AFAR)
    match = cues.behind().match(text, stretch.end, limit)
    if match is None:
        return _verb_behind(text, stretch, limit)
    stem, nya = match["stem"].casefold(), match["nya"]
    cue = match.span("cue")
    if PARAGRAPH_BREAK in text[stretch.end : cue[0]] and not text[cue[0]].islower():
        return None
    speaker = speaker_at(text, _skip(text, cue[1]), limit)
    if nya:
        # `ujarnya, Senin`, but `kata Sumirah`: whoever -nya stands for is not named again
        return cue, None, "after"
    if speaker is None:
        return (
            None if stem in cues.cue_words("cues", "unsure") else (cue, None, "after") if _bare_end(text, cue[1]) else None
        )
    if stem in cues.cue_words("cues", "unsure") and not (text[speaker.start].isupper() or speaker.kind == REFERRING):
        return None
    return cue, _quoted_by_medium(text, speaker, limit) or speaker, "after"


def _bare_end(text: str, at: int) -> bool:
    return text[at : at + 1] in {".", ",", ""} or text[at : at + 2] == "\n\n"


def _skip(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] in {" ", "\xa0"} else at


@functools.cache
def _mediated() -> re.Pattern[str]:
    return re.compile(r",?\s(?:seraya |dengan )?mengutip\s(?=[A-ZÀ-Ý])")


def _quoted_by_medium(text: str, speaker: Speaker, limit: int) -> Speaker | None:
    """Whom a medium quotes: `sebut kantor berita Taiga, mengutip Sumirah`."""
    phrase = text[speaker.start : speaker.end].casefold()
    if not phrase.startswith(tuple(cues.cue_words("speakers", "media"))):
        return None
    match = re.compile(r"(?:, [A-Z][\w .-]{1,40})?" + _mediated().pattern).match(text, speaker.end, limit)
    return speaker_at(text, match.end(), limit) if match else None


def _verb_behind(text: str, stretch: Quoted, limit: int) -> tuple[tuple[int, int], Speaker | None, str] | None:
    """`," Sumirah menambahkan`: a subject and its verb behind a stretch that ends in a comma."""
    inner = text[stretch.start : stretch.end].rstrip("\"“”«»'’` ")
    if not inner.endswith((",", "!", "?")) or text[stretch.end : stretch.end + 1] not in {" ", "\xa0"}:
        return None
    speaker = speaker_at(text, stretch.end + 1, limit)
    if speaker is None:
        return None
    match = cues.verb_behind().match(text, speaker.end, limit)
    return (match.span("cue"), speaker, "after") if match else None


def _introduced(body: Body, left: int, stretch: Quoted) -> bool:
    """Whether a verb stands before a stretch that has a cue behind it too: `Ia menjawab, "Siap," katanya`."""
    return bool(body.cues_in(left, stretch.start)) and body.text[left : stretch.start].rstrip()[-1:] in ",:"


def _before(body: Body, left: int, stretch: Quoted, grown: bool, sentence: bool) -> Attributed | None:
    """A quotation whose verb stands right before it: `Sumirah mengatakan, "Kami siap."`"""
    text = body.text
    for cue in reversed(body.cues_in(left, stretch.start)):
        if cue.kind == "behind" or cue.kind == "judging":
            continue
        gap = text[cue.end : stretch.start]
        if not (sentence or (grown and gap.strip() in {",", ":"})) or not _leads(gap):
            return None
        speaker = speaker_of_cue(text, cue, left, stretch.start)
        if speaker is None and not cue.anaphoric and gap.strip() not in {",", ":"}:
            return None
        return Attributed(stretch.start, stretch.end, DIRECT, "direct:before", (cue.start, cue.end), speaker)
    return None


def _leads(gap: str) -> bool:
    """Whether nothing of its own stands between a verb and a quotation: `mengatakan kepada wartawan, `."""
    bare = gap.strip()
    if bare in {"", ",", ":"}:
        return True
    if bare[-1] in ",:":
        return len(bare) < 120 and not any(mark in bare[:-1] for mark in '.!?:"“”') and "bahwa" not in bare
    return bare in cues.cue_words("cues", "conjunctions")


def _heads(lead: str) -> bool:
    """Whether the words before a mark announce a title, a nickname or a term."""
    tail = [word.casefold().strip("(,.:;") for word in lead[-40:].split()[-2:]]
    return bool(tail) and (tail[-1] in cues.cue_words("none", "heads") or " ".join(tail) in cues.cue_words("none", "heads"))


def _follows(body: Body, last: Attributed, stretch: Quoted, lead: str, floor: int) -> bool:
    """Whether a stretch goes on with what was said last: behind its attribution, or right behind it."""
    text = body.text
    between = text[last.end : stretch.start]
    if PARAGRAPH_BREAK in between or len(between) > _AFAR:
        return False
    if not between.strip(" \xa0.,;-–—"):
        return last.end < stretch.start
    if last.cue is None or last.cue[0] < last.end:
        return False
    told = last.speaker.end if last.speaker is not None else last.cue[1]
    rest = text[max(told, last.cue[1]) : stretch.start]
    if lead and not lead.endswith((",", ".", ":", ";")):
        return False
    return len(re.findall(r"[.!?]\s+(?=[A-Z\"“])", rest)) <= 1 and _plain(rest)


def _plain(rest: str) -> bool:
    """Whether what is behind an attribution only tells when, where and how it was said."""
    sentence, _, more = rest.partition(". ")
    return not more.strip(' "“\n')


def _stands_alone(text: str, stretch: Quoted, lead: str) -> bool:
    """Whether the stretch is sentences of its own: nothing of its sentence follows."""
    behind = text[stretch.end : stretch.end + 4]
    inner_end = text[stretch.start : stretch.end].rstrip("\"“”«»'’` ")[-1:]
    if not stretch.closed:
        return True
    if inner_end in _STOPS:
        return not behind.strip() or not behind.lstrip()[:1].islower()
    return (
        behind[:1] in _STOPS
        or (inner_end == "," and not behind.strip())
        or behind.startswith(PARAGRAPH_BREAK)
        or not behind
    )


def _without_opening(body: Body, stretch: Quoted, left: int) -> Attributed | None:
    """What a mark closes that nothing opened, where a cue is behind it: from the beginning of its sentence on."""
    text = body.text
    while left < stretch.start and (text[left].isspace() or text[left] in ".,;"):
        left += 1
    if len(text[left : stretch.start].split(None, _SENTENCE)) < _SENTENCE:
        return None
    behind = _behind(body, Quoted(left, stretch.end))
    if behind is None or text[stretch.start - 1 : stretch.start] not in {",", ".", "!", "?"}:
        return None
    cue, speaker, rule = behind
    return Attributed(left, stretch.end, DIRECT, f"direct:{rule}", cue, speaker)


def _fragment(
    body: Body, stretch: Quoted, left: int, right: int, lead: str, inner: str, size: int
) -> Attributed | None:
    """A fragment within a sentence that a cue governs, if it is no title and no nickname."""
    text = body.text
    if not lead or not stretch.closed or _heads(lead) or _titled(inner, size) or _nickname(text, stretch, lead, size):
        return None
    start, _ = body.sentence(stretch.start)
    for cue in reversed(body.cues_in(max(start, _paragraph_start(text, start, stretch.start)), stretch.start)):
        if cue.kind == "behind" or body.is_quoted(cue):
            continue
        speaker = speaker_of_cue(text, cue, start, stretch.start)
        if speaker is not None or cue.anaphoric:
            return Attributed(stretch.start, stretch.end, MIXED, "mixed:before", (cue.start, cue.end), speaker)
    for cue in body.cues_in(stretch.end, right):
        if cue.kind in {"behind", "according"}:
            speaker = speaker_of_cue(text, cue, stretch.end, right)
            if speaker is not None or cue.anaphoric:
                return Attributed(stretch.start, stretch.end, MIXED, "mixed:after", (cue.start, cue.end), speaker)
    return None


def _titled(inner: str, size: int) -> bool:
    """Whether the words have capitals as titles have."""
    tokens = inner.split()
    capitals = sum(token[:1].isupper() for token in tokens)
    return (1 < size and capitals * 3 >= len(tokens) * 2) or (size == 1 and inner[:1].isupper())


def _nickname(text: str, stretch: Quoted, lead: str, size: int) -> bool:
    """Whether the stretch stands within a name: `Ahmad "Kancil" Hidayat`."""
    behind = text[stretch.end : stretch.end + 2]
    word = lead.split()[-1]
    return size <= 3 and behind[:1] == " " and behind[1:].isupper() and word[:1].isupper() and len(lead) > len(word)


def _clauses(body: Body, found: Sequence[Attributed]) -> Iterator[Attributed]:
    """Clauses that a cue governs, one a sentence, none over a direct quotation."""
    directs = [said for said in found if said.kind == DIRECT]
    starts = [said.start for said in directs]
    covered = {said.cue for said in directs if said.cue}
    behind = 0
    for cue in body.cues:
        if (
            cue.start < behind
            or cue.kind in {"judging", "passive"}
            or (cue.start, cue.end) in covered
            or body.is_quoted(cue)
        ):
            continue
        rank = bisect_right(starts, cue.start)
        if rank and directs[rank - 1].end > cue.start:
            continue
        left, right = body.sentence(cue.start)
        left = max(left, _paragraph_start(body.text, left, cue.start), directs[rank - 1].end if rank else 0)
        if rank < len(starts):
            right = min(right, starts[rank])
        said = _clause(body, cue, left, right)
        if said is not None and said.start >= behind:
            yield said
            behind = right


def _clause(body: Body, cue: Cue, left: int, right: int) -> Attributed | None:
    if cue.kind in {"according", "behind"}:
        return _beside_clause(body, cue, left, right)
    text = body.text
    parted = cues.before_clause().match(text, cue.end, right)
    if parted is not None:
        start = parted.end()
    elif cue.kind == "saying" and text[cue.end : cue.end + 1] == " " and not _OTHER_OBJECT.match(text, cue.end):
        start = cue.end + 1
    else:
        return None
    speaker = speaker_of_cue(text, cue, left, right)
    if (speaker is None and not cue.anaphoric) or text[left : cue.start].rstrip().endswith(
        ("yang", "untuk", "tidak", "tak", "bisa")
    ):
        return None
    return _reported(text, start, right, "indirect:clause", cue, speaker)


_OTHER_OBJECT = re.compile(
    r"\s(?:kepada|pada|di|dalam|hal|itu|ini|demikian|ketika|saat|sebagai|dengan|oleh|melalui|ke|dari|siap|diri|akan hal|selamat|terima|rasa|sikap|dukungan|harapan|keprihatinan|kesediaan|komitmen|duka|(?!(?:keduanya|semuanya|ketiganya|dirinya|pihaknya)\b)\w{1,20}nya)\b"
)


def _beside_clause(body: Body, cue: Cue, left: int, right: int) -> Attributed | None:
    """`Menurut Sumirah, harga naik`, `Harga, kata Sumirah, naik`, `Harga naik, ujarnya`."""
    text = body.text
    speaker = speaker_of_cue(text, cue, left, right)
    if speaker is None and not cue.anaphoric:
        return None
    if speaker is not None and not (
        text[speaker.start].isupper() or speaker.kind == REFERRING or speaker.kind == NAMELESS or _office(text, speaker)
    ):
        return None
    told = cue.end if speaker is None else speaker.end
    lead = text[left : cue.start].strip(" \xa0")
    pause = _PAUSE.match(text, told, right)
    if cue.kind == "according" and (not lead or (len(lead.split()) <= 2 and _leads_in(lead))):
        if pause is None and cue.anaphoric:
            return _reported(text, told, right, "indirect:according", cue, speaker)
        if pause is None:
            return None
        return _reported(text, _behind_days(text, pause.end(), right), right, "indirect:according", cue, speaker)
    if not lead.endswith(","):
        return None
    if pause is None:
        return _reported(text, left, cue.start - 1, "indirect:after", cue, speaker)
    return _reported(text, left, right, "indirect:inserted", cue, speaker)


def _behind_days(text: str, at: int, right: int) -> int:
    """Where a clause begins behind the day on which it was said: `Menurut Sumirah, Senin (5/2), harga naik`."""
    first = _WORD.match(text, at, right)
    if first is None or first[0].casefold() not in knowledge.calendar().names:
        return at
    comma = text.find(", ", at, min(right, at + _AFAR))
    return at if comma < 0 else comma + 2


_WORD = re.compile(r"[\w'’]{1,20}")
_PAUSE = re.compile(
    r"(?:\s?\([^()\n]{1,30}\))?(?:\s(?:di|pada|dalam|saat|kepada|usai|melalui|lewat|ketika)\s[^.,;:!?\"“”\n]{0,60})?,\s"
)


def _leads_in(lead: str) -> bool:
    return lead.split()[0].casefold().strip(",") in cues.cue_words("speakers", "lead_in")


def _office(text: str, speaker: Speaker) -> bool:
    first = text[speaker.start : speaker.end].split()[0].casefold()
    return first in cues.cue_words("speakers", "offices") or first in cues.cue_words("speakers", "institutions")


def _reported(text: str, start: int, end: int, rule: str, cue: Cue, speaker: Speaker | None) -> Attributed | None:
    """The clause [start, end) without its outer white space and stops."""
    broken = text.find(PARAGRAPH_BREAK, start, end)
    end = end if broken < 0 else broken
    while start < end and text[start].isspace():
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ".,;:!?*"):
        end -= 1
    if len(text[start:end].split(None, _CLAUSE)) < _CLAUSE:
        return None
    return Attributed(start, end, INDIRECT, rule, (cue.start, cue.end), speaker)
