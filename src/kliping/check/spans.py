"""Checks what the file of a table says of places: they lie in their text, and what stands beside them stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kliping import schema
from kliping.annotation.places import Home, Places, body_range_to_raw
from kliping.check.incident import Incident
from kliping.corpus.tables import as_segment
from kliping.schema import TableRow

Found = Iterator[tuple[str, str]]
"""Incidents of one row: name and detail."""


class Place(NamedTuple):
    """A pair of columns that gives a place."""

    start: str
    end: str
    quote: str | None
    """The column that holds to the letter what stands there, if there is one."""
    text: str | None
    """The column that holds what stands there repaired, if there is one."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one article that places count in, and the maps between them."""

    article_id: str
    body: str | None
    """`articles.text`; None in a corpus without text."""
    byte_count: int
    """Of the raw text: without text the bound of its code points, and of those of its body."""
    places: Places
    body_segments: Sequence[Home]
    homes: Mapping[int, Home]
    """The same by their rank."""

    @classmethod
    def of(cls, article: TableRow, raw: TableRow, segments: Sequence[TableRow]) -> Texts:
        """Return the texts that the rows of an article hold."""
        if raw["text"] is None:
            return cls(article["article_id"], None, raw["byte_count"], Places("", ()), (), {})
        places = Places(raw["text"], [as_segment(row) for row in segments])
        homes = tuple(places.homes())
        by_rank = {home.position: home for home in homes}
        return cls(article["article_id"], article["text"], raw["byte_count"], places, homes, by_rank)

    def counted_in(self, table: schema.Table) -> str | None:
        """Return the text that the places of a table count in; None in a corpus without text."""
        return self.body if self.body is None or table.span == schema.BODY else self.places.raw


def check_spans(table: schema.Table, rows: Sequence[TableRow], texts: Texts) -> Iterator[Incident]:
    """Check everything about the places of an article's rows in one table, in the order of their positions."""
    text, places = texts.counted_in(table), _places(table)
    behind = 0
    for row in rows:
        for name, detail in _check_row(table, places, row, texts, behind):
            yield Incident(name, f"{table.name} {texts.article_id}/{row['position']}", detail)
        behind = max(behind, row["end"] or 0)
    if table.covering and text is not None and (gap := text[behind:].strip()):
        yield Incident("span-gap", f"{table.name} {texts.article_id}", f"no row holds {gap[:60]!r} at the end")


def _check_row(table: schema.Table, places: Sequence[Place], row: TableRow, texts: Texts, behind: int) -> Found:
    """`behind`: where the rows before it end."""
    text = texts.counted_in(table)
    outside = [
        f"[{row[place.start]}, {row[place.end]}) is no place in a text of {limit}"
        for place in places
        if not _is_inside(row[place.start], row[place.end], limit := _limit(place, texts, text))
    ]
    if outside:
        yield "span-range", outside[0]
    elif table.covering and row["start"] is None:
        yield "span-range", "it has no place, in a table that covers a text"
    elif table.covering and row["start"] < behind:
        yield "span-overlap", f"it begins at {row['start']}, before {behind}, where the row before it ends"
    elif text is not None:
        if table.covering and (gap := text[behind : row["start"]].strip()):
            yield "span-gap", f"no row holds {gap[:60]!r} before it"
        yield from _check_words(table, places, row, texts, text)
        yield from _check_home(table, row, texts)


def _limit(place: Place, texts: Texts, text: str | None) -> int:
    if text is None:
        return texts.byte_count
    return len(texts.places.raw if place.start == RAW_START else text)


def _is_inside(start: int | None, end: int | None, limit: int) -> bool:
    if start is None or end is None:
        return start is end
    return 0 <= start < end <= limit


RAW_START, RAW_END = "raw_start", "raw_end"
"""The columns that say a place in the body once more, in the raw text."""


def _places(table: schema.Table) -> tuple[Place, ...]:
    """The places that a row gives: `start` with `end`, beside them `quote` and `text`; NAME_start with NAME_end, and
    NAME beside them."""
    names = {field.name for field in table.fields}
    found = [Place("start", "end", *(name if name in names else None for name in ("quote", "text")))]
    for start in sorted(name for name in names if name.endswith("_start")):
        name = start.removesuffix("_start")
        if f"{name}_end" in names:
            found.append(Place(start, f"{name}_end", None, name if name in names else None))
    return tuple(found)


def _check_words(table: schema.Table, places: Sequence[Place], row: TableRow, texts: Texts, text: str) -> Found:
    for start, end, quote, words in places:
        there = None if row[start] is None else text[row[start] : row[end]]
        if quote and row[quote] != there:
            yield "span-text-mismatch", f"{quote} is {_short(row[quote])}, there stands {_short(there)}"
        if words and there is not None and table.span == schema.RAW:
            there = texts.places.text(row[start], row[end])
        if words and row[words] != there:
            yield "span-text-mismatch", f"{words} is {_short(row[words])}, there stands {_short(there)}"


def _check_home(table: schema.Table, row: TableRow, texts: Texts) -> Found:
    """A row lies in the segment that it names, and what it says of the raw text is where that segment has it."""
    start, end, rank = row["start"], row["end"], row.get("segment_position")
    if start is None:
        return
    if rank is not None and not _is_in_segment(table, start, end, rank, texts):
        yield "span-home-mismatch", f"[{start}, {end}) does not lie in segment {rank}"
    elif RAW_START in row and texts.body_segments:
        expected = body_range_to_raw(texts.body_segments, start, end)
        if expected != (row[RAW_START], row[RAW_END]):
            detail = f"[{row[RAW_START]}, {row[RAW_END]}) should be [{expected[0]}, {expected[1]})"
            yield "span-raw-mismatch", detail


def _is_in_segment(table: schema.Table, start: int, end: int, rank: int, texts: Texts) -> bool:
    if table.span == schema.BODY:
        home = texts.homes.get(rank)
        return home is not None and home.begin <= start and end <= home.end
    segments = texts.places.segments
    return rank < len(segments) and segments[rank].start <= start and end <= segments[rank].end


def _short(words: str | None) -> str:
    return "nothing" if words is None else repr(words[:60])
