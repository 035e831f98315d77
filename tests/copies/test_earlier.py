"""`--base OLD` names the new articles that are copies of old ones, and changes nothing of the corpus."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from invented import copies

from kliping.cli import main
from kliping.corpus.folder import open_corpus
from kliping.publish.without_text import export_without_text


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def crawl(folder: Path, *names: str) -> Path:
    """Pages named SEED-KIND."""
    folder.mkdir()
    for name in names:
        seed, kind = name.split("-")
        (folder / f"{name}.txt").write_text(copies(int(seed))[kind], encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("old")
    pages = crawl(folder / "crawl", "1-original", "1-rewritten", "2-original", "3-original")
    assert run("build", pages, "--out", folder / "corpus").exit_code == 0
    return folder / "corpus"


def names_of(corpus: Path) -> dict[str, str]:
    rows = open_corpus(corpus).whole("articles").to_pylist()
    return {row["article_id"]: row["source_path"].removesuffix(".txt") for row in rows}


def test_matches_are_named_and_the_corpus_is_the_same(old: Path, tmp_path: Path) -> None:
    pages = crawl(tmp_path / "crawl", "1-agency", "2-original", "2-reordered", "4-original", "4-agency")
    out = tmp_path / "corpus"
    result = run("build", pages, "--out", out, "--base", old)
    assert result.exit_code == 0
    assert f"3 of 5 articles are copies of articles in {old}: {out}.matches.csv names them." in result.output
    new_names, old_names = names_of(out), names_of(old)
    with Path(f"{out}.matches.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {new_names[row["article_id"]]: (old_names[row["base_article_id"]], row["relation"]) for row in rows}
    assert found == {
        "1-agency": ("1-original", "syndicated"),
        "2-original": ("2-original", "exact"),
        "2-reordered": ("2-original", "version"),
    }
    assert [row["article_id"] for row in rows] == sorted(row["article_id"] for row in rows)
    assert run("build", pages, "--out", tmp_path / "plain").exit_code == 0
    assert open_corpus(out).digest == open_corpus(tmp_path / "plain").digest


def test_no_match_is_said_too(old: Path, tmp_path: Path) -> None:
    result = run("build", crawl(tmp_path / "crawl", "7-original"), "--out", tmp_path / "corpus", "--base", old)
    assert "0 of 1 articles are copies" in result.output
    assert Path(tmp_path / "corpus.matches.csv").read_text() == "article_id,base_article_id,relation,similarity\n"


def test_the_corpus_that_is_replaced_may_be_the_base(old: Path, tmp_path: Path) -> None:
    """And what was written beside it is no input, though it lies in one."""
    pages = crawl(tmp_path / "crawl", "5-original")
    assert run("build", pages, "--out", pages / "corpus").exit_code == 0
    (pages / "5-agency.txt").write_text(copies(5)["agency"], encoding="utf-8")
    for count, of in ((2, 2), (2, 2)):
        result = run("build", pages, "--out", pages / "corpus", "--base", pages / "corpus")
        assert result.exit_code == 0, result.output
        assert f"{count} of {of} articles are copies" in result.output


def test_a_base_that_cannot_be_compared_costs_no_build(old: Path, tmp_path: Path) -> None:
    pages = crawl(tmp_path / "crawl", "5-original")
    export_without_text(open_corpus(old), tmp_path / "bare")
    for base, complaint in ((tmp_path / "bare", "is without text"), (pages, "is no corpus")):
        result = run("build", pages, "--out", tmp_path / "corpus", "--base", base)
        assert result.exit_code == 1
        assert complaint in result.output
        assert not (tmp_path / "corpus").exists()
