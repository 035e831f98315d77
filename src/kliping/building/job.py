"""What every engine is handed: one build's arguments, checked, and the folders it may write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kliping.building.terms import Terms
from kliping.building.vanishing import Older, Vanished
from kliping.model import Refusal
from kliping.read import Input, Options

SHARD_BYTES = 8 << 20
"""Raw text in one shard of a corpus that is not very large."""
MOST_SHARDS = 8192
"""Shards that an input makes if nobody asks for more: the Hub wants fewer than 10,000 files in a folder
(huggingface.co/docs/hub/repositories-recommendations)."""


def fitting_shard_bytes(weight: int) -> int:
    """Return the bytes of text a shard holds for this weight of all: SHARD_BYTES, doubled until MOST_SHARDS do."""
    size = SHARD_BYTES
    while weight > size * MOST_SHARDS:
        size *= 2
    return size


class Progress(Protocol):
    """Called a few times a second with the step's name, what is done of it and the whole, in bytes."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Job:
    """One build on its way to an engine."""

    inputs: Sequence[Input]
    read: Options
    terms: Terms
    workers: int | None
    """Processes; None: what the machine gives, as far as the input is worth them."""
    shard_bytes: int | None
    """Raw text in one shard, where the user says so."""
    work: Path
    progress: Progress
    limit: int | None = None
    """Records that are read of each input, the first ones; None: all."""
    older: Older | None = None
    """The corpus whose place this one is to take."""
    misfitting: Sequence[Refusal] = ()
    """Corrections that did not fit when corpora among the inputs were built."""
    weigh: Callable[[Vanished], None] = lambda vanished: None
    """Called by the engine with what vanishes of `older`, before it annotates anything; raises where it must not."""
    counted: Callable[[int, int], None] = lambda documents, set_aside: None
    """Called as documents are annotated: how many more, and how many of them were set aside."""

    @property
    def has_corpora(self) -> bool:
        """Whether there are corpora among the inputs, which may hold what other inputs hold under the same name."""
        return any(source.shard is not None for source in self.inputs)

    def shard_size(self, weight: int) -> int:
        """Return the bytes of text a shard holds for this weight of all, unless the user says how many."""
        return fitting_shard_bytes(weight) if self.shard_bytes is None else self.shard_bytes

    @property
    def runs(self) -> Path:
        """Sorted runs of what was read."""
        return self.work / "runs"

    @property
    def shards(self) -> Path:
        """Finished shards, as `shard.write_shard` leaves them."""
        return self.work / "shards"

    @property
    def journals(self) -> Path:
        """What the workers have in hand."""
        return self.work / "journals"


@dataclass(frozen=True, slots=True)
class Made:
    """What an engine made."""

    shards: tuple[int, ...]
    """The numbers of its shards in the order of their article ids."""
    items: int
    """How many documents and refusals of inputs it read."""
    shard_bytes: int
    """Raw text in one shard, as chosen."""
