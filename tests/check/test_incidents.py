"""Each incident has a minimal broken corpus named after it, from which `validate` or `audit` calls it by that name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpora import OPTIONS, forge, read_json, reseal, reseal_sums, rewrite, shards, write
from tests.writing import write_parquet

from kliping import schema
from kliping.check.audit import PAGES_STEP, ROOTS_STEP, audit
from kliping.check.columns import check_columns
from kliping.check.incident import INCIDENTS
from kliping.check.validate import validate
from kliping.corpus.folder import open_corpus
from kliping.publish.without_text import export_without_text

Row = dict[str, Any]
ARTICLES = "articles/train-00000-of-00002.parquet"
LAUT = "65aee909a513b00b24063b5495bf99b0"
"""The first article of the first shard, with headline, byline, dateline, repairs and tags."""

FIXTURES: dict[str, Callable[[Path], object]] = {}
"""Incident, and of what if there are several -> what breaks a good corpus in just that way."""


def broken(name: str) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    """Register a function that breaks the corpus in the folder it is given."""

    def register(breaks: Callable[[Path], object]) -> Callable[[Path], object]:
        FIXTURES[name] = breaks
        return breaks

    return register


def replace_by_link(folder: Path, name: str) -> None:
    """Put a link in the place of a file or folder of the corpus, to where it is moved."""
    kept = folder.with_name(f"{folder.name}-{name}")
    (folder / name).rename(kept)
    (folder / name).symlink_to(kept)


def edit(folder: Path, table: str, at: int, **values: Any) -> None:
    """Give one row of the first shard other values."""
    rows = shards()[0][table].to_pylist()
    rows[at] |= values
    forge(folder, table, 0, rows)


def find(table: str, **values: Any) -> int:
    """The first row of the first shard with these values."""
    rows = shards()[0][table].to_pylist()
    return next(at for at, row in enumerate(rows) if all(row[name] == value for name, value in values.items()))


@broken("checksum-mismatch")
def _(folder: Path) -> None:
    path = folder / "croissant.json"
    path.write_bytes(path.read_bytes() + b"\n")


@broken("file-missing")
def _(folder: Path) -> None:
    (folder / "croissant.json").unlink()


@broken("file-unlisted")
def _(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")


@broken("file-missing of a link in its place")
def _(folder: Path) -> None:
    replace_by_link(folder, "croissant.json")


@broken("file-missing of a link in the place of its folder")
def _(folder: Path) -> None:
    replace_by_link(folder, "articles")


@broken("file-missing of a link to the list")
def _(folder: Path) -> None:
    replace_by_link(folder, "SHA256SUMS")


@broken("file-unlisted of an empty folder")
def _(folder: Path) -> None:
    (folder / "articles" / "kosong").mkdir()


@broken("file-unlisted of a link to a folder")
def _(folder: Path) -> None:
    (folder / "lain").symlink_to(folder.parent)


@broken("file-unlisted of a link to nothing")
def _(folder: Path) -> None:
    (folder / "lain").symlink_to("tidak-ada")


@broken("sums-mismatch")
def _(folder: Path) -> None:
    path = folder / "SHA256SUMS"
    path.write_text("".join(reversed(path.read_text().splitlines(keepends=True))))


@broken("lfs-pointer")
def _(folder: Path) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"
    (folder / ARTICLES).write_text(pointer)


@broken("unreadable-parquet")
def _(folder: Path) -> None:
    (folder / ARTICLES).write_bytes((folder / ARTICLES).read_bytes()[:-9])


@broken("header-mismatch")
def _(folder: Path) -> None:
    path = folder / "README.md"
    path.write_text(path.read_text("utf-8").replace("license: unknown", "license: mit"), encoding="utf-8")
    reseal_sums(folder)


@broken("croissant-mismatch")
def _(folder: Path) -> None:
    path = folder / "croissant.json"
    path.write_text(path.read_text("utf-8").replace('"sc:Dataset"', '"sc:DataCatalog"'), encoding="utf-8")
    reseal_sums(folder)


@broken("manifest-mismatch")
def _(folder: Path) -> None:
    manifest = read_json(folder / "manifest.json")
    manifest["statistics"]["raw_bytes"] += 1
    reseal(folder, manifest)


@broken("schema-mismatch")
def _(folder: Path) -> None:
    table = pq.read_table(folder / ARTICLES, partitioning=None)
    rewrite(folder, ARTICLES, table.drop_columns(["tags"]))


@broken("row-count-mismatch")
def _(folder: Path) -> None:
    manifest = read_json(folder / "manifest.json")
    manifest["tables"]["raw"]["rows"] += 1
    reseal(folder, manifest)


@broken("unknown-term")
def _(folder: Path) -> None:
    edit(folder, "segments", 0, role="menu")


@broken("malformed-value")
def _(folder: Path) -> None:
    edit(folder, "raw", find("raw", article_id=LAUT), source_sha256="ABC", extractor="kliping 1.0.0")


@broken("duplicate-key")
def _(folder: Path) -> None:
    rows = shards()[0]["decisions"].to_pylist()
    forge(folder, "decisions", 0, [*rows[:1], *rows])


@broken("rows-unsorted")
def _(folder: Path) -> None:
    forge(folder, "articles", 0, shards()[0]["articles"].to_pylist()[::-1])


@broken("position-gap")
def _(folder: Path) -> None:
    rows = shards()[0]["evidence"].to_pylist()
    rows[-1]["position"] += 1
    forge(folder, "evidence", 0, rows)


@broken("dangling-reference")
def _(folder: Path) -> None:
    lost = shards()[0]["evidence"].to_pylist()[-1] | {"article_id": "f" * 32, "position": 0}
    forge(folder, "evidence", 0, [*shards()[0]["evidence"].to_pylist(), lost])


@broken("raw-digest-mismatch")
def _(folder: Path) -> None:
    at = find("raw", article_id=LAUT)
    edit(folder, "raw", at, byte_count=shards()[0]["raw"]["byte_count"][at].as_py() + 1)


@broken("provenance-mismatch")
def _(folder: Path) -> None:
    edit(folder, "raw", 0, extractor="kliping 1.0.0")


@broken("span-overlap")
def _(folder: Path) -> None:
    at = find("segments", article_id=LAUT, role="headline")
    edit(folder, "segments", at, start=0)


@broken("span-gap")
def _(folder: Path) -> None:
    """The first line of the raw text loses its segment; what counts them agrees."""
    rows = [row for row in shards()[0]["segments"].to_pylist() if (row["article_id"], row["position"]) != (LAUT, 13)]
    forge(folder, "segments", 0, rows)
    articles = shards()[0]["articles"].to_pylist()
    articles[0]["segment_count"] -= 1
    forge(folder, "articles", 0, articles)


@broken("span-range")
def _(folder: Path) -> None:
    edit(folder, "evidence", find("evidence", field="dateline_place"), end=None)


@broken("span-range of the body")
def _(folder: Path) -> None:
    """The last sentence of the last article ends beyond it."""
    rows = shards()[0]["sentences"].to_pylist()
    rows[-1]["end"] += 1
    forge(folder, "sentences", 0, rows)


@broken("span-home-mismatch")
def _(folder: Path) -> None:
    """A sentence is said to stand in the paragraph after its own."""
    edit(folder, "sentences", 0, segment_position=shards()[0]["sentences"]["segment_position"].to_pylist()[-1])


@broken("wide-mismatch")
def _(folder: Path) -> None:
    rows = open_corpus(folder).whole("domains").to_pylist()
    rows[0]["article_count"] += 1
    forge(folder, "domains", 0, rows)


@broken("repair-mismatch")
def _(folder: Path) -> None:
    rows = shards()[0]["segments"].to_pylist()
    next(row for row in rows if row["repairs"])["repairs"][0]["before"] = "Ã"
    forge(folder, "segments", 0, rows)


@broken("span-text-mismatch of segments")
def _(folder: Path) -> None:
    edit(folder, "segments", find("segments", role="advertisement"), text="ADVERTENSI")


@broken("body-mismatch")
def _(folder: Path) -> None:
    """A paragraph becomes a caption, and its sentences go with it, but the body keeps it."""
    edit(folder, "segments", find("segments", article_id=LAUT, position=10), role="caption")


@broken("span-text-mismatch of sentences")
def _(folder: Path) -> None:
    edit(folder, "sentences", 0, text="Petani memanen.")


@broken("span-raw-mismatch")
def _(folder: Path) -> None:
    edit(folder, "sentences", 0, raw_start=shards()[0]["sentences"]["raw_start"][0].as_py() - 1)


@broken("span-gap of the body")
def _(folder: Path) -> None:
    rows = shards()[0]["sentences"].to_pylist()
    forge(folder, "sentences", 0, [row for row in rows if (row["article_id"], row["position"]) != (LAUT, 3)])
    articles = shards()[0]["articles"].to_pylist()
    articles[0]["sentence_count"] -= 1
    forge(folder, "articles", 0, articles)


@broken("span-gap of a body without sentences")
def _(folder: Path) -> None:
    """All sentences of an article are gone, and its count says so."""
    rows = shards()[0]["sentences"].to_pylist()
    forge(folder, "sentences", 0, [row for row in rows if row["article_id"] != LAUT])
    articles = shards()[0]["articles"].to_pylist()
    articles[0]["sentence_count"] = 0
    forge(folder, "articles", 0, articles)


@broken("span-text-mismatch of evidence")
def _(folder: Path) -> None:
    edit(folder, "evidence", find("evidence", field="dateline_place"), quote="TANJUNG SELOR")


@broken("value-without-evidence")
def _(folder: Path) -> None:
    edit(folder, "articles", 0, dateline_place="Tanjung Selor")


@broken("margin-mismatch")
def _(folder: Path) -> None:
    edit(folder, "segments", find("segments", rule="phrase:penulis"), margin=990)


@broken("margin-mismatch of a segment of the model")
def _(folder: Path) -> None:
    edit(folder, "segments", find("segments", rule="model:paragraph"), margin=None)


@broken("margin-mismatch beyond the range")
def _(folder: Path) -> None:
    edit(folder, "segments", find("segments", rule="model:paragraph"), margin=1001)


@broken("flag-mismatch")
def _(folder: Path) -> None:
    edit(folder, "articles", 0, flags=["lost-characters"])


@broken("flag-mismatch of a place")
def _(folder: Path) -> None:
    """The place that a flag points at is gone from the evidence, but the flag stands."""
    rows = shards()[0]["evidence"].to_pylist()
    forge(folder, "evidence", 0, [row for row in rows if row["field"] != "flags"])


@broken("count-mismatch")
def _(folder: Path) -> None:
    edit(folder, "articles", 0, word_count=57)


@broken("correction-mismatch")
def _(folder: Path) -> None:
    edit(folder, "articles", 0, made="automatic with corrections")


@broken("correction-mismatch of other bytes")
def _(folder: Path) -> None:
    edit(folder, "corrections", 0, raw_sha256="0" * 64)


@broken("copy-mismatch")
def _(folder: Path) -> None:
    edit(folder, "articles", 0, url="https://contoh.example/laut")


@broken("decision-mismatch")
def _(folder: Path) -> None:
    edit(folder, "decisions", find("decisions", reason="binary"), outcome="failed")


ALSO = {
    "checksum-mismatch": {"croissant-mismatch"},
    "lfs-pointer": {"checksum-mismatch"},
    "unreadable-parquet": {"checksum-mismatch"},
    "body-mismatch": {"span-home-mismatch"},
    "file-missing of a link in the place of its folder": {"file-unlisted"},
}
"""What else such a corpus cannot but show."""


@pytest.mark.parametrize("name", FIXTURES)
def test_validate_calls_the_breakage_by_its_name(name: str, corpus: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(corpus, tmp_path / name)
    FIXTURES[name](folder)
    incidents = validate(open_corpus(folder))
    assert {incident.name for incident in incidents} == {name.split(" ")[0], *ALSO.get(name, ())}, incidents


def test_not_as_published(corpus: Path) -> None:
    first = next(audit(open_corpus(corpus), published="0" * 64))
    assert [incident.name for incident in first.incidents] == ["not-as-published"]


def test_text_not_withheld(corpus: Path, tmp_path: Path) -> None:
    export_without_text(open_corpus(corpus), tmp_path / "without")
    path = tmp_path / "without" / ARTICLES
    table = pq.read_table(path, partitioning=None)
    leaked = pa.array(["Satu judul.", None, None], pa.string())
    write_parquet(table.set_column(1, table.schema.field("headline"), leaked), path)
    reseal(tmp_path / "without")
    names = {incident.name for incident in validate(open_corpus(tmp_path / "without"))}
    assert names == {"text-not-withheld"}


def test_split_mismatch(tmp_path: Path) -> None:
    """One shard is for training and the other for tests, whatever the clusters in them."""
    rule = OPTIONS | {"splits": {"shares": [["train", "0.5"], ["test", "0.5"]]}}
    folder = write(shards(), tmp_path / "corpus", options=rule, splits=["train", "test"])
    assert {incident.name for incident in validate(open_corpus(folder))} == {"split-mismatch"}


def test_root_mismatch(corpus: Path, copy: Callable[[Path], Path]) -> None:
    folder = copy(corpus)
    manifest = read_json(folder / "manifest.json")
    manifest["tables"]["articles"]["root"] = "0" * 64
    reseal(folder, manifest)
    assert failing(folder, ROOTS_STEP) == {"root-mismatch"}


def test_root_mismatch_of_a_column(single: Path, copy: Callable[[Path], Path]) -> None:
    folder = copy(single)
    manifest = read_json(folder / "manifest.json")
    manifest["tables"]["articles"]["columns"]["authors"] = "0" * 64
    reseal(folder, manifest)
    (step,) = [step for step in audit(open_corpus(folder)) if step.title == ROOTS_STEP]
    assert [incident.place for incident in step.incidents] == ["table articles column authors"]


def test_extraction_mismatch(corpus: Path, copy: Callable[[Path], Path]) -> None:
    """A page beside a text that was taken from none; tests/check/test_kept_pages.py has the other cases."""
    folder = copy(corpus)
    edit(folder, "raw", find("raw", article_id=LAUT), source=b"<p>Halaman.")
    assert failing(folder, PAGES_STEP) == {"extraction-mismatch"}


def test_rebuild_mismatch(corpus: Path, copy: Callable[[Path], Path]) -> None:
    """A reason that no invariant holds against: only the rebuild knows that another rule decided."""
    folder = copy(corpus)
    edit(folder, "segments", find("segments", rule="phrase:penulis"), rule="phrase:editor")
    steps = {step.title: step for step in audit(open_corpus(folder))}
    assert [title for title, step in steps.items() if step.incidents] == ["Rebuild from raw"]
    (incident,) = steps["Rebuild from raw"].incidents
    assert incident.name == "rebuild-mismatch"
    assert incident.place == f"segments {LAUT}/3"
    assert incident.detail == "rule: published 'phrase:editor' rebuilt 'phrase:penulis'"


def failing(folder: Path, title: str) -> set[str]:
    """The names of the incidents of the one step that has this title."""
    (step,) = [step for step in audit(open_corpus(folder)) if step.title == title]
    return {incident.name for incident in step.incidents}


def test_every_incident_has_a_provoking_test() -> None:
    tested = {name.removeprefix("test_").replace("_", "-") for name in globals() if name.startswith("test_")}
    broken_by_name = {name.split(" ")[0] for name in FIXTURES}
    assert INCIDENTS.keys() - broken_by_name - tested == set()
    assert broken_by_name <= INCIDENTS.keys()


def test_every_kind_of_number_is_refused_below_zero() -> None:
    rows = shards()[0]["sentences"].to_pylist()
    rows[0]["start"] = -1
    table = pa.Table.from_pylist(rows, schema=schema.arrow_schema("sentences"))
    assert [incident.name for incident in check_columns("sentences", table)] == ["malformed-value"]
