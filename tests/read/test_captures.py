"""What a crawler stored is told by its bytes: pages under any label and coding are read whole, all else set aside."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kliping.model import RawDocument, Refusal
from kliping.read import documents

STORY = "Perajin tikar pandan di tepi danau menerima pesanan dari tiga kota, kata ketua kelompoknya, Rabu pagi."
PAGE = f"<!DOCTYPE html><html><head><title>Tikar</title></head><body><p>{STORY}</p></body></html>".encode()
TEXT = f"Tikar\n{STORY}"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 4


def record(block: bytes, kind: str = "response", fields: str = "") -> bytes:
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <http://kabaruji.example/1>\r\n{fields}"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def response(body: bytes, label: str | None = "text/html", headers: str = "") -> bytes:
    typed = "" if label is None else f"Content-Type: {label}\r\n"
    return f"HTTP/1.1 200 OK\r\n{typed}{headers}\r\n".encode() + body


def read(data: bytes) -> RawDocument | Refusal:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.warc")
        path.write_bytes(data)
        (one,) = documents([path])
    return one


def text_of(one: RawDocument | Refusal) -> str:
    assert isinstance(one, RawDocument), one
    return one.data.decode()


def reason_of(one: RawDocument | Refusal) -> str:
    assert isinstance(one, Refusal), one
    assert one.detail.endswith("."), one.detail
    return one.reason


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def chunked(data: bytes, extension: bytes = b"") -> bytes:
    parts = [data[at : at + 40] for at in range(0, len(data), 40)]
    return b"".join(b"%X%b\r\n%b\r\n" % (len(part), extension, part) for part in parts) + b"0\r\n\r\n"


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(PAGE, mtime=0), "Content-Encoding: gzip\r\n"),
        (gzip.compress(PAGE, mtime=0), "Content-Encoding: GZIP, identity\r\n"),
        (gzip.compress(PAGE, mtime=0), ""),
        (gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:]), "Content-Encoding: gzip\r\n"),
        (gzip.compress(gzip.compress(PAGE, mtime=0)), "Content-Encoding: gzip, gzip\r\n"),
        (gzip.compress(gzip.compress(PAGE, mtime=0)), "Content-Encoding: gzip\r\n"),
        (gzip.compress(PAGE, mtime=0), "Content-Encoding: br\r\n"),
        (zlib.compress(PAGE), "Content-Encoding: deflate\r\n"),
        (raw_deflate(PAGE), "Content-Encoding: deflate\r\n"),
        (zlib.compress(PAGE), "Content-Encoding: gzip\r\n"),
        (brotli.compress(PAGE), "Content-Encoding: br\r\n"),
        (gzip.compress(brotli.compress(PAGE)), "Content-Encoding: br, gzip\r\n"),
        (zstd(PAGE), "Content-Encoding: zstd\r\n"),
        (zstd(PAGE[:60]) + zstd(PAGE[60:]), "Content-Encoding: zstd\r\n"),
        (PAGE, "Content-Encoding: gzip\r\n"),
        (PAGE, "Content-Encoding: br\r\n"),
        (PAGE, "Content-Encoding: UTF-8\r\n"),
        (chunked(PAGE), "Transfer-Encoding: chunked\r\n"),
        (chunked(PAGE, b';sig="a";n=1'), "Transfer-Encoding: chunked\r\n"),
        (chunked(PAGE, b"  "), "Transfer-Encoding: Chunked\r\n"),
        (chunked(PAGE)[:-2] + b"Etag: x\r\n\r\n", "Transfer-Encoding: chunked\r\n"),
        (chunked(gzip.compress(PAGE, mtime=0)), "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"),
        (PAGE, "Transfer-Encoding: chunked\r\n"),
        (PAGE, f"Content-Length: {len(PAGE)}\r\n"),
        (PAGE, "Content-Length: 20\r\n"),
        (PAGE, "X-Crawl: a\r\n b\r\nServer: uji\r\n"),
    ],
)
def test_codings_are_undone(body: bytes, headers: str) -> None:
    assert text_of(read(record(response(body, headers=headers)))) == TEXT


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(PAGE, mtime=0)[:-20], "Content-Encoding: gzip\r\n"),
        (gzip.compress(PAGE, mtime=0)[:-2], ""),
        (gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:])[:-9], "Content-Encoding: gzip\r\n"),
        (gzip.compress(PAGE[:50]) + b"sampah", "Content-Encoding: gzip\r\n"),
        (gzip.compress(PAGE, mtime=0)[:-8] + b"\0" * 8, "Content-Encoding: gzip\r\n"),
        (zlib.compress(PAGE)[:-5], "Content-Encoding: deflate\r\n"),
        (raw_deflate(PAGE)[:-5], "Content-Encoding: deflate\r\n"),
        (brotli.compress(PAGE)[:-5], "Content-Encoding: br\r\n"),
        (zstd(PAGE)[:-5], "Content-Encoding: zstd\r\n"),
        (b"bukan isi", "Content-Encoding: gzip\r\n"),
        (b"bukan isi", "Content-Encoding: compress\r\n"),
        (PAGE, "Content-Encoding: gzip,gzip,gzip,gzip,gzip,gzip\r\n"),
        (chunked(PAGE)[:-5], "Transfer-Encoding: chunked\r\n"),
        (chunked(PAGE)[:-30], "Transfer-Encoding: chunked\r\n"),
        (chunked(PAGE).replace(b"\r\n28\r\n", b"\r\nrusak\r\n", 1), "Transfer-Encoding: chunked\r\n"),
        (PAGE[:-40], f"Content-Length: {len(PAGE)}\r\n"),
    ],
)
def test_a_body_that_is_cut_off_or_damaged_is_no_article(body: bytes, headers: str) -> None:
    assert reason_of(read(record(response(body, headers=headers)))) == "broken-record"


@pytest.mark.parametrize("pack", [gzip.compress, zstd, brotli.compress, zlib.compress])
def test_a_bomb_is_cut_off(pack) -> None:  # type: ignore[no-untyped-def]
    bomb = pack(b"<p>" + b"a" * 2**25)
    coding = {gzip.compress: "gzip", zstd: "zstd", brotli.compress: "br"}.get(pack, "deflate")
    assert reason_of(read(record(response(bomb, headers=f"Content-Encoding: {coding}\r\n")))) == "too-large"


@pytest.mark.parametrize("label", ["text/plain", "application/octet-stream", "image/jpeg", "", None, "text/xml", "x"])
def test_html_under_any_label_is_a_page(label: str | None) -> None:
    assert text_of(read(record(response(PAGE, label)))) == TEXT


@pytest.mark.parametrize(
    "body",
    [
        JPEG, b"%PDF-1.7\n" + b"obj " * 90, b"PK\x03\x04" + b"\0" * 90, b"GIF89a" + b"x" * 90,
        b'{"html": "<p>isi</p><p>isi</p>"}', b'  [{"judul": "Tikar"}]', b"[1, 2]",
        b'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>x</title></channel></rss>',
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>", b"<svg width='3'></svg>",
        b"var judul = 'tikar'; console.log(judul);", STORY.encode(),
    ],
)  # fmt: skip
def test_what_is_no_page_is_none_under_the_label_of_one(body: bytes) -> None:
    assert reason_of(read(record(response(body)))) == "not-html"
    assert reason_of(read(record(response(gzip.compress(body), headers="Content-Encoding: gzip\r\n")))) == "not-html"


def test_nothing_is_empty() -> None:
    assert reason_of(read(record(response(b"")))) == "empty"
    assert reason_of(read(record(response(b" \r\n")))) == "empty"


@pytest.mark.parametrize(
    ("block", "fields", "reason"),
    [
        (response(PAGE), "WARC-Truncated: length\r\n", "broken-record"),
        (response(PAGE), "WARC-Truncated: disconnect\r\n", "broken-record"),
        (response(PAGE), "WARC-Segment-Number: 1\r\n", "broken-record"),
        (response(PAGE).replace(b"200 OK", b"301 Moved"), "", "http-status"),
        (response(PAGE).replace(b"200 OK", b"206 Partial"), "", "http-status"),
        (b"GET / HTTP/1.1\r\n\r\n", "", "broken-record"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", "", "broken-record"),
        (b"192.0.2.1", "Content-Type: text/dns\r\n", "not-html"),
    ],
)
def test_responses_that_give_no_article(block: bytes, fields: str, reason: str) -> None:
    assert reason_of(read(record(block, fields=fields))) == reason


@pytest.mark.parametrize("kind", ["warcinfo", "request", "metadata", "revisit", "continuation", "lain"])
def test_other_records_have_their_row(kind: str) -> None:
    assert reason_of(read(record(response(PAGE), kind))) == "not-html"


def test_resources_and_interim_responses() -> None:
    assert text_of(read(record(PAGE, "resource", "Content-Type: text/html; charset=utf-8\r\n"))) == TEXT
    assert text_of(read(record(PAGE, "resource"))) == TEXT
    assert reason_of(read(record(b"User-agent: *", "resource", "Content-Type: text/plain\r\n"))) == "not-html"
    assert text_of(read(record(b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + response(PAGE)))) == TEXT
    assert text_of(read(record(response(PAGE).replace(b"\r\n", b"\n")))) == TEXT


def test_texts_of_a_wet_archive() -> None:
    fields = "Content-Type: text/plain\r\nWARC-Date: 2024-02-05T03:04:05Z\r\n"
    one = read(record(STORY.encode(), "conversion", fields))
    assert text_of(one) == STORY
    assert isinstance(one, RawDocument)
    assert (one.url, one.line_tags, str(one.retrieved_at)[:10]) == ("http://kabaruji.example/1", (), "2024-02-05")
    assert reason_of(read(record(b"{}", "conversion", "Content-Type: application/json\r\n"))) == "not-html"
    assert reason_of(read(record(STORY.encode(), "conversion", "WARC-Truncated: time\r\n"))) == "broken-record"


def test_arc_of_both_versions() -> None:
    opening = b"filedesc://a.arc 0.0.0.0 20040102030405 text/plain 9\n2 0 Uji\n\n\n"
    body = response(PAGE)
    one = b"http://kabaruji.example/a b 192.0.2.1 20040102030405 text/html %d\n%b\n" % (len(body), body)
    two = b"http://kabaruji.example/2 192.0.2.1 20040102030405 text/html 200 - - 99 a.arc %d\n%b\n" % (len(body), body)
    dns = b"dns:kabaruji.example 192.0.2.1 20040102030405 text/dns 9\n192.0.2.1\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.arc")
        path.write_bytes(opening + one + dns + two)
        items = list(documents([path]))
    assert [(item.source_path, item.reason) for item in items if isinstance(item, Refusal)] == [
        ("a.arc#1", "not-html"), ("a.arc#3", "not-html"),
    ]  # fmt: skip
    kept = [item for item in items if isinstance(item, RawDocument)]
    assert [item.data.decode() for item in kept] == [TEXT, TEXT]
    assert [item.url for item in kept] == ["http://kabaruji.example/a b", "http://kabaruji.example/2"]
    assert str(kept[0].retrieved_at) == "2004-01-02 03:04:05+00:00"


CODINGS = ["gzip", "deflate", "br", "zstd", "x", ""]


@given(st.binary(max_size=300), st.lists(st.sampled_from(CODINGS), max_size=6), st.booleans(), st.integers(0, 400))
def test_any_body_gives_a_page_or_a_reason(junk: bytes, codings: list[str], in_chunks: bool, cut: int) -> None:
    headers = f"Content-Encoding: {', '.join(codings)}\r\n" + "Transfer-Encoding: chunked\r\n" * in_chunks
    for body in (junk, gzip.compress(PAGE, mtime=0)[:cut] + junk, chunked(PAGE)[:cut] + junk, PAGE[:cut] + junk):
        assert isinstance(read(record(response(body, headers=headers))), RawDocument | Refusal)


@given(st.sampled_from(["gzip", "deflate", "br", "zstd", "chunked"]), st.floats(0, 1))
def test_no_truncated_body_is_an_article(coding: str, place: float) -> None:
    packers = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd, "chunked": chunked}
    body = packers[coding](PAGE)
    cut = body[: int(place * (len(body) - 4))]  # without the last chunk's line ends a chunked body is whole
    header = "Transfer-Encoding: chunked\r\n" if coding == "chunked" else f"Content-Encoding: {coding}\r\n"
    one = read(record(response(cut, headers=header)))
    assert isinstance(one, Refusal)
