"""Parquet: a value that cannot be held costs its row, a damaged row group its own rows, and the others are read."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kliping.model import RawDocument, Refusal
from kliping.read import documents

COUNT = 12
TEXTS = [f"PALU, KabarUji – Nelayan {n} kembali melaut setelah badai reda, kata ketua koperasi." for n in range(COUNT)]
ODD = 4


def read(data: bytes) -> list[RawDocument | Refusal]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.parquet")
        path.write_bytes(data)
        return list(documents([path]))


def packed(table: pa.Table, rows: int = 3, **options: object) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, row_group_size=rows, **options)
    return sink.getvalue().to_pybytes()


def table(column: pa.Array, name: str = "date") -> pa.Table:
    return pa.table({"text": TEXTS, name: column})


def with_odd(value: object, others: object, kind: pa.DataType) -> pa.Array:
    return pa.array([value if n == ODD else others for n in range(COUNT)], kind)


def bad_text() -> pa.Array:
    raw = pa.array([b"Palu \xff" if n == ODD else b"Palu" for n in range(COUNT)], pa.binary())
    return pa.StringArray.from_buffers(COUNT, raw.buffers()[1], raw.buffers()[2])


ODDITIES = {
    "seconds": (with_odd(2**42, 1_600_000_000, pa.int64()).cast(pa.timestamp("s")), "date"),
    "milliseconds": (with_odd(-(2**60), 1_600_000_000_000, pa.int64()).cast(pa.timestamp("ms", "UTC")), "date"),
    "microseconds": (with_odd(2**62, 1_600_000_000_000_000, pa.int64()).cast(pa.timestamp("us")), "date"),
    "days": (with_odd(2**30, 19_000, pa.int32()).cast(pa.date32()), "published"),
    "text": (bad_text(), "title"),
    "nested": (
        pa.StructArray.from_arrays([with_odd(2**60, 1, pa.int64()).cast(pa.timestamp("us"))], ["date"]),
        "metadata",
    ),
}


@pytest.mark.parametrize("kind", sorted(ODDITIES))
def test_a_value_that_cannot_be_held_costs_its_own_row(kind: str) -> None:
    column, name = ODDITIES[kind]
    items = read(packed(table(column, name)))
    assert [item.source_path for item in items] == [f"a.parquet#{n + 1}" for n in range(COUNT)]
    (refusal,) = (item for item in items if isinstance(item, Refusal))
    assert (refusal.source_path, refusal.reason) == (f"a.parquet#{ODD + 1}", "broken-record")
    assert repr(name) in refusal.detail


def test_text_that_is_no_utf8_costs_its_own_row() -> None:
    raw = pa.array([text.encode() + b"\xc3" * (n == ODD) for n, text in enumerate(TEXTS)], pa.binary())
    texts = pa.StringArray.from_buffers(COUNT, raw.buffers()[1], raw.buffers()[2])
    items = read(packed(pa.table({"text": texts})))
    assert [item.source_path for item in items if isinstance(item, Refusal)] == [f"a.parquet#{ODD + 1}"]
    assert len(items) == COUNT


@pytest.mark.parametrize(
    "column",
    [
        pa.array([Decimal("12.50")] * COUNT), pa.array([date(2024, 2, 5)] * COUNT, pa.date64()),
        pa.array([[("a", [("b", 1), ("b", 2)])]] * COUNT, pa.map_(pa.string(), pa.map_(pa.string(), pa.int32()))),
        pa.array([1_600_000_000_123_456_789] * COUNT, pa.int64()).cast(pa.timestamp("ns")),
        pa.array([1_600_000_000_123_456_789] * COUNT, pa.int64()).cast(pa.timestamp("ns", "Asia/Jakarta")),
        pa.array([float("nan")] * COUNT), pa.array([b"\xff"] * COUNT), pa.nulls(COUNT),
        pa.array(["x"] * COUNT).dictionary_encode(),
    ],
)  # fmt: skip
def test_columns_of_any_type_are_no_hindrance(column: pa.Array) -> None:
    for name in ("date", "title", "metadata", "author"):
        items = read(packed(table(column, name)))
        assert [item.data.decode() for item in items if isinstance(item, RawDocument)] == TEXTS


def test_nanoseconds_are_cut_off_not_lost() -> None:
    moments = pa.array([1_600_000_000_123_456_789] * COUNT, pa.int64()).cast(pa.timestamp("ns", "UTC"))
    first = read(packed(table(moments)))[0]
    assert isinstance(first, RawDocument)
    assert "2020-09-13T12:26:40.123Z" in {value.value for value in first.metadata}


@pytest.mark.parametrize("options", [{"compression": "zstd"}, {"compression": "none", "write_page_checksum": True}])
def test_a_damaged_row_group_costs_its_own_rows(options: dict[str, object]) -> None:
    data = bytearray(packed(pa.table({"text": TEXTS}), use_dictionary=False, **options))
    chunk = pq.ParquetFile(pa.BufferReader(bytes(data))).metadata.row_group(1).column(0)
    place = chunk.data_page_offset + chunk.total_compressed_size - 12
    data[place : place + 8] = bytes(byte ^ 0x5A for byte in data[place : place + 8])
    items = read(bytes(data))
    kept = [item.source_path for item in items if isinstance(item, RawDocument)]
    assert kept == [f"a.parquet#{n}" for n in (1, 2, 3, 7, 8, 9, 10, 11, 12)]
    (refusal,) = (item for item in items if isinstance(item, Refusal))
    assert (refusal.source_path, refusal.reason) == ("a.parquet#4", "broken-record")
    assert "rows 4 to 6" in refusal.detail


SAMPLE = packed(table(pa.array([f"2024-02-{n + 1:02}" for n in range(COUNT)])), write_page_checksum=True)


@given(st.floats(0, 1), st.integers(0, 20), st.binary(max_size=12))
@settings(deadline=None)
def test_any_damage_leaves_whole_texts_or_reasons(place: float, cut: int, put: bytes) -> None:
    at = int(place * len(SAMPLE))
    items = read(SAMPLE[:at] + put + SAMPLE[at + cut :])
    assert items
    names = [item.source_path for item in items]
    assert len(names) == len(set(names))
