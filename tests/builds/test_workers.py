"""The workers: every task ends, whoever is killed; a document that kills is named; nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

# Workers import these functions by name, so they stand in a module that a spawned process can import too.
from spawned import DiesOnArrival, die_over, die_until, die_with_one_in_hand, echo, quarrel, read_deadly, unpicklable

from kliping.building.journal import Journal, read_note
from kliping.building.outcomes import KILLED
from kliping.building.workers import DEATHS, Orders, Task, WorkerLost, Workers
from kliping.errors import KlipingError
from kliping.model import Refusal
from kliping.read import plan


def collect(tasks: Sequence[Task], journals: Path, workers: int) -> dict[str, object]:
    results: dict[str, object] = {}
    with Workers(workers, journals) as pool:
        pool.run(tasks, lambda task, result: results.update({task.name: result}))
    return results


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_every_task_ends_and_leaves_no_note(tmp_path: Path, workers: int) -> None:
    tasks = [Task(f"t{number}", echo, number, 1) for number in range(5)]
    assert collect(tasks, tmp_path, workers) == {f"t{number}": number for number in range(5)}
    assert list(tmp_path.iterdir()) == []


def test_a_killed_worker_is_replaced_and_the_others_go_on(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    tasks = [Task("fragile", die_until, (marks, 3), 1), *(Task(f"t{number}", echo, number, 1) for number in range(4))]
    results = collect(tasks, tmp_path / "journals", 2)
    assert results == {"fragile": 3, "t0": 0, "t1": 1, "t2": 2, "t3": 3}


def test_the_document_that_kills_twice_alone_is_avoided(tmp_path: Path) -> None:
    documents = [f"d{number}" for number in range(6)]
    results = collect([Task("shard", die_over, (documents, {"d2", "d5"}), 1)], tmp_path, 1)
    assert results["shard"] == ["d0", "d1", "d3", "d4"]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("made", {"a.jsonl#1": "", "a.jsonl#2": "failed", "a.jsonl#3": "", "a.jsonl#4": "failed", "a.jsonl#5": ""}),
        ("sought", {"a.jsonl#1": "", "a.jsonl": "failed"}),
    ],
)
def test_a_record_that_kills_its_reader_is_refused_by_name(tmp_path: Path, when: str, expected: dict[str, str]) -> None:
    """And the rest of the file is read, unless the search for the next record is what kills."""
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in ("satu", "MATI", "tiga", "MATI", "lima")))
    results = collect([Task("read", read_deadly, (plan([path])[0], when), 1)], tmp_path / "journals", 1)
    items = results["read"]
    assert isinstance(items, list)
    assert {one.source_path: getattr(one, "reason", "") for one in items} == expected
    assert all(one.detail.startswith(KILLED) for one in items if isinstance(one, Refusal))


def test_a_document_is_not_blamed_for_deaths_before_it_was_taken_in_hand(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    results = collect([Task("t", die_with_one_in_hand, DiesOnArrival(marks), 1)], tmp_path / "journals", 1)
    assert results == {"t": []}
    assert len(list(marks.iterdir())) == 4


def test_a_task_that_always_dies_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kliping.building.workers.DEATHS", 3)
    marks = tmp_path / "marks"
    marks.mkdir()
    with pytest.raises(WorkerLost, match="killed 3 times"):
        collect([Task("doomed", die_until, (marks, DEATHS), 1)], tmp_path / "journals", 1)


@pytest.mark.parametrize(("function", "error"), [(quarrel, KlipingError), (unpicklable, RuntimeError)])
def test_an_error_in_a_task_is_raised_here_and_is_no_death(tmp_path: Path, function: object, error: type) -> None:
    with pytest.raises(error, match="cabai"):
        collect([Task("t", function, "cabai", 1)], tmp_path, 1)  # type: ignore[arg-type]


def test_progress_counts_what_is_done_and_under_way(tmp_path: Path) -> None:
    seen: list[int] = []
    tasks = [Task(f"t{number}", echo, number, 10) for number in range(3)]
    with Workers(1, tmp_path) as pool:
        pool.run(tasks, lambda task, result: None, seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 30


def test_a_note_survives_its_process(tmp_path: Path) -> None:
    path = tmp_path / "note"
    child = os.fork()
    if not child:
        journal = Journal(path)
        journal.enter(["a very long name of a first document", "another"], 4)
        journal.enter(["kédua"], 5)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    note = read_note(path)
    assert note is not None
    assert (note.done, note.hands) == (9, ("kédua",))


def test_no_note_where_there_is_none_or_it_is_torn(tmp_path: Path) -> None:
    assert read_note(tmp_path / "absent") is None
    (tmp_path / "torn").write_bytes(b'[3, "a')
    assert read_note(tmp_path / "torn") is None


def test_orders_start_without_suspicion() -> None:
    assert Orders() == Orders(careful=False, avoid=frozenset())
