"""Pages of an invented newspaper for tests: an article of five paragraphs in whatever markup a test puts around it."""

from __future__ import annotations

import json

from kliping.annotation.pipeline import annotate_batch
from kliping.model import Annotation, RawDocument, SetAside
from kliping.read import Options, html

TITLE = "Warga Desa Sukamaju Tanam Bakau di Pantai"
HEADING = f"<h1>{TITLE}</h1>"
PARAGRAPHS = (
    "Warga Desa Sukamaju, Kabupaten Uji, menanam bakau di sepanjang pantai untuk menahan abrasi yang terus menggerus "
    "tambak mereka sejak tahun lalu.",
    "Kepala desa, Rara Setiawan, mengatakan penanaman itu sudah direncanakan sejak awal musim hujan bersama para "
    "nelayan setempat.",
    "“Kami berharap bakau ini tumbuh dalam tiga tahun dan tambak kami tidak hilang lagi,” katanya di balai desa, Senin "
    "(4/3/2024).",
    "Bibit bakau itu berasal dari kebun pembibitan milik kelompok tani yang mendapat bantuan pemerintah kabupaten.",
    "Pemerintah kabupaten menyiapkan dua puluh ribu bibit lagi untuk ditanam pada tahap berikutnya di tiga desa lain.",
)
ARTICLE = {
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2024-03-04T10:00:00+07:00",
    "author": {"@type": "Person", "name": "Bagas Wicaksana"},
}


def paragraphs(*numbers: int) -> str:
    """Return paragraphs of the article as markup, all of them without numbers."""
    return "".join([f"<p>{PARAGRAPHS[number]}</p>" for number in numbers or range(len(PARAGRAPHS))])


def linked_data(content: object) -> str:
    """Return a script of JSON-LD with this content, as JSON or as it stands."""
    text = content if isinstance(content, str) else json.dumps(content)
    return f'<script type="application/ld+json">{text}</script>'


def newspage(body: str, head: str = f"<title>{TITLE} - KabarUji</title>") -> str:
    """Return a page with a menu and a footer around `body`."""
    menu = "<nav><ul><li><a href=/a>Nasional</a><li><a href=/b>Ekonomi</a></ul></nav>"
    return f"<html><head>{head}</head><body>{menu}{body}<footer>Hak cipta KabarUji 2024</footer></body></html>"


def document(markup: str) -> RawDocument:
    """Return the document that a page becomes."""
    one = html.page_document(markup.encode("utf-8", "replace"), "x.html", Options())
    assert isinstance(one, RawDocument), one
    return one


def annotated(markup: str) -> Annotation | SetAside:
    """Return what becomes of a page."""
    (result,) = annotate_batch([document(markup)])
    return result


def article(markup: str) -> Annotation:
    """Return the article that a page is."""
    result = annotated(markup)
    assert isinstance(result, Annotation), result
    return result


def missing(markup: str) -> list[int]:
    """Return the numbers of the paragraphs that the article of a page lacks."""
    text = article(markup).text
    return [number for number, paragraph in enumerate(PARAGRAPHS) if paragraph not in text]
