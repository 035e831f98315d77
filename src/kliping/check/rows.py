"""Checks every row of one shard against the invariants of the corpus; what it yields is all that is wrong there."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kliping import schema
from kliping.annotation.places import body
from kliping.check.flags import check_flags, check_margins
from kliping.check.incident import Incident
from kliping.check.spans import Texts, check_spans
from kliping.corpus.tables import AUTOMATIC, CORRECTED, as_segment
from kliping.model import APPLIED
from kliping.schema import TableRow

Tables = Mapping[str, Sequence[TableRow]]

SCALARS = ("headline", "subheadline", "outlet_name", "published_date", "published_at", "dateline_place")
LIST_COLUMNS = ("authors", "editors", "cited_sources", "tags")


def check_rows(tables: Tables, *, with_text: bool = True) -> Iterator[Incident]:
    """Yield what is wrong in the rows of one shard, given as {table: rows}; what is no row's own fault is left out.

    Without text only what needs none is checked: provenance, copies, positions, bounds and order of the spans, counts.
    """
    raw = {row["article_id"]: row for row in tables["raw"]}
    known = [table for name, table in schema.load().tables.items() if name in tables]
    ranked = [table for table in known if table.primary_key == schema.RANKED]
    by_article = {table.name: _grouped(tables[table.name]) for table in ranked}
    for row in tables["raw"]:
        yield from check_raw(row) if with_text else ()
        yield from check_provenance(row)
    for article in tables["articles"]:
        key = article["article_id"]
        if key not in raw:
            continue  # a dangling reference, which `References` names
        rows = {table.name: by_article[table.name].get(key, []) for table in ranked}
        texts = Texts.of(article, raw[key], rows["segments"])
        for table in ranked:
            yield from _positions(table.name, key, rows[table.name])
            yield from check_spans(table, rows[table.name], texts) if table.span else ()
        yield from check_copies(article, raw[key])
        yield from check_margins(rows["segments"])
        yield from check_article(article, raw[key]["text"], rows) if with_text else ()
        yield from check_counts(article, rows)
        yield from check_making(article, rows["corrections"])


def check_article(article: TableRow, raw: str, rows: Tables) -> Iterator[Incident]:
    """Check what ties one article to its segments, its evidence and its flags; all of it needs text."""
    for segment in rows["segments"]:
        if problem := _repair_problem(raw, segment):
            place = f"segments {segment['article_id']}/{segment['position']}"
            yield Incident("repair-mismatch", place, problem)
    broken = list(check_body(article, rows["segments"]))
    yield from broken
    yield from check_values(article, rows["evidence"])
    yield from () if broken else check_flags(article, raw, rows)


def _grouped(rows: Iterable[TableRow]) -> dict[str, list[TableRow]]:
    groups: dict[str, list[TableRow]] = defaultdict(list)
    for row in rows:
        groups[row["article_id"]].append(row)
    return groups


def _positions(table: str, key: str, rows: Sequence[TableRow]) -> Iterator[Incident]:
    for expected, row in enumerate(rows):
        if row["position"] != expected:
            detail = f"position {row['position']} stands where {expected} should"
            yield Incident("position-gap", f"{table} {key}", detail)
            return


def check_raw(row: TableRow) -> Iterator[Incident]:
    """Check that the raw text, encoded again, has the digest, length and id that its row gives."""
    place = f"raw {row['article_id']}"
    try:
        data = row["text"].encode(row["encoding"])
    except (LookupError, UnicodeError) as error:
        yield Incident("raw-digest-mismatch", place, f"the text does not encode as {row['encoding']!r}: {error}")
        return
    digest = hashlib.sha256(data).hexdigest()
    if row["sha256"] != digest:
        yield Incident("raw-digest-mismatch", place, f"sha256 is {row['sha256']}, the text gives {digest}")
    if row["article_id"] != digest[:32]:
        yield Incident("raw-digest-mismatch", place, f"article_id should be {digest[:32]}")
    if row["byte_count"] != len(data):
        yield Incident("raw-digest-mismatch", place, f"byte_count is {row['byte_count']}, the text gives {len(data)}")


def check_provenance(row: TableRow) -> Iterator[Incident]:
    """Check that extractor and page digest stand together, and that each line of the raw text has a tag or none has."""
    place = f"raw {row['article_id']}"
    if (row["extractor"] is None) != (row["source_sha256"] is None):
        yield Incident("provenance-mismatch", place, "extractor and source_sha256 stand together or not at all")
    lines = None if row["text"] is None else row["text"].count("\n") + 1
    if row["line_tags"] and lines is not None and len(row["line_tags"]) != lines:
        detail = f"{len(row['line_tags'])} line_tags for {lines} lines of text"
        yield Incident("provenance-mismatch", place, detail)


def check_copies(article: TableRow, raw: TableRow) -> Iterator[Incident]:
    """Check that what `articles` repeats from `raw` is the same there."""
    pairs = (("source_path", "source_path"), ("raw_sha256", "sha256"), ("url", "url"), ("retrieved_at", "retrieved_at"))
    for column, original in pairs:
        if article[column] != raw[original]:
            detail = f"{column} is {article[column]!r}, in `raw` it is {raw[original]!r}"
            yield Incident("copy-mismatch", f"articles {article['article_id']}", detail)


def _repair_problem(raw: str, row: TableRow) -> str | None:
    position = row["start"]
    for repair in row["repairs"]:
        place = f"[{repair['start']}, {repair['end']})"
        if not position <= repair["start"] <= repair["end"] <= row["end"]:
            return f"the repair at {place} lies outside its place"
        if raw[repair["start"] : repair["end"]] != repair["before"]:
            return f"the raw text at {place} is not {repair['before']!r}"
        if repair["before"] == repair["after"]:
            return f"the repair at {place} changes nothing"
        position = repair["end"]
    return None


def check_body(article: TableRow, segments: Sequence[TableRow]) -> Iterator[Incident]:
    """Check that articles.text is the body segments, one blank line between them."""
    text = body(map(as_segment, segments))
    if article["text"] != text:
        place = f"articles {article['article_id']}"
        yield Incident("body-mismatch", place, f"text has {len(article['text'])} characters, the segments {len(text)}")


def check_values(article: TableRow, rows: Sequence[TableRow]) -> Iterator[Incident]:
    """Check that the article's values are exactly those that its evidence accepts."""
    accepted: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["accepted"]:
            accepted[row["field"]].append(row["value"])
    place = f"articles {article['article_id']}"
    for field in (*SCALARS, *LIST_COLUMNS):
        value = _as_evidence(article[field])
        if value != accepted[field]:
            detail = f"{field} is {value}, accepted evidence says {accepted[field]}"
            yield Incident("value-without-evidence", place, detail)
    if article["outlet_id"] is not None and article["outlet_name"] is None:
        yield Incident("value-without-evidence", place, "outlet_id stands without outlet_name, which has the evidence")
    yield from _basis(article, rows)


def _basis(article: TableRow, rows: Sequence[TableRow]) -> Iterator[Incident]:
    """published_basis is what the accepted evidence of the date says before its colon."""
    rules = [row["rule"].partition(":")[0] for row in rows if row["accepted"] and row["field"] == "published_date"]
    if (rules[0] if rules else None) != article["published_basis"]:
        detail = f"published_basis is {article['published_basis']!r}, the evidence's rule says {rules}"
        yield Incident("value-without-evidence", f"articles {article['article_id']}", detail)


def _as_evidence(value: Any) -> list[str]:
    """The value of a column as the rows of `evidence` write it: one a member of a list, none for null."""
    if value is None:
        return []
    if isinstance(value, list):
        return value
    if isinstance(value, datetime):
        return [f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"]
    return [value.isoformat() if isinstance(value, date) else str(value)]


def check_making(article: TableRow, corrections: Sequence[TableRow]) -> Iterator[Incident]:
    """Check that the article says of itself whether a correction was applied, and the corrections are of its bytes."""
    place = f"articles {article['article_id']}"
    made = CORRECTED if any(row["outcome"] == APPLIED for row in corrections) else AUTOMATIC
    if article["made"] != made:
        yield Incident("correction-mismatch", place, f"made is {article['made']!r}, its corrections say {made!r}")
    for row in corrections:
        if row["raw_sha256"] != article["raw_sha256"]:
            detail = f"raw_sha256 is {row['raw_sha256']}, the article's is {article['raw_sha256']}"
            yield Incident("correction-mismatch", f"corrections {row['article_id']}/{row['position']}", detail)


def check_counts(article: TableRow, rows: Tables) -> Iterator[Incident]:
    """Check that the counts of an article are those of its rows.

    Words are runs between ASCII white space, as in schema/.
    """
    segments, text = rows["segments"], article["text"]
    sentences = rows.get("sentences")
    counts = {"segment_count": len(segments), "sentence_count": None if sentences is None else len(sentences)}
    if text is not None:
        counts["character_count"] = len(text)
        counts["word_count"] = len(text.encode("utf-8", "surrogatepass").split())
        counts["repair_count"] = sum(len(row["repairs"]) for row in segments)
    for column, count in counts.items():
        if article[column] != count:
            detail = f"{column} is {article[column]}, the rows give {count}"
            yield Incident("count-mismatch", f"articles {article['article_id']}", detail)
