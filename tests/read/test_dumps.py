"""Records as the dumps of news and of the web hold them: the right text, headline, address, day, people and outlet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from kliping.model import RawDocument
from kliping.read import Options
from kliping.read.records import record_document

FIRST = (
    "PALU, KabarUji - Nelayan di teluk kembali melaut setelah badai reda pada Senin pagi, kata ketua koperasi. "
    "Mereka menunggu tiga hari di darat sambil memperbaiki jaring dan perahu yang rusak diterjang ombak besar."
)
SECOND = (
    '"Kami bersyukur cuaca sudah tenang," kata Sari Wulan (45). Ia berharap harga ikan di pasar tidak turun ketika '
    "hasil tangkapan kembali banyak, dan pemerintah kota ikut membantu biaya perbaikan perahu yang rusak."
)
TEXT = f"{FIRST}\n\n{SECOND}"
PAGE = "https://kabaruji.example/daerah/nelayan-melaut"
TITLE = "Nelayan Kembali Melaut"
MORNING = ("2024-02-05T02:30:00.000Z", "2024-02-05")
CRAWLED = datetime(2024, 2, 6, 1, 2, 3, tzinfo=UTC)


def tokens(text: str) -> list[str]:
    """A sentence as a tokenizer leaves it: signs stand alone."""
    for sign in ",.()":
        text = text.replace(sign, f" {sign} ")
    return text.replace('"Kami', "`` Kami").replace('"', " ''").split()


def sentences(text: str) -> list[list[str]]:
    return [tokens(part.rstrip(".") + ".") for part in text.split(". ")]


@dataclass(frozen=True)
class Dump:
    """A record, and what must be read from it."""

    record: dict[str, Any]
    url: str | None = PAGE
    headline: str | None = TITLE
    day: tuple[str, ...] = ("2024-02-05",)
    authors: tuple[str, ...] = ()
    outlet: str | None = None
    retrieved: datetime | None = None
    text: str = TEXT


WEB = {"url": PAGE, "headline": None, "day": (), "retrieved": CRAWLED}
"""What a dump of the web tells: where and when a page was found, nothing of its article."""
DUMPS: dict[str, Dump] = {
    "IndoSum": Dump(
        {
            "id": "1",
            "category": "daerah",
            "gold_labels": [[True]],
            "paragraphs": [sentences(FIRST), sentences(SECOND)],
            "source": "KabarUji",
            "source_url": PAGE,
            "summary": [["Nelayan", "melaut", "."]],
        },
        headline=None,
        day=(),
        outlet="KabarUji",
    ),
    "Liputan6": Dump(
        {
            "id": 2,
            "url": PAGE,
            "clean_article": [*sentences(FIRST), *sentences(SECOND)],
            "clean_summary": [["Nelayan", "melaut", "."]],
            "extractive_summary": [0],
        },
        headline=None,
        day=(),
        text=f"{FIRST} {SECOND}",
    ),
    "OSCAR 22": Dump(
        {
            "content": TEXT,
            "warc_headers": {
                "warc-date": "2024-02-06T01:02:03Z",
                "warc-target-uri": PAGE,
                "content-type": "text/plain",
            },
            "metadata": {"identification": {"label": "id", "prob": 0.9}, "categories": ["news"], "annotation": None},
        },
        **WEB,
    ),
    "OSCAR 23": Dump(
        {
            "id": 3,
            "text": TEXT,
            "meta": {"warc_headers": {"warc-date": "2024-02-06T01:02:03Z", "warc-target-uri": PAGE}},
        },
        **WEB,
    ),
    "HPLT": Dump(
        {
            "f": "a.warc.gz",
            "o": 1,
            "s": 2,
            "u": PAGE,
            "c": "text/html",
            "ts": "2024-02-06T01:02:03Z",
            "collection": "cc40",
            "lang": ["ind_Latn"],
            "prob": [1.0],
            "text": TEXT,
            "seg_langs": ["id"],
            "id": "h",
            "doc_scores": [9.1],
        },
        **WEB,
    ),
    "CulturaX": Dump({"text": TEXT, "timestamp": "2024/02/06 01:02:03", "url": PAGE, "source": "OSCAR-2301"}, **WEB),
    "mC4": Dump({"text": TEXT, "timestamp": "2024-02-06T01:02:03Z", "url": PAGE}, **WEB),
    "FineWeb-2": Dump(
        {
            "text": TEXT,
            "id": "<urn:uuid:1>",
            "dump": "CC-MAIN-2024-10",
            "url": PAGE,
            "date": "2024-02-06T01:02:03Z",
            "file_path": "s3://a/b",
            "language": "ind",
            "language_score": 0.99,
            "minhash_cluster_size": 1,
        },
        **WEB,
    ),
    "CC-News": Dump(
        {
            "title": TITLE,
            "text": TEXT,
            "domain": "kabaruji.example",
            "date": "2024-02-05 00:00:00",
            "description": "Nelayan melaut lagi.",
            "url": PAGE,
            "image_url": None,
        },
        outlet="kabaruji.example",
    ),
    "news-please": Dump(
        {
            "authors": ["Sari Wulan"],
            "date_download": "2024-02-06 01:02:03",
            "date_modify": None,
            "date_publish": "2024-02-05 09:30:00",
            "description": "x",
            "filename": "a.json",
            "image_url": "https://a.example/b.jpg",
            "language": "id",
            "localpath": None,
            "maintext": TEXT,
            "source_domain": "kabaruji.example",
            "text": None,
            "title": TITLE,
            "title_page": None,
            "title_rss": None,
            "url": PAGE,
        },
        authors=("Sari Wulan",),
        outlet="kabaruji.example",
        retrieved=CRAWLED,
    ),
    "trafilatura": Dump(
        {
            "title": TITLE,
            "author": "Sari Wulan; Bram Uji",
            "hostname": "kabaruji.example",
            "date": "2024-02-05",
            "fingerprint": "f00",
            "license": None,
            "comments": "",
            "raw_text": TEXT.replace("\n", " "),
            "text": TEXT,
            "filedate": "2024-02-06",
            "source": PAGE,
            "source-hostname": "KabarUji",
            "excerpt": "x",
            "tags": "laut;ikan",
        },
        authors=("Sari Wulan", "Bram Uji"),
        outlet="KabarUji",
    ),
    "newspaper3k": Dump(
        {
            "source_url": "https://kabaruji.example",
            "url": PAGE,
            "title": TITLE,
            "top_image": "",
            "text": TEXT,
            "keywords": [],
            "authors": [],
            "publish_date": "2024-02-05T00:00:00",
            "summary": "",
            "meta_lang": "id",
            "canonical_link": PAGE,
        },
    ),
    "fundus": Dump(
        {
            "title": TITLE,
            "authors": ["Sari Wulan"],
            "publishing_date": "2024-02-05 09:30:00+07:00",
            "topics": ["laut"],
            "body": {"summary": ["x"], "sections": [{"headline": [], "paragraphs": [FIRST, SECOND]}]},
            "html": {"requested_url": PAGE, "content": "<html><p>Menu</p></html>"},
            "lang": "id",
        },
        day=MORNING,
        authors=("Sari Wulan",),
    ),
    "WordPress": Dump(
        {
            "id": 7,
            "date": "2024-02-05T09:30:00",
            "date_gmt": "2024-02-05T02:30:00",
            "link": PAGE,
            "author": 3,
            "tags": [4, 5],
            "title": {"rendered": "Nelayan &#8220;Kembali&#8221; Melaut &amp; Pulang"},
            "guid": {"rendered": f"{PAGE}?p=7"},
            "content": {"rendered": f"<p>{FIRST}</p>\n\n<p>{SECOND}</p>\n", "protected": False},
            "excerpt": {"rendered": "<p>x</p>"},
        },
        headline="Nelayan “Kembali” Melaut & Pulang",
        day=MORNING,
        text=f"{FIRST}\n{SECOND}",
    ),
    "a flattened WordPress": Dump(
        {
            "Unnamed: 0": 0,
            "date": "2024-02-05",
            "link": PAGE,
            "title.rendered": TITLE,
            "content.rendered": f"<p>{FIRST}</p><p>{SECOND}</p>",
        },
        text=f"{FIRST}\n{SECOND}",
    ),
    "Kaggle in Indonesian": Dump(
        {
            "Unnamed: 0": "0",
            "Judul": TITLE,
            "Tanggal": "Senin, 05 Feb 2024 09:30 WIB",
            "Isi Berita": TEXT,
            "Kategori": "Daerah",
            "Link": PAGE,
            "Penulis": "Sari Wulan",
        },
        day=("Senin, 05 Feb 2024 09:30 WIB",),
        authors=("Sari Wulan",),
    ),
    "Kaggle in English": Dump(
        {
            "id": 1,
            "source": "KabarUji",
            "title": TITLE,
            "image": "https://a.example/b.jpg",
            "url": PAGE,
            "content": TEXT,
            "date": "2024-02-05",
            "embedding": "[0.1, 0.2]",
            "created_at": "2024-03-01",
            "summary": "x",
        },
        outlet="KabarUji",
    ),
    "CLICK-ID": Dump(
        {
            "title": TITLE,
            "source": "kabaruji",
            "date": "05/02/2024",
            "time": "09:30",
            "category": "daerah",
            "sub-category": "laut",
            "content": TEXT,
            "url": PAGE,
        },
        outlet="kabaruji",
    ),
    "Scrapy": Dump(
        {
            "title": [TITLE],
            "content": [FIRST, SECOND],
            "url": [PAGE],
            "date": ["2024-02-05"],
            "author": [" Sari Wulan "],
        },
        authors=("Sari Wulan",),
    ),
    "MongoDB": Dump(
        {
            "_id": {"$oid": "65c0"},
            "judul": TITLE,
            "isi": TEXT,
            "tanggal": {"$date": {"$numberLong": "1707100200000"}},
            "link": PAGE,
            "penulis": {"nama": "Sari Wulan"},
        },
        day=MORNING,
        authors=("Sari Wulan",),
    ),
    "MongoDB, relaxed": Dump(
        {"title": TITLE, "body": TEXT, "date": {"$date": "2024-02-05T02:30:00Z"}, "url": PAGE}, day=MORNING
    ),
    "Elasticsearch": Dump(
        {
            "_index": "berita",
            "_id": "1",
            "_score": 1.0,
            "_source": {
                "title": TITLE,
                "content": TEXT,
                "@timestamp": "2024-02-06T01:02:03Z",
                "url": PAGE,
                "published": "2024-02-05T09:30:00+07:00",
            },
        },
        day=MORNING,
        retrieved=CRAWLED,
    ),
    "NewsAPI": Dump(
        {
            "source": {"id": None, "name": "KabarUji"},
            "author": "https://kabaruji.example/author/sari",
            "title": TITLE,
            "description": "x",
            "url": PAGE,
            "publishedAt": "2024-02-05T02:30:00Z",
            "content": TEXT,
        },
        day=MORNING,
        outlet="KabarUji",
    ),
    "schema.org": Dump(
        {
            "@type": "NewsArticle",
            "headline": TITLE,
            "articleBody": TEXT,
            "datePublished": "2024-02-05T09:30:00+07:00",
            "author": [{"@type": "Person", "name": "Sari Wulan"}],
            "publisher": {"@type": "Organization", "name": "KabarUji"},
            "mainEntityOfPage": {"@type": "WebPage", "@id": PAGE},
        },
        day=MORNING,
        authors=("Sari Wulan",),
        outlet="KabarUji",
    ),
    "Dolma": Dump(
        {"id": "1", "text": TEXT, "source": "cc", "metadata": {"title": TITLE, "url": PAGE, "date": "2024-02-05"}}
    ),
    "metadata in a string": Dump(
        {"text": TEXT, "metadata": json.dumps({"title": TITLE, "url": PAGE, "date": "2024-02-05"})}
    ),
    "metadata as Python printed it": Dump(
        {"text": TEXT, "metadata": str({"title": TITLE, "url": PAGE, "date": "2024-02-05"})}
    ),
    "metadata as a map of Arrow": Dump(
        {"text": TEXT, "metadata": [("title", TITLE), ("url", PAGE), ("date", "2024-02-05")]}
    ),
    "lists in a cell": Dump(
        {
            "title": TITLE,
            "paragraphs": str([FIRST, SECOND]),
            "authors": "['Sari Wulan', \"Bram Uji\"]",
            "date": 20240205,
            "url": PAGE,
        },
        authors=("Sari Wulan", "Bram Uji"),
    ),
    "feedparser": Dump(
        {
            "title": TITLE,
            "link": PAGE,
            "published": "Mon, 05 Feb 2024 02:30:00 GMT",
            "summary": "x",
            "content": [{"type": "text/html", "value": f"<p>{FIRST}</p><p>{SECOND}</p>"}],
            "author": "Sari Wulan",
        },
        day=MORNING,
        authors=("Sari Wulan",),
        text=f"{FIRST}\n{SECOND}",
    ),
    "RSS to JSON": Dump(
        {
            "title": TITLE,
            "link": PAGE,
            "pubDate": "Mon, 05 Feb 2024 09:30:00 +0700",
            "contentSnippet": "x",
            "content:encoded": f"<p>{FIRST}</p><p>{SECOND}</p>",
            "dc:creator": "Sari Wulan",
        },
        day=MORNING,
        authors=("Sari Wulan",),
        text=f"{FIRST}\n{SECOND}",
    ),
    "bytes": Dump({"text": TEXT.encode(), "url": PAGE.encode(), "title": TITLE.encode()}, day=()),
}


@pytest.mark.parametrize("name", DUMPS)
def test_a_record_is_read_whole(name: str) -> None:
    expected = DUMPS[name]
    one = record_document(expected.record, "x#1", Options())
    assert isinstance(one, RawDocument)
    assert one.data.decode() == expected.text

    def told(*columns: str) -> tuple[str, ...]:
        return tuple(value.value for value in one.metadata if value.field in columns)

    assert (one.url, one.retrieved_at) == (expected.url, expected.retrieved)
    assert told("headline") == ((expected.headline,) if expected.headline else ())
    assert told("published_at", "published_date") == expected.day
    assert told("authors") == expected.authors
    assert told("outlet_name") == ((expected.outlet,) if expected.outlet else ())
