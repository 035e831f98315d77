"""A build refuses what was taken down, in whatever page it comes back, and keeps every other article."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from corpora import PASAR_MALAM, PUTRI_BULU_TANGKIS, RUMPUT_LAUT

from kliping.check.audit import FAILED, audit
from kliping.cli import main
from kliping.corpus.folder import open_corpus
from kliping.curate import takedown

OTHER_PAGE = f"""Home
Terpopuler
Harga Emas Hari Ini
{RUMPUT_LAUT.partition("Baca juga")[0].partition("TANJUNG REDEB")[2]}
Baca juga: Sepuluh Pantai di Berau
“Kami tidak mau kehilangan panen seperti tahun lalu,” kata Kepala Kampung Teluk Semanting, Rahmat Hidayat, Senin (6/3/2023).
Pemerintah Kabupaten Berau berjanji membangun gudang pengering sebelum musim angin selatan, seperti dilansir Antara.
Ikuti kami di WhatsApp
Copyright 2024
"""  # noqa: E501
"""The seaweed article of tests/check/corpora.py, crawled from a page with other furniture and without its damage."""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawl")
    (folder / "in").mkdir()
    (folder / "in" / "rumput.txt").write_text(RUMPUT_LAUT, encoding="utf-8")
    (folder / "in" / "putri.txt").write_text(PUTRI_BULU_TANGKIS, encoding="utf-8")
    assert run("build", folder / "in", "--out", folder / "corpus").exit_code == 0
    return folder / "corpus"


def entry(corpus: Path, path: str, *more: str) -> str:
    """What `kliping takedown` prints for the article of one source path."""
    ids = {row["source_path"]: row["article_id"] for row in open_corpus(corpus).whole("articles").to_pylist()}
    options = more or ("--reason", "outlet", "--date", "2026-11-22")
    result = run("takedown", corpus, ids[path][:8], *options)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def removed(corpus: Path, tmp_path: Path) -> Path:
    """A takedown list with the seaweed article on it."""
    path = tmp_path / "removed.csv"
    path.write_text(",".join(takedown.COLUMNS) + "\n" + entry(corpus, "rumput.txt"), encoding="utf-8")
    return path


def decisions(corpus: Path) -> dict[str, tuple[str, str | None]]:
    rows = open_corpus(corpus).whole("decisions").to_pylist()
    return {row["source_path"]: (row["outcome"], row["reason"]) for row in rows}


def test_the_line_holds_no_text_and_no_digest_of_any(corpus: Path) -> None:
    line = entry(corpus, "rumput.txt").strip()
    article_id, date, reason, sketch = line.split(",")
    assert (len(article_id), date, reason, len(sketch)) == (32, "2026-11-22", "outlet", takedown.SKETCH_SLOTS)
    assert entry(corpus, "rumput.txt").strip() == line


def test_date_and_reason_are_arguments(corpus: Path) -> None:
    """No clock: the same command prints the same line on every day."""
    assert run("takedown", corpus, "65ae", "--reason", "outlet").exit_code == 2
    assert run("takedown", corpus, "65ae", "--date", "2026-11-22").exit_code == 2
    assert run("takedown", corpus, "65ae", "--reason", "mood", "--date", "2026-11-22").exit_code == 2


def test_the_same_bytes_are_refused(corpus: Path, removed: Path, tmp_path: Path) -> None:
    result = run("build", corpus.parent / "in", "--out", tmp_path / "out", "--removed", removed)
    assert result.exit_code == 3, result.output
    assert decisions(tmp_path / "out") == {"rumput.txt": ("removed", "removed"), "putri.txt": ("kept", None)}
    assert [row["source_path"] for row in open_corpus(tmp_path / "out").whole("articles").to_pylist()] == ["putri.txt"]


def test_the_same_article_with_other_boilerplate_is_refused_and_another_is_not(
    corpus: Path, removed: Path, tmp_path: Path
) -> None:
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    (crawl / "again.txt").write_text(OTHER_PAGE, encoding="utf-8")
    (crawl / "malam.txt").write_text(PASAR_MALAM, encoding="utf-8")
    (crawl / "putri.txt").write_text(PUTRI_BULU_TANGKIS, encoding="utf-8")
    result = run("build", crawl, "--out", tmp_path / "out", "--removed", removed)
    assert result.exit_code == 3, result.output
    assert decisions(tmp_path / "out") == {
        "again.txt": ("removed", "removed"),
        "malam.txt": ("kept", None),
        "putri.txt": ("kept", None),
    }


def test_without_the_list_the_other_page_is_kept(tmp_path: Path) -> None:
    (tmp_path / "again.txt").write_text(OTHER_PAGE, encoding="utf-8")
    assert run("build", tmp_path / "again.txt", "--out", tmp_path / "out").exit_code == 0


def test_nothing_of_a_removed_article_is_left_in_the_corpus(corpus: Path, removed: Path, tmp_path: Path) -> None:
    run("build", corpus.parent / "in", "--out", tmp_path / "out", "--removed", removed)
    for name in ("articles", "segments", "sentences", "evidence", "raw", "decisions"):
        assert "gelombang" not in str(open_corpus(tmp_path / "out").whole(name).to_pylist())


def test_the_row_of_a_removed_article_has_no_digest_of_it(corpus: Path, removed: Path, tmp_path: Path) -> None:
    run("build", corpus.parent / "in", "--out", tmp_path / "out", "--removed", removed)
    (row,) = [
        row for row in open_corpus(tmp_path / "out").whole("decisions").to_pylist() if row["outcome"] == "removed"
    ]
    assert (row["article_id"], row["raw_sha256"]) == (None, None)


def test_a_corpus_with_takedowns_passes_the_audit_and_is_a_major_version(
    corpus: Path, removed: Path, tmp_path: Path
) -> None:
    run("build", corpus.parent / "in", "--out", tmp_path / "out", "--removed", removed)
    assert [step.title for step in audit(open_corpus(tmp_path / "out")) if step.status == FAILED] == []
    result = run("diff", corpus, tmp_path / "out")
    assert result.exit_code == 3
    assert "version bump: major" in result.stdout


def test_the_repository_s_own_list_is_well_formed() -> None:
    takedown.read_removed(Path(__file__).parents[2] / "seeds" / "removed.csv")
