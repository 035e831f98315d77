"""Tells of doubtful articles what the model weighed: for each line it decided, its reasons and the runner-up."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from kliping import schema
from kliping.building.journal import Journal
from kliping.building.machine import processors
from kliping.building.workers import Orders, Task, Workers
from kliping.corpus.folder import Corpus, open_corpus
from kliping.corpus.tables import as_segment, documents_from_raw
from kliping.model import SetAside
from kliping.report.explain import weigh

MOST_WEIGHED_BYTES = 800_000
"""Raw bytes of the articles of which this is told: to weigh one, it is annotated again. `kliping explain` tells it of
any."""
TOGETHER = 50
"""Articles of one shard that a worker weighs at a time; where there are no more in all, none is started."""


class WeighedLine(NamedTuple):
    """What the model weighed of one segment."""

    position: int
    reasons: tuple[tuple[str, int], ...]
    """What spoke for its role: words and weight, in 256ths."""
    runner_up: str


Weighed = Mapping[str, Sequence[WeighedLine]]
"""By article_id. One that another version of kliping made may be missing."""


@dataclass(slots=True)
class Reasons:
    """The distinct words of reasons, numbered in the order of their coming."""

    known: dict[str, int] = field(default_factory=dict)

    def numbered(self, lines: Sequence[WeighedLine]) -> list[list[object]]:
        """Return [position, [words, weight, words, weight ...], runner-up] a line, words and roles as numbers."""
        roles = schema.names("roles")
        return [
            [
                line.position,
                [part for words, weight in line.reasons for part in (self._number(words), weight)],
                roles.index(line.runner_up),
            ]
            for line in lines
        ]

    def _number(self, words: str) -> int:
        return self.known.setdefault(words, len(self.known))


@contextmanager
def weighing(corpus: Corpus, of_shards: Mapping[int, Sequence[str]]) -> Iterator[Future[Weighed]]:
    """Weigh the articles with these ids, by shard, in processes of their own while the context's body runs.

    Where the body ends with an error, they end too.
    """
    payloads = [
        (corpus.path, shard, ids[first : first + TOGETHER])
        for shard, ids in of_shards.items()
        for first in range(0, len(ids), TOGETHER)
    ]
    tasks = [Task(f"weigh-{number:06}", _weigh, payload, len(payload[2])) for number, payload in enumerate(payloads)]
    count = min(processors(), len(tasks)) if len(tasks) > 1 else 0
    with (
        tempfile.TemporaryDirectory(prefix="kliping-report-") as scratch,
        Workers(count, Path(scratch)) as workers,
        ThreadPoolExecutor(1) as thread,
    ):
        ended = threading.Event()
        try:
            yield thread.submit(_gathered, workers, tasks, ended)
        except BaseException:
            ended.set()
            raise


def _gathered(workers: Workers, tasks: Sequence[Task], ended: threading.Event) -> Weighed:
    """What all tasks find. Raises CancelledError soon after `ended` is set."""
    found: dict[str, Sequence[WeighedLine]] = {}

    def look(done: int) -> None:
        if ended.is_set():
            raise CancelledError

    workers.run(tasks, lambda task, lines: found.update(lines), look)
    return found


def _weigh(payload: Any, orders: Orders, journal: Journal) -> Weighed:
    """Weigh articles of one shard, in a worker or in this process."""
    path, index, article_ids = payload
    corpus, wanted = open_corpus(path), pa.array(article_ids, pa.string())
    raw, rows = (
        table.filter(pc.is_in(table["article_id"], value_set=wanted))
        for table in (corpus.table("raw", index), corpus.table("segments", index))
    )
    segments: dict[str, list[dict[str, object]]] = {article_id: [] for article_id in article_ids}
    for row in rows.to_pylist():
        segments[row["article_id"]].append(row)
    found: dict[str, Sequence[WeighedLine]] = {}
    for document in documents_from_raw(raw):
        try:
            explained = weigh(document, [as_segment(row) for row in segments[document.article_id]])
        except SetAside:
            continue
        found[document.article_id] = [
            WeighedLine(position, unit.reasons, unit.runner_up)
            for position, unit in sorted(explained.items())
            if unit.runner_up
        ]
    return found
