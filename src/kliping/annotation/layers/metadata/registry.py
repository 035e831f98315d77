"""The registry of outlets and media: one record an outlet, and every written name leads to at most one medium.

The records are data, `knowledge/outlets.toml` and `knowledge/agencies.toml`; comments there say what each key means.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from kliping import knowledge

_TLD = rf"\.(?:{knowledge.domain_ending()})"
_LABEL = r"[A-Za-z0-9-]{1,40}"
OUTLET_DOMAIN = re.compile(rf"(?:www\.)?[A-Za-z0-9]{_LABEL}(?:\.{_LABEL}){{0,2}}?{_TLD}(?![\w-]|\.\w)", re.I)
"""An outlet's name in the form of a web address: `SUARAPANTURA.com`, `balitribune.co.id`."""
_ENDING = re.compile(rf"{_TLD}$", re.I)
_TOKEN = re.compile(r"[^\W_]{1,40}(?:[.'’&+-][^\W_]{1,40}){0,6}[!+]?")
_GLUED_ACRONYM = re.compile(r"[A-Z]{2,5}(?=[a-z]{3})")
_SMALL = re.compile(r"[a-z]{3,}")
_GLUED_WORD = re.compile(
    r"(?<=[^\W\d_]{2})(?=\.\w|dan[A-Z]|yang|pada|bahwa|juga|dalam|dengan|telah|sempat|ber[a-z]{4}|me[a-z]{4})"
)
"""Where the sentence may go on, or end, that has run into a name."""
_LOWER_WORD = re.compile(r"[ \xa0](?!(?:da|de|dello|della|di|do|of|and)[ \xa0])[a-z]")
_ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#]*@)?(?:www\.)?([^/?#:]*)[^/?#]*/*([^/?#]*)", re.I)
"""A URL's host, without `www.`, and the first section of its path."""
_NOT_KEY = re.compile(r"[\W_]+")
_LONGEST_NAME = 5
"""Words in the longest name that is looked for."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """One publishing outlet, as `knowledge/outlets.toml` describes it."""

    id: str
    brand: str
    group: str
    domains: tuple[str, ...]
    datelines: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    agency: bool = False
    codes: tuple[str, ...] = ()
    pictures: bool = False
    common: bool = False


@dataclass(frozen=True, slots=True)
class Medium:
    """Something that reports cite: an outlet, a desk of one, a news agency, a foreign paper."""

    name: str
    """As `cited_sources` spells it."""
    kind: str
    """`outlet`, `desk`, `agency` or `media`."""
    outlet: Outlet | None = None
    common: bool = False
    """The bare name is also an everyday word."""


class FoundMedium(NamedTuple):
    """A medium's name at [start, end) of the text that was searched."""

    start: int
    end: int
    medium: Medium
    bare: bool
    """Written without a domain's ending."""

    @property
    def is_sure(self) -> bool:
        """Not a bare everyday word."""
        return not (self.bare and self.medium.common)


@functools.cache
def places() -> frozenset[str]:
    """Return the places that datelines name, in lower case."""
    return _barred("places")


@functools.cache
def menu() -> frozenset[str]:
    """Return what the menus of news sites offer, in lower case: `gaya hidup`, `nasional`."""
    return _barred("menu")


def _barred(name: str) -> frozenset[str]:
    return frozenset(knowledge.load("words.toml")[name].strip().replace("\n", "|").split("|"))


@functools.cache
def outlets() -> tuple[Outlet, ...]:
    """Return all outlets of the registry, sorted by id."""
    records: list[dict[str, Any]] = knowledge.load("outlets.toml")["outlet"]
    return tuple(Outlet(**{k: _frozen(v) for k, v in record.items()}) for record in records)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def key(name: str) -> str:
    """Return what two spellings of one name have in common: its letters and digits, case folded."""
    return _NOT_KEY.sub("", name.casefold())


def without_ending(name: str) -> str:
    """Return `name` without a domain's ending, `Kompas` for `Kompas.com`; a name without one comes back as it is."""
    return _ENDING.sub("", name)


def _names() -> Iterator[tuple[str, Medium]]:
    """Every way to write a medium, and the medium; of two that are alike the first counts."""
    for outlet in outlets():
        medium = Medium(outlet.brand, "outlet", outlet, outlet.common)
        for name in (outlet.brand, *outlet.aliases, *outlet.datelines, *outlet.domains):
            yield name, medium
        for desk in outlet.desks:
            yield desk, Medium(without_ending(desk), "desk", outlet)
    for record in knowledge.load("agencies.toml")["medium"]:
        medium = Medium(record["name"], record["kind"], None, record.get("common", False))
        for name in (record["name"], *record.get("aliases", ())):
            yield name, medium


@functools.cache
def _media() -> dict[str, Medium]:
    table: dict[str, Medium] = {}
    for name, medium in _names():
        table.setdefault(key(name), medium)
    return table


@functools.cache
def _last_words() -> frozenset[str]:
    return frozenset(key(word) for name, _ in _names() for word in (name.split()[-1], without_ending(name).split()[-1]))


def may_end(word: str) -> bool:
    """Tell whether the name of some medium may end in `word`: the cheap test before the look-ups."""
    return key(word) in _last_words() or key(without_ending(word)) in _last_words()


@functools.cache
def _written() -> frozenset[str]:
    """The names that are written in lower case: `detikcom`, `kumparan`, `dpa`."""
    names = [n for o in outlets() for n in (o.brand, *o.datelines, *o.aliases, *o.desks)]
    names += [record["name"] for record in knowledge.load("agencies.toml")["medium"]]
    return frozenset(name for name in names if name.islower())


_TESTED = 5
"""Letters by which a name is ruled out."""


@functools.cache
def _beginnings() -> frozenset[str]:
    return frozenset(name[:_TESTED] for name in _media())


@functools.lru_cache(maxsize=8192)
def _may_begin(letters: str) -> bool:
    """Whether some name may begin with these characters of a text: the cheap test before the look-ups."""
    known = key(letters)
    return len(known) < _TESTED or any(known[:size] in _beginnings() for size in range(2, _TESTED + 1))


@functools.lru_cache(maxsize=8192)
def medium(name: str) -> Medium | None:
    """Return the medium that goes by `name`, with or without a domain's ending; None if the registry knows none.

    A name all in lower case counts only where it is written so or is a domain: `antara` is a preposition.
    """
    if name.islower() and name not in _written() and not _ENDING.search(name) and not may_be_desk(name):
        return None
    table, name = _media(), name.removeprefix("www.")
    return table.get(key(name)) or table.get(key(without_ending(name)))


@functools.cache
def _cut() -> dict[str, Outlet]:
    return {domain[1:]: outlet for domain, outlet in _hosts().items() if "/" not in domain}


def clipped_outlet(domain: str) -> Outlet | None:
    """Return the outlet whose address has lost its first letter: `ompas.com`."""
    return _cut().get(domain.casefold()) if domain.casefold() not in _hosts() else None


def outlet(name: str) -> Outlet | None:
    """Return the outlet whose name or whose desk's name is `name`."""
    found = medium(name)
    return found.outlet if found else None


def find_at(text: str, position: int) -> FoundMedium | None:
    """Return the longest name of a medium that starts at `position`, or None."""
    if not _may_begin(text[position : position + _TESTED + 1]):
        return None
    ends, cursor = [], position
    for _ in range(_LONGEST_NAME):
        token = _TOKEN.match(text, cursor)
        if token is None:
            break
        ends.append(token.end())
        cursor = token.end() + 1
        if text[token.end() : cursor] not in {" ", "\xa0"}:
            break
    begins = [position, *[end + 1 for end in ends]]
    for begin, end in reversed(list(zip(begins, ends, strict=False))):
        found = medium(text[position:end]) if end == ends[0] or not _LOWER_WORD.search(text, position, end) else None
        if found is not None:
            return FoundMedium(position, end, found, not _ENDING.search(text[position:end]))
        if (cut := _cut_short(text, position, begin, end)) is not None:
            return cut
    return None


def _cut_short(text: str, position: int, begin: int, end: int) -> FoundMedium | None:
    """A name whose last word, [begin, end), runs into the next word or sentence: `BBCbahwa`, `Malay Mailmenyoroti`."""
    for cut in reversed([glued.start() for glued in _GLUED_WORD.finditer(text, begin, end)]):
        if (found := medium(text[position:cut])) is not None:
            return FoundMedium(position, cut, found, not _ENDING.search(text[position:cut]))
    acronym = _GLUED_ACRONYM.match(text, begin, end)
    found = medium(text[position : acronym.end()]) if acronym else None
    return FoundMedium(position, acronym.end(), found, True) if acronym and found else None


@functools.cache
def small_beginnings() -> str:
    """Return a regex for the beginnings of names that open with a small letter: `detik` of `detikJogja`, `dpa`.

    Names of two letters before a capital (`tvOne`) and domains show themselves otherwise.
    """
    names = [n for o in outlets() for n in (o.brand, *o.aliases, *o.datelines, *o.desks)]
    names += [record["name"] for record in knowledge.load("agencies.toml")["medium"]]
    small = {name: match[0] for name in names if "." not in name and (match := _SMALL.match(name))}
    open_ended = tuple(sorted({begin for name, begin in small.items() if begin != name}))
    whole = sorted(name for name in small if name.islower() and not name.startswith(open_ended))
    return "|".join([*open_ended, *(rf"{name}\b" for name in whole)])


@functools.cache
def _small_desk() -> re.Pattern[str]:
    """A desk of those whose names begin so, often written in lower case throughout: `detikfinance`."""
    return re.compile(rf"(?:{small_beginnings()})\w\w")


def may_be_desk(word: str) -> bool:
    """Tell whether `word` begins as the names do whose owners write a small letter: `detikfinance`, `detikLembah`."""
    return bool(_small_desk().match(word))


@functools.cache
def _glued_preposition() -> re.Pattern[str]:
    return re.compile(rf"(?:dari|di|oleh)(?=[A-Z]|{small_beginnings()})")


def is_agency(name: str) -> bool:
    """Tell whether `name` is an Indonesian agency's as its datelines write it, in capitals: `Kupang ANTARA -`."""
    found = outlet(name) if name.isupper() else None
    return found is not None and found.agency


def _after_preposition(text: str, position: int) -> FoundMedium | None:
    """The name that a preposition has run into: `didetikJogja`, `dariTempo`."""
    glued = _glued_preposition().match(text, position)
    return find_at(text, glued.end()) if glued else None


def find_all(text: str, start: int = 0, end: int | None = None) -> Iterator[FoundMedium]:
    """Yield the names of media in `text[start:end]`, from left to right, not overlapping."""
    end = len(text) if end is None else end
    while start < end:
        token = _TOKEN.search(text, start, end)
        if token is None:
            return
        found = find_at(text, token.start()) or _after_preposition(text, token.start())
        if found is not None and found.end <= end:
            yield found
        start = found.end if found is not None else token.end()


@functools.cache
def _not_media_domains() -> tuple[str, ...]:
    institutions = [f".{ending}" for ending in knowledge.load("domains.toml")["institutions"]]
    return (*institutions, *knowledge.load("citations.toml")["not_media_domains"])


def is_medium_domain(domain: str) -> bool:
    """Tell whether a web address can be a medium's: not one of an institution, a school or a social network."""
    return not domain.casefold().endswith(_not_media_domains())


@functools.cache
def _hosts() -> dict[str, Outlet]:
    return {domain: outlet for outlet in outlets() for domain in outlet.domains}


def by_url(url: str) -> Outlet | None:
    """Return the outlet that publishes at `url`, or None.

    It is the one with the longest registered domain, or domain and path, that holds the address.
    """
    address = _ADDRESS.match(url)
    if address is None:
        return None
    domain, section = address[1].lower(), address[2]
    while "." in domain:
        found = _hosts().get(f"{domain}/{section}") or _hosts().get(domain)
        if found is not None:
            return found
        domain = domain.partition(".")[2]
    return None
