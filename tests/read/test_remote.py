"""Inputs at addresses read as the same bytes on the disk do; what fails on the way there is a sentence, no refusal."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fsspec.registry import known_implementations
from tests.cli.person import kliping
from tests.publish.hub import Repo, serve
from tests.read.inputs import HEADER, SAMPLES, STORY, rows, story, table, texts, warc

from kliping.building.build import build
from kliping.errors import KlipingError
from kliping.model import RawDocument
from kliping.read import documents, plan, remote
from kliping.read.remote import RemoteError, public_address
from kliping.read.streams import CHUNK


class Site:
    """What a web server has, and what it did."""

    def __init__(self, files: dict[str, bytes], ranges: bool = True) -> None:
        self.files, self.ranges = files, ranges
        self.etag = "satu"
        self.sent: list[int] = []
        self.cut_at: int | None = None
        """Bytes after which it hangs up, once a request."""
        self.failures = 0
        """Requests for a part of a file that are still to be hung up on."""


class Handler(BaseHTTPRequestHandler):
    site: Site

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        site, name = self.site, unquote(urlsplit(self.path).path).lstrip("/")
        if name == "":
            listing = "".join(f'<a href="{each}">{each}</a>' for each in site.files).encode()
            self.answer(200, listing, {"Content-Type": "text/html"})
        elif name not in site.files:
            self.answer(403 if name == "rahasia.csv" else 404, b"")
        elif site.ranges and (wanted := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))):
            if site.failures:
                site.failures -= 1
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.answer(206, site.files[name][int(wanted[1]) : int(wanted[2]) + 1], {"ETag": site.etag})
        else:
            self.answer(200, site.files[name], {"ETag": site.etag})

    do_HEAD = do_GET

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.site.sent.append(len(body))
            self.wfile.write(body[: self.site.cut_at])


@contextmanager
def on_loopback(site: Site) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"site": site}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def memory() -> Iterator[str]:
    """A folder in memory with a file of every format."""
    system = fsspec.filesystem("memory")
    for name, data in SAMPLES.items():
        system.pipe_file(f"/gudang/{name}", data)
    yield "memory://gudang"
    system.rm("/gudang", recursive=True)


def said(*addresses: str) -> str:
    with pytest.raises(RemoteError) as caught:
        list(documents(addresses))
    return str(caught.value)


def on_disk(folder: Path) -> list[tuple[str, object]]:
    for name, data in SAMPLES.items():
        (folder / name).write_bytes(data)
    return told(folder)


def told(*inputs: str | Path, below: str = "") -> list[tuple[str, object]]:
    return [
        (item.source_path.removeprefix(below), item.data if isinstance(item, RawDocument) else item.detail)
        for item in documents(inputs)
    ]


def test_every_format_in_memory_is_read_as_on_the_disk(memory: str, tmp_path: Path) -> None:
    assert told(memory, below=f"{memory}/") == on_disk(tmp_path)


@pytest.mark.parametrize("ranges", [True, False], ids=["in parts", "whole files alone"])
def test_every_format_on_the_web_is_read_as_on_the_disk(ranges: bool, tmp_path: Path) -> None:
    with on_loopback(Site(SAMPLES, ranges)) as base:
        assert told(*(base + name for name in SAMPLES), below=base) == on_disk(tmp_path)


def test_patterns_name_what_the_other_side_lists(memory: str) -> None:
    assert [one.source_path for one in plan([f"{memory}/*.csv"])] == [f"{memory}/berita.csv", f"{memory}/semikolon.csv"]
    with on_loopback(Site(SAMPLES)) as base:
        assert [one.source_path for one in plan([f"{base}*.csv"])] == [f"{base}berita.csv", f"{base}semikolon.csv"]
        assert f"There is no file at {base}*.pdf." in said(f"{base}*.pdf")
        assert len(plan([f"{base}berita.csv?hal=2", f"{base}berita.csv", f"{base}berita.csv#isi"])) == 2


def test_an_address_is_the_name_of_its_records(memory: str) -> None:
    assert list(texts(documents([f"{memory}/arsip.zip"]))) == [
        f"{memory}/arsip.zip!satu.txt",
        f"{memory}/arsip.zip!tabel/berita.csv#1",
        f"{memory}/arsip.zip!tabel/berita.csv#2",
    ]
    with on_loopback(Site({"a b.csv": SAMPLES["berita.csv"]})) as base:
        assert list(texts(documents([f"{base}a%20b.csv?unduh=1"]))) == [
            f"{base}a%20b.csv?unduh=1#1",
            f"{base}a%20b.csv?unduh=1#2",
        ]


def test_the_name_of_a_format_may_stand_before_a_query() -> None:
    single = f"isi\n{story(1)}\n{story(2)}\n".replace(",", "").encode()
    with on_loopback(Site({"kolom.csv": single})) as base:
        assert list(texts(documents([f"{base}kolom.csv?v=2"]))) == [f"{base}kolom.csv?v=2#1", f"{base}kolom.csv?v=2#2"]


def test_what_opens_an_address_is_no_part_of_its_name() -> None:
    signed = "https://arsip.example/a.csv?X-Amz-Signature=f00&X-Amz-Expires=60&hal=3"
    assert public_address(signed) == "https://arsip.example/a.csv?hal=3"
    assert public_address("https://ani:rahasia@arsip.example/a.csv") == "https://arsip.example/a.csv"
    assert public_address("s3://wadah/berita#1?token=2.csv") == "s3://wadah/berita#1?token=2.csv"
    with on_loopback(Site({"a.csv": SAMPLES["berita.csv"]})) as base:
        assert [one.source_path for one in plan([f"{base}a.csv?sig=rahasia"])] == [f"{base}a.csv"]
        assert "rahasia" not in said(f"{base}tiada.csv?sig=rahasia")


def test_a_large_file_comes_in_blocks(tmp_path: Path) -> None:
    lines = "".join(f'{{"isi": "{story(number)}"}}\n' for number in range(40_000)).encode()
    columns = pa.table({"isi": [story(n) for n in range(40_000)], "id": list(range(40_000))})
    pq.write_table(columns, tmp_path / "b.parquet", row_group_size=5_000, compression="none", use_dictionary=False)
    site = Site({"a.jsonl": lines, "b.parquet": (tmp_path / "b.parquet").read_bytes()})
    with on_loopback(site) as base:
        assert sum(1 for _ in documents([f"{base}a.jsonl", f"{base}b.parquet"])) == 80_000
    assert max(site.sent) <= remote._BLOCK + CHUNK < len(lines)


def test_what_is_not_there_or_closed_or_unreachable_is_a_sentence() -> None:
    with on_loopback(Site(SAMPLES)) as base:
        assert f"{base}tiada.csv cannot be read: its server answers 404 Not Found." in said(f"{base}tiada.csv")
        assert "its server answers 403 Forbidden." in said(f"{base}rahasia.csv")
        gone = f"{base}berita.csv"
    assert f"{gone} cannot be read: Cannot connect to host" in said(gone)
    assert "memory://tiada.csv cannot be read: there is nothing at this address." in said("memory://tiada.csv")


def test_a_scheme_that_needs_a_package_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"class": "s3fs_yang_tiada.S3FileSystem", "err": "Install s3fs to access S3"}
    monkeypatch.setitem(known_implementations, "s3", entry)
    assert said("s3://wadah/*.parquet").endswith("needs the package s3fs_yang_tiada: pip install s3fs_yang_tiada.")
    assert "nobody knows the scheme karung://" in said("karung://wadah/a.csv")
    assert "give its path instead" in said("file:///tmp/a.csv")


def test_a_block_that_fails_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_PAUSE", 0.0)
    blocks = b"".join(bytes([number]) * remote._BLOCK for number in range(3))
    site = Site({"a.bin": blocks})
    with on_loopback(site) as base, remote.open_remote(f"{base}a.bin") as file:
        site.failures = 2
        assert file.read() == blocks
        assert site.failures == 0


@pytest.mark.parametrize("ranges", [True, False], ids=["in parts", "whole files alone"])
@pytest.mark.parametrize("sample", ["berita.jsonl", "berita.parquet", "arsip.zip", "berita.xlsx", "laman.warc"])
def test_a_lost_connection_ends_the_build_and_costs_nothing(
    ranges: bool, sample: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "_PAUSE", 0.0)
    paragraphs = "".join(f"<p>{story(number)}</p>" for number in range(4))
    long_page = warc(f"<!DOCTYPE html><html><body><h1>Nelayan melaut</h1>{paragraphs}</body></html>".encode())
    site = Site({sample: long_page if sample == "laman.warc" else SAMPLES[sample]}, ranges)
    with on_loopback(site) as base:
        build([base + sample], tmp_path / "corpus")
        before = (tmp_path / "corpus/SHA256SUMS").read_bytes()
        site.cut_at = 100
        with pytest.raises(KlipingError, match=r"cannot be read|ended after"):
            build([base + sample], tmp_path / "corpus")
        assert (tmp_path / "corpus/SHA256SUMS").read_bytes() == before
        site.cut_at = None
        build([base + sample], tmp_path / "corpus")
    assert (tmp_path / "corpus/SHA256SUMS").read_bytes() == before


def _stop(base: str, site: Site, out: Path) -> None:
    """A build that is cut off behind the plan: what it read before stays."""
    site.cut_at = 10
    with pytest.raises(KlipingError, match="cannot be read"):
        build([f"{base}a.csv"], out)
    site.cut_at = None


def test_resuming_asks_for_the_etag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_PAUSE", 0.0)
    site = Site({"a.csv": SAMPLES["berita.csv"]})
    with on_loopback(site) as base:
        _stop(base, site, tmp_path / "corpus")
        assert build([f"{base}a.csv"], tmp_path / "corpus").notice == "Going on with the build that was stopped here."
        _stop(base, site, tmp_path / "corpus")
        site.etag = "dua"
        notice = build([f"{base}a.csv"], tmp_path / "corpus").notice
    assert notice == "Starting again: since the build that was stopped here, this has changed: inputs."


def test_a_person_builds_and_inspects_from_the_web(tmp_path: Path) -> None:
    csv = table([*HEADER, "url"], *([*row, "-"] for row in rows(3)), ["x", "y"]).encode()
    with on_loopback(Site({"berita.csv": csv})) as base:
        seen = kliping("inspect", f"{base}berita.csv", cwd=tmp_path)
        done = kliping("build", f"{base}berita.csv", "--out", "corpus", "--workers", "2", cwd=tmp_path)
        lost = kliping("build", f"{base}berit.csv", "--out", "corpus", cwd=tmp_path)
    assert seen.returncode == 0, seen.stderr
    assert "a table of delimited values" in seen.stdout
    assert "4 records" in seen.stdout
    assert done.returncode == 3, done.stderr
    decisions = pq.read_table(tmp_path / "corpus/decisions").to_pylist()
    assert {row["source_path"] for row in decisions} == {f"{base}berita.csv#{number}" for number in range(1, 5)}
    assert lost.returncode == 1
    assert lost.stderr.startswith(f"kliping: {base}berit.csv cannot be read: its server answers 404 Not Found.")
    assert "Traceback" not in lost.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus"]


def test_a_person_builds_from_a_hub_and_no_cache_is_left(tmp_path: Path) -> None:
    with serve() as (hub, endpoint):
        repo = hub.repos.setdefault("kabar/uji", Repo())
        repo.commit({"README.md": STORY.encode(), "data/satu.parquet": SAMPLES["berita.parquet"]})
        home = {"HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "rumah"), "HOME": str(tmp_path / "rumah")}
        done = kliping("build", "hf://datasets/kabar/uji/data/*.parquet", "--out", tmp_path / "corpus", variables=home)
        gone = kliping("build", "hf://datasets/kabar/tiada/*.parquet", "--out", tmp_path / "baru", variables=home)
    assert done.returncode == 0, done.stderr
    decisions = pq.read_table(tmp_path / "corpus/decisions").to_pylist()
    assert sorted(row["source_path"] for row in decisions) == [
        f"hf://datasets/kabar/uji/data/satu.parquet#{number}" for number in (1, 2)
    ]
    assert gone.returncode == 1
    assert gone.stderr.startswith("kliping: ")
    assert "Traceback" not in gone.stderr
    assert not [path for path in tmp_path.glob("rumah/**/*") if path.is_file()]
