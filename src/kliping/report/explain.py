"""Explains one document line by line: each role and its reason, each repair, each value with its proof, each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from kliping import knowledge, schema
from kliping.annotation import roles
from kliping.annotation.pipeline import open_document
from kliping.annotation.places import Places
from kliping.annotation.roles import Explanation
from kliping.corpus.folder import Corpus, article_rows, require_text
from kliping.corpus.tables import as_segment, documents_from_raw
from kliping.errors import printable
from kliping.model import Evidence, Quotation, RawDocument, Repair, Segment, SetAside

INPUT_PROOF = "not in the text: it came with the input"
PERSON_PROOF = "not in the text: a person says so"
CORRECTION = "correction:"
"""What the rule of a corrected role or value begins with."""
UNNAMED = "somebody whom the article does not name"
UNKNOWN_RULE = "a rule that this version of kliping does not have"


def explain_document(
    document: RawDocument,
    segments: Sequence[Segment],
    evidence: Sequence[Evidence],
    quotations: Sequence[Quotation] = (),
    times: Sequence[Mapping[str, Any]] = (),
) -> Iterator[str]:
    """Yield the explanation as lines of plain text: segments in the order of the document, values, quotations, times.

    `times` are rows of the table `time_expressions`.
    """
    return map(printable, _explained(document, segments, evidence, quotations, times))


def _explained(
    document: RawDocument,
    segments: Sequence[Segment],
    evidence: Sequence[Evidence],
    quotations: Sequence[Quotation],
    times: Sequence[Mapping[str, Any]],
) -> Iterator[str]:
    weighed = weigh(document, segments)
    for position, segment in enumerate(segments):
        yield from _segment(position, segment, weighed.get(position))
    yield ""
    yield from _values(evidence)
    yield from _quotations(quotations)
    yield from _times(times)


def from_corpus(
    corpus: Corpus, prefix: str
) -> tuple[RawDocument, list[Segment], list[Evidence], list[Quotation], list[dict[str, Any]]]:
    """Return what `explain` takes, for the one article of a corpus whose id begins with `prefix`.

    Raises KlipingError where there is none, or more than one, or the corpus has no text.
    """
    require_text(corpus)
    rows = article_rows(corpus, prefix)
    (document,) = documents_from_raw(pa.Table.from_pylist(rows["raw"], schema=schema.arrow_schema("raw")))
    evidence = [Evidence(**{name: row[name] for name in Evidence._fields}) for row in rows["evidence"]]
    quotations = [Quotation(**{name: row[name] for name in Quotation._fields}) for row in rows.get("quotations", ())]
    return (
        document,
        [as_segment(row) for row in rows["segments"]],
        evidence,
        quotations,
        rows.get("time_expressions", []),
    )


def weigh(document: RawDocument, segments: Sequence[Segment]) -> dict[int, Explanation]:
    """Return what decided about each segment when its document is read again: rank of the segment -> explanation.

    Segments whose role or rule comes out other, because another version of kliping made them, are left out.
    """
    opened = open_document(document)
    if isinstance(opened, SetAside):
        raise opened
    places = Places(opened.decoded.text, segments, opened.repaired)
    first: dict[int, Explanation] = {}
    for unit in roles.explain(opened.page):
        rank = places.segment_at(places.page_to_raw(unit.start, unit.end)[0])
        if rank is not None:
            first.setdefault(rank, unit)
    return {
        rank: unit
        for rank, unit in first.items()
        if (unit.role, unit.rule) == (segments[rank].role, segments[rank].rule)
    }


def _segment(position: int, segment: Segment, weighed: Explanation | None) -> Iterator[str]:
    yield f"{position:>4}  {segment.role}  [{segment.start}, {segment.end})  {_short(segment.text)}"
    yield f"      because {describe_role(segment.rule)} ({segment.rule})"
    if weighed is not None and weighed.reasons:
        yield f"      what weighed most: {', '.join(f'{words} +{weight}' for words, weight in weighed.reasons)}"
    if weighed is not None and weighed.runner_up:
        yield f"      otherwise it would be: {weighed.runner_up}"
    for change in segment.repairs:
        yield f"      repaired {_repair(change)}"


def _repair(change: Repair) -> str:
    return f"[{change.start}, {change.end}) {change.before!r} -> {change.after!r}, {change.reason}"


def _values(evidence: Sequence[Evidence]) -> Iterator[str]:
    for accepted in (True, False):
        rows = [item for item in evidence if item.accepted == accepted]
        if rows:
            yield "Values and what proves them" if accepted else "Rejected alternatives"
        for item in rows:
            yield f"  {item.field} = {item.value!r}: {_proof(item)}"
            yield f"      {_reason(item)} ({item.rule})"


def _quotations(quotations: Sequence[Quotation]) -> Iterator[str]:
    if quotations:
        yield "Quotations"
    for item in quotations:
        yield f"  {item.kind} [{item.start}, {item.end}) {_short(item.text)}"
        yield f"      because {describe_quotation(item.rule)} ({item.rule})"
        yield f"      said by {_short(item.speaker_name or item.speaker or UNNAMED)}"


def _times(times: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if times:
        yield "Times and what they mean"
    for row in times:
        meaning = row["value"] or f"no value, {row['reason']}"
        counted = f", counted from {row['anchor_date']}" if row["anchor_date"] else ""
        yield f"  {row['type']} {meaning}{counted}: {_short(row['text'])} at [{row['start']}, {row['end']})"
        yield f"      because {describe_value(row['rule'])} ({row['rule']})"


def _reason(item: Evidence) -> str:
    words = describe_value(item.rule)
    if item.accepted or item.rule.startswith("rejected:"):
        return f"because {words}"
    return f"although {words}: other evidence goes before"


def _proof(item: Evidence) -> str:
    if item.quote is None:
        return PERSON_PROOF if item.rule.startswith(CORRECTION) else INPUT_PROOF
    return f"{_short(item.quote)} at [{item.start}, {item.end})"


def describe_role(rule: str) -> str:
    """Return a rule of a segment in words; of a rule that this version does not know it says so."""
    if rule == "debris":
        return "nothing is left of it after repair"
    if rule.startswith(CORRECTION):
        return describe_value(rule)
    try:
        return roles.describe(rule)
    except KeyError:
        return UNKNOWN_RULE


def describe_value(rule: str) -> str:
    """Return a rule of a metadata value in words; of a rule that this version does not know it says so.

    >>> describe_value("dateline:place"), describe_value("json-ld:headline")
    ('the dateline that opens the body names the place', "the page's JSON-LD says so under headline")
    """
    known: Mapping[str, Mapping[str, str]] = knowledge.load("rules.toml", __package__)
    family, _, name = rule.partition(":")
    if rule in known["rules"]:
        return known["rules"][rule]
    words = known["families"].get(family, UNKNOWN_RULE)
    return words.format(name=name, inner=describe_value(name) if "{inner}" in words else "")


def describe_quotation(rule: str) -> str:
    """Return a rule of a quotation in words; of a rule that this version does not know it says so.

    >>> describe_quotation("direct:colon")
    'it stands behind the colon of its speaker'
    """
    known: Mapping[str, Mapping[str, str]] = knowledge.load("rules.toml", __package__)
    return known["quotations"].get(rule, UNKNOWN_RULE)


def _short(text: str, width: int = 100) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= width else line[: width - 1] + "…")
