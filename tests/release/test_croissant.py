"""croissant.json: valid for mlcroissant, offline, and its records are the rows of the Parquet files."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path

import mlcroissant
import pandas as pd
import pytest

from kliping import schema
from kliping.corpus import tables
from kliping.corpus.croissant import render_croissant
from kliping.corpus.folder import open_corpus
from kliping.corpus.shard import write_shard
from kliping.corpus.write import finish
from kliping.files import file_sha256

TABLES = tuple(schema.load().tables)


@pytest.fixture(scope="module")
def described(corpus: Path) -> mlcroissant.Dataset:
    return mlcroissant.Dataset(str(corpus / "croissant.json"))


def value(found: object, form: str) -> object:
    """What mlcroissant gives, as pyarrow would: it hands out text as bytes, integers as NumPy's, days as pandas'."""
    if isinstance(found, list):
        return [value(member, form.removeprefix("list<").removesuffix(">")) for member in found]
    if isinstance(found, bytes):
        return found if form == "binary" else found.decode()
    if isinstance(found, pd.Timestamp):
        return found.date() if form == "date32" else found.to_pydatetime().astimezone(UTC)
    return None if found is None else bool(found) if form == "bool" else int(found)


def row(record: dict[str, object], table: str) -> dict[str, object]:
    shown: dict[str, object] = {}
    for field in schema.load().tables[table].fields:
        found = record[f"{table}/{field.name}"]
        if field.items:
            assert isinstance(found, list)
            prefix = f"{table}/{field.name}"
            shown[field.name] = [
                {item.name: value(member[f"{prefix}/{item.name}"], item.type) for item in field.items}
                for member in found
            ]
        else:
            shown[field.name] = value(list(found) if field.type.startswith("list") else found, field.type)  # type: ignore[call-overload]
    return shown


def test_mlcroissant_finds_no_error(described: mlcroissant.Dataset, corpus: Path):
    issues = described.metadata.ctx.issues
    assert issues.errors == set()
    assert all("datePublished" in warning for warning in issues.warnings), "a date of publication would need a clock"
    document = json.loads((corpus / "croissant.json").read_text("utf-8"))
    assert document["conformsTo"] == ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]


@pytest.mark.parametrize("table", TABLES)
def test_records_are_the_rows(described: mlcroissant.Dataset, corpus: Path, table: str):
    assert [row(record, table) for record in described.records(table)] == open_corpus(corpus).whole(table).to_pylist()


def test_every_data_file_is_described_with_its_digest(corpus: Path):
    document = json.loads((corpus / "croissant.json").read_text("utf-8"))
    files = {entry["contentUrl"]: entry for entry in document["distribution"]}
    assert files.keys() == {path.relative_to(corpus).as_posix() for path in corpus.rglob("*.parquet")}
    for path, entry in files.items():
        assert entry["sha256"] == file_sha256(corpus / path)
        assert entry["contentSize"] == f"{(corpus / path).stat().st_size} B"
    assert [records["@id"] for records in document["recordSet"]] == list(TABLES)


def test_it_is_a_function_of_the_manifest(corpus: Path, contents):
    assert render_croissant(contents) == (corpus / "croissant.json").read_text("utf-8")


def test_shards_are_one_record_set(outcomes, tmp_path: Path):
    for number in range(3):
        write_shard([tables.to_tables(outcomes[number::3])], tmp_path / "work", number)
    finish(tmp_path / "work", tmp_path / "corpus", range(3), version="1.0.0")
    records = mlcroissant.Dataset(str(tmp_path / "corpus" / "croissant.json")).records("segments")
    found = sorted(
        (row(record, "segments") for record in records), key=lambda row: (row["article_id"], row["position"])
    )  # type: ignore[arg-type,return-value]
    expected = (
        open_corpus(tmp_path / "corpus")
        .whole("segments")
        .sort_by([("article_id", "ascending"), ("position", "ascending")])
    )
    assert found == expected.to_pylist()
