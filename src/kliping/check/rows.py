"""Checks every row of one shard against the invariants of the corpus; what it yields is all that is wrong there."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kliping.check.incident import Incident
from kliping.model import BODY_ROLES, Repair, Segment
from kliping.segment import apply_repairs, to_raw

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

PARAGRAPH_BREAK = "\n\n"
SCALARS = ("headline", "subheadline", "outlet_name", "published_date", "published_at", "dateline_place")
LISTS = ("authors", "editors", "cited_sources", "tags")


def check_rows(tables: Tables) -> Iterator[Incident]:
    """Yield what is wrong in the rows of one shard, given as {table: rows} for all tables but `domains`."""
    raw = {row["article_id"]: row for row in tables["raw"]}
    by_article = {name: _grouped(tables[name]) for name in ("segments", "sentences", "evidence")}
    for row in tables["raw"]:
        yield from check_raw(row)
    for article in tables["articles"]:
        key = article["article_id"]
        if key not in raw:
            yield Incident("dangling-reference", f"articles {key}", "there is no row of `raw` with this article_id")
            continue
        segments = by_article["segments"].get(key, [])
        sentences = by_article["sentences"].get(key, [])
        evidence = by_article["evidence"].get(key, [])
        for name in ("segments", "sentences", "evidence"):
            yield from _positions(name, key, by_article[name].get(key, []))
        yield from check_copies(article, raw[key])
        yield from check_segments(raw[key]["text"], segments)
        yield from check_body(article, segments)
        yield from check_sentences(article, segments, sentences)
        yield from check_evidence(article, raw[key]["text"], evidence)
        yield from check_counts(article, segments, sentences)
    yield from _orphans(tables, {row["article_id"] for row in tables["articles"]})


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["article_id"]].append(row)
    return groups


def _orphans(tables: Tables, articles: set[str]) -> Iterator[Incident]:
    for name in ("raw", "segments", "sentences", "evidence"):
        for key in dict.fromkeys(row["article_id"] for row in tables[name]):
            if key not in articles:
                yield Incident("dangling-reference", f"{name} {key}", "there is no article with this article_id")


def _positions(table: str, key: str, rows: Sequence[Row]) -> Iterator[Incident]:
    for expected, row in enumerate(rows):
        if row["position"] != expected:
            yield Incident(
                "position-gap", f"{table} {key}", f"position {row['position']} stands where {expected} should"
            )
            return


def check_raw(row: Row) -> Iterator[Incident]:
    """The raw text, encoded again, has the digest, length and id that its row gives."""
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


def check_copies(article: Row, raw: Row) -> Iterator[Incident]:
    """What `articles` repeats from `raw` is the same there."""
    pairs = (("source_path", "source_path"), ("raw_sha256", "sha256"), ("url", "url"), ("retrieved_at", "retrieved_at"))
    for column, original in pairs:
        if article[column] != raw[original]:
            detail = f"{column} is {article[column]!r}, in `raw` it is {raw[original]!r}"
            yield Incident("copy-mismatch", f"articles {article['article_id']}", detail)


def as_segment(row: Row) -> Segment:
    """Return the row of `segments` as the value that built it."""
    repairs = tuple(Repair(r["start"], r["end"], r["before"], r["after"], r["reason"]) for r in row["repairs"])
    return Segment(row["role"], row["text"], row["start"], row["end"], row["rule"], repairs)


def check_segments(raw: str, rows: Sequence[Row]) -> Iterator[Incident]:
    """In order, without overlap, covering all visible text; repairs applied to the raw text give the segment's."""
    position = 0
    for row in rows:
        place = f"segments {row['article_id']}/{row['position']}"
        start, end = row["start"], row["end"]
        if not position <= start < end <= len(raw):
            yield Incident("segment-range", place, f"[{start}, {end}) after {position} in a text of {len(raw)}")
            continue
        if raw[position:start].strip():
            yield Incident("segment-gap", place, f"no segment holds {raw[position:start].strip()[:60]!r} before it")
        problem = _repair_problem(raw, row)
        if problem:
            yield Incident("repair-mismatch", place, problem)
        elif apply_repairs(raw, start, end, as_segment(row).repairs) != row["text"]:
            yield Incident(
                "segment-text-mismatch", place, f"text is {row['text'][:60]!r}, raw is {raw[start:end][:60]!r}"
            )
        position = end
    if raw[position:].strip() and rows:
        place = f"segments {rows[-1]['article_id']}"
        yield Incident("segment-gap", place, f"no segment holds {raw[position:].strip()[:60]!r} at the end")


def _repair_problem(raw: str, row: Row) -> str | None:
    position = row["start"]
    for repair in row["repairs"]:
        if not position <= repair["start"] <= repair["end"] <= row["end"]:
            return f"the repair at [{repair['start']}, {repair['end']}) lies outside its place"
        if raw[repair["start"] : repair["end"]] != repair["before"]:
            return f"the raw text at {repair['start']} is not {repair['before']!r}"
        position = repair["end"]
    return None


def check_body(article: Row, segments: Sequence[Row]) -> Iterator[Incident]:
    """articles.text is the body segments, one blank line between them."""
    body = PARAGRAPH_BREAK.join(row["text"] for row in segments if row["role"] in BODY_ROLES)
    if article["text"] != body:
        place = f"articles {article['article_id']}"
        yield Incident("body-mismatch", place, f"text has {len(article['text'])} characters, the segments {len(body)}")


def check_sentences(article: Row, segments: Sequence[Row], rows: Sequence[Row]) -> Iterator[Incident]:
    """Each sentence is the article's text at its place, lies in its segment, maps to the raw text; none is missing."""
    offsets = _offsets(segments)
    position = 0
    for row in rows:
        place = f"sentences {row['article_id']}/{row['position']}"
        start, end = row["start"], row["end"]
        if not position <= start < end or article["text"][start:end] != row["text"]:
            yield Incident(
                "sentence-text-mismatch", place, f"the article text at [{start}, {end}) is not {row['text'][:60]!r}"
            )
            continue
        if article["text"][position:start].strip():
            yield Incident("sentence-gap", place, f"no sentence holds {article['text'][position:start].strip()[:60]!r}")
        position = end
        home = offsets.get(row["segment_position"])
        if home is None or not home[0] <= start < end <= home[0] + len(home[1].text):
            yield Incident("sentence-text-mismatch", place, f"it does not lie in segment {row['segment_position']}")
            continue
        expected = to_raw(home[1], start - home[0], end - home[0])
        if expected != (row["raw_start"], row["raw_end"]):
            yield Incident(
                "sentence-raw-mismatch", place, f"[{row['raw_start']}, {row['raw_end']}) should be {expected}"
            )
    if article["text"][position:].strip():
        place = f"sentences {article['article_id']}"
        yield Incident("sentence-gap", place, f"no sentence holds {article['text'][position:].strip()[:60]!r}")


def _offsets(segments: Sequence[Row]) -> dict[int, tuple[int, Segment]]:
    """Segment position -> its offset in the article text and the segment, for the body segments."""
    offset, found = 0, {}
    for row in segments:
        if row["role"] in BODY_ROLES:
            found[row["position"]] = (offset, as_segment(row))
            offset += len(row["text"]) + len(PARAGRAPH_BREAK)
    return found


def check_evidence(article: Row, raw: str, rows: Sequence[Row]) -> Iterator[Incident]:
    """Quotes stand where they say, and the article's values are exactly the accepted ones."""
    accepted: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        place = f"evidence {row['article_id']}/{row['position']}"
        spot = (row["start"], row["end"], row["quote"])
        if spot != (None, None, None) and (None in spot or raw[row["start"] : row["end"]] != row["quote"]):
            yield Incident(
                "evidence-quote-mismatch", place, f"the raw text at [{row['start']}, {row['end']}) is not its quote"
            )
        if row["accepted"]:
            accepted[row["field"]].append(row["value"])
    place = f"articles {article['article_id']}"
    for field in SCALARS:
        value = [] if article[field] is None else [_written(article[field])]
        if value != accepted[field]:
            yield Incident(
                "value-without-evidence", place, f"{field} is {value}, accepted evidence says {accepted[field]}"
            )
    for field in LISTS:
        if list(article[field]) != accepted[field]:
            detail = f"{field} is {article[field]}, accepted evidence says {accepted[field]}"
            yield Incident("value-without-evidence", place, detail)
    yield from _basis(article, rows)


def _basis(article: Row, rows: Sequence[Row]) -> Iterator[Incident]:
    """published_basis is what the accepted evidence of the date says before its colon."""
    rules = [row["rule"].partition(":")[0] for row in rows if row["accepted"] and row["field"] == "published_date"]
    if (rules[0] if rules else None) != article["published_basis"]:
        detail = f"published_basis is {article['published_basis']!r}, the evidence's rule says {rules}"
        yield Incident("value-without-evidence", f"articles {article['article_id']}", detail)


def _written(value: Any) -> str:
    """A value as the evidence table writes it: dates and instants in ISO 8601."""
    if hasattr(value, "tzinfo"):
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def check_counts(article: Row, segments: Sequence[Row], sentences: Sequence[Row]) -> Iterator[Incident]:
    """The counts of an article are those of its rows."""
    counts = {
        "character_count": len(article["text"]),
        "word_count": len(article["text"].split()),
        "segment_count": len(segments),
        "sentence_count": len(sentences),
        "repair_count": sum(len(row["repairs"]) for row in segments),
    }
    for column, count in counts.items():
        if article[column] != count:
            detail = f"{column} is {article[column]}, the rows give {count}"
            yield Incident("count-mismatch", f"articles {article['article_id']}", detail)
