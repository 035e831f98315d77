"""Which articles of a corpus are copies of articles in an earlier one; each edge exact, as in `duplicates`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kliping.corpus.wide.duplicates import SHINGLES, Copy, alike, articles_in, copy_of, edge_between
from kliping.corpus.wide.sets import StoredSets
from kliping.corpus.wide.shards import Shards
from kliping.corpus.wide.similar import components


class Match(NamedTuple):
    """An article and the one of the earlier corpus that shares most with it; relation and similarity as in schema/."""

    article_id: str
    base_article_id: str
    relation: str
    similarity: int


def matches(new: Shards, base: Shards) -> Iterator[Match]:
    """Yield one row for each article that is like one of the base, by its id.

    Of several it is like the one with the highest similarity is named, of these the first in the order in which
    `duplicates` ranks them. An article that stands in the base itself is matched with itself. Raises NeedsText where
    one of the two is without text.
    """
    with new.parts(SHINGLES) as (paths, scratch), base.parts(SHINGLES) as (base_paths, _):
        sets = StoredSets([*paths, *base_paths])
        border = sets.firsts[len(paths)]
        groups = [group for group in components(sets, scratch).groups() if group[0] < border <= group[-1]]
        ours = _copies(new, [number for group in groups for number in group if number < border], 0)
        theirs = _copies(base, [number for group in groups for number in group if number >= border], border)
        found = [match for group in groups for match in _of_group(group, ours, theirs, sets)]
    yield from sorted(found)


def _copies(shards: Shards, numbers: Sequence[int], first: int) -> dict[int, Copy]:
    """The articles with these numbers, by them; the first article of the shards has the number `first`."""
    if not numbers:
        return {}
    copies = map(copy_of, articles_in(shards, [[number - first for number in numbers]]).to_pylist())
    return {copy.number + first: copy._replace(number=copy.number + first) for copy in copies}


def _of_group(
    group: Sequence[int], ours: dict[int, Copy], theirs: dict[int, Copy], sets: StoredSets
) -> Iterator[Match]:
    there = sorted((theirs[number] for number in group if number in theirs), key=lambda copy: copy.rank)
    for number in group:
        if number not in ours:
            continue
        one = ours[number]
        edges = [edge_between(one, other, shared, sets.sizes) for other, shared in alike(one, there, sets)]
        if edges:
            best = max(edges, key=lambda edge: (edge.to.article_id == one.article_id, edge.similarity))
            yield Match(one.article_id, best.to.article_id, best.relation, best.similarity)


def as_csv(found: Iterable[Match]) -> str:
    """Return the matches as a CSV file with a header."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(Match._fields)
    writer.writerows(found)
    return stream.getvalue()
