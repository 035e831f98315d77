"""docs/inputs.md tells what is so: its files are read as it says, and it lists all that is refused, with the limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.read.inputs import SAMPLES, read_file, texts

from kliping import knowledge
from kliping.read import MAX_RECORD_BYTES
from kliping.read.mhtml import MAX_MHTML_BYTES
from kliping.read.workbook import MAX_WORKBOOK_BYTES

PAGE = (Path(__file__).parents[2] / "docs" / "inputs.md").read_text("utf-8")
ROW = re.compile(r"^\| (.*?) \| (.*?) \|(?: (.*?) \|)?$", re.MULTILINE)
READ, REFUSED = PAGE.split("## What is refused")
FILES = {name.strip("`"): addresses for name, _, addresses in ROW.findall(READ) if name.startswith("`")}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_each_file_has_its_row_and_its_documents_these_addresses(name: str, tmp_path: Path) -> None:
    assert list(texts(read_file(tmp_path / name, SAMPLES[name]))) == re.findall(r"`([^`]+)`", FILES[name])


def test_no_row_is_without_a_file() -> None:
    assert FILES.keys() == SAMPLES.keys()


def test_all_that_is_refused_is_listed_with_its_advice() -> None:
    rows = [(looks, advice) for looks, advice, _ in ROW.findall(REFUSED) if looks not in ("it looks like", "---")]
    told = [(entry["looks_like"], entry["advice"]) for entry in knowledge.load("formats.toml")["format"]]
    assert rows == list(dict.fromkeys(told))


@pytest.mark.parametrize("limit", [MAX_RECORD_BYTES, MAX_MHTML_BYTES, MAX_WORKBOOK_BYTES])
def test_the_limits_are_those_of_the_readers(limit: int) -> None:
    assert f"{limit:,}" in READ
