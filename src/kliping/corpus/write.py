"""Makes a corpus folder out of finished shards: all of it or nothing, never over somebody else's files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from kliping import schema
from kliping.corpus import card, croissant, digests, manifest, statistics
from kliping.corpus.folder import Corpus
from kliping.corpus.layout import CROISSANT, DESCRIBING, MANIFEST, README, SPLIT, SUMS, table_files
from kliping.corpus.manifest import Manifest, read_manifest, shard_paths, version_numbers
from kliping.corpus.settle import settle
from kliping.corpus.shard import (
    LISTED_INPUTS,
    Shard,
    lines_path,
    parquet_path,
    read_shard,
    write_file,
)
from kliping.errors import KlipingError, listed
from kliping.files import file_sha256, flush_folder, write_bytes

_INSIDE = "Nothing was touched; give a folder inside it."
_STAGE, _ASIDE = "partial", "old"
"""How the names of the folders end that stand beside an output while it is replaced."""


class OutputExistsError(KlipingError):
    """The output folder holds something that kliping did not make."""


def check_output(out: Path, force: bool) -> None:
    """Raise OutputExistsError where `finish` would have to overwrite anything but a corpus of ours; to be called early.

    With `force` it may, but for what nobody can mean: the folder one stands in or one above it, the home folder, a git
    repository. A corpus that a killed build had put aside is put back first.
    """
    check_place(out)
    aside = aside_of(out)
    if aside.exists() and not out.exists():
        os.replace(aside, out)
    if not out.exists() or force:
        return
    if not out.is_dir():
        raise OutputExistsError(f"{out} is a file and stays. Give another folder, or --force to overwrite it.")
    if found := foreign_files(out):
        raise OutputExistsError(
            f"{out} holds what kliping did not make ({listed(found)}) and stays. "
            "Give another folder, or --force to overwrite it."
        )


def finish(
    work: Path,
    out: Path,
    shards: Sequence[int],
    *,
    version: str,
    options: Mapping[str, Any] | None = None,
    quality: Mapping[str, Any] | None = None,
    known: Mapping[str, pa.Table] | None = None,
    splits: Sequence[str] | None = None,
    force: bool = False,
) -> Manifest:
    """Make the corpus `out` of the shards with these numbers, in this order, that `write_shard` left in `work`.

    The folder is built beside `out` and then takes its place; until that moment an older corpus stays as it is.
    `options` is what the user chose that shapes the output, `quality` the measured figures that the card quotes,
    `known` the tables over the whole corpus where `settle` has made them already, `splits` the split of each shard
    where the corpus is divided; those of one follow each other. `work` stays.
    Raises OutputExistsError (see `check_output`) and ValueError where the version is no X.Y.Z, a shard is missing or
    damaged, or two shards hold the same article.
    """
    version_numbers(version)
    check_output(out, force)
    if not shards:
        raise ValueError("a corpus has at least one shard")
    made = settle(work, shards) if known is None else known
    complete, counts = _complete(work, shards)
    stage = stage_of(out)
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    without = manifest.missing_tables(options or {})
    names = [name for name in schema.of_scope(schema.ARTICLE) if name not in without]
    homes = [SPLIT] * len(shards) if splits is None else splits
    entries = {name: _collect(name, work, complete, homes, stage) for name in names}
    entries |= {name: _write_wide(name, made[name], stage) for name in schema.of_scope(schema.CORPUS)}
    contents = manifest.compose_manifest(
        version=version,
        tables=entries,
        statistics=counts,
        inputs=_inputs(complete, counts),
        options=options or {},
        quality=quality,
    )
    _write_documents(contents, stage)
    _swap(stage, out)
    return contents


def finish_like(
    corpus: Corpus,
    work: Path,
    out: Path,
    *,
    options: Mapping[str, Any] | None = None,
    known: Mapping[str, pa.Table] | None = None,
    force: bool = False,
) -> Manifest:
    """Make `out` of shards in `work` numbered as those of `corpus`, under its version, figures and options.

    `options` take the place of its own. See `finish`, also for `known` and what is raised.
    """
    said = corpus.manifest
    return finish(
        work,
        out,
        range(corpus.shard_count),
        version=said["version"],
        options=said["options"] if options is None else options,
        quality=said["quality"],
        known=known,
        splits=corpus.splits,
        force=force,
    )


def render_sums(corpus: Path, known: Mapping[str, str] | None = None) -> str:
    """Return the content of SHA256SUMS for a folder, as `sha256sum -c` reads it: every file but itself, by path.

    Files whose digest is known, by path, are not read.
    """
    paths = sorted(path.relative_to(corpus).as_posix() for path in corpus.rglob("*") if path.is_file())
    known = known or {}
    sums = {path: known.get(path) or file_sha256(corpus / path) for path in paths if path != SUMS}
    return "".join(f"{sha256}  {path}\n" for path, sha256 in sums.items())


def _complete(work: Path, numbers: Sequence[int]) -> tuple[list[Shard], statistics.Statistics]:
    """The shards without their counts, of which there may be very many, and the counts of all of them together."""
    shards: list[Shard] = []
    counts: statistics.Statistics = {}
    for number in numbers:
        shard = read_shard(work, number)
        if shard is None:
            raise ValueError(f"shard {number} in {work} is missing or damaged: it has to be built again")
        counts = statistics.add(counts, shard.statistics)
        shards.append(replace(shard, statistics={}))
    return shards, counts


def _collect(name: str, work: Path, shards: Sequence[Shard], splits: Sequence[str], stage: Path) -> dict[str, Any]:
    """Put a table's files into the stage under their final names; its entry in the manifest."""
    files: list[dict[str, Any]] = []
    (stage / name).mkdir()
    for path, shard in zip(table_files(name, splits), shards, strict=True):
        _link(parquet_path(work, name, shard.number), stage / path)
        file = shard.files[name]
        told = {"sha256": file.sha256, "bytes": file.bytes, "rows": file.rows, "arrow_bytes": file.arrow_bytes}
        files.append({"path": path, **told})
    entry = {
        "rows": sum(shard.files[name].rows for shard in shards),
        "arrow_bytes": sum(shard.files[name].arrow_bytes for shard in shards),
        "root": digests.merged_root([lines_path(work, name, shard.number) for shard in shards]),
        "files": files,
    }
    if len(shards) == 1:
        entry["columns"] = digests.column_roots(name, stage / files[0]["path"])
    return entry


def _write_wide(name: str, table: pa.Table, stage: Path) -> dict[str, Any]:
    """Put a table over the whole corpus into the stage as one file; its entry in the manifest."""
    with tempfile.TemporaryDirectory(dir=stage) as folder:
        file = write_file(name, table.schema, [table], Path(folder), 0)
        return _collect(name, Path(folder), [Shard(0, {name: file}, {}, None)], [SPLIT], stage)


def _inputs(shards: Sequence[Shard], counts: statistics.Statistics) -> dict[str, Any]:
    count = statistics.input_count(counts)
    if count > LISTED_INPUTS:
        return {"count": count}
    return {"count": count, "files": {path: sha for shard in shards for path, sha in (shard.inputs or {}).items()}}


def _write_documents(contents: Manifest, stage: Path) -> None:
    texts = {
        MANIFEST: manifest.dump(contents),
        README: card.render_readme(contents, Corpus(stage, contents).sample()),
        CROISSANT: croissant.render_croissant(contents),
    }
    for name, text in texts.items():
        write_bytes(stage / name, text.encode())
    known = {file["path"]: file["sha256"] for entry in contents["tables"].values() for file in entry["files"]}
    write_bytes(stage / SUMS, render_sums(stage, known).encode())
    for folder in (stage, *(stage / name for name in contents["tables"])):
        flush_folder(folder)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(source, target)


def check_place(out: Path) -> None:
    """Raise OutputExistsError where no corpus can take the place of `out`, or nobody can mean that one does.

    That is the root of a file system, the folder one stands in or one above it, the home folder, a git repository.
    """
    real = Path(os.path.realpath(out))
    if os.path.ismount(real):
        raise OutputExistsError(f"{out} is the root of a file system, which is replaced by nothing. {_INSIDE}")
    if any(place.is_relative_to(real) for place in (Path.cwd(), Path.home())) or (real / ".git").exists():
        raise OutputExistsError(f"{out} is the current or home folder or a git repository. {_INSIDE}")


def stage_of(out: Path) -> Path:
    """Return the folder beside `out` in which a corpus is put together."""
    return out.with_name(f".{out.name}.{_STAGE}")


def aside_of(out: Path) -> Path:
    """Return where an older corpus stands while the new one takes its place."""
    return out.with_name(f".{out.name}.{_ASIDE}")


def matches_path(out: Path) -> Path:
    """Return where stands, beside an output, what its articles are copies of in an earlier corpus."""
    return out.with_name(f"{out.name}.matches.csv")


def output_of(folder: Path) -> Path | None:
    """Return the output whose stage or older corpus this is by its name; None for a folder of another name."""
    name, _, ending = folder.name.removeprefix(".").rpartition(".")
    is_hidden = folder.name.startswith(".") and name != ""
    return folder.with_name(name) if is_hidden and ending in (_STAGE, _ASIDE) else None


def _swap(stage: Path, out: Path) -> None:
    aside = aside_of(out)
    if out.exists():
        _remove(aside)
    try:
        if out.exists():
            os.replace(out, aside)
        os.replace(stage, out)
    except BaseException:
        if aside.exists() and not out.exists():
            os.replace(aside, out)
        raise
    flush_folder(out.parent)
    _remove(aside)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def foreign_files(folder: Path) -> list[str]:
    """Return what stands in a folder beyond a corpus of ours: all of it, where the folder has no manifest of ours."""
    found = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()
    }
    try:
        contents = read_manifest(folder)
    except KlipingError:
        return sorted(found)
    ours = {*DESCRIBING, SUMS, *(path for name in contents["tables"] for path in shard_paths(contents, name))}
    return sorted(found - ours)
