"""Composes all rooms of annotation: a document in, an Annotation or SetAside out, a pure function of it alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kliping.annotation import gate, layers, repair, roles
from kliping.annotation.layers.layer import Article, run
from kliping.annotation.places import Places, body
from kliping.annotation.repair import Repaired
from kliping.annotation.segments import segments
from kliping.encoding import Decoded, decode
from kliping.model import (
    Annotation,
    Page,
    RawDocument,
    SetAside,
    Span,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A document decoded and repaired, ready for its roles."""

    document: RawDocument
    decoded: Decoded
    repaired: Repaired
    page: Page


def annotate(source: str | bytes | RawDocument) -> Annotation:
    """Annotate one document, given as text, as bytes in any encoding kliping reads, or as a RawDocument.

    Raises SetAside, with the reason, where the document holds no article that can be annotated.

    >>> annotate("JAKARTA, KOMPAS.com - Harga cabai turun, kata pedagang di Pasar Minggu, Senin (5/2/2024).").metadata.outlet_name
    'Kompas'
    """  # noqa: E501
    if isinstance(source, str):
        source = source.encode("utf-8", "surrogatepass")
    document = source if isinstance(source, RawDocument) else RawDocument(source, source_path="-")
    (result,) = annotate_batch([document])
    if isinstance(result, SetAside):
        raise result
    return result


def annotate_batch(documents: Sequence[RawDocument]) -> list[Annotation | SetAside]:
    """Annotate documents together, which is faster, each as if it were alone.

    Returns one result a document, in order. Nothing is raised for a document: one that a layer fails on comes
    back as SetAside("failed", ...), and the others are annotated without it.
    """
    try:
        return _annotate(documents)
    except Exception as error:
        if len(documents) == 1:
            return [SetAside("failed", f"{type(error).__name__}: {error}")]
        return [result for document in documents for result in annotate_batch([document])]


def _annotate(documents: Sequence[RawDocument]) -> list[Annotation | SetAside]:
    opened = [open_document(document) for document in documents]
    readable = [item for item in opened if isinstance(item, Opened)]
    spans = roles.assign([item.page for item in readable])
    refused = [gate.article_or_reason(item.page, of_page) for item, of_page in zip(readable, spans, strict=True)]
    kept = [(item, of_page) for item, of_page, reason in zip(readable, spans, refused, strict=True) if reason is None]
    articles = iter(_articles([item for item, _ in kept], [of_page for _, of_page in kept]))
    results = iter([reason or next(articles) for reason in refused])
    return [next(results) if isinstance(item, Opened) else item for item in opened]


def open_document(document: RawDocument) -> Opened | SetAside:
    """Decode and repair a document; return the reason where its bytes hold no text."""
    try:
        decoded = decode(document.data)
    except SetAside as reason:
        return reason
    repaired = repair.repair(decoded.text)
    page = Page(repaired.text, document.url, document.metadata, document.line_tags)
    return Opened(document, decoded, repaired, page)


def _articles(opened: Sequence[Opened], spans: Sequence[Sequence[Span]]) -> list[Annotation]:
    """The annotations of documents that are articles."""
    articles = [_article(item, of_page) for item, of_page in zip(opened, spans, strict=True)]
    return [
        Annotation(
            document=item.document,
            raw_text=item.decoded.text,
            encoding=item.decoded.encoding,
            text=article.text,
            segments=article.segments,
            rows=rows,
            notes=(*((item.decoded.note,) if item.decoded.note else ()), *item.document.notes),
        )
        for item, article, rows in zip(opened, articles, run(layers.LAYERS, articles), strict=True)
    ]


def _article(opened: Opened, spans: Sequence[Span]) -> Article:
    cut = segments(opened.decoded.text, opened.repaired, spans)
    return Article(opened.page, spans, cut, body(cut), Places(opened.decoded.text, cut, opened.repaired))
