"""Finds quotations in the body: what was said, between marks or in a clause, by which words, and by whom.

`marks` pairs quotation marks, `cues` finds the words that say somebody speaks, `attribution` decides what between marks
is quoted, `clauses` finds what is reported without marks. `speakers` reads who is named beside a cue, by what `lexicon`
says of each word; `names` finds the fullest name of somebody, `reference` whom a pronoun means.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from kliping.annotation.layers.layer import Article
from kliping.annotation.layers.quotations.attribution import attribute
from kliping.annotation.layers.quotations.clauses import clauses
from kliping.annotation.layers.quotations.cues import Cue, find_cues
from kliping.annotation.layers.quotations.marks import find_quoted
from kliping.annotation.layers.quotations.reference import name_speakers
from kliping.annotation.layers.quotations.story import Story
from kliping.annotation.layers.sentences import split_all
from kliping.annotation.places import Home, body_range_to_raw
from kliping.model import Quotation, Sentence

_BEGIN = attrgetter("begin")


class Said(NamedTuple):
    """A quotation in a text: [start, end) with its marks, who says it, and the rule that found it."""

    start: int
    end: int
    kind: str
    rule: str
    cue: tuple[int, int] | None
    speaker: tuple[int, int] | None
    speaker_name: str | None


def find_said(text: str) -> list[Said]:
    """Return the quotations of a text in which PARAGRAPH_BREAK parts paragraphs, in order.

    >>> [said] = find_said('Sumirah Wati tiba pagi. "Saya siap," kata Sumirah.')
    >>> said.kind, said.speaker_name
    ('direct', 'Sumirah Wati')
    """
    (sentences,) = split_all([text])
    (cues,) = find_cues([text])
    return _said(text, sentences, cues)


def _said(text: str, sentences: Sequence[tuple[int, int]], cues: Sequence[Cue]) -> list[Said]:
    quoted = find_quoted(text)
    if not sentences or not (quoted or cues):
        return []
    story = Story(text, sentences, cues, quoted)
    found = attribute(story)
    found = sorted([*found, *clauses(story, found)], key=lambda said: (said.start, -said.end))
    names = name_speakers(story, found)
    return [
        Said(*said[:5], said.speaker and (said.speaker.start, said.speaker.end), name)
        for said, name in zip(found, names, strict=True)
    ]


def find(articles: Sequence[Article]) -> Iterator[list[Quotation]]:
    """Find the quotations of each body, with their places in the raw text: the layer `quotations`."""
    for article, cues in zip(articles, find_cues([article.text for article in articles]), strict=True):
        sentences = [(s.start, s.end) for s in article.found["sentences"] if isinstance(s, Sentence)]
        said = _said(article.text, sentences, cues)
        homes = list(article.places.homes()) if said else []
        yield [_row(article, homes, each, part) for each in said for part in _parts(homes, each.start, each.end)]


def _parts(homes: Sequence[Home], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of a quotation that lie together in the raw text: what stands between two is not of the body."""
    first, last = bisect_right(homes, start, key=_BEGIN) - 1, bisect_left(homes, end, key=_BEGIN) - 1
    for rank in range(first, last):
        if homes[rank + 1].position != homes[rank].position + 1:
            yield start, homes[rank].end
            start = homes[rank + 1].begin
    yield start, end


def _row(article: Article, homes: Sequence[Home], said: Said, part: tuple[int, int]) -> Quotation:
    start, end = body_range_to_raw(homes, *part)
    cue, cue_start, cue_end = _place(article, homes, said.cue)
    speaker, speaker_start, speaker_end = _place(article, homes, said.speaker)
    return Quotation(
        start=start,
        end=end,
        text=article.places.text(start, end),
        kind=said.kind,
        cue=cue,
        cue_start=cue_start,
        cue_end=cue_end,
        speaker=speaker,
        speaker_start=speaker_start,
        speaker_end=speaker_end,
        speaker_name=said.speaker_name,
        rule=said.rule,
    )


def _place(
    article: Article, homes: Sequence[Home], span: tuple[int, int] | None
) -> tuple[str, int, int] | tuple[None, None, None]:
    """The words of a place in the body, and where they are in the raw text."""
    if span is None:
        return None, None, None
    start, end = body_range_to_raw(homes, *span)
    return article.places.text(start, end), start, end
