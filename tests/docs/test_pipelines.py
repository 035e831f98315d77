"""Every snippet of docs/pipelines.md does what the page says; that of Spark is run by tests/builds/test_spark.py."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.docs.pages import KEPT, dump, snippets

SNIPPETS = snippets("pipelines.md")


def run(code: str, folder: Path) -> str:
    """What a snippet prints, pasted into a Python that stands in the folder."""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def test_there_is_a_test_of_every_snippet() -> None:
    assert {heading: len(blocks) for heading, blocks in SNIPPETS.items()} == {
        "A table in, a table out": 2,
        "All tables of a batch": 1,
        "Apache Spark": 1,
        "datatrove": 1,
    }


def test_a_table(tmp_path: Path) -> None:
    said = run(SNIPPETS["A table in, a table out"][0], dump(tmp_path))
    assert f"({KEPT}, 4)" in said
    assert "Kompas" in said


def test_a_dataset(tmp_path: Path) -> None:
    code = SNIPPETS["A table in, a table out"][1]
    assert run(f"{code}\nprint(len(found))", dump(tmp_path)) == f"Kompas\n{KEPT}\n"


def test_all_tables(tmp_path: Path) -> None:
    assert run(SNIPPETS["All tables of a batch"][0], tmp_path) == "1\n[None, 'empty']\n"


@pytest.mark.datatrove
def test_datatrove(tmp_path: Path) -> None:
    run(SNIPPETS["datatrove"][0], dump(tmp_path))
    found = pq.read_table(tmp_path / "articles").to_pylist()
    assert len(found) == KEPT
    assert {row["outlet_name"] for row in found} == {"Kompas"}
    assert {row["published_date"] for row in found} == {"2024-02-05"}
    assert [row["headline"] for row in found if row["id"] == "b2"] == ["Harga Bawang Turun di Sukamaju"]
    assert not any(row["text"].startswith("JAKARTA") for row in found)
    (refused,) = map(json.loads, (tmp_path / "set-aside" / "00000.jsonl").read_text().splitlines())
    assert (refused["id"], refused["text"], refused["metadata"]["filter_reason"]) == ("kosong", "   ", "empty")
