"""Compares two corpora row by row and says which version number their difference asks for."""

from __future__ import annotations

import difflib
import hashlib
import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pyarrow as pa

from kliping import schema
from kliping.corpus.folder import Corpus
from kliping.corpus.layout import split_of
from kliping.corpus.tables import FILLED_LATER
from kliping.errors import KlipingError
from kliping.schema import Key, TableRow

NONE, PATCH, MINOR, MAJOR = "none", "patch", "minor", "major"
"""The levels of a change, rising; the rule is that of Croissant 1.1, section "Version"."""

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
KINDS = (ADDED, REMOVED, CHANGED, MOVED)
SHOWN_AROUND = 40
"""Characters shown on either side of a difference in a long text."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that stands in one corpus only, differs, or stands in another split."""

    kind: str
    """One of KINDS."""
    key: str
    columns: Mapping[str, tuple[Any, Any]]
    """Column to its (old value, new value), where the row was changed; the column `split` where it moved."""

    def in_words(self, old: str = "old", new: str = "new") -> str:
        """Return one line: `headline: old 'A' new 'B'`."""
        if self.kind in {ADDED, REMOVED}:
            return f"the row is only in the {new if self.kind == ADDED else old} corpus"
        return "; ".join(f"{name}: {_difference(pair, old, new)}" for name, pair in self.columns.items())


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two corpora."""

    rows: Mapping[str, tuple[Change, ...]]
    """Table to its changes, in the order of the keys; tables without any are left out."""
    wide_rows: Mapping[str, tuple[Change, ...]]
    """The same of what follows from these: tables over the whole corpus, and articles where nothing but the columns
    differ that such a table fills."""
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]
    columns_retyped: tuple[str, ...]
    files_changed: tuple[str, ...]

    @property
    def bump(self) -> str:
        """The part of the version number that has to rise.

        PATCH: the same data serialised differently. MINOR: records or fields added. MAJOR: records edited, removed or
        moved between splits, fields removed or of another type (Croissant 1.1, "Version"). Rows of tables over the
        whole corpus, and what they fill in articles, count only where nothing else changed, since they change with it.
        """
        kinds = {change.kind for changes in (self.rows or self.wide_rows).values() for change in changes}
        if kinds & {CHANGED, REMOVED, MOVED} or self.columns_removed or self.columns_retyped:
            return MAJOR
        if kinds or self.columns_added:
            return MINOR
        return PATCH if self.files_changed else NONE


def diff(old: Corpus, new: Corpus) -> Difference:
    """Compare two corpora, one shard of each in memory at a time.

    Raises KlipingError where one of the two is without text and the other not.
    """
    if old.without_text != new.without_text:
        raise KlipingError(
            f"One of {old.path} and {new.path} is without text. Compare like with like: "
            "`kliping export` and `kliping rehydrate` make one of the other."
        )
    before, after = _columns(old), _columns(new)
    both = old.manifest["tables"].keys() & new.manifest["tables"].keys()
    found = {name: tuple(_table_changes(old, new, name)) for name in schema.load().tables if name in both}
    return Difference(
        rows=_those(found, following=False),
        wide_rows=_those(found, following=True),
        columns_added=tuple(sorted(after.keys() - before.keys())),
        columns_removed=tuple(sorted(before.keys() - after.keys())),
        columns_retyped=tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name])),
        files_changed=tuple(_files(old, new)),
    )


def _those(found: Mapping[str, Sequence[Change]], *, following: bool) -> dict[str, tuple[Change, ...]]:
    """The changes that follow from others, or those that do not."""
    chosen = {name: tuple(each for each in found[name] if _follows(name, each) == following) for name in found}
    return {name: changes for name, changes in chosen.items() if changes}


def _follows(name: str, change: Change) -> bool:
    filled = change.kind == CHANGED and change.columns.keys() <= set(FILLED_LATER)
    return filled or name in schema.of_scope(schema.CORPUS)


def _columns(corpus: Corpus) -> dict[str, pa.DataType]:
    """`table.column` -> type, as the first file of every table has it."""
    return {
        f"{name}.{field.name}": field.type
        for name in corpus.manifest["tables"]
        for entry in corpus.files(name)[:1]
        for field in corpus.read(entry["path"]).schema
    }


def _table_changes(old: Corpus, new: Corpus, name: str) -> Iterator[Change]:
    said, says = old.manifest["tables"][name], new.manifest["tables"][name]
    if said["root"] == says["root"] and len({*_splits(old, name), *_splits(new, name)}) < 2:
        return
    yield from _merged(_stream(old, name), _stream(new, name))


def row_changes(name: str, old: pa.Table, new: pa.Table) -> Iterator[Change]:
    """Yield the rows that differ between two versions of a table, or of one shard of it, by key."""
    yield from _merged(_keyed(name, old, ""), _keyed(name, new, ""))


Keyed = tuple[Key, TableRow, str]
"""The key of a row, the row, its split."""


def _merged(old: Iterator[Keyed], new: Iterator[Keyed]) -> Iterator[Change]:
    """Compare two streams of rows in the order of their keys, over the columns that both have."""
    before, after = next(old, None), next(new, None)
    while before or after:
        if after is None or (before and before[0] < after[0]):
            assert before
            yield Change(REMOVED, _written(before[0]), {})
            before = next(old, None)
        elif before is None or after[0] < before[0]:
            yield Change(ADDED, _written(after[0]), {})
            after = next(new, None)
        else:
            yield from _same_key(before, after)
            before, after = next(old, None), next(new, None)


def _same_key(old: Keyed, new: Keyed) -> Iterator[Change]:
    if changed := changed_columns(old[1], new[1]):
        yield Change(CHANGED, _written(old[0]), changed)
    if old[2] != new[2]:
        yield Change(MOVED, _written(old[0]), {"split": (old[2], new[2])})


def changed_columns(old: TableRow, new: TableRow) -> dict[str, tuple[Any, Any]]:
    """Return {column: (old, new)} where two rows differ, of the columns that both have."""
    return {name: (old[name], new[name]) for name in old if name in new and old[name] != new[name]}


def _stream(corpus: Corpus, name: str) -> Iterator[Keyed]:
    """The rows of a table in the order of their keys.

    The shards of a split follow each other by article; where other keys cross that order, all rows are sorted at once.
    """
    streams = [chain.from_iterable(_rows(corpus, name, group)) for group in corpus.files_by_split(name)]
    if schema.load().tables[name].primary_key[0] == "article_id":
        return heapq.merge(*streams, key=_key)
    return iter(sorted(chain.from_iterable(streams), key=_key))


def _rows(corpus: Corpus, name: str, entries: Sequence[Mapping[str, Any]]) -> Iterator[Iterator[Keyed]]:
    return (_keyed(name, corpus.read(entry["path"]), _split(entry)) for entry in entries)


def _key(row: Keyed) -> Key:
    return row[0]


def _keyed(name: str, table: pa.Table, split: str) -> Iterator[Keyed]:
    parts = schema.load().tables[name].primary_key
    for row in sorted(table.to_pylist(), key=lambda row: tuple(row[part] for part in parts)):
        yield tuple(row[part] for part in parts), row, split


def _split(entry: Mapping[str, Any]) -> str:
    return split_of(entry["path"])


def _splits(corpus: Corpus, name: str) -> set[str]:
    return {_split(entry) for entry in corpus.files(name)}


def _files(old: Corpus, new: Corpus) -> Iterator[str]:
    before = {entry["path"]: entry["sha256"] for _, entry in old.all_files()}
    after = {entry["path"]: entry["sha256"] for _, entry in new.all_files()}
    yield from (path for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path))


def _written(key: Key) -> str:
    return "/".join(str(part) for part in key)


def _difference(pair: tuple[Any, Any], old: str, new: str) -> str:
    if all(isinstance(value, str) for value in pair) and max(map(len, pair)) > 2 * SHOWN_AROUND:
        before, after = _window(*pair)
    else:
        before, after = (_in_words(value) for value in pair)
    return f"{old} {before} {new} {after}"


def _in_words(value: Any) -> str:
    """A value in words; of bytes, which are whole pages, what tells them apart."""
    if isinstance(value, bytes):
        return f"{len(value)} bytes with the sha256 {hashlib.sha256(value).hexdigest()}"
    return repr(value)


def _window(old: str, new: str) -> tuple[str, str]:
    """The part of two long texts that differs, with some context."""
    shorter = min(len(old), len(new))
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), shorter)
    tail = shorter - start
    same = next((i for i in range(tail) if old[-1 - i] != new[-1 - i]), tail)
    return _shown(old, start, same), _shown(new, start, same)


def _shown(text: str, start: int, same: int) -> str:
    """The part of a text from `start` up to its last `same` characters, with context, and where it is."""
    part = text[max(0, start - SHOWN_AROUND) : len(text) - same + SHOWN_AROUND]
    return f"at {start}: {'…' if start > SHOWN_AROUND else ''}{part!r}"


def text_diff(old: str, new: str) -> list[str]:
    """Return the lines of a readable diff of two article texts, paragraph by paragraph, with the changed words marked.

    >>> text_diff("Satu.\\n\\nDua tiga empat.", "Satu.\\n\\nDua lima empat.")
    ['paragraph 2: Dua [-tiga-] {+lima+} empat.']
    """
    before, after = old.split("\n\n"), new.split("\n\n")
    lines = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        pairs = min(j - i, m - k)
        lines += [f"paragraph {i + n + 1}: {_words(before[i + n], after[k + n])}" for n in range(pairs)]
        lines += [f"paragraph {i + n + 1}: [-{before[i + n]}-]" for n in range(pairs, j - i)]
        lines += [f"after paragraph {j}: {{+{after[k + n]}+}}" for n in range(pairs, m - k)]
    return lines


def _words(old: str, new: str) -> str:
    """Two versions of a paragraph as one, in the notation of `git diff --word-diff`; long equal stretches cut."""
    before, after = old.split(" "), new.split(" ")
    parts = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(_cut(before[i:j]))
        else:
            parts += [f"[-{' '.join(before[i:j])}-]"] if j > i else []
            parts += [f"{{+{' '.join(after[k:m])}+}}"] if m > k else []
    return " ".join(parts)


def _cut(words: Sequence[str]) -> str:
    return " ".join(words if len(words) <= 12 else [*words[:5], "…", *words[-5:]])
