"""A kept page is extracted again and compared; where that cannot be done the audit says SKIPPED and why."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from corpora import forge

from kliping.building.build import BuildOptions, build
from kliping.check.audit import FAILED, PAGES_STEP, PASSED, SKIPPED, Step, audit
from kliping.corpus.folder import open_corpus
from kliping.publish.without_text import export_without_text, rehydrate
from kliping.read import Options
from kliping.read.webpage.markup_tree import MAX_DEPTH

FOLDER = Path(__file__).parents[1] / "read" / "pages"
NAME = "artikel-baru.html"


def built(out: Path, *, keep_source: bool) -> Path:
    """A corpus of one page."""
    build([FOLDER / NAME], out, options=BuildOptions(read=Options(keep_source=keep_source)))
    return out


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus whose one page was kept; for reading only."""
    return built(tmp_path_factory.mktemp("kept") / "corpus", keep_source=True)


@pytest.fixture
def forged(kept: Path, copy: Callable[[Path], Path]) -> Callable[..., Path]:
    """A copy of it in which the row of `raw` has other values and everything else fits."""

    def make(**values: Any) -> Path:
        folder = copy(kept)
        forge(folder, "raw", 0, [open_corpus(folder).whole("raw").to_pylist()[0] | values])
        return folder

    return make


def steps(folder: Path) -> dict[str, Step]:
    return {step.title: step for step in audit(open_corpus(folder))}


def test_the_page_is_kept_and_gives_its_text_again(kept: Path) -> None:
    (row,) = open_corpus(kept).whole("raw").to_pylist()
    assert row["source"] == (FOLDER / NAME).read_bytes()
    found = steps(kept)
    assert {step.status for title, step in found.items() if title != "Published digest"} == {PASSED}
    assert found[PAGES_STEP].remark == "extracted 1 again; 1 articles were taken from pages"


def test_without_kept_pages_the_step_is_skipped(tmp_path: Path) -> None:
    found = steps(built(tmp_path / "corpus", keep_source=False))
    assert (found[PAGES_STEP].status, found[PAGES_STEP].remark) == (
        SKIPPED,
        "no page was kept; build with --keep-source",
    )
    assert found["Rebuild from raw"].status == PASSED


def test_where_no_page_was_read_the_step_says_so(tmp_path: Path) -> None:
    (tmp_path / "satu.txt").write_text("Harga cabai rawit naik di tiga pasar. " * 5)
    build([tmp_path / "satu.txt"], tmp_path / "corpus")
    step = steps(tmp_path / "corpus")[PAGES_STEP]
    assert (step.status, step.remark) == (SKIPPED, "no article was taken from a web page")


OTHER = b"<title>Lain</title><p>Halaman lain yang tidak memuat artikel itu."
DEEP = b"<div>" * (MAX_DEPTH + 2) + b"Dalam sekali."


def page(data: bytes) -> dict[str, object]:
    return {"source": data, "source_sha256": hashlib.sha256(data).hexdigest()}


def tags(folder: Path) -> list[str]:
    return list(open_corpus(folder).whole("raw").to_pylist()[0]["line_tags"])


BROKEN: dict[str, tuple[dict[str, object], str]] = {
    "another page than its digest says": ({"source": OTHER}, "the kept page gives " + page(OTHER)["source_sha256"]),  # type: ignore[operator]
    "another page with its digest": (page(OTHER), "the kept page gives 'Lain'"),
    "a page that gives no text": (page(DEEP), "no text can be extracted from the kept page: The page has elements"),
    "no page, though pages were kept": ({"source": None}, "its page is missing, while the manifest says"),
    "no extractor": ({"extractor": None}, "a page is kept, but no extractor that read it is named"),
}
"""What is wrong -> values of the row, and what the incident says of it."""


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_with_a_page_is_named(name: str, kept: Path, forged: Callable[..., Path]) -> None:
    values, sentence = BROKEN[name]
    step = steps(forged(**values))[PAGES_STEP]
    assert [incident.name for incident in step.incidents] == ["extraction-mismatch"]
    assert step.status == FAILED
    assert step.incidents[0].place == f"raw {open_corpus(kept).whole('raw')['article_id'][0]}"
    assert sentence in step.incidents[0].detail


def test_a_wrong_tag_is_named(kept: Path, forged: Callable[..., Path]) -> None:
    step = steps(forged(line_tags=["h6", *tags(kept)[1:]]))[PAGES_STEP]
    assert [incident.detail for incident in step.incidents] == [
        "the tag of line 0 is 'h6', the kept page gives 'title'"
    ]


def test_another_extractor_is_named(forged: Callable[..., Path]) -> None:
    step = steps(forged(extractor="kliping-html 0 (lxml 1.0)"))[PAGES_STEP]
    assert step.status == SKIPPED
    assert re.search(
        r"1 not compared: made by 'kliping-html 0 \(lxml 1\.0\)', while this is 'kliping-html 2", step.remark
    )
    assert "install those versions" in step.remark


def test_a_wrong_digest_is_found_whatever_made_the_text(forged: Callable[..., Path]) -> None:
    assert steps(forged(extractor="kliping-html 0 (lxml 1.0)", source=OTHER))[PAGES_STEP].status == FAILED


def test_an_export_without_text_holds_no_page_and_gets_it_back(kept: Path, tmp_path: Path) -> None:
    export_without_text(open_corpus(kept), tmp_path / "open")
    assert open_corpus(tmp_path / "open").whole("raw")["source"].to_pylist() == [None]
    assert steps(tmp_path / "open")[PAGES_STEP].remark == "this is a corpus without text, which holds no pages"
    rehydrate(open_corpus(tmp_path / "open"), [FOLDER / NAME], tmp_path / "again")
    assert (tmp_path / "again" / "SHA256SUMS").read_bytes() == (kept / "SHA256SUMS").read_bytes()
