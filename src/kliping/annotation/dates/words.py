"""What dates.toml knows, as tables: every lookup is one dictionary access on a lower-case word."""

from __future__ import annotations

from collections.abc import Iterable

from kliping import knowledge


def _invert(table: dict[str, list[str]]) -> dict[str, str]:
    return {word: key for key, words in table.items() for word in words}


def alternation(words: Iterable[str]) -> str:
    """Return a regex for one of `words`, the longest first.

    A blank in a word stands for one or two blanks of any kind.
    """
    return knowledge.any_of(words).replace(r"\ ", r"\s{1,2}")


def opening(words: Iterable[str]) -> str:
    """Return a lookahead for the first two letters of `words` in any case: it spares `alternation` trying all."""
    following: dict[str, str] = {}
    for word in sorted(set(words)):
        following[word[0]] = following.get(word[0], "") + word[1] + word[1].upper()
    return "(?=" + "|".join(f"[{first}{first.upper()}][{second}]" for first, second in following.items()) + ")"


_TAKEN_FOR = str.maketrans("ſıİ", "sii")


def plain(word: str) -> str:
    """Return a word found in any case as the tables have it; `ſ`, `ı` and `İ` match `s` and `i` in any case too."""
    return " ".join((word if word.isascii() else word.translate(_TAKEN_FOR)).lower().split())


KNOWN = knowledge.load("dates.toml")
MONTHS = knowledge.calendar().months
ABBREVIATED_MONTHS = frozenset(KNOWN["month_abbreviations"]["words"])
WEEKDAYS = knowledge.calendar().weekdays
ZONES = knowledge.calendar().zones
PARTS = _invert(KNOWN["parts"])
MODIFIERS = _invert(KNOWN["modifiers"])
NUMBER_WORDS: dict[str, int] = KNOWN["numbers"]
UNITS = _invert(KNOWN["units"])
LAWS: list[str] = KNOWN["numbered"]["laws"]
NUMBERED_AFTER = frozenset([*LAWS, *KNOWN["numbered"]["words"]])
