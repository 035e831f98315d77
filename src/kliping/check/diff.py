"""Compares two corpora row by row and says which version number their difference asks for."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from kliping import release, schema
from kliping.check.corpus import Corpus

NONE, PATCH, MINOR, MAJOR = "none", "patch", "minor", "major"
LEVELS = (NONE, PATCH, MINOR, MAJOR)
"""Rising; the rule is that of Croissant 1.1, section "Version"."""

CONTEXT = 40
"""Characters shown on either side of a difference in a long text."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that stands in one corpus only, or differs; columns -> (old value, new value)."""

    kind: str
    """added, removed or changed."""
    key: str
    columns: Mapping[str, tuple[Any, Any]]

    def in_words(self, old: str = "old", new: str = "new") -> str:
        """One line: `changed headline: old 'A' new 'B'`."""
        if self.kind != "changed":
            return f"the row is {'only in the ' + (new if self.kind == 'added' else old)} corpus"
        return "; ".join(f"{name}: {_difference(pair, old, new)}" for name, pair in self.columns.items())


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two corpora."""

    rows: Mapping[str, tuple[Change, ...]]
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]
    moved: tuple[str, ...]
    """Rows that changed split, as `table key: old -> new`."""
    files_changed: tuple[str, ...]

    @property
    def bump(self) -> str:
        """The part of the version number that has to rise.

        PATCH: the same data serialised differently. MINOR: records or fields added. MAJOR: records edited,
        removed or moved between splits, or fields removed (Croissant 1.1, "Version").
        """
        kinds = {change.kind for changes in self.rows.values() for change in changes}
        if kinds & {"changed", "removed"} or self.columns_removed or self.moved:
            return MAJOR
        if kinds or self.columns_added:
            return MINOR
        return PATCH if self.files_changed else NONE


def diff(old: Corpus, new: Corpus) -> Difference:
    """Compare two corpora. The table `domains` is a summary of others and left out of what asks for a version."""
    names = [name for name in new.manifest["tables"] if name in old.manifest["tables"] and name != "domains"]
    before = {name: release.read_table(old.path, name) for name in names}
    after = {name: release.read_table(new.path, name) for name in names}
    return Difference(
        rows={name: tuple(row_changes(name, before[name], after[name])) for name in names},
        columns_added=tuple(_columns(after, before)),
        columns_removed=tuple(_columns(before, after)),
        moved=tuple(_moved(old, new, names)),
        files_changed=tuple(_files(old, new)),
    )


def _columns(these: Mapping[str, pa.Table], those: Mapping[str, pa.Table]) -> Iterator[str]:
    for name, table in these.items():
        yield from (f"{name}.{column}" for column in table.column_names if column not in those[name].column_names)


def row_changes(name: str, old: pa.Table, new: pa.Table) -> Iterator[Change]:
    """Yield the rows of a table that differ, by key, over the columns that both have."""
    shared = [column for column in old.column_names if column in new.column_names]
    before, after = _keyed(name, old.select(shared)), _keyed(name, new.select(shared))
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            yield Change("removed", _written(key), {})
        elif key not in before:
            yield Change("added", _written(key), {})
        elif changed := changed_columns(before[key], after[key]):
            yield Change("changed", _written(key), changed)


def changed_columns(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return {column: (old, new)} where two rows differ."""
    return {name: (old[name], new[name]) for name in old if old[name] != new[name]}


def _keyed(name: str, table: pa.Table) -> dict[tuple[Any, ...], dict[str, Any]]:
    key = schema.load().tables[name].primary_key
    return {tuple(row[part] for part in key): row for row in table.to_pylist()}


def _written(key: tuple[Any, ...]) -> str:
    return "/".join(str(part) for part in key)


def _moved(old: Corpus, new: Corpus, names: list[str]) -> Iterator[str]:
    for name in names:
        if len({_split(entry) for corpus in (old, new) for entry in corpus.files(name)}) < 2:
            continue
        before, after = _splits(old, name), _splits(new, name)
        for key in sorted(before.keys() & after.keys()):
            if before[key] != after[key]:
                yield f"{name} {_written(key)}: {before[key]} -> {after[key]}"


def _split(entry: Mapping[str, Any]) -> str:
    """The split that a file belongs to: the part of its name before `-00000-of-00001`."""
    file: str = entry["path"].rpartition("/")[2]
    return file.rsplit("-", 3)[0]


def _splits(corpus: Corpus, name: str) -> dict[tuple[Any, ...], str]:
    return {key: _split(entry) for entry in corpus.files(name) for key in _keyed(name, corpus.read(entry["path"]))}


def _files(old: Corpus, new: Corpus) -> Iterator[str]:
    before = {entry["path"]: entry["sha256"] for name in old.manifest["tables"] for entry in old.files(name)}
    after = {entry["path"]: entry["sha256"] for name in new.manifest["tables"] for entry in new.files(name)}
    yield from (path for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path))


def _difference(pair: tuple[Any, Any], old: str, new: str) -> str:
    if all(isinstance(value, str) for value in pair) and max(map(len, pair)) > 2 * CONTEXT:
        before, after = _window(*pair)
    else:
        before, after = (repr(value) for value in pair)
    return f"{old} {before} {new} {after}"


def _window(old: str, new: str) -> tuple[str, str]:
    """The part of two long texts that differs, with some context."""
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    tail = min(len(old), len(new)) - start
    same = next((i for i in range(tail) if old[-1 - i] != new[-1 - i]), tail)
    return tuple(
        f"at {start}: {'…' if start > CONTEXT else ''}{text[max(0, start - CONTEXT) : len(text) - same + CONTEXT]!r}"
        for text in (old, new)
    )  # type: ignore[return-value]


def text_diff(old: str, new: str) -> list[str]:
    """The lines of a readable diff of two article texts, paragraph by paragraph."""
    lines = difflib.unified_diff(old.split("\n\n"), new.split("\n\n"), "old", "new", lineterm="", n=0)
    return list(lines)
