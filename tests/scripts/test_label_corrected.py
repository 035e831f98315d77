"""label_corrected.py writes corrected pages as labels that say of every character what the corpus says."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import label_corrected
import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled import read_folder

from kliping import build
from kliping.building.build import BuildOptions
from kliping.corpus.folder import open_corpus
from kliping.curate.corrections import read_corrections
from kliping.errors import KlipingError
from kliping.model import ROLES

sys.path.append(str(Path(__file__).parents[1] / "corrections"))
from correcting import correction, written

SHARED = Path(__file__).resolve().parents[3] / "shared"
LINE = "Petani garam memanen lebih awal. Simak resep ikan bakar. Harga naik, kata pedagang, Senin (5/2/2024).***"
PAGES = [
    f"BIAK, KOMPAS.com - {LINE}\r\nBaca juga: Harga Ikan\n\nGudang ke-{number} dibangun.\n" for number in range(12)
]
Spans = list[tuple[int, int, str]]


def spans_of(text: str, lines: dict[str, str | list[list[str]]]) -> Spans:
    """The spans that labels describe, as LABELLING.md explains them."""
    found: Spans = []
    begin = 0
    for number, line in enumerate(text.split("\n")):
        label = lines.get(str(number), [])
        parts = [[label, "*"]] if isinstance(label, str) else label
        rest = next((place for place, part in enumerate(parts) if part[1] == "*"), 0)
        sizes = [len(part[1]) for part in parts]
        position = begin
        for place, (role, _) in enumerate(parts):
            size = len(line) - sum(sizes) + sizes[rest] if place == rest else sizes[place]
            found.append((position, position + size, role))
            position += size
        assert not parts or position == begin + len(line)
        begin += len(line) + 1
    return found


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corrected")
    (folder / "crawl").mkdir()
    for number, text in enumerate(PAGES):
        (folder / "crawl" / f"{number}.txt").write_bytes(text.encode())
    records = [correction(text, "role", "Simak resep ikan bakar.", ["paragraph"], "related") for text in PAGES[1:]]
    records += [correction(text, "published_date", None, "2024-02-05", "2024-02-06") for text in PAGES[1:3]]
    records += [correction(text, "authors", "pedagang", [], ["Ani Lestari"]) for text in PAGES[1:3]]
    found = read_corrections([written(folder / "sari.jsonl", records)])
    build([folder / "crawl"], folder / "corpus", options=BuildOptions(corrections=found))
    return folder / "corpus"


def test_every_corrected_page_is_written_once_with_what_the_corpus_says(corpus: Path, tmp_path: Path) -> None:
    label_corrected.main([str(corpus), str(corpus), "--out", str(tmp_path / "koreksi")])
    opened = open_corpus(corpus)
    raw = {row["article_id"]: row["text"] for row in opened.whole("raw").to_pylist()}
    segments = opened.whole("segments").to_pylist()
    pages = [path for name in ("koreksi", "koreksi-test") for path in (tmp_path / name / "labels").iterdir()]
    assert len(pages) == len(PAGES) - 1
    for path in pages:
        article, label = path.stem[1:], json.loads(path.read_text("utf-8"))
        text = (path.parents[1] / "docs" / f"{path.stem}.txt").read_bytes().decode()
        assert (label["id"], text) == (path.stem, raw[article])
        said = [(text[start:end].strip(), role) for start, end, role in spans_of(text, label["lines"])]
        assert said == [(row["text"].strip(), row["role"]) for row in segments if row["article_id"] == article]
        assert ("Simak resep ikan bakar.", "related") in said
        assert (label["outlet"], label["place"]) == ("Kompas", "Biak")


def test_a_value_that_the_text_does_not_show_is_no_label(corpus: Path) -> None:
    labels = {page.text: page.label for page in label_corrected.corrected_pages(open_corpus(corpus))}
    assert PAGES[0] not in labels, "nobody corrected it"
    assert [labels[PAGES[number]]["published"] for number in (1, 3)] == [None, "2024-02-05"]
    assert [labels[PAGES[number]]["authors"] for number in (1, 3)] == [["Ani Lestari"], []]
    assert labels[PAGES[3]]["published_basis"] == "inferred"


def test_a_page_is_for_training_or_for_testing_by_its_digest(corpus: Path) -> None:
    sides = {page.id: page.is_test for page in label_corrected.corrected_pages(open_corpus(corpus))}
    assert sides == {page.id: page.is_test for page in label_corrected.corrected_pages(open_corpus(corpus))}
    assert {True, False} == set(sides.values())


def test_what_is_there_stays(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "koreksi-test").mkdir()
    with pytest.raises(KlipingError, match="stays as it is"):
        label_corrected.main([str(corpus), "--out", str(tmp_path / "koreksi")])
    assert not (tmp_path / "koreksi").exists()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled pages, whose scorer reads labels, are not here")
def test_the_scripts_read_them_as_they_read_other_labels(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "score.py").write_bytes((SHARED / "score.py").read_bytes())
    label_corrected.main([str(corpus), "--out", str(tmp_path / "koreksi")])
    for name in ("koreksi", "koreksi-test"):
        for page in read_folder(tmp_path / name):
            assert list(page.spans) == spans_of(page.text, page.label["lines"])
            assert page.crawl == "corpus"


PIECES = st.lists(
    st.tuples(st.sampled_from(["*", "**", "a", "b c", " d ", "*\t", "é"]), st.sampled_from(ROLES)), max_size=5
)


@given(st.lists(PIECES, max_size=4))
def test_any_lines_come_back(pages: list[list[tuple[str, str]]]) -> None:
    text = "\n".join("".join(piece for piece, _ in line) for line in pages)
    spans: Spans = []
    begin = 0
    for line in pages:
        for piece, role in line:
            start = begin + len(piece) - len(piece.lstrip())
            spans.append((start, start + len(piece.strip()), role))
            begin += len(piece)
        begin += 1
    found = spans_of(text, json.loads(json.dumps(dict(label_corrected.lines(text, spans)))))
    trimmed = [
        (start + len(text[start:end]) - len(text[start:end].lstrip()), start + len(text[start:end].rstrip()), role)
        for start, end, role in found
    ]
    assert trimmed == spans
