"""The join finds every pair there is and no other, whatever the sets, and looks at few of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kliping.corpus.wide import similar
from kliping.corpus.wide.sets import StoredSets, set_file

members = st.integers(0, 2**64 - 1)


def stored(sets: Sequence[Iterable[int]], folder: Path, files: int = 1) -> StoredSets:
    paths = [folder / f"{number}.sets" for number in range(files)]
    for path, first in zip(paths, range(files), strict=True):
        here = [
            np.array(sorted(each), np.uint64)
            for each in sets[first * len(sets) // files : (first + 1) * len(sets) // files]
        ]
        with set_file(path) as file:
            file.add(np.concatenate([np.empty(0, np.uint64), *here]), np.array([len(each) for each in here], np.int64))
    return StoredSets(paths)


def joined(sets: Sequence[Iterable[int]], files: int = 1) -> list[list[int]]:
    with TemporaryDirectory() as name:
        return similar.components(stored(sets, Path(name), files), Path(name)).groups()


def plainly(sets: Sequence[set[int]]) -> list[list[int]]:
    """The same by comparing all with all."""
    found = similar.Components(len(sets))
    for one, other in combinations(range(len(sets)), 2):
        if similar.are_alike(len(sets[one] & sets[other]), len(sets[one]), len(sets[other])):
            found.join(one, other)
    return found.groups()


@st.composite
def families(draw: st.DrawFn) -> list[set[int]]:
    """Sets that are near to each other: some originals, and each with a few members more, fewer or other."""
    random = Random(draw(st.integers(0, 2**32)))
    shared = [random.getrandbits(64) for _ in range(draw(st.integers(0, 12)))]
    sets = []
    for _ in range(draw(st.integers(1, 4))):
        original = {random.getrandbits(64) for _ in range(draw(st.integers(0, 30)))} | set(shared)
        for _ in range(draw(st.integers(1, 5))):
            kept = {member for member in original if random.random() > draw(st.sampled_from((0, 0.05, 0.1, 0.2)))}
            sets.append(kept | {random.getrandbits(64) for _ in range(draw(st.integers(0, 4)))})
    random.shuffle(sets)
    return sets


@settings(max_examples=300, deadline=None)
@given(families(), st.integers(1, 3), st.sampled_from((1, 2, 3, 10**6)), st.sampled_from((1, 7, 10**6)))
def test_it_finds_what_comparing_all_with_all_finds(sets: list[set[int]], files: int, common: int, bucket: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similar, "COMMON", common)
        patch.setattr(similar, "BUCKET_ENTRIES", bucket)
        assert joined(sets, files) == plainly(sets)


@settings(deadline=None)
@given(st.lists(st.sets(st.integers(0, 8), max_size=6), max_size=12), st.integers(1, 3))
def test_small_sets_of_few_members_too(sets: list[set[int]], files: int) -> None:
    """Sets that hold nothing are like nothing, not even like each other."""
    assert joined(sets, files) == plainly(sets)


def test_sets_with_the_same_sums_and_the_same_sums_of_squares_are_not_the_same() -> None:
    assert joined([{0, 3, 4, 5, 7, 8}, {1, 2, 3, 6, 7, 8}]) == []


def test_the_edge_of_four_fifths_is_in_and_what_is_below_is_out() -> None:
    assert similar.are_alike(4, 5, 4)
    assert not similar.are_alike(799, 899, 900)
    assert similar.are_alike(800, 900, 900)
    assert not similar.are_alike(0, 0, 0)


class Comparisons:
    """Counts how many pairs of sets are compared."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.count = 0
        plain = similar.shared_with

        def counted(one: similar.Hashes, others: Sequence[similar.Hashes]) -> list[int]:
            self.count += len(others)
            return plain(one, others)

        patch.setattr(similar, "shared_with", counted)


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> Comparisons:
    return Comparisons(monkeypatch)


def pages(count: int, own: int, notice: int, seed: int = 1) -> list[set[int]]:
    """Pages that have so many members of their own, and below them all the same notice."""
    random = Random(seed)
    below = [random.getrandbits(64) for _ in range(notice)]
    return [{*(random.getrandbits(64) for _ in range(own)), *below} for _ in range(count)]


def test_a_notice_below_all_pages_brings_none_together(comparisons: Comparisons) -> None:
    """It is a third of each page: were it not put last, half a million pairs would share it in what is joined."""
    assert joined(pages(1000, own=60, notice=30)) == []
    assert comparisons.count == 0


def test_a_form_with_other_entries_every_day_is_not_compared_with_all_others(comparisons: Comparisons) -> None:
    """Three quarters of it are the same every day, which is not enough; size and place say so of every two."""
    assert joined(pages(1000, own=29, notice=171)) == []
    assert comparisons.count == 0


def test_a_large_cluster_is_compared_once_an_article(comparisons: Comparisons) -> None:
    """Ten thousand pairs and more are alike, of which those that are joined already need no look."""
    assert list(map(len, joined(pages(500, own=10, notice=190)))) == [500]
    assert comparisons.count < 2 * 500


def test_copies_to_the_letter_are_not_compared_at_all(comparisons: Comparisons) -> None:
    assert joined([{1, 2, 3}, {4, 5}] * 300) == [list(range(0, 600, 2)), list(range(1, 600, 2))]
    assert comparisons.count == 0
