"""The folder beside the output that keeps what a build has finished: durable, for one build and one plan at a time."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kliping.errors import KlipingError
from kliping.files import flush_folder, write_bytes

_ENDING = ".work"
_PLAN, _LOCK = "plan.json", "lock"


def work_folder(out: Path) -> Path:
    """Return where a build of `out` works: on the same file system, under a name that says whose it is."""
    return out.with_name(f"{out.name}{_ENDING}")


def is_work_folder(folder: Path) -> bool:
    """Tell whether a build works in a folder, or was stopped there."""
    if not folder.name.endswith(_ENDING) or not (folder / _LOCK).is_file():
        return False
    return (folder / _PLAN).is_file() or len(os.listdir(folder)) == 1


def is_begun(work: Path) -> bool:
    """Tell whether there is work in a folder that a build can go on with."""
    return os.path.isfile(work / _PLAN)


@contextmanager
def locked(work: Path) -> Iterator[None]:
    """Hold `work` for this process, making it where it is absent. Raises KlipingError where another build holds it.

    The lock goes with the process, however it ends; the folder goes with the lock where nothing was left in it.
    """
    handle = _acquire(work)
    try:
        yield
    finally:
        if [entry.name for entry in work.iterdir()] == [_LOCK]:
            shutil.rmtree(work)
        os.close(handle)


def _acquire(work: Path) -> int:
    while True:
        work.mkdir(parents=True, exist_ok=True)
        handle = os.open(work / _LOCK, os.O_CREAT | os.O_RDWR, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise KlipingError(
                f"Another build is at work in {work}, and this one has touched nothing. "
                "Wait until that one has ended, or give another --out."
            ) from None
        if _is_still(handle, work / _LOCK):
            return handle
        os.close(handle)


def _is_still(handle: int, path: Path) -> bool:
    """Whether the locked file is the one that stands there: a build that just ended may have removed it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def clear(work: Path) -> None:
    """Remove what a build left in its folder; the lock stays until it is given back."""
    for entry in work.iterdir():
        if entry.name != _LOCK:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file that is whole or absent after any crash, its name durable."""
    write_bytes(path, json.dumps(value).encode())
    flush_folder(path.parent)


def resume(work: Path, identity: dict[str, str]) -> str | None:
    """Make `work` ready for the build that `identity` names: kept where an earlier run had the same, else emptied.

    Returns a sentence that says what happened where something was there.
    """
    plan = work / _PLAN
    try:
        before = json.loads(plan.read_bytes())
    except (FileNotFoundError, ValueError):
        before = None
    if before == identity:
        return "Going on with the build that was stopped here."
    clear(work)
    write_json(plan, identity)
    if before is None:
        return None
    changed = sorted(name for name in before.keys() | identity.keys() if before.get(name) != identity.get(name))
    return f"Starting again: since the build that was stopped here, this has changed: {', '.join(changed)}."
