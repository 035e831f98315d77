"""Tells what crawlers did to a text: paragraphs joined or cut off, words lost or glued, all of it in capitals."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice

from kliping import knowledge

LOST = "\ufffd"
"""What stands for a character that was lost."""
TWICE = 2
"""Once is a slip of the writer; a crawler's fault comes again."""
FEW_WORDS = 8
"""What ends without a stop and has fewer words may be the last item of a list."""
LONGEST = 20
"""Letters of the words that are looked at."""
_SMALL, _LARGE = string.ascii_lowercase.encode(), string.ascii_uppercase.encode()
_SHAPES = bytes.maketrans(_SMALL + _LARGE, b"a" * len(_SMALL) + b"A" * len(_LARGE))
_JOINT = re.compile(rb"""[.!?](?=,|(?<=\.)["'?],)""")
"""Between two members of a printed list, as shapes have them; behind a stop, a quote or one beyond ASCII."""
_HOLE = re.compile(rb"[,.](?<=[ ?][,.])")
"""A comma or a stop behind a blank; U+00A0 is beyond ASCII. The sign comes first, for it is rarer than the blank."""
_GLUE = re.compile(rb"""[.?!](?<=aaa[.?!])(?:(?<=\.)["?])?(?=Aa)""")
_LITTLE_GLUE = re.compile(rb"Aa(?<=aaAa)")
_QUOTES = "\"'“”‘’"
_CLOSING = " \u00a0\n\"'”’»)]}*,"
"""What may stand behind the last stop; the comma is what a printed list leaves there."""
_BLANKS = (" ", "\u00a0")
_STOPS = frozenset(".!?")
_GOING_ON = ("...", "…", "..")
_ENDINGS = ("Com", "Co.", "Id", "Net", "Org")
"""What stands behind the stop of an address written with capitals."""


def shape_of(text: str) -> bytes:
    """Return the text with one byte a character: `a` and `A` for plain letters, `?` for all beyond ASCII.

    >>> shape_of("Nasi, 2 (é)")
    b'Aaaa, 2 (?)'
    """
    return text.encode("ascii", "replace").translate(_SHAPES)


def is_list_joined(text: str, shape: bytes) -> bool:
    """Tell whether paragraphs are joined as a printed list joins them."""
    return any(_is_joint(text, found.start()) for found in _JOINT.finditer(shape))


def _is_joint(text: str, stop: int) -> bool:
    """Tell whether a sentence ends at a stop, and another one begins behind quotes and the comma."""
    word = text[max(0, stop - LONGEST) : stop].rpartition(" ")[2].lower()
    rest = text[stop + 1 : stop + 8]
    closing = rest[:1] in _QUOTES
    opened = rest[closing + 1 :].lstrip(" ")
    begins = opened.lstrip(_QUOTES)
    return (
        len(word) >= 3
        and word.isalpha()
        and word not in _abbreviations()
        and begins[:1].isupper()
        and (opened != begins or not closing)
    )


def has_holes(text: str, shape: bytes) -> bool:
    """Tell whether blanks before commas and stops show where words were lost."""
    return _at_least_twice(place for found in _HOLE.finditer(shape) if _is_hole(text, place := found.start() - 1))


def _is_hole(text: str, blank: int) -> bool:
    before, behind = text[max(0, blank - 1) : blank], text[blank + 2 : blank + 3]
    return text[blank] in _BLANKS and before.isalnum() and behind in ("", "\n", *_BLANKS)


def is_glued(text: str, shape: bytes) -> bool:
    """Tell whether sentences, or little words and names, stand together without a blank."""
    return _at_least_twice(_glued(text, shape))


def _glued(text: str, shape: bytes) -> Iterator[int]:
    for found in _GLUE.finditer(shape):
        place = found.start()
        if text[place] in _STOPS and not text.startswith(_ENDINGS, place + 1):
            yield place
    for found in _LITTLE_GLUE.finditer(shape):
        if _letters_before(text, shape, found.start()) in _little_words():
            yield found.start()


def _letters_before(text: str, shape: bytes, end: int) -> str:
    """The small letters that end at a place, an empty string where something else than a blank stands before them."""
    head = shape[max(0, end - LONGEST) : end]
    start = end - (len(head) - len(head.rstrip(b"a")))
    return text[start:end] if not text[max(0, start - 1) : start].isalnum() else ""


def is_cut(text: str) -> bool:
    """Tell whether a body breaks off: in an ellipsis, or without a stop in more than the last item of a list."""
    end = text.rstrip(_CLOSING)
    if end.endswith(_GOING_ON):
        return True
    return end[-1:] not in _STOPS and len(text[text.rfind("\n") + 1 :].split()) >= FEW_WORDS


def are_open(paragraphs: Iterable[str]) -> bool:
    """Tell whether two paragraphs or more before the last end without a stop or a sign that announces what follows."""
    *before, _ = [*paragraphs] or [""]
    return sum(text.rstrip(_CLOSING)[-1:] not in ".!?…:;" for text in before) >= TWICE


def is_in_capitals(shape: bytes) -> bool:
    """Tell whether most letters are capitals."""
    return shape.count(b"A") > shape.count(b"a")


def _at_least_twice(found: Iterator[int]) -> bool:
    return len(list(islice(found, TWICE))) == TWICE


@cache
def _abbreviations() -> frozenset[str]:
    tables = knowledge.load("abbreviations.toml").values()
    return frozenset(word for table in tables for words in table.values() for word in words)


@cache
def _little_words() -> frozenset[str]:
    return frozenset(knowledge.load("words.toml")["function_words"].split())
