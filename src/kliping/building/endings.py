"""What stands after a build that ended early, in a sentence for a person: what is there, and how to go on."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq

from kliping.building.job import Made
from kliping.building.workfolder import is_begun, work_folder
from kliping.corpus.shard import parquet_path
from kliping.corpus.write import aside_of
from kliping.errors import KlipingError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


class BuildError(KlipingError):
    """A build that cannot go on; the old output is as it was."""


class BuildStopped(KeyboardInterrupt):
    """A build that Ctrl-C ended, or a signal that the command line takes for it; says what stands and how to go on."""


@contextmanager
def told(out: Path, goes_on: bool) -> Iterator[None]:
    """Turn Ctrl-C and errors of the operating system into BuildStopped and BuildError with such a sentence.

    `goes_on`: whether the same command makes use of what a build left.
    """
    before = _mark(out) or _mark(aside_of(out))
    try:
        yield
    except KeyboardInterrupt:
        raise BuildStopped(f"Stopped. {_standing(out, before, goes_on)}") from None
    except OSError as error:
        where = error.filename or out
        if error.errno in _FULL:
            reason = f"The disk is full, or a file reached its limit: {where}"
        elif error.errno in _FORBIDDEN:
            reason = f"There is no permission to write {where}"
        else:
            reason = f"{where}: {error.strerror or error}"
        raise BuildError(f"{reason}. {_standing(out, before, goes_on)}") from error


def _mark(out: Path) -> tuple[int, int] | None:
    """What tells that a folder is still the same one."""
    try:
        status = os.stat(out)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _standing(out: Path, before: tuple[int, int] | None, goes_on: bool) -> str:
    """A sentence that says what there is after a build that ended early, and how to go on."""
    if (now := _mark(out)) != before:
        return f"The new corpus was made before that and is whole: {out}."
    stands = f"There is no {out} yet" if now is None else f"{out} is as it was"
    if not is_begun(work_folder(out)):
        return f"{stands}, and nothing was begun."
    return f"{stands}, and the same command {'goes on where this build stopped' if goes_on else 'starts again'}."


def nothing_kept(shards: Path, made: Made, counts: Counter[str | None], out: Path) -> str:
    """Why no document is kept: how often each reason, the commonest first, and the first document of each."""
    first: dict[str, str] = {}
    for number in made.shards:
        table = pq.read_table(parquet_path(shards, "decisions", number), columns=["reason", "source_path", "detail"])
        for row in table.to_pylist():
            if row["reason"] in counts:
                first.setdefault(row["reason"], f"{row['source_path']}: {row['detail'] or ''}".rstrip(": "))
        if len(first) == len(counts):
            break
    stands = f"{out} is as it was" if os.path.exists(out) else f"there is no {out}"
    return "\n".join(
        [
            f"None of the {made.items:,} documents became an article, so no corpus was made and {stands}.",
            *(f"  {count:,} {reason}, such as {first[reason]}" for reason, count in counts.most_common() if reason),
            "`kliping inspect` shows how the inputs are read.",
        ]
    )
