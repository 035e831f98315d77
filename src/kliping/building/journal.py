"""A worker's note of what it is working on, which survives the worker: after a kill it names the documents that were in hand.

The note is written without fsync: it has to outlive the process, not the machine.
"""  # noqa: E501

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Note:
    """What a task had done and had in hand when it last wrote."""

    done: int
    """Weight of what it has finished, in the unit of its Task.weight."""
    hands: tuple[str, ...]
    """Names of the documents in hand; one alone is the suspect if the worker died."""


class Journal:
    """The open note of one task; removed when the task ends, however it ends inside Python."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o644)
        self._done = 0

    def enter(self, hands: Sequence[str], finished: int = 0) -> None:
        """Say which documents are taken in hand now, `finished` having been added to what is done."""
        self._done += finished
        line = json.dumps([self._done, *hands]).encode("ascii") + b"\n"
        os.pwrite(self._file, line, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)
        self._path.unlink(missing_ok=True)


def read_note(path: Path) -> Note | None:
    """Return the last note of a task, None where it never wrote one or ended in order.

    A longer note that a shorter one overwrote leaves its tail behind, so only the first line counts.
    """
    try:
        done, *hands = json.loads(path.read_bytes().partition(b"\n")[0])
    except (FileNotFoundError, ValueError):
        return None
    return Note(done, tuple(hands))


def forget_note(path: Path) -> None:
    """Drop the note of an earlier attempt: it must not speak for one that is killed before it writes its own."""
    path.unlink(missing_ok=True)
