"""The embedded engine: reads, sorts and annotates on this machine, going on with whatever an earlier run finished."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kliping.building.job import Job, Made
from kliping.building.machine import processors
from kliping.building.outcomes import unplaced
from kliping.building.spill import Place, Runs, write_runs
from kliping.building.tasks import (
    Cut,
    Gather,
    Gathered,
    MakeShard,
    Merge,
    Split,
    find_cuts,
    gather,
    gather_bytes,
    gathered,
    make_run,
    make_shard,
    split_input,
)
from kliping.building.terms import Terms
from kliping.building.vanishing import missing_in
from kliping.building.workers import Task, Workers
from kliping.corpus.shard import read_shard
from kliping.files import flush_folder
from kliping.read import Input

SMALL_BYTES = 4 << 20
"""Inputs up to this size are not worth a second process: one worker for them is this one. Of larger ones, so much is
worth a worker: it takes a second to start, and some two to annotate this (docs/speed.md)."""
MOST_RUNS = 24
"""Runs that are open at once. Of each a worker holds a record batch."""
GATHER_FILES = 1000
"""Files that are read by one task at most, however small."""


def make(job: Job) -> Made:
    """Make all shards of a build."""
    for folder in (job.runs, job.shards):
        folder.mkdir(exist_ok=True)
    with Workers(_processes(job), job.journals) as workers:
        read = _gather(job, workers)
        weight = sum(result.weight for result in read)
        runs = _merge(job, workers, tuple(job.runs / name for result in read for name in result.runs), weight)
        if job.older is not None:
            job.weigh(job.older.vanished(missing_in(Runs(runs), job.older.articles())))
        count = sum(result.count for result in read)
        if job.has_corpora:
            count, weight = _distinct(runs)
        runs += _refused_corrections(job, runs)
        size = job.shard_size(weight)
        starts = _cut(job, workers, runs, weight, size)
        _annotate(job, workers, runs, starts, weight)
    return Made(tuple(range(len(starts))), count, size)


def _distinct(runs: Sequence[Path]) -> tuple[int, int]:
    """Number and weight of the items, each counted once."""
    count = weight = 0
    for row in Runs(runs).merge():
        count, weight = count + 1, weight + row.weight
    return count, weight


def _refused_corrections(job: Job, runs: tuple[Path, ...]) -> tuple[Path, ...]:
    """A run of the corrections of what is not in these runs, and of those that earlier builds refused."""
    corrections = job.terms.corrections
    if not corrections.count and not job.misfitting:
        return ()
    keys = (row.key.hex() for row in Runs(runs).merge() if not row.refused)
    refused = unplaced(corrections, {key for key in keys if key in corrections.of}, job.terms.removed)
    names, _, _ = write_runs([*refused, *job.misfitting], job.runs, "corrections")
    return tuple(job.runs / name for name in names)


def _processes(job: Job) -> int:
    """Worker processes; 0 for a small input and one worker, unless an earlier run left a note that it died in here."""
    size = sum(source.size for source in job.inputs)
    wanted = job.workers if job.workers is not None else min(processors(), max(1, size // SMALL_BYTES))
    died = job.journals.exists() and any(job.journals.iterdir())
    return 0 if wanted == 1 and size <= SMALL_BYTES and not died else wanted


def _run(job: Job, workers: Workers, step: str, tasks: Sequence[Task], finished: Callable[[Task, Any], None]) -> None:
    if not tasks:
        return
    total = sum(task.weight for task in tasks)
    job.progress(step, 0, total)
    workers.run(tasks, finished, lambda done: job.progress(step, done, total))
    job.progress(step, total, total)


def _gather(job: Job, workers: Workers) -> list[Gathered]:
    """Read all inputs that no earlier run read; the results in the order of the inputs."""
    size = gather_bytes(sum(source.size for source in job.inputs))
    inputs = _parts(job, workers, size)
    groups = {f"read-{number:06}": group for number, group in enumerate(_groups(inputs, size))}
    results = {name: gathered(job.runs, name) for name in groups}
    tasks = [
        Task(name, gather, Gather(name, group, job.read, job.runs, job.limit), sum(source.size for source in group))
        for name, group in groups.items()
        if results[name] is None
    ]
    _run(job, workers, "reading", tasks, lambda task, result: results.update({task.name: result}))
    flush_folder(job.runs)
    return [result for result in results.values() if result is not None]


def _parts(job: Job, workers: Workers, size: int) -> list[Input]:
    """The inputs, those larger than `size` in parts where they can be cut: all workers may then read one file."""
    cut: dict[str, list[Input]] = {}
    tasks = [
        Task(f"split-{number:06}", split_input, Split(source, size), source.size)
        for number, source in enumerate(job.inputs)
        if source.size > size and job.limit is None and source.shard is None
    ]
    _run(job, workers, "splitting", tasks, lambda task, found: cut.update({task.payload.source.source_path: found}))
    return [part for source in job.inputs for part in cut.get(source.source_path, [source])]


def _groups(inputs: Sequence[Input], size: int) -> Iterator[tuple[Input, ...]]:
    """The inputs in groups of `size` bytes at most, or of a single larger one."""
    group: list[Input] = []
    held = 0
    for source in inputs:
        if group and (len(group) >= GATHER_FILES or held + source.size > size):
            yield tuple(group)
            group, held = [], 0
        group.append(source)
        held += source.size
    if group:
        yield tuple(group)


def _merge(job: Job, workers: Workers, runs: tuple[Path, ...], weight: int) -> tuple[Path, ...]:
    """The runs, merged until they are so few that each shard can look into all of them."""
    level = 0
    while len(runs) > MOST_RUNS:
        level += 1
        groups = [runs[first : first + MOST_RUNS] for first in range(0, len(runs), MOST_RUNS)]
        targets = tuple(job.runs / f"merged-{level}-{number:06}.arrow" for number in range(len(groups)))
        tasks = [
            Task(target.stem, make_run, Merge(group, target), weight // len(groups))
            for group, target in zip(groups, targets, strict=True)
        ]
        _run(job, workers, "sorting", tasks, lambda *_: None)
        runs = targets
    return runs


def _cut(job: Job, workers: Workers, runs: tuple[Path, ...], weight: int, size: int) -> list[Place | None]:
    """Where each shard of this size starts; None is the beginning."""
    starts: list[Place | None] = [None]
    if weight > size:
        task = Task("cut", find_cuts, Cut(runs, size), weight)
        _run(job, workers, "sorting", [task], lambda _, places: starts.extend(places))
    return starts


def _annotate(job: Job, workers: Workers, runs: tuple[Path, ...], starts: Sequence[Place | None], weight: int) -> None:
    """Make every shard that no earlier run made."""
    ends = [*starts[1:], None]
    tasks = [
        Task(
            f"shard-{number:06}",
            make_shard,
            MakeShard(
                number,
                runs,
                start,
                end,
                _between(job.terms, start, end),
                job.shards,
            ),
            weight // len(starts),
        )
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
        if read_shard(job.shards, number) is None
    ]
    _run(job, workers, "annotating", tasks, lambda _, counts: job.counted(*counts))


def _between(terms: Terms, start: Place | None, end: Place | None) -> Terms:
    """The terms for the documents of one shard."""
    return terms.between(start[0].hex() if start else "", end[0].hex() if end else None)
