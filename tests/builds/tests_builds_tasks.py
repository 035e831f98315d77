"""Tasks and annotators for the tests of the build that a spawned worker can import by name."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from kliping.engines.journal import Journal
from kliping.engines.workers import Orders
from kliping.errors import KlipingError


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


def quarrel(payload: str, orders: Orders, journal: Journal) -> None:
    """Raise a KlipingError whose class cannot be pickled back."""

    class Quarrel(KlipingError):
        def __init__(self, one: str, two: str) -> None:
            super().__init__(f"{one} {two}")

    raise Quarrel("no", payload)


def unpicklable(payload: str, orders: Orders, journal: Journal) -> None:
    """Raise an error that holds something that cannot be pickled."""
    raise ValueError(payload, lambda: None)
