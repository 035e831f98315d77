"""Many documents to one corpus: every input counted, the same bytes for any number of workers and after any kill.

A build has four steps of tasks that are durable once done: read the inputs into sorted runs, cut the order of their
digests into shards, annotate each shard, put the shards together and swap them for OUT. What is done stands in
OUT.work until the swap, and the same command goes on from there.

Whatever ends a build early leaves OUT as it was and says so, with the way to go on. Nor does a build that ends well
cost a corpus by a slip: it replaces none of which articles would vanish (`vanishing` says which do) unless that is
asked for, and none at all where it keeps nothing.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from kliping import schema
from kliping.building import local
from kliping.building.endings import BuildError, nothing_kept, told
from kliping.building.field_names import misnamed_fields
from kliping.building.inputs import Inputs
from kliping.building.job import Job, Made, Progress
from kliping.building.vanishing import Older, Vanished
from kliping.building.workfolder import clear, locked, resume, work_folder
from kliping.corpus.about import ABOUT, About
from kliping.corpus.dividing import divide
from kliping.corpus.folder import Corpus, open_corpus, require_text
from kliping.corpus.manifest import is_corpus
from kliping.corpus.settle import settle
from kliping.corpus.shard import parquet_path, shards_in
from kliping.corpus.splits import UNDIVIDED, Splits
from kliping.corpus.wide.earlier import Match, as_csv, matches
from kliping.corpus.write import check_output, check_place, finish, foreign_files, matches_path
from kliping.curate.takedown import NOTHING_REMOVED, Removed
from kliping.errors import listed
from kliping.files import write_bytes
from kliping.read import Input, Options


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """What shapes the output, beside the inputs."""

    read: Options = field(default_factory=Options)
    removed: Removed = NOTHING_REMOVED
    """The takedown list: articles that are refused."""
    version: str = "1.0.0"
    """Of the corpus, not of kliping."""
    limit: int | None = None
    """Records that are read of each input file, the first ones in its order; None: all."""
    quality: Mapping[str, Any] | None = None
    """Measured figures for the card."""
    base: Path | None = None
    """An earlier corpus; which articles are copies of its articles stands in a file beside the output."""
    splits: Splits = UNDIVIDED
    """How the corpus is divided."""
    about: About | None = None
    """What its curators say of the corpus; None: what a `corpus.toml` beside the inputs says, if there is one."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of the inputs: `documents` = `kept` + all of `set_aside`."""

    documents: int
    kept: int
    set_aside: Mapping[str, int]
    """Reason to number of documents, the commonest first."""
    notice: str | None
    """A sentence about an earlier build that was stopped here."""
    manifest: Mapping[str, Any]
    remarks: tuple[str, ...] = ()
    """Sentences about what was replaced or left out."""

    @property
    def exit_status(self) -> int:
        """0: every document is in the corpus. 3: the corpus is whole, but some were set aside; `decisions` says why.

        1 is a build that failed and 2 a command line that was not understood; both leave the old output as it was.
        """
        return 3 if self.set_aside else 0


def build(
    inputs: Sequence[str | Path],
    out: str | Path,
    *,
    workers: int = 1,
    shard_bytes: int | None = None,
    force: bool = False,
    replace: bool = False,
    engine: str = "local",
    options: BuildOptions | None = None,
    progress: Progress | None = None,
    counted: Callable[[int, int], None] | None = None,
) -> Summary:
    """Build the corpus of `inputs` (files, folders, globs) in the folder `out`.

    `shard_bytes` is the raw text in one shard; without it the size of the input decides (`Job.shard_size`).
    Neither `workers` nor the order of `inputs` changes a byte of it; `engine="spark"` gives the same rows in shards of
    its own. A build that was stopped goes on where it was if inputs, options and code are what they were. `progress` is
    told of each step, `counted` how many more documents were annotated and how many of them set aside.

    What `out` holds is replaced if it is a corpus of which every article is among the inputs. `replace` allows articles
    to vanish, `force` a folder that holds something else than a corpus; neither stands for the other. A symbolic link
    at `out` is followed. What kliping wrote inside an input is no input (`inputs`).

    Raises KlipingError, with a sentence, where there is nothing to read, `out` must not be replaced, no document is
    kept, another build is at work there, the disk is full or a worker cannot be kept alive; BuildStopped at Ctrl-C.
    The old output is then as it was.
    """
    target, settings = Path(os.path.realpath(out)), options or BuildOptions()
    goes_on = engine == "local"  # Spark makes everything anew
    with told(target, goes_on):
        check_place(target)
        work = work_folder(target)
        with locked(work):
            check_output(target, force)
            found = _inputs(inputs, target)
            stated = settings.about or found.about
            misnamed = misnamed_fields(found.files, settings.read)
            if misnamed is not None:
                raise BuildError(f"{misnamed} Nothing was built, and what was there before is as it was.")
            remarks = [*filter(None, [found.remark]), *_replacements(target, force, replace)]
            base = None if settings.base is None else _base(settings.base)
            older = None if replace else _older(target, found.files, settings.removed)
            notice = resume(work, _identity(found.files, settings, shard_bytes, engine))
            job = Job(
                found.files,
                settings.read,
                settings.removed,
                workers,
                shard_bytes,
                work,
                progress or _silent,
                settings.limit,
                older,
                partial(_refuse_to_lose, target, goes_on),
                counted or _uncounted,
            )
            made = _engine(engine, job)
            counts = _counts(job.shards, made)
            if not counts[None]:
                message = nothing_kept(job.shards, made, counts, target)
                clear(work)
                raise BuildError(message)
            known = settle(job.shards, made.shards)
            matched = None if base is None else list(matches(shards_in(job.shards, made.shards), base.shards))
            placed = _divided(job, made, settings.splits)
            manifest = finish(
                placed.folder,
                target,
                placed.numbers,
                version=settings.version,
                options=_published(settings, made.shard_bytes, stated),
                quality=settings.quality,
                known=known,
                splits=placed.splits,
                force=force,
            )
            if matched is not None:
                remarks.append(_write_matches(target, Path(out), matched, counts[None], settings.base))
            clear(work)
    set_aside = {reason: count for reason, count in counts.most_common() if reason is not None}
    return Summary(made.items, counts[None], set_aside, notice if goes_on else None, manifest, tuple(remarks))


def _inputs(arguments: Sequence[str | Path], out: Path) -> Inputs:
    """What is to be read. Raises BuildError where there is nothing."""
    found = Inputs(arguments, out)
    if found.files:
        return found
    named = listed([str(argument) for argument in arguments]) or "no input at all"
    raise BuildError(f"There is nothing to read in {named}. {found.remark or 'Nothing was touched.'}")


def _older(out: Path, inputs: Sequence[Input], removed: Removed) -> Older | None:
    """The corpus at `out`, if there is one. Raises KlipingError where it cannot be compared with the inputs."""
    if not is_corpus(out):
        return None
    older = Older(open_corpus(out), inputs, removed)
    older.require_readable()
    return older


def _base(folder: Path) -> Corpus:
    """The earlier corpus that new articles are compared with. Raises KlipingError where it has no text to compare."""
    corpus = open_corpus(folder)
    require_text(corpus)
    for entry in corpus.files("articles"):
        corpus.read(entry["path"])
    return corpus


def _write_matches(target: Path, out: Path, found: Sequence[Match], of: int, base: Path | None) -> str:
    """Write beside the output which articles are copies of earlier ones; a sentence about them, in the user's words."""
    write_bytes(matches_path(target), as_csv(found).encode())
    path = matches_path(target if out.is_symlink() else out)
    are = "is a copy" if len(found) == 1 else "are copies"
    return f"{len(found):,} of {of:,} articles {are} of articles in {base}: {path} names them."


def _replacements(out: Path, force: bool, replace: bool) -> Iterator[str]:
    """Sentences about what this build replaces because it was told to."""
    if force and out.exists() and (found := foreign_files(out)):
        yield f"{out} held what kliping had not made ({listed(found)}); it is gone, as --force asks."
    if replace and is_corpus(out):
        yield f"The corpus that was in {out} is replaced whatever it held, as --replace asks."


def _refuse_to_lose(out: Path, goes_on: bool, vanished: Vanished) -> None:
    """Raise BuildError where articles vanish."""
    if vanished.count:
        are = "is" if vanished.count == 1 else "are"
        so_far = f", which goes on with what was read so far and stands in {work_folder(out)}" if goes_on else ""
        raise BuildError(
            f"{vanished.count:,} of {vanished.of:,} articles in {out} {are} not among these inputs "
            f"({listed(vanished.names)}) and would vanish. Nothing was replaced. Name their files as inputs too, give "
            f"another --out, or add --replace to the same command{so_far}."
        )


def _published(options: BuildOptions, shard_bytes: int, about: About | None) -> dict[str, Any]:
    """What the manifest tells of the options."""
    said = {"read": asdict(options.read), "removed": len(options.removed.ids), "shard_bytes": shard_bytes}
    limit = {} if options.limit is None else {"limit": options.limit}
    stated = {} if about is None else {ABOUT: about.stated()}
    return {**said, **limit, **options.splits.told(), **stated}


class _Placed(NamedTuple):
    """Finished shards as they are published."""

    folder: Path
    numbers: Sequence[int]
    splits: Sequence[str] | None


def _divided(job: Job, made: Made, splits: Splits) -> _Placed:
    """The shards of a build, divided anew if it is to have several splits."""
    if splits == UNDIVIDED:
        return _Placed(job.shards, made.shards, None)
    folder = job.work / "divided"
    shutil.rmtree(folder, ignore_errors=True)
    pieces = divide(job.shards, made.shards, folder, splits, made.shard_bytes)
    return _Placed(folder, [piece.number for piece in pieces], [piece.split for piece in pieces])


def _engine(name: str, job: Job) -> Made:
    if name == "local":
        return local.make(job)
    if name == "spark":
        from kliping.building import spark

        return spark.make(job)
    raise BuildError(f"There is no engine named {name}; there are local and spark.")


def _counts(shards: Path, made: Made) -> Counter[str | None]:
    """Reason to number of `decisions` rows, None for what was kept. In = out + set aside, or nothing is published."""
    counts: Counter[str | None] = Counter()
    for number in made.shards:
        column = pq.read_table(parquet_path(shards, "decisions", number), columns=["reason"]).column("reason")
        counts.update(column.to_pylist())
    articles = sum(pq.read_metadata(parquet_path(shards, "articles", number)).num_rows for number in made.shards)
    if counts.total() != made.items or counts[None] != articles:
        raise BuildError(
            f"The counts do not balance: {made.items} documents came in, {counts.total()} have a row in decisions, "
            f"{counts[None]} of them as kept, and there are {articles} articles. This is a bug in kliping."
        )
    return counts


def _silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def _uncounted(documents: int, set_aside: int) -> None:
    """Counts that nobody wants."""


def _identity(inputs: Sequence[Input], options: BuildOptions, shard_bytes: int | None, engine: str) -> dict[str, str]:
    """What a stopped build must have in common with the one that goes on with its work, as digests by name."""
    takedowns = (sorted(options.removed.ids), options.removed.sketches)
    chosen = (options.read, takedowns, shard_bytes, engine, options.limit)
    return {
        "inputs": _digest(line for source in inputs for line in _traits(source)),
        "options": _digest([repr(chosen)]),
        "code": _digest([repr(schema.load()), *_code(Path(schema.__file__).parent)]),
        "packages": _digest([platform.python_version(), *sorted(_packages())]),
    }


def _traits(source: Input) -> Iterator[str]:
    """What tells that a file is the same without reading it: its place, size and time of change."""
    yield f"{source.source_path}\t{source.refusal}\t{os.fsencode(os.path.abspath(source.path))!r}"
    try:
        status = os.stat(source.path)
        yield f"{status.st_size}\t{status.st_mtime_ns}\t{status.st_ino}"
    except OSError as error:
        yield str(error.errno)


def _code(package: Path) -> Iterator[str]:
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{path.relative_to(package)}\t{hashlib.sha256(path.read_bytes()).hexdigest()}"


def _packages() -> Iterator[str]:
    """The versions of all that kliping may import, its extras included."""
    for requirement in metadata.requires("kliping") or ():
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield f"{name} is not installed"


def _digest(lines: Iterator[str] | Sequence[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("utf-8", "surrogateescape") + b"\n")
    return digest.hexdigest()
