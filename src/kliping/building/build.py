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

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kliping import schema
from kliping.building import local
from kliping.building.corpora import is_current, with_corpora
from kliping.building.endings import BuildError, nothing_kept, told
from kliping.building.field_names import misnamed_fields
from kliping.building.growth import asked_version
from kliping.building.inputs import Inputs
from kliping.building.job import Job, Made, Progress
from kliping.building.terms import Terms
from kliping.building.vanishing import Older, Vanished
from kliping.building.workfolder import clear, locked, resume, work_folder
from kliping.corpus.about import ABOUT, About
from kliping.corpus.dividing import divide
from kliping.corpus.folder import Corpus, open_corpus, require_text
from kliping.corpus.manifest import LAYERS, is_corpus
from kliping.corpus.settle import settle
from kliping.corpus.shard import parquet_path, shards_in
from kliping.corpus.splits import UNDIVIDED, Splits
from kliping.corpus.wide.earlier import Match, as_csv, matches
from kliping.corpus.write import check_output, check_place, finish, foreign_files, matches_path
from kliping.curate.corrections import NO_CORRECTIONS, Corrections
from kliping.curate.takedown import NOTHING_REMOVED, Removed
from kliping.errors import listed
from kliping.files import write_bytes
from kliping.kernel import unchosen
from kliping.model import NOT_APPLIED
from kliping.read import Input, Options

FIRST_VERSION = "1.0.0"
"""Of a corpus for which nobody states a version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """What shapes the output, beside the inputs."""

    read: Options = field(default_factory=Options)
    removed: Removed = NOTHING_REMOVED
    """The takedown list: articles that are refused."""
    corrections: Corrections = NO_CORRECTIONS
    """What people corrected in the documents."""
    version: str | None = None
    """Of the corpus, not of kliping; None: 1.0.0, or for a corpus that grows what its own and `growth` ask for."""
    limit: int | None = None
    """Records that are read of each input file, the first ones in its order; None: all."""
    layers: tuple[str, ...] | None = None
    """Which of the optional layers run (`schema.optional`); None: all. A layer left out has no table."""
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
    corrections: int = 0
    """Corrections that were given."""
    misfits: Mapping[str, int] = field(default_factory=dict)
    """Of these, reason to number of those that did not fit, the commonest first."""

    @property
    def exit_status(self) -> int:
        """0: all documents and corrections are in the corpus. 3: it is whole, but some are not; `decisions` says why.

        1 is a build that failed and 2 a command line that was not understood; both leave the old output as it was.
        """
        return 3 if self.set_aside or self.misfits else 0


def build(
    inputs: Sequence[str | Path],
    out: str | Path,
    *,
    workers: int | None = None,
    shard_bytes: int | None = None,
    force: bool = False,
    replace: bool = False,
    append: bool = False,
    engine: str = "local",
    options: BuildOptions | None = None,
    progress: Progress | None = None,
    counted: Callable[[int, int], None] | None = None,
) -> Summary:
    """Build the corpus of `inputs` (files, folders, globs) in the folder `out`.

    `workers` are the processes to use: if not given, as many as the machine gives, and one where the input is small.
    `shard_bytes` is the raw text in one shard; without it the size of the input decides (`Job.shard_size`). Neither
    `workers` nor the order of `inputs` nor `engine` ("local", "spark") changes a byte of the corpus. A build that was
    stopped goes on where it was if inputs, options and code are what they were. `progress` is told of each step,
    `counted` how many more documents were annotated and how many of them set aside.

    A corpus among the inputs gives its documents, and its rows where this code would make them again as they are.
    `append` makes the corpus at `out` one of them: the result is what one build of everything gives.

    What `out` holds is replaced if it is a corpus of which every article is among the inputs. `replace` allows articles
    to vanish, `force` a folder that holds something else than a corpus; neither stands for the other. A symbolic link
    at `out` is followed. What kliping wrote inside an input is no input (`inputs`).

    Raises KlipingError, with a sentence, where layers are chosen that cannot run, there is nothing to read, `out` must
    not be replaced, no document is kept, another build is at work there, the disk is full or a worker cannot be kept
    alive; BuildStopped at Ctrl-C.
    The old output is then as it was.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     summary = build(["seeds/*.txt"], f"{folder}/corpus")
    >>> summary.kept, dict(summary.set_aside)
    (5, {})
    """
    target, settings = Path(os.path.realpath(out)), options or BuildOptions()
    left_out = unchosen(settings.layers)
    goes_on = engine == "local"  # Spark makes everything anew
    with told(target, goes_on):
        check_place(target)
        work = work_folder(target)
        with locked(work):
            check_output(target, force)
            if append:
                _require_corpus(target, replace)
            found = Inputs(inputs, target, settings.corrections.files, append, settings.read)
            _require_some(found, inputs, settings.corrections)
            stated = settings.about or found.about
            misnamed = misnamed_fields([one for one in found.files if one.shard is None], settings.read)
            if misnamed is not None:
                raise BuildError(f"{misnamed} Nothing was built, and what was there before is as it was.")
            remarks = [*filter(None, [found.remark]), *_replacements(target, force, replace)]
            base = None if settings.base is None else _base(settings.base)
            older = None if replace or append else _older(target, found.files, settings.removed)
            corrections, misfitting = with_corpora(settings.corrections, found.corpora)
            notice = resume(work, _identity(found.files, settings, shard_bytes, engine))
            job = Job(
                found.files,
                settings.read,
                Terms(
                    removed=settings.removed,
                    corrections=corrections,
                    left_out=left_out,
                    finished=_finished(found.corpora, left_out),
                    renewed=frozenset(settings.corrections.of),
                ),
                workers,
                shard_bytes,
                work,
                progress or _silent,
                settings.limit,
                older,
                misfitting,
                partial(_refuse_to_lose, target, goes_on),
                counted or _uncounted,
            )
            made = _engine(engine, job)
            counts, misfits = _counts(job, made)
            _require_names(job, made)
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
                version=settings.version or _version(target if append else None, job.shards, made.shards),
                options=_published(settings, job, made.shard_bytes, stated),
                quality=settings.quality,
                known=known,
                splits=placed.splits,
                force=force,
            )
            if matched is not None:
                remarks.append(_write_matches(target, Path(out), matched, counts[None], settings.base))
            clear(work)
    set_aside = {reason: count for reason, count in counts.most_common() if reason is not None}
    return Summary(
        made.items,
        counts[None],
        set_aside,
        notice if goes_on else None,
        manifest,
        tuple(remarks),
        job.terms.corrections.count + len(job.misfitting),
        dict(misfits.most_common()),
    )


def _require_corpus(out: Path, replace: bool) -> None:
    """Raise BuildError where there is no corpus at `out` to append to, or two options contradict each other."""
    if replace:
        raise BuildError("--append keeps what the corpus holds and --replace does not. Nothing was touched; give one.")
    if not is_corpus(out):
        raise BuildError(f"There is no corpus in {out} to append to. Nothing was touched; build it without --append.")


def _finished(folders: Sequence[str], left_out: frozenset[str]) -> tuple[str, ...]:
    """The corpora whose rows this code would make again as they are."""
    return tuple(folder for folder in folders if is_current(open_corpus(folder), left_out))


def _version(grown: Path | None, shards: Path, numbers: Sequence[int]) -> str:
    """The version of a corpus for which nobody states one."""
    return FIRST_VERSION if grown is None else asked_version(open_corpus(grown), shards, numbers)


def _require_names(job: Job, made: Made) -> None:
    """Raise BuildError where a name stands for two documents: a file was changed since an earlier corpus read it."""
    if not job.has_corpora:
        return
    column = ["source_path"]
    names = [pq.read_table(parquet_path(job.shards, "decisions", each), columns=column) for each in made.shards]
    counted = pc.value_counts(pa.concat_tables(names)["source_path"])
    twice = counted.filter(pc.greater(counted.field("counts"), 1)).field("values").to_pylist()
    if twice:
        raise BuildError(
            f"{listed(sorted(twice))}: an earlier corpus holds this under the same name with other bytes, so the file "
            "was changed since it was read. Nothing was replaced; give the changed file another name."
        )


def _require_some(found: Inputs, arguments: Sequence[str | Path], corrections: Corrections) -> None:
    """Raise BuildError where there is nothing to read, or a name stands for an input and a correction."""
    if shared := corrections.names() & {each.source_path for each in found.files}:
        raise BuildError(
            f"{min(shared)} is the name of an input and of a correction, and `decisions` could not tell them apart. "
            "Nothing was touched; rename the file of corrections."
        )
    if found.files:
        return
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
            f"({listed(vanished.names)}) and would vanish. Nothing was replaced. Add --append to keep them beside what "
            f"is new, give another --out, or add --replace to the same command{so_far}."
        )


def _published(options: BuildOptions, job: Job, shard_bytes: int, about: About | None) -> dict[str, Any]:
    """What the manifest tells of the options."""
    said = {"read": asdict(options.read), "removed": len(options.removed.ids), "shard_bytes": shard_bytes}
    chosen = () if options.layers is None else options.layers
    layers = {LAYERS: [name for name in schema.optional() if name in chosen]} if unchosen(options.layers) else {}
    given = {"limit": options.limit, "corrections": job.terms.corrections.count + len(job.misfitting)}
    stated = {} if about is None else {ABOUT: about.stated()}
    return {
        **said,
        **{name: number for name, number in given.items() if number},
        **layers,
        **options.splits.told(),
        **stated,
    }


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


def _counts(job: Job, made: Made) -> tuple[Counter[str | None], Counter[str]]:
    """Reason to number of `decisions` rows of documents, None for what was kept, and the same of corrections.

    In = out + set aside, or nothing is published.
    """
    shards = job.shards
    counts: Counter[str | None] = Counter()
    misfits: Counter[str] = Counter()
    applied = 0
    for number in made.shards:
        decisions = pq.read_table(parquet_path(shards, "decisions", number), columns=["outcome", "reason"])
        is_document = pc.not_equal(decisions["outcome"], NOT_APPLIED)
        counts.update(decisions.filter(is_document)["reason"].to_pylist())
        misfits.update(decisions.filter(pc.invert(is_document))["reason"].to_pylist())
        applied += pq.read_metadata(parquet_path(shards, "corrections", number)).num_rows
    given = job.terms.corrections.count + len(job.misfitting)
    if applied + misfits.total() != given:
        raise BuildError(
            f"The counts do not balance: {given} corrections were given, {applied} stand in corrections "
            f"and {misfits.total()} in decisions. This is a bug in kliping."
        )
    articles = sum(pq.read_metadata(parquet_path(shards, "articles", number)).num_rows for number in made.shards)
    if counts.total() != made.items or counts[None] != articles:
        raise BuildError(
            f"The counts do not balance: {made.items} documents came in, {counts.total()} have a row in decisions, "
            f"{counts[None]} of them as kept, and there are {articles} articles. This is a bug in kliping."
        )
    return counts, misfits


def _silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def _uncounted(documents: int, set_aside: int) -> None:
    """Counts that nobody wants."""


def _identity(inputs: Sequence[Input], options: BuildOptions, shard_bytes: int | None, engine: str) -> dict[str, str]:
    """What a stopped build must have in common with the one that goes on with its work, as digests by name."""
    takedowns = (sorted(options.removed.ids), options.removed.sketches)
    chosen = (options.read, takedowns, shard_bytes, engine, options.limit, sorted(unchosen(options.layers)))
    return {
        "inputs": _digest(line for source in inputs for line in _traits(source)),
        "options": _digest([repr(chosen)]),
        "corrections": _digest([repr(dict(options.corrections.of))]),
        "code": _digest([repr(schema.load()), *_code(Path(schema.__file__).parent)]),
        "packages": _digest([platform.python_version(), *sorted(_packages())]),
    }


def _traits(source: Input) -> Iterator[str]:
    """What tells that a file is the same without reading it: its place, size and time of change, or what its server
    tells of it."""
    if source.version is not None:
        yield f"{source.source_path}\t{source.size}\t{source.version}"
        return
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
