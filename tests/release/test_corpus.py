"""corpus.py, shard.py, manifest.py: a whole corpus or none, never over foreign files, the same from any shards."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from tests.writing import release, write_parquet

from kliping import model, schema
from kliping.corpus import digests, manifest, shard, tables
from kliping.corpus import write as corpus_module
from kliping.corpus.folder import open_corpus
from kliping.corpus.manifest import ManifestError, read_manifest
from kliping.corpus.shard import read_shard, write_shard
from kliping.corpus.wide import domains
from kliping.corpus.write import OutputExistsError, check_output, finish, render_sums
from kliping.files import file_sha256


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_corpus_has_exactly_these_files(corpus):
    parquet = {f"{name}/train-00000-of-00001.parquet" for name in schema.load().tables}
    assert snapshot(corpus).keys() == {"README.md", "manifest.json", "croissant.json", "SHA256SUMS", *parquet}
    assert [path.name for path in corpus.parent.iterdir()] == ["corpus"]


def test_a_corpus_is_opened_by_a_path_or_by_its_name(corpus):
    assert open_corpus(str(corpus)) == open_corpus(corpus)


def test_coreutils_verify_the_checksums(corpus):
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=corpus, check=True)
    listed = [line.split("  ")[1] for line in (corpus / "SHA256SUMS").read_text().splitlines()]
    assert listed == sorted(snapshot(corpus).keys() - {"SHA256SUMS"})
    assert render_sums(corpus) == (corpus / "SHA256SUMS").read_text()


def test_the_manifest_tells_the_truth(corpus, contents):
    assert manifest.dump(contents) == (corpus / "manifest.json").read_text("utf-8")
    for name, entry in contents["tables"].items():
        table = open_corpus(corpus).whole(name)
        assert entry["rows"] == table.num_rows == sum(file["rows"] for file in entry["files"])
        assert entry["root"] == digests.content_root(name, table)
        assert entry["columns"] == digests.column_roots(name, corpus / entry["files"][0]["path"])
        for file in entry["files"]:
            assert file["sha256"] == file_sha256(corpus / file["path"])
            assert file["bytes"] == (corpus / file["path"]).stat().st_size
    decisions = open_corpus(corpus).whole("decisions").to_pylist()
    assert contents["inputs"] == {
        "count": len(decisions),
        "files": {row["source_path"]: row["raw_sha256"] for row in decisions},
    }
    assert contents["schema"].keys() >= {"fields.toml", "schema.toml", "tables/raw.toml", "vocabularies/roles.csv"}
    assert "knowledge/dates.toml" in contents["knowledge"]
    assert not any(name.startswith(("schema", "release")) or name.endswith(".py") for name in contents["knowledge"])


def test_statistics_count_the_rows(corpus, contents):
    counts, segments = contents["statistics"], open_corpus(corpus).whole("segments").to_pylist()
    assert sum(role["rows"] for role in counts["roles"].values()) == len(segments)
    assert counts["roles"]["related"]["raw_characters"] == sum(
        row["end"] - row["start"] for row in segments if row["role"] == "related"
    )
    assert counts["repairs"] == {"mojibake-orphan": 1}
    assert counts["outcomes"] == {"failed": 1, "kept": 3, "set-aside": 2}
    assert counts["reasons"] == {"binary": 1, "duplicate": 1, "unreadable": 1}
    assert counts["published_basis"] == {"inferred": 1, "metadata": 1, "unknown": 1}
    assert counts["filled"]["authors"] == 1
    assert counts["evidence"] == {"accepted": 5, "rejected": 0}


def test_domains_share_out_the_characters(corpus):
    rows = {row["outlet_id"]: row for row in open_corpus(corpus).whole("domains").to_pylist()}
    articles = open_corpus(corpus).whole("articles").to_pylist()
    total = sum(row["character_count"] for row in articles)
    merdeka = next(row for row in articles if row["outlet_id"] == "merdeka")
    assert rows.keys() == {"merdeka", "unknown"}
    assert rows["merdeka"]["body_character_share"] == round(1000 * merdeka["character_count"] / total)
    assert rows["merdeka"]["first_date"] == rows["merdeka"]["last_date"] == merdeka["published_date"]
    assert rows["unknown"]["article_count"] == 2
    assert sum(row["body_character_count"] for row in rows.values()) == total


@dataclass(frozen=True)
class Told:
    """Shards that hold these articles."""

    articles: pa.Table

    def read(self, table: str, columns: Sequence[str]) -> Iterator[pa.Table]:
        return iter([self.articles.select(columns)])


def test_articles_of_outlets_without_an_id_stand_under_no_name():
    day = date(2024, 2, 5)
    articles = pa.table(
        {
            "outlet_id": pa.array([None, "tempo", None], pa.string()),
            "outlet_name": ["KabarUji", "Tempo", None],
            "character_count": pa.array([30, 60, 10], pa.int32()),
            "published_date": pa.array([day, day, None], pa.date32()),
        }
    )
    rows = [(row.outlet_id, row.outlet_name, row.article_count) for row in domains.find(Told(articles))]
    assert rows == [("tempo", "Tempo", 1), ("unknown", None, 2)]


def test_two_builds_give_the_same_bytes(corpus, contents, made, tmp_path):
    release(
        made,
        tmp_path / "elsewhere" / "again",
        version="1.2.3",
        quality=contents["quality"],
        options=contents["options"],
    )
    assert snapshot(tmp_path / "elsewhere" / "again") == snapshot(corpus)


@pytest.mark.parametrize("count", [2, 4])
def test_shards_leave_no_trace_but_the_files(outcomes, contents, tmp_path, count):
    for number in range(count):
        write_shard([tables.to_tables(outcomes[number::count])], tmp_path / "work", number)
    out = tmp_path / "corpus"
    sharded = finish(tmp_path / "work", out, range(count), version="1.2.3")
    assert sharded["statistics"] == contents["statistics"]
    assert sharded["inputs"] == contents["inputs"]
    for name, entry in sharded["tables"].items():
        assert (
            entry["root"]
            == contents["tables"][name]["root"]
            == digests.content_root(name, open_corpus(out).whole(name))
        )
        assert len(entry["files"]) == (1 if name in schema.of_scope(schema.CORPUS) else count)
        assert ("columns" in entry) == (name in schema.of_scope(schema.CORPUS))
    assert (out / f"raw/train-00001-of-0000{count}.parquet").is_file()


def test_the_portions_of_a_shard_leave_no_trace(outcomes, made, tmp_path, monkeypatch):
    monkeypatch.setattr("kliping.corpus.row_groups.ROW_GROUP_ROWS", 5)
    in_order = sorted(outcomes, key=lambda outcome: digest_of(outcome) or "")
    portions = [tables.to_tables([outcome]) for outcome in in_order]
    one, many = write_shard([made], tmp_path, 0), write_shard(portions, tmp_path, 1)
    assert one.files == many.files
    assert one.statistics == many.statistics
    assert one.inputs == many.inputs


def digest_of(outcome):
    return outcome.document.sha256 if isinstance(outcome, model.Annotation) else outcome.raw_sha256


def test_a_shard_may_hold_nothing(tmp_path):
    shard = write_shard([], tmp_path, 0)
    assert {file.rows for file in shard.files.values()} == {0}
    assert finish(tmp_path, tmp_path / "corpus", [0], version="1.0.0")["inputs"] == {"count": 0, "files": {}}


def test_a_shard_that_stops_halfway_leaves_nothing_that_looks_whole(made, tmp_path):
    def portions():
        yield made
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        write_shard(portions(), tmp_path, 0)
    assert list(tmp_path.rglob("*.parquet")) + list(tmp_path.rglob("*.rows")) == []


def test_columns_are_read_row_group_by_row_group(made, tmp_path, monkeypatch):
    for name, table in made.items():
        write_parquet(table, tmp_path / name)
        lines = {column: sorted(digests.column_lines(name, column, table)) for column in table.column_names}
        assert digests.column_roots(name, tmp_path / name) == {column: digests.root(lines[column]) for column in lines}
    monkeypatch.setattr("kliping.corpus.row_groups.ROW_GROUP_ROWS", 3)
    for name, table in made.items():
        whole = digests.column_roots(name, tmp_path / name)
        write_parquet(table, tmp_path / name)
        assert digests.column_roots(name, tmp_path / name) == whole


def test_many_inputs_are_counted_and_not_listed(outcomes, tmp_path, monkeypatch):
    for module in (shard, corpus_module):
        monkeypatch.setattr(module, "LISTED_INPUTS", 5)
    made = release(tables.to_tables(outcomes), tmp_path / "corpus", version="1.0.0")
    assert made["inputs"] == {"count": 6}


def test_the_same_article_in_two_shards_is_refused(made, tmp_path):
    for number in range(2):
        write_shard([made], tmp_path / "work", number)
    with pytest.raises(ValueError, match="two rows have the id"):
        finish(tmp_path / "work", tmp_path / "corpus", [0, 1], version="1.0.0")
    assert not (tmp_path / "corpus").exists()


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0-rc1", ""])
def test_a_version_is_three_numbers(made, tmp_path, version):
    with pytest.raises(ValueError, match="no version"):
        release(made, tmp_path / "corpus", version=version)


def test_tables_that_are_not_the_contracts_are_refused(made, tmp_path):
    with pytest.raises(ValueError, match="has not the columns"):
        write_shard([made | {"raw": made["raw"].drop_columns(["url"])}], tmp_path, 0)
    with pytest.raises(ValueError, match="a shard has the tables"):
        write_shard([{"raw": made["raw"]}], tmp_path, 0)
    assert read_shard(tmp_path, 0) is None


@pytest.mark.parametrize("damaged", ["00003.json", "raw/00003.parquet", "segments/00003.rows"])
def test_a_shard_is_complete_only_with_all_its_bytes(made, tmp_path, damaged):
    written = write_shard([made], tmp_path, 3)
    assert read_shard(tmp_path, 3) == written
    whole = (tmp_path / damaged).read_bytes()
    (tmp_path / damaged).write_bytes(whole[:-1])
    assert read_shard(tmp_path, 3) is None
    (tmp_path / damaged).unlink()
    assert read_shard(tmp_path, 3) is None
    with pytest.raises(ValueError, match="missing or damaged"):
        finish(tmp_path, tmp_path / "corpus", [3], version="1.0.0")


@pytest.mark.parametrize("step", ["_write_documents", "_swap"])
def test_a_failure_leaves_the_old_corpus(made, tmp_path, monkeypatch, step):
    out = tmp_path / "corpus"
    release(made, out, version="1.0.0")
    before = snapshot(out)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(corpus_module, step, fail)
    with pytest.raises(KeyboardInterrupt):
        release(made, out, version="2.0.0")
    assert snapshot(out) == before
    monkeypatch.undo()
    release(made, out, version="2.0.0")
    assert read_manifest(out)["version"] == "2.0.0"
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_a_corpus_put_aside_by_a_killed_swap_comes_back(made, tmp_path):
    out = tmp_path / "corpus"
    release(made, out, version="1.0.0")
    out.rename(tmp_path / ".corpus.old")
    check_output(out, force=False)
    assert read_manifest(out)["version"] == "1.0.0"


@pytest.mark.parametrize("foreign", ["catatan.txt", "raw/more.parquet", "arsip/lama.md"])
def test_foreign_files_are_never_overwritten_unasked(made, tmp_path, foreign):
    out = tmp_path / "corpus"
    release(made, out, version="1.0.0")
    (out / foreign).parent.mkdir(exist_ok=True)
    (out / foreign).write_text("jangan dihapus")
    before = snapshot(out)
    with pytest.raises(OutputExistsError, match=foreign):
        release(made, out, version="1.0.1")
    assert snapshot(out) == before
    release(made, out, version="1.0.1", force=True)
    assert foreign not in snapshot(out)


def test_force_does_not_reach_a_repository_or_the_folder_one_stands_in(made, tmp_path, monkeypatch):
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "here" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "below")
    for name in ("repository", "here", "here/below"):
        with pytest.raises(OutputExistsError, match="git repository"):
            release(made, tmp_path / name, version="1.0.0", force=True)
    assert (tmp_path / "repository" / ".git").is_dir()


def test_a_folder_without_a_manifest_and_a_file_are_foreign(made, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "README.md").write_text("milik orang lain")
    (tmp_path / "file").write_text("milik orang lain")
    for name in ("full", "file"):
        with pytest.raises(OutputExistsError):
            release(made, tmp_path / name, version="1.0.0")
    (tmp_path / "empty").mkdir()
    release(made, tmp_path / "empty", version="1.0.0")


def test_a_corpus_without_text_is_released_alike(made, tmp_path):
    bare = {}
    for name, table in made.items():
        for field in schema.load().tables[name].fields:
            if field.text:
                position = table.schema.get_field_index(field.name)
                form = schema.arrow_schema(name, with_text=False).field(field.name)
                table = table.set_column(position, form, pa.nulls(table.num_rows, form.type))
        bare[name] = table.cast(schema.arrow_schema(name, with_text=False))
    release(made, tmp_path / "whole", version="1.0.0")
    known = {name: open_corpus(tmp_path / "whole").whole(name) for name in schema.of_scope(schema.CORPUS)}
    contents = release(bare, tmp_path / "corpus", version="1.0.0", options={"text": "withheld"}, known=known)
    everything = b"".join(snapshot(tmp_path / "corpus").values())
    assert contents["tables"]["articles"]["rows"] == 3
    assert "text-free edition" in (tmp_path / "corpus" / "README.md").read_text("utf-8")
    assert b"Pedagang" not in everything
    assert open_corpus(tmp_path / "corpus").whole("raw")["text"].null_count == 3


MANIFEST_FAULTS = {
    "nothing there": (None, "has no manifest.json"),
    "git-lfs pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "git lfs pull"),
    "half a download": (b'{"format": "kliping-ma', "is not JSON"),
    "another program's": (b'{"files": []}', "no manifest of kliping"),
    "no object": (b"[]", "no manifest of kliping"),
}


@pytest.mark.parametrize("fault", MANIFEST_FAULTS)
def test_what_is_no_manifest_is_told_in_a_sentence(tmp_path, fault):
    data, message = MANIFEST_FAULTS[fault]
    if data is not None:
        (tmp_path / "manifest.json").write_bytes(data)
    with pytest.raises(ManifestError, match=message):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "kliping-manifest/2"}, "Upgrade kliping"),
        ({"schema_version": "99.0.0"}, "version 99.0.0 of the contract"),
        ({"extra": 1}, "does not know: extra"),
        ({"inputs": None}, "lacks the keys inputs"),
    ],
)
def test_a_manifest_of_another_time_is_told_in_a_sentence(corpus, tmp_path, change, message):
    contents = json.loads((corpus / "manifest.json").read_bytes()) | change
    kept = {key: value for key, value in contents.items() if value is not None or key == "quality"}
    (tmp_path / "manifest.json").write_text(json.dumps(kept))
    with pytest.raises(ManifestError, match=message):
        read_manifest(tmp_path)


def test_a_rebuild_from_raw_alone_starts_from_the_same_documents(corpus, outcomes):
    documents = tables.documents_from_raw(open_corpus(corpus).whole("raw"))
    kept = [outcome.document for outcome in outcomes if isinstance(outcome, model.Annotation)]
    assert sorted(document.sha256 for document in documents) == sorted(document.sha256 for document in kept)
