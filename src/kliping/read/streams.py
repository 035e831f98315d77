"""The bytes of a plain, gzip or Zstandard file, in chunks of bounded size whatever the file holds.

What came before damage is always handed out: `chunks` yields it first and raises `Damaged` afterwards. A stream that
expands beyond reason is cut off, and a line that is too long is passed over without being kept.
"""

from __future__ import annotations

import io
import itertools
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import zstandard

CHUNK = 2**20
GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
BOMB_FLOOR = 64 * 2**20
"""Decompressed bytes up to which a stream may expand as it likes."""
BOMB_RATIO = 300
"""Beyond the floor, decompressed bytes a compressed byte. News text packs 3 to 10 times, one page repeated some 100
times; deflate cannot exceed 1,032 and Zstandard reaches tens of thousands."""

_ZSTD_SLICE = 1024
"""Compressed bytes handed to Zstandard at once: a block of 4 bytes gives at most 128 KiB, so they give 32 MiB."""
_ZSTD_WINDOW = 2**27
"""The largest window that is followed, as in the zstd command."""
_ZSTD_DICTIONARY = b"\x37\xa4\x30\xec"


class Damaged(Exception):
    """A compressed stream that cannot be read on: `reason` is `truncated` or `decompression-bomb`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class _Meter:
    """Raises Damaged where a stream, or one member of it, expands beyond BOMB_RATIO."""

    def __init__(self) -> None:
        self.total = [0, 0]
        self.member = [0, 0]

    def next_member(self) -> None:
        self.member = [0, 0]

    def count(self, taken: int, given: int) -> None:
        for counts in (self.total, self.member):
            counts[0] += taken
            counts[1] += given
            if counts[1] > BOMB_FLOOR and counts[1] > BOMB_RATIO * counts[0]:
                raise Damaged(
                    "decompression-bomb",
                    f"The compressed data expands more than {BOMB_RATIO} times; it was read no further.",
                )


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield the decompressed bytes of `file`, told apart by its first bytes, never empty, at most 32 MiB at a time.

    Raises Damaged after everything that could be read; OSError from the file itself.
    """
    head = file.read(CHUNK)
    blocks = itertools.chain([head], iter(lambda: file.read(CHUNK), b""))
    if head.startswith(GZIP):
        yield from _gunzip(blocks)
    elif is_packed(head):
        yield from _unzstd(_first_frame(head, file), blocks)
    elif head:
        yield from blocks


def is_packed(head: bytes) -> bool:
    """Tell whether a file that begins so is compressed."""
    return head.startswith((GZIP, ZSTD)) or _is_skippable(head)


def lines(source: Iterable[bytes], limit: int, number: int = 1) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line of `source` without its line feed, counted from `number`.

    A line is None where it has more than `limit` bytes.
    """
    pieces, size = list[bytes](), 0
    for chunk in source:
        first, *others = chunk.split(b"\n")
        size += len(first)
        pieces = [*pieces, first] if size <= limit else []
        if not others:
            continue
        yield number, b"".join(pieces) if size <= limit else None
        for line in others[:-1]:
            number += 1
            yield number, line if len(line) <= limit else None
        number += 1
        pieces, size = [others[-1]], len(others[-1])
    if size:
        yield number, b"".join(pieces) if size <= limit else None


class ChunkFile(io.RawIOBase):
    """A readable file over chunks of bytes, for parsers that want a file."""

    def __init__(self, source: Iterable[bytes]) -> None:
        self._source = iter(source)
        self._chunk = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` with what is left of the current chunk; 0 at the end. Raises what the chunks raise."""
        if not self._chunk:
            self._chunk = memoryview(next(self._source, b""))
        count = min(len(buffer), len(self._chunk))
        buffer[:count] = self._chunk[:count]
        self._chunk = self._chunk[count:]
        return count


def _gunzip(blocks: Iterable[bytes]) -> Iterator[bytes]:
    meter, member = _Meter(), None
    try:
        for block in blocks:
            data = block
            while data and not (member is None and not data.strip(b"\0")):
                if member is None:
                    member = zlib.decompressobj(wbits=31)
                    meter.next_member()
                out = member.decompress(data, CHUNK)
                left = member.unused_data if member.eof else member.unconsumed_tail
                meter.count(len(data) - len(left), len(out))
                if out:
                    yield out
                member = None if member.eof else member
                data = left
        while member is not None and (out := member.decompress(b"", CHUNK)):
            yield out
            member = None if member.eof else member
    except zlib.error as error:
        raise Damaged("truncated", f"The gzip data is damaged ({error}).") from None
    if member is not None:
        raise Damaged("truncated", "The gzip data ends early.")


def _unzstd(dictionary: zstandard.ZstdCompressionDict | None, blocks: Iterable[bytes]) -> Iterator[bytes]:
    meter, frame = _Meter(), None
    opener = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=_ZSTD_WINDOW)
    slices = (block[start : start + _ZSTD_SLICE] for block in blocks for start in range(0, len(block), _ZSTD_SLICE))
    try:
        for data in slices:
            while data:
                if frame is None:
                    frame = opener.decompressobj()
                    meter.next_member()
                out = frame.decompress(data)
                left = frame.unused_data
                meter.count(len(data) - len(left), len(out))
                if out:
                    yield out
                frame = None if frame.eof else frame
                data = left
    except zstandard.ZstdError as error:
        raise Damaged("truncated", f"The Zstandard data is damaged ({error}).") from None
    if frame is not None:
        raise Damaged("truncated", "The Zstandard data ends early.")


def _is_skippable(head: bytes) -> bool:
    """Whether a skippable Zstandard frame stands first (RFC 8878, section 3.1.2)."""
    return len(head) >= 8 and head[1:4] == b"\x2a\x4d\x18" and head[0] & 0xF0 == 0x50


def _first_frame(head: bytes, file: BinaryIO) -> zstandard.ZstdCompressionDict | None:
    """The dictionary in a skippable first frame, which .warc.zst files have (IIPC, "Zstandard WARC files").

    The frame is left in the stream: Zstandard passes over it by itself.
    """
    if not _is_skippable(head):
        return None
    size = int.from_bytes(head[4:8], "little")
    if size > CHUNK - 8:
        return None
    content = head[8 : 8 + size]
    if content.startswith(ZSTD):
        content = zstandard.ZstdDecompressor().decompress(content, max_output_size=BOMB_FLOOR)
    return zstandard.ZstdCompressionDict(content) if content.startswith(_ZSTD_DICTIONARY) else None
