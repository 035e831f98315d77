"""A table in memory to the articles in its rows: what a library holds goes in, the same kind of thing comes out."""

from __future__ import annotations

import itertools
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import pyarrow as pa

from kliping import schema
from kliping.corpus.tables import articles_of
from kliping.errors import KlipingError, listed
from kliping.kernel import annotate_documents
from kliping.model import Annotation, RawDocument, Refusal
from kliping.read import Options
from kliping.read.arrow import batch_records
from kliping.read.parquet import columns_read

DOCUMENTS_AT_ONCE = 256
"""Layers are faster on many documents at once, and memory grows with them (docs/pipelines.md)."""
NAME = "table"
"""What stands before the number of the row in `source_path`."""

Frame = TypeVar("Frame")
"""A pyarrow Table or RecordBatch, a pandas or polars DataFrame, a datasets.Dataset."""


def annotate_table(table: Frame, *, text_column: str | None = None) -> Frame:
    """Return the articles in a table, with the columns of `articles`, as the same kind of table.

    Takes a pyarrow Table or RecordBatch, a DataFrame of pandas or polars, or a `datasets.Dataset`. Its columns are told
    by name and value as those of a dump are (docs/inputs.md): beside the text, the page's address, day, headline,
    author and outlet are read where there are such columns. `text_column` names the one with the text.

    Articles stand in the order of the table; `source_path` is `table#N` for row N, from 1, and a DataFrame of pandas
    keeps the index of its rows. A row that gives no article is left out, and a warning says which and why. Copies are
    not looked for, and all is held in memory: `kliping.build` does better by large dumps.

    Raises KlipingError where no column can hold a text, TypeError where `table` is something else.

    >>> pages = pa.table({"isi": ["JAKARTA, KOMPAS.com - Harga cabai turun, kata pedagang, Senin (5/2/2024)."]})
    >>> annotate_table(pages).select(["outlet_name", "published_date", "source_path"]).to_pylist()
    [{'outlet_name': 'Kompas', 'published_date': datetime.date(2024, 2, 5), 'source_path': 'table#1'}]
    """
    kind = _kind(table)
    rows = kind.into_arrow(table)
    options = Options(text_field=text_column)
    _require_text(rows, options)
    refused: list[Refusal] = []
    kept: list[int] = []
    parts = [schema.arrow_schema("articles").empty_table()]
    numbered = enumerate(record.make() for record in batch_records(rows.to_batches(), NAME, options))
    while portion := list(itertools.islice(numbered, DOCUMENTS_AT_ONCE)):
        articles = []
        for number, outcome in _outcomes(portion):
            if isinstance(outcome, Annotation):
                articles.append(outcome)
                kept.append(number)
            else:
                refused.append(outcome)
        parts.append(articles_of(articles))
    if refused:
        warnings.warn(_left_out(refused, rows.num_rows), stacklevel=2)
    made: Frame = kind.out_of_arrow(pa.concat_tables(parts), table, kept)
    return made


def _require_text(rows: pa.Table, options: Options) -> None:
    named, names = options.text_field, rows.schema.names
    if named is not None and named not in names:
        raise KlipingError(f"The table has no column {named!r}; it has {listed(names) or 'none'}.")
    if not columns_read(rows.schema, options):
        raise KlipingError(
            f"No column of the table ({listed(names) or 'it has none'}) is known to hold an article's text. "
            "Name it: annotate_table(table, text_column=...)."
        )


def _outcomes(portion: list[tuple[int, RawDocument | Refusal]]) -> Iterator[tuple[int, Annotation | Refusal]]:
    """What became of each row, annotated together."""
    found = iter(annotate_documents([item for _, item in portion if isinstance(item, RawDocument)]))
    for number, item in portion:
        yield number, next(found) if isinstance(item, RawDocument) else item


def _left_out(refused: list[Refusal], count: int) -> str:
    reasons = [f"{one.source_path} ({one.reason}: {one.detail.rstrip('.')})" for one in refused]
    return f"{len(refused):,} of {count:,} rows give no article and are left out: {listed(reasons)}"


class _Kind(NamedTuple):
    """A kind of table, and the way to Arrow and back."""

    module: str
    name: str
    into_arrow: Callable[[Any], pa.Table]
    out_of_arrow: Callable[[pa.Table, Any, list[int]], Any]
    """Of the articles, the table that they come from and the numbers of their rows there, from 0."""


def _kind(table: object) -> _Kind:
    for kind in _KINDS:
        module = sys.modules.get(kind.module)  # what was never imported made no table
        if module is not None and isinstance(table, getattr(module, kind.name)):
            return kind
    names = [f"{kind.module}.{kind.name}" for kind in _KINDS]
    raise TypeError(
        f"annotate_table takes a {', '.join(names[:-1])} or {names[-1]}, not a {type(table).__name__}. A table that is "
        "read lazily, as a stream or in splits has to be made one of these first."
    )


def _of_batch(batch: pa.RecordBatch) -> pa.Table:
    return pa.Table.from_batches([batch])


def _as_batch(articles: pa.Table, *_: object) -> pa.RecordBatch:
    columns = [pa.concat_arrays(column.chunks) for column in articles.columns]
    return pa.RecordBatch.from_arrays(columns, schema=articles.schema)


def _of_pandas(frame: Any) -> pa.Table:
    columns = [_of_series(frame.iloc[:, number]) for number in range(frame.shape[1])]
    return pa.Table.from_arrays(columns, [str(name) for name in frame.columns])


def _of_series(series: Any) -> pa.Array:
    """A column; one of values that Arrow has no common type for is read as these are printed."""
    try:
        made = pa.array(series, from_pandas=True)
    except pa.ArrowException:
        printed = [None if missing else str(value) for value, missing in zip(series, series.isna(), strict=True)]
        made = pa.array(printed, pa.string())
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def _as_pandas(articles: pa.Table, frame: Any, kept: list[int]) -> Any:
    return articles.to_pandas().set_axis(frame.index[kept])


def _of_polars(frame: Any) -> pa.Table:
    return frame.to_arrow()


def _as_polars(articles: pa.Table, *_: object) -> Any:
    return sys.modules["polars"].from_arrow(articles)


def _of_dataset(dataset: Any) -> pa.Table:
    return dataset.with_format("arrow")[:]


def _as_dataset(articles: pa.Table, *_: object) -> Any:
    from datasets import Dataset

    return Dataset(articles.replace_schema_metadata(None))


_KINDS = (
    _Kind("pyarrow", "Table", lambda table: table, lambda articles, *_: articles),
    _Kind("pyarrow", "RecordBatch", _of_batch, _as_batch),
    _Kind("pandas", "DataFrame", _of_pandas, _as_pandas),
    _Kind("polars", "DataFrame", _of_polars, _as_polars),
    _Kind("datasets", "Dataset", _of_dataset, _as_dataset),
)
