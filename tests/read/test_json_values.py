"""JSON over any lines is read value by value, and a broken value costs itself alone."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.inputs import STORY, details, read_file, reasons, records, story, texts

from kliping.read.sniff import sniff

json_values = importlib.import_module("kliping.read.json_values")
TWO = records()
BOTH = {"a.json#1": story(1), "a.json#2": story(2)}


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(TWO), json.dumps(TWO, indent=2), json.dumps(TWO, separators=(",\n", ":")),
        "".join(map(json.dumps, TWO)), "\n".join(json.dumps(one, indent=1) for one in TWO),
        ",\n".join(map(json.dumps, TWO)), "\n".join(map(json.dumps, TWO)),
        json.dumps({"data": TWO}), json.dumps({"status": "ok", "hasil": {"jumlah": 2, "berita": TWO}}, indent=1),
        json.dumps({"judul": "Arsip", "items": TWO}), json.dumps({"a1": TWO[0], "a2": TWO[1]}),
        json.dumps({key: {str(n): one[key] for n, one in enumerate(TWO)} for key in TWO[0]}),
        json.dumps({"columns": list(TWO[0]), "index": [0, 1], "data": [list(one.values()) for one in TWO]}),
        json.dumps(TWO)[:-1] + ",]", "\ufeff" + json.dumps(TWO), "\x1e" + "\n\x1e".join(map(json.dumps, TWO)),
    ],
)  # fmt: skip
def test_every_shape(data: str, tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-16", "utf-16-be"):
        assert texts(read_file(tmp_path / "a.json", data.encode(encoding))) == BOTH


@pytest.mark.parametrize("indent", [None, 2])
def test_one_object_with_lists_of_objects_in_it_is_one_article(indent: int | None, tmp_path: Path) -> None:
    one = {"title": "Nelayan", "tags": [{"name": "laut"}, {"name": "ikan"}], "content": STORY}
    assert texts(read_file(tmp_path / "a.json", json.dumps(one, indent=indent))) == {"a.json#1": STORY}


@pytest.mark.parametrize(
    "broken",
    [
        '{"judul": "A", "isi": "tanpa akhir}', '{"judul": "A", "isi": }', '{"judul": "A" "isi": "x"}', '{"judul": "A"',
        '{"judul": "A", "isi": "baris\nbaru"}', '{"judul": "A", "isi": ' + "[" * 100_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("between", [",", ",\n", ",\n  "])
def test_a_broken_object_in_an_array_costs_itself(broken: str, between: str, tmp_path: Path) -> None:
    data = f"[{between.join([json.dumps(TWO[0]), broken, json.dumps(TWO[1])])}]"
    items = read_file(tmp_path / "a.json", data)
    assert texts(items) == {"a.json#1": story(1), "a.json#3": story(2)}
    assert reasons(items) == {"a.json#2": "broken-record"}


def test_bytes_that_are_no_utf_8_cost_their_object(tmp_path: Path) -> None:
    data = b'[{"isi": "' + STORY.encode() + b'\xff"}, {"isi": "' + STORY.encode() + b'"}]'
    items = read_file(tmp_path / "a.json", data)
    assert reasons(items) == {"a.json#1": "broken-record"}
    assert texts(items) == {"a.json#2": STORY}


@pytest.mark.parametrize("cut", [1, 40, 150])
def test_an_array_that_is_cut_off_gives_the_objects_before(cut: int, tmp_path: Path) -> None:
    items = read_file(tmp_path / "a.json", json.dumps(TWO)[:-cut])
    assert texts(items)["a.json#1"] == story(1)
    assert list(reasons(items).values()) == ["truncated"]


def test_an_object_larger_than_a_record_is_read_by_its_arrays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "_LONGEST", 2**20)
    many = [{"judul": "A", "isi": f"{STORY * 200} {n}"} for n in range(100)]
    items = read_file(tmp_path / "a.json", json.dumps({"jumlah": 100, "data": many, "lagi": TWO}))
    assert len(texts(items)) == 102
    assert not reasons(items)


def test_a_value_that_is_too_long_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "_LONGEST", 2**20)
    data = json.dumps([TWO[0], {"judul": "B", "isi": "x" * 2**22}, TWO[1]])
    items = read_file(tmp_path / "a.json", data)
    assert reasons(items) == {"a.json#2": "too-large"}
    assert list(texts(items)) == ["a.json#1", "a.json#3"]


def test_json_without_articles_is_refused(tmp_path: Path) -> None:
    place = {"type": "Feature", "properties": {"name": "Palu"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    for data, reason in (
        ({"type": "FeatureCollection", "features": [place]}, "no-text-field"), ([[1, 2], [3, 4]], "unsupported-format"),
        ([1, 2, 3], "unsupported-format"), ([], "empty"), ({}, "no-text-field"), (STORY, "broken-record"),
        ([STORY, STORY], "broken-record"),
    ):  # fmt: skip
        items = read_file(tmp_path / "a.json", json.dumps(data))
        assert not texts(items)
        assert set(reasons(items).values()) == {reason}


def test_stray_lines_among_json_lines_cost_themselves(tmp_path: Path) -> None:
    lines = ["2023-03-01 10:00:00 INFO mulai", *map(json.dumps, TWO), "selesai", "{putus", json.dumps(TWO[0])]
    items = read_file(tmp_path / "a.jsonl", "\n".join(lines))
    assert list(texts(items)) == ["a.jsonl#2", "a.jsonl#3", "a.jsonl#6"]
    assert set(reasons(items).values()) == {"broken-record"}
    assert "line is not JSON" in details(items)


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.text(max_size=4), VALUE, max_size=3), max_size=6), st.sampled_from([None, 1]))
def test_every_object_of_an_array_is_one_record(tmp_path_factory, found, indent) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("a") / "a.json"
    objects = [{"judul": "A", "isi": STORY, **one} for one in found]
    items = read_file(path, json.dumps(objects, indent=indent))
    assert [item.source_path for item in items] == [f"a.json#{n + 1}" for n in range(len(found))] or not found


@pytest.mark.parametrize(
    ("name", "form"), [("a.jsonl", "jsonl"), ("a.ndjson.gz", "jsonl"), ("a.json", "json"), ("a", "json")]
)
def test_one_object_on_one_line_is_what_its_name_says(name: str, form: str) -> None:
    assert sniff(b'{"isi": "Nelayan melaut"}\n', name) == form
