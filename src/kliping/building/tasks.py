"""The kinds of work in a build: cut large inputs, read inputs into sorted runs, make a shard of tables out of those.

All are functions of files and finished by one rename, so that a task can be killed and run again at any moment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, count
from pathlib import Path

import pyarrow as pa

from kliping.building.corpora import Finished, Kept, in_order, items_of
from kliping.building.journal import Journal
from kliping.building.outcomes import KILLED, Ending, outcomes
from kliping.building.spill import Item, Place, Row, Runs, merge_runs, shard_starts, write_runs
from kliping.building.terms import Terms
from kliping.building.workers import Orders
from kliping.building.workfolder import write_json
from kliping.corpus.shard import write_shard
from kliping.corpus.statistics import input_count
from kliping.corpus.tables import to_tables
from kliping.errors import KlipingError
from kliping.files import flush_folder
from kliping.model import KEPT, Refusal
from kliping.read import Input, Options, parts, records
from kliping.read.options import taken_apart

GATHER_BYTES, LEAST_GATHER_BYTES = 32 << 20, 4 << 20
"""What is read by one task at most, a group of small inputs or a part of a large one; for less no task is worth it."""
GATHER_TASKS = 16
"""Into so many tasks the reading is cut if the inputs are small: then all workers have some, and end together."""


def gather_bytes(total: int) -> int:
    """Return how many bytes one task reads of inputs of `total` bytes.

    It does not depend on the number of workers, so that another number can go on with a build that was stopped.
    """
    return min(GATHER_BYTES, max(LEAST_GATHER_BYTES, total // GATHER_TASKS))


@dataclass(frozen=True, slots=True)
class Gather:
    """Read these inputs into runs in `folder`."""

    name: str
    inputs: tuple[Input, ...]
    options: Options
    folder: Path
    limit: int | None
    """Records of each input, the first ones; None: all."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one Gather wrote: the names of its runs, and the number and weight of the items in them."""

    runs: tuple[str, ...]
    count: int
    weight: int


@dataclass(frozen=True, slots=True)
class Split:
    """Cut this input into parts of at least `size` bytes, if its format allows it."""

    source: Input
    size: int


def split_input(job: Split, orders: Orders, journal: Journal) -> list[Input]:
    """Return the parts of a large input."""
    return parts(job.source, job.size)


def gather(job: Gather, orders: Orders, journal: Journal) -> Gathered:
    """Read the inputs of one job; its result is durable in NAME.json, written last."""
    items = (item for source in job.inputs for item in read_input(source, job.options, orders, journal, job.limit))
    result = Gathered(*write_runs(items, job.folder, job.name))
    write_json(job.folder / f"{job.name}.json", asdict(result))
    return result


def gathered(folder: Path, name: str) -> Gathered | None:
    """Return the result of a job that an earlier process finished."""
    try:
        found = json.loads((folder / f"{name}.json").read_bytes())
    except FileNotFoundError:
        return None
    return Gathered(tuple(found["runs"]), found["count"], found["weight"])


def read_input(
    source: Input, options: Options, orders: Orders, journal: Journal, limit: int | None = None
) -> Iterator[Item]:
    """Yield the items of one input, its first `limit` ones alone if given, but for the record that kills its reader.

    Of a corpus all are given, for a copy among them is nothing without its original.

    Where the search for the next record is what kills, nothing behind that place can be read.
    """
    if source.shard is not None:
        yield from items_of(source)
        journal.enter((), source.size)
        return
    note: Callable[[Sequence[str]], None] = journal.enter if orders.careful else _unnoted
    found = records(source, options)
    for number in count() if limit is None else range(limit):
        if (seeking := f"{source.source_path}\t{number}\tseeking") in orders.avoid:
            yield Refusal(source.source_path, None, "failed", f"{KILLED} Only the {number} records before it are read.")
            break
        note([seeking])
        try:
            record = next(found)
        except StopIteration:
            break
        except KlipingError:
            raise
        except Exception as error:
            yield Refusal(source.source_path, None, "failed", f"Reading it stopped: {type(error).__name__}: {error}")
            break
        note([name := f"{source.source_path}\t{number}"])
        item = Refusal(record.source_path, None, "failed", KILLED) if name in orders.avoid else taken_apart(record)
        note(())
        yield item
    journal.enter((), source.size)


def _unnoted(hands: Sequence[str]) -> None:
    """What a task notes that has no reason to be careful."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Merge these runs into one, `target`."""

    runs: tuple[Path, ...]
    target: Path


def make_run(job: Merge, orders: Orders, journal: Journal) -> None:
    """Make one run out of several."""
    merge_runs(job.runs, job.target)


@dataclass(frozen=True, slots=True)
class Cut:
    """Find where the shards of these runs begin."""

    runs: tuple[Path, ...]
    shard_bytes: int


def find_cuts(job: Cut, orders: Orders, journal: Journal) -> list[Place]:
    """Return the first places of the shards after the first."""
    return shard_starts(Runs(job.runs), job.shard_bytes)


@dataclass(frozen=True, slots=True)
class MakeShard:
    """Annotate the rows from `start` up to `end` and write them as shard `number` below `folder`."""

    number: int
    runs: tuple[Path, ...]
    start: Place | None
    end: Place | None
    terms: Terms
    folder: Path


def make_shard(job: MakeShard, orders: Orders, journal: Journal) -> tuple[int, int]:
    """Write one shard; it is durable and complete once `read_shard` finds it. Returns its documents and refusals."""
    shard = write_shard(_portions(job, orders, journal), job.folder, job.number, job.terms.left_out)
    for folder in (job.folder, *(path for path in job.folder.iterdir() if path.is_dir())):
        flush_folder(folder)
    documents = input_count(shard.statistics)
    return documents, documents - shard.statistics["outcomes"].get(KEPT, 0)


def _portions(job: MakeShard, orders: Orders, journal: Journal) -> Iterator[dict[str, pa.Table]]:
    """The tables of a shard, portion by portion."""
    runs = Runs(job.runs)
    before = runs.merge((job.start[0], ""), job.start) if job.start else iter(())
    original = next((row for row in before if not row.refused), None)
    rows = chain([original] if original else [], runs.merge(job.start, job.end))
    finished = Finished(job.terms.finished, job.terms.renewed)
    yield from shard_tables(rows, job.start, runs.fetch, job.terms, finished, orders, journal)


def shard_tables(
    rows: Iterator[Row],
    start: Place | None,
    fetch: Callable[[Sequence[Row]], list[Item]],
    terms: Terms,
    finished: Finished,
    orders: Orders,
    journal: Journal,
) -> Iterator[dict[str, pa.Table]]:
    """Yield the tables of a shard, portion by portion.

    Where it begins among copies, the first of them, an earlier shard's, comes first in `rows`, and is dropped.
    """
    first = next(rows, None)
    skipped = 1 if first is not None and start is not None and first[:2] < start else 0
    for portion in outcomes(chain([first] if first else [], rows), fetch, terms, finished, orders, journal):
        yield _tables_of_portion(portion[skipped:], finished)
        skipped = 0


def _tables_of_portion(portion: Sequence[Ending], finished: Finished) -> dict[str, pa.Table]:
    """Return the tables of a portion, of which some rows may stand in corpora already."""
    made = to_tables(outcome for outcome in portion if not isinstance(outcome, Kept))
    kept = [outcome for outcome in portion if isinstance(outcome, Kept)]
    return in_order([made, *finished.tables(kept)])
