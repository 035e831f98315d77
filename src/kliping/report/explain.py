"""Explains one document line by line: each role and its reason, each repair, each value with its proof or rejection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kliping import roles
from kliping.model import Evidence, Repair, Segment

INPUT_PROOF = "not in the text: it came with the input"


def explain(segments: Sequence[Segment], evidence: Sequence[Evidence]) -> Iterator[str]:
    """Yield the explanation as lines of plain text: the segments in the order of the document, then the values."""
    for position, segment in enumerate(segments):
        yield from _segment(position, segment)
    yield ""
    yield from _values(evidence)


def _segment(position: int, segment: Segment) -> Iterator[str]:
    yield f"{position:>4}  {segment.role}  [{segment.start}, {segment.end})  {_short(segment.text)}"
    yield f"      because {roles.describe(segment.rule)} ({segment.rule})"
    for repair in segment.repairs:
        yield f"      repaired {_repair(repair)}"


def _repair(repair: Repair) -> str:
    return f"[{repair.start}, {repair.end}) {repair.before!r} -> {repair.after!r}, {repair.reason}"


def _values(evidence: Sequence[Evidence]) -> Iterator[str]:
    for accepted in (True, False):
        rows = [item for item in evidence if item.accepted == accepted]
        if rows:
            yield "Values and what proves them" if accepted else "Rejected"
        for item in rows:
            yield f"  {item.field} = {item.value!r} by {item.rule}: {_proof(item)}"


def _proof(item: Evidence) -> str:
    if item.quote is None:
        return INPUT_PROOF
    return f"{_short(item.quote)} at [{item.start}, {item.end})"


def _short(text: str, width: int = 100) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= width else line[: width - 1] + "…")
