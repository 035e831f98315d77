"""Files, folders and globs to raw documents: every input gives a document or a refusal, and memory stays bounded.

Formats are told apart by content. `plan` says which files there are, `read` streams one, `documents` does both. One
module a format; text, JSON Lines and Parquet need nothing more, HTML and WARC are an extra.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from kliping.model import RawDocument, Refusal
from kliping.read import jsonl, parquet, text
from kliping.read.encoding import Decoded, decode
from kliping.read.options import MAX_RECORD_BYTES, Input, MissingExtra, Options
from kliping.read.paths import plan
from kliping.read.sniff import sniff
from kliping.read.streams import Damaged, chunks

__all__ = [
    "MAX_RECORD_BYTES", "Decoded", "Input", "MissingExtra", "Options",
    "decode", "documents", "plan", "read",
]  # fmt: skip

DEFAULT = Options()


def documents(inputs: Sequence[str | Path], options: Options = DEFAULT) -> Iterator[RawDocument | Refusal]:
    """Every document of `inputs`, in the order of their source paths."""
    for one in plan(inputs):
        yield from read(one, options)


def read(one: Input, options: Options = DEFAULT) -> Iterator[RawDocument | Refusal]:
    """The documents of one file, and a refusal for each record that is none; at least one item.

    Damage in the middle of a file costs what stands behind it: the records before it are given, then one refusal.
    Raises MissingExtra where the file needs a part of kliping that is not installed.
    """
    if one.refusal is not None:
        yield one.refusal
        return
    empty = True
    try:
        for item in _items(one, options):
            empty = False
            yield item
    except Damaged as damage:
        empty = False
        yield Refusal(one.source_path, None, damage.reason, damage.detail)
    except OSError as error:
        empty = False
        yield Refusal(one.source_path, None, "unreadable", f"{error.strerror or 'It cannot be read'}.")
    if empty:
        yield Refusal(one.source_path, None, "empty", "The file holds no record.")


def _items(one: Input, options: Options) -> Iterator[RawDocument | Refusal]:
    with open(one.path, "rb") as file:
        packed = file.peek(4)[:4] != b"PAR1"
        source = chunks(file)
        head = next(source, b"")
        form = sniff(head)
        if form == "parquet" and not packed:
            yield from parquet.read(one, options)
            return
        yield from _streamed(form, itertools.chain([head], source), one, options)


def _streamed(form: str, source: Iterable[bytes], one: Input, options: Options) -> Iterator[RawDocument | Refusal]:
    if form == "jsonl":
        yield from jsonl.read(source, one, options)
    elif form == "warc":
        yield from _extra("warc", "web pages", one).read(source, one, options)
    elif form == "html":
        yield from _extra("html", "an HTML page", one).read(source, one, options)
    elif form == "json":
        detail = "JSON that is one value over many lines; give one object a line (JSON Lines)."
        yield Refusal(one.source_path, None, "unsupported-format", detail)
    else:
        yield from text.read(source, one)


def _extra(module: str, holds: str, one: Input) -> ModuleType:
    try:
        return import_module(f"kliping.read.{module}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("kliping"):
            raise
        raise MissingExtra(one.source_path, holds, "html") from error
