"""The report in a browser: opens silently and offline, shows what the corpus says, follows pointer, keys, address."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest
from tests.browser.pages import EMOJI, write
from tests.browser.person import Reader, reading
from tests.check import corpora

from kliping import annotate
from kliping.corpus.folder import open_corpus
from kliping.model import RawDocument, Segment
from kliping.report.viewer import write_report

pytestmark = pytest.mark.browser
SEED = 16


def id_of(corpus: Path, name: str) -> str:
    rows = open_corpus(corpus).whole("articles").to_pylist()
    return str(next(row["article_id"] for row in rows if row["source_path"] == name))


def units(text: str) -> int:
    """How long a browser takes a text to be."""
    return len(text.encode("utf-16-le")) // 2


def test_it_opens_without_a_complaint_and_without_a_request(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report)
        assert reader.text("#says") == "all 7 articles"
        for row in open_corpus(corpus).whole("articles").to_pylist():
            reader.open(report, row["article_id"])
            for details in reader.page.query_selector_all("#about summary"):
                details.click()
        assert reader.complaints == []
        assert set(reader.requests) == {url for url in reader.requests if url.startswith("file:")}
        assert {url.partition("#")[0] for url in reader.requests} == {report.as_uri()}


def damaged(segment: Segment, start: int, end: int) -> tuple[str, bool]:
    """What repair made of raw[start:end], and whether a repair only reaches into it, so that more of it is lit."""
    text, at, cut = "", start, False
    for repair in segment.repairs:
        if repair.end <= start or repair.start >= end:
            continue
        cut = cut or repair.start < start or repair.end > end
        text += EMOJI[at : repair.start] + repair.after
        at = repair.end
    return text + EMOJI[at:end], cut


def test_ten_random_words_light_their_counterparts(browser: Any, report: Path, corpus: Path) -> None:
    annotation = annotate(RawDocument(EMOJI.encode(), "emoji.txt"))
    words = []
    for line, segment in enumerate(annotation.segments):
        raw = EMOJI[segment.start : segment.end]
        at = segment.start
        for word in raw.split():
            at = EMOJI.index(word, at)
            clean, cut = damaged(segment, at, at + len(word))
            if segment.role in ("paragraph", "headline") and word.isprintable() and not cut:
                words.append((line, segment, at, word, clean))
            at += len(word)
    picked = [*random.Random(SEED).sample(words, 10), next(word for word in words if word[4] != word[3])]
    assert any(
        "😀" in EMOJI[segment.start : at] or "🪁" in EMOJI[segment.start : at] for _, segment, at, _, _ in picked
    )
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "emoji.txt"))
        for line, segment, at, word, clean in picked:
            before = units(EMOJI[segment.start : at])
            reader.point_at(line, "raw", before, before + units(word))
            assert reader.lit("pointed") == [["raw", word], ["clean", clean]]
            assert reader.text("#pointed").startswith(f"[{at}, {at + len(word)}) {word}")


def test_values_light_their_evidence_and_rejected_ones_are_there_on_demand(
    browser: Any, report: Path, corpus: Path
) -> None:
    opened = open_corpus(corpus)
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "laut/rumput.txt"))
        reader.page.click("#values button.lit:has-text('Sari Wulandari')")
        assert ["raw", "Sari Wulandari"] in reader.lit("evidence")
        assert "Rahmat Hidayat" in reader.unfold("quotations")
        rejected = [row for row in opened.whole("evidence").to_pylist() if not row["accepted"]]
        reader.open(report, rejected[0]["article_id"])
        assert rejected[0]["value"] in reader.unfold("rejected")


def test_a_line_tells_its_rule_and_a_model_s_reasons(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "laut/rumput.txt") + "/11")
        assert "phrase:advertisement" in reader.text("#line-about")
        reader.page.click("#line-1")
        assert "What weighed most" in reader.text("#line-about")
        assert "Otherwise it would be" in reader.text("#line-about")


def test_repairs_are_told_before_and_after(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "emoji.txt") + "/3")
        assert "â€œ → “ mojibake" in reader.text("#line-about")
        assert reader.page.evaluate("[spelled('\u00a0'), spelled(' '), spelled(''), spelled('Â ')]") == [
            "U+00A0",
            "space",
            "nothing",
            "Â ",
        ]


def test_bars_filter_the_list_and_search_finds_words_of_the_text(browser: Any, report: Path) -> None:
    with reading(browser) as reader:
        reader.open(report)
        assert reader.text("#count") == "7 documents"
        bar = reader.page.locator("button.bar[data-facet=outlet]:has-text('Kompas')")
        number = bar.locator(".bar-count").inner_text()
        bar.click()
        assert reader.text("#count") == f"{number} of 7 documents"
        assert bar.get_attribute("aria-pressed") == "true"
        assert reader.page.locator(".entry").count() == int(number)
        bar.click()
        reader.press("/")
        reader.page.keyboard.type("ulin")
        reader.until("document.getElementById('count').textContent === '1 of 7 documents'")
        reader.page.click("#clear")
        assert reader.text("#count") == "7 documents"
        reader.page.click("button.bar:has-text('set aside: binary')")
        assert "gambar.png" in reader.text(".entry")


def test_keys_walk_through_articles_and_lines(browser: Any, report: Path) -> None:
    with reading(browser) as reader:
        reader.open(report)
        reader.press("j")
        reader.page.wait_for_selector("#line-0")
        first = reader.page.evaluate("location.hash")
        reader.press("j")
        reader.until(f"location.hash.split('/')[0] !== {first.split('/')[0]!r}")
        reader.press("k")
        reader.until(f"location.hash.split('/')[0] === {first.split('/')[0]!r}")
        reader.until("document.getElementById('line-0')?.getAttribute('aria-selected') === 'true'")
        reader.press("n", "n", "ArrowDown", "p")
        assert reader.page.evaluate("location.hash").endswith("/2")
        reader.press("?")
        assert reader.page.is_visible("#help")
        reader.press("Escape", "o")
        reader.page.wait_for_selector("#overview .panel")
        reader.press("?")
        reader.page.uncheck("#keys-on")
        reader.press("Escape", "j")
        assert reader.page.is_hidden("#article")


def test_a_key_goes_from_the_least_sure_line_to_the_next(browser: Any, report: Path, corpus: Path) -> None:
    article_id = id_of(corpus, "laut/rumput.txt")
    rows = [row for row in open_corpus(corpus).whole("segments").to_pylist() if row["article_id"] == article_id]
    unsure = sorted((row["margin"], row["position"]) for row in rows if row["margin"] is not None)
    with reading(browser) as reader:
        reader.open(report, article_id)
        for margin, position in unsure[:3]:
            reader.press("d")
            assert reader.page.evaluate("location.hash").endswith(f"/{position}")
            assert reader.text("#said") == f"Margin {margin} of 1000"


def test_a_link_opens_an_article_at_its_segment(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report, f"{id_of(corpus, 'panjang.txt')[:12]}/400")
        reader.page.wait_for_selector("#line-400")
        assert reader.page.get_attribute("#line-400", "aria-selected") == "true"
        assert reader.page.is_visible("#line-400")
        reader.open(report, id_of(corpus, "emoji.txt") + "/2")
        assert reader.page.get_attribute("#line-2", "aria-selected") == "true"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("ffffffffffff", "No article of this report has an id that begins with ffffffffffff."),
        ("%", "No article of this report has an id that begins with %."),
        ("<b>&amp;%E0%A4/1", "No article"),
        ("{id}/99", "This article has no segment 99."),
        ("{id}/x", "This article has no segment"),
    ],
)
def test_an_unknown_link_says_so(browser: Any, report: Path, corpus: Path, place: str, said: str) -> None:
    with reading(browser) as reader:
        reader.open(report)
        reader.page.evaluate("(place) => { location.hash = place; }", place.format(id=id_of(corpus, "emoji.txt")))
        reader.until(f"document.getElementById('said').textContent.includes({said!r})")
        assert reader.complaints == []


def nodes(reader: Reader) -> int:
    return int(reader.page.evaluate("document.evaluate('count(//node())', document).numberValue"))


def test_a_long_article_and_a_long_list_keep_the_page_small(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report)
        assert nodes(reader) <= 2000
        reader.open(report, id_of(corpus, "panjang.txt"))
        assert nodes(reader) <= 2000
        reader.page.click("#later")
        assert reader.page.is_visible("#line-100")


ONE_LINE = "PALU, KOMPAS.com - " + " ".join(
    f"Warga nomor {number} di Lembah Napu memanen kopi pada Senin (6/3/2023)." for number in range(900)
)


def test_a_very_long_line_is_cut_until_more_of_it_is_asked_for(browser: Any, tmp_path: Path) -> None:
    corpus = write([RawDocument(ONE_LINE.encode(), "kopi.txt")], tmp_path / "corpus")
    write_report(open_corpus(corpus), tmp_path / "report.html")
    with reading(browser) as reader:
        reader.open(tmp_path / "report.html", id_of(corpus, "kopi.txt"))
        assert "more characters" in reader.text("#lines")
        assert "nomor 899" not in reader.text("#lines")
        reader.page.click("#whole")
        assert "nomor 899" in reader.text("#lines")
        assert reader.page.is_hidden("#whole")
        assert reader.complaints == []


def test_all_lines_are_printed(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "panjang.txt"))
        assert reader.page.locator("[data-line]").count() == 100
        reader.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert reader.page.locator("[data-line]").count() == 451
        reader.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert reader.page.locator("[data-line]").count() == 100


ODD_BREAKS = (
    "Kabar Kopi dari Lembah\r\nPALU - Warga Lembah Napu memanen kopi\u0085 lebih awal, kata ketua kelompok tani."
    "\u2028Harga biji kering di tingkat petani naik sejak Jumat.\x0bTruk pembeli datang setiap Senin (6/3/2023).\x1f\n"
)
ELSEWHERE = """async () => {
  const { store } = window.kliping;
  const others = [];
  for (let number = 0; number < store.count; number++) {
    const article = await store.article(number);
    for (const { start, end } of article.segments) {
      const found = pieces(article, start, end);
      if (JSON.stringify(found) !== JSON.stringify([{ start, end }])) others.push([article.path, start, end, found]);
    }
  }
  return others;
}"""


def test_a_segment_stays_in_one_piece_where_it_does_for_kliping(browser: Any, corpus: Path, tmp_path: Path) -> None:
    odd = RawDocument(ODD_BREAKS.encode(), "ganjil.txt")
    own = write([odd, *corpora.documents(), RawDocument(EMOJI.encode(), "emoji.txt")], tmp_path / "corpus")
    write_report(open_corpus(own), tmp_path / "report.html")
    with reading(browser) as reader:
        reader.open(tmp_path / "report.html")
        assert reader.text("#says") == "all 6 articles"
        assert reader.page.evaluate(ELSEWHERE) == []


def test_the_hostile_page_is_inert_and_hides_nothing(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "hostile.txt"))
        assert reader.page.evaluate("typeof window.hacked") == "undefined"
        assert reader.complaints == []
        assert reader.page.locator("#lines img, #lines iframe, #lines script, #lines a").count() == 0
        text = reader.text("#lines")
        assert "<iframe src=" in text
        assert "▯txet nesrever▯" in text, "what turns the line around is shown"
        assert "disisipi▯tanda" in text
        assert "␁␛[31m" in text
        tall = (
            "[...document.querySelectorAll('.line > div')].every((one) => getComputedStyle(one).overflowY === 'clip')"
        )
        assert reader.page.evaluate(tall), "piled up marks do not cover other lines"


def test_two_texts_are_compared_word_by_word(browser: Any, report: Path) -> None:
    with reading(browser) as reader:
        reader.open(report)
        parts = reader.page.evaluate("wordDiff('harga beras naik lagi', 'harga gula naik')")
        assert parts == [["=", "harga"], ["-", "beras"], ["+", "gula"], ["=", "naik"], ["-", "lagi"]]
        assert reader.page.evaluate("wordDiff('', '')") == []


def test_without_text_it_shows_places_and_roles_alone(browser: Any, corpus: Path, tmp_path: Path) -> None:
    write_report(open_corpus(corpus), tmp_path / "report.html", without_text=True)
    with reading(browser) as reader:
        reader.open(tmp_path / "report.html", id_of(corpus, "laut/rumput.txt"))
        shown = reader.text("body")
        assert "Semanting" not in shown
        assert "phrase:" in reader.page.content() or "model:" in reader.page.content()
        assert "[0, 7)" in reader.text("#line-0")
        assert reader.complaints == []


@pytest.mark.parametrize("count", [0, 1])
def test_a_corpus_of_next_to_nothing_has_a_report(browser: Any, tmp_path: Path, count: int) -> None:
    text = "Warga menyapu balai desa sejak pagi, lalu makan bersama di halaman sampai siang hari.\n" * 2
    write([RawDocument(text.encode(), "desa.txt")][:count], tmp_path / "corpus")
    write_report(open_corpus(tmp_path / "corpus"), tmp_path / "report.html")
    with reading(browser) as reader:
        reader.open(tmp_path / "report.html")
        assert reader.text("#says") == ("one article" if count else "no article")
        reader.press("j")
        if count:
            reader.page.wait_for_selector("#line-0")
            assert "none" in reader.text("#values")
        reader.press("k", "d", "v", "s", "m", "u", "c", "Escape", "o", "/")
        reader.page.keyboard.type("balai desa")
        reader.until(f"document.getElementById('count').textContent === '{count} document{'s' if not count else ''}'")
        reader.page.click("button.bar[data-facet=outcome]")
        assert reader.complaints == []


def test_without_text_a_correction_is_shown_without_its_words(browser: Any, tmp_path: Path) -> None:
    write_report(
        open_corpus(corpora.write(corpora.shards(), tmp_path / "corpus")), tmp_path / "report.html", without_text=True
    )
    with reading(browser) as reader:
        reader.open(tmp_path / "report.html", hashlib.sha256(corpora.JEMBATAN.encode()).hexdigest()[:32])
        told = reader.unfold("held")
        assert "Sari, 2026-11-29, corrections/sari.jsonl#1" in told
        assert "dana desa" not in told
        assert reader.complaints == []


def test_it_prints(browser: Any, report: Path, corpus: Path) -> None:
    with reading(browser) as reader:
        reader.open(report, id_of(corpus, "laut/rumput.txt"))
        assert reader.page.pdf().startswith(b"%PDF")
        reader.page.emulate_media(media="print")
        assert reader.page.is_hidden("#side")
        assert reader.page.is_visible("#line-11")
        assert reader.page.is_visible("#values")
