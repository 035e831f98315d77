"""What a long build says where nobody watches a bar: a line every ten seconds, and events that a machine reads."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from kliping.errors import KlipingError

EVERY_SECONDS = 10
_MB = 1_000_000


@contextmanager
def build_log(events: Path | None) -> Iterator[BuildLog]:
    """Give the log of one build: for people on standard error, unless that is a terminal; `events` is added to.

    Raises KlipingError where the file of events cannot be written.
    """
    lines = None if sys.stderr.isatty() else sys.stderr
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(events.open("a", encoding="utf-8")) if events else None
        except OSError as error:
            raise KlipingError(f"{events} cannot be written ({error.strerror}), so nothing was built.") from error
        yield stack.enter_context(BuildLog(lines, stream))


class BuildLog:
    """Tells of one build as it goes on; used as a context, whose end it tells too.

    `lines` is a stream for people, `events` one for machines, JSON Lines; each may be None. `progress` and `counted`
    are what `building.build` calls. Both streams get a line when EVERY_SECONDS have gone by since the last one;
    `events` also gets the begin and end of each step and of the build, so that a short one is told there as well.
    """

    def __init__(
        self, lines: TextIO | None, events: TextIO | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._lines, self._events, self._clock = lines, events, clock
        self._start = self._last = self._step_start = clock()
        self._step = ""
        self._documents = self._set_aside = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, SystemExit):
            return
        event = "failed" if isinstance(error, Exception) else "stopped"
        message = str(error) if isinstance(error, KlipingError) else f"{type(error).__name__}: {error}"
        self.event(event, message=message)

    def counted(self, documents: int, set_aside: int) -> None:
        """So many more documents are annotated; `set_aside` of them are no articles."""
        self._documents += documents
        self._set_aside += set_aside

    def progress(self, step: str, done: int, total: int) -> None:
        """So many of the bytes of a step are done."""
        now = self._clock()
        ends = done >= total
        if step != self._step:
            self._step, self._step_start = step, now
            self._tell(step, done, total, now)
        elif ends:
            self._tell(step, done, total, now)
        if now - self._last >= EVERY_SECONDS:
            self._last = now
            if not ends:
                self._tell(step, done, total, now)
            if self._lines is not None:
                print(self._sentence(step, done, total, now), file=self._lines, flush=True)

    def event(self, name: str, **values: Any) -> None:
        """Write one event with the time of day and the seconds since the build began."""
        if self._events is not None:
            seconds = round(self._clock() - self._start, 3)
            head = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "seconds": seconds, "event": name}
            print(json.dumps(head | values, ensure_ascii=False), file=self._events, flush=True)

    def _tell(self, step: str, done: int, total: int, now: float) -> None:
        self.event(
            "progress",
            step=step,
            bytes=done,
            of_bytes=total,
            documents=self._documents,
            set_aside=self._set_aside,
            mb_per_second=round(self._speed(done, now), 3),
        )

    def _sentence(self, step: str, done: int, total: int, now: float) -> str:
        counts = f"; {self._documents:,} documents, {self._set_aside:,} set aside" if self._documents else ""
        return f"{step}: {done / _MB:,.1f} of {total / _MB:,.1f} MB, {self._speed(done, now):,.1f} MB/s{counts}"

    def _speed(self, done: int, now: float) -> float:
        """Megabytes a second since the step began, what an earlier run had finished included."""
        took = now - self._step_start
        return done / _MB / took if took > 0 else 0.0
