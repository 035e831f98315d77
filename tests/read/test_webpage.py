"""Where the article stands on a page, whatever its stylesheet calls the boxes, and what the page says of it."""

from __future__ import annotations

import datetime
import json

import pytest
from tests.read.newspage import (
    ARTICLE,
    HEADING,
    PARAGRAPHS,
    TITLE,
    annotated,
    article,
    document,
    linked_data,
    missing,
    newspage,
    paragraphs,
)

from kliping.model import SetAside

WORDS = (
    "widget", "author-box", "ads", "tags", "date", "time", "credit", "caption", "share", "summary", "sidebar", "sosmed",
    "penulis", "iklan", "topik", "waktu", "tanggal",
)  # fmt: skip
"""Words of classes that announce a part of the page; stylesheets use each for the article, too."""
LAYOUTS = {
    "one box": lambda word: f"{HEADING}<div class='{word}'>{paragraphs()}</div>",
    "a box a paragraph": lambda word: (
        HEADING + "".join([f"<div class='{word}'>{paragraphs(i)}</div>" for i in range(5)])
    ),
    "inside another": lambda word: (
        f"{HEADING}<div class='isi'>{paragraphs(0, 1, 2)}<div class='{word}'>{paragraphs(3, 4)}</div></div>"
    ),
    "behind another": lambda word: (
        f"{HEADING}<div class='isi'>{paragraphs(0, 1, 2)}</div><div class='{word}'>{paragraphs(3, 4)}</div>"
    ),
    "between others": lambda word: (
        f"{HEADING}<div class='isi'>{paragraphs(0, 1)}</div><div class='{word}'>{paragraphs(2, 3)}</div>"
        f"<div>{paragraphs(4)}</div>"
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("word", WORDS)
def test_no_class_word_hides_the_running_text_of_the_article(word: str, layout: str) -> None:
    assert missing(newspage(LAYOUTS[layout](word))) == []


def test_an_article_of_page_builder_widgets() -> None:
    texts = "".join([
        f"<div class='elementor-element elementor-element-{i}a elementor-widget elementor-widget-text-editor'>"
        f"<div class='elementor-widget-container'>{paragraphs(i)}</div></div>"
        f"<div class='elementor-widget elementor-widget-image'><img src=x></div>"
        for i in range(5)
    ])  # fmt: skip
    assert missing(newspage(f"<div class='elementor-widget elementor-widget-heading'>{HEADING}</div>{texts}")) == []


BESIDE = "Meriam tua itu ditemukan nelayan di dasar laut dan kini disimpan di balai desa untuk diteliti lebih lanjut."


@pytest.mark.parametrize(
    "around",
    [
        f"<div class='author-box'><p>{BESIDE}</p></div>",
        f"<div class='sidebar'><h3><a href=/1>Nelayan Rote Temukan Meriam Tua</a></h3><p>{BESIDE}</p></div>",
        f"<div class='rekomendasi'><a href=/1>Nelayan Rote Temukan Meriam Tua</a><p>{BESIDE}</p></div>",
        f"<div role=dialog><p>{BESIDE}</p></div>",
        f"<footer><p>{BESIDE}</p></footer>",
    ],
)
def test_what_stands_beside_the_article_is_none_of_it(around: str) -> None:
    page = newspage(f"<div class=utama>{HEADING}{paragraphs()}</div>{around}")
    assert missing(page) == []
    assert BESIDE not in article(page).text


def _state(content: object) -> str:
    return f"<div id=__next></div><script id=__NEXT_DATA__ type=application/json>{json.dumps(content)}</script>"


OTHERS = [{"title": "Harga Cabai Naik", "content": "Harga cabai di pasar naik lagi pekan ini. " * 30}]
POST = {"title": TITLE, "content": paragraphs()}


@pytest.mark.parametrize(
    ("body", "head", "rule"),
    [
        ("", linked_data({**ARTICLE, "articleBody": "\n\n".join(PARAGRAPHS)}), "json-ld:articleBody"),
        ("", linked_data({"@graph": [{"@type": "WebSite"}, {**ARTICLE, "articleBody": " ".join(PARAGRAPHS)}]}),
         "json-ld:articleBody"),
        ("", linked_data({**ARTICLE, "articleBody": paragraphs()}), "json-ld:articleBody"),
        (_state({"props": {"pageProps": {"post": POST}}}), "", "page-state:content"),
        (_state({"props": {"post": {"title": TITLE, "body": "\n\n".join(PARAGRAPHS)}}}), "", "page-state:body"),
        (_state({"props": {"post": {"title": TITLE, "paragraphs": PARAGRAPHS}}}), "", "page-state:paragraphs"),
        (_state({"post": {"title": TITLE, "blocks": [{"type": "p", "text": text} for text in PARAGRAPHS]}}), "",
         "page-state:blocks"),
        (_state({"post": POST, "related": OTHERS}), "", "page-state:content"),
        (f"<script type=application/json id=__NUXT_DATA__>{json.dumps([{'isi': 1}, paragraphs()])}</script>", "",
         "page-state:text"),
        ("<script>window.__NUXT__=(function(a){return {data:[{isi:"
         + json.dumps(paragraphs()).replace("<", "\\u003C") + "}]}}(1))</script>", "", "page-state:text"),
    ],
)  # fmt: skip
def test_a_text_that_only_scripts_hold_is_read_and_its_place_named(body: str, head: str, rule: str) -> None:
    page = newspage(body, f"<title>{TITLE}</title>{head}")
    assert missing(page) == []
    assert article(page).document.extractor.endswith(f", text from {rule}")
    assert "Harga cabai" not in article(page).text


SAID = json.dumps(ARTICLE)


@pytest.mark.parametrize(
    "script",
    [
        SAID[:-1] + ",}", SAID + ";", f"//<![CDATA[\n{SAID}\n//]]>", f"<![CDATA[{SAID}]]>", f"/* seo */ {SAID}",
        f"// seo\n{SAID}", f"<!-- {SAID} -->", SAID + '\n{"@type": "BreadcrumbList"}',
        '{"@type": "BreadcrumbList", "itemListElement": []},' + SAID, {"@graph": [{"@type": "WebPage"}, ARTICLE]},
        {**ARTICLE, "@type": "https://schema.org/NewsArticle"}, {**ARTICLE, "@type": ["http://schema.org/NewsArticle"]},
        [[[ARTICLE]]], SAID.replace("Warga Desa", 'Warga "Desa'), SAID.replace("Desa Sukamaju", '"Desa Sukamaju"'),
        SAID.replace("Warga Desa", "Warga\n Desa"), {**ARTICLE, "author": [[ARTICLE["author"]]]},
        SAID.replace('"', "'"), SAID.replace('"', "&quot;"), SAID[:-1],
        {"@graph": [{**ARTICLE, "author": {"@id": "#p"}}, {"@id": "#p", "name": "Bagas Wicaksana"}]},
    ],
)  # fmt: skip
def test_linked_data_as_sites_serve_it(script: object) -> None:
    found = article(newspage(HEADING + paragraphs(), f"<title>{TITLE}</title>{linked_data(script)}"))
    assert found.metadata.authors == ("Bagas Wicaksana",)
    assert found.metadata.published_date == datetime.date(2024, 3, 4)


def test_the_heading_on_the_page_is_the_headline_and_no_line_of_the_body() -> None:
    heading = "Bakau Ditanam Warga untuk Selamatkan Tambak"
    found = article(newspage(f"<h1>{heading}</h1>{paragraphs()}"))
    assert found.metadata.headline == heading
    assert found.text.startswith(PARAGRAPHS[0])


@pytest.mark.parametrize(
    "site", ["detikcom", "Portal Berita Terkini", "KabarUji", "KabarUji.example - Berita Terkini Hari Ini", "Beranda"]
)
def test_the_name_of_a_site_is_no_headline(site: str) -> None:
    known = f"<meta property='og:site_name' content='{site}'>"
    for body, head in (
        (HEADING, f"<title>{site}</title>"),
        (HEADING, f"<title>{site}</title>{known}"),
        (f"<header><h1><a href=/>{site}</a></h1></header><h2>{TITLE}</h2>", f"<title>{TITLE} - {site}</title>"),
        (f"<h1>{site}</h1><h2>{TITLE}</h2>", f"<title>{TITLE} | {site}</title>{known}"),
    ):
        assert article(newspage(body + paragraphs(), head)).metadata.headline == TITLE


@pytest.mark.parametrize("box", ["tags", "trending", "hot-topic", "topik", "populer"])
def test_topics_of_the_site_are_no_authors_and_no_tags(box: str) -> None:
    topics = "".join(f"<a href=/{name}>{name}</a>" for name in ("Pilkada Uji", "Rara Setiawan", "Timnas Uji"))
    found = article(newspage(f"<div class='{box}'>{topics}</div>{HEADING}{paragraphs()}"))
    assert (found.metadata.authors, found.metadata.tags) == ((), ())


@pytest.mark.parametrize(
    "name", ["at", "Redaksi", "AFP", "Getty Images", "Tim Redaksi", "Antara Foto", "admin", "REUTERS", "KabarUji"]
)
def test_who_is_nobody_is_no_author(name: str) -> None:
    head = f"<title>{TITLE} - KabarUji</title><meta name=author content='{name}'>"
    found = article(newspage(f"{HEADING}<div class=author>{name}</div>{paragraphs()}", head))
    assert found.metadata.authors == ()


@pytest.mark.parametrize(
    "line",
    [
        "<span class=author>Bagas Wicaksana</span> <span class=date>{}</span>",
        "<span>Bagas Wicaksana</span> <span>{}</span>",
        "<span class=penulis>Bagas Wicaksana</span> | <span class=tanggal>{}</span>",
        "<span class=penulis>Bagas Wicaksana</span><span class=tanggal>{}</span>",
        "<a class=author href=/p>Bagas Wicaksana</a> <time>{}</time>",
    ],
)  # fmt: skip
def test_a_name_and_a_stamp_in_one_line_are_both_read(line: str) -> None:
    found = article(
        newspage(f"{HEADING}<div class=info>{line.format('Senin, 4 Maret 2024 10:15 WIB')}</div>{paragraphs()}")
    )
    assert found.metadata.authors == ("Bagas Wicaksana",)
    assert found.metadata.published_date == datetime.date(2024, 3, 4)


TABLE = "<table><tr><th>Desa<th>Bibit<tr><td>Sukamaju<td>4.000<tr><td>Sukasari<td>3.500</table>"


@pytest.mark.parametrize(
    "body",
    [
        paragraphs() + TABLE, TABLE + paragraphs(), paragraphs(0, 1, 2) + TABLE + paragraphs(3, 4),
        f"<div class=isi>{paragraphs()}</div><div class=data>{TABLE}</div>",
        f"{paragraphs()}<h2>Bibit per desa</h2>{TABLE}",
        f"{paragraphs(0, 1, 2)}<figure class=wp-block-table>{TABLE}</figure>{paragraphs(3, 4)}",
        f"{paragraphs(0, 1, 2)}<div class='table-responsive widget'>{TABLE}</div>{paragraphs(3, 4)}",
    ],
)  # fmt: skip
def test_a_table_of_data_belongs_to_the_body_wherever_it_stands(body: str) -> None:
    text = article(newspage(HEADING + body)).text
    assert all(cell in text for cell in ("Bibit", "Sukasari", "3.500"))


OWN = "https://kabaruji.example/daerah/bakau-2024"


@pytest.mark.parametrize(
    ("canonical", "said"),
    [
        ("/", OWN), ("https://kabaruji.example/", OWN), ("https://www.kabaruji.example", OWN),
        (OWN, "https://kabaruji.example/"), ("/daerah/bakau-2024", OWN), ("https://kabaruji.example/index.php", OWN),
        (OWN, ""),
    ],
)  # fmt: skip
def test_the_address_of_a_page_names_the_page(canonical: str, said: str) -> None:
    head = f"<link rel=canonical href='{canonical}'><meta property='og:url' content='{said}'>"
    assert document(newspage(HEADING + paragraphs(), head)).url == OWN


OTHER_TITLES = [f"Berita lain ke {i} dari Kabupaten Uji hari ini" for i in range(12)]
LINKS = "".join(f"<li><a href=/{title[13]}>{title}</a></li>" for title in OTHER_TITLES)
TEASERS = "".join(
    f"<div class=item><h3><a href=/{i}>{OTHER_TITLES[i]}</a></h3><p>{text}</p></div>"
    for i, text in enumerate(PARAGRAPHS)
)
QUAKE = "Gempa M 4,8 Guncang Kabupaten Uji"


def _reason(page: str) -> str | None:
    result = annotated(page)
    return result.reason if isinstance(result, SetAside) else None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (f"<article><h2>{TITLE}</h2>{paragraphs(0, 1, 2)}</article>"
         f"<article><h2>{QUAKE}</h2>{paragraphs(2, 3, 4)}</article>",
         "several-articles"),
        ("".join(f"<article><h3>{title}</h3>{paragraphs(0, 1, 2)}</article>" for title in OTHER_TITLES[:4]),
         "several-articles"),
        ("<h1>Galeri Foto KabarUji</h1>" + "".join(
            f"<figure><a href=/{i}><img></a><figcaption><a href=/{i}>{text}</a></figcaption></figure>"
            for i, text in enumerate(PARAGRAPHS)), "no-article"),
    ],
)  # fmt: skip
def test_pages_of_several_articles_or_of_none_are_set_aside(body: str, reason: str) -> None:
    assert _reason(newspage(body)) == reason


@pytest.mark.parametrize(
    "error",
    ["Halaman tidak ditemukan", "404", "Oops! Halaman tidak tersedia", "Maaf, halaman yang Anda tuju tidak ada",
     "Page Not Found"],
)  # fmt: skip
def test_a_page_that_is_not_there_is_no_article_whatever_it_teases(error: str) -> None:
    long = "".join(
        f"<div><a href=/1>{title}</a><p>{PARAGRAPHS[0]} {PARAGRAPHS[1]}</p></div>" for title in OTHER_TITLES[:4]
    )
    for teasers in (TEASERS, long):
        assert _reason(newspage(f"<h1>{error}</h1>{teasers}", f"<title>{error}</title>")) is not None


def test_a_brief_is_an_article_where_the_page_says_when_it_appeared() -> None:
    brief = (
        "Gempa bumi magnitudo 4,8 mengguncang Kabupaten Uji, Senin pukul 03.12 WIB. Gempa itu tidak berpotensi tsunami."
    )
    stamp = "<div class=date>Senin, 4 Maret 2024 05:10 WIB</div>"
    said = linked_data({**ARTICLE, "headline": QUAKE})
    for body, head in ((f"{stamp}<p>{brief} {brief[:60]}</p>", ""), (f"<p>{brief} {brief[:60]}</p>", said)):
        page = newspage(f"<h1>{QUAKE}</h1>{body}<div class=terkait>{LINKS}</div>", f"<title>{QUAKE}</title>{head}")
        assert article(page).text.startswith("Gempa bumi")


def test_a_photo_story_tells_its_news_in_captions() -> None:
    stamp = "<div class=date>Senin, 4 Maret 2024 10:00 WIB</div>"
    photos = "".join(f"<figure><img><figcaption>{text} (KabarUji/Rara)</figcaption></figure>" for text in PARAGRAPHS)
    assert _reason(newspage(f"<h1>Foto: {TITLE}</h1>{stamp}{photos}")) is None


def test_what_a_page_hides_is_counted() -> None:
    hidden = f"<div style='display:none'>{PARAGRAPHS[0]}</div>"
    found = article(newspage(HEADING + paragraphs() + hidden))
    size = len(PARAGRAPHS[0].replace(" ", ""))
    assert found.document.hidden_count == size
    assert found.notes == (f"{size} characters that the page hides were left out.",)
