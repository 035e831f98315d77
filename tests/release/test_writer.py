"""writer.py: the same rows give the same bytes, and a file is there whole or not at all."""

from __future__ import annotations

from itertools import pairwise, zip_longest

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.writing import write_parquet

from kliping import schema
from kliping.corpus.row_groups import ROW_GROUP_ROWS, RowGroups
from kliping.files import write_bytes


def test_chunks_and_threads_leave_no_trace_in_the_bytes(made, tmp_path):
    table = made["segments"]
    pieces = pa.concat_tables([table.slice(row, 1) for row in range(table.num_rows)])
    before = pa.cpu_count()
    for rank, form in enumerate((table, pieces)):
        pa.set_cpu_count(rank + 1)
        write_parquet(form, tmp_path / f"{rank}.parquet")
    pa.set_cpu_count(before)
    assert (tmp_path / "0.parquet").read_bytes() == (tmp_path / "1.parquet").read_bytes()


def test_rows_come_back_with_their_schema(made, tmp_path):
    for table in made.values():
        write_parquet(table, tmp_path / "table.parquet")
        assert pq.read_table(tmp_path / "table.parquet").equals(table, check_metadata=True)


def test_the_footer_says_version_and_table_and_nothing_of_datasets(made, tmp_path):
    write_parquet(made["raw"], tmp_path / "raw.parquet")
    footer = pq.read_metadata(tmp_path / "raw.parquet")
    version = schema.load().version.encode()
    assert footer.metadata == {b"kliping.schema_version": version, b"kliping.table": b"raw"}


rows_of = st.lists(st.text(max_size=9), max_size=30)


@given(rows_of, st.lists(st.integers(0, 30), max_size=6))
def test_rows_make_the_same_groups_in_whatever_portions_they_come(texts, cuts):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kliping.corpus.row_groups.ROW_GROUP_ROWS", 7)
        patch.setattr("kliping.corpus.row_groups.ROW_GROUP_BYTES", 20)
        table = pa.table({"text": pa.array(texts, pa.string()), "position": pa.array(range(len(texts)), pa.int32())})
        at = sorted({0, len(texts), *(cut for cut in cuts if cut < len(texts))})
        portions = [table.slice(start, end - start) for start, end in pairwise(at)]
        groups = [grouped(table.schema, form) for form in ([table], portions)]
    assert groups[0] == groups[1]
    assert [row for group in groups[0] for row in group] == texts
    for group, following in zip_longest(groups[0], groups[0][1:]):
        size = len("".join(group).encode())
        assert 1 <= len(group) <= 7
        assert size <= 20 or len(group) == 1
        assert following is None or len(group) == 7 or size + len(following[0].encode()) > 20


def grouped(form: pa.Schema, portions: list[pa.Table]) -> list[list[str]]:
    groups = RowGroups(form)
    made = [group for portion in portions for group in groups.add(portion)]
    return [group["text"].to_pylist() for group in (*made, *groups.rest())]


def test_row_groups_have_a_fixed_size(tmp_path):
    rows = ROW_GROUP_ROWS + 1
    table = pa.table({"outlet_id": ["a"] * rows}).replace_schema_metadata({"kliping.table": "x"})
    write_parquet(table, tmp_path / "many.parquet")
    footer = pq.read_metadata(tmp_path / "many.parquet")
    assert [footer.row_group(group).num_rows for group in range(footer.num_row_groups)] == [ROW_GROUP_ROWS, 1]


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_bytes(path, b"old")

    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("kliping.files._flush", full)
    with pytest.raises(OSError, match="no space"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
