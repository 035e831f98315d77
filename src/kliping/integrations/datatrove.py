"""kliping as a step of a pipeline of datatrove: 256 documents at a time, a reason for each that is dropped."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from datatrove.data import Document
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.writers.disk_base import DiskWriter

from kliping.kernel import annotate_documents
from kliping.model import Annotation, Metadata, RawDocument, Refusal
from kliping.read import Options
from kliping.read.records import record_document

DOCUMENTS_IN_A_BATCH = 256
TEXT = "text"
BETWEEN = "; "
"""What stands between the members of a list, such as authors."""
_VALUES = ("article_id", "language", *Metadata._fields)
SCHEMA = pa.schema([(name, pa.string()) for name in ("id", TEXT, "url", *_VALUES)])
"""The columns of a Parquet file: `ParquetWriter(folder, expand_metadata=True, schema=SCHEMA)`.

Without a schema the writer takes that of the first document, and fails at one with other metadata.
"""


class Kliping(BaseFilter):  # type: ignore[misc]  # datatrove is installed where it is used
    """Puts the body of each article in the place of its text, and its values into the metadata.

    The text may be plain or HTML; metadata of earlier steps are read as the fields of a dump are (docs/inputs.md).
    Added to the metadata are `article_id`, `language` and the values of `kliping.model.Metadata`, each a string, ""
    where nothing proves one, so that no writer has to guess a type.

    A document that gives no article is dropped for a reason of `decisions`; `exclusion_writer` gets it as it came.

    >>> from datatrove.data import Document
    >>> page = "JAKARTA, KOMPAS.com - Harga cabai turun, kata pedagang di Pasar Minggu, Senin (5/2/2024)."
    >>> (found,) = Kliping()([Document(page, "1")])
    >>> found.text, found.metadata["outlet_name"], found.metadata["published_date"]
    ('Harga cabai turun, kata pedagang di Pasar Minggu, Senin (5/2/2024).', 'Kompas', '2024-02-05')
    """

    name = "✂️ kliping"

    def __init__(self, exclusion_writer: DiskWriter | None = None) -> None:
        super().__init__(exclusion_writer, batch_size=DOCUMENTS_IN_A_BATCH)

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Annotate one document; see `filter_batch`."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Document]) -> list[bool | tuple[bool, str]]:
        """Annotate documents in place; of one that is no article return (False, reason)."""
        items = [record_document({**one.metadata, TEXT: one.text}, one.id, Options(text_field=TEXT)) for one in batch]
        found = iter(annotate_documents([item for item in items if isinstance(item, RawDocument)]))
        outcomes = [next(found) if isinstance(item, RawDocument) else item for item in items]
        return [_applied(outcome, document) for outcome, document in zip(outcomes, batch, strict=True)]


def _applied(outcome: Annotation | Refusal, document: Document) -> bool | tuple[bool, str]:
    if isinstance(outcome, Refusal):
        return False, outcome.reason
    document.text = outcome.text
    values = (outcome.document.article_id, outcome.language, *outcome.metadata)
    document.metadata |= {name: _as_text(value) for name, value in zip(_VALUES, values, strict=True)}
    return True


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return BETWEEN.join(value) if isinstance(value, tuple) else str(value)
