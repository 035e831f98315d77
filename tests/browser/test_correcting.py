"""Corrections made in the report: by keys and by mouse, undone, kept, exported after docs/corrections.md."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.browser.pages import EMOJI, write
from tests.browser.person import Reader, reading
from tests.browser.test_reading import ODD_BREAKS, id_of
from tests.check import corpora

from kliping.corpus.folder import open_corpus
from kliping.curate.corrections import read_corrections
from kliping.kernel import annotate_documents
from kliping.model import RawDocument, Refusal
from kliping.report.viewer import write_report
from kliping.schema import INSTANT

pytestmark = pytest.mark.browser
FIELDS = ["article_id", "raw_sha256", "what", "start", "end", "old", "new", "who", "when", "note"]


def sign(reader: Reader) -> None:
    reader.page.evaluate("localStorage.setItem('kliping:who', 'Wening')")


def segments(corpus: Path, article_id: str) -> list[dict[str, Any]]:
    rows = open_corpus(corpus).whole("segments").to_pylist()
    return [row for row in rows if row["article_id"] == article_id]


def test_a_correction_by_keys_alone_is_exported(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report)
        reader.press("/")
        reader.page.keyboard.type("rumput laut di Teluk Semanting memanen dua")
        reader.until("document.getElementById('count').textContent === '1 of 7 documents'")
        reader.press("Enter", "Enter")
        reader.page.wait_for_selector("#line-0")
        reader.press("n", "9", "c")
        for _ in range(10):
            reader.press("Tab")
            if reader.page.evaluate("document.activeElement.id") == "who":
                break
        reader.page.keyboard.type("Wening")
        for _ in range(10):
            reader.press("Tab")
            if reader.page.evaluate("document.activeElement.id") == "export-lines":
                break
        with reader.page.expect_download() as download:
            reader.press("Enter")
        (record,) = map(json.loads, Path(download.value.path()).read_text("utf-8").splitlines())
        article_id = id_of(corpus, "laut/rumput.txt")
        changed = segments(corpus, article_id)[1]
        assert list(record) == FIELDS
        assert re.fullmatch(INSTANT, record.pop("when"))
        raw_sha256 = next(
            row["sha256"] for row in open_corpus(corpus).whole("raw").to_pylist() if row["article_id"] == article_id
        )
        assert record == {
            "article_id": article_id, "raw_sha256": raw_sha256, "what": "role", "start": changed["start"],
            "end": changed["end"], "old": [changed["role"]], "new": "related", "who": "Wening", "note": None,
        }  # fmt: skip


def test_without_a_name_nothing_is_exported(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "emoji.txt"))
        reader.press("9", "c")
        reader.page.click("#export-lines")
        assert reader.page.evaluate("document.activeElement.id") == "who"
        assert "Write your name first" in reader.text("#said")


def test_split_and_merge_are_places_of_the_raw_text(browser: Any, report: Path, corpus: Path) -> None:
    article_id = id_of(corpus, "emoji.txt")
    rows = segments(corpus, article_id)
    at, row = next((at, row) for at, row in enumerate(rows) if "menghiasi" in row["text"])
    cut = EMOJI.index("menghiasi")
    with reading(browser) as reader:
        reader.open(report, f"{article_id}/{at}")
        sign(reader)
        before = len(EMOJI[row["start"] : cut].encode("utf-16-le")) // 2
        reader.point_at(at, "raw", before, before + 4)
        reader.page.mouse.down()
        reader.page.mouse.up()
        reader.press("s")
        assert reader.text(f"#line-{at} .raw").endswith("🪁🪁")
        assert reader.text(f"#line-{at + 1} .raw").startswith("menghiasi langit")
        (split,) = reader.records()
        assert (split["what"], split["start"], split["end"]) == ("role", cut, row["end"])
        assert (split["old"], split["new"]) == ([row["role"]], row["role"])
        reader.page.click(f"#line-{at}")
        reader.press("m")
        merged = reader.records()[1]
        assert (merged["what"], merged["start"], merged["end"]) == ("role", row["start"], row["end"])
        assert (merged["old"], merged["new"]) == ([row["role"], row["role"]], row["role"])
        assert reader.page.locator("[data-line]").count() == len(rows)
        reader.press("u", "u")
        assert reader.page.locator(".line.changed").count() == 0
        reader.page.click("#line-0")
        reader.press("m")
        assert "two lines of the page" in reader.text("#said")


def test_arrow_keys_step_to_the_word_that_splits(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "emoji.txt") + "/0")
        sign(reader)
        reader.press("ArrowRight", "ArrowRight", "ArrowRight")
        assert reader.lit("pointed")[0] == ["raw", "🪁"]
        reader.press("s")
        assert reader.records()[0]["start"] == EMOJI.index("🪁")


def test_values_are_changed_added_and_removed(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "laut/rumput.txt"))
        sign(reader)
        reader.page.click("button[aria-label='Change authors Sari Wulandari']")
        reader.page.fill("#new-value", "Sari W.")
        reader.press("Enter")
        reader.page.click("button[aria-label='Add editors']")
        reader.page.fill("#new-value", "Dewi")
        reader.press("Enter")
        reader.page.click("button[aria-label='Change editors Bagus Prakoso']")
        reader.page.click("#values form button:has-text('Remove')")
        reader.page.click("button[aria-label^='Change published date']")
        reader.page.fill("#new-value", "6 Maret 2023")
        reader.press("Enter")
        assert "YYYY-MM-DD" in reader.text("#said")
        reader.page.fill("#new-value", "2023-03-07")
        reader.press("Enter")
        changes = [(one["what"], one["old"], one["new"]) for one in reader.records()]
        assert changes == [
            ("authors", ["Sari Wulandari"], ["Sari W."]),
            ("editors", ["Bagus Prakoso"], ["Bagus Prakoso", "Dewi"]),
            ("editors", ["Bagus Prakoso", "Dewi"], ["Dewi"]),
            ("published_date", "2023-03-06", "2023-03-07"),
        ]


def test_a_value_may_be_taken_from_the_current_line_with_its_place(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "emoji.txt") + "/0")
        sign(reader)
        label = reader.page.locator("button[aria-label*=' headline']").first
        label.click()
        reader.page.fill("#new-value", "")
        reader.page.click("#line-3")
        reader.page.click("#values form button:has-text('Take the selected text')")
        reader.page.click("#values form button:has-text('Save')")
        (record,) = reader.records()
        row = segments(corpus, id_of(corpus, "emoji.txt"))[3]
        assert (record["start"], record["end"], record["new"]) == (row["start"], row["end"], row["text"])


def test_they_are_kept_and_undone_across_visits(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "emoji.txt") + "/1")
        reader.press("9")
        reader.open(report)
        assert reader.text("#to-corrections") == "Corrections (1)"
        assert "corrected" in reader.text("#list")
        reader.press("u")
        assert reader.text("#to-corrections") == "Corrections (0)"
        reader.press("u")
        assert reader.text("#said") == "There is nothing to undo."


def test_a_correction_that_does_not_fit_is_named_and_kept(browser: Any, report: Path, corpus: Path) -> None:
    article_id = id_of(corpus, "emoji.txt")
    with reading(browser) as reader:
        reader.open(report, article_id)
        reader.press("9")
        forge = "rows[0].old = ['mark']; localStorage[key] = JSON.stringify(rows)"
        forged = f"(key) => {{ const rows = JSON.parse(localStorage[key]); {forge}; }}"
        reader.page.evaluate(forged, f"kliping:corrections:{article_id}")
        reader.open(report)
        reader.open(report, article_id)
        assert "1 correction made in this browser do" in reader.text("#article-head")
        assert reader.text("#to-corrections") == "Corrections (1)"


def test_the_exported_file_fits_the_corpus(browser: Any, report: Path, corpus: Path, tmp_path: Path) -> None:
    written = pytest.importorskip("kliping.curate.corrections", reason="this kliping does not apply corrections")
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "emoji.txt") + "/1")
        sign(reader)
        reader.press("ArrowRight", "ArrowRight", "s", "n", "9")
        reader.press("c")
        (tmp_path / "corrections.jsonl").write_text(reader.saved("#export-lines"), encoding="utf-8")
    assert written.read_corrections([tmp_path / "corrections.jsonl"]).count == 2


def test_labels_for_label_studio_count_code_points(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "emoji.txt") + "/1")
        reader.press("9", "c")
        (task,) = json.loads(reader.saved("#export-tasks"))
        assert task["data"]["text"] == EMOJI
        regions = [region["value"] for region in task["annotations"][0]["result"]]
        assert [EMOJI[one["start"] : one["end"]] for one in regions] == [one["text"] for one in regions]
        assert regions[1]["labels"] == ["related"]
        assert {(one["from_name"], one["to_name"], one["type"]) for one in task["annotations"][0]["result"]} == {
            ("label", "text", "labels")
        }


CORRECT_AT_RANDOM = """async (seed) => {
  const { reading, store, corrections } = window.kliping;
  let state = seed;
  const below = (most) => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor(state / 65536) % most; };
  corrections.who = "Wening";
  for (let turn = 0; turn < 25; turn++) {
    reading.select(below(reading.state.lines.length));
    const words = wordsOf(reading.cell(reading.at, "raw").textContent);
    const [from, to] = words[below(words.length)];
    reading.word = { side: "raw", from, to };
    [() => reading.split(), () => reading.merge(), () => reading.giveRole(store.roles[below(store.roles.length)].name)][below(3)]();
  }
  return [corrections.lines(), reading.state.lines.map((one) => [one.start, one.end, one.role]), reading.state.unfit.length];
}"""  # noqa: E501
"""Splits, merges and roles; what the page exports, and the lines that it then shows."""


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("text", [EMOJI, corpora.RUMPUT_LAUT, ODD_BREAKS], ids=["emoji", "rumput", "odd breaks"])
def test_whatever_is_corrected_is_built_as_the_page_foresaw(browser: Any, tmp_path: Path, text: str, seed: int) -> None:
    document = RawDocument(text.encode(), "halaman.txt")
    write_report(open_corpus(write([document], tmp_path / "corpus")), tmp_path / "report.html")
    with reading(browser) as reader:
        reader.open(tmp_path / "report.html", document.article_id)
        lines, foreseen, unfit = reader.page.evaluate(CORRECT_AT_RANDOM, seed)
    assert unfit == 0
    (tmp_path / "wening.jsonl").write_text(lines, encoding="utf-8")
    given = read_corrections([tmp_path / "wening.jsonl"])
    assert given.count > 5
    (outcome,) = annotate_documents([replace(document, corrections=given.of[document.sha256])])
    if isinstance(outcome, Refusal):
        assert not {"paragraph", "subheading"} & {role for _, _, role in foreseen}
        return
    assert outcome.misfits == ()
    assert [[one.start, one.end, one.role] for one in outcome.segments] == foreseen
