"""JSON Lines, Parquet, text and compressed files become documents, and what cannot is refused by name."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from kliping.model import RawDocument, Refusal
from kliping.read import Options, documents, jsonl, streams, text

STORY = "PALU, KabarUji – Nelayan kembali melaut setelah badai reda, kata ketua koperasi, Rabu."


def kept(items: list[RawDocument | Refusal]) -> list[RawDocument]:
    return [item for item in items if isinstance(item, RawDocument)]


def refused(items: list[RawDocument | Refusal]) -> list[tuple[str, str]]:
    return [(item.source_path, item.reason) for item in items if isinstance(item, Refusal)]


def write(path: Path, data: bytes) -> list[RawDocument | Refusal]:
    path.write_bytes(data)
    return list(documents([path]))


def json_lines(*records: object) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress])
def test_formats_are_told_apart_by_content_not_by_name(tmp_path: Path, pack) -> None:  # type: ignore[no-untyped-def]
    (one,) = kept(write(tmp_path / "catatan.bin", pack(STORY.encode())))
    assert (one.data, one.source_path) == (STORY.encode(), "catatan.bin")
    (one,) = kept(write(tmp_path / "catatan.txt", pack(json_lines({"text": STORY}))))
    assert (one.data, one.source_path) == (STORY.encode(), "catatan.txt#1")


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_several_members_are_one_stream(tmp_path: Path, pack) -> None:  # type: ignore[no-untyped-def]
    halves = [pack(json_lines({"text": f"{STORY} {n}"})) for n in range(3)]
    items = write(tmp_path / "a.jsonl", b"".join(halves))
    assert [one.source_path for one in kept(items)] == ["a.jsonl#1", "a.jsonl#2", "a.jsonl#3"]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_truncated_file_keeps_the_records_before(tmp_path: Path, pack) -> None:  # type: ignore[no-untyped-def]
    whole = pack(json_lines(*({"text": f"{STORY} {n}"} for n in range(50)))) + pack(json_lines({"text": STORY}))
    items = write(tmp_path / "a.jsonl", whole[:-30])
    assert len(kept(items)) == 50
    assert refused(items) == [("a.jsonl", "truncated")]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_truncated_single_document_is_not_half_an_article(tmp_path: Path, pack) -> None:  # type: ignore[no-untyped-def]
    items = write(tmp_path / "a.txt", pack(STORY.encode() * 40)[:-3])
    assert refused(items) == [("a.txt", "truncated")]
    assert not kept(items)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_bomb_is_cut_off(tmp_path: Path, pack, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(streams, "BOMB_FLOOR", 2**20)
    bomb = pack(json_lines({"text": STORY})) + pack(b"a" * 2**24)
    items = write(tmp_path / "a.gz", bomb)
    assert refused(items) == [("a.gz", "decompression-bomb")]
    assert [one.source_path for one in kept(items)] == ["a.gz#1"]


def test_zstd_dictionary_in_the_first_frame(tmp_path: Path) -> None:
    samples = [f"{STORY} {n} {n * 7}".encode() for n in range(400)]
    dictionary = zstandard.train_dictionary(2048, samples)
    frame = b"\x5d\x2a\x4d\x18" + len(dictionary.as_bytes()).to_bytes(4, "little") + dictionary.as_bytes()
    packed = zstandard.ZstdCompressor(dict_data=dictionary).compress(json_lines({"text": STORY}))
    (one,) = kept(write(tmp_path / "a.zst", frame + packed))
    assert one.data == STORY.encode()


def test_broken_lines_are_refused_one_by_one(tmp_path: Path) -> None:
    lines = [
        json.dumps({"text": STORY}), '{"text": "putus', "", "[1, 2]", '{"text": ' + "[" * 100_000, '{"id": 7}',
        '{"text": "emoji \\ud83d"}', '{"text": ' + "9" * 5000 + "}", json.dumps({"text": STORY + " Tamat."}),
    ]  # fmt: skip
    items = write(tmp_path / "a.jsonl", "\n".join(lines).encode() + b'\n{"text": "\xff"}\n')
    assert [one.source_path for one in kept(items)] == ["a.jsonl#1", "a.jsonl#9"]
    assert refused(items) == [
        ("a.jsonl#2", "broken-record"), ("a.jsonl#4", "broken-record"), ("a.jsonl#5", "broken-record"),
        ("a.jsonl#6", "no-text-field"), ("a.jsonl#7", "lone-surrogate"), ("a.jsonl#8", "broken-record"),
        ("a.jsonl#10", "broken-record"),
    ]  # fmt: skip


def test_long_line_is_refused_and_reading_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "_LONGEST_LINE", 3 * streams.CHUNK)
    data = json_lines({"text": STORY}, {"text": "x" * 4 * streams.CHUNK}, {"text": "y" * 2 * streams.CHUNK})
    items = write(tmp_path / "a.jsonl", data)
    assert refused(items) == [("a.jsonl#2", "too-large")]
    assert [len(one.data) for one in kept(items)] == [len(STORY.encode()), 2 * streams.CHUNK]


def test_long_document_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_RECORD_BYTES", 100)
    assert refused(write(tmp_path / "a.txt", b"kata " * 50)) == [("a.txt", "too-large")]
    assert refused(write(tmp_path / "b.txt", b"\x89PNG\r\n\x1a\n" * 50)) == [("b.txt", "binary")]


def test_a_caption_in_brackets_is_text(tmp_path: Path) -> None:
    (one,) = kept(write(tmp_path / "c.txt", b"[Foto] Pasar pagi di tepi sungai"))
    assert one.data.startswith(b"[Foto]")


def metadata(record: dict[str, object], options: Options = Options()) -> list[tuple[str, str, str]]:  # noqa: B008
    from kliping.read.records import record_document

    one = record_document(record, "x#1", options)
    assert isinstance(one, RawDocument)
    return [(value.field, value.value, value.rule) for value in one.metadata]


def test_news_dump_fields() -> None:
    record = {
        "title": "Pasar Ikan Dibuka", "content": STORY, "link": "https://kabaruji.example/1",
        "author": ["Sari Wulan", "Bram Uji"], "date": "2021-03-04T23:30:00Z", "source": "KabarUji", "tags": None,
    }  # fmt: skip
    assert metadata(record) == [
        ("headline", "Pasar Ikan Dibuka", "column:title"),
        ("authors", "Sari Wulan", "column:author"),
        ("authors", "Bram Uji", "column:author"),
        ("outlet_name", "KabarUji", "column:source"),
        ("published_at", "2021-03-04T23:30:00.000Z", "column:date"),
        ("published_date", "2021-03-05", "column:date"),
    ]


@pytest.mark.parametrize(
    "record",
    [
        {"text": STORY, "timestamp": "2018/08/19 05:41:12", "url": "http://a.example/x", "source": "mC4"},
        {"text": STORY, "dump": "CC-MAIN-2018-34", "url": "http://a.example/x", "date": "2018-08-19T05:41:12Z"},
        {"text": STORY, "metadata": {"url": "http://a.example/x", "date": "2018-08-19T05:41:12Z", "dump": "CC"}},
    ],
)
def test_the_date_of_a_crawl_is_no_publication_date(record: dict[str, object]) -> None:
    from kliping.read.records import record_document

    one = record_document(record, "x#1", Options())
    assert isinstance(one, RawDocument)
    assert one.retrieved_at == datetime(2018, 8, 19, 5, 41, 12, tzinfo=UTC)
    assert (one.url, one.metadata) == ("http://a.example/x", ())


def test_named_fields_win_over_guesses() -> None:
    record = {"text": "ringkas", "isi_berita": STORY, "terbit": "4 Maret 2021"}
    found = metadata(record, Options(text_field="isi_berita", date_field="terbit"))
    assert found == [("published_date", "4 Maret 2021", "column:terbit")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-03-04", ["2021-03-04"]),
        ("2021-03-04 08:15", ["2021-03-04"]),
        ("2021-03-04T08:15:00+07:00", ["2021-03-04T01:15:00.000Z", "2021-03-04"]),
        ("Thu, 04 Mar 2021 01:15:00 GMT", ["2021-03-04T01:15:00.000Z", "2021-03-04"]),
        (1614820500, ["2021-03-04T01:15:00.000Z", "2021-03-04"]),
        (1614820500000, ["2021-03-04T01:15:00.000Z", "2021-03-04"]),
        ("Kamis, 4 Maret 2021", ["Kamis, 4 Maret 2021"]),
        ("2021-13-45", ["2021-13-45"]), ("", []), (None, []), (17, []), (True, []),
        ("0001-01-01T00:00:00+09:00", []),
    ],
)  # fmt: skip
def test_publication_dates(value: object, expected: list[str]) -> None:
    assert [v for _, v, _ in metadata({"text": STORY, "published": value})] == expected


def test_parquet_is_read_by_column(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"{STORY} {n}" for n in range(30)] + [None]
    table = pa.table({"text": texts, "url": ["http://a.example"] * 31, "dump": ["CC"] * 31})
    pq.write_table(table, path, row_group_size=7)
    items = list(documents([path]))
    assert [one.source_path for one in kept(items)] == [f"a.parquet#{n}" for n in range(1, 31)]
    assert refused(items) == [("a.parquet#31", "no-text-field")]
    data = path.read_bytes()
    for cut in (len(data) // 2, len(data) - 3):
        assert refused(write(tmp_path / "b.parquet", data[:cut])) == [("b.parquet", "truncated")]
    pq.write_table(pa.table({"angka": [1]}), path)
    assert refused(list(documents([path]))) == [("a.parquet", "no-text-field")]
    pq.write_table(table.slice(0, 0), path)
    assert refused(list(documents([path]))) == [("a.parquet", "empty")]


def test_a_column_that_tells_a_crawl_counts_though_it_is_not_read_for_itself(tmp_path: Path) -> None:
    row = {
        "text": STORY,
        "url": "http://a.example/x",
        "date": "2018-08-19T05:41:12Z",
        "dump": "CC-MAIN-2018-34",
        "n": 3,
    }
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "a.parquet")
    (one,) = kept(list(documents([tmp_path / "a.parquet"])))
    assert (one.retrieved_at, one.metadata) == (datetime(2018, 8, 19, 5, 41, 12, tzinfo=UTC), ())


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([date(2024, 2, 5)], pa.date32()), ["2024-02-05"]),
        (pa.array([date(2024, 2, 5)], pa.date64()), ["2024-02-05"]),
        *(
            (pa.array([datetime(2024, 2, 5, 9, 30)], pa.timestamp(unit)), ["2024-02-05"])
            for unit in ("s", "ms", "us", "ns")
        ),
        *(
            (
                pa.array([datetime(2024, 2, 5, 2, 30)], pa.timestamp("ms", zone)),
                ["2024-02-05T02:30:00.000Z", "2024-02-05"],
            )
            for zone in ("UTC", "Asia/Jakarta", "+07:00", "America/New_York")
        ),
        (pa.array([20240205], pa.int32()), ["2024-02-05"]),
        (pa.array([1707100200], pa.int64()), ["2024-02-05T02:30:00.000Z", "2024-02-05"]),
        (pa.array(["20240205"]), ["2024-02-05"]),
        (pa.array([None], pa.date32()), []),
    ],
)
def test_dates_of_every_type_of_column(tmp_path: Path, column: pa.Array, expected: list[str]) -> None:
    pq.write_table(pa.table({"isi": [STORY], "tanggal": column}), tmp_path / "a.parquet")
    (one,) = kept(list(documents([tmp_path / "a.parquet"])))
    assert [value.value for value in one.metadata] == expected


def test_nested_columns_give_what_json_lines_give(tmp_path: Path) -> None:
    rows = [
        {"paragraphs": [["Nelayan", "melaut", "."], ["Ombak", "reda", "."]], "author": {"name": "Sari Wulan"}, "id": 1},
        {"paragraphs": [["Harga", "ikan", "turun", "."]], "author": None, "id": 2},
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    (tmp_path / "a.jsonl").write_bytes(json_lines(*rows))
    of_columns, of_lines = (kept(list(documents([tmp_path / name]))) for name in ("a.parquet", "a.jsonl"))
    assert [one.data for one in of_columns] == [b"Nelayan melaut. Ombak reda.", b"Harga ikan turun."]
    assert [(one.data, one.metadata) for one in of_columns] == [(one.data, one.metadata) for one in of_lines]


def test_a_table_without_a_text_names_its_columns(tmp_path: Path) -> None:
    pq.write_table(pa.table({"judul": ["Nelayan"], "nomor": [1], "vektor": [[0.5]]}), tmp_path / "a.parquet")
    (one,) = documents([tmp_path / "a.parquet"], Options(text_field="isi_brita"))
    assert isinstance(one, Refusal)
    assert all(name in one.detail for name in ("'isi_brita'", "'judul'", "'nomor'", "'vektor'", "--text-field"))
