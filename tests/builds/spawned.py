"""Tasks for the tests of the build that a spawned worker can import by name, and stand-ins for the pipeline."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kliping.annotation import pipeline
from kliping.building.build import BuildOptions, Summary, build
from kliping.building.journal import Journal
from kliping.building.spill import Item
from kliping.building.tasks import read_input
from kliping.building.workers import Orders
from kliping.curate.takedown import Removed
from kliping.errors import KlipingError
from kliping.model import Annotation, Flags, Language, Metadata, RawDocument, Segment, SetAside
from kliping.read import Input, Options, jsonl

Annotator = Callable[[Sequence[RawDocument]], list[Annotation | SetAside]]


def echo(payload: object, orders: Orders, journal: Journal) -> object:
    """Return what was given."""
    return payload


def die_until(payload: tuple[Path, int], orders: Orders, journal: Journal) -> int:
    """Die, leaving a mark, until there are enough marks."""
    marks, enough = payload
    count = len(list(marks.iterdir()))
    if count < enough:
        (marks / str(count)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return count


def die_over(payload: tuple[list[str], set[str]], orders: Orders, journal: Journal) -> list[str]:
    """Go through documents as a shard does, dying over those that are deadly."""
    documents, deadly = payload
    done = []
    step = 1 if orders.careful else len(documents)
    for first in range(0, len(documents), step):
        batch = [name for name in documents[first : first + step] if name not in orders.avoid]
        journal.enter(batch)
        if deadly & set(batch):
            os.kill(os.getpid(), signal.SIGKILL)
        done += batch
    return done


class DiesOnArrival:
    """A payload that kills the second and the third process that unpickle it, before their task begins."""

    def __init__(self, marks: Path) -> None:
        self.marks = marks

    def __reduce__(self) -> tuple[Callable[[Path], DiesOnArrival], tuple[Path]]:
        return _arrive, (self.marks,)


def _arrive(marks: Path) -> DiesOnArrival:
    count = len(list(marks.iterdir()))
    (marks / str(count)).touch()
    if count in (1, 2):
        os.kill(os.getpid(), signal.SIGKILL)
    return DiesOnArrival(marks)


def die_with_one_in_hand(payload: DiesOnArrival, orders: Orders, journal: Journal) -> list[str]:
    """Die the first time, one document in hand; then say which documents are to be avoided."""
    if len(list(payload.marks.iterdir())) == 1:
        journal.enter(["innocent"])
        os.kill(os.getpid(), signal.SIGKILL)
    return sorted(orders.avoid)


def read_deadly(payload: tuple[Input, str], orders: Orders, journal: Journal) -> list[Item]:
    """Read a JSON Lines file, dying over lines with MATI while they are `made` or `sought`."""
    source, when = payload
    make, seek = jsonl._document, jsonl.lines

    def die(line: bytes | None) -> None:
        if line and b"MATI" in line:
            os.kill(os.getpid(), signal.SIGKILL)

    def made(line: bytes, name: str, options: Options) -> Item:
        die(line)
        return make(line, name, options)

    def sought(chunks: Iterable[bytes], limit: int, number: int) -> Iterator[tuple[int, bytes | None]]:
        for at, line in seek(chunks, limit, number):
            die(line)
            yield at, line

    if when == "made":
        jsonl._document = made
    else:
        jsonl.lines = sought
    return list(read_input(source, Options(), orders, journal))


def quarrel(payload: str, orders: Orders, journal: Journal) -> None:
    """Raise a KlipingError whose class cannot be pickled back."""

    class Quarrel(KlipingError):
        def __init__(self, one: str, two: str) -> None:
            super().__init__(f"{one} {two}")

    raise Quarrel("no", payload)


def unpicklable(payload: str, orders: Orders, journal: Journal) -> None:
    """Raise an error that holds something that cannot be pickled."""
    raise ValueError(payload, lambda: None)


def plain(documents: Sequence[RawDocument]) -> list[Annotation | SetAside]:
    """Stands in for all the layers: the whole text is one paragraph; an empty one is set aside."""
    return [_plain(document) for document in documents]


def _plain(document: RawDocument) -> Annotation | SetAside:
    text = document.data.decode("latin-1")
    if not text.strip():
        return SetAside("empty", "It is empty.")
    segment = Segment("paragraph", text, 0, len(text), "plain")
    return Annotation(document, text, "latin-1", text, (segment,), {"articles": (Metadata(), Language(), Flags())})


def deadly(documents: Sequence[RawDocument]) -> list[Annotation | SetAside]:
    """Like `plain`, but dies over a document that says so."""
    if any(document.data.startswith(b"MATI") for document in documents):
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(documents)


def dies_once(documents: Sequence[RawDocument]) -> list[Annotation | SetAside]:
    """Like `plain`, but dies over the first batch that holds the document, leaving the file it names as a mark."""
    _mark_once(documents, lambda: os.kill(os.getpid(), signal.SIGKILL))
    return plain(documents)


def kills_its_parent_once(documents: Sequence[RawDocument]) -> list[Annotation | SetAside]:
    """Like `plain`, but kills the process that started the build, and waits to be taken along."""
    _mark_once(documents, _kill_parent)
    return plain(documents)


def _kill_parent() -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    signal.pause()


def _mark_once(documents: Sequence[RawDocument], act: Callable[[], None]) -> None:
    for document in documents:
        if document.data.startswith(b"MARK "):
            mark = Path(document.data[5:].decode())
            if not mark.exists():
                mark.touch()
                act()


def slow(documents: Sequence[RawDocument]) -> list[Annotation | SetAside]:
    """Like `plain`, but so slowly that a test can do something in the meantime."""
    time.sleep(0.5)
    return plain(documents)


class Takedowns(Removed):
    """A list that names nothing; a process that it is sent to, as to every worker, annotates by another function."""

    def __init__(self, annotator: Annotator) -> None:
        super().__init__(frozenset(), ())
        object.__setattr__(self, "annotator", annotator)

    def __reduce__(self) -> tuple[Callable[[Annotator], Takedowns], tuple[Annotator]]:
        return _arrive_with, (self.annotator,)  # type: ignore[attr-defined]


def _as_pipeline(annotator: Annotator) -> Callable[..., list[Annotation | SetAside]]:
    return lambda documents, left_out=(): annotator(documents)


def _arrive_with(annotator: Annotator) -> Takedowns:
    pipeline.annotate_batch = _as_pipeline(annotator)
    return Takedowns(annotator)


def build_by(annotator: Annotator, *arguments: Any, options: BuildOptions | None = None, **more: Any) -> Summary:
    """`build` with another function in the place of the pipeline, here and in every process that it starts."""
    chosen = options or BuildOptions(removed=Takedowns(annotator))
    theirs, pipeline.annotate_batch = pipeline.annotate_batch, _as_pipeline(annotator)
    try:
        return build(*arguments, options=chosen, **more)
    finally:
        pipeline.annotate_batch = theirs
