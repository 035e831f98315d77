"""digests.py: `rows-v1` is what its docstring says, and nothing but content moves it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import subprocess
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliping.corpus import digests, merge

TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\\n\r\t\x00\x7f\u2028'), max_size=12)
INSTANT = st.integers(0, 4 * 10**12).map(lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms))
FORM = pa.schema(
    [
        ("text", pa.string()),
        ("count", pa.int64()),
        ("sure", pa.bool_()),
        ("day", pa.date32()),
        ("moment", pa.timestamp("ms", "UTC")),
        ("data", pa.binary()),
        ("names", pa.list_(pa.string())),
        ("pairs", pa.list_(pa.struct([("z", pa.string()), ("a", pa.int32())]))),
    ]
)
ROWS = st.fixed_dictionaries(
    {
        "text": st.none() | TEXT,
        "count": st.none() | st.integers(-(2**63), 2**63 - 1),
        "sure": st.none() | st.booleans(),
        "day": st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
        "moment": st.none() | INSTANT,
        "data": st.none() | st.binary(max_size=5),
        "names": st.none() | st.lists(TEXT, max_size=3),
        "pairs": st.none()
        | st.lists(st.fixed_dictionaries({"z": TEXT, "a": st.none() | st.integers(0, 2**31 - 1)}), max_size=2),
    }
)


def plain(value: object) -> object:
    """The value as the docstring of digests.py wants it in JSON."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S") + f".{value.microsecond // 1000:03d}Z"
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def canonical(row: dict[str, object]) -> bytes:
    shown = {name: plain(value) for name, value in row.items()}
    return json.dumps(shown, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@given(st.lists(ROWS, max_size=6), st.integers(0, 3))
def test_rows_are_written_as_the_json_module_would(rows, skipped):
    table = pa.Table.from_pylist(rows, schema=FORM).slice(skipped)
    assert digests.row_json(table) == [canonical(row) for row in rows[skipped:]]


def test_floats_are_refused():
    with pytest.raises(TypeError, match="double"):
        digests.row_json(pa.table({"score": [0.5]}))


def test_lines_are_id_tab_digest(made):
    (first, *_), row = digests.row_lines("segments", made["segments"]), made["segments"].slice(0, 1).to_pylist()[0]
    digest = hashlib.sha256(canonical(row)).hexdigest()
    assert first.decode() == f"{row['article_id']}/{row['position']:08d}\t{digest}\n"
    lines = digests.row_lines("decisions", made["decisions"])
    ids = sorted(
        hashlib.sha256(path.encode()).hexdigest()[:32] for path in made["decisions"]["source_path"].to_pylist()
    )
    assert [line.split(b"\t")[0].decode() for line in lines] == ids


def test_a_key_of_several_columns_is_digested_whole(monkeypatch):
    """Rows that share their first column are told apart, and so are keys whose values run into each other."""
    table = pa.table({"outlet": ["a", "a", 'a","b'], "year": ["b", 'b","c', "c"], "count": [1, 2, 3]})
    contract = SimpleNamespace(tables={"years": SimpleNamespace(primary_key=("outlet", "year"))})
    monkeypatch.setattr(digests.schema, "load", lambda: contract)
    ids = digests.row_ids("years", table).to_pylist()
    assert ids[0] == hashlib.sha256(b'["a","b"]').hexdigest()[:32]
    assert len(set(ids)) == 3
    monkeypatch.setattr(contract.tables["years"], "primary_key", ("count",))
    assert digests.row_ids("years", table).to_pylist()[2] == hashlib.sha256(b"[3]").hexdigest()[:32]


def test_coreutils_alone_recompute_the_root(made, tmp_path):
    lines = digests.row_lines("evidence", made["evidence"])
    random.Random(7).shuffle(lines)
    (tmp_path / "rows.tsv").write_bytes(b"".join(lines))
    environment = {"LC_ALL": "C", "PATH": os.environ["PATH"]}
    command = "sort rows.tsv | sha256sum"
    printed = subprocess.run(command, shell=True, cwd=tmp_path, env=environment, capture_output=True, check=True).stdout
    assert printed.decode().split()[0] == digests.content_root("evidence", made["evidence"])


def test_storage_does_not_move_the_root(made, tmp_path):
    for name, table in made.items():
        expected = digests.content_root(name, table)
        backwards = table.take(pa.array(range(table.num_rows), pa.int64())[::-1])
        in_pieces = pa.concat_tables([table.slice(0, 1), table.slice(1)])
        pq.write_table(
            backwards, tmp_path / "other.parquet", compression="snappy", row_group_size=1, use_dictionary=False
        )
        for other in (backwards, in_pieces, pq.read_table(tmp_path / "other.parquet")):
            assert digests.content_root(name, other) == expected


def column_roots(table: pa.Table, path: Path) -> dict[str, str]:
    pq.write_table(table, path)
    return digests.column_roots("articles", path)


def test_any_changed_value_moves_the_root_and_that_column_alone(made, tmp_path):
    articles = made["articles"]
    roots, columns = digests.content_root("articles", articles), column_roots(articles, tmp_path / "one.parquet")
    for name in articles.column_names[1:]:
        rows = articles.to_pylist()
        rows[0][name] = other_value(rows[0][name], articles.schema.field(name).type)
        changed = pa.Table.from_pylist(rows, schema=pa.schema([field.with_nullable(True) for field in articles.schema]))
        assert digests.content_root("articles", changed) != roots
        after = column_roots(changed, tmp_path / "other.parquet")
        assert [column for column in columns if after[column] != columns[column]] == [name]


def other_value(value: object, form: pa.DataType) -> object:
    """A value of that type other than `value`."""
    if isinstance(value, list):
        return [*value, "x"]
    samples = {
        pa.string(): "x",
        pa.int32(): 7,
        pa.date32(): date(2001, 2, 3),
        pa.timestamp("ms", "UTC"): datetime(2001, 2, 3, tzinfo=UTC),
    }
    return samples[form] if value is None else None


@given(
    st.lists(st.integers(0, 10**6), unique=True, min_size=1, max_size=60),
    st.lists(st.integers(0, 60), max_size=4),
    st.integers(1, 4),
    st.integers(1, 2000),
)
def test_merging_runs_gives_the_root_of_the_whole(tmp_path_factory, numbers, cuts, mixed, size):
    """Whether the runs follow each other, as those of shards do, or lie across each other."""
    folder = tmp_path_factory.mktemp("runs")
    hashes = [hashlib.sha256(str(number).encode()).hexdigest() for number in numbers]
    lines = [f"{digest[:32]}\t{digest}\n".encode() for digest in hashes]
    lines.sort()
    stretches = [lines[start:end] for start, end in pairwise([0, *sorted(cuts), len(lines)])]
    runs = [stretch[first::mixed] for stretch in stretches for first in range(mixed)]
    paths = [folder / str(len(runs) - number) for number in range(len(runs))]
    for run, path in zip(runs, paths, strict=True):
        path.write_bytes(b"".join(run))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merge, "BLOCK_BYTES", size)
        assert digests.merged_root(paths) == digests.root(lines)


def test_merging_nothing_gives_the_root_of_nothing(tmp_path):
    (tmp_path / "empty").touch()
    assert digests.merged_root([tmp_path / "empty"]) == hashlib.sha256(b"").hexdigest() == digests.merged_root([])


@pytest.mark.parametrize("size", [1, 1 << 20])
@pytest.mark.parametrize("others", [(), ("1",), ("0", "2")])
def test_the_same_id_in_two_runs_is_refused(tmp_path: Path, monkeypatch, size: int, others: tuple[str, ...]):
    """Also where one run ends with it and the next begins with it, or a block ends between the two."""
    monkeypatch.setattr(merge, "BLOCK_BYTES", size)
    for name, digest in (("one", "a"), ("two", "b")):
        ids = sorted([*others, "1"] if name == "one" and others != ("1",) else ["1"])
        (tmp_path / name).write_text("".join(f"{id * 32}\t{digest * 64}\n" for id in ids))
    with pytest.raises(ValueError, match="1" * 32):
        digests.merged_root([tmp_path / "two", tmp_path / "one"])
