"""The bytes of an archive's file, read on behind damage: a gzip member that cannot be read costs itself.

Archives of the web pack every record as a member of its own, so what stands behind a damaged one can be found again:
where the next member begins.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Generator, Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple

from kliping.read import streams
from kliping.read.streams import CHUNK, GZIP, Damaged

_HEADER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]", re.DOTALL)
"""Of a gzip member, as programs write it (RFC 1952, section 2.3). Once in 10^11 bytes of packed data by chance."""
_HEADER_BYTES = 10
_OPENINGS = {"warc": re.compile(rb"WARC/[01]"), "arc": re.compile(rb"filedesc:|https?://")}
_MEMBERS_TRIED = 8
_FIRST_SLICE, _SLICE = 2**9, 2**16
"""Packed bytes that are handed over at once, at the beginning of a member and later."""
_WINDOW = 4 * 2**20
"""Bytes of a member that are kept while it is read, to look in for the next one where it is damaged."""
_PATIENCE = 8
"""How many times as many bytes may be unpacked in vain as the file has: beyond it, what was unpacked is passed over."""


class Gap(NamedTuple):
    """A place in an archive where bytes are missing."""

    detail: str
    """What is damaged, as a sentence."""
    given: int
    """How many bytes before the gap come from the damaged member and may be wrong."""


class MemberDamage(Damaged):
    """Damage with no gzip member behind it."""

    def __init__(self, detail: str, given: int) -> None:
        super().__init__("truncated", detail)
        self.given = given
        """How many of the last bytes come from the damaged member and may be wrong."""


def archive_form(file: BinaryIO) -> str | None:
    """Return `warc` or `arc` where one of the first gzip members of a file holds a record of one, else None.

    So an archive is known whose first member is damaged. The file has to be seekable, and stands at its beginning
    afterwards.
    """
    head = file.read(len(GZIP))
    if head == GZIP:
        head += file.read(CHUNK)
    file.seek(0)
    for match in islice(_HEADER.finditer(head), _MEMBERS_TRIED):
        try:
            start = zlib.decompressobj(wbits=31).decompress(head[match.start() : match.start() + _SLICE], 16)
        except zlib.error:
            continue
        for form, opening in _OPENINGS.items():
            if opening.match(start):
                return form
    return None


def salvaged(file: BinaryIO) -> Iterator[bytes | Gap]:
    """Yield the unpacked bytes of a gzip file, at most 1 MiB at a time, and its gaps.

    Raises MemberDamage behind the last bytes where no member stands behind damage, Damaged where one is a bomb.
    """
    return _Members(file).read()


class _Members:
    """The gzip members of a file, one after the other."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._kept = bytearray()
        self._start = 0
        """Where in the file `_kept` begins."""
        self._wasted = 0
        """Bytes that were unpacked in vain."""

    def read(self) -> Iterator[bytes | Gap]:
        position = 0
        while self._skip_padding(position):
            position = yield from self._member(self._start)

    def _member(self, start: int) -> Generator[bytes | Gap, None, int]:
        """Yield what the member at `start` unpacks to; return where to read on."""
        unpacker, at, given, data, size = zlib.decompressobj(wbits=31), start, 0, b"", _FIRST_SLICE
        detail = "The gzip data ends early."
        try:
            while not unpacker.eof:
                data, size = self._at(at)[:size], min(2 * size, _SLICE)
                out = unpacker.decompress(data, CHUNK)
                at += len(data) - len(unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail)
                given += len(out)
                if given > streams.BOMB_FLOOR and given > streams.BOMB_RATIO * (at - start):
                    detail = f"A gzip member unpacks to more than {streams.BOMB_RATIO} times its size."
                    raise Damaged("decompression-bomb", detail)
                if out:
                    yield out
                elif not data:
                    break
        except zlib.error as error:
            detail = f"The gzip data is damaged ({error})."
        if unpacker.eof:
            return at
        self._wasted += at + len(data) - start
        patient = self._wasted < _PATIENCE * (start + CHUNK)
        found = self._next_member(start + 1 if patient else at + len(data))
        if found is None:
            raise MemberDamage(detail, given)
        yield Gap(detail, given)
        return found

    def _at(self, position: int) -> bytes:
        """_SLICE bytes from `position` on, fewer only at the file's end; what stands long before is forgotten."""
        while position + _SLICE > self._start + len(self._kept) and (block := self._file.read(CHUNK)):
            surplus = max(0, len(self._kept) - _WINDOW)
            del self._kept[:surplus]
            self._start += surplus
            self._kept += block
        offset = position - self._start
        return bytes(self._kept[offset : offset + _SLICE])

    def _skip_padding(self, position: int) -> bool:
        """Forget what stands before `position` and the NUL bytes there; return whether anything is left."""
        while data := self._at(position):
            padding = len(data) - len(data.lstrip(b"\0"))
            position += padding
            if padding < len(data):
                del self._kept[: position - self._start]
                self._start = position
                return True
        return False

    def _next_member(self, position: int) -> int | None:
        """Where from `position` on the next member begins."""
        position = max(position, self._start)
        while data := self._at(position):
            if match := _HEADER.search(data):
                return position + match.start()
            position += max(len(data) - _HEADER_BYTES + 1, 1)
        return None
