"""Shows one annotated document on a terminal: every segment in order with its role, every value with what proves it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from kliping import schema
from kliping.corpus.digests import row_json
from kliping.corpus.tables import to_tables
from kliping.errors import printable
from kliping.model import Annotation, Evidence, Segment

GROUP_STYLE = {"content": "bold green", "metadata": "cyan", "furniture": "dim yellow"}
"""One colour a group of roles, so that the body is what stands out."""

NO_TEXT = "(nothing left after repair)"


def show(annotation: Annotation, console: Console) -> None:
    """Print `annotation` to `console`; rich leaves the colours out where that is no terminal."""
    console.print(Group(*_parts(annotation)))


def _parts(annotation: Annotation) -> Iterable[RenderableType]:
    yield Text(printable(f"{annotation.document.source_path}  {annotation.document.article_id}"), style="bold")
    yield Text("")
    yield segment_table(annotation.segments)
    yield Text("")
    yield evidence_table(annotation.evidence)
    yield Text(_summary(annotation), style="dim")


def segment_table(segments: Iterable[Segment]) -> Table:
    """Return one row a segment: role, text, and the repairs in it where there are any."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, justify="right")
    table.add_column(overflow="fold")
    for segment in segments:
        style = GROUP_STYLE[schema.group("roles", segment.role)]
        body = Text(
            printable(segment.text) or NO_TEXT, style="" if schema.group("roles", segment.role) == "content" else "dim"
        )
        if segment.repairs:
            body.append(f"  [{len(segment.repairs)} repaired: {_reasons(segment)}]", style="magenta")
        table.add_row(Text(segment.role, style=style), body)
    return table


def _reasons(segment: Segment) -> str:
    return ", ".join(sorted({repair.reason for repair in segment.repairs}))


def evidence_table(evidence: Iterable[Evidence]) -> Table:
    """Return one row an accepted value: field, value, the quote that proves it and where it stands in the raw text."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, justify="right", style="bold")
    table.add_column(overflow="fold")
    table.add_column(overflow="fold", style="dim")
    for item in evidence:
        if item.accepted:
            table.add_row(item.field, Text(printable(item.value)), Text(printable(_proof(item))))
    return table


def _proof(item: Evidence) -> str:
    if item.quote is None:
        return item.rule
    quote = " ".join(item.quote.split())
    return f"{quote if len(quote) <= 60 else quote[:57] + '...'!r} at {item.start}-{item.end}, {item.rule}"


def _summary(annotation: Annotation) -> str:
    repairs = sum(len(segment.repairs) for segment in annotation.segments)
    counts = ((len(annotation.segments), "segment"), (len(annotation.sentences), "sentence"), (repairs, "repair"))
    counted = (f"{count:,} {name}{'' if count == 1 else 's'}" for count, name in counts)
    return ", ".join((*counted, _language(annotation), f"read as {annotation.encoding}"))


def _language(annotation: Annotation) -> str:
    score = annotation.language_score
    if annotation.language is None:
        return "language not settled"
    return annotation.language if score is None else f"{annotation.language} ({score} per mille)"


def to_json(annotation: Annotation) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every table for one document, dates and instants in ISO 8601, as `--json` prints them."""
    tables = to_tables([annotation])
    return {name: [json.loads(row) for row in row_json(table)] for name, table in tables.items()}
