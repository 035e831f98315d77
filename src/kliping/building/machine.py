"""How many processes this machine gives: processors it lets this process use, held down by the quota of a container."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/")


def processors(root: Path = ROOT) -> int:
    """Return how many processors this process may keep busy, 1 at least.

    Counts what its affinity allows (`taskset`, cpusets), and of quotas of time those of all control groups that it is
    in, version 1 or 2 (docs.kernel.org/admin-guide/cgroup-v2.html): a container that is given two of 64 processors has
    two. A part of a processor does not count.
    """
    return max(1, min([_allowed(), *map(int, _quotas(root))]))


def _allowed() -> int:
    if hasattr(os, "process_cpu_count"):  # since Python 3.13; heeds PYTHON_CPU_COUNT
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quotas(root: Path) -> Iterator[float]:
    """The processors that each control group allows; none for one without a quota."""
    for line in _read(root / "proc" / "self" / "cgroup").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, group = rest.partition(":")
        if number != "0" and "cpu" not in controllers.split(","):
            continue
        for folder in _upward(root / "sys/fs/cgroup" / controllers, group):
            yield from _quota(_read(folder / "cpu.max"))
            yield from _quota(f"{_read(folder / 'cpu.cfs_quota_us')} {_read(folder / 'cpu.cfs_period_us')}")


def _upward(mounted: Path, group: str) -> Iterator[Path]:
    """The folder of a group and those of all above it; inside a container its own is the top."""
    parts = [part for part in group.split("/") if part not in ("", "..")]
    for size in range(len(parts), -1, -1):
        yield mounted.joinpath(*parts[:size])


def _quota(text: str) -> Iterator[float]:
    """Of `QUOTA PERIOD`, in microseconds each; `max` and a negative number stand for no quota."""
    quota, _, period = text.partition(" ")
    if quota.strip().isdigit() and period.strip().isdigit() and int(quota) and int(period):
        yield int(quota) / int(period)


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, ValueError):
        return ""
