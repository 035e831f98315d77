"""A small file of every format that kliping reads, by the name it has in docs/inputs.md; all of our own writing."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from kliping.model import RawDocument, Refusal
from kliping.read import Options, documents

STORY = (
    "PALU, KabarUji – Nelayan kembali melaut setelah badai reda, kata ketua koperasi, Rabu. Mereka membawa ikan "
    "tongkol ke pasar kota dan menjualnya sebelum siang."
)
HEADER = ["judul", "tanggal", "isi"]


def story(number: int) -> str:
    """An article, another for each number."""
    return f"{STORY} Ini hari ke-{number} mereka melaut."


def rows(count: int = 2) -> list[list[str]]:
    """The rows of a table of articles, under HEADER."""
    return [[f"Nelayan melaut {number}", f"2023-03-0{number}", story(number)] for number in range(1, count + 1)]


def records(count: int = 2) -> list[dict[str, str]]:
    return [dict(zip(HEADER, row, strict=True)) for row in rows(count)]


def table(*lines: Sequence[object], delimiter: str = ",") -> str:
    """Lines as the csv module writes them."""
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(lines)
    return file.getvalue()


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def tarred(members: Iterable[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """An XLSX workbook with its cells in line, by the names of its sheets."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    numbered = list(enumerate(sheets, 1))
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in numbered)
    linked = "".join(
        f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered
    )
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}">{linked}</Relationships>',
    }
    for number, name in numbered:
        lines = "".join(_line(line, cells) for line, cells in enumerate(sheets[name], 1))
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>'
        )
    return zipped((name, f'<?xml version="1.0" encoding="UTF-8"?>{xml}'.encode()) for name, xml in parts.items())


def _line(number: int, cells: Sequence[object]) -> str:
    written = "".join(_cell(f"{chr(65 + column)}{number}", cell) for column, cell in enumerate(cells))
    return f'<row r="{number}">{written}</row>'


def _cell(place: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def arrow(columns: pa.Table, stream: bool) -> bytes:
    file = io.BytesIO()
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(file, columns.schema) as writer:
        writer.write_table(columns)
    return file.getvalue()


def parquet(columns: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(columns, file)
    return file.getvalue()


def warc(page: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    return b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n" % (len(http), http)


def wet(text: str) -> bytes:
    """The text of a page, as crawlers give it beside their archives."""
    block = text.encode()
    head = b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(block)
    return head + block + b"\r\n\r\n"


def mhtml(page: str) -> bytes:
    """A page as browsers save it in one file, with a picture."""
    return (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://kabaruji.example/nelayan\r\n"
        "Subject: Nelayan\r\nDate: Thu, 4 Mar 2021 01:15:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----Batas"\r\n\r\n'
        "------Batas\r\nContent-Type: text/html\r\nContent-ID: <f@mhtml.blink>\r\n"
        "Content-Transfer-Encoding: 8bit\r\nContent-Location: https://kabaruji.example/nelayan\r\n\r\n"
        f"{page}\r\n------Batas\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "iVBORw0KGgo=\r\n------Batas--\r\n"
    ).encode()


def samples() -> dict[str, bytes]:
    """The files, by name; those with records hold two articles."""
    lines = "".join(json.dumps(record) + "\n" for record in records()).encode()
    comma = table(HEADER, *rows()).encode()
    columns = pa.Table.from_pylist(records())
    page = f"<!DOCTYPE html><html><body><h1>Nelayan melaut</h1><p>{story(1)}</p></body></html>"
    folder = [("satu.txt", story(1).encode()), ("tabel/berita.csv", comma)]
    return {
        "berita.txt": story(1).encode(),
        "laman.html": page.encode(),
        "laman.mhtml": mhtml(page),
        "berita.csv": comma,
        "berita.tsv": table(HEADER, *rows(), delimiter="\t").encode(),
        "semikolon.csv": table(HEADER, *rows(), delimiter=";").encode("cp1252"),
        "pipa.txt": table(HEADER, *rows(), delimiter="|").encode("utf-16"),
        "berita.xlsx": workbook({"Lembar1": [HEADER, *rows()]}),
        "berita.jsonl": lines,
        "berita.json": json.dumps(records(), indent=2).encode(),
        "kunci.json": json.dumps({"status": "ok", "data": records()}).encode(),
        "satu.json": json.dumps(records()[0], indent=2).encode(),
        "kolom.json": json.dumps({k: {str(n): r[k] for n, r in enumerate(records())} for k in HEADER}).encode(),
        "berita.parquet": parquet(columns),
        "berita.arrow": arrow(columns, stream=False),
        "data-00000-of-00001.arrow": arrow(columns, stream=True),
        "laman.warc": warc(page.encode()),
        "berita.warc.wet": wet(story(1)),
        "berita.csv.gz": gzip.compress(comma, mtime=0),
        "berita.jsonl.zst": zstandard.ZstdCompressor().compress(lines),
        "berita.csv.xz": lzma.compress(comma),
        "berita.json.bz2": bz2.compress(json.dumps(records()).encode()),
        "arsip.zip": zipped(folder),
        "arsip.tar.gz": gzip.compress(tarred(folder), mtime=0),
    }


SAMPLES = samples()


def read_file(path: Path, data: bytes | str, **options: str) -> list[RawDocument | Refusal]:
    """Write a file and read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(documents([path], Options(**options)))  # type: ignore[arg-type]


def texts(items: Iterable[RawDocument | Refusal]) -> dict[str, str]:
    """The texts of the documents, by address."""
    return {item.source_path: item.data.decode() for item in items if isinstance(item, RawDocument)}


def reasons(items: Iterable[RawDocument | Refusal]) -> dict[str, str]:
    """Why the others were refused, by address."""
    return {item.source_path: item.reason for item in items if isinstance(item, Refusal)}


def details(items: Iterable[RawDocument | Refusal]) -> str:
    """The sentences of all refusals."""
    return "\n".join(item.detail for item in items if isinstance(item, Refusal))
