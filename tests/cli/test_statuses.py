"""Each command's exit status says how it ended: sound or not, the same or not, all kept or not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from person import ARTICLE

from kliping.cli import main


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def spoilt(corpus: Path, tmp_path: Path) -> Path:
    """A copy of the corpus with one byte of its card changed."""
    folder = shutil.copytree(corpus, tmp_path / "spoilt")
    card = folder / "README.md"
    card.write_bytes(card.read_bytes().replace(b"1.0.0", b"1.0.1", 1))
    return folder


def test_a_sound_corpus_passes(corpus: Path) -> None:
    for command in ("validate", "audit"):
        done = run(command, corpus)
        assert (done.exit_code, done.output.splitlines()[-1]) == (0, "PASSED")


def test_a_spoilt_corpus_fails_and_the_file_is_named(spoilt: Path) -> None:
    for command in ("validate", "audit"):
        done = run(command, spoilt)
        assert done.exit_code == 1
        assert done.output.splitlines()[-1].startswith("FAILED")
        assert "README.md" in done.output


def test_diff_tells_the_same_from_another(corpus: Path, tmp_path: Path) -> None:
    same = run("diff", corpus, corpus)
    assert same.exit_code == 0
    assert "none" in same.output
    (tmp_path / "satu.txt").write_text(ARTICLE.replace("turun", "naik"))
    assert run("build", tmp_path / "satu.txt", "--out", tmp_path / "other").exit_code == 0
    other = run("diff", corpus, tmp_path / "other")
    assert other.exit_code == 3
    assert "version bump: major" in other.output.lower()


def test_explain_takes_the_beginning_of_an_id(corpus: Path) -> None:
    from kliping.corpus.folder import open_corpus

    (article_id,) = open_corpus(corpus).whole("articles").column("article_id").to_pylist()
    done = run("explain", corpus, article_id[:6])
    assert done.exit_code == 0
    assert "because" in done.output
    assert "Values and what proves them" in done.output
    unknown = run("explain", corpus, "z")
    assert unknown.exit_code == 1
    assert unknown.stderr.startswith("kliping: ")
