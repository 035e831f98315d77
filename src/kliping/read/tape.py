"""An archive as a tape of records: read once, in bounded memory and linear time, on behind whatever is damaged.

A record that is wrong about its own length is known by what stands behind it, where no other record begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from kliping.read.options import MAX_RECORD_BYTES
from kliping.read.salvage import Gap, MemberDamage
from kliping.read.streams import CHUNK, Damaged

LONGEST_LINE = 2**16
"""Bytes of a line in a header. Servers and crawlers stop at 8 to 64 KiB."""
_LONGEST_BEGINNING = 2**13
"""Bytes in which a record shows that it begins."""
_BETWEEN = 64
"""Blank bytes between two records that are looked at; archives have two or four."""


class Unreadable(Exception):
    """A record whose header cannot be read, in words."""


class Head(NamedTuple):
    """The header of a record."""

    length: int
    """Bytes of its block."""
    fields: dict[str, str]
    """By names in lower case."""


class Found(NamedTuple):
    """A record of an archive."""

    number: int
    """From 1."""
    fields: dict[str, str]
    block: bytes
    """Empty where the record is wrong."""
    wrong: str = ""
    """Why the record cannot be read whole, as a sentence; empty where it can."""
    reason: str = "broken-record"
    """The reason that goes with `wrong`."""
    is_followed: bool = False
    """Whether something that is no record stands behind it, which may be the rest of it."""


class Tape:
    """The bytes of an archive from where it stands, up to the next place where some are missing."""

    def __init__(self, source: Iterable[bytes | Gap], beginning: str, openings: tuple[bytes, ...]) -> None:
        """`beginning` is the regex of a record's first line, `openings` are the words that may open it."""
        self._source: Iterator[bytes | Gap] = iter(source)
        self._openings = openings
        self._begins = re.compile(rb"[\r\n]{0,%d}(?:%b)" % (_BETWEEN, beginning.encode()))
        self._next = re.compile(rb"\n(?=" + beginning.encode() + rb")")
        self._data = bytearray()
        self._at = 0
        self._over = False
        self.gap: Gap | None = None
        """The gap behind the bytes that are held in memory."""
        self.ended: Damaged | None = None
        """What ended the archive too early."""

    def has(self, size: int) -> bool:
        """Tell whether `size` bytes follow; they are held in memory then."""
        while len(self._data) - self._at < size and self.gap is None and not self._over:
            self._load()
        return len(self._data) - self._at >= size

    def _load(self) -> None:
        try:
            item = next(self._source, None)
        except Damaged as damage:
            self.ended, item = damage, None
        if isinstance(item, Gap):
            self.gap = item
        elif item is None:
            self._over = True
        else:
            if self._at >= CHUNK:
                del self._data[: self._at]
                self._at = 0
            self._data += item

    def peek(self, size: int, offset: int = 0) -> bytes:
        """Return up to `size` bytes that stand `offset` bytes from here."""
        self.has(offset + size)
        return bytes(self._data[self._at + offset : self._at + offset + size])

    def take(self, size: int) -> bytes:
        """Return up to `size` bytes and stand behind them."""
        block = self.peek(size)
        self._at += len(block)
        return block

    def line(self) -> bytes:
        """Return up to LONGEST_LINE bytes of the line that begins here, with its end, and stand behind them."""
        size, end = 64, 0
        while not end and size < LONGEST_LINE:
            size *= 4
            more = self.has(size)
            end = self._data.find(b"\n", self._at, self._at + size) + 1
            if not more:
                break
        return self.take(end - self._at if end else size)

    def skip_blank(self) -> None:
        """Stand at the next byte that ends no line."""
        while block := self.peek(_BETWEEN):
            left = len(block.lstrip(b"\r\n"))
            self._at += len(block) - left
            if left:
                return

    def begins(self, offset: int = 0) -> bool:
        """Tell whether a record begins `offset` bytes from here, or behind blank bytes there."""
        self.has(offset + _LONGEST_BEGINNING)
        return self._begins.match(self._data, self._at + offset) is not None

    def ends_in_a_beginning(self, offset: int) -> bool:
        """Tell whether nothing but the first part of a record's first line stands `offset` bytes from here."""
        rest = self.peek(_LONGEST_BEGINNING, offset).lstrip(b"\r\n")
        return (
            len(rest) < _LONGEST_BEGINNING - _BETWEEN
            and b"\n" not in rest
            and any(opening.startswith(rest[: len(opening)]) for opening in self._openings)
        )

    def next_record(self, size: int) -> int | None:
        """Return how far from here, within `size` bytes, a line begins a record."""
        self.has(size + _LONGEST_BEGINNING)
        match = self._next.search(self._data, self._at, self._at + size + _LONGEST_BEGINNING)
        return match.end() - self._at if match and match.end() - self._at <= size else None

    def skip(self, size: int | None = None) -> None:
        """Stand where the next record begins, or `size` bytes from here, or at a gap or the end."""
        while (size is None or size) and self.has(1):
            window = CHUNK if size is None else min(CHUNK, size)
            found = self.next_record(window)
            passed = len(self.take(window if found is None else found))
            if found is not None:
                return
            size = None if size is None else size - passed

    def is_spoilt(self) -> bool:
        """Tell whether damage that was found behind the bytes held in memory makes the last of them doubtful."""
        return self.gap.given > 0 if self.gap else isinstance(self.ended, MemberDamage) and self.ended.given > 0

    def cross(self) -> Gap | None:
        """Stand behind the gap that stands here and return it; None where there is none."""
        gap, self.gap = self.gap, None
        return gap


def unwind(tape: Tape, head: Callable[[Tape], Head]) -> Iterator[Found]:
    """Yield every record of an archive, and as a record with something wrong whatever stands between records.

    `head` reads the header of the record that begins where the tape stands, or raises Unreadable. Raises Damaged
    (`truncated`) where the archive ends inside a record, or what its source raised.
    """
    number = 0
    while True:
        tape.skip_blank()
        if tape.has(1):
            number += 1
            yield _record(tape, head, number)
        elif gap := tape.cross():
            number += 1
            yield Found(number, {}, b"", gap.detail)
        else:
            break
    if tape.ended is not None:
        raise tape.ended


def _record(tape: Tape, head: Callable[[Tape], Head], number: int) -> Found:
    if not tape.begins():
        tape.skip()
        return Found(number, {}, b"", "No record begins where the last one ended.")
    try:
        length, fields = head(tape)
    except Unreadable as error:
        if not tape.begins():
            tape.skip()
        return Found(number, {}, b"", _why(tape, str(error)))
    if length > MAX_RECORD_BYTES:
        tape.skip(length)
        return Found(number, fields, b"", f"The record is longer than {MAX_RECORD_BYTES:,} bytes.", "too-large")
    return _block(tape, number, length, fields)


def _block(tape: Tape, number: int, length: int, fields: dict[str, str]) -> Found:
    """The record whose block begins here, which should be `length` bytes long."""
    behind = tape.peek(_BETWEEN, length)
    is_last = tape.has(length) and len(behind) < _BETWEEN and not behind.strip(b"\r\n")
    if is_last and not tape.is_spoilt():
        return Found(number, fields, tape.take(length))
    if tape.has(length) and not is_last and (not behind.strip(b"\r\n") or tape.begins(length)):
        return Found(number, fields, tape.take(length))
    if (inner := tape.next_record(length)) is not None:
        tape.take(inner)
        detail = f"The record says that it is {length:,} bytes long, but the next one begins after {inner:,}."
        return Found(number, fields, b"", detail)
    if is_last or not tape.has(length):
        tape.take(length)
        tape.skip_blank()
        return Found(number, fields, b"", _why(tape, "The archive ends inside a record."))
    if behind.startswith((b"\r\n", b"\n")):
        is_followed = not tape.ends_in_a_beginning(length)
        return Found(number, fields, tape.take(length), is_followed=is_followed)
    tape.take(length)
    tape.skip()
    return Found(number, fields, b"", f"The record says that it is {length:,} bytes long, but it goes on behind them.")


def _why(tape: Tape, otherwise: str) -> str:
    """Why a record is broken: by the damage that stands here, if any. Raises Damaged at an end that came too early."""
    if tape.has(1):
        return otherwise
    if gap := tape.cross():
        return gap.detail
    raise tape.ended or Damaged("truncated", "The archive ends inside a record.")
