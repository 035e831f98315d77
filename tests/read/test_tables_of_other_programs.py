"""Spreadsheets, Arrow files and saved pages give their records, and what is damaged in them is named."""

from __future__ import annotations

import importlib
import json
from datetime import UTC, datetime
from pathlib import Path

import datasets
import pyarrow as pa
import pytest
from tests.read.inputs import (
    HEADER,
    SAMPLES,
    STORY,
    arrow,
    details,
    mhtml,
    read_file,
    reasons,
    records,
    rows,
    story,
    texts,
    workbook,
    zipped,
)

from kliping.model import RawDocument
from kliping.read import documents

of_workbooks = importlib.import_module("kliping.read.workbook")
of_pages = importlib.import_module("kliping.read.mhtml")


def test_the_number_is_the_row_of_the_sheet(tmp_path: Path) -> None:
    sheet = [[], HEADER, rows()[0], [], rows()[1], ["tanpa isi"]]
    items = read_file(tmp_path / "a.xlsx", workbook({"Lembar1": sheet, "Kosong": []}))
    assert texts(items) == {"a.xlsx#3": story(1), "a.xlsx#5": story(2)}
    assert reasons(items) == {"a.xlsx#6": "empty"}


def test_several_sheets_have_their_names(tmp_path: Path) -> None:
    sheets = {"Januari": [HEADER, rows()[0]], "Feb#1": [HEADER, rows()[1]], "Catatan": [["Dicek oleh Sari, 2 Maret."]]}
    items = read_file(tmp_path / "a.xlsx", workbook(sheets))
    assert texts(items) == {"a.xlsx!Januari#2": story(1), "a.xlsx!Feb%231#2": story(2)}
    assert reasons(items) == {"a.xlsx!Catatan": "no-text-field"}


def test_figures_are_whole_and_texts_are_theirs(tmp_path: Path) -> None:
    sheet = [["judul", "isi", "tanggal"], [2023, STORY, 1614820500]]
    (one,) = read_file(tmp_path / "a.xlsx", workbook({"A": sheet}))
    assert isinstance(one, RawDocument)
    assert ("published_date", "2021-03-04") in [(value.field, value.value) for value in one.metadata]


def test_a_damaged_and_a_huge_workbook_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = zipped([("xl/workbook.xml", b"<workbook"), ("[Content_Types].xml", b"<x/>")])
    assert set(reasons(read_file(tmp_path / "a.xlsx", broken)).values()) <= {"truncated", "empty"}
    monkeypatch.setattr(of_workbooks, "MAX_WORKBOOK_BYTES", 100)
    items = read_file(tmp_path / "a.xlsx", SAMPLES["berita.xlsx"])
    assert reasons(items) == {"a.xlsx": "too-large"}
    assert "save it as CSV" in details(items)


def test_an_old_office_document_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    items = read_file(tmp_path / "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert reasons(items) == {"a.doc": "unsupported-format"}


@pytest.mark.parametrize("stream", [True, False])
def test_a_value_without_a_form_costs_its_row(stream: bool, tmp_path: Path) -> None:
    raw = pa.array([story(1).encode(), b"\xff rusak", story(2).encode()], pa.binary())
    moments = pa.array([1, 2, 2**62], pa.int64()).cast(pa.timestamp("us"))
    columns = pa.table({"isi": pa.StringArray.from_buffers(3, *raw.buffers()[1:]), "tanggal": moments})
    items = read_file(tmp_path / "a.arrow", arrow(columns, stream))
    assert texts(items)["a.arrow#1"] == story(1)
    assert reasons(items)["a.arrow#2"] == "broken-record"
    assert len(items) == 3


def test_arrow_without_a_text_or_cut_off_is_refused(tmp_path: Path) -> None:
    items = read_file(tmp_path / "a.arrow", arrow(pa.table({"angka": [1], "luas": [2.5]}), stream=True))
    assert reasons(items) == {"a.arrow": "no-text-field"}
    assert "it has 'angka', 'luas'" in details(items)
    for cut in (10, 300):
        items = read_file(tmp_path / "a.arrow", SAMPLES["data-00000-of-00001.arrow"][:-cut])
        assert set(reasons(items).values()) <= {"truncated", "empty"}


def test_a_folder_that_datasets_saved_gives_its_rows_alone(tmp_path: Path) -> None:
    datasets.disable_progress_bars()
    saved = datasets.Dataset.from_list(records())
    datasets.DatasetDict({"train": saved, "test": saved}).save_to_disk(str(tmp_path / "set"))
    found = list(documents([tmp_path / "set"]))
    assert [text for name, text in texts(found).items() if name.startswith("train/")] == [story(1), story(2)]
    beside = [f"{part}/{name}.json" for part in ("test", "train") for name in ("dataset_info", "state")]
    assert reasons(found) == dict.fromkeys(["dataset_dict.json", *beside], "unsupported-format")


def test_an_article_in_a_file_called_state_is_read(tmp_path: Path) -> None:
    assert texts(read_file(tmp_path / "state.json", json.dumps(records()[0]))) == {"state.json#1": story(1)}


def test_a_saved_page_comes_with_its_address_and_moment(tmp_path: Path) -> None:
    (one,) = read_file(tmp_path / "laman.txt", SAMPLES["laman.mhtml"])
    assert isinstance(one, RawDocument)
    assert one.data.decode() == f"Nelayan melaut\n{story(1)}"
    assert one.url == "https://kabaruji.example/nelayan"
    assert one.retrieved_at == datetime(2021, 3, 4, 1, 15, tzinfo=UTC)


def test_a_saved_page_that_is_cut_off_too_large_or_without_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = mhtml(f"<html><body><p>{STORY}</p></body></html>")
    assert reasons(read_file(tmp_path / "a.mhtml", page[:-150])) == {"a.mhtml": "truncated"}
    without = page.replace(b"text/html", b"text/css")
    assert reasons(read_file(tmp_path / "a.mhtml", without)) == {"a.mhtml": "unsupported-format"}
    monkeypatch.setattr(of_pages, "MAX_MHTML_BYTES", 100)
    assert reasons(read_file(tmp_path / "a.mhtml", page)) == {"a.mhtml": "too-large"}
