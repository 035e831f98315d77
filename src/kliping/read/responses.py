"""An HTTP response as archives store it: status, headers, and the whole body without transfer and content codings.

A body that cannot be had whole is none: an article that lacks its end looks like one that does not.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable
from typing import NamedTuple

import brotli

from kliping.model import SetAside
from kliping.read.options import MAX_RECORD_BYTES
from kliping.read.streams import GZIP, ZSTD, Damaged, chunks

LONGEST_HEAD = 2**18
"""Bytes of the headers of a record or a response."""
_MOST_CODINGS = 4
"""Content codings on top of one another; servers that make a mistake apply one twice."""
_SIZE = re.compile(rb"[ \t]{0,8}([0-9A-Fa-f]{1,15})[ \t]{0,64}(?:;[^\n]{0,4096})?\r?\n")
"""The line before a chunk (RFC 9112, section 7.1); some servers pad the size with spaces."""
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,64}<[!?A-Za-z]")
_STEP = 2**20
_ENDS_EARLY = "The response's packed data ends early, so its page is cut off."


class Response(NamedTuple):
    """An HTTP response."""

    status: str
    headers: dict[str, str]
    """By names in lower case; of a field that stands twice the first value."""
    body: bytes


def header_fields(lines: Iterable[bytes]) -> dict[str, str]:
    """Return header fields by their names in lower case; of a field that stands twice the first value."""
    fields: dict[str, str] = {}
    last = ""
    for line in lines:
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if line[:1] in (b" ", b"\t") and last:
            fields[last] = f"{fields[last]} {line.decode('utf-8', 'replace').strip()}"
        elif colon:
            last = name.strip().lower()
            fields.setdefault(last, value.strip())
    return fields


def parse_response(block: bytes) -> Response:
    """Return the response that a record holds.

    Raises SetAside where it holds none (`broken-record`), or not the whole body of one.
    """
    response = _split(block)
    if response.status.startswith("1"):
        response = _split(response.body)
    status, headers, body = response
    if status != "200":
        return response
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    elif (said := headers.get("content-length", "")).isdecimal() and len(said) < 19 and len(body) < int(said):
        detail = f"The response has {len(body):,} bytes of the {int(said):,} that its header announces."
        raise SetAside("broken-record", detail)
    return Response(status, headers, _decoded(body, headers.get("content-encoding", "").lower()))


def _split(block: bytes) -> Response:
    blank = _BLANK_LINE.search(block, 0, LONGEST_HEAD)
    first, *lines = block[: blank.start()].splitlines() if blank else [b""]
    status = first.decode("latin-1").split()[1:2]
    if blank is None or not first.startswith(b"HTTP/") or not status:
        raise SetAside("broken-record", "The record holds no HTTP response.")
    return Response(status[0][:12], header_fields(lines), block[blank.end() :])


def _unchunked(body: bytes) -> bytes:
    """The body without HTTP's chunk sizes; as it stands where it has none, since some crawlers take them out."""
    pieces: list[bytes] = []
    position = 0
    while size := _SIZE.match(body, position):
        count = int(size[1], 16)
        if not count:
            return b"".join(pieces)
        pieces.append(body[size.end() : size.end() + count])
        position = size.end() + count
        if position > len(body):
            raise SetAside("broken-record", "The response ends inside a chunk, so its page is cut off.")
        position += 2 if body.startswith(b"\r\n", position) else body.startswith(b"\n", position)
    if not pieces:
        return body
    ends = "ends without its last chunk" if position >= len(body) else "is damaged between two chunks"
    raise SetAside("broken-record", f"The response {ends}, so its page is cut off.")


def _decoded(body: bytes, header: str) -> bytes:
    """The body without HTTP's content codings, and without gzip or Zstandard that the header does not tell.

    A coding that a crawler undid, leaving the header, is known by the body: it is markup.
    """
    codings = [name for name in re.split(r"[\s,]{1,64}", header[:200]) if name and name not in ("identity", "none")]
    if len(codings) > _MOST_CODINGS:
        raise SetAside("broken-record", f"The response is said to be encoded {len(codings)} times.")
    for name in reversed(codings):
        body = _unpacked(body) if body.startswith((GZIP, ZSTD)) else _undone(body, name)
    while body.startswith((GZIP, ZSTD)) and len(codings) < _MOST_CODINGS:
        codings.append("")
        body = _unpacked(body)
    return body


def _undone(body: bytes, name: str) -> bytes:
    """The body without a coding that does not show in its first bytes."""
    try:
        if name in ("gzip", "x-gzip", "deflate"):
            return _inflated(body)
        if name == "br":
            return _unbrotlied(body)
    except (zlib.error, brotli.error):
        if _MARKUP.match(body):
            return body
        detail = f"The response is not the {name} data that it says it is, or it is damaged."
        raise SetAside("broken-record", detail) from None
    if _MARKUP.match(body):
        return body
    raise SetAside("broken-record", f"The response is encoded as {name[:40]!r}, which kliping does not read.")


def _unpacked(body: bytes) -> bytes:
    """The body without gzip or Zstandard, all its members."""
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in chunks(io.BytesIO(body)):
            pieces.append(piece)
            size = _within_limit(size + len(piece))
    except Damaged as damage:
        raise SetAside("broken-record", f"The response cannot be unpacked. {damage.detail}") from None
    return b"".join(pieces)


def _inflated(body: bytes) -> bytes:
    """The body without `deflate`, which is zlib's format, and raw deflate in the hands of some servers."""
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        unpacker = zlib.decompressobj(window)
        try:
            unpacked = unpacker.decompress(body, MAX_RECORD_BYTES + 1)
        except zlib.error:
            if window < 0:
                raise
            continue
        _within_limit(len(unpacked))
        if not unpacker.eof:
            raise SetAside("broken-record", _ENDS_EARLY)
        return unpacked
    raise AssertionError


def _unbrotlied(body: bytes) -> bytes:
    unpacker = brotli.Decompressor()
    pieces = [unpacker.process(body, output_buffer_limit=_STEP)]
    size = len(pieces[0])
    while not unpacker.is_finished():
        pieces.append(unpacker.process(b"", output_buffer_limit=_STEP))
        size = _within_limit(size + len(pieces[-1]))
        if not pieces[-1]:
            raise SetAside("broken-record", _ENDS_EARLY)
    return b"".join(pieces)


def _within_limit(size: int) -> int:
    if size > MAX_RECORD_BYTES:
        raise SetAside("too-large", f"The response is longer than {MAX_RECORD_BYTES:,} bytes when unpacked.")
    return size
