"""Pages without an article, or with several, are set aside by name; articles never are."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kliping.annotation.gate import LEAST_WHOLE, article_or_reason
from kliping.annotation.roles import assign
from kliping.model import Page, RawDocument, Span
from kliping.read import documents

REPO = Path(__file__).resolve().parents[2]
SHARED = REPO.parent / "shared"
PAGES = Path(__file__).parent / "pages"

SENTENCE = "Nelayan di teluk itu menebar jaring sejak subuh dan pulang membawa ikan tongkol untuk pasar kota. "


def of_file(path: Path) -> str | None:
    (one,) = documents([path])
    assert isinstance(one, RawDocument)
    return reason(Page(one.data.decode(), one.url, one.metadata, one.line_tags))


def reason(page: Page, spans: tuple[Span, ...] | None = None) -> str | None:
    found = article_or_reason(page, assign([page])[0] if spans is None else spans)
    assert found is None or found.detail.endswith(".")
    return found.reason if found else None


def spelled(*lines: tuple[str, str, str]) -> tuple[Page, tuple[Span, ...]]:
    """A page and its spans from (role, tag, text) lines."""
    text, spans = "\n".join(line for _, _, line in lines), []
    start = 0
    for role, _, line in lines:
        spans.append(Span(start, start + len(line), role, "test"))
        start += len(line) + 1
    return Page(text, line_tags=tuple(tag for _, tag, _ in lines)), tuple(spans)


def test_tags_of_lines_that_are_not_the_pages_say_nothing() -> None:
    """A repair that makes a line break out of a damaged character leaves more lines than tags: none is believed."""
    page, spans = spelled(*[("paragraph", "nav:p", SENTENCE)] * 4)
    assert article_or_reason(page, spans) is not None
    assert article_or_reason(Page(page.text, line_tags=page.line_tags[:3]), spans) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("artikel-baru.html", None), ("artikel-lama.html", None), ("galeri-foto.html", None),
        ("daftar.html", "listing-page"), ("galat.html", "error-page"), ("persetujuan.html", "consent-wall"),
        ("video.html", "video-stub"),
    ],
)  # fmt: skip
def test_pages(name: str, expected: str | None) -> None:
    assert of_file(PAGES / name) == expected


HEAD = "<html><head><title>Harga Ikan Turun - KabarUji</title></head><body><nav><a href='/'>Beranda</a></nav>"
TITLES = [
    "Sungai Meluap di Dua Desa Sejak Subuh", "Harga Cabai Rawit Turun di Pasar Induk", "Bupati Lepas Ekspor Kopi",
    "Sekolah di Pulau Terluar Dapat Listrik", "Kapal Tua Dijadikan Museum di Teluk", "Penyu Langka Bertelur di Pantai",
]  # fmt: skip
BRIEF = (
    "<h1>Harga Ikan Tongkol Turun di Pasar</h1><div class='date'>Selasa, 4 Mei 2021 10.00 WIB</div>"
    f"<p>Ambon - {SENTENCE}</p><p>{SENTENCE}</p>"
)
LINKS = "".join(f"<li><h3><a href='/x'>{title}</a></h3><span>3 Mei 2021</span></li>" for title in TITLES)
TEASERS = "".join(f"<div><h3><a href='/x'>{title}</a></h3><p>{SENTENCE * 2}</p></div>" for title in TITLES[:4])
LONG = SENTENCE * 5


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("a brief above dated links", f"{BRIEF}<ul>{LINKS}</ul>", None),
        ("a brief below dated links", f"<ul>{LINKS}</ul>{BRIEF}", None),
        ("a brief alone", BRIEF, None),
        ("dated links alone", f"<h1>Berita Daerah Terbaru</h1><ul>{LINKS}</ul>", "listing-page"),
        ("teasers with dates", f"<h1>Berita Daerah Terbaru</h1>{TEASERS}{LINKS}", "listing-page"),
        ("an error above four teasers", f"<h1>404</h1><p>Halaman yang Anda cari tidak ada.</p>{TEASERS}", "error-page"),
        ("an error in words", f"<h1>Oops! Halaman tidak ditemukan</h1>{TEASERS}", "error-page"),
        ("an error and long teasers", f"<h1>404 Not Found</h1>{TEASERS.replace(SENTENCE, SENTENCE * 2)}", "error-page"),
        (
            "an article about an error, and teasers",
            f"<h1>Mural 404 Page Not Found Dihapus</h1><div class='date'>4 Mei 2021</div><p>{LONG}</p>{TEASERS}",
            None,
        ),
        (
            "articles with headlines of their own",
            "".join(f"<article><h2>{title}</h2><p>{LONG}</p></article>" for title in TITLES[:2]),
            "several-articles",
        ),
        (
            "short articles with headlines of their own",
            "".join(f"<article><h2>{title}</h2><p>{SENTENCE * 2}</p></article>" for title in TITLES[:3]),
            "several-articles",
        ),
        (
            "articles under linked headlines",
            "".join(f"<article><h2><a href='/x'>{title}</a></h2><p>{LONG}</p></article>" for title in TITLES[:2]),
            "several-articles",
        ),
        (
            "an article and cards",
            f"<article>{BRIEF}<p>{LONG}</p></article>"
            + "".join(f"<article><h3><a href='/x'>{title}</a></h3><p>{SENTENCE}</p></article>" for title in TITLES),
            None,
        ),
        (
            "an article in sections",
            f"<article>{BRIEF}<h2>Pasokan Ikan</h2><p>{LONG}</p><h2>Harga Ikan</h2><p>{LONG}</p></article>",
            None,
        ),
        ("an article and a comment", f"<article>{BRIEF}</article><article><p>{LONG}</p></article>", None),
    ],
    ids=str,
)
def test_whole_pages(name: str, body: str, expected: str | None, tmp_path: Path) -> None:
    page = tmp_path / "halaman.html"
    page.write_text(f"{HEAD}{body}</body></html>", encoding="utf-8")
    assert of_file(page) == expected


def test_no_text_is_kept_without_a_body() -> None:
    """A whole article that was taken for a caption is no photo story, and the reason says what took it."""
    text = SENTENCE * 12
    found = article_or_reason(Page(text), (Span(0, len(text), "caption", "test"),))
    assert found is not None
    assert found.reason == "no-article"
    assert "the rest was taken for caption (" in found.detail


def test_a_brief_in_a_text_with_dated_titles_is_kept() -> None:
    titles = [("related", "", "Rabu, 5 Mei 2021")] * 6
    page, spans = spelled(*titles, ("headline", "", "Ikan Melimpah di Teluk"), ("paragraph", "", SENTENCE * 2), *titles)
    assert article_or_reason(Page(page.text), spans) is None


def test_several_articles() -> None:
    long = SENTENCE * (2 * LEAST_WHOLE // len(SENTENCE))
    one = (("headline", "h1", "Ikan Melimpah"), ("dateline", "p", "KabarUji, Ambon -"), ("paragraph", "p", long))
    two = (("headline", "h1", "Garam Langka"), ("dateline", "p", "KabarUji, Sampang -"), ("paragraph", "p", long))
    assert reason(*spelled(*one, *two)) == "several-articles"
    assert reason(*spelled(*one)) is None


def test_an_article_that_quotes_a_second_dateline_is_one() -> None:
    page = spelled(
        ("dateline", "p", "KabarUji, Ambon -"), ("paragraph", "p", SENTENCE * 9),
        ("dateline", "p", "AMBON -"), ("paragraph", "p", SENTENCE),
    )  # fmt: skip
    assert reason(*page) is None


def test_an_article_among_long_lists_is_kept() -> None:
    lists = [("related", "related:h3:a", "Harga cabai rawit turun di pasar induk")] * 40
    page = spelled(*lists, ("paragraph", "p", SENTENCE * 6), *lists)
    assert reason(*page) is None


def test_links_and_menus_are_no_body() -> None:
    lines = [("paragraph", tag, SENTENCE) for tag in ("p:a", "nav:p", "footer:p", "aside:div", "related:p")]
    assert reason(*spelled(*lines)) == "no-article"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://kabarlembah.com/video/12", "video-stub"),
        ("https://kabarlembah.com/berita?dari=/video/12", "no-article"),
        ("https://[kabarlembah.com/berita/12", "no-article"),
        (None, "no-article"),
    ],
)
def test_an_address_may_tell_a_video_and_may_be_broken(url: str | None, expected: str) -> None:
    page = Page("Panen padi di lembah", url, (), ("p",))
    assert reason(page, (Span(0, 20, "paragraph", "drawn"),)) == expected


def test_an_article_about_an_error_or_cookies_is_kept() -> None:
    page = spelled(
        ("headline", "h1", "Mural 404 Page Not Found Dihapus Petugas"), ("timestamp", "div", "Jumat, 13 Agustus 2021"),
        ("paragraph", "p", SENTENCE * 4), ("paragraph", "p", "Kebijakan cookie"), ("paragraph", "p", "Setujui semua"),
    )  # fmt: skip
    assert reason(*page) is None


@pytest.mark.parametrize("text", ["Bupati wafat, Minggu.", "Harga naik. Warga mengeluh."])
def test_text_that_somebody_chose_is_kept_however_short(text: str) -> None:
    page = Page(text)
    assert reason(page, (Span(0, len(text), "paragraph", "test"),)) is None
    assert reason(page, (Span(0, len(text), "navigation", "test"),)) == "no-article"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared with the labelled documents is missing")
def test_no_labelled_article_is_set_aside() -> None:
    sys.path.insert(0, str(SHARED))
    from score import gold_spans

    aside = []
    for path in sorted((SHARED / "gold/labels").glob("*.json")):
        text = (SHARED / "gold/docs" / f"{path.stem}.txt").read_bytes().decode()
        spans = [Span(s, e, role, "gold") for s, e, role in gold_spans(text, json.loads(path.read_text("utf-8")))]
        page = Page(text)
        aside += [path.stem for found in (tuple(spans), assign([page])[0]) if reason(page, found)]
    assert aside == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared with the saved pages is missing")
def test_every_listing_is_set_aside_and_no_saved_article() -> None:
    pages = sorted((SHARED / "tasks/html").glob("d*.html"))
    listings = sorted((SHARED / "tasks/html/listings").glob("*.html"))
    assert pages
    assert listings
    assert {path.name: of_file(path) for path in pages} == {path.name: None for path in pages}
    assert {path.name: of_file(path) for path in listings} == {path.name: "listing-page" for path in listings}
