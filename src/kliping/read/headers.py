"""The names of a table's columns: whether its first row has them, and what stands for them where it has not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from kliping import knowledge
from kliping.read.options import Options

_NAME = re.compile(r"[^\W\d][\w .()/:@$\[\]-]{0,59}")
"""How columns are named: no figure and no quote first, no sentence."""
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:[.,]\d{1,30})?%?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].{0,40})?")
_ADDRESS = re.compile(r"https?://\S{1,2000}")
_LONG = 100
"""Characters that a column of texts has on average at least; titles have fewer."""
_BY_FAR = 3
"""How many times longer than any other the column of texts is where no header names it."""


def column_names(cells: Sequence[object]) -> tuple[str, ...]:
    """Return the names in a header row, each once: of several columns called `isi` the second is `isi (2)`."""
    names: list[str] = []
    for cell in cells:
        name = unique = str("" if cell is None else cell).strip().lstrip("\ufeff")
        number = 2
        while unique in names:
            unique, number = f"{name} ({number})", number + 1
        names.append(unique)
    return tuple(names)


@cache
def known_names() -> frozenset[str]:
    """Return every field name that knowledge/columns.toml lists, in lower case."""
    return frozenset(_strings(knowledge.load("columns.toml")))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.lower()
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def known(cells: Sequence[str], options: Options) -> int:
    """Return how many cells of a row are names that dumps use, or that the options give."""
    names = _names(options)
    return sum(len(cell) < _LONG and cell.strip().lower() in names for cell in cells)


@cache
def _names(options: Options) -> frozenset[str]:
    return known_names().union(_strings([getattr(options, name) for name in _OPTIONS]))


_OPTIONS = ("text_field", "url_field", "date_field", "title_field", "author_field", "outlet_field")


def may_be_header(cells: Sequence[str]) -> bool:
    """Whether every cell of a row could name a column; an index column's may be empty."""
    named = [cell.strip() for cell in cells if cell.strip()]
    return bool(named) and len(named) + 1 >= len(cells) and all(map(_NAME.fullmatch, named))


def cell_kind(cell: str) -> str:
    """Return what a cell holds: `empty`, `number`, `date`, `address` or `text`."""
    cell = cell.strip()
    if not cell:
        return "empty"
    for name, pattern in (("number", _NUMBER), ("date", _DATE), ("address", _ADDRESS)):
        if pattern.fullmatch(cell):
            return name
    return "text"


def is_header(rows: Sequence[Sequence[str]], options: Options) -> bool:
    """Whether the first of these rows names the columns of the others.

    It does where it has a name that dumps use, or where every cell could be a name and a column below it holds what no
    name looks like.
    """
    first, others = rows[0], rows[1:]
    if known(first, options) and all(cell_kind(cell) in ("text", "empty") and len(cell) < 60 for cell in first):
        return True
    return may_be_header(first) and any(
        not _NAME.fullmatch(cell.strip()) for row in others for cell in row if cell.strip()
    )


def text_column(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the position, from 0, of the one column whose cells are long texts; None where none or several could be.

    For tables without a header: a column of one has the articles only if no other comes near it.
    """
    width = min(map(len, rows), default=0)
    means = [sum(len(row[column]) for row in rows) / len(rows) for column in range(width)]
    best = max(range(width), key=means.__getitem__, default=None)
    if best is None or means[best] < _LONG:
        return None
    rivals = [mean for column, mean in enumerate(means) if column != best]
    return best if all(means[best] >= _BY_FAR * mean for mean in rivals) else None
