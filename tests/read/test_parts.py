"""A large file of JSON Lines read in parts holds what it holds read whole, wherever it is cut."""

from __future__ import annotations

import gzip
import importlib
import json
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliping.model import RawDocument, Refusal
from kliping.read import parts, plan, read

cutting = importlib.import_module("kliping.read.parts")

LINE = st.one_of(
    st.text(max_size=40).map(lambda text: json.dumps({"text": text}, ensure_ascii=False)),
    st.sampled_from(["", " ", "\r", "{", "[]", '{"text": 1}', '{"text": "\\ud800"}', "\x00", "\u2028"]),
)


@given(st.lists(LINE, min_size=1, max_size=30), st.integers(1, 200), st.integers(1, 64), st.sampled_from(["", "\n"]))
def test_parts_hold_what_the_whole_holds(lines: list[str], size: int, block: int, end: str) -> None:
    data = ("\n".join(['{"text": "Harga cabai turun."}', *lines]) + end).encode("utf-8", "surrogatepass")
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(cutting, "CHUNK", block)
        path = Path(folder) / "a.jsonl"
        path.write_bytes(data)
        (one,) = plan([path])
        found = parts(one, size)
        assert sum(part.size for part in found) == len(data)
        assert [item for part in found for item in read(part)] == list(read(one))


def test_a_file_of_some_size_is_cut_and_every_part_begins_with_a_line(tmp_path: Path) -> None:
    draw = random.Random(0)
    lines = [json.dumps({"text": "x" * draw.randrange(60_000)}) + "\n" for _ in range(300)]
    (tmp_path / "a.jsonl").write_text("".join(lines))
    (one,) = plan([tmp_path / "a.jsonl"])
    found = parts(one, 2 << 20)
    assert 3 <= len(found) <= 5
    items = [item for part in found for item in read(part)]
    assert [item.source_path for item in items] == [f"a.jsonl#{number}" for number in range(1, 301)]
    assert [len(item.data) for item in items if isinstance(item, RawDocument)] == [len(x) - 13 for x in lines]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.txt", "absent.jsonl", "a.json"])
def test_what_cannot_be_cut_is_its_own_only_part(tmp_path: Path, name: str) -> None:
    record = json.dumps({"text": "Harga cabai turun."}) + "\n"
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(record.encode() * 1000))
    (tmp_path / "a.txt").write_text("Harga cabai turun.\n" * 1000)
    (tmp_path / "a.json").write_text(json.dumps([{"text": "Harga"}] * 1000, indent=1))
    (tmp_path / "absent.jsonl").write_text(record)
    (one,) = plan([tmp_path / name])
    (tmp_path / "absent.jsonl").unlink()
    assert parts(one, 10) == [one]
    assert any(isinstance(item, RawDocument | Refusal) for item in read(one))
