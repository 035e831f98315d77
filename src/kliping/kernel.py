"""The batch kernel of every engine: Arrow batches of raw documents in, Arrow tables out, each document as if alone.

For pipelines of one's own (docs/pipelines.md): `annotate_arrow` is a pure function of its batch. It neither looks for
copies across batches nor honours a list of takedowns; `kliping build` does both.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from kliping.corpus.tables import documents_from_batch, documents_schema, to_tables
from kliping.model import Annotation, RawDocument, Refusal, SetAside

__all__ = ["annotate_arrow", "annotate_documents", "documents_schema", "refuse"]

MAX_DOCUMENT_BYTES = 2 << 20
MAX_DOCUMENT_LINES = 50_000
"""What is larger is set aside. The longest news articles hold a few hundred kilobytes, and what is found in a text (one
span a line at least, a sentence in every few characters at worst) takes hundreds of times as much memory as it."""
_LINE_ENDS = (b"\n", b"\r", b"\x0b", b"\x0c", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")


def annotate_arrow(batch: pa.RecordBatch | pa.Table) -> dict[str, pa.Table]:
    """Return the rows of every table for a batch of documents with `documents_schema()`.

    Of its columns only `data` (the document's bytes) and `source_path` need values. `decisions` has one row a document,
    the other tables the rows of those that were kept.

    >>> batch = pa.RecordBatch.from_pylist([{"data": b"", "source_path": "kosong.txt"}], documents_schema())
    >>> annotate_arrow(batch)["decisions"].column("reason").to_pylist()
    ['empty']
    """
    return to_tables(annotate_documents(documents_from_batch(batch)))


def annotate_documents(documents: Sequence[RawDocument]) -> list[Annotation | Refusal]:
    """Annotate documents together; what is set aside comes back as the refusal that `decisions` will hold."""
    from kliping.annotation import pipeline  # not at the top: what only reads inputs needs no layers

    too_large = [_too_large(document) for document in documents]
    fitting = [document for document, refusal in zip(documents, too_large, strict=True) if refusal is None]
    results = iter(pipeline.annotate_batch(fitting) if fitting else ())
    return [
        refusal or _outcome(document, next(results)) for document, refusal in zip(documents, too_large, strict=True)
    ]


def _outcome(document: RawDocument, result: Annotation | SetAside) -> Annotation | Refusal:
    if isinstance(result, SetAside):
        return refuse(document, result.reason, " ".join((result.detail, *document.notes)))
    return result


def _too_large(document: RawDocument) -> Refusal | None:
    data = document.data
    if len(data) > MAX_DOCUMENT_BYTES:
        detail = f"It has {len(data):,} bytes; no article has more than {MAX_DOCUMENT_BYTES:,}."
    elif len(data) > MAX_DOCUMENT_LINES and sum(map(data.count, _LINE_ENDS)) >= MAX_DOCUMENT_LINES:
        detail = f"It has more than {MAX_DOCUMENT_LINES:,} lines, and no article does."
    else:
        return None
    return refuse(document, "too-large", detail)


def refuse(document: RawDocument, reason: str, detail: str) -> Refusal:
    """Return the refusal of a document that was read."""
    return Refusal(document.source_path, document.sha256, reason, detail)
