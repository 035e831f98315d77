"""Web archives: HTML responses become documents with address and date, everything else is refused by name."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard

from kliping.model import RawDocument, Refusal
from kliping.read import documents

PAGE = b"<html><title>Panen Raya</title><body><p>Petani memanen jagung di lereng bukit.</p></body></html>"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def record(block: bytes, kind: str = "response", number: int = 1, length: int | None = None) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://kabaruji.example/{number}\r\n"
        f"WARC-Date: 2023-10-19T08:00:00Z\r\nContent-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def read(path: Path, data: bytes) -> tuple[list[RawDocument], list[tuple[str, str]]]:
    path.write_bytes(data)
    items = list(documents([path]))
    kept = [item for item in items if isinstance(item, RawDocument)]
    return kept, [(item.source_path, item.reason) for item in items if isinstance(item, Refusal)]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress])
def test_each_record_packed_by_itself(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    about = [record(b"software: uji\r\n", "warcinfo"), record(b"GET / HTTP/1.1\r\n\r\n", "request")]
    parts = [*about, record(OK + b"\r\n" + PAGE)]
    kept, refused = read(tmp_path / "a.warc", b"".join(pack(part) for part in parts))
    assert refused == [("a.warc#1", "not-html"), ("a.warc#2", "not-html")]
    (one,) = kept
    assert one.data.decode() == "Panen Raya\nPetani memanen jagung di lereng bukit."
    assert (one.source_path, one.url) == ("a.warc#3", "http://kabaruji.example/1")
    assert one.retrieved_at == datetime(2023, 10, 19, 8, tzinfo=UTC)
    assert one.line_tags == ("title", "p")
    assert (one.extractor or "").endswith(", HTTP charset utf-8")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (b"Content-Encoding: gzip\r\n", gzip.compress(PAGE, mtime=0)),
        (b"Content-Encoding: gzip\r\n", PAGE),
        (b"Transfer-Encoding: chunked\r\n", b"9\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (PAGE[:9], len(PAGE) - 9, PAGE[9:])),
        (b"Transfer-Encoding: chunked\r\n", PAGE),
    ],
)
def test_http_encodings(tmp_path: Path, headers: bytes, body: bytes) -> None:
    ((one,), refused) = read(tmp_path / "a.warc", record(OK + headers + b"\r\n" + body))
    assert one.data.decode().endswith("di lereng bukit.")
    assert not refused


def test_other_responses_are_refused_by_name(tmp_path: Path) -> None:
    data = (
        record(OK.replace(b"200 OK", b"404 Not Found") + b"\r\n" + PAGE)
        + record(OK.replace(b"text/html", b"image/png") + b"\r\nx")
        + record(b"bukan http")
        + record(OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8bxxxx")
        + record(OK + b"\r\n" + PAGE)
    )
    kept, refused = read(tmp_path / "a.warc", data)
    assert [one.source_path for one in kept] == ["a.warc#5"]
    assert refused == [
        ("a.warc#1", "http-status"), ("a.warc#2", "not-html"), ("a.warc#3", "broken-record"),
        ("a.warc#4", "broken-record"),
    ]  # fmt: skip


def test_damage_in_the_middle_costs_one_record(tmp_path: Path) -> None:
    good = record(OK + b"\r\n" + PAGE)
    broken = good.replace(b"Content-Length:", b"Content-Width:")
    kept, refused = read(tmp_path / "a.warc", good + b"sampah\r\n\r\nlagi\r\n" + good + broken + good)
    assert [one.source_path for one in kept] == ["a.warc#1", "a.warc#3", "a.warc#5"]
    assert refused == [("a.warc#2", "broken-record"), ("a.warc#4", "broken-record")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_truncated_archive_keeps_what_came_before(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    good = pack(record(OK + b"\r\n" + PAGE))
    kept, refused = read(tmp_path / "a.warc", good + good[:-40])
    assert len(kept) == 1
    assert refused == [("a.warc", "truncated")]
