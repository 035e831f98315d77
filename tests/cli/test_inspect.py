"""`kliping inspect` tells before a build what each input is and how it is read, and touches nothing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from person import ARTICLE, at_terminal, kliping
from test_kill import content

from kliping.cli import main
from kliping.read import Options
from kliping.report import inspection
from kliping.report.inspection import inspect


def line(number: int, **more: str) -> str:
    text = ARTICLE.replace("Ambon", f"Ambon {number}")
    fields = {"id": str(number), "judul": "Harga beras di Ambon turun", "isi": text, "tanggal": "2024-02-05"}
    return json.dumps(fields | more) + "\n"


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """A folder of a dump, a packed dump, two pages and a picture."""
    folder = tmp_path / "crawl"
    folder.mkdir()
    (folder / "dump.jsonl").write_text("".join(map(line, range(5))) + '{"id": "x"}\nbukan json\n')
    (folder / "lain.jsonl.gz").write_bytes(
        gzip.compress("".join(line(n, link=f"https://contoh.example/{n}") for n in (8, 9)).encode())
    )
    (folder / "satu.txt").write_text(ARTICLE)
    (folder / "dua.txt").write_text(ARTICLE.replace("Ambon", "Buru"))
    (folder / "gambar.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    return folder


def test_what_each_input_is_and_how_it_is_read(crawl: Path) -> None:
    before = content(crawl)
    done = kliping("inspect", crawl)
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "dump.jsonl: JSON Lines (its lines are JSON objects)",
        "  7 records; looked at all: 5 kept",
        "  text           is read from isi",
        "  headline       is read from judul",
        "  published_date is read from tanggal",
        "  not read       id",
        "  set aside: 1 no-text-field, such as dump.jsonl#6: ",
        "  set aside: 1 broken-record, such as dump.jsonl#7: ",
        "lain.jsonl.gz: JSON Lines, packed (",
        "  url            is read from link",
        "dua.txt and 2 more of its kind: plain text (",
        "  3 records; looked at all: 2 kept",
        "  set aside: 1 binary, such as gambar.png: ",
        "The first article: ",
        "paragraph  Harga beras di pasar Mardika turun",
    ):
        assert words in done.stdout
    assert content(crawl) == before
    assert sorted(path.name for path in crawl.parent.iterdir()) == ["crawl"]


def test_json_says_the_same(crawl: Path) -> None:
    told = json.loads(kliping("inspect", crawl, "--json").stdout)
    (dump,) = (looked for looked in told["inputs"] if looked["name"] == "dump.jsonl")
    assert (dump["format"], dump["record_count"], dump["is_counted_out"], dump["kept"]) == ("JSON Lines", 7, True, 5)
    assert dump["fields"] == {"id": "", "judul": "headline", "isi": "text", "tanggal": "published_date"}
    assert {reason: aside["count"] for reason, aside in dump["set_aside"].items()} == {
        "no-text-field": 1, "broken-record": 1,
    }  # fmt: skip
    assert told["first_article"]["articles"][0]["outlet_id"] == "kompas"
    assert told["first_article"]["evidence"]


def test_a_field_can_be_tried(tmp_path: Path) -> None:
    (tmp_path / "dump.jsonl").write_text(json.dumps({"cerita": ARTICLE, "text": "x"}) + "\n")
    assert "0 kept" in kliping("inspect", "dump.jsonl", cwd=tmp_path).stdout
    tried = kliping("inspect", "dump.jsonl", "--text-field", "cerita", cwd=tmp_path).stdout
    assert "1 kept" in tried
    assert "  text           is read from cerita\n" in tried


def test_of_a_large_input_it_says_how_far_it_looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "COUNTED", 150)
    (tmp_path / "dump.jsonl").write_text("".join(map(line, range(151))))
    (tmp_path / "pas.jsonl").write_text("".join(map(line, range(150))))
    large, whole = inspect([tmp_path], Options()).inputs
    assert (large.record_count, large.is_counted_out, large.looked_at) == (150, False, 100)
    assert (whole.record_count, whole.is_counted_out, whole.looked_at) == (150, True, 100)
    told = kliping("inspect", "dump.jsonl", cwd=tmp_path).stdout
    assert "  151 records; looked at the first 100: 100 kept" in told


def test_many_files_are_not_looked_into_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "DUMPS", 2)
    for number in range(4):
        (tmp_path / f"{number}.jsonl").write_text(line(number))
        (tmp_path / f"{number}.txt").write_text(ARTICLE)
    found = inspect([tmp_path], Options())
    assert [(looked.name, looked.files) for looked in found.inputs] == [("0.jsonl", 1), ("0.txt", 4), ("1.jsonl", 1)]
    assert found.files_left == 2
    told = CliRunner().invoke(main, ["inspect", str(tmp_path)], catch_exceptions=False).stdout
    assert "\n2 more files were not looked into.\n" in told


def test_corpora_inside_an_input_are_left_out(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "satu.txt").write_text(ARTICLE)
    done = kliping("inspect", tmp_path / "satu.txt", corpus.parent)
    assert "Not read, since kliping made it: " in done.stdout
    assert "Parquet" not in done.stdout
    assert "a corpus of kliping" in kliping("inspect", corpus).stdout


def test_names_and_fields_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "dump.jsonl").write_text(json.dumps({"isi": ARTICLE, "a\x1b[31m\u202eb": "x"}) + "\n")
    seen = at_terminal("inspect", tmp_path / "dump.jsonl")
    assert seen.status == 0
    assert "a\\x1b[31m\\u202eb" in seen.text
    assert "\u202e" not in seen.text


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "putus.txt").symlink_to("tiada")
    (tmp_path / "rusak.parquet").write_bytes(b"PAR1" + bytes(50))
    (tmp_path / "rusak.gz").write_bytes(b"\x1f\x8b" + bytes(50))
    done = kliping("inspect", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("unreadable, such as putus.txt", "truncated, such as rusak.parquet", "truncated, such as rusak.gz"):
        assert words in done.stdout
    assert "The first article" not in done.stdout
