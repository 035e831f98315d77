"""Composes all layers: one document in, one Annotation or SetAside out, a pure function of that document alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kliping import gate, language, metadata, repair, roles, sentences
from kliping.model import (
    BODY_ROLES,
    Annotation,
    Claim,
    Evidence,
    Page,
    RawDocument,
    Segment,
    Sentence,
    SetAside,
    Span,
)
from kliping.read.encoding import Decoded, decode
from kliping.repair import Repaired
from kliping.segment import segments, to_raw

PARAGRAPH_BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class _Opened:
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
    opened = [_open(document) for document in documents]
    readable = [item for item in opened if isinstance(item, _Opened)]
    spans = roles.assign([item.page for item in readable])
    drafts = iter(_finish([_draft(item, of_page) for item, of_page in zip(readable, spans, strict=True)]))
    return [next(drafts) if isinstance(item, _Opened) else item for item in opened]


def _open(document: RawDocument) -> _Opened | SetAside:
    try:
        decoded = decode(document.data)
    except SetAside as reason:
        return reason
    repaired = repair.repair(decoded.text)
    page = Page(repaired.text, document.url, document.metadata, document.line_tags)
    return _Opened(document, decoded, repaired, page)


def _draft(opened: _Opened, spans: Sequence[Span]) -> Annotation | SetAside:
    """Everything but language and sentences, which come for many bodies at once."""
    refused: SetAside | None = gate.article_or_reason(opened.page, spans)
    if refused:
        return refused
    raw = opened.decoded.text
    cut = segments(raw, opened.repaired, spans)
    values, claims = metadata.extract(opened.page, spans)
    return Annotation(
        document=opened.document,
        raw_text=raw,
        encoding=opened.decoded.encoding,
        text=PARAGRAPH_BREAK.join(segment.text for segment in cut if segment.role in BODY_ROLES),
        segments=cut,
        metadata=values,
        evidence=tuple(_evidence(claim, raw, opened.repaired) for claim in claims),
        notes=(opened.decoded.note,) if opened.decoded.note else (),
    )


def _evidence(claim: Claim, raw: str, repaired: Repaired) -> Evidence:
    if claim.start is None or claim.end is None:
        return Evidence(claim.field, claim.value, None, None, None, claim.rule, claim.accepted)
    start, end = repaired.to_raw_start(claim.start), repaired.to_raw_end(claim.end)
    return Evidence(claim.field, claim.value, start, end, raw[start:end], claim.rule, claim.accepted)


def _finish(drafts: Sequence[Annotation | SetAside]) -> list[Annotation | SetAside]:
    """Add language and sentences to every draft that is an article."""
    languages = iter(language.detect([draft.text for draft in drafts if isinstance(draft, Annotation)]))
    finished: list[Annotation | SetAside] = []
    for draft in drafts:
        if isinstance(draft, Annotation):
            found = next(languages)
            draft = replace(
                draft, language=found.code, language_score=found.score, sentences=_sentences(draft.segments)
            )
        finished.append(draft)
    return finished


def _sentences(cut: Sequence[Segment]) -> tuple[Sentence, ...]:
    """The sentences of the body segments, placed in the article text and in the raw text."""
    found: list[Sentence] = []
    offset = 0
    for position, segment in enumerate(cut):
        if segment.role not in BODY_ROLES:
            continue
        text = segment.text
        for start, end in sentences.split(text):
            raw_start, raw_end = to_raw(segment, start, end)
            found.append(Sentence(position, text[start:end], offset + start, offset + end, raw_start, raw_end))
        offset += len(text) + len(PARAGRAPH_BREAK)
    return tuple(found)
