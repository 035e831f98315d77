"""The values that flow through kliping: frozen, free of Arrow and files; positions are code points, end exclusive.

Those of which a document has many are named tuples, which are made four times as fast as frozen data classes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, cast

ROLE_GROUPS = {
    "content": ("headline", "subheadline", "paragraph", "subheading"),
    "metadata": ("dateline", "byline", "timestamp", "caption", "source", "copyright", "tags"),
    "furniture": ("related", "advertisement", "navigation", "promotion", "interaction", "embed", "mark"),
}
"""The roles by group, as schema/vocabularies/roles.csv has them, which no module of annotation/ reads."""
ROLES = tuple(role for roles in ROLE_GROUPS.values() for role in roles)
UNKNOWN = "unknown"
"""What stands for a missing value where values are counted."""
KEPT = "kept"
"""The outcome in `decisions` of a document that is in the corpus."""
BODY_ROLES = frozenset({"paragraph", "subheading"})
PARAGRAPH_BREAK = "\n\n"
"""What stands between two body segments in the text of an article."""


class SetAside(Exception):
    """A document that cannot become an article, with the outcome and reason that its row in `decisions` will carry.

    `reason` is a name from schema/vocabularies; `detail` is a sentence for a person.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class InputValue:
    """A metadata value that came with the document, not from its text: a crawl's column, JSON-LD, OpenGraph."""

    field: str
    """The `articles` column it speaks about: headline, outlet_name, published_date, published_at, authors, tags."""
    value: str
    rule: str
    """Where it stood, for the evidence table: `json-ld:datePublished`, `opengraph:og:title`, `column:date`."""


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One document as found. `data` are the bytes that every later offset goes back to."""

    data: bytes
    source_path: str
    """Relative to its input root, `/` separated; a record inside a file is `file.jsonl#17`."""
    url: str | None = None
    retrieved_at: datetime | None = None
    """Aware, UTC, whole milliseconds."""
    metadata: tuple[InputValue, ...] = ()
    extractor: str | None = None
    """Name, version and options of what made `data` from a page; None where `data` is the input itself."""
    source_sha256: str | None = None
    """Digest of the page's bytes where `extractor` is set."""
    line_tags: tuple[str, ...] = ()
    """For text taken from HTML: one tag a line of the raw text (`h1`, `nav:li:a` ...; see read/html.py), else empty."""
    source: bytes | None = None
    """The page's own bytes, where `extractor` is set and the source is to be kept."""
    hidden_count: int = 0
    """Visible characters that the page hides from its readers and `extractor` left out."""
    fields: tuple[tuple[str, str], ...] = ()
    """Of a record of a dump: each field and what it was read as, "" where it was not read."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What `decisions` says of the document, kept or not, beside the reason."""
        return (f"{self.hidden_count:,} characters that the page hides were left out.",) if self.hidden_count else ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def article_id(self) -> str:
        return self.sha256[:32]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An input, or a record of one, that could not be read as a document: one row of `decisions`."""

    source_path: str
    raw_sha256: str | None
    """Digest of its bytes where they were read whole."""
    reason: str
    """A name from schema/vocabularies."""
    detail: str
    """A sentence for a person."""
    fields: tuple[tuple[str, str], ...] = ()
    """As in RawDocument."""


class Repair(NamedTuple):
    """One logged change: `before` stood at [start, end) of the raw text, `after` stands there now."""

    start: int
    end: int
    before: str
    after: str
    reason: str


class Page(NamedTuple):
    """What roles and metadata read: the repaired text of one document and what came with it."""

    text: str
    url: str | None = None
    metadata: tuple[InputValue, ...] = ()
    line_tags: tuple[str, ...] = ()


class Span(NamedTuple):
    """A stretch [start, end) of `Page.text` inside one line, trimmed of white space, with its role and what decided."""

    start: int
    end: int
    role: str
    rule: str


class Claim(NamedTuple):
    """A metadata value; [start, end) of `Page.text` proves it, both None where input metadata or the URL does."""

    field: str
    value: str
    start: int | None
    end: int | None
    rule: str
    accepted: bool = True


class Segment(NamedTuple):
    """A span of the raw text with its role; applying `repairs` to raw[start:end] gives `text`."""

    role: str
    text: str
    start: int
    end: int
    rule: str
    repairs: tuple[Repair, ...] = ()


class Evidence(NamedTuple):
    """What proves a metadata value, or was rejected: raw[start:end] == quote; all three None if not from the text."""

    field: str
    value: str
    start: int | None
    end: int | None
    quote: str | None
    rule: str
    accepted: bool


class Sentence(NamedTuple):
    """A sentence of the body: [start, end) in the article text, [raw_start, raw_end) in the raw text."""

    segment_position: int
    text: str
    start: int
    end: int
    raw_start: int
    raw_end: int


class Quotation(NamedTuple):
    """What somebody said, at [start, end) of the raw text, by which cue, and who is named beside it."""

    start: int
    end: int
    text: str
    kind: str
    cue: str | None
    cue_start: int | None
    cue_end: int | None
    speaker: str | None
    speaker_start: int | None
    speaker_end: int | None
    speaker_name: str | None
    rule: str


class Metadata(NamedTuple):
    """The accepted values of one article; None or empty where nothing proves one."""

    headline: str | None = None
    subheadline: str | None = None
    outlet_id: str | None = None
    outlet_name: str | None = None
    published_date: date | None = None
    published_at: datetime | None = None
    published_basis: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    dateline_place: str | None = None
    cited_sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Language(NamedTuple):
    """The language of a body (BCP 47), and how sure langdetect is of it: 1000 where the words left no need to ask it.

    Both are None where the evidence allows no tag. The score alone is None for `ms`, `jv` and `su`, of which langdetect
    knows nothing.
    """

    language: str | None = None
    language_score: int | None = None
    """Per mille."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """Everything kliping knows of one document: the row of `articles` and its rows in the other tables."""

    document: RawDocument
    raw_text: str
    encoding: str
    text: str
    """The body: the `paragraph` and `subheading` segments' texts, one blank line between them."""
    segments: tuple[Segment, ...]
    rows: Mapping[str, tuple[NamedTuple, ...]]
    """What the layers found, by table. Under `articles`, of which a layer may fill some columns, a row each."""
    notes: tuple[str, ...] = ()
    """Remarks for `decisions.detail`, such as the encoding that was taken."""

    @property
    def metadata(self) -> Metadata:
        """The accepted values."""
        return next((row for row in self.rows["articles"] if isinstance(row, Metadata)), Metadata())

    @property
    def language(self) -> str | None:
        """The language of the body; None where it is not settled."""
        return self._spoken.language

    @property
    def language_score(self) -> int | None:
        """Per mille."""
        return self._spoken.language_score

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What proves the values, and what was rejected."""
        return cast("tuple[Evidence, ...]", self.rows.get("evidence", ()))

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the body, in order."""
        return cast("tuple[Sentence, ...]", self.rows.get("sentences", ()))

    @property
    def quotations(self) -> tuple[Quotation, ...]:
        """The quotations of the body, in order."""
        return cast("tuple[Quotation, ...]", self.rows.get("quotations", ()))

    @property
    def _spoken(self) -> Language:
        return next((row for row in self.rows["articles"] if isinstance(row, Language)), Language())
