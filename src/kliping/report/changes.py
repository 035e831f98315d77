"""Puts the difference of two corpora into lines that a person reads and a changelog keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kliping.check.diff import KINDS, MAJOR, MINOR, NONE, PATCH, Change, Difference, text_diff
from kliping.errors import printable

WHY = {
    NONE: "the two hold the same files",
    PATCH: "the same data, serialised differently",
    MINOR: "records or fields were added",
    MAJOR: "records were edited, removed or moved, or fields removed or retyped",
}
COLUMN_CHANGES = {"columns_added": "added", "columns_removed": "removed", "columns_retyped": "of another type"}


def in_lines(difference: Difference, most: int) -> Iterator[str]:
    """Yield the difference table by table, at most `most` rows of each, and what version number it asks for."""
    return map(printable, _in_lines(difference, most))


def _in_lines(difference: Difference, most: int) -> Iterator[str]:
    for table, changes in (*difference.rows.items(), *difference.wide_rows.items()):
        yield f"{table}: {counts(changes)}"
        for change in changes[:most]:
            yield from _change(change)
        if len(changes) > most:
            yield f"  ... and {len(changes) - most} more (--most N shows more)"
    for attribute, words in COLUMN_CHANGES.items():
        if names := getattr(difference, attribute):
            yield f"columns {words}: {', '.join(names)}"
    if difference.files_changed:
        yield f"files that are other: {_some(difference.files_changed, most)}"
    yield f"version bump: {difference.bump} ({WHY[difference.bump]})"


def _some(names: Sequence[str], most: int) -> str:
    return ", ".join([*names[:most], *(["..."] if len(names) > most else [])])


def counts(changes: Sequence[Change]) -> str:
    """Return the counts in words: `2 rows added, 1 changed`."""
    kinds = Counter(change.kind for change in changes)
    said = [f"{kinds[kind]} {kind}" for kind in KINDS if kinds[kind]]
    first, _, rest = said[0].partition(" ")
    return ", ".join([f"{first} {'row' if first == '1' else 'rows'} {rest}", *said[1:]])


def _change(change: Change) -> Iterator[str]:
    old, new = change.columns.get("text", (None, None))
    if not isinstance(old, str) or not isinstance(new, str) or "\n\n" not in old + new:
        yield f"  {change.key}: {change.in_words()}"
        return
    others = {name: pair for name, pair in change.columns.items() if name != "text"}
    words = Change(change.kind, change.key, others).in_words()
    yield f"  {change.key}: {'; '.join(filter(None, [words, 'text:']))}"
    yield from (f"    {line}" for line in text_diff(old, new))


def changelog_section(version: str, difference: Difference, digest: str | None) -> str:
    """Return the changelog's section of a release, from its difference to the last one and the digest that names it."""
    rows = (*difference.rows.items(), *difference.wide_rows.items())
    lines = [f"- `{table}`: {counts(changes)}" for table, changes in rows]
    for attribute, words in COLUMN_CHANGES.items():
        lines += [f"- column {words}: `{name}`" for name in getattr(difference, attribute)]
    lines += [f"- {difference.bump}: {WHY[difference.bump]}"]
    lines += [f"- `kliping audit corpus --published {digest}`"] if digest else []
    return "\n".join([f"## {version}", "", *lines]) + "\n"
