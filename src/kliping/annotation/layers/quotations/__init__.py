"""Finds quotations in the body: what was said, between marks or in a clause, by which words, and by whom.

`marks` pairs quotation marks, `cues` finds the words that say somebody speaks, `attribution` decides what is quoted,
`speakers` reads who is named, `reference` tells whom a pronoun means. What news says stands in quotations.toml.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kliping.annotation.layers.layer import Article
from kliping.annotation.layers.quotations.attribution import DIRECT, Attributed, Body, attribute
from kliping.annotation.layers.quotations.cues import Cue, find_cues
from kliping.annotation.layers.quotations.marks import find_quoted
from kliping.annotation.layers.quotations.reference import name_speakers
from kliping.annotation.layers.sentences import split_all
from kliping.annotation.places import Home, body_range_to_raw
from kliping.model import Sentence


class Said(NamedTuple):
    """A quotation in a text: [start, end) with its marks, who says it, and the rule that found it."""

    start: int
    end: int
    kind: str
    rule: str
    cue: tuple[int, int] | None
    speaker: tuple[int, int] | None
    speaker_name: str | None


class Quotation(NamedTuple):
    """A quotation of an article, in positions of the raw text: a row of `quotations`."""

    start: int
    end: int
    text: str
    kind: str
    cue: str | None
    cue_start: int | None
    cue_end: int | None
    speaker: str | None
    speaker_start: int | None
    speaker_end: int | None
    speaker_name: str | None
    rule: str


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
    body = Body(text, [start for start, _ in sentences], [end for _, end in sentences], cues, quoted)
    found = attribute(body)
    names = name_speakers(body, found)
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
        yield [_row(article, homes, each) for each in said]


def _row(article: Article, homes: Sequence[Home], said: Said) -> Quotation:
    start, end = body_range_to_raw(homes, said.start, said.end)
    return Quotation(
        start,
        end,
        article.places.text(start, end),
        said.kind,
        *_place(article, homes, said.cue),
        *_place(article, homes, said.speaker),
        said.speaker_name,
        said.rule,
    )


def _place(
    article: Article, homes: Sequence[Home], span: tuple[int, int] | None
) -> tuple[str, int, int] | tuple[None, None, None]:
    """A place within one sentence of the body: its words, and where it is in the raw text."""
    if span is None:
        return None, None, None
    start, end = body_range_to_raw(homes, *span)
    return article.places.text(start, end), start, end
