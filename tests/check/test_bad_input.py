"""What is no sound corpus gets one clear sentence with the next thing to do, from every command that opens it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from corpora import REFUSED, forge, read_json, reseal, shards, write

from kliping.cli import main
from kliping.corpus.manifest import dump
from kliping.corpus.tables import to_tables

POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"
COMMANDS = ("validate", "audit")
Copy = Callable[[Path], Path]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def refused(*arguments: str | Path) -> str:
    """The sentence with which a command refuses; it exits with 1 and prints nothing else."""
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("kliping: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def edit_manifest(folder: Path, **values: object) -> Path:
    manifest = read_json(folder / "manifest.json") | values
    (folder / "manifest.json").write_text(dump(manifest), encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_is_no_corpus(command: str, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Halo")
    assert "is no corpus: it has no manifest.json. Give the folder that `kliping build` made." in refused(
        command, tmp_path
    )


def test_the_folder_above_the_corpus(corpus: Path) -> None:
    assert f"holds it: give {corpus}." in refused("audit", corpus.parent)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_half_downloaded_corpus_without_manifest(command: str, corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    (folder / "manifest.json").unlink()
    sentence = refused(command, folder)
    assert "is part of a corpus only" in sentence
    assert "Download all of it again." in sentence


def test_a_half_downloaded_corpus_with_manifest(corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    (folder / "raw" / "train-00001-of-00002.parquet").unlink()
    sentence = refused("rows", folder, "raw")
    assert (
        "train-00001-of-00002.parquet: the manifest lists it and it is not there; download the corpus again."
        in sentence
    )
    result = run("audit", folder)
    assert result.exit_code == 1
    assert "file-missing  raw/train-00001-of-00002.parquet" in result.stdout
    assert "SKIPPED (the files do not hold the tables of the schema, see above)" in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_git_lfs_pointers_instead_of_the_manifest(command: str, corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    (folder / "manifest.json").write_text(POINTER)
    assert "is a git-lfs pointer, not the file itself. Run `git lfs pull`" in refused(command, folder)


def test_git_lfs_pointers_instead_of_parquet(corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    for path in folder.rglob("*.parquet"):
        path.write_text(POINTER)
    advice = "a git-lfs pointer stands in its place; run `git lfs pull` in that repository"
    assert advice in refused("diff", corpus, folder)
    assert advice in refused("explain", folder, "65ae")
    assert f"lfs-pointer  raw/train-00000-of-00002.parquet: {advice}" in run("validate", folder).stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_a_newer_schema_version(command: str, corpus: Path, copy: Copy) -> None:
    sentence = refused(command, edit_manifest(copy(corpus), schema_version="9.0.0"))
    assert "was made after version 9.0.0 of the contract" in sentence
    assert "Upgrade kliping." in sentence


@pytest.mark.parametrize("command", COMMANDS)
def test_an_older_schema_version(command: str, corpus: Path, copy: Copy) -> None:
    sentence = refused(command, edit_manifest(copy(corpus), schema_version="0.9.0"))
    assert "was made after version 0.9.0 of the contract" in sentence
    assert "Install kliping" in sentence


@pytest.mark.parametrize("command", COMMANDS)
def test_unknown_manifest_keys(command: str, corpus: Path, copy: Copy) -> None:
    sentence = refused(command, edit_manifest(copy(corpus), audience="all", zone="WIB"))
    assert "has keys that this kliping does not know: audience, zone. Upgrade kliping." in sentence


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"tables": []}, "'tables' is no dict"),
        ({"tables": {"raw": {"rows": 1}}}, "table 'raw' has no 'arrow_bytes' of type int"),
        ({"inputs": {}}, "'inputs' has no 'count'"),
        ({"version": 1}, "'version' is no str"),
    ],
)
def test_a_damaged_manifest(values: dict[str, object], complaint: str, corpus: Path, copy: Copy) -> None:
    assert f"is damaged: {complaint}. Download the corpus again." in refused(
        "audit", edit_manifest(copy(corpus), **values)
    )


def test_a_manifest_that_points_out_of_the_corpus(corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    tables = read_json(folder / "manifest.json")["tables"]
    tables["raw"]["files"][0]["path"] = "../../secret.parquet"
    assert "table 'raw' has a file '../../secret.parquet'" in refused("audit", edit_manifest(folder, tables=tables))


def test_a_corpus_of_another_kliping_is_compared_by_content(corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    manifest = read_json(folder / "manifest.json")
    reseal(folder, manifest | {"made_with": manifest["made_with"] | {"kliping": "0.9.0"}})
    result = run("audit", folder)
    assert result.exit_code == 0, result.stdout
    assert "compared rows, not bytes, because kliping is" in result.stdout
    assert "was 0.9.0: install those versions to compare every byte" in result.stdout


def test_a_corpus_of_another_kliping_that_reads_otherwise(corpus: Path, copy: Copy) -> None:
    """The rows that differ are named, and so is the version that may explain it."""
    rows = shards()[0]["segments"].to_pylist()
    rows[3]["rule"] = "phrase:editor"
    folder = copy(corpus)
    forge(folder, "segments", 0, rows)
    manifest = read_json(folder / "manifest.json")
    reseal(folder, manifest | {"made_with": manifest["made_with"] | {"kliping": "0.9.0"}})
    result = run("audit", folder)
    assert result.exit_code == 1
    assert "rule: published 'phrase:editor' rebuilt 'phrase:penulis'; kliping is" in result.stdout


def test_no_such_article(corpus: Path) -> None:
    assert "has an id that begins with 'abcdef'" in refused("explain", corpus, "abcdef")
    assert "gambar.png is not in the corpus (set-aside, binary)" in refused("explain", corpus, "8f8cbb7d")
    assert "articles begin with ''" in refused("explain", corpus, "")


def test_no_such_table(corpus: Path) -> None:
    assert "has no table words; it has articles, " in refused("rows", corpus, "words")


def test_an_empty_corpus_passes_and_has_no_article(tmp_path: Path) -> None:
    """All of one input was set aside: sound, if useless."""
    folder = write([to_tables(REFUSED)], tmp_path / "corpus")
    assert run("validate", folder).stdout == "PASSED\n"
    assert run("audit", folder).exit_code == 0


def test_the_sentence_from_a_real_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "kliping", "audit", tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert (
        done.stderr
        == f"kliping: {tmp_path} is no corpus: it has no manifest.json. Give the folder that `kliping build` made.\n"
    )
    assert done.stdout == ""


def test_manifest_that_is_not_json(corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    (folder / "manifest.json").write_text(json.dumps({})[:-1])
    assert "is not JSON" in refused("audit", folder)
