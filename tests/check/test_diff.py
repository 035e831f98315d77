"""A difference between two corpora is told row by row, and asks for the version that Croissant 1.1 demands."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from corpora import RUMPUT_LAUT, documents, forge, read_json, reseal, rewrite, shards, write
from hypothesis import given
from hypothesis import strategies as st

from kliping.check.diff import MAJOR, MINOR, PATCH, Difference, diff, text_diff
from kliping.cli import main
from kliping.corpus.folder import open_corpus
from kliping.corpus.manifest import dump
from kliping.corpus.tables import to_tables
from kliping.errors import KlipingError
from kliping.kernel import annotate_documents
from kliping.model import RawDocument
from kliping.publish.version import least_version, prepare_release, with_section
from kliping.report.changes import in_lines

Copy = Callable[[Path], Path]
REPO = Path(__file__).parents[2]
ARTICLES = "articles/train-00000-of-00002.parquet"


def compare(old: Path, new: Path) -> Difference:
    return diff(open_corpus(old), open_corpus(new))


def lines(old: Path, new: Path) -> list[str]:
    return list(in_lines(compare(old, new), 20))


def one_shard(out: Path, articles: tuple[RawDocument, ...], **options: Any) -> Path:
    return write([to_tables(annotate_documents(articles))], out, **options)


def test_a_corpus_does_not_differ_from_itself(corpus: Path) -> None:
    assert lines(corpus, corpus) == ["version bump: none (the two hold the same files)"]


def test_other_shards_are_the_same_data_serialised_differently(tmp_path: Path) -> None:
    two = [to_tables(annotate_documents(sorted(documents(), key=lambda d: d.article_id)[part])) for part in HALVES]
    found = compare(one_shard(tmp_path / "one", documents()), write(two, tmp_path / "two"))
    assert (found.bump, found.rows) == (PATCH, {})


HALVES = (slice(0, 2), slice(2, 4))


def test_an_article_more_is_minor(tmp_path: Path) -> None:
    found = compare(one_shard(tmp_path / "old", documents()[:3]), one_shard(tmp_path / "new", documents()))
    assert found.bump == MINOR
    assert {change.kind for changes in found.rows.values() for change in changes} == {"added"}
    assert [change.key for change in found.rows["decisions"]] == ["malam.html"]


def test_an_article_less_is_major(tmp_path: Path) -> None:
    old, new = one_shard(tmp_path / "old", documents()), one_shard(tmp_path / "new", documents()[:3])
    assert compare(old, new).bump == MAJOR
    assert "articles: 1 row removed" in lines(old, new)


def test_a_changed_value_is_major_and_shown(corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    rows = shards()[0]["articles"].to_pylist()
    rows[0]["dateline_place"] = None
    forge(folder, "articles", 0, rows)
    assert lines(corpus, folder) == [
        "articles: 1 row changed",
        "  65aee909a513b00b24063b5495bf99b0: dateline_place: old 'Tanjung Redeb' new None",
        "files that are other: articles/train-00000-of-00002.parquet",
        "version bump: major (records were edited, removed or moved, or fields removed or retyped)",
    ]


def test_a_changed_text_is_shown_as_a_readable_diff(corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    rows = shards()[0]["articles"].to_pylist()
    rows[0]["text"] = rows[0]["text"].replace("gudang pengering", "gudang pendingin")
    rows[0]["word_count"] += 1
    forge(folder, "articles", 0, rows)
    shown = lines(corpus, folder)
    assert shown[1] == "  65aee909a513b00b24063b5495bf99b0: word_count: old 58 new 59; text:"
    assert shown[2] == (
        "    paragraph 3: Pemerintah Kabupaten Berau berjanji membangun gudang [-pengering-] {+pendingin+} "
        "sebelum musim angin selatan, seperti dilansir Antara."
    )


def test_a_long_value_is_cut_around_the_difference(corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    rows = shards()[0]["raw"].to_pylist()
    rows[0]["text"] = RUMPUT_LAUT.replace("dua pekan lebih awal", "tiga pekan lebih awal")
    forge(folder, "raw", 0, rows)
    (change,) = compare(corpus, folder).rows["raw"]
    assert "at 273: …" in change.in_words()
    assert len(change.in_words()) < 300


def test_of_a_kept_page_only_size_and_digest_are_shown(corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    rows = shards()[0]["raw"].to_pylist()
    rows[0]["source"] = b"<p>Halaman." * 100
    forge(folder, "raw", 0, rows)
    (change,) = compare(corpus, folder).rows["raw"]
    digest = hashlib.sha256(rows[0]["source"]).hexdigest()
    assert change.in_words() == f"source: old None new 1100 bytes with the sha256 {digest}"


def test_moved_between_splits_is_major(corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    manifest = read_json(folder / "manifest.json")
    file = manifest["tables"]["articles"]["files"][1]
    new = "articles/test-00001-of-00002.parquet"
    shutil.move(folder / file["path"], folder / new)
    file["path"] = new
    (folder / "manifest.json").write_text(dump(manifest))
    found = compare(corpus, folder)
    assert found.bump == MAJOR
    assert "articles: 3 moved" in " ".join(in_lines(found, 20)).replace("rows ", "")
    assert found.rows["articles"][0].in_words() == "split: old 'train' new 'test'"


@pytest.mark.parametrize(
    ("edit", "bump", "line"),
    [
        (lambda table: table.append_column("views", pa.array([1, 2, 3])), MINOR, "columns added: articles.views"),
        (lambda table: table.drop_columns(["tags"]), MAJOR, "columns removed: articles.tags"),
        (
            lambda table: table.set_column(21, "character_count", table["character_count"].cast("int64")),
            MAJOR,
            "columns of another type: articles.character_count",
        ),
    ],
)
def test_columns(edit: Callable[[pa.Table], pa.Table], bump: str, line: str, single: Path, copy: Copy) -> None:
    folder = copy(single)
    file = "articles/train-00000-of-00001.parquet"
    rewrite(folder, file, edit(pq.read_table(folder / file, partitioning=None)))
    assert compare(single, folder).bump == bump
    assert line in lines(single, folder)


def test_with_and_without_text_are_not_compared(corpus: Path, copy: Copy) -> None:
    folder = copy(corpus)
    manifest = read_json(folder / "manifest.json")
    reseal(folder, manifest | {"options": {"text": "withheld"}})
    with pytest.raises(KlipingError, match="Compare like with like"):
        compare(corpus, folder)


def test_exit_status(corpus: Path, single: Path) -> None:
    run = CliRunner().invoke
    assert run(main, ["diff", str(corpus), str(corpus)]).exit_code == 0
    result = run(main, ["diff", str(corpus), str(single), "--most", "1"])
    assert result.exit_code == 3
    assert "  ... and 2 more (--most N shows more)" in result.stdout


words = st.lists(st.sampled_from(["satu", "dua", "tiga", "empat", "lima"]), min_size=1, max_size=30).map(" ".join)
texts = st.lists(words, min_size=1, max_size=5).map("\n\n".join)


@given(texts, texts)
def test_a_text_diff_is_empty_only_for_equal_texts(old: str, new: str) -> None:
    assert (text_diff(old, new) == []) == (old == new)


@given(st.tuples(*[st.integers(0, 99)] * 3), st.sampled_from([PATCH, MINOR, MAJOR]))
def test_a_bump_rises(numbers: tuple[int, int, int], bump: str) -> None:
    least = tuple(map(int, least_version(".".join(map(str, numbers)), bump).split(".")))
    assert least > numbers


CHANGELOG = "# Changelog\n\nVersions follow a rule.\n\n## 1.0.0\n\nThe first one.\n"


@pytest.fixture
def releases(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A corpus, the next one with an article more, and a changelog."""
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    old = one_shard(tmp_path / "old", documents()[:3])
    return old, one_shard(tmp_path / "new", documents(), version="1.1.0"), tmp_path / "CHANGELOG.md"


def test_a_release_writes_its_changelog_section(releases: tuple[Path, Path, Path]) -> None:
    old, new, changelog = releases
    for _ in range(2):
        prepare_release(open_corpus(old), open_corpus(new), "1.1.0", changelog)
        text = changelog.read_text()
        assert text.startswith("# Changelog\n\nVersions follow a rule.\n\n## 1.1.0\n\n- `articles`: 1 row added\n")
        assert text.endswith("\n\n## 1.0.0\n\nThe first one.\n")
        assert text.count("## 1.1.0") == 1
        assert "- `kliping audit corpus --published " in text


@pytest.mark.parametrize(
    ("version", "complaint"),
    [
        ("1.0.9", "1.0.9 is too low: the changes since 1.0.0 ask for 1.1.0"),
        ("1.2.0", "was built as 1.1.0, not as 1.2.0"),
        ("1.2", "'1.2' is no version"),
    ],
)
def test_a_release_below_its_bump_is_refused(releases: tuple[Path, Path, Path], version: str, complaint: str) -> None:
    old, new, changelog = releases
    with pytest.raises(KlipingError, match=complaint.replace("(", r"\(")):
        prepare_release(open_corpus(old), open_corpus(new), version, changelog)
    assert changelog.read_text() == CHANGELOG


def test_a_release_that_fails_the_audit_is_refused(releases: tuple[Path, Path, Path]) -> None:
    old, new, changelog = releases
    (new / "notes.txt").touch()
    with pytest.raises(KlipingError, match="fails the audit at 'File checksums'"):
        prepare_release(open_corpus(old), open_corpus(new), "1.1.0", changelog)


def test_the_release_script_exits_with_the_sentence(releases: tuple[Path, Path, Path]) -> None:
    old, new, _ = releases
    command = [sys.executable, REPO / "scripts" / "release.py", old, new, "1.0.1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("kliping: 1.0.1 is too low: the changes since 1.0.0 ask for 1.1.0 (minor).")


def test_a_changelog_without_sections_gets_its_first() -> None:
    assert with_section("# Changelog\n", "1.0.0", "## 1.0.0\n\n- All.\n") == "# Changelog\n\n## 1.0.0\n\n- All.\n"
