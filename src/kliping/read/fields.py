"""Which fields of a record may hold what, by their names and those of their neighbours (knowledge/columns.toml).

Names alone give candidates; kliping.read.records takes the first of them whose value can be what the name promises.
A name inside of another field is written with dots: `article.text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from kliping import knowledge
from kliping.read.options import Options

TEXT, URL, RETRIEVED, PUBLISHED = "text", "url", "retrieved_at", "published_date"
"""Under which the candidates for these stand; for the others it is the column of `articles`."""
_SIGNS = re.compile(r"[^\w@$#]+|(?<=.)_+")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a record by what they may hold, the likeliest first; names as the record writes them."""

    candidates: Mapping[str, tuple[str, ...]]
    """By column, with TEXT, URL, RETRIEVED and PUBLISHED; a column that no field can fill is not in it."""
    markup: tuple[str, ...]
    """Fields that hold a page's markup, read where no field of the text is filled."""
    containers: tuple[str, ...]
    """Fields that may be records themselves."""
    unnamed: tuple[str, ...]
    """Fields whose names promise nothing: one of them may hold the text where none that promises it does."""
    telling: tuple[str, ...]
    """Fields that tell a record of news or of a crawl."""

    def of(self, column: str) -> tuple[str, ...]:
        """Return the candidates for a column."""
        return self.candidates.get(column, ())

    def holders(self) -> list[str]:
        """Return every field that may hold the text."""
        return [*self.of(TEXT), *self.markup, *self.containers, *self.unnamed]

    def names(self) -> list[str]:
        """Return every field that may be read, each once, and those that tell what the others mean."""
        found = [name for names in self.candidates.values() for name in names]
        return list(dict.fromkeys([*found, *self.holders(), *self.telling]))


@cache
def plain_name(name: str) -> str:
    """Return what two spellings of a field's name have in common.

    >>> plain_name("publishDate"), plain_name("metadata.title.rendered"), plain_name("source.name")
    ('publishdate', 'title', 'source')
    """
    parts = [_SIGNS.sub("", part.lower()) for part in name.split(".")]
    while len(parts) > 1 and parts[-1] in _of_wrappers("values"):
        parts.pop()
    while len(parts) > 1 and parts[0] in _containers():
        parts.pop(0)
    while len(parts) > 1 and parts[-1] in _of_wrappers("names"):
        parts.pop()
    return ".".join(parts)


def is_container(name: str) -> bool:
    """Tell whether a field of this name, or of this last name, may be a record itself."""
    return _bare(name) in _containers()


def may_be_printed(name: str) -> bool:
    """Tell whether a container of this name may stand in a string."""
    return _bare(name) in map(_bare, knowledge.load("columns.toml")["containers"]["in_strings"])


def _bare(name: str) -> str:
    return _SIGNS.sub("", name.lower().rpartition(".")[2])


@cache
def _of_wrappers(kind: str) -> frozenset[str]:
    return frozenset(map(_bare, knowledge.load("columns.toml")["wrappers"][kind]))


@cache
def _containers() -> frozenset[str]:
    return frozenset(map(_bare, knowledge.load("columns.toml")["containers"]["fields"]))


@lru_cache(maxsize=1024)
def fields(names: tuple[str, ...], options: Options) -> Fields:
    """Return what each of a record's fields may hold; a field's meaning depends on its neighbours.

    A field that `options` name is the only candidate for its column, whether the record has it at the top or inside
    of another field; where the record has no such field, there is no candidate.
    """
    known = knowledge.load("columns.toml")
    by_name = _by_plain_name(names)

    def found(wanted: Iterable[str]) -> tuple[str, ...]:
        each = [name for one in wanted for name in by_name.get(plain_name(one), ())]
        return tuple(sorted(dict.fromkeys(each), key=lambda name: name.count(".")))

    of_crawls = frozenset(map(plain_name, known["retrieved"]["crawl_fields"]))
    news = found(known["news"]["fields"])
    crawl = tuple(name for name in names if not of_crawls.isdisjoint(map(plain_name, name.split("."))))
    is_news, is_crawled = bool(news), bool(crawl) and not news
    published = [
        *known["published"]["always"],
        *(() if is_crawled else known["published"]["unless_crawled"]),
        *(known["published"]["only_in_news"] if is_news else ()),
    ]
    retrieved = [*known["retrieved"]["always"], *(() if is_news else known["retrieved"]["if_crawled"])]
    levels = set(map(_container_of, news))
    ambiguous = frozenset(map(plain_name, known["news"]["ambiguous"]))
    lists = {**known["fields"], RETRIEVED: retrieved, PUBLISHED: published}
    candidates = {column: found(wanted) for column, wanted in lists.items()}
    candidates["outlet_name"] = tuple(
        name for name in candidates["outlet_name"] if plain_name(name) not in ambiguous or _container_of(name) in levels
    )
    candidates[RETRIEVED] = tuple(name for name in candidates[RETRIEVED] if name not in candidates[PUBLISHED])
    markup = found(known["markup"]["fields"])
    named = named_fields(options)
    for column, field in named.items():
        candidates[column] = (field,) if field in names else ()
    dotted = [*named.values(), *known["fields"][URL]]
    leading = {field.partition(".")[0] for field in dotted if "." in field}
    containers = tuple(name for name in names if is_container(name) or name in leading)
    promised = {*markup, *containers, *(name for each in candidates.values() for name in each)}
    promised.update(found(known["beside_text"]["fields"]))
    return Fields(
        candidates={column: each for column, each in candidates.items() if each},
        markup=() if TEXT in named else markup,
        containers=containers,
        telling=(*news, *crawl),
        unnamed=() if TEXT in named else tuple(name for name in names if name not in promised),
    )


def named_fields(options: Options) -> dict[str, str]:
    """Return the fields that `options` name, by column."""
    named = {
        TEXT: options.text_field, URL: options.url_field, PUBLISHED: options.date_field,
        "headline": options.title_field, "authors": options.author_field, "outlet_name": options.outlet_field,
    }  # fmt: skip
    return {column: field for column, field in named.items() if field}


def _container_of(name: str) -> str:
    """The container that a field is inside of, "" for one at the top: who knew the article wrote both beside it."""
    first, dot, _ = name.partition(".")
    return first if dot and is_container(first) else ""


def _by_plain_name(names: Sequence[str]) -> dict[str, list[str]]:
    by_name: dict[str, list[str]] = {}
    for name in names:
        by_name.setdefault(plain_name(name), []).append(name)
    return by_name
