"""A page becomes its whole visible text with a tag for every line, and what its markup says comes along."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliping.model import RawDocument, Refusal
from kliping.read import Options, charset, documents, html

PAGES = Path(__file__).parent / "pages"


def page(name: str, **options: bool) -> RawDocument:
    (one,) = documents([PAGES / name], Options(**options))  # type: ignore[arg-type]
    assert isinstance(one, RawDocument)
    return one


def tagged(markup: str) -> list[tuple[str, str]]:
    found = html.extract(markup)
    return list(zip(found.line_tags, found.text.split("\n") if found.text else [], strict=True))


def test_a_modern_page_line_by_line() -> None:
    one = page("artikel-baru.html")
    lines = list(zip(one.line_tags, one.data.decode().split("\n"), strict=True))
    assert [(tag, line[:40]) for tag, line in lines] == [
        ("title", "Petani Garam Madura Panen Lebih Awal - K"),
        ("header:div:a", "KabarUji"),
        ("nav:li:a", "Nasional"),
        ("nav:li:a", "Ekonomi"),
        ("headline:h1", "Petani Garam Madura Panen Lebih Awal"),
        ("byline:div", "Bagas Uji Pratama"),
        ("time:div", "Selasa, 15 Agustus 2023 06.10 WIB"),
        ("caption:figcaption", "Tambak garam di Pamekasan. (Foto: Rara U"),
        ("text:p", "KabarUji, Pamekasan - Petani garam di pe"),
        ("p:a", "Baca juga: Impor Garam Dikurangi Tahun D"),
        ("text:p", "“Tahun lalu hujan terus, sekarang kami b"),
        ("text:h2", "Gudang Mulai Penuh"),
        ("text:p", "Kepala dinas perikanan setempat menyebut"),
        ("text:td", "Kecamatan\tTon"),
        ("text:td", "Galis\t1.200"),
        ("tags:div:a", "garam"),
        ("tags:div:a", "Madura"),
        ("share:button", "Bagikan"),
        ("aside:h3", "Terpopuler"),
        ("aside:li:a", "Nelayan Rote Temukan Meriam Tua di Dasar"),
        ("footer:p", "Hak cipta KabarUji 2023"),
    ]


def test_an_old_page_of_tables_and_breaks() -> None:
    lines = tagged((PAGES / "artikel-lama.html").read_text())
    assert [line[:30] for _, line in lines] == [
        "Jembatan Gantung Diperbaiki", "Depan | Daerah", "Jembatan Gantung Diperbaiki", "Senin, 4 April 2005",
        "Wonosobo, KabarUji - Warga tig", "Mereka memakai bambu dan kawat", "Camat berjanji membangun jemba", "Arsip",
        "Surat Pembaca",
    ]  # fmt: skip
    assert lines[1][0] == "td:a"
    assert [tag for tag, _ in lines[-2:]] == ["nav:td:a", "nav:td:a"]


def test_what_the_markup_says() -> None:
    one = page("artikel-baru.html")
    assert one.url == "https://kabaruji.example/ekonomi/garam-madura"
    assert [(value.field, value.value, value.rule) for value in one.metadata] == [
        ("headline", "Petani Garam Madura Panen Lebih Awal", "json-ld:headline"),
        ("outlet_name", "KabarUji", "json-ld:publisher"),
        ("published_at", "2023-08-14T23:10:00.000Z", "json-ld:datePublished"),
        ("published_date", "2023-08-15", "json-ld:datePublished"),
        ("authors", "Bagas Uji Pratama", "json-ld:author"),
        ("tags", "garam", "json-ld:keywords"),
        ("tags", "petani", "json-ld:keywords"),
        ("tags", "Ekonomi", "json-ld:articleSection"),
        ("headline", "Petani Garam Madura Panen Lebih Awal", "opengraph:og:title"),
        ("outlet_name", "KabarUji", "opengraph:og:site_name"),
        ("published_at", "2023-08-14T23:10:00.000Z", "opengraph:article:published_time"),
        ("published_date", "2023-08-15", "opengraph:article:published_time"),
        ("editors", "Laras Setiawati", "meta:content_editor"),
        ("tags", "garam", "meta:news_keywords"),
        ("tags", "Madura", "meta:news_keywords"),
        ("headline", "Petani Garam Madura Panen Lebih Awal - KabarUji", "html:title"),
        ("url", "https://kabaruji.example/ekonomi/garam-madura", "html:canonical"),
    ]


def test_the_page_behind_the_text() -> None:
    data = (PAGES / "video.html").read_bytes()
    one = page("video.html")
    assert one.source_sha256 == hashlib.sha256(data).hexdigest()
    assert (one.extractor or "").startswith("kliping-html 2 (")
    assert one.source is None
    assert page("video.html", keep_source=True).source == data


def test_an_audit_extracts_the_same_text_again() -> None:
    data = "<p>“kafé”".encode("macintosh")
    one = html.page_document(data, "x.html", Options(keep_source=True), charset="macintosh")
    again = html.again(one.source, one.extractor)
    assert (again.text.encode(), again.line_tags) == (one.data, one.line_tags)
    assert again.text == "“kafé”"
    with pytest.raises(ValueError, match="made by 'kliping-html 0'"):
        html.again(data, "kliping-html 0")


def test_json_ld_of_several_articles_speaks_only_for_the_page_with_its_title() -> None:
    def values(title: str) -> list[str]:
        both = '[{"@type": "Article", "headline": "Padi Puso"}, {"@type": "Article", "headline": "Sawit Naik"}]'
        markup = f'<title>{title}</title><script type="application/ld+json">{both}</script><p>x'
        one = html.page_document(markup.encode(), "x.html", Options())
        return [value.value for value in one.metadata if value.rule == "json-ld:headline"]

    assert values("Sawit Naik - KabarUji") == ["Sawit Naik"]
    assert values("Indeks") == []


@pytest.mark.parametrize(
    "json_ld", ["", "{", "[" * 100_000, '{"@type": ["NewsArticle"], "author": 7}', "null", '"x"', '{"@type": {}}']
)
def test_broken_json_ld_is_no_fault(json_ld: str) -> None:
    one = html.page_document(f'<p>Isi.<script type="application/ld+json">{json_ld}</script>'.encode(), "x", Options())
    assert one.data == b"Isi."


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<div><a>Satu</a> <a>Dua</a></div>", ["Satu", "Dua"]),
        ("<p>lihat <a>Satu</a> <a>Dua</a> ini</p>", ["lihat Satu Dua ini"]),
        ("<div>KabarUji<span class=tgl>Senin</span></div>", ["KabarUji", "Senin"]),
        ("<p>pa<span class=x>gi</span></p>", ["pagi"]),
        ("<div>pa<b>gi</b></div>", ["pagi"]),
        ("<ul><li>a<ul><li>b</ul></ul>", ["a", "b"]),
        ("<pre>baris satu\nbaris dua</pre>", ["baris satu", "baris dua"]),
        ("<p>satu\u2028dua\x85tiga\r\n empat", ["satu dua tiga empat"]),
        ("<p>satu<!-- bukan --> dua<?x y?> tiga", ["satu dua tiga"]),
        ("<p>a</p>ekor<p>b</p>", ["a", "ekor", "b"]),
        ("<div hidden>x</div><p style='DISPLAY : none'>y</p><p class='sr-only z'>z</p>w", ["w"]),
        ("<p>\u00a0</p><p>isi\u00a0nya</p>", ["isi\u00a0nya"]),
        ("", []),
    ],
)
def test_lines(markup: str, expected: list[str]) -> None:
    assert [line for _, line in tagged(markup)] == expected


def test_a_wrapper_named_after_its_sidebar_is_no_sidebar() -> None:
    prose = "Warga desa menanam bakau di sepanjang pantai untuk menahan abrasi yang terus menggerus tambak mereka."
    markup = f"<div class='sidebar-right'><div><p>{prose}</p></div><div class='sidebar'><p>Arsip</p></div></div>"
    assert [tag for tag, _ in tagged(markup)] == ["p", "aside:p"]


def test_hidden_text_is_kept_where_it_is_the_article() -> None:
    prose = "Warga desa menanam bakau di sepanjang pantai untuk menahan abrasi yang terus menggerus tambak mereka."
    assert tagged(f"<div style='display:none'><p>{prose}</p></div>") == [("p", prose)]


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        ("<meta charset=windows-1252><p>“kafé”".encode("windows-1252"), None),
        ("<meta http-equiv=x content='text/html; charset=iso-8859-1'><p>“kafé”".encode("windows-1252"), None),
        ("<p>“kafé”".encode("windows-1252"), "Windows-1252"),
        ("<meta charset=latin1><p>“kafé”".encode(), None),
        ("<p>“kafé”".encode("utf-16"), None),
        ("\ufeff<meta charset=latin1><p>“kafé”".encode(), "latin1"),
        ("<meta charset=unicode_escape><p>“kafé”".encode("windows-1252"), "x-nonsense"),
    ],
)
def test_page_encodings(data: bytes, declared: str | None) -> None:
    assert html.extract(charset.page_text(data, declared)).text == "“kafé”"


BITS = [*"<>/=\"' \n&;!-\0x\ud800é", "<p>", "<div class=nav>", "</a>", "<a>", "<td>", "<tr>", "<table>", "<br>"]


@given(st.lists(st.sampled_from(BITS), max_size=60))
def test_no_markup_breaks_it_and_tags_match_lines(bits: list[str]) -> None:
    found = html.extract("".join(bits))
    assert len(found.line_tags) == (len(found.text.split("\n")) if found.text else 0)
    assert not found.text or all(line.strip() for line in found.text.split("\n"))
    found.text.encode()


def test_deep_nesting_is_refused_by_name_and_does_not_crash() -> None:
    for unit in ("<div>", "<b>", "<table><tr><td>", "<ul><li>"):
        one = html.page_document((unit * 100_000 + "isi").encode(), "x.html", Options())
        assert isinstance(one, Refusal)
        assert one.reason == "broken-record"
    assert [line for _, line in tagged("<div>" * 900 + "isi")] == ["isi"]


def test_a_tag_of_too_many_attributes_is_refused() -> None:
    attributes = " ".join(f"a{n}=1" for n in range(20_000))
    one = html.page_document(f"<p>isi <p {attributes}>lagi".encode(), "x.html", Options())
    assert isinstance(one, Refusal)
    harmless = " ".join("kata" for _ in range(40_000))
    assert isinstance(html.page_document(f"<p title='{harmless}'>isi".encode(), "x.html", Options()), RawDocument)
