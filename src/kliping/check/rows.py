"""Checks every row of one shard against the invariants of the corpus; what it yields is all that is wrong there."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kliping.annotation.places import Home, Places, apply_repairs, body, segment_to_raw
from kliping.check.incident import Incident
from kliping.corpus.tables import as_segment

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

SCALARS = ("headline", "subheadline", "outlet_name", "published_date", "published_at", "dateline_place")
LISTS = ("authors", "editors", "cited_sources", "tags")
MANY = ("segments", "sentences", "evidence")
"""The tables with many rows an article, numbered by `position`."""


def check_rows(tables: Tables, *, with_text: bool = True) -> Iterator[Incident]:
    """Yield what is wrong in the rows of one shard, given as {table: rows}; what is no row's own fault is left out.

    Without text only what needs none is checked: provenance, copies, positions, order of the spans and counts.
    """
    raw = {row["article_id"]: row for row in tables["raw"]}
    by_article = {name: _grouped(tables[name]) for name in MANY}
    for row in tables["raw"]:
        yield from check_raw(row) if with_text else ()
        yield from check_provenance(row)
    for article in tables["articles"]:
        key = article["article_id"]
        if key not in raw:
            continue  # a dangling reference, which `check_references` names
        rows = {name: by_article[name].get(key, []) for name in MANY}
        for name in MANY:
            yield from _positions(name, key, rows[name])
        yield from check_copies(article, raw[key])
        yield from (check_texts if with_text else check_spans)(article, raw[key], rows)


def check_texts(article: Row, raw: Row, rows: Tables) -> Iterator[Incident]:
    """All invariants of one article."""
    segments, sentences = rows["segments"], rows["sentences"]
    yield from check_segments(article["article_id"], raw["text"], segments)
    yield from check_body(article, segments)
    yield from check_sentences(article, segments, sentences)
    yield from check_evidence(article, raw["text"], rows["evidence"])
    yield from check_counts(article, _counts(article["text"], segments, sentences))


def check_spans(article: Row, raw: Row, rows: Tables) -> Iterator[Incident]:
    """What can be said of one article without its text: a character has at least one byte."""
    for name, start, end in (
        ("segments", "start", "end"),
        ("sentences", "raw_start", "raw_end"),
        ("sentences", "start", "end"),
    ):
        position = 0
        for row in rows[name]:
            if not position <= row[start] < row[end] <= raw["byte_count"]:
                detail = f"[{row[start]}, {row[end]}) after {position} in a text of {raw['byte_count']} bytes"
                yield Incident("segment-range", f"{name} {row['article_id']}/{row['position']}", detail)
                break
            position = row[end]
    counts = {"segment_count": len(rows["segments"]), "sentence_count": len(rows["sentences"])}
    yield from check_counts(article, counts)


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["article_id"]].append(row)
    return groups


def _positions(table: str, key: str, rows: Sequence[Row]) -> Iterator[Incident]:
    for expected, row in enumerate(rows):
        if row["position"] != expected:
            detail = f"position {row['position']} stands where {expected} should"
            yield Incident("position-gap", f"{table} {key}", detail)
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


def check_provenance(row: Row) -> Iterator[Incident]:
    """Extractor and the page's digest stand together, and tags are there for each line of the raw text or for none."""
    place = f"raw {row['article_id']}"
    if (row["extractor"] is None) != (row["source_sha256"] is None):
        yield Incident("provenance-mismatch", place, "extractor and source_sha256 stand together or not at all")
    lines = None if row["text"] is None else row["text"].count("\n") + 1
    if row["line_tags"] and lines is not None and len(row["line_tags"]) != lines:
        detail = f"{len(row['line_tags'])} line_tags for {lines} lines of text"
        yield Incident("provenance-mismatch", place, detail)


def check_copies(article: Row, raw: Row) -> Iterator[Incident]:
    """What `articles` repeats from `raw` is the same there."""
    pairs = (("source_path", "source_path"), ("raw_sha256", "sha256"), ("url", "url"), ("retrieved_at", "retrieved_at"))
    for column, original in pairs:
        if article[column] != raw[original]:
            detail = f"{column} is {article[column]!r}, in `raw` it is {raw[original]!r}"
            yield Incident("copy-mismatch", f"articles {article['article_id']}", detail)


def check_segments(article_id: str, raw: str, rows: Sequence[Row]) -> Iterator[Incident]:
    """In order, without overlap, covering all visible text; repairs applied to the raw text give the segment's."""
    position = 0
    for row in rows:
        place = f"segments {article_id}/{row['position']}"
        start, end = row["start"], row["end"]
        if not position <= start < end <= len(raw):
            yield Incident("segment-range", place, f"[{start}, {end}) after {position} in a text of {len(raw)}")
            position = max(position, end)
            continue
        if gap := raw[position:start].strip():
            yield Incident("segment-gap", place, f"no segment holds {gap[:60]!r} before it")
        if problem := _repair_problem(raw, row):
            yield Incident("repair-mismatch", place, problem)
        elif apply_repairs(raw, start, end, as_segment(row).repairs) != row["text"]:
            detail = f"text is {row['text'][:60]!r}, raw is {raw[start:end][:60]!r}"
            yield Incident("segment-text-mismatch", place, detail)
        position = end
    if gap := raw[position:].strip():
        yield Incident("segment-gap", f"segments {article_id}", f"no segment holds {gap[:60]!r} at the end")


def _repair_problem(raw: str, row: Row) -> str | None:
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


def check_body(article: Row, segments: Sequence[Row]) -> Iterator[Incident]:
    """articles.text is the body segments, one blank line between them."""
    text = body(map(as_segment, segments))
    if article["text"] != text:
        place = f"articles {article['article_id']}"
        yield Incident("body-mismatch", place, f"text has {len(article['text'])} characters, the segments {len(text)}")


def check_sentences(article: Row, segments: Sequence[Row], rows: Sequence[Row]) -> Iterator[Incident]:
    """Each sentence is the article's text at its place, lies in its segment, maps to the raw text; none is missing."""
    homes = {home.position: home for home in Places("", [as_segment(row) for row in segments]).homes()}
    text, position = article["text"], 0
    for row in rows:
        place = f"sentences {row['article_id']}/{row['position']}"
        start, end = row["start"], row["end"]
        if not position <= start < end or text[start:end] != row["text"]:
            detail = f"the article text at [{start}, {end}) is not {row['text'][:60]!r}"
            yield Incident("sentence-text-mismatch", place, detail)
            position = max(position, end)
            continue
        if gap := text[position:start].strip():
            yield Incident("sentence-gap", place, f"no sentence holds {gap[:60]!r} before it")
        position = end
        yield from _check_home(row, place, homes.get(row["segment_position"]))
    if gap := text[position:].strip():
        yield Incident("sentence-gap", f"sentences {article['article_id']}", f"no sentence holds {gap[:60]!r}")


def _check_home(row: Row, place: str, home: Home | None) -> Iterator[Incident]:
    """The sentence lies inside the body segment that it names, and in the raw text where that segment's is."""
    start, end = row["start"], row["end"]
    if home is None or not home.begin <= start < end <= home.end:
        detail = f"it does not lie in segment {row['segment_position']} of the body"
        yield Incident("sentence-text-mismatch", place, detail)
        return
    expected = segment_to_raw(home.segment, start - home.begin, end - home.begin)
    if expected != (row["raw_start"], row["raw_end"]):
        detail = f"[{row['raw_start']}, {row['raw_end']}) should be [{expected[0]}, {expected[1]})"
        yield Incident("sentence-raw-mismatch", place, detail)


def check_evidence(article: Row, raw: str, rows: Sequence[Row]) -> Iterator[Incident]:
    """Quotes stand where they say, and the article's values are exactly the accepted ones."""
    accepted: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if not _quoted(raw, row["start"], row["end"], row["quote"]):
            place = f"evidence {row['article_id']}/{row['position']}"
            detail = f"the raw text at [{row['start']}, {row['end']}) is not its quote {(row['quote'] or '')[:60]!r}"
            yield Incident("evidence-quote-mismatch", place, detail)
        if row["accepted"]:
            accepted[row["field"]].append(row["value"])
    place = f"articles {article['article_id']}"
    for field in (*SCALARS, *LISTS):
        value = _as_evidence(article[field])
        if value != accepted[field]:
            detail = f"{field} is {value}, accepted evidence says {accepted[field]}"
            yield Incident("value-without-evidence", place, detail)
    if article["outlet_id"] is not None and article["outlet_name"] is None:
        yield Incident("value-without-evidence", place, "outlet_id stands without outlet_name, which has the evidence")
    yield from _basis(article, rows)


def _quoted(raw: str, start: int | None, end: int | None, quote: str | None) -> bool:
    """Whether raw[start:end] is the quote, or all three are null because the value came with the input."""
    if start is None or end is None or quote is None:
        return start is None and end is None and quote is None
    return 0 <= start < end <= len(raw) and raw[start:end] == quote


def _basis(article: Row, rows: Sequence[Row]) -> Iterator[Incident]:
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


def _counts(text: str, segments: Sequence[Row], sentences: Sequence[Row]) -> dict[str, int]:
    """The counts that an article's rows give; words are runs between ASCII white space, as in schema/fields.toml."""
    return {
        "character_count": len(text),
        "word_count": len(text.encode("utf-8", "surrogatepass").split()),
        "segment_count": len(segments),
        "sentence_count": len(sentences),
        "repair_count": sum(len(row["repairs"]) for row in segments),
    }


def check_counts(article: Row, counts: Mapping[str, int]) -> Iterator[Incident]:
    """The counts of an article are those of its rows."""
    for column, count in counts.items():
        if article[column] != count:
            detail = f"{column} is {article[column]}, the rows give {count}"
            yield Incident("count-mismatch", f"articles {article['article_id']}", detail)
