"""The step for datatrove: in batches, each document as if alone, a reason for each that is dropped."""

from __future__ import annotations

import doctest
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from kliping import annotate, kernel
from kliping.model import Annotation, RawDocument, Refusal

pytestmark = pytest.mark.datatrove
pytest.importorskip("datatrove", reason="the extra kliping[datatrove] is not installed")

from datatrove.data import Document  # noqa: E402
from datatrove.pipeline.writers import ParquetWriter  # noqa: E402

from kliping.integrations import datatrove as ours  # noqa: E402

BODY = "JAKARTA, KOMPAS.com - Harga {} turun, kata pedagang Wening Lestari di Pasar Sukamaju, Senin (5/2/2024)."
PAGE = f"<html><body><h1>Harga Cabai Turun Lagi</h1>{f'<p>{BODY}</p>'.format('cabai') * 3}</body></html>"


def documents(count: int) -> list[Any]:
    return [
        Document(BODY.format(f"beras jenis {number}"), str(number), metadata={"dump": "uji"}) for number in range(count)
    ]


def test_256_documents_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def watched(items: Sequence[RawDocument]) -> list[Annotation | Refusal]:
        sizes.append(len(items))
        return kernel.annotate_documents(items)

    monkeypatch.setattr(ours, "annotate_documents", watched)
    found = list(ours.Kliping()(documents(600)))
    assert sizes == [256, 256, 88]
    assert [one.id for one in found] == [str(number) for number in range(600)]
    assert found[0].metadata["dump"] == "uji"
    assert found[7].text == annotate(BODY.format("beras jenis 7")).text


def test_one_at_a_time_says_the_same() -> None:
    (alone,), (batched,) = documents(1), documents(1)
    step = ours.Kliping()
    assert step.filter(alone) is True
    assert step.filter_batch([batched]) == [True]
    assert alone == batched
    assert step.filter(Document("", "kosong")) == (False, "empty")


def test_a_page_and_what_came_with_it_are_read() -> None:
    (found,) = ours.Kliping()(
        [Document(PAGE, "1", metadata={"url": "https://kabaruji.example/cabai", "penulis": "Sari Melati"})]
    )
    assert found.text.startswith("Harga cabai turun")
    assert found.metadata["headline"] == "Harga Cabai Turun Lagi"
    assert found.metadata["authors"] == "Sari Melati"


def test_the_statistics_count_each_reason() -> None:
    step = ours.Kliping()
    (kept,) = step([Document("", "a"), Document(BODY * 30_000, "b"), Document(BODY, "c")])
    assert kept.id == "c"
    assert step.stats["dropped_empty"].total == step.stats["dropped_too-large"].total == 1
    assert step.stats["dropped"].total == 2


@pytest.mark.parametrize("first", [0, 1])
def test_a_writer_takes_any_order_of_proven_and_unproven_values(first: int, tmp_path: Path) -> None:
    pair = [
        Document("Harga cabai turun, kata pedagang di pasar itu.", "bare", metadata={"dump": "a"}),
        Document(PAGE, "full", metadata={"dump": "b"}),
    ]
    with ParquetWriter(str(tmp_path), batch_size=1) as writer:
        for one in ours.Kliping()([pair[first], pair[1 - first]]):
            writer.write(one)
    rows = {row["id"]: row["metadata"] for row in pq.read_table(tmp_path).to_pylist()}
    assert (rows["bare"]["outlet_name"], rows["full"]["outlet_name"]) == ("", "Kompas")


def test_with_the_schema_a_writer_takes_any_metadata(tmp_path: Path) -> None:
    texts = {"a": {}, "b": {"skor": 3}, "c": {"url": "https://kabaruji.example/c", "skor": None, "lain": ["x"]}}
    found = ours.Kliping()([Document(BODY.format(name), name, metadata=dict(more)) for name, more in texts.items()])
    with ParquetWriter(str(tmp_path), batch_size=1, expand_metadata=True, schema=ours.SCHEMA) as writer:
        for one in found:
            writer.write(one)
    table = pq.read_table(tmp_path)
    assert table.schema.names == ours.SCHEMA.names
    assert table["url"].to_pylist() == [None, None, "https://kabaruji.example/c"]
    assert set(table["outlet_name"].to_pylist()) == {"Kompas"}


def test_its_example_runs() -> None:
    assert doctest.testmod(ours) == (0, 4)
