"""Finds which of very many sets are alike, directly or through others: exactly, and by looking at few pairs.

Two sets are alike where what they share is at least four fifths of what they hold together (Jaccard). The join is that
of Chaudhuri, Ganti and Kaushik ("A Primitive Operator for Similarity Joins in Data Cleaning", 2006) with the bounds by
size and place of Xiao et al. ("Efficient Similarity Joins for Near Duplicate Detection", 2008): put the members of all
sets in one order, and two that are alike share a member among the first fifth of each. Which order, is free. Here it is
that of the hashes, but what many sets have comes last, so that the same notice below a hundred thousand pages brings
none of them together. Nor are two sets compared that others have joined already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kliping.corpus.wide.sets import StoredSets
from kliping.corpus.wide.shingles import Counts, Hashes

SHARED, OF = 4, 5
"""Two sets are alike where OF times what they share is at least SHARED times what they hold together."""
SAMPLE, COMMON = 1000, 3
"""A member is common that COMMON of the first SAMPLE sets of some file have; which these are changes no result."""
MOST_COMMON = 1 << 20
"""Members that are taken for common, those that were met most often."""
BUCKET_ENTRIES = 1 << 20
"""Entries that are joined at once, 16 MB of them."""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""An odd factor: what is first in a set is small, and would all come into the first buckets."""
ENTRY = np.dtype([("member", "<u8"), ("owner", "<u4"), ("place", "<u4")])
"""A member, spread over all numbers, that is among the first fifth of the set `owner`, and its place there."""

Entries = npt.NDArray[np.void]
Flags = npt.NDArray[np.bool_]


def are_alike(shared: int, one: int, other: int) -> bool:
    """Tell whether two sets of these sizes that share so many members are alike."""
    return OF * shared >= SHARED * (one + other - shared) > 0


def shared_with(one: Hashes, others: Sequence[Hashes]) -> list[int]:
    """Return how many members a set shares with each of others; all are sorted."""
    members = np.concatenate([np.empty(0, np.uint64), *others])
    before = np.concatenate(([0], np.cumsum(_holds(one, members))))
    ends = np.cumsum([0, *map(len, others)])
    shared: list[int] = np.diff(before[ends]).tolist()
    return shared


class Components:
    """Which of the numbers 0 to n - 1 are joined, directly or through others."""

    def __init__(self, count: int) -> None:
        self.of: Counts = np.arange(count)
        """The component of each number."""
        self._members: dict[int, list[int]] = {}

    def join(self, one: int, other: int) -> None:
        """Join two numbers, and all that each is joined with."""
        names = {int(self.of[one]), int(self.of[other])}
        if len(names) == 2:
            small, large = sorted(names, key=lambda name: len(self._all(name)))
            moved = self._all(small)
            self.of[moved] = large
            self._members[large] = [*self._all(large), *moved]
            self._members.pop(small, None)

    def _all(self, name: int) -> list[int]:
        return self._members.get(name, [name])

    def groups(self) -> list[list[int]]:
        """Return the components of more than one number, each sorted, in the order of their first numbers."""
        return sorted(sorted(members) for members in self._members.values())


def components(sets: StoredSets, scratch: Path) -> Components:
    """Return which of these sets are joined; of each 60 bytes are in memory, the rest stands in the folder `scratch`.

    Sets without members are like nothing.
    """
    found = Components(len(sets))
    is_first = _join_equal(sets, found)
    for bucket in _buckets(sets, is_first, scratch):
        _join_sharing(bucket, sets, found)
    return found


def _join_equal(sets: StoredSets, found: Components) -> Flags:
    """Join the sets that are the same; which ones are the first of their kind, and so need to be compared.

    Two sums of its members, mixed, tell a set with 128 bits together.
    """
    sums = np.zeros((len(sets), 2), np.uint64)
    for first, hashes, sizes in sets.parts():
        filled = np.flatnonzero(sizes)
        starts = (np.cumsum(sizes) - sizes)[filled]
        if len(filled):
            mixed = _mixed(hashes)
            sums[first + filled, 0] = np.add.reduceat(mixed, starts)
            sums[first + filled, 1] = np.add.reduceat(mixed * mixed, starts)
    order = np.lexsort((sums[:, 1], sums[:, 0], sets.sizes))
    same = np.all(sums[order][1:] == sums[order][:-1], axis=1) & (sets.sizes[order][1:] == sets.sizes[order][:-1])
    is_first = np.ones(len(sets), dtype=bool)
    is_first[order[1:][same]] = False
    is_first &= sets.sizes > 0
    for place in np.flatnonzero(same & (sets.sizes[order][1:] > 0)).tolist():
        found.join(int(order[place]), int(order[place + 1]))
    return is_first


def _mixed(members: Hashes) -> Hashes:
    """Return members whose sums tell sets even of small numbers: the finalizer of SplitMix64 (Steele et al., 2014)."""
    mixed = members + _SPREAD
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    last: Hashes = mixed ^ (mixed >> np.uint64(31))
    return last


def _buckets(sets: StoredSets, is_first: Flags, scratch: Path) -> Iterator[Entries]:
    """Yield all entries, so that those of a member come together, in portions of about BUCKET_ENTRIES."""
    common = _common_members(sets)
    total = int((sets.sizes - _least_shared(sets.sizes) + 1).sum())
    count = total // BUCKET_ENTRIES + 1
    edges = np.array([2**64 * number // count for number in range(1, count)], np.uint64)
    files: list[tuple[Path, list[int]]] = []
    for first, hashes, sizes in sets.parts():
        path = scratch / f"{len(files):05d}.entries"
        found = first_fifths(hashes, sizes, first, common)
        found = found[is_first[found["owner"]]]
        found.tofile(path)
        files.append((path, [0, *np.searchsorted(found["member"], edges).tolist(), len(found)]))
    for number in range(count):
        parts = [
            np.fromfile(path, ENTRY, cuts[number + 1] - cuts[number], offset=cuts[number] * ENTRY.itemsize)
            for path, cuts in files
        ]
        yield np.concatenate([np.empty(0, ENTRY), *parts])


def _common_members(sets: StoredSets) -> Hashes:
    """The members that many sets have, sorted."""
    members, counts = np.empty(0, np.uint64), np.empty(0, np.int64)
    for _, hashes, sizes in sets.parts():
        sample, times = np.unique(hashes[: int(sizes[:SAMPLE].sum())], return_counts=True)
        often = times >= COMMON
        weights = np.concatenate([counts, times[often]])
        members, places = np.unique(np.concatenate([members, sample[often]]), return_inverse=True)
        counts = np.bincount(places, weights, len(members)).astype(np.int64)
    if len(members) > MOST_COMMON:
        members = np.sort(members[np.argsort(-counts, kind="stable")[:MOST_COMMON]])
    return members


def first_fifths(hashes: Hashes, sizes: Counts, first: int, common: Hashes) -> Entries:
    """Return the first fifth of each of some sets, sorted by member; the sets are numbered from `first`.

    `common` members, sorted too, come last in the order.
    """
    owner = np.repeat(np.arange(len(sizes)), sizes)
    start = (np.cumsum(sizes) - sizes)[owner]
    late = _holds(common, hashes)
    late_before: Counts = np.cumsum(late) - late
    late_here: Counts = late_before - late_before[start]  # among the members of the same set before this one
    early_in_all = sizes - np.bincount(owner[late], minlength=len(sizes))
    place = np.where(late, early_in_all[owner] + late_here, np.arange(len(hashes)) - start - late_here)
    chosen = place < (sizes - _least_shared(sizes) + 1)[owner]
    found = np.empty(int(chosen.sum()), ENTRY)
    found["member"], found["owner"], found["place"] = hashes[chosen] * _SPREAD, owner[chosen] + first, place[chosen]
    return found[np.argsort(found["member"], kind="stable")]


def _holds(holder: Hashes, members: Hashes) -> Flags:
    """Which of these members a sorted set holds."""
    if not len(holder):
        return np.zeros(len(members), dtype=bool)
    held: Flags = holder[np.minimum(np.searchsorted(holder, members), len(holder) - 1)] == members
    return held


def _least_shared(sizes: Counts) -> Counts:
    """How many members a set of this size shares at least with one that is like it."""
    return -(-SHARED * sizes // OF)


def _join_sharing(bucket: Entries, sets: StoredSets, found: Components) -> None:
    """Join what is alike among the sets that share one of these members.

    The sets of each member stand in the order of their sizes and are compared with the next one, then with the next
    but one, and so on.
    """
    sizes = sets.sizes[bucket["owner"]]
    order = np.lexsort((sizes, bucket["member"]))
    rows = _worthwhile(bucket[order], found, 1)
    differ: set[tuple[int, int]] = set()
    distance = 1
    while len(rows) > distance:
        pairs = _pairs(rows, sets.sizes, found, distance)
        for one, others in pairs:
            _compare(one, [other for other in others if (one, other) not in differ], sets, found, differ)
        distance += 1
        if distance & (distance - 1) == 0:
            rows = _worthwhile(rows, found, distance)


def _worthwhile(rows: Entries, found: Components, distance: int) -> Entries:
    """The rows of members that more than `distance` sets share, not all of which are joined already."""
    if not len(rows):
        return rows
    begins = np.flatnonzero(np.concatenate(([True], rows["member"][1:] != rows["member"][:-1])))
    lengths = np.diff(np.append(begins, len(rows)))
    names = found.of[rows["owner"]]
    several = np.minimum.reduceat(names, begins) != np.maximum.reduceat(names, begins)
    worthwhile: Entries = rows[np.repeat(several & (lengths > distance), lengths)]
    return worthwhile


def _pairs(rows: Entries, sizes: Counts, found: Components, distance: int) -> list[tuple[int, list[int]]]:
    """The pairs at this distance that may be alike, by the first of them: neither size nor place rules them out."""
    one, other = rows[:-distance], rows[distance:]
    here = np.flatnonzero(one["member"] == other["member"])
    one, other = one[here], other[here]
    small, large = sizes[one["owner"]], sizes[other["owner"]]
    at_most = np.minimum(small - one["place"], large - other["place"])
    may_be = (OF * small >= SHARED * large) & ((SHARED + OF) * at_most >= SHARED * (small + large))
    may_be &= found.of[one["owner"]] != found.of[other["owner"]]
    pairs = np.unique(np.stack([one["owner"][may_be], other["owner"][may_be]], axis=1), axis=0)
    firsts, starts = np.unique(pairs[:, 0], return_index=True)
    return [
        (first, others.tolist())
        for first, others in zip(firsts.tolist(), np.split(pairs[:, 1], starts[1:]), strict=False)
    ]


def _compare(
    one: int, others: Sequence[int], sets: StoredSets, found: Components, differ: set[tuple[int, int]]
) -> None:
    """Join a set with those of others that are like it, and note those that are not."""
    others = [other for other in others if found.of[one] != found.of[other]]
    if not others:
        return
    shared = shared_with(sets.members(one), [sets.members(other) for other in others])
    for other, count in zip(others, shared, strict=True):
        if are_alike(count, int(sets.sizes[one]), int(sets.sizes[other])):
            found.join(one, other)
        else:
            differ.add((one, other))
