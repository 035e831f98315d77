"""A record of a dump (a JSON object, a row) to a document: by what its fields are called, and what they hold.

A record's text becomes the raw bytes in UTF-8; markup of HTML is read as the page that it is a part of. The other
fields become input metadata, under the rule `column:NAME`; what speaks of the crawl and not of the article (`date` in
FineWeb-2, `timestamp` in mC4) becomes `retrieved_at`.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from kliping import knowledge
from kliping.model import InputValue, RawDocument, Refusal
from kliping.read import moments
from kliping.read.fields import (
    PUBLISHED,
    RETRIEVED,
    TEXT,
    URL,
    Fields,
    fields,
    is_container,
    may_be_printed,
    named_fields,
    plain_name,
)
from kliping.read.fragments import fragment
from kliping.read.options import MAX_RECORD_BYTES, Options
from kliping.read.passages import is_prose, passage, visible_size
from kliping.read.values import (
    first_line,
    is_empty,
    leads_to_a_page,
    lines_of,
    unwrapped,
    web_address,
)

_LISTS = ("authors", "editors", "tags")
_COLUMNS = frozenset(["headline", "subheadline", "outlet_name", *_LISTS])
_OF_SITES = frozenset(["source", "sumber", "sumberberita", "sourceurl", "sourcelink"])
"""Fields that hold a site's address as often as a page's."""
_DEEPEST = 4
_LONGEST_PRINTED = 65_536
"""Characters of a printed object that is parsed."""
_NAMES_TOLD, _LONGEST_NAME = 12, 60


@dataclass(frozen=True, slots=True)
class ReadFields:
    """What a record's fields were read as, by their names and values."""

    text: str | bytes | None
    url: str | None
    retrieved_at: datetime | None
    metadata: tuple[InputValue, ...]
    fields: tuple[tuple[str, str], ...]
    """Every field of the record, those inside of others with dots, and what it was read as: TEXT, URL, RETRIEVED,
    PUBLISHED, a column of `articles`, or "" where it was not read."""


def record_document(record: Mapping[str, Any], source_path: str, options: Options) -> RawDocument | Refusal:
    """Return the document that `record` holds.

    Or the refusal: `no-text-field`, `empty`, `lone-surrogate`, `too-large`; of markup those of `html.page_document`.
    """
    opened, known = _opened(record, options)
    found = _reading(opened, known, options)
    text = found.text
    if text is None:
        return replace(_without_text(opened, known, source_path, options), fields=found.fields)
    try:
        data = text.encode() if isinstance(text, str) else text
    except UnicodeEncodeError as error:
        detail = f"Half of a surrogate pair stands at character {error.start}, so the text has no UTF-8 form."
        return Refusal(source_path, None, "lone-surrogate", detail, found.fields)
    if len(data) > MAX_RECORD_BYTES:
        detail = f"The text is longer than {MAX_RECORD_BYTES:,} bytes."
        return Refusal(source_path, None, "too-large", detail, found.fields)
    markup = _markup(text)
    if markup is None:
        return RawDocument(data, source_path, found.url, found.retrieved_at, found.metadata, fields=found.fields)
    return _from_markup(markup, source_path, options, found)


def read_fields(record: Mapping[str, Any], options: Options) -> ReadFields:
    """Return what the record's fields are read as."""
    return _reading(*_opened(record, options), options)


def _markup(text: str | bytes) -> str | None:
    """The markup that a text is, None where it is plain; of bytes only those in UTF-8 are looked at."""
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError:
            return None
    return fragment(text) if "<" in text or "&" in text else None


def _from_markup(markup: str, source_path: str, options: Options, found: ReadFields) -> RawDocument | Refusal:
    from kliping.read import html  # only here: most records hold no markup, and every worker imports this module

    page = html.page_document(markup.encode(), source_path, options, found.url, found.retrieved_at)
    if isinstance(page, Refusal):
        return replace(page, fields=found.fields)
    metadata = tuple(dict.fromkeys([*found.metadata, *page.metadata]))
    return replace(page, metadata=metadata, fields=found.fields)


def _without_text(record: Mapping[str, Any], known: Fields, source_path: str, options: Options) -> Refusal:
    filled = next((name for name in (*known.of(TEXT), *known.markup) if record[name] is not None), None)
    if filled is not None and is_empty(record[filled]):
        return Refusal(source_path, None, "empty", f"The field {filled[:_LONGEST_NAME]!r} holds no text.")
    return _no_text_field(tuple(record), known, source_path, options)


def table_without_text(names: tuple[str, ...], source_path: str, options: Options) -> Refusal:
    """Return the refusal of a whole table, none of whose columns, `names`, can hold a text."""
    refusal = _no_text_field(names, fields(names, options), source_path, options)
    return replace(refusal, fields=tuple((name, "") for name in names))


def _no_text_field(there: Sequence[str], known: Fields, source_path: str, options: Options) -> Refusal:
    named = named_fields(options).get(TEXT)
    wanted = f"the field {named!r}" if named and not known.of(TEXT) else "a field with the article's text"
    names = ", ".join(repr(name[:_LONGEST_NAME]) for name in there[:_NAMES_TOLD])
    more = f" and {len(there) - _NAMES_TOLD} more" if len(there) > _NAMES_TOLD else ""
    detail = f"It lacks {wanted}; it has {names or 'no field'}{more}. --text-field says which field holds the text."
    return Refusal(source_path, None, "no-text-field", detail)


def _opened(record: Mapping[str, Any], options: Options) -> tuple[Mapping[str, Any], Fields]:
    """The record with the fields that stand inside of others, under names with dots, and what they may hold."""
    known = fields(tuple(record), options)
    inner = {name: within for name in known.containers if (within := _object(name, record[name])) is not None}
    if not inner:
        return record, known
    paths = [field for field in named_fields(options).values() if "." in field]
    opened: dict[str, Any] = {}
    for name, value in record.items():
        if name in inner:
            opened.update(_flat(name, inner[name], paths, 1))
        else:
            opened[name] = value
    return opened, fields(tuple(opened), options)


def _flat(path: str, inner: Mapping[Any, Any], paths: Sequence[str], depth: int) -> Iterator[tuple[str, Any]]:
    for key, value in inner.items():
        name = f"{path}.{key}"
        opens = is_container(name) or any(wanted.startswith(f"{name}.") for wanted in paths)
        within = _object(name, value) if opens and depth < _DEEPEST else None
        if within is None:
            yield name, value
        else:
            yield from _flat(name, within, paths, depth + 1)


def _object(name: str, value: object) -> Mapping[Any, Any] | None:
    """The record that a field holds: an object, a map of Arrow, or one of these printed into a string."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value and all(isinstance(pair, tuple) and len(pair) == 2 for pair in value):
        return dict(value)
    if isinstance(value, str) and value.lstrip()[:1] == "{" and may_be_printed(name):
        return _parsed(value)
    return None


def _parsed(text: str) -> Mapping[Any, Any] | None:
    found = None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        if len(text) <= _LONGEST_PRINTED:
            try:
                found = ast.literal_eval(text.strip())
            except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
                return None
    return found if isinstance(found, dict) else None


def _reading(record: Mapping[str, Any], known: Fields, options: Options) -> ReadFields:
    name, text = _text(record, known)
    used = {TEXT: name}
    used[URL], url = _url(record, known.of(URL))
    used[RETRIEVED], retrieved_at = _retrieved(record, known.of(RETRIEVED))
    values: list[InputValue] = []
    for column, candidates in known.candidates.items():
        if column in _COLUMNS:
            used[column], found = _values(record, column, candidates)
            values += found
    used[PUBLISHED], dates = _published(record, known.of(PUBLISHED))
    for column in named_fields(options):
        used[column] = next(iter(known.of(column)), None)
    return ReadFields(text, url, retrieved_at, (*values, *dates), _uses(tuple(record), tuple(used.items())))


@lru_cache(maxsize=1024)
def _uses(names: tuple[str, ...], used: tuple[tuple[str, str | None], ...]) -> tuple[tuple[str, str], ...]:
    by_name = {name: column for column, name in used if name is not None}
    return tuple((name, by_name.get(name, "")) for name in names)


def _text(record: Mapping[str, Any], known: Fields) -> tuple[str | None, str | bytes | None]:
    """The field with the text, and the text.

    Of those whose names promise it, it is the first that holds at least half as much as the longest; where none of
    these is running text, it is the one nameless field that is; then the first that holds markup.
    """
    named = [(name, text) for name in known.of(TEXT) if (text := passage(record[name])) is not None]
    if known.unnamed or len(named) > 1:
        named = [
            (name, text) for name, text in named if not (isinstance(text, str) and knowledge.is_address(text.strip()))
        ]
    best = _first_of_size(named)
    if known.unnamed and (best is None or not is_prose(best[1])):
        best = _nameless(record, known, 2 * visible_size(best[1]) if best else 0) or best
    if best is None:
        pages = ((name, page) for name in known.markup if isinstance(page := record[name], str | bytes))
        best = next(((name, page) for name, page in pages if not is_empty(page)), None)
    return best or (None, None)


def _first_of_size(texts: Sequence[tuple[str, str | bytes]]) -> tuple[str, str | bytes] | None:
    if len(texts) < 2:
        return texts[0] if texts else None
    sizes = [visible_size(text) for _, text in texts]
    return next(pair for pair, size in zip(texts, sizes, strict=True) if 2 * size >= max(sizes))


def _nameless(record: Mapping[str, Any], known: Fields, least: int) -> tuple[str, str] | None:
    """The running text longer than `least` in a field whose name promises nothing; none where two are about as long."""
    texts = [(len(text), name, text) for name in known.unnamed if is_prose(text := record[name]) and len(text) > least]
    texts.sort(reverse=True)
    if not texts or (len(texts) > 1 and texts[0][0] < 2 * texts[1][0]):
        return None
    return texts[0][1:]


def _url(record: Mapping[str, Any], candidates: Sequence[str]) -> tuple[str | None, str | None]:
    """The first address of a page; failing that, of a site in a field that should hold a page's."""
    site: tuple[str | None, str | None] = (None, None)
    for name in candidates:
        text = web_address(record[name])
        if text is not None and leads_to_a_page(text):
            return name, text
        if text is not None and site[1] is None and plain_name(name) not in _OF_SITES:
            site = name, text
    return site


def _retrieved(record: Mapping[str, Any], candidates: Sequence[str]) -> tuple[str | None, datetime | None]:
    moments_by_name = ((name, moments.retrieved(unwrapped(record[name]))) for name in candidates)
    return next(((name, moment) for name, moment in moments_by_name if moment is not None), (None, None))


def _published(record: Mapping[str, Any], candidates: Sequence[str]) -> tuple[str | None, list[InputValue]]:
    """The first date that a page can have, failing that the first at all: the layer `metadata` says why it is none."""
    first: tuple[str | None, list[InputValue]] = (None, [])
    for name in candidates:
        value = unwrapped(record[name])
        zone = UTC if plain_name(name) in _in_utc() else None
        values = [] if is_empty(value) else moments.publication_values(value, f"column:{name}", zone)
        if values and (values[-1].value[:4].isdigit() and int(values[-1].value[:4]) not in knowledge.page_years()):
            first = first if first[1] else (name, values)
        elif values:
            return name, values
    return first


@cache
def _in_utc() -> frozenset[str]:
    return frozenset(map(plain_name, knowledge.load("columns.toml")["published"]["in_utc"]))


def _values(record: Mapping[str, Any], column: str, candidates: Sequence[str]) -> tuple[str | None, list[InputValue]]:
    """The values of the first field that has any for this column."""
    for name in candidates:
        values = [InputValue(column, text, f"column:{name}") for text in _of_column(column, record[name])]
        if values:
            return name, values
    return None, []


def _of_column(column: str, value: object) -> Iterator[str]:
    """What a field says for a column: of a list of people or topics all, else the first; an address is no name."""
    if column not in _LISTS:
        text = first_line(value)
        if text is not None and (column == "outlet_name" or not knowledge.is_address(text)):
            yield text
        return
    for text in lines_of(value):
        for one in text.split(";"):
            if one.strip() and not knowledge.is_reachable(one.strip()):
                yield one.strip()
