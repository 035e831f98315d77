"""Sorted runs: nothing is lost, the order is that of the digests, and the cuts depend on the documents alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kliping.building import spill
from kliping.building.spill import ROW_COST, Item, Row, Runs, merge_runs, shard_starts, write_runs
from kliping.model import InputValue, RawDocument, Refusal

FULL = RawDocument(
    b"Harga cabai turun.",
    "pasar/cabai.html",
    url="https://contoh.example/cabai",
    retrieved_at=datetime(2024, 2, 5, 3, 4, 5, tzinfo=UTC),
    metadata=(InputValue("authors", "Sari Dewi", "json-ld:author"),),
    extractor="contoh 1.0",
    source_sha256="0" * 64,
    line_tags=("p",),
)
REFUSED = Refusal("rusak.jsonl#3", None, "broken-record", "Line 3 is no JSON.")


def runs_of(folder: Path, parts: Sequence[Sequence[Item]]) -> Runs:
    names = [name for number, part in enumerate(parts) for name in write_runs(part, folder, f"part{number}")[0]]
    return Runs([folder / name for name in names])


def text(number: int, size: int = 100) -> RawDocument:
    return RawDocument(f"{number:08}".encode() * (size // 8), f"{number:05}.txt")


def test_every_field_comes_back(tmp_path: Path) -> None:
    runs = runs_of(tmp_path, [[FULL, REFUSED]])
    back = runs.fetch(list(runs.merge()))
    assert len(back) == 2
    assert FULL in back
    assert REFUSED in back


def test_merge_follows_digest_then_path_over_all_runs(tmp_path: Path) -> None:
    documents = [text(number % 7) for number in range(10)] + [text(number) for number in range(40)]
    documents = [RawDocument(document.data, f"{place:02}.txt") for place, document in enumerate(documents)]
    runs = runs_of(tmp_path, [documents[::3], documents[1::3], documents[2::3]])
    merged = runs.fetch(list(runs.merge()))
    expected = sorted(documents, key=lambda document: (hashlib.sha256(document.data).digest(), document.source_path))
    assert merged == expected


def test_a_run_never_holds_more_than_its_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "RUN_BYTES", 4 * (ROW_COST + 800))
    names, count, weight = write_runs((text(number, 800) for number in range(10)), tmp_path, "part")
    assert (len(names), count, weight) == (3, 10, 10 * (ROW_COST + 800))


def test_one_document_above_the_share_is_a_run_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "RUN_BYTES", 2000)
    names, _, _ = write_runs([text(1, 80), text(2, 8000), text(3, 80)], tmp_path, "part")
    assert len(names) == 3


def test_no_items_no_runs(tmp_path: Path) -> None:
    assert write_runs([], tmp_path, "part") == ((), 0, 0)
    assert list(Runs([]).merge()) == []
    assert shard_starts(Runs([]), 100) == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contents=st.lists(st.binary(max_size=40), min_size=1, max_size=30),
    split=st.integers(1, 5),
    shard=st.integers(1, 4000),
)
def test_cuts_depend_on_the_documents_alone_and_ranges_partition_them(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], split: int, shard: int
) -> None:
    documents = [RawDocument(data, f"{place:03}") for place, data in enumerate(contents)]
    one = runs_of(tmp_path_factory.mktemp("one"), [documents])
    many = runs_of(tmp_path_factory.mktemp("many"), [documents[part::split] for part in range(split)])
    places = shard_starts(one, shard)
    assert shard_starts(many, shard) == places
    ranges = list(zip([None, *places], [*places, None], strict=True))
    parts = [many.fetch(list(many.merge(start, end))) for start, end in ranges]
    assert all(parts)
    assert [item for part in parts for item in part] == one.fetch(list(one.merge()))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contents=st.lists(st.binary(max_size=40), min_size=2, max_size=30),
    split=st.integers(2, 5),
    batch=st.integers(1, 8),
    shard=st.integers(1, 4000),
)
def test_merged_runs_hold_what_their_runs_hold(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], split: int, batch: int, shard: int
) -> None:
    """In batches, out of which every range of places is found, and their runs are emptied."""
    folder = tmp_path_factory.mktemp("runs")
    documents = [RawDocument(data, f"{place:03}") for place, data in enumerate(contents)]
    whole = runs_of(tmp_path_factory.mktemp("whole"), [documents])
    places = shard_starts(whole, shard)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(spill, "RUN_BATCH_BYTES", batch * ROW_COST)
        parts = [write_runs(documents[part::split], folder, f"{part}")[0] for part in range(split)]
        paths = [folder / name for part in parts for name in part]
        assert shard_starts(Runs(paths), shard) == places
        merge_runs(paths, folder / "merged.arrow")
    merge_runs(paths, folder / "merged.arrow")  # as after a kill between the merge and the end of its task
    assert [path.stat().st_size for path in paths] == [0] * len(paths)
    merged = Runs([folder / "merged.arrow"])
    assert shard_starts(merged, shard) == places
    ranges = list(zip([None, *places], [*places, None], strict=True))
    assert [item for start, end in ranges for item in merged.fetch(list(merged.merge(start, end)))] == whole.fetch(
        list(whole.merge())
    )


def test_a_shard_of_copies_is_cut_too(tmp_path: Path) -> None:
    copies = [RawDocument(b"sama", f"{number:04}") for number in range(100)]
    places = shard_starts(runs_of(tmp_path, [copies]), 10 * ROW_COST)
    assert len(places) == 10
    assert len({key for key, _ in places}) == 1


def test_rows_are_compared_without_reaching_their_documents() -> None:
    low, high = Row(b"a", "x", 9, False, None), Row(b"a", "y", 1, True, object())
    assert low < high
