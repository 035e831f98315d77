"""The two kinds of work in a build: read inputs into sorted runs, and make one shard of the tables out of those runs.

Both are functions of files and finished by one rename, so that a task can be killed and run again at any moment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path

from kliping.engines.journal import Journal
from kliping.engines.spill import Item, Place, Row, Runs, cut, write_runs
from kliping.engines.workers import Orders
from kliping.errors import KlipingError
from kliping.kernel import Annotator, annotate_documents, join_tables, refuse
from kliping.model import Annotation, RawDocument, Refusal
from kliping.read import Input, MissingExtra, Options, read
from kliping.release import write_shard
from kliping.release.writer import flush_folder
from kliping.tables import to_tables
from kliping.takedown import Removed
from kliping.workfolder import write_json

BATCH_DOCUMENTS = 256
BATCH_BYTES = 1 << 20
"""What is annotated together: at most so many documents or bytes, or one larger document."""
ROWS_AT_ONCE = 4096
"""Rows held at a time where most are copies, which cost no annotation."""
KILLED = "kills-worker: twice the process that worked on it died with it alone in hand."

Outcome = Annotation | Refusal


@dataclass(frozen=True, slots=True)
class Gather:
    """Read these inputs into runs in `folder`."""

    name: str
    inputs: tuple[Input, ...]
    options: Options
    folder: Path


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one Gather wrote: the names of its runs, and the number and weight of the items in them."""

    runs: tuple[str, ...]
    count: int
    weight: int


def gather(job: Gather, orders: Orders, journal: Journal) -> Gathered:
    """Read the inputs of one job; its result is durable in NAME.json, written last."""
    items = (item for source in job.inputs for item in _read(source, job.options, orders, journal))
    result = Gathered(*write_runs(items, job.folder, job.name))
    write_json(job.folder / f"{job.name}.json", asdict(result))
    return result


def gathered(folder: Path, name: str) -> Gathered | None:
    """The result of a job that an earlier process finished."""
    try:
        found = json.loads((folder / f"{name}.json").read_bytes())
    except FileNotFoundError:
        return None
    return Gathered(tuple(found["runs"]), found["count"], found["weight"])


def _read(source: Input, options: Options, orders: Orders, journal: Journal) -> Iterator[Item]:
    """The items of one input; up to the record that kills its reader, if one does."""
    deadly = [int(name.rpartition("\t")[2]) for name in orders.avoid if name.startswith(f"{source.source_path}\t")]
    items = read(source, options)
    for number in range(min(deadly)) if deadly else count():
        if orders.careful:
            journal.enter([f"{source.source_path}\t{number}"])
        try:
            item = next(items)
        except StopIteration:
            break
        except MissingExtra as error:
            raise KlipingError(str(error)) from None
        except Exception as error:
            yield Refusal(source.source_path, None, "failed", f"Reading it stopped: {type(error).__name__}: {error}")
            break
        if orders.careful:
            journal.enter(())
        yield item
    else:
        detail = f"{KILLED} Only the {min(deadly)} records before it are read."
        yield Refusal(source.source_path, None, "failed", detail)
    journal.enter((), source.size)


@dataclass(frozen=True, slots=True)
class Cut:
    """Find where the shards of these runs begin."""

    runs: tuple[Path, ...]
    shard_bytes: int


def find_cuts(job: Cut, orders: Orders, journal: Journal) -> list[Place]:
    """The first places of the shards after the first."""
    return cut(Runs(job.runs), job.shard_bytes)


@dataclass(frozen=True, slots=True)
class Shard:
    """Annotate the rows from `start` up to `end` and write them as shard `number` below `folder`."""

    number: int
    runs: tuple[Path, ...]
    start: Place | None
    end: Place | None
    removed: Removed
    annotator: Annotator
    folder: Path


def make_shard(job: Shard, orders: Orders, journal: Journal) -> None:
    """Write one shard; it is durable and complete once `read_shard` finds it."""
    runs = Runs(job.runs)
    parts = [to_tables(outcomes) for outcomes in _outcomes(job, runs, orders, journal)]
    tables = join_tables(parts)
    write_shard(tables, job.folder, job.number)
    for folder in (job.folder, *(job.folder / name for name in tables)):
        flush_folder(folder)


def _outcomes(job: Shard, runs: Runs, orders: Orders, journal: Journal) -> Iterator[list[Outcome]]:
    """What became of the rows of a shard, a portion at a time, in the order of the rows."""
    key, original = _before(job, runs, orders, journal)
    rows = marked(runs.merge(job.start, job.end), key)
    for portion in portions(rows, 1 if orders.careful else BATCH_DOCUMENTS):
        items = runs.fetch([row for row, first in portion if first])
        judged = iter(_judge(items, job, orders, journal))
        outcomes: list[Outcome] = []
        for row, first in portion:
            if first:
                outcomes.append(next(judged))
                original = original if row.refused else outcomes[-1]
            else:
                outcomes.append(_copy(original, row))
        journal.enter((), sum(row.weight for row, _ in portion))
        yield outcomes


def _before(job: Shard, runs: Runs, orders: Orders, journal: Journal) -> tuple[bytes, Outcome | None]:
    """Where a shard begins among copies: their key, and what became of the first of them in an earlier shard."""
    first = next(runs.merge((job.start[0], ""), job.start), None) if job.start else None
    if first is None or first.refused:
        return b"", None
    return first.key, _judge(runs.fetch([first]), job, orders, journal)[0]


def marked(rows: Iterable[Row], previous: bytes = b"") -> Iterator[tuple[Row, bool]]:
    """Each row, and whether it is the first with its content: of copies, the one whose source path sorts first."""
    for row in rows:
        yield row, row.refused or row.key != previous
        if not row.refused:
            previous = row.key


def portions(rows: Iterable[tuple[Row, bool]], documents: int) -> Iterator[list[tuple[Row, bool]]]:
    """Rows to annotate together: at most so many documents and BATCH_BYTES of them, or a single larger one."""
    portion: list[tuple[Row, bool]] = []
    weight = firsts = 0
    for row, first in rows:
        full = firsts >= documents or weight + row.weight > BATCH_BYTES
        if portion and ((first and full) or len(portion) >= ROWS_AT_ONCE):
            yield portion
            portion, weight, firsts = [], 0, 0
        portion.append((row, first))
        if first:
            weight += row.weight
            firsts += 1
    if portion:
        yield portion


def _judge(items: Sequence[Item], job: Shard, orders: Orders, journal: Journal) -> list[Outcome]:
    """The outcome of each of these distinct items."""
    known = [_known(item, job.removed, orders.avoid) for item in items]
    live = [item for item, refusal in zip(items, known, strict=True) if isinstance(item, RawDocument) and not refusal]
    if live:
        journal.enter([document.source_path for document in live])
    annotated = iter(annotate_documents(live, job.annotator) if live else ())
    return [refusal or _unless_removed(next(annotated), job.removed) for refusal in known]


def _unless_removed(outcome: Outcome, removed: Removed) -> Outcome:
    """What was taken down is known by its body too: crawled again, it has other bytes around the same text."""
    if isinstance(outcome, Annotation) and removed.holds(outcome.document.article_id, outcome.text):
        return refuse(outcome.document, "removed", "An article with nearly this body is on the list of takedowns.")
    return outcome


def _known(item: Item, removed: Removed, avoid: frozenset[str]) -> Refusal | None:
    """The refusal of an item that is not even looked at."""
    if isinstance(item, Refusal):
        return item
    if item.article_id in removed.ids:
        return refuse(item, "removed", "Its article_id is on the list of takedowns.")
    if item.source_path in avoid:
        return refuse(item, "failed", KILLED)
    return None


def _copy(original: Outcome | None, row: Row) -> Refusal:
    """The outcome of a document with the very bytes of `original`."""
    if isinstance(original, Refusal):
        return replace(original, source_path=row.source_path)
    kept = original.document.source_path if original else "another document"
    return Refusal(row.source_path, row.key.hex(), "duplicate", f"The same bytes as {kept}, which is kept.")
