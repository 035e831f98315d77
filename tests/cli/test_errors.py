"""What goes wrong is a sentence on standard error and a status, never a traceback; what went right stays quiet."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from person import ARTICLE, ENVIRONMENT, SCRIPT, kliping

from kliping.cli import main


@pytest.mark.parametrize(
    ("command", "status", "words"),
    [
        ("build --out corpus", 2, "Missing argument 'INPUT...'"),
        ("build satu.txt", 2, "Missing option '--out'"),
        ("build tiada.txt --out corpus", 1, "There is no file or folder tiada.txt"),
        ("build tiada*.txt --out corpus", 1, "There is no file or folder tiada*.txt"),
        ("build kosong --out corpus", 1, "There is nothing to read in kosong"),
        ("build satu.txt --out corpus --workers 0", 2, "0 is not in the range x>=1"),
        ("build satu.txt --out corpus --corpus-version satu", 2, "'satu' is no version"),
        ("build satu.txt --out corpus --removed satu.txt", 1, "must begin with the line"),
        ("build satu.txt --out satu.txt", 2, "is a file"),
        ("annotate tiada.txt", 2, "'tiada.txt' does not exist"),
        ("annotate kosong", 2, "'kosong' is a directory"),
        ("annotate gambar.png", 1, "gambar.png gives no article (binary): The bytes are a PNG image, not text."),
        ("annotate dua.jsonl", 1, "dua.jsonl holds more than one document"),
        ("validate tiada", 2, "'tiada' does not exist"),
        ("validate kosong", 1, "kosong"),
        ("audit kosong", 1, "kosong"),
        ("diff kosong kosong", 1, "kosong"),
        ("explain kosong 9afc", 1, "kosong"),
        ("explain kosong", 1, "Which article of kosong?"),
        ("bangun satu.txt", 2, "No such command 'bangun'"),
    ],
)
def test_a_sentence_and_a_status(
    command: str, status: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kosong").mkdir()
    (tmp_path / "satu.txt").write_text(ARTICLE)
    (tmp_path / "dua.jsonl").write_text('{"text": "satu"}\n{"text": "dua"}\n')
    (tmp_path / "gambar.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    done = CliRunner().invoke(main, command.split(), catch_exceptions=False)
    assert done.exit_code == status
    assert words in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "corpus").exists()


def test_no_traceback_and_no_output_in_a_process_of_its_own(tmp_path: Path) -> None:
    done = kliping("build", "tiada.txt", "--out", "corpus", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "kliping: There is no file or folder tiada.txt, so nothing was built.\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def test_a_folder_with_other_things_is_left_alone_without_force(tmp_path: Path) -> None:
    (tmp_path / "satu.txt").write_text(ARTICLE)
    out = tmp_path / "out"
    out.mkdir()
    (out / "catatan.txt").write_text("penting")
    refused = run("build", tmp_path / "satu.txt", "--out", out)
    assert refused.exit_code == 1
    assert "catatan.txt" in refused.stderr
    assert "--force" in refused.stderr
    assert (out / "catatan.txt").read_text() == "penting"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "satu.txt"]
    forced = run("build", tmp_path / "satu.txt", "--out", out, "--force")
    assert forced.exit_code == 0
    assert not (out / "catatan.txt").exists()


def test_a_slip_of_the_pen_does_not_cost_the_corpus(corpus: Path, tmp_path: Path) -> None:
    manifest = shutil.copytree(corpus, tmp_path / "corpus") / "manifest.json"
    before = manifest.read_bytes()
    assert run("build", tmp_path / "tiad", "--out", tmp_path / "corpus").exit_code == 1
    assert manifest.read_bytes() == before


@pytest.mark.parametrize("option", ["text", "url", "date", "title", "author", "outlet"])
def test_a_field_that_no_record_has_ends_the_build_before_anything_is_touched(
    corpus: Path, tmp_path: Path, option: str
) -> None:
    manifest = shutil.copytree(corpus, tmp_path / "corpus") / "manifest.json"
    before = manifest.read_bytes()
    (tmp_path / "catatan.txt").write_text(ARTICLE)
    row = {"judul": "Pasar", "isi": ARTICLE, "nomor": 1}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "b.parquet")
    for name in ("a.jsonl", "b.parquet"):
        inputs = (tmp_path / "catatan.txt", tmp_path / name)
        refused = run("build", *inputs, "--out", tmp_path / "corpus", f"--{option}-field", "isi_brita")
        assert refused.exit_code == 1
        assert all(words in refused.stderr for words in (f"--{option}-field", "'isi_brita'", "'judul'", "'isi'"))
        assert manifest.read_bytes() == before
        assert not (tmp_path / "corpus.work").exists()
    right = run("build", *inputs, "--out", tmp_path / "corpus", f"--{option}-field", "isi")
    assert manifest.read_bytes() != before, right.stderr


def test_a_field_that_some_record_has_is_no_slip(tmp_path: Path) -> None:
    records = [{"isi": f"{ARTICLE} {number}"} for number in range(5)]
    records.append({"isi": f"{ARTICLE} Selesai.", "dimuat": "2024-02-05"})
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    assert run("build", tmp_path / "a.jsonl", "--out", tmp_path / "corpus", "--date-field", "dimuat").exit_code == 0
    (tmp_path / "b.txt").write_text(ARTICLE)
    assert run("build", tmp_path / "b.txt", "--out", tmp_path / "other", "--date-field", "dimuat").exit_code == 0


def test_a_reader_that_is_gone_is_no_crash(tmp_path: Path) -> None:
    page = tmp_path / "panjang.txt"
    page.write_text(ARTICLE + "Harga beras di pasar itu turun, kata pedagang. \n" * 5_000)
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [SCRIPT, "annotate", page, "--json"], stdout=writing, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    os.close(writing)
    os.close(reading)
    assert process.communicate()[1] == ""
    assert process.returncode == 1


def test_output_without_unicode_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "satu.txt").write_text(ARTICLE, "utf-8")
    done = kliping("annotate", "satu.txt", "--json", cwd=tmp_path, variables={"PYTHONIOENCODING": "latin-1"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u201c" in done.stdout
    assert json.loads(done.stdout)["raw"][0]["text"] == ARTICLE


def test_a_name_that_is_no_text_is_no_crash(tmp_path: Path) -> None:
    name = os.fsdecode(b"kabar\xff.txt")
    (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    done = kliping("annotate", name, cwd=tmp_path)
    assert done.returncode == 1
    assert "binary" in done.stderr
    assert "Traceback" not in done.stderr
