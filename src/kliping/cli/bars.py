"""Progress on standard error where a person is watching; silence where that is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kliping.building.job import Progress as StepProgress


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows `done` of `total` on standard error; silent where that is no terminal."""
    with step_bars(in_bytes=False) as show:
        yield lambda done, total: show(title, done, total)


@contextmanager
def step_bars(*, in_bytes: bool) -> Iterator[StepProgress]:
    """Give a function that shows one bar a named step on standard error; silent where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich import progress as bars  # only here: every worker imports this module again, and shows nothing
    from rich.console import Console

    told = bars.DownloadColumn(binary_units=True) if in_bytes else bars.MofNCompleteColumn()
    look = (bars.TextColumn("{task.description}"), bars.BarColumn(), told, bars.TimeRemainingColumn())
    with bars.Progress(*look, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, bars.TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step)
            progress.update(tasks[step], completed=done, total=total)

        yield show
