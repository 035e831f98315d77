"""Counts work instead of seconds, so that a test can say how it grows whatever else the machine does."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable


def steps(work: Callable[[], object]) -> int:
    """Return how many lines of Python ran and how many built-in functions were called.

    A loop inside a regex or a built-in counts as one step: tests/annotate/test_patterns.py bounds the regexes.
    """
    count = 0

    def trace(_frame: object, event: str, _argument: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    def profile(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "c_call"

    before, collecting = (sys.gettrace(), sys.getprofile()), gc.isenabled()
    gc.disable()  # its callbacks would be counted, whenever they run
    sys.settrace(trace)
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
        if collecting:
            gc.enable()
    return count


def surplus(work: Callable[[str], object], unit: str, short: int, long: int, *, margin: float = 1.5) -> int:
    """Return by how many steps the work on a long text exceeds what is in proportion to a short one; at most 0 if none.

    Both texts repeat `unit` up to the length given. `margin` is what steps and buckets may add to the proportion: with
    a `long` eight times as long as `short`, work that grows with the square exceeds it more than fivefold.
    """
    little, much = (_steps_on(work, (unit * (size // len(unit) + 1))[:size]) for size in (short, long))
    return much - int(margin * little * long / short)


def _steps_on(work: Callable[[str], object], text: str) -> int:
    work(text)
    return steps(lambda: work(text))
