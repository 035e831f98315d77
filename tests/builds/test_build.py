"""A build depends on its inputs alone: workers, order, kills and copies change nothing, and every input is counted."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import multiprocessing
import os
import random
import resource
import signal
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spawned import build_by, deadly, dies_once, kills_its_parent_once, plain

from kliping.building import build as builds
from kliping.building.build import BuildOptions, Summary, build
from kliping.building.endings import BuildError
from kliping.building.job import Job, Made
from kliping.building.spill import merge_runs
from kliping.building.tasks import gather_bytes
from kliping.building.terms import Terms
from kliping.corpus.folder import open_corpus
from kliping.curate.takedown import Removed
from kliping.errors import KlipingError
from kliping.read import Options

SMALL_SHARD = 8_000


def pages(folder: Path, count: int = 60) -> Path:
    """A folder of so many different pages, some in a JSON Lines file."""
    folder.mkdir()
    texts = [f"Harga cabai rawit naik {number} rupiah di pasar. " * 5 for number in range(count)]
    for number, text in enumerate(texts[::2]):
        (folder / f"{number:03}.txt").write_text(text)
    (folder / "dump.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts[1::2]))
    return folder


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def decisions(corpus: Path) -> dict[str, tuple[str, str | None, str | None]]:
    rows = open_corpus(corpus).whole("decisions").to_pylist()
    return {row["source_path"]: (row["outcome"], row["reason"], row["detail"]) for row in rows}


def in_a_process(*arguments: Any, **options: Any) -> int | None:
    """Run a build in a process of its own, since it will be killed; its exit code."""
    process = multiprocessing.get_context("spawn").Process(target=build_by, args=arguments, kwargs=options)
    process.start()
    process.join()
    return process.exitcode


def test_workers_and_the_order_of_inputs_change_no_byte(tmp_path: Path) -> None:
    folder = pages(tmp_path / "in")
    files = sorted(map(str, folder.iterdir()))
    outputs = []
    for workers in (1, 2, 7):
        random.Random(workers).shuffle(files)
        build_by(plain, files, tmp_path / f"out{workers}", workers=workers, shard_bytes=SMALL_SHARD)
        outputs.append(content(tmp_path / f"out{workers}"))
    assert outputs[0] == outputs[1] == outputs[2]
    assert len(list((tmp_path / "out1" / "articles").iterdir())) > 3
    assert not (tmp_path / "out1.work").exists()


def test_reading_a_large_file_in_parts_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = pages(tmp_path / "in")
    build_by(plain, [folder], tmp_path / "whole")
    monkeypatch.setattr("kliping.building.tasks.GATHER_BYTES", 1500)
    monkeypatch.setattr(import_module("kliping.read.parts"), "CHUNK", 500)
    steps: list[str] = []
    build_by(plain, [folder], tmp_path / "parts", progress=lambda step, *_: steps.append(step))
    assert "splitting" in steps
    assert content(tmp_path / "parts") == content(tmp_path / "whole")


def test_merging_many_runs_changes_no_byte_and_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = pages(tmp_path / "in")
    build_by(plain, [folder], tmp_path / "whole")
    monkeypatch.setattr("kliping.building.local.GATHER_FILES", 3)
    monkeypatch.setattr("kliping.building.local.MOST_RUNS", 3)
    merged: list[str] = []

    def stop_at_the_second_level(paths: Sequence[Path], target: Path) -> None:
        if target.name.startswith("merged-2-000001"):
            raise KeyboardInterrupt
        merged.append(target.name)
        merge_runs(paths, target)

    with monkeypatch.context() as patched:
        patched.setattr("kliping.building.tasks.merge_runs", stop_at_the_second_level)
        with pytest.raises(KeyboardInterrupt):
            build_by(plain, [folder], tmp_path / "out")
    assert merged == [*(f"merged-1-{number:06}.arrow" for number in range(4)), "merged-2-000000.arrow"]
    build_by(plain, [folder], tmp_path / "out")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_article_ids_come_in_order_within_and_across_shards(tmp_path: Path) -> None:
    build_by(plain, [pages(tmp_path / "in")], tmp_path / "out", shard_bytes=SMALL_SHARD)
    ids = open_corpus(tmp_path / "out").whole("articles").column("article_id").to_pylist()
    assert len(ids) == 60
    assert ids == sorted(ids)


def test_of_copies_the_smallest_path_is_kept_even_across_shards(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(50):
        (folder / f"{number:02}.txt").write_text("Berita yang sama persis.")
    summary = build_by(plain, [folder], tmp_path / "out", shard_bytes=SMALL_SHARD)
    assert (summary.documents, summary.kept, summary.set_aside) == (50, 1, {"duplicate": 49})
    rows = decisions(tmp_path / "out")
    assert rows["00.txt"] == ("kept", None, None)
    assert rows["49.txt"] == ("set-aside", "duplicate", "The same bytes as 00.txt, which is kept.")
    assert len(list((tmp_path / "out" / "decisions").iterdir())) > 1


def test_copies_of_what_is_set_aside_share_its_reason(tmp_path: Path) -> None:
    for name, text in (("a.txt", " "), ("b.txt", " "), ("c.txt", "Harga cabai turun.")):
        (tmp_path / name).write_text(text)
    summary = build_by(plain, sorted(tmp_path.glob("*.txt")), tmp_path / "out")
    assert (summary.kept, summary.set_aside, summary.exit_status) == (1, {"empty": 2}, 3)


def test_what_was_taken_down_stays_out(tmp_path: Path) -> None:
    folder = pages(tmp_path / "in", 4)
    unwanted = hashlib.sha256((folder / "000.txt").read_bytes()).hexdigest()[:32]
    options = BuildOptions(removed=Removed(frozenset({unwanted}), ()))
    build_by(plain, [folder], tmp_path / "out", options=options)
    assert decisions(tmp_path / "out")["000.txt"][:2] == ("removed", "removed")
    assert unwanted not in open_corpus(tmp_path / "out").whole("articles").column("article_id").to_pylist()


def test_status_is_zero_only_where_everything_is_kept(tmp_path: Path) -> None:
    summary = build_by(plain, [pages(tmp_path / "in", 2)], tmp_path / "out")
    assert (summary.documents, summary.kept, summary.set_aside, summary.exit_status) == (2, 2, {}, 0)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.binary(max_size=30), st.sampled_from([b"", b" ", b"sama"])), min_size=1, max_size=12))
def test_in_is_out_and_set_aside_for_any_bytes(tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("in")
    contents = [b"Harga cabai turun.", *contents]
    for number, data in enumerate(contents):
        (folder / f"{number}.txt").write_bytes(data)
    out = folder / "corpus"
    summary = build_by(plain, sorted(folder.glob("*.txt")), out, shard_bytes=1200)
    assert summary.documents == len(contents) == summary.kept + sum(summary.set_aside.values())
    assert sorted(decisions(out)) == sorted(f"{number}.txt" for number in range(len(contents)))


def test_counts_that_do_not_balance_publish_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = builds.local.make

    def miscounted(job: Job) -> Made:
        made = make(job)
        return replace(made, items=made.items + 1)

    monkeypatch.setattr(builds.local, "make", miscounted)
    with pytest.raises(BuildError, match="do not balance: 5 documents came in, 4 have a row"):
        build_by(plain, [pages(tmp_path / "in", 4)], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_killed_build_goes_on_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    folder = pages(tmp_path / "in")
    (folder / "mark.txt").write_text(f"MARK {tmp_path / 'mark'}")
    (tmp_path / "mark").touch()
    options: dict[str, Any] = {"shard_bytes": SMALL_SHARD}
    build_by(kills_its_parent_once, [folder], tmp_path / "undisturbed", **options)
    (tmp_path / "mark").unlink()

    assert in_a_process(kills_its_parent_once, [folder], tmp_path / "out", workers=2, **options) == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    finished = {path: path.stat().st_mtime_ns for path in (tmp_path / "out.work" / "runs").iterdir()}
    assert finished
    kept_shard = next((tmp_path / "out.work" / "shards").glob("*.json"), None)
    before = kept_shard and kept_shard.stat().st_ino

    seen: list[bool] = []
    summary = build_by(
        kills_its_parent_once,
        [folder],
        tmp_path / "out",
        progress=lambda *_: seen.append(_same(finished, kept_shard, before)),
        **options,
    )
    assert summary.notice == "Going on with the build that was stopped here."
    assert seen
    assert all(seen)
    assert content(tmp_path / "out") == content(tmp_path / "undisturbed")


def _same(finished: dict[Path, int], shard: Path | None, inode: int | None) -> bool:
    """Whether nothing that was finished has been written again."""
    return all(path.stat().st_mtime_ns == time for path, time in finished.items()) and (
        shard is None or shard.stat().st_ino == inode
    )


def test_a_stopped_build_of_other_inputs_starts_again(tmp_path: Path) -> None:
    folder = pages(tmp_path / "in")
    (folder / "mark.txt").write_text(f"MARK {tmp_path / 'mark'}")
    assert in_a_process(kills_its_parent_once, [folder], tmp_path / "out", workers=2) == -signal.SIGKILL
    (folder / "000.txt").write_text("Harga bawang.")
    summary = build_by(kills_its_parent_once, [folder], tmp_path / "out")
    assert summary.notice == "Starting again: since the build that was stopped here, this has changed: inputs."
    build_by(kills_its_parent_once, [folder], tmp_path / "undisturbed")
    assert content(tmp_path / "out") == content(tmp_path / "undisturbed")


def test_a_killed_worker_costs_nothing_but_time(tmp_path: Path) -> None:
    folder = pages(tmp_path / "in")
    (folder / "mark.txt").write_text(f"MARK {tmp_path / 'mark'}")
    build_by(dies_once, [folder], tmp_path / "out", workers=2, shard_bytes=SMALL_SHARD)
    assert (tmp_path / "mark").exists()
    build_by(dies_once, [folder], tmp_path / "undisturbed", shard_bytes=SMALL_SHARD)
    assert content(tmp_path / "out") == content(tmp_path / "undisturbed")


def test_a_document_that_kills_its_worker_is_set_aside_by_name(tmp_path: Path) -> None:
    folder = pages(tmp_path / "in")
    (folder / "maut.txt").write_text("MATI semua.")
    summary = build_by(deadly, [folder], tmp_path / "out", workers=2, shard_bytes=SMALL_SHARD)
    assert (summary.kept, summary.set_aside) == (60, {"failed": 1})
    outcome, reason, detail = decisions(tmp_path / "out")["maut.txt"]
    assert (outcome, reason) == ("failed", "failed")
    assert detail is not None
    assert detail.startswith("kills-worker:")


def test_a_document_that_kills_a_build_without_workers_is_found_by_the_next(tmp_path: Path) -> None:
    folder = pages(tmp_path / "in", 4)
    (folder / "maut.txt").write_text("MATI semua.")
    assert in_a_process(deadly, [folder], tmp_path / "out") == -signal.SIGKILL
    summary = build_by(deadly, [folder], tmp_path / "out")
    assert (summary.kept, summary.set_aside) == (4, {"failed": 1})


def test_a_second_build_into_one_folder_refuses(tmp_path: Path) -> None:
    folder = pages(tmp_path / "in", 2)
    (tmp_path / "out.work").mkdir()
    with (tmp_path / "out.work" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(KlipingError, match="Another build is at work"):
            build_by(plain, [folder], tmp_path / "out")
    build_by(plain, [folder], tmp_path / "out")


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "skripsi.docx").write_text("bab 1")
    folder = pages(tmp_path / "in", 2)
    with pytest.raises(KlipingError, match=r"skripsi\.docx"):
        build_by(plain, [folder], out)
    assert list(out.iterdir()) == [out / "skripsi.docx"]
    assert not (tmp_path / "out.work").exists()
    build_by(plain, [folder], out, force=True)
    assert not (out / "skripsi.docx").exists()


def test_a_full_disk_is_a_sentence_and_the_old_corpus_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_by(plain, [pages(tmp_path / "old", 2)], out)
    before = content(out)
    folder = pages(tmp_path / "new")
    code = multiprocessing.get_context("spawn").Process(target=_with_little_room, args=(folder, out))
    code.start()
    code.join()
    assert code.exitcode == 0
    assert content(out) == before
    build_by(plain, [folder], out, workers=2)
    assert content(out) != before


def _with_little_room(folder: Path, out: Path) -> None:
    """In a process of its own: no file may grow beyond 10 KB, which is how a full disk looks to a program."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
    with pytest.raises(BuildError, match="The disk is full"):
        build_by(plain, [folder], out, workers=2)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "no permission to write"), (errno.EIO, "Input/output error")],
)
def test_errors_of_the_system_are_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "somewhere")

    monkeypatch.setattr(builds, "finish", fail)
    with pytest.raises(BuildError, match=f"{sentence}.*goes on where this build stopped"):
        build_by(plain, [pages(tmp_path / "in", 2)], tmp_path / "out")


def test_nothing_to_read_and_no_such_engine(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="nothing to read"):
        build([], tmp_path / "out")
    with pytest.raises(BuildError, match="no engine named dask"):
        build([pages(tmp_path / "in", 2)], tmp_path / "out", engine="dask")


@pytest.mark.parametrize(("total", "size"), [(0, 4 << 20), (100 << 20, 100 << 16), (1 << 40, 32 << 20)])
def test_small_inputs_are_read_by_many_tasks_and_large_ones_by_tasks_of_one_size(total: int, size: int) -> None:
    assert gather_bytes(total) == size


@pytest.mark.parametrize(
    ("asked", "weight", "size"),
    [
        (None, 0, 8 << 20),
        (None, 64 << 30, 8 << 20),
        (None, (64 << 30) + 1, 16 << 20),
        (None, 500 * 10**9, 64 << 20),
        (1000, 500 * 10**9, 1000),
    ],
)
def test_very_large_inputs_make_larger_shards_and_not_too_many(asked: int | None, weight: int, size: int) -> None:
    job = Job((), Options(), Terms(), 1, asked, Path(), lambda step, done, total: None)
    assert job.shard_size(weight) == size


def test_progress_reaches_the_end_of_every_step(tmp_path: Path) -> None:
    seen: dict[str, tuple[int, int]] = {}
    build_by(
        plain,
        [pages(tmp_path / "in")],
        tmp_path / "out",
        shard_bytes=SMALL_SHARD,
        progress=lambda step, done, total: seen.update({step: (done, total)}),
    )
    assert list(seen) == ["reading", "sorting", "annotating"]
    assert all(done == total > 0 for done, total in seen.values())


def test_the_manifest_does_not_tell_the_number_of_workers(tmp_path: Path) -> None:
    summary: Summary = build_by(plain, [pages(tmp_path / "in", 2)], tmp_path / "out", workers=1)
    assert "workers" not in json.dumps(summary.manifest)


def test_parquet_files_hold_what_the_counts_say(tmp_path: Path) -> None:
    build_by(plain, [pages(tmp_path / "in")], tmp_path / "out", shard_bytes=SMALL_SHARD)
    rows: Sequence[int] = [pq.read_metadata(path).num_rows for path in (tmp_path / "out" / "raw").iterdir()]
    assert sum(rows) == 60
