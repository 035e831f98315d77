"""A layer and a table over the whole corpus are three places each: all that is done with a table follows from its file.

The toys beside this test are the three places: `schema/tables/NAME.toml`, `NAME.py`, and a line in the fixture.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import datasets
import jsonschema
import pytest
from corpora import JEMBATAN, PASAR_MALAM, PUTRI_BULU_TANGKIS, RUMPUT_LAUT
from mutations import forgeries
from tests.layers import numerals, outlet_numerals

from kliping import annotate, build, open_corpus, schema
from kliping.annotation import layers
from kliping.annotation.layers.layer import Layer
from kliping.check.audit import FAILED, PASSED, audit
from kliping.check.diff import MAJOR, MINOR, diff
from kliping.check.incident import INCIDENTS
from kliping.check.validate import validate
from kliping.corpus import wide
from kliping.corpus.digests import row_json
from kliping.corpus.wide.shards import Wide
from kliping.publish.without_text import export_without_text, rehydrate
from kliping.report.changes import in_lines
from kliping.report.terminal import to_json

TOYS = ("numerals", "outlet_numerals")
PAGES = {
    "rumput.txt": RUMPUT_LAUT.replace("21.000", "21\u00ad.000"),
    "putri.txt": PUTRI_BULU_TANGKIS,
    "jembatan.txt": f"{JEMBATAN}Pada 2019 ia dibangun untuk 7 dusun.\n",
    "malam.txt": f"{PASAR_MALAM}Buka pukul 17.30 WIB sampai 23 malam.\n",
}


@pytest.fixture(scope="module", autouse=True)
def toys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The two toys beside what kliping has: their files in a copy of schema/, and one line each."""
    folder = Path(shutil.copytree(schema.folder(), tmp_path_factory.mktemp("contract") / "schema"))
    shutil.copytree(Path(__file__).parent / "schema", folder, dirs_exist_ok=True)

    def forget() -> None:
        schema.load.cache_clear()
        schema.arrow_schema.cache_clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "folder", lambda: folder)
        patch.setattr(layers, "LAYERS", (*layers.LAYERS, Layer("numerals", "numerals", (), numerals.find)))
        patch.setattr(wide, "WIDE", (*wide.WIDE, Wide("outlet_numerals", outlet_numerals.find)))
        forget()
        yield
    forget()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def corpus(toys: None, pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several shards; for reading only."""
    out = tmp_path_factory.mktemp("built") / "corpus"
    assert build([pages], out, shard_bytes=2500).kept == len(PAGES)
    assert open_corpus(out).shard_count > 1
    return out


@pytest.fixture(scope="module")
def exported(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("exported") / "corpus"
    export_without_text(open_corpus(corpus), out)
    return out


def test_the_contract_has_no_faults() -> None:
    assert schema.check(schema.folder()) == []
    assert set(TOYS) <= set(schema.load().tables)


def test_rows_are_filled_by_name(corpus: Path) -> None:
    rows = open_corpus(corpus).whole("numerals").to_pylist()
    price = next(row for row in rows if row["text"] == "21.000")
    assert (price["quote"], price["form"], price["word"]) == ("21\u00ad.000", "parted", "per")
    assert [row["position"] for row in rows if row["article_id"] == rows[0]["article_id"]][:3] == [0, 1, 2]
    counted = open_corpus(corpus).whole("outlet_numerals").to_pylist()
    assert sum(row["numeral_count"] for row in counted) == len(rows)
    assert [(row["outlet"], row["way"]) for row in counted] == [
        ("kompas", "bare"),
        ("kompas", "parted"),
        ("suara", "bare"),
        ("suara", "parted"),
        ("unknown", "bare"),
        ("unknown", "parted"),
    ]


@pytest.mark.parametrize("name", TOYS)
def test_every_form_of_the_table_follows(name: str, corpus: Path) -> None:
    opened = open_corpus(corpus)
    validator = jsonschema.Draft202012Validator(schema.json_schema(name))
    rows = [json.loads(row) for row in row_json(opened.whole(name))]
    assert rows
    for row in rows:
        validator.validate(row)
    assert f"\n## {name}\n" in schema.data_dictionary()
    card = (corpus / "README.md").read_text("utf-8")
    assert f"- config_name: {name}\n" in card
    assert f"\n### {name}\n" in card
    assert name in [records["@id"] for records in json.loads((corpus / "croissant.json").read_bytes())["recordSet"]]


def test_terms_of_an_own_vocabulary_are_counted(corpus: Path) -> None:
    opened = open_corpus(corpus)
    forms = opened.whole("numerals")["form"].to_pylist()
    counted = {form: forms.count(form) for form in ("bare", "parted")}
    assert opened.manifest["statistics"]["terms"]["numerals"] == {"form": counted}
    assert f"| bare | {counted['bare']} |" in (corpus / "README.md").read_text("utf-8")


def test_one_page_shows_the_rows() -> None:
    assert [row["text"] for row in to_json(annotate(PUTRI_BULU_TANGKIS))["numerals"]] == ["3", "2", "18/10/2023"]


def test_validated_and_audited(corpus: Path) -> None:
    opened = open_corpus(corpus)
    assert validate(opened) == []
    steps = {step.title: step.status for step in audit(opened)}
    assert steps.pop("Published digest") == steps.pop("Kept pages") == "SKIPPED"
    assert set(steps.values()) == {PASSED}


def test_no_forgery_goes_unnoticed(corpus: Path, tmp_path: Path) -> None:
    """The mutation harness of tests/check, whose forger makes counts, digests and other tables fit."""
    unnoticed, at_once = [], set()
    mutations = list(forgeries(TOYS))
    for rank, mutation in enumerate(mutations):
        folder = shutil.copytree(corpus, tmp_path / str(rank))
        mutation.damage(folder, Random(mutation.name))
        found = validate(open_corpus(folder))
        if found:
            at_once.add(mutation.name)
        found = found or [i for step in audit(open_corpus(folder)) if step.status == FAILED for i in step.incidents]
        assert {incident.name for incident in found} <= INCIDENTS.keys()
        if not found:
            unnoticed.append(mutation.name)
        shutil.rmtree(folder)
    assert unnoticed == []
    assert len(mutations) > 40
    only_rebuilt = {mutation.name for mutation in mutations} - at_once
    assert only_rebuilt <= {"cell-0 numerals.form", "cell-1 numerals.form", "rows-drop numerals", "rows-add numerals"}


def test_compared_row_by_row(corpus: Path, pages: Path, tmp_path: Path) -> None:
    build([path for path in pages.iterdir() if path.name != "malam.txt"], tmp_path / "less", shard_bytes=2500)
    less, more = open_corpus(tmp_path / "less"), open_corpus(corpus)
    found = diff(less, more)
    assert found.bump == MINOR
    assert {change.kind for change in found.rows["numerals"]} == {"added"}
    assert [change.key for change in found.wide_rows["outlet_numerals"]] == ["unknown/bare", "unknown/parted"]
    assert "outlet_numerals: 2 rows changed" in list(in_lines(found, 1))
    assert diff(more, less).bump == MAJOR


def test_a_whole_table_that_changes_alone_asks_for_a_version(
    corpus: Path, pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Wide("outlet_numerals", lambda shards: (row._replace(example="7") for row in outlet_numerals.find(shards)))
    monkeypatch.setattr(wide, "WIDE", (*wide.WIDE[:-1], other))
    build([pages], tmp_path / "other", shard_bytes=2500)
    found = diff(open_corpus(corpus), open_corpus(tmp_path / "other"))
    assert (found.rows, found.bump) == ({}, MAJOR)


def test_exported_without_text(corpus: Path, exported: Path) -> None:
    opened = open_corpus(exported)
    for name in TOYS:
        before, after = open_corpus(corpus).whole(name), opened.whole(name)
        for field in schema.load().tables[name].fields:
            kept = [None] * before.num_rows if field.text else before[field.name].to_pylist()
            assert after[field.name].to_pylist() == kept
    assert validate(opened) == []
    assert {step.status for step in audit(opened)} == {PASSED, "SKIPPED"}


def test_rehydrated(corpus: Path, exported: Path, pages: Path, tmp_path: Path) -> None:
    rehydrate(open_corpus(exported), [pages], tmp_path / "again")
    assert (tmp_path / "again" / "SHA256SUMS").read_bytes() == (corpus / "SHA256SUMS").read_bytes()


@pytest.mark.parametrize("name", TOYS)
def test_loaded(name: str, corpus: Path, tmp_path: Path) -> None:
    loaded = datasets.load_dataset(str(corpus), name, split="train", cache_dir=str(tmp_path))
    assert loaded.features == datasets.Features.from_arrow_schema(schema.arrow_schema(name))
    assert list(loaded) == open_corpus(corpus).whole(name).to_pylist()


def test_rows_of_another_table_are_refused(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A field too many, or one that the table's file lacks, is no silent loss."""
    wrong = Layer("numerals", "numerals", (), lambda articles: [[outlet_numerals.OutletNumerals("", "", "", 0, "")]])
    monkeypatch.setattr(layers, "LAYERS", (*layers.LAYERS[:-1], wrong))
    with pytest.raises(Exception, match="the table numerals and what was found for it differ in the columns"):
        build([pages / "putri.txt"], tmp_path / "out")
