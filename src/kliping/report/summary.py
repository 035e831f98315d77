"""Says in a few lines what a build made of its inputs."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from kliping.corpus.folder import open_corpus
from kliping.errors import printable
from kliping.model import NOT_APPLIED

if TYPE_CHECKING:
    from kliping.building.build import Summary

_PATTERN_SIGNS = ("*", "?", "[", "::")
NAMED = 10
"""Documents named in the summary of a build; a table of thousands is not for reading."""


def summary_lines(summary: Summary, out: Path) -> Iterator[str]:
    """Yield what came in, what was kept, what was set aside and why, and how to go on."""
    return map(printable, _summary_lines(summary, out))


def _summary_lines(summary: Summary, out: Path) -> Iterator[str]:
    if summary.notice:
        yield summary.notice
    yield from summary.remarks
    yield f"{out}: version {summary.manifest['version']}, {summary.kept} of {summary.documents} documents kept"
    for name, table in summary.manifest["tables"].items():
        yield f"  {name:16} {table['rows']:>10,} rows  {table['root']}"
    for reason, count in summary.set_aside.items():
        yield f"  set aside: {count:,} {reason}"
    if summary.set_aside:
        yield from _named(summary, out)
    yield from _of_corrections(summary, out)
    yield _how_to_load(out)


def _of_corrections(summary: Summary, out: Path) -> Iterator[str]:
    """How many corrections there were, which did not fit, and why."""
    if summary.corrections:
        misfits = sum(summary.misfits.values())
        yield f"  corrections: {summary.corrections:,} given, {misfits:,} of them did not fit"
        yield from _examples(out, corrections=True)
        if misfits > NAMED:
            yield f"    and {misfits - NAMED:,} more: every one has its reason in {out}/decisions"


def _how_to_load(out: Path) -> str:
    """What to type in Python; `datasets` takes the path of a folder for a pattern and loads what matches it."""
    path = os.fspath(out)
    if path.startswith("~") or any(sign in os.path.abspath(path) for sign in _PATTERN_SIGNS):
        return (
            f"datasets reads a path as a pattern, and this one has a sign of that ({' '.join(_PATTERN_SIGNS)} or a "
            f"leading ~): move {path} before you load it."
        )
    return f"Load it: datasets.load_dataset({json.dumps(path, ensure_ascii=False)})"


def _named(summary: Summary, out: Path) -> Iterator[str]:
    """The first documents that were set aside, each with its reason, and where the others are."""
    yield from _examples(out, corrections=False)
    more = sum(summary.set_aside.values()) - NAMED
    if more > 0:
        yield f"    and {more:,} more: every one has its reason in {out}/decisions"


def _examples(out: Path, *, corrections: bool) -> Iterator[str]:
    for row in itertools.islice(_refused(out, corrections), NAMED):
        yield f"    {row['source_path']}: {row['reason']}. {row['detail'] or ''}".rstrip()


def _refused(out: Path, corrections: bool) -> Iterator[dict[str, str | None]]:
    """The rows of `decisions` of documents that were set aside, or of corrections that did not fit."""
    corpus = open_corpus(out)
    for index in range(corpus.shard_count):
        decisions = corpus.table("decisions", index)
        is_correction = pc.field("outcome") == NOT_APPLIED
        wanted = is_correction if corrections else ~is_correction
        yield from decisions.filter(pc.field("reason").is_valid() & wanted).to_pylist()
