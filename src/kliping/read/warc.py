"""HTML responses of a web archive (WARC 1.0 and 1.1, ISO 28500), one document each, with the record's address and date.

Every other response is refused by name. Requests, revisits, metadata and the archive's own information speak about
responses and are no documents.

The framing is read here and not by warcio or FastWARC: on damaged archives warcio 1.8 takes quadratic time over a long
header line, and FastWARC 2.0 needs a file it can seek in and panics where the stream raises.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BufferedReader
from typing import BinaryIO

from kliping.model import RawDocument, Refusal
from kliping.read import html, moments
from kliping.read.options import MAX_RECORD_BYTES, Input, Options, Record, finished
from kliping.read.sniff import sniff
from kliping.read.streams import CHUNK, ChunkFile, Damaged

_LONGEST_HEAD = 2**18
"""Bytes of the headers of a record or a response."""
_CHARSET = re.compile(r"charset\s{0,4}=\s{0,4}[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_HTML_TYPES = ("text/html", "application/xhtml+xml")


class _Broken(Exception):
    """A record that cannot be read, in words."""


@dataclass(frozen=True, slots=True)
class _Response:
    """An HTTP response: its status, its headers in lower case, and its body without transfer and content encoding."""

    status: str
    headers: dict[str, str]
    body: bytes


def read(source: Iterable[bytes], one: Input, options: Options) -> Iterator[Record]:
    """Yield the pages of an archive in its order, `file#N` for its Nth record from 1.

    A record whose header is damaged is one `broken-record` refusal; reading goes on at the next line that begins a
    record. Raises Damaged (`truncated`) where the archive ends inside a record.
    """
    reader: BinaryIO = BufferedReader(ChunkFile(source), CHUNK)
    number, line = 0, _first_line(reader)
    while line:
        number += 1
        name = f"{one.source_path}#{number}"
        try:
            headers = _record_headers(reader, line)
            length = _length(headers)
        except _Broken as error:
            yield finished(Refusal(name, None, "broken-record", str(error)))
            line = _next_record(reader)
            continue
        if headers.get("warc-type") not in ("response", "resource"):
            _skip(reader, length)
        elif length > MAX_RECORD_BYTES:
            _skip(reader, length)
            yield finished(Refusal(name, None, "too-large", f"The record is longer than {MAX_RECORD_BYTES:,} bytes."))
        else:
            yield Record(name, partial(_document, _block(reader, length), headers, name, options))
        line = _first_line(reader)


def _first_line(reader: BinaryIO) -> bytes:
    """The next line that is not blank, empty at the end."""
    while line := reader.readline(_LONGEST_HEAD):
        if line.strip():
            break
    return line


def _next_record(reader: BinaryIO) -> bytes:
    while line := reader.readline(_LONGEST_HEAD):
        if line.startswith(b"WARC/"):
            break
    return line


def _record_headers(reader: BinaryIO, line: bytes) -> dict[str, str]:
    if not line.startswith(b"WARC/"):
        raise _Broken("No record begins where the last one ended.")
    size = 0
    lines: list[bytes] = []
    while (line := reader.readline(_LONGEST_HEAD)).strip():
        size += len(line)
        if size > _LONGEST_HEAD:
            raise _Broken(f"The record's header is longer than {_LONGEST_HEAD:,} bytes.")
        lines.append(line)
    return _headers(lines)


def _headers(lines: Iterable[bytes]) -> dict[str, str]:
    """Header fields by their names in lower case; of a field that stands twice the first."""
    fields: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _length(headers: dict[str, str]) -> int:
    text = headers.get("content-length", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _Broken("The record does not say how long it is.")
    return int(text)


def _skip(reader: BinaryIO, length: int) -> None:
    while length:
        length -= len(_block(reader, min(length, CHUNK)))


def _block(reader: BinaryIO, length: int) -> bytes:
    block = reader.read(length)
    if len(block) < length:
        raise Damaged("truncated", "The archive ends inside a record.")
    return block


def _document(block: bytes, headers: dict[str, str], name: str, options: Options) -> RawDocument | Refusal:
    try:
        response = _parse(block) if headers.get("warc-type") == "response" else _Response("200", headers, block)
    except _Broken as error:
        return Refusal(name, hashlib.sha256(block).hexdigest(), "broken-record", str(error))
    kind, _, parameters = response.headers.get("content-type", "").partition(";")
    if response.status != "200":
        return Refusal(name, None, "http-status", f"The response's HTTP status is {response.status}, not 200.")
    if kind.strip().lower() not in _HTML_TYPES and (kind.strip() or sniff(response.body) != "html"):
        return Refusal(name, None, "not-html", f"The response is {kind.strip()[:80] or 'no HTML'}.")
    charset = found[1] if (found := _CHARSET.search(parameters)) else None
    moment = moments.retrieved(headers.get("warc-date"))
    url = headers.get("warc-target-uri", "").strip("<>") or None
    return html.page_document(response.body, name, options, url, moment, charset)


def _parse(block: bytes) -> _Response:
    head, separator, body = block.partition(b"\r\n\r\n")
    if not separator:
        head, separator, body = block.partition(b"\n\n")
    first, *lines = head.splitlines() or [b""]
    status = first.decode("latin-1").split()[1:2]
    if not separator or not first.startswith(b"HTTP/") or not status or len(head) > _LONGEST_HEAD:
        raise _Broken("The record holds no HTTP response.")
    headers = _headers(lines)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    return _Response(status[0][:12], headers, _decoded(body, headers.get("content-encoding", "").lower()))


def _unchunked(body: bytes) -> bytes:
    """The body without HTTP's chunk sizes; as it stands where it has none, since some crawlers take them out."""
    pieces: list[bytes] = []
    position = 0
    while True:
        end = body.find(b"\n", position, position + 64)
        size = body[position:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            count = int(size, 16)
        except ValueError:
            return b"".join(pieces) if pieces else body
        if count <= 0:
            return b"".join(pieces)
        pieces.append(body[end + 1 : end + 1 + count])
        position = body.find(b"\n", end + 1 + count) + 1 or len(body)


def _decoded(body: bytes, encoding: str) -> bytes:
    """The body without HTTP's content encoding; as it stands where a crawler took it out and left the header."""
    if not encoding or encoding == "identity" or sniff(body) == "html":
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise _Broken(f"The response is encoded as {encoding[:40]}, which kliping does not read.")
    for window in (47, -15):
        try:
            unpacked = zlib.decompressobj(window).decompress(body, MAX_RECORD_BYTES + 1)
        except zlib.error:
            continue
        if len(unpacked) > MAX_RECORD_BYTES:
            raise _Broken(f"The response is longer than {MAX_RECORD_BYTES:,} bytes when unpacked.")
        return unpacked
    raise _Broken(f"The response is not the {encoding} data that it says it is.")
