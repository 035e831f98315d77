"""The language of article bodies: a cascade of words and langdetect, which is asked only what the words leave open.

Words come first: a body with Indonesian in every part and nothing against it (`neighbours.is_plain_indonesian`) is
`id`, with score 1000; docs/quality.md tells how seldom langdetect would have said something else. Any other body gets
the label and the probability that langdetect 1.0.9 gives it with seed 0 and its profiles in sorted order (profiles.py,
ngrams.py, trials.py; at most the first 10,000 characters count, as in langdetect), but many times faster. langdetect
takes Malay, Javanese and Sundanese for Indonesian, so its `id` is published only if `neighbours.tell` says the same;
if that finds one of the other three, this is published instead, and if it cannot tell, nothing is. Where langdetect
sees any other language, the body must not be in one of those four: two witnesses that disagree give no value.
"""

from __future__ import annotations

from collections.abc import Sequence

from kliping.annotation.layers.language import neighbours
from kliping.annotation.layers.layer import Article
from kliping.model import Language

BCP47 = {"zh-cn": "zh-CN", "zh-tw": "zh-TW"}
"""langdetect's labels that are not written as BCP 47 recommends."""


UNKNOWN = Language(None, None)
INDONESIAN = Language("id", 1000)


def find(articles: Sequence[Article]) -> list[tuple[Language]]:
    """The layer `language`."""
    return [(spoken,) for spoken in detect([article.text for article in articles])]


def detect(bodies: Sequence[str]) -> list[Language]:
    """The language of each body; a body's answer does not depend on the others. Large batches are fastest.

    >>> detect(["Polisi menahan mobil itu karena sopirnya tidak membawa surat.", "12.30"])
    [Language(language='id', language_score=1000), Language(language=None, language_score=None)]
    """
    plain = [neighbours.is_plain_indonesian(body) for body in bodies]
    seen = iter(langdetect([body for body, told in zip(bodies, plain, strict=True) if not told]))
    return [INDONESIAN if told else _published(body, *next(seen)) for body, told in zip(bodies, plain, strict=True)]


def langdetect(texts: Sequence[str]) -> list[tuple[str | None, int | None]]:
    """What plain langdetect says of each text: its label and probability per mille, None where it finds no features."""
    if not texts:
        return []
    from kliping.annotation.layers.language import profiles, trials  # only here: these load langdetect and its tables

    tables = profiles.load()
    chances = trials.probabilities(texts, tables)
    best = chances.argmax(axis=1).tolist()
    return [
        (tables.languages[column], round(1000 * row[column])) if row[column] > trials.THRESHOLD else (None, None)
        for row, column in zip(chances.tolist(), best, strict=True)
    ]


def _published(body: str, label: str | None, score: int | None) -> Language:
    if label is None:
        return UNKNOWN
    told = neighbours.tell(body)
    if label != "id":
        return UNKNOWN if told else Language(BCP47.get(label, label), score)
    return Language(told, score if told == "id" else None)
