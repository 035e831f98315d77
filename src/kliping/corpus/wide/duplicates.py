"""Which articles are copies of which: clusters of bodies that share four fifths of their shingles, each edge exact.

What two bodies share is counted, not estimated (`similar` finds all pairs there are, `shingles` says what is counted),
and the rows depend on nothing but the articles. The canonical article of a cluster is the one of the earliest
evidenced day, those without one last; of several the one with the longest body; of several the one with the smallest
id. Every other article has an edge towards it: to the canonical one itself where these two are alike, else to the
first, in that same order, of the articles that are one step nearer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kliping import knowledge
from kliping.corpus.wide.sets import StoredSets, set_file
from kliping.corpus.wide.shards import Gathering, Shards
from kliping.corpus.wide.shingles import shingle_sets
from kliping.corpus.wide.similar import are_alike, components, shared_with

_READ = ("article_id", "published_date", "character_count", "outlet_id", "url", "cited_sources")
SETS_AT_ONCE = 1024
"""Sets that are compared with one other together."""
ROWS_AT_ONCE = 1024


class Duplicate(NamedTuple):
    """An article of a cluster, and its edge; the canonical one has none."""

    article_id: str
    cluster_id: str
    canonical_id: str
    matched_id: str | None
    relation: str | None
    similarity: int | None


class Copy(NamedTuple):
    """What decides about an article of a cluster."""

    number: int
    """Its place among all articles."""
    article_id: str
    published_date: date | None
    character_count: int
    outlet_id: str | None
    url: str | None
    cited_sources: Sequence[str]

    @property
    def rank(self) -> tuple[date, int, str]:
        """Return what the articles of a cluster are ordered by; the canonical one is the first."""
        return self.published_date or date.max, -self.character_count, self.article_id


class Edge(NamedTuple):
    """What ties an article to one that is nearer to the canonical one."""

    to: Copy
    relation: str
    similarity: int


@contextmanager
def _taking(path: Path) -> Iterator[Callable[[pa.Table], None]]:
    with set_file(path) as file:

        def take(articles: pa.Table) -> None:
            for chunk in articles["text"].chunks:
                file.add(*shingle_sets(chunk))

        yield take


SHINGLES = Gathering("shingles", "articles", ("text",), _taking)


def find(shards: Shards) -> Iterator[Duplicate]:
    """Yield one row for each article that is in a cluster, by its id."""
    with shards.parts(SHINGLES) as (paths, scratch):
        sets = StoredSets(paths)
        groups = components(sets, scratch).groups()
        if groups:
            yield from _rows(groups, articles_in(shards, groups), sets)


def fills(duplicates: pa.Table) -> pa.Table:
    """Return the articles that are copies, and under `duplicate_of` the canonical one of their cluster."""
    copies = duplicates.filter(pc.not_equal(duplicates["article_id"], duplicates["canonical_id"]))
    return pa.table({"article_id": copies["article_id"], "duplicate_of": copies["canonical_id"]})


def articles_in(shards: Shards, groups: Sequence[Sequence[int]]) -> pa.Table:
    """Return the articles with the numbers in `groups`, in the order of the corpus, each with its `number`."""
    wanted = np.sort(np.concatenate([np.array(group) for group in groups]))
    parts, first = [], 0
    for articles in shards.read("articles", _READ):
        here = wanted[np.searchsorted(wanted, first) : np.searchsorted(wanted, first + articles.num_rows)]
        parts.append(articles.take(pa.array(here - first)).append_column("number", pa.array(here)))
        first += articles.num_rows
    return pa.concat_tables(parts)


def _rows(groups: Sequence[Sequence[int]], articles: pa.Table, sets: StoredSets) -> Iterator[Duplicate]:
    """The rows of all clusters; until they are sorted each takes a few numbers."""
    numbers = articles["number"].to_numpy()
    ids = articles["article_id"]
    members = articles.take(pa.array(np.searchsorted(numbers, np.concatenate(groups))))
    ends = np.cumsum([len(group) for group in groups]).tolist()
    places: dict[int, tuple[int, int, int | None, str | None, int | None]] = {}
    for group, end in zip(groups, ends, strict=True):
        copies = sorted(
            map(copy_of, members.slice(end - len(group), len(group)).to_pylist()), key=lambda copy: copy.rank
        )
        edges = _edges(copies, sets)
        smallest = min(copies, key=lambda copy: copy.article_id).number
        for copy in copies:
            edge = edges.get(copy.number)
            told = (edge.to.number, edge.relation, edge.similarity) if edge else (None, None, None)
            places[copy.number] = (smallest, copies[0].number, *told)

    def name(number: int | None) -> str | None:
        return None if number is None else str(ids[int(np.searchsorted(numbers, number))])

    for place in pc.sort_indices(ids).to_pylist():
        cluster, canonical, matched, relation, similarity = places[int(numbers[place])]
        yield Duplicate(str(ids[place]), name(cluster), name(canonical), name(matched), relation, similarity)  # type: ignore[arg-type]


def copy_of(row: Mapping[str, Any]) -> Copy:
    """Return a row of `articles_in` as what copies are compared by."""
    return Copy(**{name: row[name] for name in Copy._fields})


def _edges(copies: Sequence[Copy], sets: StoredSets) -> dict[int, Edge]:
    """The edge of each article of a cluster but the first, which is the canonical one, by the article's number."""
    edges: dict[int, Edge] = {}
    level, waiting = [copies[0]], list(copies[1:])
    while waiting:
        reached: list[Copy] = []
        for nearer in level:
            found = {copy.number: shared for copy, shared in alike(nearer, waiting, sets)}
            for copy in waiting:
                if copy.number in found:
                    edges[copy.number] = edge_between(copy, nearer, found[copy.number], sets.sizes)
                    reached.append(copy)
            waiting = [copy for copy in waiting if copy.number not in found]
        if not reached:
            raise AssertionError(f"a cluster of {copies[0].article_id} is not connected: this is a bug in kliping")
        level = sorted(reached, key=lambda copy: copy.rank)
    return edges


def alike(one: Copy, others: Sequence[Copy], sets: StoredSets) -> Iterator[tuple[Copy, int]]:
    """Yield those of others that are like one, and how many shingles they share with it."""
    size, members = int(sets.sizes[one.number]), sets.members(one.number)
    for first in range(0, len(others), SETS_AT_ONCE):
        portion = others[first : first + SETS_AT_ONCE]
        shared = shared_with(members, [sets.members(other.number) for other in portion])
        for other, count in zip(portion, shared, strict=True):
            if are_alike(count, size, int(sets.sizes[other.number])):
                yield other, count


def edge_between(copy: Copy, nearer: Copy, shared: int, sizes: npt.NDArray[np.int64]) -> Edge:
    """Return the edge of an article to another that it shares so many shingles with."""
    together = int(sizes[copy.number]) + int(sizes[nearer.number]) - shared
    relation = "exact" if shared == together else _relation(copy, nearer)
    return Edge(nearer, relation, 1000 * shared // together)


def _relation(copy: Copy, nearer: Copy) -> str:
    """How an article came to be like one that is not the same to the letter."""
    outlets = {copy.outlet_id, nearer.outlet_id}
    if (len(outlets) == 1 and None not in outlets) or (copy.url and _address(copy.url) == _address(nearer.url)):
        return "version" if _is_later(copy, nearer) or copy.character_count > nearer.character_count else "near"
    if None not in outlets or not _agencies().isdisjoint([*copy.cited_sources, *nearer.cited_sources]):
        return "syndicated"
    return "near"


def _is_later(copy: Copy, nearer: Copy) -> bool:
    return None not in (copy.published_date, nearer.published_date) and copy.published_date > nearer.published_date  # type: ignore[operator]


def _address(url: str | None) -> str:
    """An address without what may differ between two that lead to the same page."""
    _, _, rest = (url or "").partition("//")
    host, _, path = rest.partition("#")[0].partition("/")
    return f"{host.lower().removeprefix('www.')}/{path.rstrip('/')}"


@cache
def _agencies() -> frozenset[str]:
    """The names of the news agencies, as `cited_sources` spells them."""
    media = knowledge.load("agencies.toml")["medium"]
    outlets = knowledge.load("outlets.toml")["outlet"]
    abroad = [medium["name"] for medium in media if medium["kind"] == "agency"]
    return frozenset([*abroad, *(outlet["brand"] for outlet in outlets if outlet.get("agency"))])
