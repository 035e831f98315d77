"""No input crashes a build, hangs it or goes uncounted: each fault becomes rows of `decisions` that say what it was."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from kliping.annotation.layers import sentences
from kliping.building.build import Summary, build
from kliping.corpus.folder import open_corpus

GOOD = (
    "JAKARTA, KOMPAS.com - Harga cabai rawit di Pasar Minggu turun menjadi Rp 40.000 per kilogram, Senin (5/2/2024). "
    "Pedagang mengatakan pasokan dari Garut sudah kembali lancar setelah banjir surut pekan lalu.\n"
)


def jsonl(count: int, topic: str = "cabai") -> bytes:
    return b"".join(
        json.dumps({"text": f"Berita {topic} nomor {number}. {GOOD}"}).encode() + b"\n" for number in range(count)
    )


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": [f"Berita nomor {number}. {GOOD}" for number in range(500)]}), sink)
    return sink.getvalue()


def warc() -> bytes:
    page = f"<html><head><title>Cabai</title></head><body><p>{GOOD * 3}</p></body></html>".encode()
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    header = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://contoh.example/cabai\r\n"
        "WARC-Date: 2024-02-05T03:04:05Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(response)}\r\n\r\n"
    )
    return header.encode() + response + b"\r\n\r\n"


def broken_lines() -> bytes:
    lines = jsonl(6, "bawang").splitlines(keepends=True)
    return b"".join([*lines[:3], b'{"text": "terpot\n', b"bukan json\n", b'{"text": 7}\n', b"\xff\xfe\n", *lines[3:]])


FAULTS: dict[str, Callable[[], bytes]] = {
    "kosong.txt": lambda: b"",
    "spasi.txt": lambda: b" \n\t\n\xc2\xa0\n",
    "bukan-utf8.txt": lambda: b"Harga \xff\xfe\xfd cabai\n" * 50,
    "nul.txt": lambda: GOOD.encode().replace(b" ", b"\0"),
    "kendali.txt": lambda: GOOD.encode().replace(b" ", b"\x01 \x1b[31m"),
    "utf16.txt": lambda: GOOD.encode("utf-16"),
    "gambar.png": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "acak.bin": lambda: bytes((7 * number * number + number // 3) % 256 for number in range(20_000)),
    "satu-baris.txt": lambda: b"kata " * 200_000,
    "tanpa-spasi.txt": lambda: b"a" * 1_000_000,
    "banyak-baris.txt": lambda: GOOD.encode() + b"\na" * 10_000,
    "terlalu-banyak-baris.txt": lambda: GOOD.encode() + b"\na" * 60_000,
    "terlalu-besar.txt": lambda: b"kata " * 500_000,
    "mojibake.txt": lambda: "â€œ".encode() * 50_000,
    "surrogate.jsonl": lambda: b'{"text": "Harga \\ud83d cabai"}\n' + jsonl(1),
    "rusak.jsonl": broken_lines,
    "terpotong.jsonl": lambda: jsonl(5)[:-40],
    "terpotong.jsonl.gz": lambda: gzip.compress(jsonl(400))[:-200],
    "terpotong.jsonl.zst": lambda: zstandard.ZstdCompressor().compress(jsonl(4000))[:-50],
    "terpotong.parquet": lambda: parquet()[:-300],
    "isi-rusak.parquet": lambda: parquet().replace(b"Berita nomor 7", b"\xff" * 14),
    "terpotong.warc": lambda: warc()[:-200],
    "terpotong.warc.gz": lambda: gzip.compress(warc() * 20)[:-100],
    "bom.jsonl.gz": lambda: gzip.compress(b'{"text": "' + b"0" * 80_000_000 + b'"}\n'),
    "bom.txt.zst": lambda: zstandard.ZstdCompressor().compress(b"\0" * 80_000_000),
    "dalam.html": lambda: b"<html><body>" + b"<div>" * 20_000 + GOOD.encode() + b"</div>" * 20_000,
    "kosong.html": lambda: b"<!DOCTYPE html><html><head></head><body></body></html>",
    "dalam.jsonl": lambda: b'{"text": ' + b"[" * 50_000 + b"]" * 50_000 + b"}\n",
    "baris\nbaru.txt": lambda: GOOD.encode(),
    "pagar#1.txt": lambda: GOOD.encode() + b"Kedua.",
}


def built(inputs: Path, out: Path) -> tuple[Summary, list[dict[str, str]]]:
    """Build, and check what must hold whatever came in."""
    summary = build([inputs], out)
    rows = open_corpus(out).whole("decisions").to_pylist()
    assert summary.documents == len(rows) == summary.kept + sum(summary.set_aside.values())
    assert len({row["source_path"] for row in rows}) == len(rows)
    assert all(row["outcome"] == "kept" or (row["reason"] and row["detail"]) for row in rows)
    assert summary.kept == open_corpus(out).whole("articles").num_rows
    return summary, rows


def test_all_faults_at_once_beside_good_documents(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, make in FAULTS.items():
        (folder / name).write_bytes(make())
    Path(os.fsdecode(os.fsencode(folder) + b"/bukan-\xff-utf8.txt")).write_bytes(GOOD.encode() + b"Ketiga.")
    (folder / "lingkar").symlink_to(folder)
    (folder / "keluar.txt").symlink_to("/etc/hostname")
    (folder / "putus.txt").symlink_to(folder / "tidak-ada")
    (folder / "baik.txt").write_text(f"Baik. {GOOD}")

    summary, rows = built(folder, tmp_path / "out")
    reasons = {row["source_path"]: row["reason"] for row in rows}
    assert summary.exit_status == 3
    assert reasons["baik.txt"] is None
    assert reasons["kosong.txt"] == "empty"
    assert reasons["gambar.png"] == "binary"
    assert reasons["terlalu-besar.txt"] == reasons["terlalu-banyak-baris.txt"] == "too-large"
    assert reasons["keluar.txt"] == "outside-input"
    assert "failed" not in summary.set_aside, [row for row in rows if row["reason"] == "failed"]
    assert not any("/etc" in row["source_path"] for row in rows)
    covered = {path.partition("#")[0] for path in reasons}
    assert len(covered) >= len(FAULTS)
    assert sum(path.startswith("rusak.jsonl#") and reason is None for path, reason in reasons.items()) == 6


@pytest.mark.parametrize("name", ["terpotong.jsonl.gz", "terpotong.jsonl.zst"])
def test_of_a_truncated_file_the_beginning_is_kept(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FAULTS[name]())
    summary, _ = built(tmp_path / name, tmp_path / "out")
    assert summary.kept > 100
    assert sum(summary.set_aside.values()) == 1


def test_a_layer_that_fails_costs_its_document_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    split_all = sentences.split_all

    def fail(texts: Sequence[str]) -> Iterator[list[tuple[int, int]]]:
        if not any("Garut" in text for text in texts):
            return split_all(texts)
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr(sentences, "split_all", fail)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(GOOD)
    (tmp_path / "in" / "b.txt").write_text(GOOD.replace("Garut", "Cianjur"))
    summary, rows = built(tmp_path / "in", tmp_path / "out")
    assert (summary.kept, summary.set_aside) == (1, {"failed": 1})
    assert rows[0]["detail"] == "ZeroDivisionError: of all things"
