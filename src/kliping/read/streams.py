"""The bytes of a plain, gzip, Zstandard, xz or bzip2 file, in chunks of bounded size whatever the file holds.

What came before damage is always handed out: `chunks` yields it first and raises `Damaged` afterwards. A stream that
expands beyond reason is cut off, and a line that is too long is passed over without being kept.
"""

from __future__ import annotations

import bz2
import codecs
import io
import itertools
import lzma
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

import zstandard

from kliping.encoding import wide_codec

CHUNK = 2**20
GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
XZ = b"\xfd7zXZ\x00"
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
"""A stream, of which the second is empty."""
_LOOKED_AT = 2**16
"""Bytes of a file by which wide encodings are told."""
BOMB_FLOOR = 64 * 2**20
"""Decompressed bytes up to which a stream may expand as it likes."""
BOMB_RATIO = 300
"""Beyond the floor, decompressed bytes a compressed byte. News text packs 3 to 10 times, one page repeated some 100
times; deflate cannot exceed 1,032 and Zstandard reaches tens of thousands."""

_ZSTD_SLICE = 1024
"""Compressed bytes handed to Zstandard at once: a block of 4 bytes gives at most 128 KiB, so they give 32 MiB."""
_ZSTD_WINDOW = 2**27
"""The largest window that is followed, as in the zstd command."""
_XZ_MEMORY = 2**28
"""Bytes that unpacking xz may take: its largest preset needs a quarter of them."""
_ZSTD_DICTIONARY = b"\x37\xa4\x30\xec"


class Damaged(Exception):
    """A compressed stream that cannot be read on: `reason` is `truncated` or `decompression-bomb`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Meter:
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
    yield from unpacked(iter(lambda: file.read(CHUNK), b""))


def unpacked(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the decompressed bytes of what stands in `blocks`, as `chunks` does."""
    blocks = iter(blocks)
    head = next(blocks, b"")
    while len(head) < 16 and (more := next(blocks, b"")):
        head += more
    blocks = itertools.chain([head], blocks)
    if head.startswith(GZIP):
        yield from _gunzip(blocks)
    elif head.startswith(XZ):
        yield from _members(blocks, "xz", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY))
    elif _BZIP2.match(head):
        yield from _members(blocks, "bzip2", bz2.BZ2Decompressor)
    elif is_packed(head):
        yield from _unzstd(_first_frame(head), blocks)
    elif head:
        yield from blocks


def is_packed(head: bytes) -> bool:
    """Tell whether a file that begins so is compressed."""
    return head.startswith((GZIP, ZSTD, XZ)) or _BZIP2.match(head) is not None or _is_skippable(head)


def with_head(source: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes of `source`, the first CHUNK of them, or all where there are fewer, as the first chunk.

    What `source` raises comes after what it gave.
    """
    source = iter(source)
    pieces, size = list[bytes](), 0
    fault: Damaged | OSError | None = None
    try:
        while size < CHUNK and (chunk := next(source, b"")):
            pieces.append(chunk)
            size += len(chunk)
    except (Damaged, OSError) as error:
        fault = error
    yield b"".join(pieces)
    if fault is not None:
        raise fault
    yield from source


def head_text(head: bytes) -> str:
    """Return the characters of a file's first bytes, for looking at: what has no meaning becomes U+FFFD."""
    codec = head_codec(head)
    if codec is not None:
        return head.decode(codec, "replace").removeprefix("\ufeff")
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        text = head.decode("windows-1252", "replace")
    return text.removeprefix("\ufeff")


def head_codec(head: bytes) -> str | None:
    """Return which UTF-16 or UTF-32 a file is in, by its first bytes; None for any other encoding."""
    return wide_codec(head[:_LOOKED_AT])


def as_utf8(source: Iterable[bytes], codec: str) -> Iterator[bytes]:
    """Yield the text of `source`, which is in UTF-16 or UTF-32, in UTF-8, without its byte order mark.

    Half of a surrogate pair stays one, which is no UTF-8: it costs its record. Raises Damaged where the text ends
    inside a character, or holds what is none.
    """
    decoder = codecs.getincrementaldecoder(codec)("surrogatepass")
    first = True
    try:
        for chunk in itertools.chain(source, [b""]):
            text = decoder.decode(chunk, final=not chunk)
            if text:
                yield (text.removeprefix("\ufeff") if first else text).encode("utf-8", "surrogatepass")
                first = False
    except UnicodeDecodeError as error:
        raise Damaged("truncated", f"The text is damaged {codec.upper()}: {error.reason}.") from None


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
    meter, member = Meter(), None
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


def _members(
    blocks: Iterable[bytes], name: str, opener: Callable[[], lzma.LZMADecompressor | bz2.BZ2Decompressor]
) -> Iterator[bytes]:
    """The bytes of one compressed stream behind another, with blanks of NUL between them."""
    meter, member = Meter(), None
    try:
        for block in blocks:
            data = block
            while data or (member is not None and not member.eof and not member.needs_input):
                if member is None:
                    data = data.lstrip(b"\0")
                    if not data:
                        break
                    member = opener()
                    meter.next_member()
                out = member.decompress(data, CHUNK)
                left = member.unused_data if member.eof else b""
                meter.count(len(data) - len(left), len(out))
                if out:
                    yield out
                data = left
                member = None if member.eof else member
    except (lzma.LZMAError, OSError, EOFError) as error:
        raise Damaged("truncated", f"The {name} data is damaged ({error}).") from None
    if member is not None:
        raise Damaged("truncated", f"The {name} data ends early.")


def _unzstd(dictionary: zstandard.ZstdCompressionDict | None, blocks: Iterable[bytes]) -> Iterator[bytes]:
    meter, frame = Meter(), None
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


def _first_frame(head: bytes) -> zstandard.ZstdCompressionDict | None:
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
