"""A record of a dump (a JSON object, a row) to a document, by the field names that dumps use (knowledge/columns.toml).

A record's text becomes the raw bytes in UTF-8. Its other fields become input metadata, under the rule `column:NAME`;
what speaks of the crawl and not of the article (`date` in FineWeb-2, `timestamp` in mC4) becomes `retrieved_at`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from kliping import knowledge
from kliping.model import InputValue, RawDocument, Refusal
from kliping.read import moments
from kliping.read.options import MAX_RECORD_BYTES, Options

LIST_FIELDS = ("authors", "editors", "tags")


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields of a record hold what; names as the record writes them, None or empty where it has none."""

    text: str | None
    url: str | None
    retrieved: str | None
    published: str | None
    metadata: tuple[tuple[str, str], ...]
    """(column of `articles`, field of the record)"""
    nested: tuple[str, ...]

    def names(self) -> list[str]:
        """Return every field that is read."""
        single = (self.text, self.url, self.retrieved, self.published)
        found = (*single, *(name for _, name in self.metadata), *self.nested)
        return list(dict.fromkeys(name for name in found if name is not None))

    def told(self, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Return each of a record's fields and what it is read as, "" where it is not read."""
        single = {self.text: "text", self.url: "url", self.retrieved: "retrieved_at", self.published: "published_date"}
        others = {name: column for column, name in self.metadata}
        return tuple((name, single.get(name) or others.get(name, "")) for name in names)


@lru_cache(maxsize=1024)
def fields(names: tuple[str, ...], options: Options) -> Fields:
    """Return what each of the record's fields means; a field's meaning depends on its neighbours."""
    known, by_lower = knowledge.load("columns.toml"), {name.lower(): name for name in reversed(names)}

    def first(candidates: Iterable[str]) -> str | None:
        return next((by_lower[name] for name in candidates if name in by_lower), None)

    def chosen(option: str | None, candidates: Iterable[str]) -> str | None:
        return (option if option in names else None) if option else first(candidates)

    news = first(known["news"]["fields"]) is not None
    crawled = not news and first(known["retrieved"]["crawl_fields"]) is not None
    published = list(known["published"]["always"])
    published += [] if crawled else known["published"]["unless_crawled"]
    published += known["published"]["only_in_news"] if news else []
    published_field = chosen(options.date_field, published)
    retrieved = list(known["retrieved"]["always"]) + ([] if news else known["retrieved"]["if_crawled"])
    retrieved_field = first(name for name in retrieved if by_lower.get(name) != published_field)
    wanted = {"headline": options.title_field, "authors": options.author_field, "outlet_name": options.outlet_field}
    ambiguous = () if news else known["news"]["ambiguous"]
    metadata = []
    for column, candidates in known["fields"].items():
        name = chosen(wanted.get(column), (c for c in candidates if c not in ambiguous))
        if name is not None and column not in ("text", "url"):
            metadata.append((column, name))
    return Fields(
        text=chosen(options.text_field, known["fields"]["text"]),
        url=chosen(options.url_field, known["fields"]["url"]),
        retrieved=retrieved_field,
        published=published_field,
        metadata=tuple(metadata),
        nested=tuple(by_lower[name] for name in known["nested"]["fields"] if name in by_lower),
    )


def record_document(record: Mapping[str, Any], source_path: str, options: Options) -> RawDocument | Refusal:
    """Return the document that `record` holds, or the refusal: `no-text-field`, `lone-surrogate`, `too-large`."""
    found = fields(tuple(record), options)
    for name in found.nested:
        inner = record[name]
        if isinstance(inner, dict):
            record = {**inner, **{key: value for key, value in record.items() if key != name}}
    if found.nested:
        found = fields(tuple(record), options)
    text = record[found.text] if found.text is not None else None
    if not isinstance(text, str):
        wanted = f"the field {options.text_field!r}" if options.text_field else "a field with the article's text"
        return Refusal(source_path, None, "no-text-field", f"The record lacks {wanted}.", found.told(record))
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        detail = f"Half of a surrogate pair stands at character {error.start}, so the text has no UTF-8 form."
        return Refusal(source_path, None, "lone-surrogate", detail)
    if len(data) > MAX_RECORD_BYTES:
        return Refusal(source_path, None, "too-large", f"The text is longer than {MAX_RECORD_BYTES:,} bytes.")
    return RawDocument(
        data,
        source_path,
        _url(record, found),
        _retrieved(record, found),
        _metadata(record, found),
        fields=found.told(record),
    )


def _url(record: Mapping[str, Any], found: Fields) -> str | None:
    value = record[found.url] if found.url is not None else None
    return _clean(value) if isinstance(value, str) else None


def _retrieved(record: Mapping[str, Any], found: Fields) -> datetime | None:
    return moments.retrieved(record[found.retrieved]) if found.retrieved is not None else None


def _metadata(record: Mapping[str, Any], found: Fields) -> tuple[InputValue, ...]:
    if not found.metadata and found.published is None:
        return ()
    values = []
    for column, name in found.metadata:
        value = record[name]
        several = value if isinstance(value, list) and column in LIST_FIELDS else [value]
        texts = (_clean(item) for item in several if isinstance(item, str))
        values += [InputValue(column, text, f"column:{name}") for text in texts if text]
    if found.published is not None:
        values += moments.publication_values(record[found.published], f"column:{found.published}")
    return tuple(values)


def _clean(value: str) -> str | None:
    """The value on one line, without the characters that have no UTF-8 form; None where nothing is left."""
    return " ".join(value.encode("utf-8", "ignore").decode().split()) or None
