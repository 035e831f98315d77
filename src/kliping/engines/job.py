"""What every engine is handed: one build's arguments, checked, and the folders it may write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kliping.engines.outcomes import Rules
from kliping.read import Input, Options


class Progress(Protocol):
    """Called a few times a second with the step's name, what is done of it and the whole, in bytes."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Job:
    """One build on its way to an engine."""

    inputs: Sequence[Input]
    read: Options
    rules: Rules
    workers: int
    shard_bytes: int
    work: Path
    progress: Progress

    @property
    def runs(self) -> Path:
        """Sorted runs of what was read."""
        return self.work / "runs"

    @property
    def shards(self) -> Path:
        """Finished shards, as `release.write_shard` leaves them."""
        return self.work / "shards"

    @property
    def journals(self) -> Path:
        """What the workers have in hand."""
        return self.work / "journals"


@dataclass(frozen=True, slots=True)
class Made:
    """What an engine made: the numbers of its shards in the order of their article ids, and how many items it read."""

    shards: tuple[int, ...]
    items: int
