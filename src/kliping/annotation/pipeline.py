"""Composes all rooms of annotation: a document in, an Annotation or SetAside out, a pure function of it alone."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from kliping.annotation import gate, layers, repair, roles
from kliping.annotation.judging import Judged, judge
from kliping.annotation.layers.layer import Article, Layer, run
from kliping.annotation.places import Places, body
from kliping.annotation.repair import Repaired
from kliping.annotation.segments import segments
from kliping.encoding import Decoded, decode
from kliping.model import (
    Annotation,
    Page,
    RawDocument,
    Refusal,
    SetAside,
    Span,
)


class Opened(NamedTuple):
    """A document decoded and repaired, ready for its roles."""

    document: RawDocument
    decoded: Decoded
    repaired: Repaired
    page: Page


def annotate_batch(documents: Sequence[RawDocument], left_out: Container[str] = ()) -> list[Annotation | SetAside]:
    """Annotate documents together, which is faster, each as if it were alone; layers that are `left_out` do not run.

    Returns one result a document, in order. Nothing is raised for a document: one that a layer fails on comes
    back as SetAside("failed", ...), and the others are annotated without it.
    """
    try:
        return _annotate(documents, left_out)
    except Exception as error:
        if len(documents) == 1:
            return [SetAside("failed", f"{type(error).__name__}: {error}")]
        return [result for document in documents for result in annotate_batch([document], left_out)]


def _annotate(documents: Sequence[RawDocument], left_out: Container[str]) -> list[Annotation | SetAside]:
    opened = [open_document(document) for document in documents]
    readable = [item for item in opened if isinstance(item, Opened)]
    spans = roles.assign([item.page for item in readable])
    judged = [_judged(item, of_page) for item, of_page in zip(readable, spans, strict=True)]
    refused = [gate.article_or_reason(item.page, found.spans) for item, found in zip(readable, judged, strict=True)]
    kept = [(item, found) for item, found, reason in zip(readable, judged, refused, strict=True) if reason is None]
    running = [layer for layer in layers.LAYERS if layer.name not in left_out]
    articles = iter(_articles([item for item, _ in kept], [found for _, found in kept], running))
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


def _judged(opened: Opened, spans: Sequence[Span]) -> Judged:
    """The document after its corrections; most have none."""
    corrections = opened.document.corrections
    if not corrections:
        return Judged(spans, ())
    return judge(opened.decoded.text, opened.repaired, opened.page, spans, corrections)


def _articles(opened: Sequence[Opened], judged: Sequence[Judged], running: Sequence[Layer]) -> list[Annotation]:
    """The annotations of documents that are articles, by these layers."""
    articles = [_article(item, found) for item, found in zip(opened, judged, strict=True)]
    return [
        Annotation(
            document=item.document,
            raw_text=item.decoded.text,
            encoding=item.decoded.encoding,
            text=article.text,
            segments=article.segments,
            rows=rows,
            notes=(*((item.decoded.note,) if item.decoded.note else ()), *item.document.notes),
            misfits=_misfits(article, item.document) if article.verdicts else (),
        )
        for item, article, rows in zip(opened, articles, run(running, articles), strict=True)
    ]


def _article(opened: Opened, judged: Judged) -> Article:
    cut = segments(opened.decoded.text, opened.repaired, judged.spans)
    places = Places(opened.decoded.text, cut, opened.repaired)
    return Article(opened.page, judged.spans, cut, body(cut), places, judged.verdicts)


def _misfits(article: Article, document: RawDocument) -> tuple[Refusal, ...]:
    """The corrections that do not fit, as `decisions` names them."""
    return tuple(
        Refusal(each.correction.source_path, document.sha256, each.outcome, each.detail or "")
        for each in article.verdicts
        if not each.fits
    )
