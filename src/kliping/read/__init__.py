"""Files, folders and globs to raw documents: every input gives a document or a refusal, and memory stays bounded.

Formats are told apart by content. `plan` says which files there are, `records` finds what one holds, `read` makes
documents of that, `documents` does it all. One module a format; text, JSON Lines and Parquet need nothing more, HTML
and WARC are an extra.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from kliping.encoding import Decoded, decode
from kliping.model import RawDocument, Refusal
from kliping.read import jsonl, parquet, salvage, text
from kliping.read.options import MAX_RECORD_BYTES, Input, MissingExtra, Options, Record, finished
from kliping.read.parts import parts, stretch
from kliping.read.paths import plan
from kliping.read.sniff import sniff
from kliping.read.streams import Damaged, chunks

__all__ = [
    "MAX_RECORD_BYTES", "Decoded", "Input", "MissingExtra", "Options", "Record",
    "decode", "documents", "parts", "plan", "read", "records",
]  # fmt: skip

DEFAULT = Options()


def documents(inputs: Sequence[str | Path], options: Options = DEFAULT) -> Iterator[RawDocument | Refusal]:
    """Yield every document of `inputs`, in the order of their source paths."""
    for one in plan(inputs):
        yield from read(one, options)


def read(one: Input, options: Options = DEFAULT) -> Iterator[RawDocument | Refusal]:
    """Return the documents of one file, and a refusal for each record that is none, as `records` finds them."""
    return (record.make() for record in records(one, options))


def records(one: Input, options: Options = DEFAULT) -> Iterator[Record]:
    """Yield what one file holds; at least one record, unless it is a part of a file.

    Damage in the middle of a file costs what stands behind it: the records before it are given, then one refusal.
    Raises MissingExtra where the file needs a part of kliping that is not installed.
    """
    if one.refusal is not None:
        yield finished(one.refusal)
        return
    empty = one.part is None
    try:
        for record in _found(one, options):
            empty = False
            yield record
    except Damaged as damage:
        empty = False
        yield _refused(one, damage.reason, damage.detail)
    except OSError as error:
        empty = False
        yield _refused(one, "unreadable", f"{error.strerror or 'It cannot be read'}.")
    if empty:
        yield _refused(one, "empty", "The file holds no record.")


def _refused(one: Input, reason: str, detail: str) -> Record:
    return finished(Refusal(one.source_path, None, reason, detail))


def _found(one: Input, options: Options) -> Iterator[Record]:
    with open(one.path, "rb") as file:
        if one.part is not None:
            yield from jsonl.read(stretch(file, one.part), one, options)
            return
        packed = file.peek(4)[:4] != b"PAR1"
        archive = salvage.archive_form(file) if file.seekable() else None
        if archive is not None:
            yield from _extra(archive, "web pages", one).read(salvage.salvaged(file), one, options)
            return
        source = chunks(file)
        head = next(source, b"")
        form = sniff(head)
        if form == "parquet" and not packed:
            yield from parquet.read(one, options)
            return
        yield from _streamed(form, itertools.chain([head], source), one, options)


def _streamed(form: str, source: Iterable[bytes], one: Input, options: Options) -> Iterator[Record]:
    if form == "jsonl":
        yield from jsonl.read(source, one, options)
    elif form in ("warc", "arc"):
        yield from _extra(form, "web pages", one).read(source, one, options)
    elif form == "html":
        yield from _extra("html", "an HTML page", one).read(source, one, options)
    elif form == "json":
        detail = "JSON that is one value over many lines; give one object a line (JSON Lines)."
        yield _refused(one, "unsupported-format", detail)
    else:
        yield from text.read(source, one)


def _extra(module: str, holds: str, one: Input) -> ModuleType:
    try:
        return import_module(f"kliping.read.{module}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("kliping"):
            raise
        raise MissingExtra(one.source_path, holds, "html") from error
