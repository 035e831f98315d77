"""The way of a correction: made by keys alone in the report, exported, built, shown by the next one, audited, kept."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.browser.person import Reader, reading
from tests.browser.test_access import violations

from kliping.cli import main
from kliping.corpus.folder import open_corpus

pytestmark = pytest.mark.browser
LADANG = """Panen Jagung Ladang Bukit Sabar Dijual Lewat Koperasi
ATAMBUA, KOMPAS.com - Petani Bukit Sabar 🌽 menjual panen jagung lewat koperasi mulai Senin (5/2/2024). Harga di gudang koperasi Rp 4.800 per kilogram.
Ketua koperasi, Maria Bano, mengatakan timbangan dipasang di tengah pasar supaya semua orang bisa melihatnya. Foto jagung di gudang koperasi Bukit Sabar.
Simak kabar desa lain di kanal kami
Pembeli dari Kupang datang dua kali sepekan dengan truk sewaan, kata Maria, sehingga petani tidak lagi menunggu tengkulak.
Penulis: Yosefina Lake
"""  # noqa: E501
KAPAL = """Kapal Perintis ke Pulau Tiga Berlayar Lagi
NATUNA - Kapal perintis kembali melayani Pulau Tiga setelah dok selama enam pekan, Rabu (7/2/2024). Penumpang pertama membawa bahan bangunan.
Nakhoda Hasan Basri mengatakan mesin bantu sudah diganti dan jadwal kembali dua kali sepekan.
"""  # noqa: E501
WORDS = "Foto jagung di gudang koperasi Bukit Sabar."
POINTER = "Simak kabar desa lain di kanal kami"
EDITOR = "Benyamin Seran"
MOST_TABS = 60


def run(*arguments: str | Path, ends: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == ends, result.output
    return result


def files(corpus: Path) -> dict[str, bytes]:
    return {path.relative_to(corpus).as_posix(): path.read_bytes() for path in corpus.rglob("*") if path.is_file()}


def rows(corpus: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = open_corpus(corpus).whole(table).to_pylist()
    return found


def step_to(reader: Reader, words: str) -> None:
    """Walk to the line that begins with these words, line by line."""
    for _ in range(MOST_TABS):
        line = reader.page.get_attribute("#lines", "aria-activedescendant")
        if reader.text(f"#{line} [data-side=raw]").startswith(words):
            return
        reader.press("n")
    raise AssertionError(f"no line begins with {words}")


def tab_to(reader: Reader, condition: str) -> None:
    """Press Tab until this holds of the element that has the focus."""
    for _ in range(MOST_TABS):
        if reader.page.evaluate(f"(({condition}))(document.activeElement)"):
            return
        reader.press("Tab")
    raise AssertionError(f"Tab never reaches {condition}")


def correct(reader: Reader, report: Path) -> str:
    """Correct an article with nothing but keys: a role, a border and what is behind it, a value; return the export."""
    reader.open(report)
    reader.press("/")
    reader.page.keyboard.type("jagung ladang")
    reader.until("document.getElementById('count').textContent === '1 of 2 documents'")
    reader.press("Enter", "Enter")
    reader.page.wait_for_selector("#line-0")
    reader.until("document.activeElement.id === 'lines' || document.activeElement.id === 'list'")
    step_to(reader, POINTER)
    reader.press("0", "9")
    reader.press("Home")
    step_to(reader, "Ketua koperasi")
    before = (
        "Ketua koperasi, Maria Bano, mengatakan timbangan dipasang di tengah pasar supaya semua orang bisa melihatnya."
    )
    reader.press(*["ArrowRight"] * (len(before.split()) + 1), "s", "n", "8", "v")
    tab_to(reader, "(one) => one.getAttribute('aria-label') === 'Add editors'")
    reader.press("Enter")
    reader.page.keyboard.type(EDITOR)
    reader.press("Enter", "c")
    tab_to(reader, "(one) => one.id === 'who'")
    reader.page.keyboard.type("Wening")
    tab_to(reader, "(one) => one.id === 'export-lines'")
    with reader.page.expect_download() as download:
        reader.press("Enter")
    return Path(download.value.path()).read_text("utf-8")


def shows_them(reader: Reader, report: Path, article_id: str) -> None:
    reader.open(report, article_id)
    lines = reader.page.eval_on_selector_all(
        ".line[data-line]", "all => all.map((one) => [one.classList[2], one.querySelector('.raw').textContent])"
    )
    assert ["caption", WORDS] in lines
    assert ["related", POINTER] in lines
    assert "automatic with corrections" in reader.text("#article-head")
    assert EDITOR in reader.text("#values")
    assert "a person corrected it, as corrections/corrections.jsonl#5 says" in reader.text("#values")
    assert f"editors: none → {EDITOR} applied; Wening" in reader.unfold("held")
    assert violations(reader) == []
    reader.page.click(f".line:has-text('{POINTER}')")
    assert "a person corrected it, as corrections/corrections.jsonl#2 says" in reader.text("#line-about")


def test_a_correction_made_by_keys_comes_back_in_the_next_report(browser: Any, tmp_path: Path) -> None:
    crawl, first, second = tmp_path / "crawl", tmp_path / "first", tmp_path / "second"
    crawl.mkdir()
    (crawl / "ladang.txt").write_text(LADANG, encoding="utf-8")
    (crawl / "kapal.txt").write_text(KAPAL, encoding="utf-8")
    run("build", crawl, "--out", first)
    run("report", first, "-o", tmp_path / "first.html")
    file = tmp_path / "corrections.jsonl"
    with reading(browser) as reader:
        file.write_text(correct(reader, tmp_path / "first.html"), encoding="utf-8")
        foreseen = reader.page.evaluate("kliping.reading.state.lines.map((one) => [one.start, one.end, one.role])")
        records = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        assert [(one["what"], one["new"]) for one in records] == [
            *(("role", role) for role in ("navigation", "related", "paragraph", "caption")),
            ("editors", [EDITOR]),
        ]
        assert {LADANG[one["start"] : one["end"]] for one in records[:4]} == {POINTER, WORDS}
        article_id = records[0]["article_id"]
        assert "5 of 5 corrections fit" in run("corrections", "check", file, first).output

        run("build", crawl, "--out", second, "--corrections", file)
        (article,) = (row for row in rows(second, "articles") if row["article_id"] == article_id)
        assert (article["made"], article["editors"]) == ("automatic with corrections", [EDITOR])
        segments = [row for row in rows(second, "segments") if row["article_id"] == article_id]
        assert [[row["start"], row["end"], row["role"]] for row in segments] == foreseen
        assert POINTER not in article["text"]
        assert WORDS not in article["text"]
        (proof,) = (row for row in rows(second, "evidence") if row["field"] == "editors" and row["accepted"])
        assert (proof["value"], proof["rule"]) == (EDITOR, "correction:corrections/corrections.jsonl#5")
        run("report", second, "-o", tmp_path / "second.html")
        shows_them(reader, tmp_path / "second.html", article_id)
        assert reader.page.locator("#article-head .unfit").count() == 0, "what this browser keeps fits what it became"
        assert reader.complaints == []
    with reading(browser) as other:
        shows_them(other, tmp_path / "second.html", article_id)

    run("build", crawl, "--out", tmp_path / "again", "--corrections", file)
    assert files(tmp_path / "again") == files(second)
    audited = run("audit", second).output
    assert "FAILED" not in audited
    assert re.search(r"Rebuild from raw +PASSED", audited)
    run("validate", second)
    told = run("diff", first, second, ends=3).output
    assert "editors" in told
    assert "caption" in told
    assert "5 of 5 corrections fit" in run("corrections", "check", file, second).output

    shutil.rmtree(crawl)
    crawl.mkdir()
    (crawl / "halaman-7.html.txt").write_text(LADANG, encoding="utf-8")
    run("build", crawl, "--out", tmp_path / "later", "--corrections", file)
    (later,) = rows(tmp_path / "later", "articles")
    assert {**later, "source_path": None} == {**article, "source_path": None}
