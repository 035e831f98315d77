"""DATASHEET.md: no question of Gebru et al. missing or empty, no number stale."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kliping.corpus import datasheet
from kliping.corpus.manifest import read_manifest

REPO = Path(__file__).parents[2]
QUESTIONS = (Path(__file__).parent / "datasheet_questions.txt").read_text("utf-8").splitlines()
"""The sections (`## ...`) and questions of the paper in its order, examples in brackets left out."""
TEXT = (REPO / "DATASHEET.md").read_text("utf-8")


def test_every_question_stands_under_its_own_heading_in_order():
    headings = [line.removeprefix("### ") for line in TEXT.splitlines() if line.startswith(("## ", "### "))]
    assert headings == QUESTIONS
    assert len([question for question in QUESTIONS if not question.startswith("## ")]) == 57


@pytest.mark.parametrize("question", [question for question in QUESTIONS if not question.startswith("## ")])
def test_every_question_is_answered(question: str):
    answer = TEXT.split(f"### {question}\n")[1].split("\n#")[0].strip()
    assert answer.endswith(".")
    assert "TODO" not in answer
    assert "[More" not in answer


def test_no_number_is_stale():
    if not (REPO / "corpus" / "manifest.json").is_file():
        pytest.skip("corpus/ has not been built yet: run `make corpus`")
    assert datasheet.stale(TEXT, read_manifest(REPO / "corpus")) == []


def test_no_number_of_the_corpus_stands_outside_the_markers():
    prose = re.sub(r"<!-- manifest: \S+ -->[^<]*<!-- end -->", "", TEXT)
    numbers = re.findall(
        r"\b\d+\b", re.sub(r"64, 12, 2021|CC BY 4\.0|Apache-2\.0|October 2023|January 2024", "", prose)
    )
    assert numbers == []


def test_numbers_are_written_and_watched(contents):
    text = "We have <!-- manifest: tables.raw.rows -->9<!-- end --> of <!-- manifest: inputs.count -->6<!-- end -->."
    assert datasheet.stale(text, contents) == ["tables.raw.rows"]
    fresh = datasheet.refresh(text, contents)
    assert fresh == text.replace("9", "3")
    assert datasheet.stale(fresh, contents) == []


@pytest.mark.parametrize("place", ["tables.cooked.rows", "tables.raw", "version.major"])
def test_a_place_that_the_manifest_lacks_is_refused(contents, place):
    with pytest.raises(KeyError, match=place):
        datasheet.refresh(f"<!-- manifest: {place} -->1<!-- end -->", contents)


def test_the_file_is_rewritten_in_place(corpus: Path, tmp_path: Path):
    (tmp_path / "sheet.md").write_text("<!-- manifest: version -->?<!-- end -->")
    datasheet.main(str(corpus), str(tmp_path / "sheet.md"))
    assert (tmp_path / "sheet.md").read_text() == "<!-- manifest: version -->1.2.3<!-- end -->"
