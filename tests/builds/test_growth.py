"""A corpus grows: yesterday's and today's crawl give, byte for byte, what one build of everything gives."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kliping.building import outcomes
from kliping.building.build import BuildOptions, build
from kliping.building.endings import BuildError
from kliping.check.audit import FAILED, audit
from kliping.check.diff import diff
from kliping.check.validate import validate
from kliping.corpus.about import About
from kliping.corpus.folder import open_corpus
from kliping.curate.takedown import Removed
from kliping.errors import KlipingError

SHARD = 6_000
PLACES = ("Ambon", "Kupang", "Palu", "Ternate", "Sorong", "Bima", "Dumai", "Tarakan")


def page(number: int) -> str:
    dice = random.Random(number)
    place, other = dice.sample(PLACES, 2)
    body = " ".join(
        f"Warga {dice.choice(PLACES)} membawa {dice.randint(2, 900)} karung {dice.choice(('padi', 'kopra', 'pala'))}."
        for _ in range(dice.randint(4, 12))
    )
    return (
        f"{place.upper()}, KOMPAS.com - Pelabuhan {place} kembali dibuka untuk kapal dari {other}, Senin (5/2/2024).\n"
        f"{body}\n“Kami sudah menunggu {number} hari,” kata Rahmat Tuasikal, seorang nakhoda.\n"
        "Baca juga: Ombak mereda\n"
    )


def write_pages(folder: Path, numbers: range) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"{number:03}.txt").write_text(page(number), "utf-8")
    return folder


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """Two days: pages, copies of pages within a day and across them, and what becomes no article."""
    first, second = (
        write_pages(tmp_path / "crawl" / "1", range(40)),
        write_pages(tmp_path / "crawl" / "2", range(40, 52)),
    )
    (first / "salin-b.txt").write_text(page(7), "utf-8")
    (first / "kosong.txt").write_text("")
    (first / "menu.txt").write_text("Beranda\nNasional\nOlahraga\nIndeks\n")
    (first / "gambar.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (second / "000-salin.txt").write_text(page(3), "utf-8")
    (second / "menu-lagi.txt").write_text("Beranda\nNasional\nOlahraga\nIndeks\n")
    (second / "baru.jsonl").write_text("".join(json.dumps({"text": page(number)}) + "\n" for number in range(60, 66)))
    return tmp_path / "crawl"


def days(crawl: Path) -> tuple[list[Path], list[Path]]:
    return sorted((crawl / "1").iterdir()), sorted((crawl / "2").iterdir())


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def annotated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of all documents that are annotated from now on."""
    names: list[str] = []
    plain = outcomes.annotate_documents

    def counting(documents: Any, *options: Any) -> Any:
        names.extend(document.source_path for document in documents)
        return plain(documents, *options)

    monkeypatch.setattr(outcomes, "annotate_documents", counting)
    return names


VERSION = BuildOptions(version="1.0.0")


@pytest.mark.parametrize("shard_bytes", [None, SHARD])
def test_what_grew_is_what_one_build_of_everything_gives(
    crawl: Path, tmp_path: Path, shard_bytes: int | None, annotated: list[str]
) -> None:
    first, second = days(crawl)
    build([*first, *second], tmp_path / "whole", shard_bytes=shard_bytes)
    build(first, tmp_path / "grown", shard_bytes=shard_bytes)
    annotated.clear()
    summary = build(second, tmp_path / "grown", append=True, shard_bytes=shard_bytes, options=VERSION)
    assert set(annotated) <= {path.name for path in second} | {f"baru.jsonl#{number}" for number in range(1, 7)}
    assert content(tmp_path / "grown") == content(tmp_path / "whole")
    assert summary.documents == len(first) + len(second) + 5
    assert validate(open_corpus(tmp_path / "grown")) == []
    assert [step for step in audit(open_corpus(tmp_path / "grown")) if step.status == FAILED] == []


def test_corpora_are_merged_with_other_inputs(crawl: Path, tmp_path: Path, annotated: list[str]) -> None:
    first, second = days(crawl)
    build([*first, *second], tmp_path / "whole")
    build(first[:20], tmp_path / "a")
    build(first[20:], tmp_path / "b")
    annotated.clear()
    build([tmp_path / "b", tmp_path / "a", *second], tmp_path / "all", workers=2)
    assert content(tmp_path / "all") == content(tmp_path / "whole")
    assert not set(annotated) & {path.name for path in first}


def test_the_version_rises_as_diff_says(crawl: Path, tmp_path: Path) -> None:
    first, second = days(crawl)
    build(first, tmp_path / "old")
    shutil.copytree(tmp_path / "old", tmp_path / "grown")
    summary = build(second[-3:], tmp_path / "grown", append=True)
    assert diff(open_corpus(tmp_path / "old"), open_corpus(tmp_path / "grown")).bump == "minor"
    assert summary.manifest["version"] == "1.1.0"


def test_nothing_new_keeps_the_version_and_the_bytes(crawl: Path, tmp_path: Path) -> None:
    first, _ = days(crawl)
    build(first, tmp_path / "corpus")
    before = content(tmp_path / "corpus")
    build(first, tmp_path / "corpus", append=True)
    assert content(tmp_path / "corpus") == before


def test_what_is_taken_down_goes_and_the_first_number_rises(crawl: Path, tmp_path: Path) -> None:
    first, second = days(crawl)
    build(first, tmp_path / "corpus")
    articles = open_corpus(tmp_path / "corpus").whole("articles")["article_id"].to_pylist()
    options = BuildOptions(removed=Removed(frozenset(articles[:1]), ()))
    summary = build(second, tmp_path / "corpus", append=True, options=options)
    assert articles[0] not in open_corpus(tmp_path / "corpus").whole("articles")["article_id"].to_pylist()
    assert summary.manifest["version"] == "2.0.0"
    again = build(second, tmp_path / "corpus", append=True, options=options)
    assert (again.manifest["version"], again.set_aside["removed"]) == ("2.0.0", summary.set_aside["removed"])


def test_the_body_of_what_was_taken_down_is_known_in_a_corpus(crawl: Path, tmp_path: Path) -> None:
    from kliping.curate.takedown import sketch

    first, second = days(crawl)
    build(first, tmp_path / "corpus")
    row = open_corpus(tmp_path / "corpus").whole("articles").to_pylist()[5]
    removed = Removed(frozenset(), (sketch(row["text"]),))
    build(second, tmp_path / "corpus", append=True, options=BuildOptions(removed=removed))
    assert row["article_id"] not in open_corpus(tmp_path / "corpus").whole("articles")["article_id"].to_pylist()


def test_what_a_corpus_says_of_itself_stays(crawl: Path, tmp_path: Path) -> None:
    first, second = days(crawl)
    build(first, tmp_path / "corpus", options=BuildOptions(about=About(title="Arsip pelabuhan")))
    build(second, tmp_path / "corpus", append=True)
    assert "# Dataset Card for Arsip pelabuhan\n" in (tmp_path / "corpus" / "README.md").read_text("utf-8")


@pytest.fixture
def same_names(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Each day's crawl names its files as that of the day before."""
    for day, numbers in (("2024-02-05", range(3)), ("2024-02-06", range(3, 6))):
        folder = tmp_path / day
        folder.mkdir()
        (folder / "berita.jsonl").write_text("".join(json.dumps({"text": page(number)}) + "\n" for number in numbers))
        (folder / "utama.txt").write_text(page(numbers[0] + 90), "utf-8")
    return tmp_path / "2024-02-05", tmp_path / "2024-02-06"


def names_in(corpus: Path) -> list[str]:
    return open_corpus(corpus).whole("decisions")["source_path"].to_pylist()


def test_another_file_of_the_same_name_is_told_apart(same_names: tuple[Path, Path], tmp_path: Path) -> None:
    monday, tuesday = same_names
    build([monday], tmp_path / "corpus")
    summary = build([tuesday], tmp_path / "corpus", append=True)
    assert summary.kept == 8
    assert names_in(tmp_path / "corpus") == [
        *(f"2024-02-06/berita.jsonl#{number}" for number in (1, 2, 3)),
        "2024-02-06/utama.txt",
        *(f"berita.jsonl#{number}" for number in (1, 2, 3)),
        "utama.txt",
    ]
    assert validate(open_corpus(tmp_path / "corpus")) == []


def test_a_file_that_has_grown_is_the_same_file(same_names: tuple[Path, Path], tmp_path: Path) -> None:
    monday, _ = same_names
    build([monday], tmp_path / "corpus")
    with (monday / "berita.jsonl").open("a") as file:
        file.write(json.dumps({"text": page(77)}) + "\n")
    summary = build([monday], tmp_path / "corpus", append=True)
    assert (summary.documents, summary.kept) == (5, 5)
    assert "berita.jsonl#4" in names_in(tmp_path / "corpus")


def test_a_file_that_was_changed_behind_its_beginning_is_refused(same_names: tuple[Path, Path], tmp_path: Path) -> None:
    monday, _ = same_names
    build([monday], tmp_path / "corpus")
    before = content(tmp_path / "corpus")
    lines = (monday / "berita.jsonl").read_text().splitlines()
    (monday / "berita.jsonl").write_text("\n".join([*lines[:2], json.dumps({"text": page(78)})]) + "\n")
    with pytest.raises(
        BuildError, match=r"berita\.jsonl#3: an earlier corpus holds this under the same name with other"
    ):
        build([monday], tmp_path / "corpus", append=True)
    assert content(tmp_path / "corpus") == before


def test_two_corpora_with_files_of_one_name(same_names: tuple[Path, Path], tmp_path: Path) -> None:
    monday, tuesday = same_names
    build([monday], tmp_path / "a")
    build([tuesday], tmp_path / "b")
    summary = build([tmp_path / "a", tmp_path / "b"], tmp_path / "all")
    assert summary.kept == 8
    assert validate(open_corpus(tmp_path / "all")) == []


def test_what_cannot_be_appended_to(crawl: Path, tmp_path: Path) -> None:
    first, _ = days(crawl)
    with pytest.raises(BuildError, match=r"There is no corpus in .* to append to"):
        build(first, tmp_path / "corpus", append=True)
    build(first, tmp_path / "corpus")
    with pytest.raises(BuildError, match="--append keeps what the corpus holds and --replace does not"):
        build(first, tmp_path / "corpus", append=True, replace=True)


def test_a_corpus_with_a_damaged_file_is_no_input(crawl: Path, tmp_path: Path) -> None:
    first, second = days(crawl)
    build(first, tmp_path / "corpus")
    (tmp_path / "corpus" / "raw" / "train-00000-of-00001.parquet").write_bytes(b"PAR1")
    with pytest.raises(KlipingError, match=r"raw/train-00000-of-00001\.parquet"):
        build(second, tmp_path / "corpus", append=True)
