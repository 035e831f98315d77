"""What every reader is given: one `Input` a file, one set of `Options`, one limit for all formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from kliping.model import RawDocument, Refusal

MAX_RECORD_BYTES = 16 * 2**20
"""The longest document or record, after decompression. The longest articles hold a few hundred kilobytes,
the heaviest pages a few megabytes: what is longer is no article."""


@dataclass(frozen=True, slots=True)
class Options:
    """How records are read. A field name that is None is guessed from knowledge/columns.toml."""

    text_field: str | None = None
    url_field: str | None = None
    date_field: str | None = None
    """Of the publication date."""
    title_field: str | None = None
    author_field: str | None = None
    outlet_field: str | None = None
    keep_source: bool = False
    """Whether a document extracted from a page carries the page's own bytes."""


class Part(NamedTuple):
    """A stretch of a file of JSON Lines: bytes [start, end), which begin and end with lines."""

    start: int
    end: int
    line: int
    """The number in the file, from 1, of the first line."""


class Shelf(NamedTuple):
    """One shard of a corpus that is an input."""

    number: int
    renamed: frozenset[str] = frozenset()
    """The files of which the documents' names get `prefix`, since another corpus has others of that name."""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One file of a build, or the refusal that stands for it."""

    path: str
    """For kliping.read.opening only: it may hold surrogate escapes and is a path of this machine, or an address."""
    source_path: str
    """Relative to the input root, valid Unicode, unique in its plan."""
    size: int
    """Bytes on the disk; 0 where nobody knows."""
    refusal: Refusal | None = None
    part: Part | None = None
    """What is read of a large file; None: all of it."""
    shard: Shelf | None = None
    """What is read where `path` is the folder of a corpus of kliping's own."""
    version: str | None = None
    """Of a file that stands elsewhere: what changes with it, as its server tells."""

    @property
    def hint(self) -> str:
        """What its name may tell of its format: the source path, of an address without the query."""
        return self.source_path if self.version is None else self.source_path.partition("?")[0]


class Record(NamedTuple):
    """A record that was found in a file and not yet taken apart, which is where a hostile one does its harm."""

    source_path: str
    make: Callable[[], RawDocument | Refusal]


def taken_apart(record: Record) -> RawDocument | Refusal:
    """Return what a record holds, or the refusal `failed` where that cannot be found out."""
    try:
        return record.make()
    except Exception as error:
        return Refusal(record.source_path, None, "failed", f"Reading it failed: {type(error).__name__}: {error}")


def finished(item: RawDocument | Refusal) -> Record:
    """Return the record of what is a document or a refusal already."""
    return Record(item.source_path, lambda: item)
