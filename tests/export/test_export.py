"""A corpus without text holds none, passes what the audit can ask, and becomes the same one again from the sources."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from corpora import JEMBATAN, PUTRI_BULU_TANGKIS, RUMPUT_LAUT

from kliping import build, schema
from kliping.check.audit import SKIPPED, audit
from kliping.check.rebuild import rebuild_shard
from kliping.cli import main
from kliping.corpus.folder import open_corpus
from kliping.corpus.manifest import read_manifest
from kliping.errors import KlipingError
from kliping.model import RawDocument
from kliping.publish.without_text import export_without_text, rehydrate

ADDRESS = "https://www.suara.com/sport/2023/10/18/190500/tim-putri"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Text files, a dump with metadata, a copy and a file that gives no article."""
    folder = tmp_path_factory.mktemp("sources") / "crawl"
    (folder / "laut").mkdir(parents=True)
    (folder / "laut" / "rumput.txt").write_text(RUMPUT_LAUT, encoding="utf-8")
    (folder / "laut" / "salinan.txt").write_text(RUMPUT_LAUT, encoding="utf-8")
    (folder / "jembatan.txt").write_text(JEMBATAN, encoding="utf-8")
    (folder / "kosong.txt").write_text("")
    record = {"text": PUTRI_BULU_TANGKIS, "url": ADDRESS, "author": "Wati Lestari", "date": "2023-10-18"}
    (folder / "dump.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def corpus(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles in several shards."""
    out = tmp_path_factory.mktemp("built") / "corpus"
    build([sources], out, shard_bytes=1500)
    assert open_corpus(out).whole("articles").num_rows == 3
    assert len(list((out / "articles").iterdir())) > 1
    return out


@pytest.fixture(scope="module")
def exported(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("exported") / "corpus"
    result = run("export", corpus, out, "--without-text")
    assert result.exit_code == 0, result.output
    return out


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_no_word_of_the_articles_is_left(exported: Path) -> None:
    """Neither in a value nor anywhere in the bytes of a file once they are unpacked."""
    for name in schema.load().tables:
        table = open_corpus(exported).whole(name)
        for field in schema.load().tables[name].fields:
            assert not field.text or table[field.name].null_count == table.num_rows
        unpacked = json.dumps(table.to_pylist(), ensure_ascii=False, default=str)
        assert "gelombang tinggi" not in unpacked
        assert "Rahmat Hidayat" not in unpacked
    described = "".join(
        (exported / file).read_text("utf-8") for file in ("README.md", "croissant.json", "manifest.json")
    )
    assert "gelombang" not in described.casefold()


def test_spans_and_metadata_stay(corpus: Path, exported: Path) -> None:
    for name in schema.load().tables:
        kept = [field.name for field in schema.load().tables[name].fields if not field.text]
        before, after = (open_corpus(folder).whole(name).select(kept).to_pylist() for folder in (corpus, exported))
        assert before == after


def test_the_audit_skips_what_needs_text_and_says_so(exported: Path) -> None:
    steps = {step.title: step for step in audit(open_corpus(exported))}
    assert {title for title, step in steps.items() if step.incidents} == set()
    assert [title for title, step in steps.items() if step.status == SKIPPED] == [
        "Published digest",
        "Kept pages",
        "Rebuild from raw",
    ]
    assert "rehydrate" in steps["Rebuild from raw"].remark
    assert "without text" in steps["Every row"].remark
    assert run("validate", exported).stdout == "PASSED\n"


def test_the_card_says_that_the_text_is_withheld(exported: Path) -> None:
    assert "**This is the text-free edition**" in (exported / "README.md").read_text("utf-8")


def test_rehydrate_gives_the_very_same_corpus(corpus: Path, exported: Path, sources: Path, tmp_path: Path) -> None:
    result = run("rehydrate", exported, sources, "--out", tmp_path / "again")
    assert result.exit_code == 0, result.output
    assert "3 articles; every content root is the exported one." in result.stdout
    assert content(tmp_path / "again") == content(corpus)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again"]


def test_sources_may_lie_elsewhere(corpus: Path, exported: Path, sources: Path, tmp_path: Path) -> None:
    """Bytes are what counts, not names: the paths of the corpus come from the export."""
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for number, path in enumerate(sorted(sources.rglob("*.txt"))):
        (moved / f"{number}.txt").write_bytes(path.read_bytes())
    run("rehydrate", exported, moved, sources / "dump.jsonl", "--out", tmp_path / "again")
    assert content(tmp_path / "again") == content(corpus)


def test_missing_sources_are_counted_and_named(exported: Path, sources: Path, tmp_path: Path) -> None:
    result = run("rehydrate", exported, sources / "jembatan.txt", "--out", tmp_path / "again")
    assert result.exit_code == 1
    assert "2 of 3 articles are not among the sources" in result.stderr
    assert "give the very files that the corpus was built from" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_edited_source_is_a_missing_one(exported: Path, sources: Path, tmp_path: Path) -> None:
    (tmp_path / "laut.txt").write_text(RUMPUT_LAUT + "x", encoding="utf-8")
    dump = sources / "dump.jsonl"
    result = run(
        "rehydrate", exported, tmp_path / "laut.txt", dump, sources / "jembatan.txt", "--out", tmp_path / "again"
    )
    assert "1 of 3 articles are not among the sources" in result.stderr


def test_other_rows_are_never_written(
    exported: Path, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version of kliping that reads a page otherwise cannot pass its rows off as the exported ones."""

    def other(
        documents: Iterable[RawDocument], decisions: pa.Table, left_out: Container[str]
    ) -> Iterator[dict[str, pa.Table]]:
        for tables in rebuild_shard(documents, decisions, left_out):
            yield tables | {"sentences": tables["sentences"].slice(0, 0)}

    monkeypatch.setattr("kliping.publish.without_text.rebuild_shard", other)
    result = run("rehydrate", exported, sources, "--out", tmp_path / "again")
    assert result.exit_code == 1
    assert "The tables sentences come out other than they were exported, so nothing was written." in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_has_no_text_cannot_be_exported_again_nor_explained(exported: Path, corpus: Path, tmp_path: Path) -> None:
    for command in (("export", exported, tmp_path / "x", "--without-text"), ("explain", exported, "65ae")):
        result = run(*command)
        assert result.exit_code == 1
        assert "is without text. Put it back with `kliping rehydrate" in result.stderr
    assert (
        "has its text: there is nothing to put back" in run("rehydrate", corpus, corpus, "--out", tmp_path / "x").stderr
    )


def test_the_flag_says_what_is_exported(corpus: Path, tmp_path: Path) -> None:
    assert run("export", corpus, tmp_path / "x").exit_code == 2


def test_foreign_files_are_not_overwritten(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Halo")
    assert "holds what kliping did not make" in run("export", corpus, tmp_path, "--without-text").stderr


def test_an_exported_corpus_has_the_roots_of_the_whole_one(corpus: Path, exported: Path) -> None:
    roots = {name: table["root"] for name, table in read_manifest(corpus)["tables"].items()}
    assert read_manifest(exported)["options"]["roots_with_text"] == roots
    assert pq.read_schema(next((exported / "raw").iterdir())).field("text").nullable


def test_an_export_does_not_take_the_place_of_a_corpus_with_text_or_of_other_articles(
    corpus: Path, sources: Path, tmp_path: Path
) -> None:
    opened = open_corpus(corpus)
    build([sources / "jembatan.txt"], tmp_path / "lain")
    build([sources], tmp_path / "utuh")
    export_without_text(open_corpus(tmp_path / "lain"), tmp_path / "ekspor")
    export_without_text(opened, tmp_path / "ekspor")
    with pytest.raises(KlipingError, match=r"2 of 3 articles in .*ekspor are not in .*lain .* --replace"):
        export_without_text(open_corpus(tmp_path / "lain"), tmp_path / "ekspor")
    with pytest.raises(KlipingError, match="holds a corpus with its text"):
        export_without_text(opened, tmp_path / "utuh")
    assert not open_corpus(tmp_path / "utuh").without_text
    export_without_text(opened, tmp_path / "utuh", replace=True)
    assert open_corpus(tmp_path / "utuh").without_text


def test_a_corpus_that_gets_its_text_back_does_not_take_the_place_of_other_articles(
    corpus: Path, sources: Path, tmp_path: Path
) -> None:
    build([sources / "jembatan.txt"], tmp_path / "lain")
    export_without_text(open_corpus(tmp_path / "lain"), tmp_path / "ekspor")
    build([sources], tmp_path / "utuh")
    before = (tmp_path / "utuh/SHA256SUMS").read_bytes()
    with pytest.raises(KlipingError, match=r"2 of 3 articles in .*utuh are not in .*ekspor .* --replace"):
        rehydrate(open_corpus(tmp_path / "ekspor"), [sources], tmp_path / "utuh")
    assert (tmp_path / "utuh/SHA256SUMS").read_bytes() == before
    done = CliRunner().invoke(
        main, ["rehydrate", str(tmp_path / "ekspor"), str(sources), "--out", str(tmp_path / "utuh"), "--replace"]
    )
    assert done.exit_code == 0, done.output
    assert open_corpus(tmp_path / "utuh").whole("articles").num_rows == 1
