"""Builds small corpora of invented pages, whole ones and such that a careful forger has rewritten in every place."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tests.writing import write_parquet

from kliping import schema
from kliping.check.recompute import Tally
from kliping.corpus import digests
from kliping.corpus.card import render_readme
from kliping.corpus.croissant import render_croissant
from kliping.corpus.folder import Corpus, open_corpus
from kliping.corpus.layout import table_file
from kliping.corpus.manifest import dump, read_manifest, shard_paths
from kliping.corpus.settle import wide_tables
from kliping.corpus.shard import write_shard
from kliping.corpus.tables import to_tables
from kliping.corpus.write import finish, render_sums
from kliping.files import file_sha256
from kliping.kernel import annotate_documents
from kliping.model import Correction, InputValue, RawDocument, Refusal

Tables = dict[str, pa.Table]
VERSION = "1.0.0"
OPTIONS = {"shard_bytes": 4096}

RUMPUT_LAUT = """Beranda
Panen Rumput Laut di Teluk Semanting Maju Dua Pekan
Gelombang tinggi memaksa petani memanen sebelum waktunya.
Penulis: Sari Wulandari
Editor: Bagus Prakoso
Kompas.com - 06/03/2023, 14:05 WIB
TANJUNG REDEB, KOMPAS.com - Petani rumput laut di Teluk Semanting memanen dua pekan lebih awal karena gelombang tinggi. Kepala kampung mengatakan harga di tingkat petani naik menjadi Rp 21.000 per kilogram.
Baca juga: Harga Ikan Tongkol Turun di Tiga Pasar
â€œKami tidak mau kehilangan panen seperti tahun lalu,â€\x9d kata Kepala Kampung Teluk Semanting, Rahmat Hidayat, Senin (6/3/2023).
Pemerintah Kabupaten Berau berjanji membangun gudang pengering sebelum musim angin selatan, seperti dilansir Antara.
Advertisement
Tag: rumput laut, Berau, nelayan
Copyright 2008 - 2023 PT. Kompas Cyber Media (Kompas Gramedia Digital Group). All Rights Reserved.
"""  # noqa: E501
PUTRI_BULU_TANGKIS = """Tim Putri Jawa Tengah ke Semifinal
SEMARANG, Suara.com - Tim bulu tangkis putri Jawa Tengah melaju ke babak semifinal setelah menundukkan Bali 3-2, Rabu (18/10/2023).
Pada laga penentuan, ganda kedua sempat tertinggal sebelum merebut gim ketiga. Pelatih Dewi Anggraini memuji ketenangan pemainnya.
Baca Juga: Jadwal Final Bulu Tangkis Putri
Semifinal akan dimainkan pada Jumat sore di gedung olahraga yang sama, menurut laporan Reuters.
(Wati)
"""  # noqa: E501
JEMBATAN = """Jembatan Gantung Cibeureum Dibuka Lagi
Warga Desa Cibeureum kembali memakai jembatan gantung yang putus diterjang banjir pada Selasa (9/1/2024). Â Perbaikannya memakan waktu lima bulan.
Anak-anak sekolah tidak perlu lagi memutar sejauh tujuh kilometer. Kepala desa mengatakan biaya perbaikan berasal dari dana desa dan sumbangan warga.
ADVERTISEMENT
Jembatan itu kini memakai kabel baja yang lebih tebal dan papan dari kayu ulin.
Sumbangan masih diterima panitia di 0812-5550-1234 atau jembatan@cibeureum.example.
"""  # noqa: E501
PASAR_MALAM = """Pasar Malam Alun-Alun Kidul Pindah
YOGYAKARTA - Pedagang pasar malam di Alun-Alun Kidul mulai pindah ke lapangan baru pada Sabtu (2/3/2024). Pemindahan itu berlangsung tertib.
Dinas perdagangan menyediakan 120 lapak dengan listrik dan air bersih. Sewa lapak digratiskan selama tiga bulan pertama.
Seorang pedagang wedang ronde, Sumirah, berharap pelanggan lamanya ikut pindah.
"Lapak baru lebih terang," kata Sumirah. Menurut Kepala Dinas Perdagangan Bagas Wiryawan, pedagang lain pindah pekan depan.
"""  # noqa: E501

JEMBATAN_ELSEWHERE = """Warga Cibeureum Kembali Menyeberang
SUKABUMI, Suara.com - Warga Desa Cibeureum kembali memakai jembatan gantung yang putus diterjang banjir pada Selasa (9/1/2024). Perbaikannya memakan waktu lima bulan.
Anak-anak sekolah tidak perlu lagi memutar sejauh tujuh kilometer. Kepala desa mengatakan biaya perbaikan berasal dari dana desa dan sumbangan warga.
Baca Juga: Jembatan Lain di Sukabumi
Jembatan itu kini memakai kabel baja yang lebih tebal dan papan dari kayu ulin.
"""  # noqa: E501
PASAR_MALAM_LATER = PASAR_MALAM.replace("pertama.\n", "pertama, kata panitia pasar malam.\n").replace(
    "YOGYAKARTA - ", ""
)


CORRECTED: Mapping[str, tuple[tuple[str, str | None, Any, Any], ...]] = {
    JEMBATAN: (("role", "ADVERTISEMENT", ["advertisement"], "promotion"), ("tags", "dana desa", [], ["dana desa"])),
    PASAR_MALAM: (("role", "YOGYAKARTA -", ["dateline"], "mark"), ("tags", "wedang ronde", [], ["wedang ronde"])),
}
"""What a person changed in these pages: what, the words that show it, old and new value."""


def corrections_of(text: str) -> tuple[Correction, ...]:
    """What CORRECTED says of a page as the corrections of one person, a minute apart."""
    first = datetime(2026, 11, 29, 9, 30, tzinfo=UTC)
    found = []
    for minute, (what, words, old, new) in enumerate(CORRECTED[text]):
        start = None if words is None else text.index(words)
        found.append(
            Correction(
                raw_sha256=hashlib.sha256(text.encode()).hexdigest(),
                what=what,
                start=start,
                end=None if start is None or words is None else start + len(words),
                old=json.dumps(old),
                new=json.dumps(new),
                who="Sari",
                when=first + timedelta(minutes=minute),
                note="dibaca dua kali" if minute else None,
                source_path=f"corrections/sari.jsonl#{minute + 1}",
            )
        )
    return tuple(found)


@cache
def documents() -> tuple[RawDocument, ...]:
    """Four articles: with everything a page can say, with a URL, with damage, and one taken from HTML."""
    retrieved = datetime(2024, 3, 3, 10, 0, 0, 250000, tzinfo=UTC)
    lines = PASAR_MALAM.count("\n") + 1
    return (
        RawDocument(RUMPUT_LAUT.encode(), "laut/rumput.txt"),
        RawDocument(
            PUTRI_BULU_TANGKIS.encode(),
            "putri.jsonl#3",
            url="https://www.suara.com/sport/2023/10/18/190500/tim-putri-jateng-ke-semifinal",
            retrieved_at=retrieved,
            metadata=(InputValue("authors", "Wati Lestari", "column:author"),),
        ),
        RawDocument(JEMBATAN.encode(), "desa/jembatan.txt"),
        RawDocument(
            PASAR_MALAM.encode(),
            "malam.html",
            url="https://contoh.example/pasar-malam",
            extractor="kliping 1.0.0",
            source_sha256=hashlib.sha256(b"<html>").hexdigest(),
            line_tags=("h1", *("p",) * (lines - 1)),
        ),
    )


@cache
def copies() -> tuple[RawDocument, ...]:
    """Two articles more: one of the above in another outlet, to the letter, and another in a longer version."""
    return (
        RawDocument(JEMBATAN_ELSEWHERE.encode(), "desa/salinan-jembatan.txt"),
        RawDocument(PASAR_MALAM_LATER.encode(), "malam-lagi.txt", url="https://contoh.example/pasar-malam"),
    )


REFUSED = (
    Refusal("gambar.png", hashlib.sha256(b"png").hexdigest(), "binary", "It starts like a PNG image."),
    Refusal("kosong.txt", hashlib.sha256(b"").hexdigest(), "empty", "It holds nothing."),
    Refusal("tutup.txt", None, "unreadable", "Permission denied."),
)


@cache
def shards() -> tuple[Mapping[str, pa.Table], ...]:
    """The tables of two shards, three articles each in the order of their ids, some of them corrected.

    The first article has a copy.
    """
    found = {text.encode(): corrections_of(text) for text in CORRECTED}
    everything = (*documents(), *copies())
    ordered = [replace(document, corrections=found.get(document.data, ())) for document in everything]
    ordered.sort(key=lambda document: document.article_id)
    copy = Refusal("salinan.txt", ordered[0].sha256, "duplicate", f"The same bytes as {ordered[0].source_path}.")
    first, second = annotate_documents(ordered[:3]), annotate_documents(ordered[3:])
    assert not [outcome for outcome in (*first, *second) if isinstance(outcome, Refusal)], "the pipeline refuses a page"
    return to_tables([*first, copy, *REFUSED[:1]]), to_tables([*second, *REFUSED[1:]])


def write(tables: Sequence[Mapping[str, pa.Table]], out: Path, **options: Any) -> Path:
    """A corpus of these shards, consistent in itself whatever the tables say; it replaces `out`."""
    with tempfile.TemporaryDirectory(dir=out.parent) as work:
        for number, shard in enumerate(tables):
            write_shard([shard], Path(work), number)
        finish(Path(work), out, range(len(tables)), **({"version": VERSION, "options": OPTIONS} | options))
    return out


def forge(corpus: Path, table: str, number: int, rows: list[dict[str, Any]]) -> None:
    """Put other rows into one shard of a table and make all counts and digests fit, as a careful forger would."""
    file = shard_paths(read_manifest(corpus), table)[number]
    write_parquet(pa.Table.from_pylist(rows, schema=schema.arrow_schema(table)), corpus / file)
    opened = open_corpus(corpus)
    contents = dict(opened.manifest)
    if table in opened.sharded:
        tally = Tally()
        for index in range(opened.shard_count):
            tally.add(opened.shard(index))
        contents |= {"statistics": tally.counts, "inputs": tally.inputs}
        for name, portions in wide_tables(opened.shards).items():
            with suppress(LookupError):  # the rows of the others are too damaged to make it of
                write_parquet(pa.concat_tables(portions), corpus / table_file(name, 0, 1))
    for name in {table, *schema.of_scope(schema.CORPUS)}:
        seal_table(corpus, name, contents["tables"][name])
    reseal(corpus, contents)


def reseal(corpus: Path, manifest: Mapping[str, Any] | None = None) -> None:
    """Make all that describes a corpus fit its Parquet files again; with `manifest` that one, fit or not."""
    contents = dict(manifest or read_manifest(corpus))
    if manifest is None:
        for name, entry in contents["tables"].items():
            seal_table(corpus, name, entry)
    sample = Corpus(corpus, contents).sample()
    (corpus / "manifest.json").write_text(dump(contents), encoding="utf-8")
    (corpus / "README.md").write_text(render_readme(contents, sample), encoding="utf-8")
    (corpus / "croissant.json").write_text(render_croissant(contents), encoding="utf-8")
    reseal_sums(corpus)


def seal_table(corpus: Path, name: str, entry: dict[str, Any]) -> None:
    tables = []
    for file in entry["files"]:
        path = corpus / file["path"]
        tables.append(pq.read_table(path, partitioning=None))
        file |= {"sha256": file_sha256(path), "bytes": path.stat().st_size, "rows": tables[-1].num_rows}
    entry["rows"] = sum(table.num_rows for table in tables)
    lines = [line for table in tables for line in digests.row_lines(name, table)]
    entry["root"] = digests.root(sorted(lines))
    if len(tables) == 1:
        entry["columns"] = digests.column_roots(name, corpus / entry["files"][0]["path"])


def reseal_sums(corpus: Path) -> None:
    (corpus / "SHA256SUMS").write_text(render_sums(corpus), encoding="utf-8")


def rewrite(corpus: Path, file: str, table: pa.Table) -> None:
    """Put another table into a Parquet file and make the description fit."""
    write_parquet(table, corpus / file)
    reseal(corpus)


def read_json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
