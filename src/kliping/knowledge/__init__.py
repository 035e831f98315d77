"""What kliping knows of news, as data: each fact stands once, in a TOML file of this folder; here they are read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_ADDRESS = re.compile(r"(?i:(?:https?:)?//|www\.[\w-]+\.)\S+|[a-z0-9.-]{1,100}\.[a-z]{2,12}/\S*")
"""Without its scheme only in small letters: `Kabar.com/WENING` credits a person."""
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


@cache
def load(name: str, package: str = __name__) -> Mapping[str, Any]:
    """Return a parsed TOML file of this folder, or of another package's; it is read once a process, and shared.

    >>> load("dates.toml")["weekdays"]["0"][0]
    'senin'
    """
    return tomllib.loads(files(package).joinpath(name).read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Calendar:
    """How news writes months, weekdays and the zones of its clocks (dates.toml); most in lower case."""

    months: Mapping[str, int]
    """Every spelling, and the month's number from 1."""
    weekdays: Mapping[str, int]
    """Every spelling, and the weekday's number; Monday is 0."""
    zones: Mapping[str, int]
    """Each zone as texts abbreviate it, in capitals, and its minutes east of UTC."""
    telling: frozenset[str]
    """The spellings that mean a month or a weekday wherever they stand: abbreviations too, but not `agus` and `min`."""
    names: frozenset[str]
    """Those written out in Indonesian or Malay, as running text has them."""
    days: frozenset[str]
    """The weekdays of `names`, with the capital that running text gives them: `Jum'at`."""


@cache
def calendar() -> Calendar:
    """Return the months, weekdays and zones."""
    known = load("dates.toml")
    months, weekdays = (
        {word: int(number) for number, words in known[table].items() for word in words}
        for table in ("months", "weekdays")
    )
    telling = frozenset([*months, *weekdays]).difference(known["only_in_dates"]["words"])
    names = telling.difference(known["month_abbreviations"]["words"], known["english"]["words"])
    days = frozenset(map(str.capitalize, names.intersection(weekdays)))
    return Calendar(months, weekdays, known["zones"], telling, names, days)


@cache
def page_years() -> range:
    """Return the years in which a page of news can have appeared.

    >>> 1994 in page_years(), 1995 in page_years()
    (False, True)
    """
    known = load("dates.toml")["pages"]
    return range(known["first_year"], known["last_year"] + 1)


def is_address(text: str) -> bool:
    """Tell whether a text is nothing but an address of the web.

    >>> is_address("https://kabaruji.example/a"), is_address("kabaruji.example"), is_address("Kabar Uji")
    (True, False, False)
    """
    return _ADDRESS.fullmatch(text) is not None


def is_reachable(text: str) -> bool:
    """Tell whether a text is an address of the web or of mail, and so nobody's name."""
    return is_address(text) or _MAIL.fullmatch(text) is not None


@cache
def domain_ending() -> str:
    """Return a regex for what a domain ends with, behind its dot: `com`, `co.id`; it minds the case by itself.

    >>> bool(re.fullmatch(rf"kabar\\.(?:{domain_ending()})", "kabar.co.id"))
    True
    """
    known = load("domains.toml")
    words = set(known["words"])
    others = {*known["open"], *known["institutions"], *known["abroad"]} - words
    return f"(?i:{any_of(others)})|(?-i:{any_of([*words, *map(str.upper, words)])})"


@cache
def domain_labels() -> frozenset[str]:
    """Return the parts of what domains end with, in every case they are written in: `co`, `CO`, `Co`, but no `News`."""
    known = load("domains.toml")
    endings = (*known["open"], *known["institutions"], *known["abroad"])
    labels = {label for ending in endings for label in ending.split(".")}
    return frozenset({*labels, *map(str.upper, labels), *map(str.capitalize, labels.difference(known["words"]))})


def any_of(words: Iterable[str]) -> str:
    """Return a regex for one of `words`, the longest first.

    Those of one first letter stand together, so that one look rules them out.

    >>> any_of(["tempo", "dari", "tim"])
    't(?:empo|im)|dari'
    """
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    by_letter: dict[str, list[str]] = {}
    for word in longest_first:
        by_letter.setdefault(word[:1].casefold(), []).append(word)
    return "|".join(map(_one_of, by_letter.values()))


def _one_of(words: Sequence[str]) -> str:
    """Return a regex for one of `words`, in this order, behind the first letter where several share it."""
    first = words[0][:1]
    if len(words) == 1 or not all(word.startswith(first) for word in words):
        return "|".join(map(re.escape, words))
    return f"{re.escape(first)}(?:{'|'.join(re.escape(word[1:]) for word in words)})"
