"""Writes corrections as people make them, of words of a page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from kliping.curate.corrections import read_corrections
from kliping.kernel import annotate_documents
from kliping.model import Annotation, RawDocument, Refusal


def correction(text: str, what: str, words: str | None, old: Any, new: Any, **more: Any) -> dict[str, Any]:
    """The record of a correction of the page `text` at the place of `words`."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    start = None if words is None else text.index(words)
    record = {
        "article_id": digest[:32],
        "raw_sha256": digest,
        "what": what,
        "start": start,
        "end": None if start is None or words is None else start + len(words),
        "old": old,
        "new": new,
        "who": "Sari",
        "when": "2026-11-29T09:30:00Z",
        "note": None,
    }
    return record | more


def written(path: Path, records: Iterable[dict[str, Any]]) -> Path:
    """A file with these records, one a line."""
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def outcome_of_page(text: str, records: Iterable[dict[str, Any]], folder: Path, **more: Any) -> Annotation | Refusal:
    """What becomes of the page `text` with these corrections."""
    found = read_corrections([written(folder / "sari.jsonl", records)])
    document = RawDocument(text.encode(), "halaman.txt", **more)
    (outcome,) = annotate_documents([replace(document, corrections=found.of.get(document.sha256, ()))])
    return outcome


def corrected_page(text: str, *records: dict[str, Any], folder: Path, **more: Any) -> Annotation:
    """The article that becomes of it."""
    outcome = outcome_of_page(text, records, folder, **more)
    assert isinstance(outcome, Annotation), outcome
    return outcome


def verdicts(annotation: Annotation) -> dict[int, str]:
    """What became of each correction, by its line."""
    rows = [*annotation.rows["corrections"], *annotation.misfits]
    return {int(row.source_path.partition("#")[2]): getattr(row, "outcome", getattr(row, "reason", "")) for row in rows}  # type: ignore[attr-defined]


def pieces(annotation: Annotation) -> list[tuple[str, str]]:
    """The segments as (role, text)."""
    return [(segment.role, segment.text) for segment in annotation.segments]
