"""Files, folders and globs to raw documents: every input gives a document or a refusal, and memory stays bounded.

Formats are told apart by content. `plan` says which files there are, `records` finds what one holds, `read` makes
documents of that, `documents` does it all. One module a format, by the table READERS.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from kliping.encoding import Decoded, decode
from kliping.model import RawDocument, Refusal
from kliping.read import archives, delimited, foreign, json_values, jsonl, parquet, salvage, text
from kliping.read.opening import on_disk, opened
from kliping.read.options import MAX_RECORD_BYTES, Input, Options, Record, finished
from kliping.read.parts import parts, stretch
from kliping.read.paths import plan
from kliping.read.sniff import sniff
from kliping.read.streams import Damaged, as_utf8, chunks, head_codec, is_packed, unpacked, with_head

__all__ = [
    "MAX_RECORD_BYTES", "Decoded", "Input", "Options", "Record",
    "decode", "documents", "page_in", "parts", "plan", "read", "records",
]  # fmt: skip

DEFAULT = Options()


class Reader(NamedTuple):
    """How a format is read: `read` of this module takes its bytes in chunks, or, to seek in, an input it can open."""

    module: ModuleType | str
    """What takes long to import is named."""
    seeks: bool = False
    lines: bool = False
    """Whether its syntax is of characters, so that it is read in UTF-8 whatever the file is in."""


READERS = {
    "text": Reader(text),
    "html": Reader("html"),
    "mhtml": Reader("mhtml"),
    "jsonl": Reader(jsonl, lines=True),
    "json": Reader(json_values, lines=True),
    "csv": Reader(delimited, lines=True),
    "workbook": Reader("workbook", seeks=True),
    "parquet": Reader(parquet, seeks=True),
    "arrow": Reader("arrow", seeks=True),
    "warc": Reader("warc"),
    "arc": Reader("arc"),
}
"""The formats whose records are documents, as `sniff` names them; archives hold files, and `foreign` nothing."""


PAGES = ("html", "mhtml")
"""The formats that are a page of the web."""


def page_in(data: bytes, source_path: str, options: Options = DEFAULT) -> RawDocument | Refusal | None:
    """Return the document of the page of the web that these bytes are, as a file of them would give it; else None.

    >>> page_in(b"Harga cabai turun.", "-") is None
    True
    """
    if b"<" not in data or (form := sniff(data, options=options)) not in PAGES:
        return None
    (record,) = _module(READERS[form]).read([data], Input("", source_path, len(data)), options)
    page: RawDocument | Refusal = record.make()
    return page


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
    """
    if one.refusal is not None:
        yield finished(one.refusal)
    elif one.part is not None:
        yield from _guarded(_of_part(one, options), one, may_be_empty=True)
    else:
        yield from _guarded(_of_file(one, options), one)


def _guarded(found: Iterator[Record], one: Input, may_be_empty: bool = False) -> Iterator[Record]:
    """The records of a file or of a member of an archive, and the refusal that ends or stands for them."""
    try:
        for record in found:
            may_be_empty = True
            yield record
    except Damaged as damage:
        yield _refused(one, damage.reason, damage.detail)
    except OSError as error:
        yield _refused(one, "unreadable", f"{error.strerror or 'It cannot be read'}.")
    else:
        if not may_be_empty:
            yield _refused(one, "empty", "The file holds no record.")


def _refused(one: Input, reason: str, detail: str) -> Record:
    return finished(Refusal(one.source_path, None, reason, detail))


def _of_part(one: Input, options: Options) -> Iterator[Record]:
    assert one.part is not None
    with opened(one) as file:
        yield from jsonl.read(stretch(file, one.part), one, options)


def _of_file(one: Input, options: Options) -> Iterator[Record]:
    with opened(one) as file:
        archive = salvage.archive_form(file) if file.seekable() else None
        if archive is not None:
            yield from _module(READERS[archive]).read(salvage.salvaged(file), one, options)
            return
        on_its_own = file.seekable() and not is_packed(file.peek(16))
        yield from _of_bytes(chunks(file), one, options, on_its_own=on_its_own)


def _of_bytes(
    source: Iterable[bytes], one: Input, options: Options, on_its_own: bool = False, inside: bool = False
) -> Iterator[Record]:
    """The records in the unpacked bytes of a file, which may be its own (`on_its_own`), or of an archive's member."""
    source = with_head(source)
    head = next(source, b"")
    form = sniff(head, one.hint, options)
    source = itertools.chain([head], source)
    if form == "foreign":
        yield finished(foreign.of_head(head, one.hint).refused(one.source_path))
    elif form == "tar":
        yield from _of_members(archives.tar_members(source, one), one, options, inside)
    elif form == "zip" or READERS[form].seeks:
        with ExitStack() as stack:
            file = one if on_its_own else stack.enter_context(on_disk(source, one))
            yield from _of_zip(file, options, inside) if form == "zip" else _module(READERS[form]).read(file, options)
    else:
        reader = READERS[form]
        codec = head_codec(head) if reader.lines else None
        yield from _module(reader).read(as_utf8(source, codec) if codec else source, one, options)


def _of_zip(one: Input, options: Options, inside: bool) -> Iterator[Record]:
    """The records of a ZIP archive, which may be a workbook or another document of several parts."""
    names = archives.zip_names(one)
    package = foreign.of_package(names)
    if archives.is_workbook(names):
        yield from _module(READERS["workbook"]).read(one, options)
    elif package is not None:
        yield finished(package.refused(one.source_path))
    else:
        yield from _of_members(archives.zip_members(one), one, options, inside)


def _of_members(
    members: Iterable[archives.Member | Record], one: Input, options: Options, inside: bool
) -> Iterator[Record]:
    if inside:
        yield finished(foreign.ARCHIVE_INSIDE.refused(one.source_path))
        return
    for member in members:
        if isinstance(member, Record):
            yield member
        else:
            found = _of_bytes(unpacked(member.source), member.one, options, inside=True)
            yield from _guarded(found, member.one)


def _module(reader: Reader) -> ModuleType:
    return import_module(f"kliping.read.{reader.module}") if isinstance(reader.module, str) else reader.module
