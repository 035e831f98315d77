"""Holds a release to its version number: never below what its difference to the one before asks for."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from kliping.check.audit import FAILED, audit
from kliping.check.diff import MAJOR, MINOR, NONE, PATCH, Difference, diff
from kliping.corpus.folder import Corpus
from kliping.corpus.manifest import version_numbers
from kliping.errors import KlipingError
from kliping.report.changes import changelog_section

_SECTION = re.compile(r"^## ", re.M)


def least_version(old: str, bump: str) -> str:
    """Return the lowest version that may follow `old` after changes that ask for `bump`.

    >>> [least_version("1.4.2", bump) for bump in ("none", "patch", "minor", "major")]
    ['1.4.2', '1.4.3', '1.5.0', '2.0.0']
    """
    major, minor, patch = _numbers(old)
    least = {
        NONE: (major, minor, patch),
        PATCH: (major, minor, patch + 1),
        MINOR: (major, minor + 1, 0),
        MAJOR: (major + 1, 0, 0),
    }
    return ".".join(map(str, least[bump]))


def prepare_release(old: Corpus, new: Corpus, version: str, changelog: Path) -> Difference:
    """Check that `new` may be released as `version` after `old`, and write its section into the changelog.

    A section of that version that stands there already is replaced. Returns what changed.
    Raises KlipingError where the version is below what the changes ask for, the corpus was built under another one,
    or it does not pass the audit; nothing is written then.
    """
    found = diff(old, new)
    before, least = old.manifest["version"], least_version(old.manifest["version"], found.bump)
    if _numbers(version) < _numbers(least):
        raise KlipingError(
            f"{version} is too low: the changes since {before} ask for {least} ({found.bump}). "
            f"`kliping diff {old.path} {new.path}` shows them."
        )
    if new.manifest["version"] != version:
        raise KlipingError(
            f"{new.path} was built as {new.manifest['version']}, not as {version}. "
            "Set VERSION in scripts/build_corpus.py and run `make corpus` again."
        )
    for step in audit(new):
        if step.status == FAILED:
            raise KlipingError(f"{new.path} fails the audit at {step.title!r} ({step.incidents[0]}): not released.")
    section = changelog_section(version, found, new.digest)
    changelog.write_text(with_section(changelog.read_text("utf-8"), version, section), encoding="utf-8")
    return found


def with_section(changelog: str, version: str, section: str) -> str:
    """Return the changelog with this section on top, in place of one of the same version."""
    edges = [*(match.start() for match in _SECTION.finditer(changelog)), len(changelog)]
    head, parts = changelog[: edges[0]], [changelog[start:end] for start, end in pairwise(edges)]
    others = [part for part in parts if part.partition("\n")[0] != f"## {version}"]
    return "".join([head.rstrip("\n"), "\n\n", section, *(f"\n{part.rstrip(chr(10))}\n" for part in others)])


def _numbers(version: str) -> tuple[int, int, int]:
    try:
        return version_numbers(version)
    except ValueError as error:
        raise KlipingError(str(error)) from None
