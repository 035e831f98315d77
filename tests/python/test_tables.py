"""`kliping.annotate_table` gives what a build would, as the kind of table it was given, whatever a column holds."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kliping import annotate_table, build, open_corpus, schema
from kliping.errors import KlipingError
from kliping.kernel import annotate_arrow, documents_schema

BODY = "JAKARTA, KOMPAS.com - Harga {} turun, kata pedagang Wening Lestari di Pasar Sukamaju, Senin (5/2/2024)."
GOODS = ["cabai", "bawang", "beras", "gula"]
COLUMNS = {
    "isi": [BODY.format(good) for good in GOODS],
    "judul": [f"Harga {good.title()} Turun di Sukamaju" for good in GOODS],
    "tanggal": ["2024-02-05", "2024-02-06", None, "2024-02-08"],
    "url": [f"https://kabaruji.example/{good}" for good in GOODS],
}
KINDS = {
    "table": (pa.table, pa.Table),
    "batch": (lambda columns: pa.RecordBatch.from_pydict(columns), pa.RecordBatch),
    "pandas": (pd.DataFrame, pd.DataFrame),
    "polars": (pl.DataFrame, pl.DataFrame),
    "dataset": (datasets.Dataset.from_dict, datasets.Dataset),
}


def as_arrow(table: Any) -> pa.Table:
    if isinstance(table, pa.RecordBatch):
        return pa.Table.from_batches([table])
    if isinstance(table, pd.DataFrame):
        return pa.Table.from_pandas(table, schema.arrow_schema("articles"), preserve_index=False)
    if isinstance(table, pl.DataFrame):
        return table.to_arrow().cast(schema.arrow_schema("articles"))
    return table.with_format("arrow")[:] if isinstance(table, datasets.Dataset) else table


@pytest.mark.parametrize("name", KINDS)
def test_the_same_kind_comes_back_with_the_articles_of_a_build(name: str, tmp_path: Path) -> None:
    make, kind = KINDS[name]
    found = annotate_table(make(COLUMNS))
    assert type(found) is kind
    pq.write_table(pa.table(COLUMNS), tmp_path / "table")
    build([tmp_path / "table"], tmp_path / "corpus")
    built = open_corpus(tmp_path / "corpus").whole("articles").sort_by("source_path")
    assert as_arrow(found).to_pylist() == built.to_pylist()
    assert built["headline"].to_pylist() == COLUMNS["judul"]


@pytest.mark.parametrize("name", KINDS)
def test_a_table_without_rows_gives_one_without_articles(name: str) -> None:
    make, kind = KINDS[name]
    empty = make(COLUMNS)
    empty = empty.select([]) if name == "dataset" else empty[:0] if name in ("pandas", "polars") else empty.slice(0, 0)
    found = annotate_table(empty)
    assert type(found) is kind
    names = found.column_names if name in ("dataset", "table") else list(as_arrow(found).column_names)
    assert (len(as_arrow(found)), names) == (0, schema.arrow_schema("articles").names)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_no_article_is_left_out_and_told(name: str) -> None:
    make, _ = KINDS[name]
    columns = {"isi": [COLUMNS["isi"][0], None, " ", COLUMNS["isi"][3]], "nomor": [1, 2, 3, 4]}
    with pytest.warns(UserWarning, match=r"2 of 4 rows give no article and are left out: table#2 .*table#3 \(empty"):
        found = annotate_table(make(columns))
    assert as_arrow(found)["source_path"].to_pylist() == ["table#1", "table#4"]


def test_a_frame_of_pandas_keeps_the_index_of_its_rows() -> None:
    frame = pd.DataFrame(COLUMNS, index=list("abcd"))
    frame.loc["b", "isi"] = ""
    with pytest.warns(UserWarning, match="table#2"):
        found = annotate_table(frame)
    assert list(found.index) == ["a", "c", "d"]
    assert list(frame.join(found[["outlet_name"]])["outlet_name"].dropna()) == ["Kompas"] * 3


@pytest.mark.parametrize(
    "values",
    [
        [1, "dua", 3.0, None],
        [np.nan, "a", b"b", 4],
        [{"a": 1}, [2], None, "x"],
        [pd.NaT, pd.Timestamp("2024-02-05"), 1, 2],
    ],
)
def test_a_column_of_mixed_values_costs_nothing(values: list[object]) -> None:
    frame = pd.DataFrame(COLUMNS | {"lain": pd.Series(values, dtype=object)})
    assert len(annotate_table(frame)) == 4


def test_rows_of_a_dataset_that_was_filtered_are_those_that_are_left() -> None:
    dataset = datasets.Dataset.from_dict(COLUMNS).select([3, 0])
    assert annotate_table(dataset)["headline"][:] == [COLUMNS["judul"][3], COLUMNS["judul"][0]]


def test_the_column_with_the_text_can_be_named() -> None:
    table = pa.table({"a": COLUMNS["isi"], "b": [f"{text} {text}" for text in COLUMNS["isi"]]})
    assert annotate_table(table, text_column="a")["text"].to_pylist() == [
        text.removeprefix("JAKARTA, KOMPAS.com - ") for text in COLUMNS["isi"]
    ]
    with pytest.raises(KlipingError, match="no column 'c'; it has a, b"):
        annotate_table(table, text_column="c")


def test_a_table_without_text_is_a_sentence() -> None:
    with pytest.raises(KlipingError, match=r"No column of the table \(nomor\).*text_column="):
        annotate_table(pa.table({"nomor": [1, 2]}))


@pytest.mark.parametrize(
    "thing", [None, 5, COLUMNS, [COLUMNS], pl.DataFrame(COLUMNS).lazy(), pd.Series(COLUMNS["isi"])]
)
def test_anything_else_is_a_type_error(thing: object) -> None:
    with pytest.raises(TypeError, match=rf"not a {type(thing).__name__}\."):
        annotate_table(thing)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.none() | st.text(max_size=30) | st.sampled_from(COLUMNS["isi"]), max_size=6))
def test_every_row_is_an_article_or_in_the_warning(texts: list[str | None]) -> None:
    texts = [text and text.encode("utf-8", "replace").decode() for text in texts]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = annotate_table(pa.table({"text": pa.array(texts, pa.string())}))
    left_out = int(str(caught[0].message).split()[0].replace(",", "")) if caught else 0
    assert found.num_rows + left_out == len(texts)
    numbers = [int(path.removeprefix("table#")) for path in found["source_path"].to_pylist()]
    assert numbers == sorted(set(numbers))


def test_a_null_is_a_document_of_no_bytes_and_the_others_are_annotated() -> None:
    form = pa.schema([field.with_nullable(True) for field in documents_schema()])
    rows = [{"source_path": "a"}, {"source_path": "b", "data": COLUMNS["isi"][0].encode()}]
    tables = annotate_arrow(pa.RecordBatch.from_pylist(rows, schema=form))
    assert tables["decisions"]["reason"].to_pylist() == ["empty", None]
    assert tables["articles"]["source_path"].to_pylist() == ["b"]
