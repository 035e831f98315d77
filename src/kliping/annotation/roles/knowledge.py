"""What roles know of Indonesian news pages: the phrases and word lists under `knowledge/`, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kliping.knowledge import load

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
class Words:
    """The lists of words.toml as sets."""

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
    agencies: frozenset[str]
    places: frozenset[str]
    title_particles: frozenset[str]
    unfinished: frozenset[str]
    measures: frozenset[str]
    picture_sources: frozenset[str]
    picture_sellers: frozenset[str]
    topic_bars: frozenset[str]


@cache
def phrases() -> tuple[Phrase, ...]:
    """Return the phrases in the order of the file."""
    entries = load("phrases.toml")["phrase"]
    return tuple(Phrase(e["text"], e["match"], e["role"], e.get("sure", False)) for e in entries)


@cache
def words() -> Words:
    """Return the word lists."""
    lists: Mapping[str, str] = load("words.toml")

    def spaced(name: str) -> frozenset[str]:
        return frozenset(lists[name].split())

    def barred(name: str) -> frozenset[str]:
        return frozenset(item.strip() for line in lists[name].split("\n") for item in line.split("|")) - {""}

    return Words(
        spaced("function_words"),
        spaced("attribution"),
        spaced("openers"),
        barred("menu"),
        spaced("photo"),
        spaced("months"),
        spaced("weekdays"),
        spaced("not_dateline"),
        spaced("calls"),
        tuple(sorted(barred("channels"))),
        spaced("agencies"),
        barred("places"),
        spaced("title_particles"),
        spaced("unfinished"),
        spaced("measures"),
        spaced("picture_sources"),
        spaced("picture_sellers"),
        barred("topic_bars"),
    )


@cache
def agencies() -> frozenset[str]:
    """Return the names of agencies and media of agencies.toml and the short forms of words.toml, in lower case."""
    media = load("agencies.toml")["medium"]
    names = (name for medium in media for name in (medium["name"], *medium.get("aliases", ())))
    return words().agencies | {name.casefold() for name in names}
