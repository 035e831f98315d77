"""What roles know of Indonesian news pages: the phrases and word lists under `knowledge/`, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kliping.knowledge import calendar, domain_ending, load

DOMAIN = re.compile(rf"\b(?:[\w-]{{2,30}}\.){{0,2}}?([\w-]{{2,30}})\.(?:{domain_ending()})\b")
"""A site's domain; its group is the name before the ending."""
_SIGNS = {"#": "hash", "©": "copyright-sign"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of phrases.toml."""

    text: str
    match: str
    role: str
    sure: bool

    @property
    def rule(self) -> str:
        """The rule's name: `phrase:baca-juga`."""
        slug = "".join(c if c.isalnum() else "-" for c in self.text).strip("-")
        while "--" in slug:
            slug = slug.replace("--", "-")
        return f"phrase:{slug or _SIGNS[self.text]}"


@dataclass(frozen=True, slots=True)
class WordLists:
    """The lists of words.toml as sets; among those of pictures are the agencies that sell them."""

    function: frozenset[str]
    attribution: frozenset[str]
    openers: frozenset[str]
    menu: frozenset[str]
    photo: frozenset[str]
    months: frozenset[str]
    weekdays: frozenset[str]
    not_dateline: frozenset[str]
    calls: frozenset[str]
    channels: tuple[str, ...]
    press_releases: frozenset[str]
    places: frozenset[str]
    title_particles: frozenset[str]
    unfinished: frozenset[str]
    measures: frozenset[str]
    picture_sources: frozenset[str]
    picture_sellers: frozenset[str]
    topic_bars: frozenset[str]
    ages: frozenset[str]
    home: frozenset[str]
    of_regions: frozenset[str]
    sections: frozenset[str]


@cache
def phrases() -> tuple[Phrase, ...]:
    """Return the phrases in the order of the file."""
    entries = load("phrases.toml")["phrase"]
    return tuple(Phrase(e["text"], e["match"], e["role"], e.get("sure", False)) for e in entries)


def spaced(name: str) -> frozenset[str]:
    """Return a list of words.toml whose words have white space between them."""
    return frozenset(load("words.toml")[name].split())


@cache
def words() -> WordLists:
    """Return the word lists."""
    lists: Mapping[str, str] = load("words.toml")

    def barred(name: str) -> frozenset[str]:
        return frozenset(item.strip() for line in lists[name].split("\n") for item in line.split("|")) - {""}

    sellers = spaced("picture_sellers").union(_name(entry) for entry in _agencies() if entry.get("pictures"))
    telling = calendar().telling
    return WordLists(
        spaced("function_words"),
        spaced("attribution"),
        spaced("openers"),
        barred("menu"),
        spaced("photo") | sellers,
        telling.intersection(calendar().months),
        telling.intersection(calendar().weekdays),
        spaced("not_dateline"),
        spaced("calls"),
        tuple(sorted(barred("channels"))),
        spaced("press_releases"),
        barred("places"),
        spaced("title_particles"),
        spaced("unfinished"),
        spaced("measures"),
        spaced("picture_sources"),
        sellers,
        barred("topic_bars"),
        spaced("ages"),
        barred("home"),
        barred("of_regions"),
        barred("sections"),
    )


@cache
def agencies() -> frozenset[str]:
    """Return the names of the agencies and media that reports draw on, and the words for press releases."""
    return words().press_releases.union(*map(_names, _agencies()))


@cache
def closing() -> frozenset[str]:
    """Return the words that say in closing brackets where a text was taken from: `(Antara/Rukmini)`, `(rls)`."""
    names = (name for entry in _agencies() if entry.get("closing") for name in _names(entry))
    return words().press_releases.union(name for name in names if " " not in name)


def agency_outlets() -> tuple[str, ...]:
    """Return the brands of the outlets that are agencies."""
    return tuple(entry["brand"] for entry in load("outlets.toml")["outlet"] if entry.get("agency"))


@cache
def outlet_names() -> frozenset[str]:
    """Return how outlets write themselves in datelines, in lower case: brands, other names, mostly addresses."""
    entries = load("outlets.toml")["outlet"]
    brands = {entry["brand"] for entry in entries if not entry.get("common")}
    others = (entry.get(key, ()) for entry in entries for key in ("aliases", "datelines"))
    return frozenset(name.casefold() for name in brands.union(*others))


def _agencies() -> tuple[Mapping[str, Any], ...]:
    """Return the entries of agencies.toml, and of outlets.toml those of agencies."""
    own = [{**entry, "closing": True} for entry in load("outlets.toml")["outlet"] if entry.get("agency")]
    return (*load("agencies.toml")["medium"], *own)


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry.get("name") or entry["brand"]).casefold()


def _names(entry: Mapping[str, Any]) -> frozenset[str]:
    """Return how texts name an agency or a medium, codes among it, in lower case."""
    return frozenset(
        [_name(entry), *(name.casefold() for name in (*entry.get("aliases", ()), *entry.get("codes", ())))]
    )
