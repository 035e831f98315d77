"""Runs every task to its end in processes: a killed worker is replaced, and a document that kills it is named.

Each worker is a ProcessPoolExecutor (spawn) of one process, so a broken pool says exactly whose task died, and the
other workers go on. Nothing here knows what a task does.
"""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kliping.building.journal import Journal, forget_note, read_note
from kliping.building.lean import settle_memory
from kliping.errors import KlipingError

STRIKES = 2
"""A document alone in hand at this many deaths of its worker is set aside."""
DEATHS = 20
"""A task whose worker died this often is given up, and the build with it."""
_POLL_SECONDS = 0.25


class WorkerLost(KlipingError):
    """The worker of one task died again and again, and no single document explains it."""


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work: `function(payload, orders, journal)` in a worker, whatever it returns is handed to `finished`."""  # noqa: E501

    name: str
    """A file name, unique in its folder of journals."""
    function: Callable[[Any, Orders, Journal], Any]
    payload: Any
    weight: int
    """How much work it is, in the unit of the progress shown."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What earlier deaths taught about a task."""

    careful: bool = False
    """Take one document in hand at a time, so that the next death names it."""
    avoid: frozenset[str] = frozenset()
    """Documents that killed their worker twice: set them aside unread."""


@dataclass(slots=True)
class _State:
    """A task on its way: how often its worker died, and over which document."""

    task: Task
    orders: Orders = field(default_factory=Orders)
    deaths: int = 0
    strikes: Counter[str] = field(default_factory=Counter)


class Workers:
    """A few worker processes for one task after another; used as a context, which ends them.

    With `count` 0 tasks run in this process; then none can die and be replaced.
    """

    def __init__(self, count: int, journals: Path) -> None:
        self._slots = [_Slot() for _ in range(count)]
        self._journals = journals
        journals.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for slot in self._slots:
            slot.close(at_once=error is not None)

    def run(
        self, tasks: Sequence[Task], finished: Callable[[Task, Any], None], shown: Callable[[int], None] | None = None
    ) -> None:
        """Run all tasks, calling `finished` in this process as each ends, in whatever order they end.

        `shown` is called a few times a second with the weight done so far. Raises WorkerLost, or what a task raised.
        """
        if not self._slots:
            for task in tasks:
                finished(task, _perform(task, Orders(), self._journals))
            return
        waiting = [_State(task) for task in reversed(tasks)]
        busy: dict[Future[Any], tuple[_State, _Slot]] = {}
        done = 0
        while waiting or busy:
            while waiting and (idle := next((slot for slot in self._slots if not slot.busy), None)):
                state = waiting.pop()
                forget_note(self._journals / state.task.name)
                busy[idle.submit(state.task, state.orders, self._journals)] = (state, idle)
            for future in wait(busy, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED).done:
                state, slot = busy.pop(future)
                slot.busy = False
                try:
                    result = future.result()
                except BrokenProcessPool:
                    slot.replace()
                    _learn(state, self._journals)
                    waiting.append(state)
                else:
                    done += state.task.weight
                    finished(state.task, result)
            if shown:
                shown(done + sum(_under_way(state.task, self._journals) for state, _ in busy.values()))


def _learn(state: _State, journals: Path) -> None:
    """Draw the conclusion from one death: look closer, or set aside the document that was alone in hand twice."""
    state.deaths += 1
    if state.deaths >= DEATHS:
        raise WorkerLost(
            f"The worker of {state.task.name} was killed {state.deaths} times, and no single document explains it. "
            "Look whether the machine runs out of memory; the same command goes on where the build stopped."
        )
    note = read_note(journals / state.task.name)
    state.orders = replace(state.orders, careful=True)
    if note and len(note.hands) == 1:
        (name,) = note.hands
        state.strikes[name] += 1
        if state.strikes[name] >= STRIKES:
            state.orders = replace(state.orders, avoid=state.orders.avoid | {name})


def _under_way(task: Task, journals: Path) -> int:
    note = read_note(journals / task.name)
    return min(note.done, task.weight) if note else 0


def _perform(task: Task, orders: Orders, journals: Path) -> Any:
    """Run a task, with errors that surely survive pickling: one that does not would look like a killed worker."""
    try:
        with Journal(journals / task.name) as journal:
            return task.function(task.payload, orders, journal)
    except KlipingError as error:
        raise KlipingError(str(error)) from None
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), error.filename) from None
    except Exception:
        raise RuntimeError(f"{task.name} failed:\n{traceback.format_exc()}") from None


def _work(task: Task, orders: Orders, journals: Path) -> Any:
    """Run a task in a worker. What is alive before it, modules and their tables above all, is no garbage and stays so:
    the collector need not visit it again and again."""
    gc.freeze()
    return _perform(task, orders, journals)


class _Slot:
    """One worker process, started when it is first needed, and whether it has a task."""

    def __init__(self) -> None:
        self.busy = False
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, task: Task, orders: Orders, journals: Path) -> Future[Any]:
        self.busy = True
        try:
            return self._started().submit(_work, task, orders, journals)
        except BrokenProcessPool:
            self.replace()
            return self._started().submit(_work, task, orders, journals)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_settle)
            with _without_main():
                self._pid = self._pool.submit(os.getpid)
        return self._pool

    def replace(self) -> None:
        self.close()
        self._pool = None

    def close(self, at_once: bool = False) -> None:
        """End the worker; `at_once` in the middle of its task, which every task bears at any moment."""
        if self._pool is None:
            return
        if at_once:
            with suppress(BrokenProcessPool, CancelledError, ProcessLookupError):
                os.kill(self._pid.result(), signal.SIGKILL)
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def _without_main() -> Iterator[None]:
    """Let a process that is started here not import the main module again, which tasks do not need.

    It may be a script that calls `build` on its top level: it would run, and build, once more in every worker.
    """
    main = vars(sys.modules["__main__"])
    hidden: dict[str, Any] = {name: main.pop(name) for name in ("__spec__", "__file__") if name in main}
    main["__spec__"] = None
    try:
        yield
    finally:
        main.pop("__spec__")
        main.update(hidden)


def _settle() -> None:
    """In a fresh worker: die at once with Ctrl-C, and with the parent, which a spawned worker would outlive forever.

    Also at the end of all work: to take a large heap apart takes Python a third of a second, and nobody needs it.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    atexit.register(os._exit, 0)
    settle_memory()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)
