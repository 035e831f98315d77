"""Finds quotations in the body: what was said, between marks or in a clause, by which words, and by whom.

`marks` pairs quotation marks, `cues` finds the words that say somebody speaks, `attribution` decides what between marks
is quoted, `clauses` finds what is reported without marks. `speakers` reads who is named beside a cue, by what `lexicon`
says of each word; `names` finds the fullest name of somebody, `reference` whom a pronoun means; `placing` gives
the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from kliping.annotation.layers.layer import Article
from kliping.annotation.layers.quotations.attribution import attribute
from kliping.annotation.layers.quotations.clauses import clauses
from kliping.annotation.layers.quotations.cues import Cue, find_cues
from kliping.annotation.layers.quotations.marks import find_quoted
from kliping.annotation.layers.quotations.placing import Placing, Said
from kliping.annotation.layers.quotations.reference import name_speakers
from kliping.annotation.layers.quotations.story import Story
from kliping.annotation.layers.sentences import split_all
from kliping.model import Quotation, Sentence


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
        sentences = [(each.start, each.end) for each in cast("Sequence[Sentence]", article.found["sentences"])]
        said = _said(article.text, sentences, cues)
        placing = Placing(article) if said else None
        yield [row for each in said for row in placing.rows(each)] if placing else []
