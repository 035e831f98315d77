"""A file of corrections is read whole or refused with file and line, and is never written to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from correcting import correction, written
from hypothesis import given
from hypothesis import strategies as st

from kliping.curate.corrections import KEYS, Corrections, CorrectionsError, holds_corrections, read_corrections

TEXT = "Panen Garam di Teluk Wani\n\nPetani garam di Teluk Wani memanen lebih awal, kata Kepala Desa Teluk Wani."
ROLE = correction(TEXT, "role", "Panen Garam di Teluk Wani", ["headline"], "paragraph")
DAY = correction(TEXT, "published_date", None, None, "2024-02-05")
NAMES = correction(TEXT, "authors", "Petani", [], ["Ani Lestari", "Budi Santosa"])


def test_what_is_written_is_read(tmp_path: Path) -> None:
    found = read_corrections([written(tmp_path / "sari.jsonl", [ROLE, DAY, NAMES])])
    assert found.count == 3
    (of_one,) = found.of.values()
    read = {each.source_path: each for each in of_one}
    for number, record in enumerate([ROLE, DAY, NAMES], start=1):
        each = read[f"corrections/sari.jsonl#{number}"]
        assert [getattr(each, key) for key in ("raw_sha256", "what", "start", "end", "who", "note")] == [
            record[key] for key in ("raw_sha256", "what", "start", "end", "who", "note")
        ]
        assert [json.loads(each.old), json.loads(each.new)] == [record["old"], record["new"]]
        assert each.when.isoformat() == "2026-11-29T09:30:00+00:00"


MALFORMED: dict[str, Any] = {
    "no JSON": "{",
    "no object": "[1]",
    "nothing but a number": "7",
    "an unknown key": {**ROLE, "warna": 1},
    "a key less": {key: value for key, value in ROLE.items() if key != "who"},
    "a key twice": json.dumps(ROLE)[:-1] + ', "who": "Budi"}',
    "no number of JSON": json.dumps(ROLE).replace('"note": null', '"note": NaN'),
    "nested deeply": "[" * 100_000,
    "an id of other bytes": {**ROLE, "article_id": "0" * 32},
    "a digest in capitals": {**ROLE, "raw_sha256": "A" * 64, "article_id": "A" * 32},
    "a digest that is a number": {**ROLE, "raw_sha256": 7},
    "an unknown column": {**DAY, "what": "warna"},
    "a column that follows": {**DAY, "what": "outlet_id"},
    "a what that is a list": {**DAY, "what": ["role"]},
    "an unknown role": {**ROLE, "new": "judul"},
    "an unknown old role": {**ROLE, "old": ["judul"]},
    "no old role": {**ROLE, "old": []},
    "an old role that is no list": {**ROLE, "old": "headline"},
    "a role without a place": {**ROLE, "start": None, "end": None},
    "half a place": {**DAY, "start": 1},
    "a place from behind": {**ROLE, "start": 5, "end": 5},
    "a place before the text": {**ROLE, "start": -1},
    "a place that is true": {**ROLE, "start": False, "end": True},
    "a place that no text has": {**ROLE, "end": 2**40},
    "half a code point": {**ROLE, "end": 1.5},
    "a day that is none": {**DAY, "new": "2024-02-30"},
    "a day in words": {**DAY, "new": "5 Februari 2024"},
    "a day with a time": {**DAY, "new": "2024-02-05T00:00:00Z"},
    "a value that is a number": {**DAY, "what": "headline", "new": 7},
    "an empty value": {**DAY, "what": "headline", "new": " "},
    "a value of two lines": {**DAY, "what": "headline", "new": "Panen\nGaram"},
    "white space around": {**DAY, "what": "headline", "new": " Panen"},
    "a control character": {**DAY, "what": "headline", "new": "Panen\x1b[2J"},
    "half of a surrogate pair": json.dumps({**DAY, "what": "headline", "new": "\ud83d"}),
    "a list that is a string": {**NAMES, "new": "Ani Lestari"},
    "a null list": {**NAMES, "new": None},
    "a member that is null": {**NAMES, "new": [None]},
    "a member twice": {**NAMES, "new": ["Ani", "Ani"]},
    "nobody": {**ROLE, "who": ""},
    "a person of two lines": {**ROLE, "who": "Ani\nBudi"},
    "a moment without a zone": {**ROLE, "when": "2026-11-29T09:30:00"},
    "a moment of another zone": {**ROLE, "when": "2026-11-29T09:30:00+07:00"},
    "a moment that is none": {**ROLE, "when": "2026-02-30T09:30:00Z"},
    "a moment in seconds": {**ROLE, "when": 1764408600},
    "a note that is a list": {**ROLE, "note": []},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_line_is_named(name: str, tmp_path: Path) -> None:
    line = MALFORMED[name] if isinstance(MALFORMED[name], str) else json.dumps(MALFORMED[name])
    path = tmp_path / "sari.jsonl"
    path.write_text(f"{json.dumps(ROLE)}\n\n{line}\n{json.dumps(DAY)}\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(CorrectionsError, match=r"sari\.jsonl, line 3: .+\. Nothing was touched"):
        read_corrections([path])
    assert path.read_bytes() == before


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "sari.jsonl"
    path.write_bytes(json.dumps(ROLE).encode() + b"\n\xff\xfe\n")
    with pytest.raises(CorrectionsError, match="line 2: it is not UTF-8"):
        read_corrections([path])


def test_a_byte_order_mark_carriage_returns_and_empty_lines_do_not_matter(tmp_path: Path) -> None:
    plain = read_corrections([written(tmp_path / "sari.jsonl", [ROLE, DAY])])
    (tmp_path / "sari.jsonl").write_bytes(
        b"\xef\xbb\xbf" + json.dumps(ROLE).encode() + b"\r\n" + json.dumps(DAY).encode() + b"\r\n\r\n"
    )
    assert read_corrections([tmp_path / "sari.jsonl"]) == plain


def test_an_empty_file_has_none_and_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    (tmp_path / "kosong.jsonl").touch()
    assert read_corrections([tmp_path / "kosong.jsonl"]).count == 0
    written(tmp_path / "sari.jsonl", [ROLE])
    (tmp_path / "baca.txt").write_text("bukan koreksi")
    assert read_corrections([tmp_path]).count == 1
    assert read_corrections([tmp_path, tmp_path / "sari.jsonl"]).count == 1, "a file that is named twice is read once"
    (tmp_path / "lain").mkdir()
    with pytest.raises(CorrectionsError, match="no file that ends in"):
        read_corrections([tmp_path / "lain"])


def test_two_files_of_one_name_are_not_told_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder / "sari.jsonl", [ROLE])
    with pytest.raises(CorrectionsError, match="have one name"):
        read_corrections([tmp_path / "a", tmp_path / "b"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "sari.jsonl", [ROLE])
    path.chmod(0)
    with pytest.raises(CorrectionsError, match="cannot be read"):
        read_corrections([path])


@pytest.mark.parametrize("order", [1, -1])
def test_neither_files_nor_lines_have_an_order(order: int, tmp_path: Path) -> None:
    later = {**DAY, "when": "2026-11-29T09:31:00Z"}
    other = {**DAY, "new": "2024-02-06"}
    found = read_corrections([written(tmp_path / "sari.jsonl", [later, other, DAY][::order])])
    (of_one,) = found.of.values()
    assert [(each.when.minute, each.new) for each in of_one] == [
        (30, '"2024-02-05"'),
        (30, '"2024-02-06"'),
        (31, '"2024-02-05"'),
    ]


@pytest.mark.parametrize(
    ("content", "are_corrections"),
    [
        (lambda: json.dumps(ROLE), True),
        (lambda: "\n\n" + json.dumps(DAY) + "\n{", True),
        (lambda: json.dumps({"text": TEXT}), False),
        (lambda: TEXT, False),
        (lambda: "", False),
        (lambda: "[" * 100_000, False),
    ],
)
def test_a_file_of_corrections_is_known_by_its_first_line(
    content: Callable[[], str], are_corrections: bool, tmp_path: Path
) -> None:
    path = tmp_path / "berkas"
    path.write_text(content(), encoding="utf-8")
    assert holds_corrections(path) == are_corrections
    assert not holds_corrections(tmp_path / "tidak-ada")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda deep: st.lists(deep, max_size=3),
    max_leaves=4,
)


@given(st.lists(st.dictionaries(st.sampled_from([*KEYS, "lain"]), JSON), max_size=3), st.binary(max_size=40))
def test_any_file_is_read_or_refused_with_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]], tail: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "acak.jsonl"
    data = b"".join(json.dumps({**ROLE, **record}).encode() + b"\n" for record in records) + tail
    path.write_bytes(data)
    found: Corrections | None = None
    refused = ""
    try:
        found = read_corrections([path])
    except CorrectionsError as error:
        refused = str(error)
    if found is None:
        assert "acak.jsonl, line " in refused
    else:
        assert found.count == sum(1 for line in data.decode("utf-8-sig").split("\n") if line.strip())
    assert path.read_bytes() == data
