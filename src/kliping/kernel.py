"""The batch kernel of every engine: Arrow batches of raw documents in, Arrow tables out, each document as if alone.

For pipelines of one's own (docs/pipelines.md): `annotate_arrow` is a pure function of its batch. It neither looks for
copies across batches nor knows takedowns and corrections; `kliping build` does all three.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

import pyarrow as pa

from kliping import schema
from kliping.corpus.tables import documents_from_batch, documents_schema, to_tables
from kliping.curate.corrections import without_article
from kliping.errors import KlipingError, listed
from kliping.model import Annotation, RawDocument, Refusal, SetAside

__all__ = ["annotate_arrow", "annotate_documents", "documents_schema", "refuse", "unchosen"]

MAX_DOCUMENT_BYTES = 2 << 20
MAX_DOCUMENT_LINES = 50_000
"""What is larger is set aside. The longest news articles hold a few hundred kilobytes, and what is found in a text (one
span a line at least, a sentence in every few characters at worst) takes hundreds of times as much memory as it."""
_LINE_ENDS = (b"\n", b"\r", b"\x0b", b"\x0c", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")


class LayersError(KlipingError):
    """Layers were chosen that do not exist or cannot run."""


def annotate_arrow(batch: pa.RecordBatch | pa.Table, layers: Sequence[str] | None = None) -> dict[str, pa.Table]:
    """Return the rows of every table for a batch of documents with `documents_schema()`.

    Of its columns only `data` (the document's bytes) and `source_path` need values. `decisions` has one row a document,
    the other tables the rows of those that were kept. Of the tables that `schema.optional` names there are those of
    `layers` alone, if these are given (see `unchosen`).

    >>> batch = pa.RecordBatch.from_pylist([{"data": b"", "source_path": "kosong.txt"}], documents_schema())
    >>> annotate_arrow(batch)["decisions"].column("reason").to_pylist()
    ['empty']
    """
    without = unchosen(layers)
    tables = to_tables(annotate_documents(documents_from_batch(batch), without))
    return {name: table for name, table in tables.items() if name not in without}


def unchosen(layers: Sequence[str] | None) -> frozenset[str]:
    """Return the optional layers that do not run where only `layers` are asked for; all run where these are None.

    Raises LayersError where a name is no optional layer's, or a layer lacks another that it reads.

    >>> sorted(unchosen(["sentences"]))
    ['quotations', 'time_expressions']
    """
    if layers is None:
        return frozenset()
    from kliping.annotation.layers import LAYERS  # as in annotate_documents

    known = schema.optional()
    if unknown := [name for name in layers if name not in known]:
        raise LayersError(f"There is no layer {unknown[0]!r} to choose; there are {listed(known)}.")
    without = frozenset(known).difference(layers)
    for layer in LAYERS:
        if layer.name in layers and (needed := without.intersection(layer.needs)):
            raise LayersError(f"The layer {layer.name} reads what {listed(sorted(needed))} finds: name that layer too.")
    return without


def annotate_documents(documents: Sequence[RawDocument], left_out: Container[str] = ()) -> list[Annotation | Refusal]:
    """Annotate documents together; what is set aside comes back as the refusal that `decisions` will hold.

    The layers in `left_out` do not run.
    """
    from kliping.annotation import pipeline  # not at the top: what only reads inputs needs no layers

    too_large = [_too_large(document) for document in documents]
    fitting = [document for document, refusal in zip(documents, too_large, strict=True) if refusal is None]
    results = iter(pipeline.annotate_batch(fitting, left_out) if fitting else ())
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
    """Return the refusal of a document that was read, and with it of what people corrected in it."""
    why = f"What it corrects is no article of the corpus ({reason}): {detail}"
    misfits = without_article(document.corrections, document.sha256, why) if document.corrections else ()
    return Refusal(
        document.source_path, document.sha256, reason, detail, misfits=misfits, byte_count=document.byte_count
    )
