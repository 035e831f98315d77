"""One document a line of JSON: a broken line is one refusal, and reading goes on with the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import partial

from kliping.model import RawDocument, Refusal
from kliping.read import records
from kliping.read.options import MAX_RECORD_BYTES, Input, Options, Record, finished
from kliping.read.streams import lines

_LONGEST_LINE = 2 * MAX_RECORD_BYTES
"""A record's text, its other fields and JSON's escapes."""


def read(source: Iterable[bytes], one: Input, options: Options) -> Iterator[Record]:
    """Yield the records of a JSON Lines file or a part of one in its order, `file#N` for line N.

    Blank lines are no records.
    """
    for number, line in lines(source, _LONGEST_LINE, one.part.line if one.part else 1):
        name = f"{one.source_path}#{number}"
        if line is None:
            yield finished(Refusal(name, None, "too-large", f"The line is longer than {_LONGEST_LINE:,} bytes."))
        elif line and not line.isspace():
            text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            yield Record(name, partial(_document, text, name, options))


def _document(line: bytes, name: str, options: Options) -> RawDocument | Refusal:
    try:
        record = json.loads(line.decode())
    except UnicodeDecodeError as error:
        return _broken(line, name, f"The line is not UTF-8 (byte {error.start + 1}).")
    except json.JSONDecodeError as error:
        return _broken(line, name, f"The line is not JSON: {error.msg} at character {error.pos + 1}.")
    except (ValueError, RecursionError):
        return _broken(line, name, "The line is JSON beyond what can be read: too deep, or a number too long.")
    if not isinstance(record, dict):
        return _broken(line, name, "The line is JSON but not an object with named fields.")
    return records.record_document(record, name, options)


def _broken(line: bytes, name: str, detail: str) -> Refusal:
    return Refusal(name, hashlib.sha256(line).hexdigest(), "broken-record", detail)
