"""Says in a few lines, or as JSON, what was seen of inputs before a build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from kliping import schema
from kliping.errors import printable
from kliping.model import Annotation
from kliping.report.inspection import FORMS, Inspection, Looked
from kliping.report.terminal import GROUP_STYLE, evidence_table, to_json

_UNITS = ("bytes", "KB", "MB", "GB", "TB")
_LONGEST = 1_000
"""Characters of a segment that are laid out; a line of a terminal shows fewer."""
NOT_READ = ""


def show_inspection(found: Inspection, console: Console) -> None:
    """Print what was seen to `console`, the first article last."""
    for line in inspection_lines(found):
        console.print(Text(printable(line)), soft_wrap=True)
    if found.first is not None:
        console.print(Group(*_article(found.first)))


def inspection_lines(found: Inspection) -> Iterator[str]:
    """Yield what was seen of each input; the characters of its names are as the files have them."""
    if found.remark:
        yield found.remark
    for looked in found.inputs:
        yield from _lines(looked)
    if found.files_left:
        yield f"{found.files_left:,} more files were not looked into."


def inspection_json(found: Inspection) -> dict[str, Any]:
    """Return the same as JSON values; `first_article` has the rows of every table, as `annotate --json` prints them."""
    return {
        "inputs": [_json(looked) for looked in found.inputs],
        "files_left": found.files_left,
        "remark": found.remark,
        "first_article": to_json(found.first) if found.first else None,
    }


def _json(looked: Looked) -> dict[str, Any]:
    name, sign = FORMS[looked.form]
    aside = {reason: {"count": count, "first": first} for reason, (count, first) in looked.set_aside.items()}
    return {**asdict(looked), "format": name, "recognised_by": sign, "set_aside": aside}


def _lines(looked: Looked) -> Iterator[str]:
    name, sign = FORMS[looked.form]
    packed = ", packed" if looked.is_packed else ""
    more = f" and {looked.files - 1:,} more of its kind" if looked.files > 1 else ""
    yield f"{looked.name}{more}: {name}{packed} ({sign}), {_size(looked.byte_count)}"
    yield f"  {_counted(looked)}"
    yield from (f"  {column:14} is read from {names}" for column, names in _sources(looked.fields))
    if unread := [field for field, read_as in looked.fields.items() if read_as == NOT_READ]:
        yield f"  {'not read':14} {', '.join(unread)}"
    for reason, (count, first) in looked.set_aside.items():
        yield f"  set aside: {count:,} {reason}, such as {first}"


def _counted(looked: Looked) -> str:
    least = "" if looked.is_counted_out else "at least "
    records = "record" if looked.record_count == 1 and looked.is_counted_out else "records"
    all_of = looked.looked_at == looked.record_count and looked.is_counted_out
    these = "looked at all" if all_of else f"looked at the first {looked.looked_at:,}"
    stop = "" if looked.is_counted_out else ", where counting stopped"
    return f"{least}{looked.record_count:,} {records}{stop}; {these}: {looked.kept:,} kept"


def _sources(fields: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each column that is read, the text first, and the fields it is read from."""
    columns = dict.fromkeys(["text", "headline", *fields.values()])
    for column in columns:
        names = [field for field, read_as in fields.items() if read_as == column]
        if names and column != NOT_READ:
            yield column, ", ".join(names)


def _size(count: int) -> str:
    size = float(count)
    for unit in _UNITS[:-1]:
        if size < 1000:
            return f"{size:,.0f} {unit}" if size >= 10 or unit == _UNITS[0] else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} {_UNITS[-1]}"


def _article(annotation: Annotation) -> Iterable[RenderableType]:
    """The article in a compact view: a line for each segment, then its values with what proves them."""
    yield Text("")
    yield Text(f"The first article: {annotation.document.source_path}", style="bold")
    table = Table.grid(padding=(0, 2))
    longest = max((len(segment.role) for segment in annotation.segments), default=0)
    table.add_column(no_wrap=True, justify="right", min_width=longest)
    table.add_column(no_wrap=True, overflow="ellipsis")
    for segment in annotation.segments:
        style = GROUP_STYLE[schema.group("roles", segment.role)]
        table.add_row(Text(segment.role, style=style), Text(printable(segment.text[:_LONGEST])))
    yield table
    yield Text("")
    yield evidence_table(annotation.evidence)
