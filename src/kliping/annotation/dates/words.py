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
    if word.isascii() and word.isalpha():
        return word.lower()
    return " ".join((word if word.isascii() else word.translate(_TAKEN_FOR)).lower().split())


KNOWN = knowledge.load("dates.toml")
MONTHS = knowledge.calendar().months
ABBREVIATED_MONTHS = frozenset(KNOWN["month_abbreviations"]["words"])
WEEKDAYS = knowledge.calendar().weekdays
ZONES = knowledge.calendar().zones
PARTS = _invert(KNOWN["parts"])
MODIFIERS = _invert(KNOWN["modifiers"])
LAWS: list[str] = KNOWN["numbered"]["laws"]
NUMBERED_AFTER = frozenset([*LAWS, *KNOWN["numbered"]["words"]])
LENGTHS = _invert(KNOWN["lengths"])
"""Each unit of durations as texts name it, and its name."""
EVERY = frozenset(KNOWN["framing"]["every"])
EDGES = frozenset(KNOWN["framing"]["edges"])
ABOUT = frozenset(KNOWN["framing"]["about"])
MORE_THAN = {
    word: frozenset(words for words in KNOWN["framing"]["than"] if words.endswith(word))
    for word in {words.split()[-1] for words in KNOWN["framing"]["than"]}
}
"""The last word of what says that a number is about right, and all the words that end with it."""
_BLANKS = " \u00a0"
_LONGEST_WORD = 18
_OPENING_SIGNS = "\"'“‘«([—–-,;:"


def word_before(text: str, at: int) -> tuple[int, str]:
    """Return the word right before a position, a blank or two between, in lower case, and where it starts.

    It is empty where something else stands there. What opens a parenthesis or a quotation before it is no part of it.
    """
    end = at - 1
    if end < 1 or text[end] not in _BLANKS:
        return at, ""
    if text[end - 1] in _BLANKS:
        end -= 1
    low = end - _LONGEST_WORD if end > _LONGEST_WORD else 0
    start = text.rfind(" ", low, end) + 1
    word = text[start or low : end]
    if not word.isalpha():
        word = word[max(word.rfind("\n"), word.rfind("\u00a0")) + 1 :].lstrip(_OPENING_SIGNS)
    return end - len(word), word.lower()


def is_word_end(text: str, end: int) -> bool:
    """Tell whether a word may end at a position: no letter, digit or hyphen between letters goes on."""
    following = text[end : end + 1]
    return not (following.isalnum() or (following == "-" and text[end + 1 : end + 2].isalnum()))
