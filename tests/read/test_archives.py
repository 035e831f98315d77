"""Members of archives are read as files with names of their own, and no archive harms anything."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from pathlib import Path

import pytest
from tests.read.inputs import HEADER, STORY, details, read_file, reasons, rows, story, table, tarred, texts, zipped

from kliping.model import RawDocument, Refusal
from kliping.read import documents, streams

COMMA = table(HEADER, *rows()).encode()
MEMBERS = [
    ("satu.txt", story(1).encode()), ("tabel/berita.csv", COMMA), ("kosong.txt", b""),
    ("dalam.jsonl.gz", gzip.compress(b'{"text": "Harga cabai turun."}\n')), ("gambar.pdf", b"%PDF-1.7"),
    ("__MACOSX/._satu.txt", b"\0\5\x16\7\0\2\0\0Mac OS X"), (".DS_Store", b"\0\0\0\1Bud1"),
    ("lagi.zip", zipped([("z.txt", STORY.encode())])), ("lagi.tar", tarred([("z.txt", STORY.encode())])),
    ("../../naik.txt", story(2).encode()), ("/akar#1!.txt", story(3).encode()),
]  # fmt: skip
KEPT = {
    "satu.txt": story(1), "tabel/berita.csv#1": story(1), "tabel/berita.csv#2": story(2), "kosong.txt": "",
    "dalam.jsonl.gz#1": "Harga cabai turun.", "naik.txt": story(2), "akar%231%21.txt": story(3),
}  # fmt: skip
REFUSED = dict.fromkeys(
    ["gambar.pdf", "__MACOSX/._satu.txt", ".DS_Store", "lagi.zip", "lagi.tar"], "unsupported-format"
)
FORMS = {
    "a.zip": zipped, "a.tar": tarred, "a.tar.gz": lambda m: gzip.compress(tarred(m)),
    "a.tar.xz": lambda m: lzma.compress(tarred(m)), "a.tar.bz2": lambda m: bz2.compress(tarred(m)),
    "a.zip.gz": lambda m: gzip.compress(zipped(m)),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_every_member_has_its_place(name: str, tmp_path: Path) -> None:
    items = read_file(tmp_path / name, FORMS[name](MEMBERS))  # type: ignore[no-untyped-call]
    assert texts(items) == {f"{name}!{member}": text for member, text in KEPT.items()}
    assert reasons(items) == {f"{name}!{member}": reason for member, reason in REFUSED.items()}
    assert "an archive inside an archive, which kliping does not read; unpack it" in details(items)
    assert not (tmp_path.parent / "naik.txt").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_members_of_one_name_have_two(pack, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    items = read_file(tmp_path / "a", pack([("a.txt", story(1).encode()), ("./a.txt", story(2).encode())]))
    assert texts(items) == {"a!a.txt": story(1), "a!a.txt (2)": story(2)}


def test_no_file_on_the_disk_has_the_name_of_a_member(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped([("b.txt", story(1).encode())]))
    (tmp_path / "a.zip!b.txt").write_text(story(2))
    assert texts(documents([tmp_path])) == {"a.zip!b.txt": story(1), "a.zip%21b.txt": story(2)}


def test_an_empty_archive_is_empty(tmp_path: Path) -> None:
    assert reasons(read_file(tmp_path / "a.zip", zipped([]))) == {"a.zip": "empty"}
    folder = io.BytesIO()
    with tarfile.open(fileobj=folder, mode="w") as archive:
        info = tarfile.TarInfo("folder")
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
    assert reasons(read_file(tmp_path / "a.tar", folder.getvalue())) == {"a.tar": "empty"}


def test_links_and_devices_are_refused(tmp_path: Path) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, kind in (("tautan", tarfile.SYMTYPE), ("keras", tarfile.LNKTYPE), ("pipa", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    items = read_file(tmp_path / "a.tar", file.getvalue())
    assert reasons(items) == dict.fromkeys(["a.tar!tautan", "a.tar!keras", "a.tar!pipa"], "unreadable")


def encrypted() -> bytes:
    """An archive whose only member says that it is encrypted."""
    data = bytearray(zipped([("rahasia.txt", STORY.encode())]))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def test_an_encrypted_member_is_refused_with_what_to_do(tmp_path: Path) -> None:
    items = read_file(tmp_path / "a.zip", encrypted())
    assert reasons(items) == {"a.zip!rahasia.txt": "unreadable"}
    assert "password" in details(items)


def test_a_bomb_is_cut_off_and_the_members_around_it_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BOMB_FLOOR", 2**20)
    members = [("a.txt", story(1).encode()), ("bom.csv", b"isi\n" + b"a" * 2**24), ("b.txt", story(2).encode())]
    items = read_file(tmp_path / "a.zip", zipped(members))
    assert texts(items) == {"a.zip!a.txt": story(1), "a.zip!b.txt": story(2)}
    assert reasons(items)["a.zip!bom.csv"] in ("decompression-bomb", "too-large")


def test_members_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    data = zipped([(f"{n}.txt", STORY.encode()) for n in range(2)])
    first = data.index(b"PK\1\2")
    second = data.index(b"PK\1\2", first + 1)
    end = data.index(b"PK\5\6")
    entry = data[first:second]
    count = 2000
    tail = bytearray(data[end:])
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = (len(entry) * count).to_bytes(4, "little")
    items = read_file(tmp_path / "a.zip", data[:first] + entry * count + bytes(tail))
    assert reasons(items) == {"a.zip": "decompression-bomb"}


def test_a_damaged_member_costs_itself(tmp_path: Path) -> None:
    data = bytearray(zipped([("a.txt", story(1).encode()), ("b.txt", story(2).encode())]))
    data[60] ^= 0xFF
    items = read_file(tmp_path / "a.zip", bytes(data))
    assert reasons(items) == {"a.zip!a.txt": "truncated"}
    assert texts(items) == {"a.zip!b.txt": story(2)}


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz"])
def test_an_archive_that_is_cut_off_gives_the_members_before(name: str, tmp_path: Path) -> None:
    data = tarred([("a.txt", story(1).encode()), ("b.csv", COMMA * 40)])[:2500]
    items = read_file(tmp_path / name, gzip.compress(data) if name.endswith("gz") else data)
    assert texts(items)[f"{name}!a.txt"] == story(1)
    assert set(reasons(items).values()) == {"truncated"}
    assert reasons(read_file(tmp_path / "a.zip", zipped(MEMBERS)[:300])) == {"a.zip": "truncated"}


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (["[Content_Types].xml", "word/document.xml"], "a Word document"),
        (["[Content_Types].xml", "ppt/presentation.xml"], "a presentation"),
        (["mimetype", "META-INF/container.xml"], "an EPUB book"),
        (["META-INF/MANIFEST.MF", "A.class"], "a Java program"),
    ],
)
def test_documents_that_are_zip_archives_are_told(members: list[str], words: str, tmp_path: Path) -> None:
    (item,) = read_file(tmp_path / "a", zipped((name, b"<x/>") for name in members))
    assert isinstance(item, Refusal)
    assert (item.reason, words in item.detail) == ("unsupported-format", True)


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress])
def test_packed_streams_behind_one_another_cut_and_bombs(pack, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    lines = [b'{"text": "Harga cabai turun %d."}\n' % n for n in range(300)]
    items = read_file(tmp_path / "a", b"".join([pack(b"".join(lines)), pack(lines[0]), b"\0" * 4]))
    assert len(items) == 301
    assert all(isinstance(item, RawDocument) for item in items)
    items = read_file(tmp_path / "a", pack(b"".join(lines)) + pack(b"".join(lines))[:-10])
    assert reasons(items) == {"a": "truncated"}
    assert len(texts(items)) >= 300
    monkeypatch.setattr(streams, "BOMB_FLOOR", 2**20)
    items = read_file(tmp_path / "a", pack(b"".join(lines)) + pack(b" " * 2**25))
    assert reasons(items) == {"a": "decompression-bomb"}
    assert len(texts(items)) == 300
