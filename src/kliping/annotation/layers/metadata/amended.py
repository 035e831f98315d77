"""Evidence as people corrected it: their values are accepted, what stood there is kept as rejected."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from kliping.annotation.layers.metadata import registry
from kliping.model import APPLIED, ROLE, Correction, Evidence, Verdict

_FOLLOWING = {"published_date": "published_at"}
"""Columns that told of what a correction replaces, and are not known any more."""


def amend(found: Sequence[Evidence], verdicts: Sequence[Verdict], raw: str) -> list[Evidence]:
    """Return the evidence of an article with the raw text `raw` after the corrections of values that are applied."""
    applied = [each.correction for each in verdicts if each.outcome == APPLIED and each.correction.what != ROLE]
    replaced = {name for each in applied for name in (each.what, _FOLLOWING.get(each.what))}
    kept = [row._replace(accepted=row.accepted and row.field not in replaced) for row in found]
    return [*kept, *(row for each in applied for row in _rows(each, raw))]


def outlet_brand(name: str | None) -> str | None:
    """Return the name of an outlet as kliping's list of outlets writes it, or as it is where the list has it not."""
    known = registry.outlet(name) if name else None
    return known.brand if known else name


def _rows(correction: Correction, raw: str) -> Iterator[Evidence]:
    new = json.loads(correction.new)
    values = new if isinstance(new, list) else [] if new is None else [new]
    for value in values:
        start, end = _shown(correction, value, raw) if len(values) > 1 else (correction.start, correction.end)
        quote = None if start is None else raw[start:end]
        written = outlet_brand(value) or value if correction.what == "outlet_name" else value
        yield Evidence(correction.what, written, start, end, quote, correction.rule, True)


def _shown(correction: Correction, member: str, raw: str) -> tuple[int | None, int | None]:
    """Where the text that a correction cites shows one of several values: all of it, if it shows it in other words."""
    if correction.start is None or correction.end is None:
        return None, None
    found = raw.find(member, correction.start, correction.end)
    return (correction.start, correction.end) if found < 0 else (found, found + len(member))
