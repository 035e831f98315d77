"""The members of ZIP and tar archives, each as a file of its own, named `archive.zip!folder/a.txt`.

Memory stays bounded whatever an archive says of itself. What is no regular file, is encrypted or damaged is a refusal;
folders are passed over, for what they hold has names of its own.
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO, NamedTuple, cast

from kliping.model import Refusal
from kliping.read.opening import opened
from kliping.read.options import Input, Record, finished
from kliping.read.paths import escape_name
from kliping.read.streams import CHUNK, ChunkFile, Damaged, Meter

_UTF8 = 0x800
_ENCRYPTED = 0x1
"""Bits of a ZIP member's flags (APPNOTE 4.4.4)."""
_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin")


class Member(NamedTuple):
    """A file in an archive. Its bytes are to be taken before the next member is asked for."""

    one: Input
    source: Iterable[bytes]


class _Names:
    """The source paths of an archive's members: unique, and without the steps upward that some give."""

    def __init__(self, one: Input) -> None:
        self._one = one
        self._given: set[str] = set()

    def of(self, name: str) -> str:
        parts = [part for part in name.split("/") if part not in ("", ".", "..")]
        path = unique = f"{self._one.source_path}!{escape_name('/'.join(parts) or '%')}"
        number = 2
        while unique in self._given:
            unique, number = f"{path} ({number})", number + 1
        self._given.add(unique)
        return unique


def zip_names(one: Input) -> frozenset[str]:
    """Return the names of a ZIP archive's members. Raises Damaged (`truncated`) where it has no list of them."""
    with opened(one) as file:
        return frozenset(info.filename for info in _zip(file).infolist())


def is_workbook(names: Collection[str]) -> bool:
    """Tell whether these are the parts of an Excel workbook."""
    return any(part in names for part in _WORKBOOKS)


def _zip(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise Damaged("truncated", f"The ZIP archive is cut off or damaged ({error}).") from None


def zip_members(one: Input) -> Iterator[Member | Record]:
    """Yield the members of a ZIP archive in the order of its list.

    Raises Damaged: `truncated`, or `decompression-bomb` where members share the same bytes.
    """
    with opened(one) as file:
        archive, names = _zip(file), _Names(one)
        size = file.seek(0, 2)
        members = [info for info in archive.infolist() if not info.is_dir()]
        if sum(info.compress_size for info in members) > size:
            raise Damaged("decompression-bomb", "The ZIP archive's members overlap, as those of bombs do.")
        for info in members:
            name = names.of(_zip_name(info))
            if info.flag_bits & _ENCRYPTED:
                detail = "It is encrypted; unpack the archive with its password and give the files in it."
                yield finished(Refusal(name, None, "unreadable", detail))
            else:
                yield Member(replace(one, source_path=name), _unzipped(archive, info))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name: many programs write UTF-8 without saying so, and some backslashes."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/")


def _unzipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    meter = Meter()
    meter.count(info.compress_size, 0)
    try:
        with archive.open(info) as member:
            while chunk := member.read(CHUNK):
                meter.count(0, len(chunk))
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        raise Damaged("truncated", f"The archive's member is damaged ({str(error).partition(chr(10))[0]}).") from None


def tar_members(source: Iterable[bytes], one: Input) -> Iterator[Member | Record]:
    """Yield the members of a tar archive in its order. Raises Damaged (`truncated`), and what `source` raises."""
    names = _Names(one)
    try:
        with tarfile.open(fileobj=cast("BinaryIO", _Whole(source)), mode="r|", errorlevel=1) as archive:
            for info in archive:
                if info.isdir():
                    continue
                name = names.of(info.name)
                if info.isreg() and not info.issparse():
                    yield Member(replace(one, source_path=name), _untarred(archive, info))
                else:
                    detail = "It is no regular file but a link, a device or a file with holes."
                    yield finished(Refusal(name, None, "unreadable", detail))
                cast("Any", archive).members.clear()  # it would keep them all
    except (tarfile.TarError, ValueError, EOFError, OverflowError) as error:
        raise Damaged("truncated", f"The tar archive is cut off or damaged ({error}).") from None


def _untarred(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    member = archive.extractfile(info)
    assert member is not None
    left = info.size
    try:
        while left and (chunk := member.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
    except tarfile.TarError as error:
        raise Damaged("truncated", f"The archive's member is damaged ({error}).") from None
    if left:
        raise Damaged("truncated", "The archive ends inside this member.")


class _Whole:
    """Chunks of bytes as the file that tarfile reads: each read gives as much as it asks for, or what is left."""

    def __init__(self, source: Iterable[bytes]) -> None:
        self._file = ChunkFile(source)

    def read(self, size: int) -> bytes:
        pieces = []
        while size and (piece := self._file.read(size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)
