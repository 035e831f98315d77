"""Puts the difference of two corpora into lines that a person reads and a changelog keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kliping.check.diff import MAJOR, MINOR, NONE, PATCH, Change, Difference, text_diff

WHY = {
    NONE: "the two are the same to the byte",
    PATCH: "the same data, serialised differently",
    MINOR: "records or fields were added",
    MAJOR: "records were edited, removed or moved, or fields removed",
}


def in_lines(difference: Difference, most: int) -> Iterator[str]:
    """Yield the difference table by table, at most `most` rows of each, and what version number it asks for."""
    for table, changes in difference.rows.items():
        if changes:
            yield f"{table}: {counts(changes)}"
            for change in changes[:most]:
                yield from _change(change)
            if len(changes) > most:
                yield f"  ... and {len(changes) - most} rows more (--most N shows more)"
    for title in ("columns_added", "columns_removed", "moved", "files_changed"):
        names = getattr(difference, title)
        if names:
            yield f"{title.replace('_', ' ')}: {', '.join(names[:most])}{' ...' if len(names) > most else ''}"
    yield f"version bump: {difference.bump} ({WHY[difference.bump]})"


def counts(changes: tuple[Change, ...]) -> str:
    """`2 rows added, 1 changed`."""
    kinds = Counter(change.kind for change in changes)
    return ", ".join(f"{kinds[kind]} {kind}" for kind in ("added", "removed", "changed") if kinds[kind])


def _change(change: Change) -> Iterator[str]:
    yield f"  {change.key}: {change.in_words()}"
    old, new = change.columns.get("text", (None, None))
    if isinstance(old, str) and isinstance(new, str):
        yield from (f"    {line}" for line in text_diff(old, new))


def changelog_section(version: str, difference: Difference) -> str:
    """The CHANGELOG.md section of a release, from its difference to the one before."""
    lines = [f"## {version}", ""]
    for table, changes in difference.rows.items():
        if changes:
            lines.append(f"- `{table}`: {counts(changes)}")
    lines += [f"- column added: `{name}`" for name in difference.columns_added]
    lines += [f"- column removed: `{name}`" for name in difference.columns_removed]
    lines += [f"- moved: {line}" for line in difference.moved]
    lines += [] if len(lines) > 2 else [f"- {WHY[difference.bump]}"]
    return "\n".join(lines) + "\n"
