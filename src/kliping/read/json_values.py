"""JSON over any lines: arrays of objects, one object, objects one behind another, an array of objects under a key.

Values are taken one at a time from a buffer that holds one of them, so memory stays bounded. A broken object costs
itself alone: reading goes on at the next one that begins with the same key. `file.json#N` is the Nth record, from 1.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from kliping.model import Refusal
from kliping.read.fields import PUBLISHED, RETRIEVED, TEXT, fields
from kliping.read.options import MAX_RECORD_BYTES, Input, Options, Record, finished
from kliping.read.records import record_document

_LONGEST = MAX_RECORD_BYTES
"""Characters of one value. A larger object may be the wrapping of an array."""
_SPACE = re.compile(r"[\s\ufeff\x1e]*")
_BETWEEN = re.compile(r"[\s,\ufeff\x1e]*")
_FIRST_KEY = re.compile(r'\{\s{0,99}("(?:[^"\\\n]|\\.){1,99}")')
_ANY_OBJECT = re.compile(r"\{")
_ARRAY = re.compile(r"\[\s{0,99}\{")
_OVERLAP = 300
"""Characters that stay in the buffer while the next object is looked for: its beginning may be cut in two."""
_LITERAL = 12
"""Characters from the end within which an error may come of what is not read yet."""
_DEEPEST = 3
"""Objects around the array of records."""


class _Broken(Exception):
    """A value that is no JSON, in words."""


class _TooLong(_Broken):
    """A value that is longer than the limit."""


class _Buffer:
    """The characters of a file from the place on that is read; bytes that are no UTF-8 are lone surrogates."""

    def __init__(self, source: Iterable[bytes]) -> None:
        self._source = iter(source)
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self.text = ""
        self.position = 0
        self.ended = False

    def more(self) -> bool:
        """Read on, at least as much as is waiting, and say whether there was more."""
        pieces = [self.text[self.position :]]
        size, wanted = 0, max(1, min(len(pieces[0]), _LONGEST + 1 - len(pieces[0])))
        while size < wanted and not self.ended:
            chunk = next(self._source, b"")
            self.ended = not chunk
            pieces.append(self._decode(chunk, final=self.ended))
            size += len(pieces[-1])
        self.text, self.position = "".join(pieces), 0
        return size > 0

    def is_at_end(self) -> bool:
        return self.ended and self.position == len(self.text)

    def next(self, between: re.Pattern[str] = _SPACE) -> str:
        """Pass over what stands between values and return the character that follows, empty at the end."""
        while True:
            found = between.match(self.text, self.position)
            self.position = found.end() if found else self.position
            if self.position < len(self.text):
                return self.text[self.position]
            if not self.more():
                return ""

    def value(self) -> Any:
        """Return the value that stands next, and pass over it. Raises _Broken and stays, _TooLong."""
        while True:
            try:
                found, end = _DECODER.raw_decode(self.text, self.position)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated string") or error.pos >= len(self.text) - _LITERAL
                if not cut or self.ended:
                    raise _Broken(f"It is not JSON: {error.msg}.") from None
                if len(self.text) - self.position > _LONGEST:
                    raise _TooLong(f"The value is longer than {_LONGEST:,} characters.") from None
                if not self.more() and self.ended:
                    continue
            except (ValueError, RecursionError):
                raise _Broken("It is JSON beyond what can be read: too deep, or a number too long.") from None
            else:
                if end == len(self.text) and not self.ended and not isinstance(found, dict | list):
                    self.more()
                    continue
                self.position = end
                return found

    def seek(self, pattern: re.Pattern[str]) -> bool:
        """Go to where `pattern` stands next, and say whether it does; else to the end."""
        while True:
            found = pattern.search(self.text, self.position)
            if found:
                self.position = found.start()
                return True
            self.position = max(self.position, len(self.text) - _OVERLAP)
            if not self.more():
                self.position = len(self.text)
                return False


_DECODER = json.JSONDecoder()


class _Names:
    """Numbers the records of a file."""

    def __init__(self, one: Input) -> None:
        self._path = one.source_path
        self._number = 0

    def next(self) -> str:
        self._number += 1
        return f"{self._path}#{self._number}"


def read(source: Iterable[bytes], one: Input, options: Options) -> Iterator[Record]:
    """Yield the records of all values of a file, in its order."""
    buffer, names = _Buffer(source), _Names(one)
    key: re.Pattern[str] | None = None
    while character := buffer.next(_BETWEEN):
        if character == "[":
            buffer.position += 1
            yield from _array(buffer, names, options)
            continue
        key = key or _first_key(buffer)
        try:
            value = buffer.value()
        except _TooLong:
            yield from _wide(buffer, names, options)
        except _Broken as error:
            yield _broken(buffer, names, error, key)
        else:
            for record in _inside(value, options):
                yield _record(record, names.next(), options)


def _array(buffer: _Buffer, names: _Names, options: Options) -> Iterator[Record]:
    """The records of an array whose bracket is passed."""
    key: re.Pattern[str] | None = None
    while (character := buffer.next(_BETWEEN)) != "]":
        if not character:
            yield finished(Refusal(names.next(), None, "truncated", "The file ends inside an array."))
            return
        key = key or _first_key(buffer)
        try:
            value = buffer.value()
        except _Broken as error:
            yield _broken(buffer, names, error, key)
            if buffer.is_at_end():
                return
        else:
            yield _record(value, names.next(), options)
    buffer.position += 1


def _wide(buffer: _Buffer, names: _Names, options: Options) -> Iterator[Record]:
    """The records of the arrays in an object that is longer than a record may be; what else it holds is passed over."""
    found = False
    while buffer.seek(_ARRAY):
        found = True
        buffer.position += 1
        yield from _array(buffer, names, options)
    if not found:
        detail = f"The object is longer than {_LONGEST:,} characters and has no array of objects."
        yield finished(Refusal(names.next(), None, "too-large", detail))


def _first_key(buffer: _Buffer) -> re.Pattern[str] | None:
    """How the objects begin, from the one that stands next."""
    found = _FIRST_KEY.match(buffer.text, buffer.position)
    return re.compile(rf"\{{\s{{0,99}}{re.escape(found[1])}\s{{0,9}}:") if found else None


def _broken(buffer: _Buffer, names: _Names, error: _Broken, key: re.Pattern[str] | None) -> Record:
    """The refusal of the value that stands next, with all up to the object behind it."""
    ended = buffer.ended
    buffer.position += 1
    found = buffer.seek(key or _ANY_OBJECT)
    reason = "too-large" if isinstance(error, _TooLong) else "broken-record" if found or not ended else "truncated"
    detail = str(error) if found else f"{error} No record that can be read follows."
    return finished(Refusal(names.next(), None, reason, detail))


def _record(value: Any, name: str, options: Options) -> Record:
    if not isinstance(value, dict):
        return finished(Refusal(name, None, "broken-record", "It is JSON but not an object with named fields."))
    return Record(name, partial(_document, value, name, options))


def _document(value: Mapping[str, Any], name: str, options: Options) -> Any:
    found = record_document(value, name, options)
    if isinstance(found, Refusal) and found.reason == "lone-surrogate" and _has_stray_bytes(value):
        digest = hashlib.sha256(json.dumps(value).encode()).hexdigest()
        return Refusal(name, digest, "broken-record", "The record is not UTF-8.")
    return found


def _has_stray_bytes(value: object) -> bool:
    return re.search("[\udc80-\udcff]", json.dumps(value, ensure_ascii=False)) is not None


def _inside(value: Any, options: Options, depth: int = 0) -> Iterator[Any]:
    """The records that an object holds, which is one itself if it has a text.

    Else they are the longest array of objects in it, at most two objects deeper; or its values, where all are objects
    (what pandas writes by index), or the rows of columns (by column).
    """
    if not isinstance(value, dict) or not value:
        yield value
        return
    yield from _by_column(value) or _by_key(value, options, depth) or [value]


def _by_column(value: Mapping[str, Any]) -> list[Any]:
    """The rows of a table written column by column: `{"judul": {"0": ..}, "isi": {"0": ..}}`, or split."""
    columns, rows = value.get("columns"), value.get("data")
    if isinstance(columns, list) and isinstance(rows, list) and all(isinstance(row, list) for row in rows):
        return [dict(zip(map(str, columns), row, strict=False)) for row in rows]
    cells = [column for column in value.values() if isinstance(column, dict) and column]
    if len(cells) < len(value) or not all(key.isdigit() for column in cells for key in column):
        return []
    keys = dict.fromkeys(key for column in cells for key in column)
    return [{name: column.get(key) for name, column in value.items()} for key in keys]


def _by_key(value: Mapping[str, Any], options: Options, depth: int) -> list[Any]:
    found = fields(tuple(value), options)
    text = next((value[name] for name in found.of(TEXT) if value[name] is not None), None)
    named = not {TEXT, RETRIEVED, PUBLISHED}.issuperset(found.candidates)
    if text is not None and (named or not _is_rows(text)):
        return []
    arrays: list[list[Any]] = [inner for inner in value.values() if _is_rows(inner)]
    if arrays:
        return max(arrays, key=len)
    objects = [inner for inner in value.values() if isinstance(inner, dict)]
    if len(objects) == len(value) > 1:
        return objects
    if depth + 1 < _DEEPEST:
        deeper = [list(_inside(inner, options, depth + 1)) for inner in objects]
        several = [rows for rows in deeper if len(rows) > 1]
        return max(several, key=len, default=objects if len(value) == 1 else [])
    return []


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
