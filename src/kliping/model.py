"""The values that flow through kliping: frozen, free of Arrow and files; positions are code points, end exclusive.

Those of which a document has many are named tuples, which are made four times as fast as frozen data classes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, cast

from kliping import still

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
NOT_APPLIED = "not-applied"
"""The outcome in `decisions` of a correction that did not fit; rows of documents have others."""
APPLIED, SUPERSEDED, CONFIRMED = "applied", "superseded", "confirmed"
"""What became of a correction that fits."""
ROLE = "role"
"""What a correction changes that is no column of `articles`."""
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


class Correction(NamedTuple):
    """What a person changed in one document; docs/corrections.md has the form of the files that hold them."""

    raw_sha256: str
    """Of the document's bytes, 64 hex digits."""
    what: str
    """ROLE, or the column of `articles` that gets another value."""
    start: int | None
    end: int | None
    """[start, end) of the raw text: what gets the role, or shows the value; None where the page does not show it."""
    old: str
    new: str
    """JSON text: what stood when the person looked, and what should stand. Roles as a list and a string, values as
    `articles` has them, days as ISO 8601."""
    who: str
    when: datetime
    """Aware, UTC, whole milliseconds."""
    note: str | None
    source_path: str
    """The file and line that it was read from: `corrections/FILE#LINE`."""

    @property
    def said(self) -> tuple[Any, ...]:
        """All that it says; where it was read is left out."""
        return self[: self._fields.index("source_path")]

    @property
    def rank(self) -> tuple[Any, ...]:
        """What corrections of one document are sorted by: the moment, what is said, then where it was read."""
        name, _, line = self.source_path.rpartition("#")
        return self.when, json.dumps(self.said, default=str), name, int(line) if line.isdecimal() else 0

    @property
    def rule(self) -> str:
        """The rule of what it made."""
        return f"correction:{self.source_path}"


class Verdict(NamedTuple):
    """What became of a correction."""

    correction: Correction
    outcome: str
    """APPLIED, SUPERSEDED, CONFIRMED, or the reason in `decisions` why it does not fit."""
    detail: str | None = None
    """Why it does not fit, a sentence without words of the article."""

    @property
    def fits(self) -> bool:
        """Whether it is one of the article's corrections."""
        return self.outcome in (APPLIED, SUPERSEDED, CONFIRMED)


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
    corrections: tuple[Correction, ...] = ()
    """What people corrected in it, in any order."""

    @property
    def byte_count(self) -> int:
        """Bytes of the text, and of the page where that is kept."""
        return len(self.data) + len(self.source or b"")

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
    misfits: tuple[Refusal, ...] = ()
    """The corrections of this document, none of which can be applied: a row of `decisions` each."""
    byte_count: int | None = None
    """What a document that was read and then refused holds in bytes, as `RawDocument.byte_count`."""


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
    margin: int | None = None
    """How far the runner-up role was, per mille; None where knowledge decided."""


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
    margin: int | None = None
    """How far the runner-up role was, per mille; None where knowledge decided."""


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


class Flags(NamedTuple):
    """What is doubtful or remarkable about an article, names of the vocabulary `flags` in its order."""

    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
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
    misfits: tuple[Refusal, ...] = ()
    """The corrections of this document that do not fit it: a row of `decisions` each."""

    @property
    def metadata(self) -> Metadata:
        """The accepted values."""
        return next((row for row in self.rows["articles"] if isinstance(row, Metadata)), Metadata())

    @property
    def is_corrected(self) -> bool:
        """Whether a correction by a person was applied."""
        return any(getattr(row, "outcome", None) == APPLIED for row in self.rows.get("corrections", ()))

    @property
    def language(self) -> str | None:
        """The language of the body; None where it is not settled."""
        return self._spoken.language

    @property
    def language_score(self) -> int | None:
        """Per mille."""
        return self._spoken.language_score

    @property
    def flags(self) -> tuple[str, ...]:
        """What is doubtful or remarkable about the article, names of the vocabulary `flags`."""
        return next((row.flags for row in self.rows["articles"] if isinstance(row, Flags)), ())

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

    def to_dict(self) -> dict[str, Any]:
        """Return it as values that JSON has: an entry a column of the article, and of each table a list of its rows.

        Positions are code points of `raw_text`, but the `start` and `end` of sentences, which count in `text`. Days and
        instants are in ISO 8601.
        """
        document = self.document
        given = {name: getattr(document, name) for name in ("article_id", "source_path", "url", "retrieved_at")}
        found = {name: value for row in self.rows["articles"] for name, value in row._asdict().items()}
        others = {name: rows for name, rows in self.rows.items() if name != "articles"}
        texts = {"text": self.text, "raw_text": self.raw_text, "encoding": self.encoding}
        plain: dict[str, Any] = _plain({**given, **found, **texts, "segments": self.segments, **others})
        return plain

    def __repr__(self) -> str:
        title = self.metadata.headline or self.text
        short = title if len(title) <= _SHORT else f"{title[: _SHORT - 1]}…"
        counts = ((len(self.segments), "segment"), (len(self.sentences), "sentence"))
        counted = ", ".join(f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in counts)
        return f"<Annotation {self.document.article_id[:8]}: {short!r}, {counted}>"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        spans = [still.Shown(_group(one.role), one.role, one.text, _repairs(one)) for one in self.segments]
        values = [(item.field, item.value, _proof(item)) for item in self.evidence if item.accepted]
        return still.picture(f"{self.document.source_path}  {self.document.article_id}", spans, values)

    @property
    def _spoken(self) -> Language:
        return next((row for row in self.rows["articles"] if isinstance(row, Language)), Language())


_SHORT = 60
"""Characters of a title in what Python prints."""


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _group(role: str) -> str:
    return next(group for group, roles in ROLE_GROUPS.items() if role in roles)


def _repairs(segment: Segment) -> str:
    reasons = ", ".join(sorted({change.reason for change in segment.repairs}))
    return f"{len(segment.repairs)} repaired: {reasons}" if reasons else ""


def _proof(item: Evidence) -> str:
    return item.rule if item.quote is None else f"{item.quote!r} at {item.start}-{item.end}, {item.rule}"
