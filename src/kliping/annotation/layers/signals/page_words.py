"""Finds words in bodies with which pages name their own parts: where one is left, a border may have been missed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kliping import knowledge
from kliping.annotation.scan import Hit, Joined, Words

LEAST = 8
"""Code points of a phrase; shorter ones stand in sentences too."""
_LABEL = re.compile(r"[\w(\[<©][^.]*[:/(©)\]<>]|[(\[<]")
"""A trigger with a sign that makes it a label, a credit or a tag; what begins with a stop is the end of an address."""


def find_page_words(bodies: Sequence[str]) -> list[list[tuple[int, int]]]:
    """Return where such words stand in each body, in order, without overlap.

    >>> find_page_words(["Harga cabai turun. Foto: Wening", "Berita foto itu dibaca juga oleh petani."])
    [[(19, 24)], []]
    """
    found = _words().find(Joined([_lowered(body) for body in bodies]))
    return [_apart(body, hits) if hits else [] for body, hits in zip(bodies, found, strict=True)]


def _apart(body: str, hits: Sequence[Hit]) -> list[tuple[int, int]]:
    """The hits that begin and end where words do, the longest of those that overlap.

    What is no fixed call begins a line of a page, so with a capital: `Lihat juga`, but not `Saya lihat juga`.
    """
    places: list[tuple[int, int]] = []
    for start, word in sorted(hits, key=lambda hit: (hit[0], -len(hit[1]))):
        end = start + len(word.rstrip())
        inside = start > 0 and word[0].isalnum() and body[start - 1].isalnum()
        cut = word[-1].isalnum() and body[end : end + 1].isalnum()
        small = body[start].islower() and word not in _calls()
        if not inside and not cut and not small and (not places or start >= places[-1][1]):
            places.append((start, end))
    return places


def _lowered(text: str) -> str:
    """The text in small letters, each where it stood."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join([small if len(small := letter.lower()) == 1 else letter for letter in text])


@cache
def _calls() -> frozenset[str]:
    """What pages say in the midst of a sentence, too."""
    return frozenset(knowledge.load("signals.toml")["page_parts"]["words"])


@cache
def _words() -> Words:
    phrases = [
        entry["text"]
        for entry in knowledge.load("phrases.toml")["phrase"]
        if entry.get("sure") and entry["match"] not in ("exact", "suffix") and len(entry["text"]) >= LEAST
    ]
    triggers = [trigger for entry in knowledge.load("glued.toml")["glue"] for trigger in entry["triggers"]]
    labels = [trigger.lower() for trigger in triggers if _LABEL.match(trigger) and not trigger.strip(" :").isupper()]
    return Words([*phrases, *labels, *_calls()])
