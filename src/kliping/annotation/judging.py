"""Judges the corrections of one document: each fits what stands in it or is told why not, in the order they were made.

A correction fits if what its author saw is what the program finds, or what stands there after the corrections before
it: so a later one may build on an earlier one, or overrule it without having seen it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from kliping.annotation.layers.metadata import metadata_and_claims
from kliping.annotation.layers.metadata.amended import outlet_brand
from kliping.annotation.repair import Repaired
from kliping.annotation.segments import segments
from kliping.model import APPLIED, CONFIRMED, ROLE, SUPERSEDED, Correction, Metadata, Page, Segment, Span, Verdict

MISPLACED, OUTDATED = "correction-misplaced", "correction-outdated"


class Judged(NamedTuple):
    """A document after its corrections."""

    spans: Sequence[Span]
    """The roles of `Page.text`, corrected."""
    verdicts: tuple[Verdict, ...]
    """One a correction, in the order in which they were made."""


def judge(raw: str, repaired: Repaired, page: Page, spans: Sequence[Span], corrections: Sequence[Correction]) -> Judged:
    """Return the spans with the roles that people gave them, and what becomes of each correction.

    `spans` are what the program finds in `page`, which is `raw` repaired.
    """
    in_order = sorted((_without_blanks(raw, repaired, each) for each in corrections), key=attrgetter("rank"))
    of_roles = [each for each in in_order if each.what == ROLE]
    of_values = [each for each in in_order if each.what != ROLE]
    recut, verdicts = _judge_roles(raw, repaired, spans, of_roles)
    if of_values:
        verdicts |= _judge_values(raw, page, spans, recut, of_values)
    return Judged(recut, tuple(verdicts[each] for each in in_order))


def _without_blanks(raw: str, repaired: Repaired, correction: Correction) -> Correction:
    """The correction of the same place without white space around it; what was repaired is none."""
    start, end = correction.start, correction.end
    if start is None or end is None or end > len(raw):
        return correction
    while start < end and _is_blank(raw, repaired, start):
        start += 1
    while start < end and _is_blank(raw, repaired, end - 1):
        end -= 1
    return correction._replace(start=start, end=end) if start < end else correction


def _is_blank(raw: str, repaired: Repaired, position: int) -> bool:
    if not raw[position].isspace():
        return False
    start, end = repaired.from_raw(position, position + 1)
    return repaired.text[start:end] == raw[position]


def _judge_roles(
    raw: str, repaired: Repaired, spans: Sequence[Span], corrections: Sequence[Correction]
) -> tuple[tuple[Span, ...], dict[Correction, Verdict]]:
    found = standing = segments(raw, repaired, spans) if corrections else ()
    verdicts: dict[Correction, Verdict] = {}
    recut = tuple(spans)
    for each in corrections:
        pieces = _pieces(raw, repaired, each)
        seen = json.loads(each.old)
        if not pieces:
            verdicts[each] = Verdict(
                each, MISPLACED, "Its place is none in the raw text, or has no text to give a role."
            )
        elif [(span.start, span.end, span.role) for span in _touched(recut, pieces)] == [span[:3] for span in pieces]:
            verdicts[each] = Verdict(each, CONFIRMED)
        elif seen not in (now := _roles(standing, each), _roles(found, each)):
            detail = f"It was {', '.join(seen)} when it was corrected, and is {', '.join(now)} now."
            verdicts[each] = Verdict(each, OUTDATED, detail)
        else:
            recut = tuple(_recut(repaired.text, recut, pieces))
            standing = segments(raw, repaired, recut)
            verdicts[each] = Verdict(each, APPLIED)
    left = {span.rule for span in recut}
    return recut, {
        each: verdict._replace(outcome=SUPERSEDED) if verdict.outcome == APPLIED and each.rule not in left else verdict
        for each, verdict in verdicts.items()
    }


def _pieces(raw: str, repaired: Repaired, correction: Correction) -> list[Span]:
    """The spans that a correction of a role makes, one a line that it touches; none where it has no place."""
    if correction.start is None or correction.end is None or correction.end > len(raw):
        return []
    start, end = repaired.from_raw(correction.start, correction.end)
    role = json.loads(correction.new)
    return [Span(*place, role, correction.rule) for place in _lines(repaired.text, start, end)]


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of text[start:end] that hold something, without white space around them."""
    for line in text[start:end].split("\n"):
        if place := _trimmed(text, start, start + len(line)):
            yield place
        start += len(line) + 1


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The place without white space around it; None where nothing is left."""
    words = text[start:end]
    left = len(words) - len(words.lstrip())
    return (start + left, start + len(words.rstrip())) if left < len(words) else None


def _touched(spans: Sequence[Span], pieces: Sequence[Span]) -> list[Span]:
    start, end = pieces[0].start, pieces[-1].end
    return [span for span in spans if span.start < end and start < span.end]


def _roles(standing: Sequence[Segment], correction: Correction) -> list[str]:
    """The roles of the segments that the place of a correction touches."""
    start, end = correction.start or 0, correction.end or 0
    return [segment.role for segment in standing if segment.start < end and start < segment.end]


def _recut(text: str, spans: Sequence[Span], pieces: Sequence[Span]) -> Iterator[Span]:
    """The spans with these pieces among them, and what the pieces leave of the others."""
    start, end = pieces[0].start, pieces[-1].end
    waiting = list(pieces)
    for span in spans:
        if span.end <= start or span.start >= end:
            if span.start >= end:
                yield from waiting
                waiting.clear()
            yield span
            continue
        if place := _trimmed(text, span.start, max(span.start, min(span.end, start))):
            yield span._replace(start=place[0], end=place[1])
        if span.end >= end:
            yield from waiting
            waiting.clear()
        if place := _trimmed(text, min(span.end, max(span.start, end)), span.end):
            yield span._replace(start=place[0], end=place[1])
    yield from waiting


def _judge_values(
    raw: str, page: Page, spans: Sequence[Span], recut: Sequence[Span], corrections: Sequence[Correction]
) -> dict[Correction, Verdict]:
    without, _ = metadata_and_claims(page, spans)
    with_roles, _ = metadata_and_claims(page, recut)
    verdicts: dict[Correction, Verdict] = {}
    standing: dict[str, Any] = {}
    last: dict[str, Correction] = {}
    for each in corrections:
        now = standing.setdefault(each.what, value_of(with_roles, each.what))
        new = outlet_brand(json.loads(each.new)) if each.what == "outlet_name" else json.loads(each.new)
        if each.start is not None and (
            each.end is None or each.end > len(raw) or not raw[each.start : each.end].strip()
        ):
            verdicts[each] = Verdict(each, MISPLACED, "Its place is none in the raw text, or shows nothing.")
        elif new == now:
            verdicts[each] = Verdict(each, CONFIRMED)
        elif json.loads(each.old) not in (now, value_of(with_roles, each.what), value_of(without, each.what)):
            detail = f"The {each.what} that it replaces is neither what the program finds nor an earlier correction's."
            verdicts[each] = Verdict(each, OUTDATED, detail)
        else:
            if each.what in last:
                verdicts[last[each.what]] = Verdict(last[each.what], SUPERSEDED)
            verdicts[each], last[each.what], standing[each.what] = Verdict(each, APPLIED), each, new
    return verdicts


def value_of(metadata: Metadata, column: str) -> Any:
    """Return a value as corrections write it."""
    value = getattr(metadata, column)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
