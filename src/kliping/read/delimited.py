"""One document a row of a CSV or TSV file: commas, semicolons, tabs or pipes, quoted or not, in any encoding.

`file.csv#N` is the Nth record under the header, from 1, whatever lines it spans. A row that is broken (a quote without
its end, too many or too few cells) costs itself alone: reading goes on at the next line that begins a row as the rows
before it did, and what lies between belongs to the broken one.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath

from kliping.encoding import decode
from kliping.model import RawDocument, Refusal, SetAside
from kliping.read import headers, records
from kliping.read.options import MAX_RECORD_BYTES, Input, Options, Record, finished
from kliping.read.streams import head_text, lines

DELIMITERS = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".psv": "|"}
"""What names of files promise."""
_LOOKED_AT = 2**16
"""Characters by which the dialect is told."""
_ROWS = 50
_LONG = 200
"""Characters; a row of names has fewer."""
_LONGEST_LINE = 2 * MAX_RECORD_BYTES
_LONGEST_SPAN = 2**22
"""Characters that a record of several lines may have; a quote that closes later than that was never closed."""
_NO_DELIMITER = "\x1f"
"""Stands for the delimiter of a table of one column."""
_BLANK_LINE = re.compile(r"\n[ \t]{0,99}\r?\n")
_DIRECTIVE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""How spreadsheets are told the delimiter."""

csv.field_size_limit(2**31 - 1)  # the readers here have limits of their own; the module's is one for all threads


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file writes its rows."""

    delimiter: str
    header: bool
    """Whether the first row names the columns."""
    escape: str | None = None
    """What stands before a quote that does not end its cell; None where it is doubled."""
    blanks: bool = False
    """Whether a blank follows each delimiter."""
    width: int = 1
    """Cells a row."""
    text: int | None = None
    """The position of the column with the texts, where no header names it."""


def dialect(text: str, path: str, options: Options) -> Dialect | None:
    """Return how the file that begins with `text` writes its rows; None where it is no table.

    A table is known by a header with names that dumps use, else by rows that agree in their number of cells. In prose
    a blank follows a comma, in a table a cell does.
    """
    text = text.removeprefix("\ufeff")
    directive = _DIRECTIVE.match(text)
    suffix = PurePosixPath(path.lower()).suffix
    named = DELIMITERS.get(suffix)
    sample = _sample(text[directive.end() if directive else 0 :])
    if named is None and len(sample) > _LONG and "\n" not in sample and "\r" not in sample:
        return None
    escape = "\\" if '\\"' in sample and '""' not in sample else None
    candidates = [directive[1]] if directive else dict.fromkeys([*filter(None, [named]), ",", ";", "\t", "|"])
    found = [one for delimiter in candidates if (one := _told(sample, delimiter, named is not None, escape, options))]
    if found:
        return max(found, key=lambda one: (one[0], one[1].width))[1]
    return _one_column(sample, named is not None, escape, options)


def _sample(text: str) -> str:
    """The first lines, whole ones where there are more."""
    text = text[:_LOOKED_AT]
    end = max(text.rfind("\n"), text.rfind("\r")) if len(text) == _LOOKED_AT else -1
    return text[: end + 1] if end > 0 else text


def _rows(sample: str, delimiter: str, blanks: bool, escape: str | None) -> list[list[str]]:
    reader = csv.reader(
        io.StringIO(sample.replace("\r\n", "\n").replace("\r", "\n")),
        delimiter=delimiter, skipinitialspace=blanks, escapechar=escape, doublequote=escape is None,
    )  # fmt: skip
    return [row for row in itertools.islice(reader, _ROWS) if row]


def _told(sample: str, delimiter: str, named: bool, escape: str | None, options: Options) -> tuple[int, Dialect] | None:
    """The dialect with this delimiter, and how many columns have names that dumps use."""
    first_line = sample.lstrip("\r\n").partition("\n")[0]
    if not named and _is_prose(first_line, delimiter):
        return None
    blanks = delimiter + " " in first_line or delimiter + ' "' in sample[:2000]
    rows = _rows(sample, delimiter, blanks, escape)
    if not rows or len(rows[0]) < 2:
        return None
    first, width = rows[0], len(rows[0])
    names = headers.known(first, options)
    header = headers.is_header(rows, options)
    agree = sum(len(row) == width for row in rows)
    if not (
        (header and names >= 2)
        or (header and names and (named or agree > 1))
        or (named and (headers.may_be_header(first) or agree > 1))
        or _is_regular(_rows(sample, delimiter, False, escape), delimiter)
    ):
        return None
    text = None if header else headers.text_column([row for row in rows if len(row) == width])
    return names, Dialect(delimiter, header, escape, blanks, width, text)


def _is_prose(line: str, delimiter: str) -> bool:
    """Whether a first line holds no delimiter of cells: none, or in a long line those that a blank follows."""
    count = line.count(delimiter)
    quoted = '"' + delimiter in line or delimiter + '"' in line
    return not count or (len(line) > _LONG and 2 * line.count(delimiter + " ") >= count and not quoted)


def _is_regular(rows: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Whether nearly all rows have as many cells, and no writer of prose put the delimiters there."""
    agree = sum(len(row) == len(rows[0]) for row in rows)
    if len(rows) < 3 or agree * 10 < 9 * len(rows):
        return False
    return 5 * sum(map(_is_written, rows)) < len(rows)


def _is_written(cells: Sequence[str]) -> bool:
    """Whether blanks follow the delimiters, as they do in prose."""
    return any(cell.startswith(" ") for cell in cells[1:])


def _one_column(sample: str, named: bool, escape: str | None, options: Options) -> Dialect | None:
    """The dialect of a table with a single column: its name alone on the first line, then texts in quotes.

    Under a name that promises a table, texts without quotes will do; paragraphs with blank lines between are prose.
    """
    rows = _rows(sample, _NO_DELIMITER, False, escape)
    if not rows:
        return None
    name, texts = rows[0][0], rows[1:]
    quoted = sample.lstrip("\r\n").partition("\n")[2].lstrip("\r\n").startswith('"')
    if headers.known([name], options) and (named or (quoted and texts)):
        return Dialect(_NO_DELIMITER, True, escape)
    if not quoted and _BLANK_LINE.search(sample.strip()):
        return None
    if named and texts and headers.may_be_header([name]) and headers.text_column(texts) is not None:
        return Dialect(_NO_DELIMITER, True, escape)
    return Dialect(_NO_DELIMITER, False, escape, text=headers.text_column(rows)) if named else None


@dataclass(slots=True)
class _Lines:
    """The lines of a file as the csv module takes them, with what the record at hand took, which can be put back."""

    source: Iterator[str]
    waiting: deque[str] = field(default_factory=deque)
    taken: list[str] = field(default_factory=list)
    size: int = 0
    number: int = 0
    """Of the line taken last, from 1."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.size > _LONGEST_SPAN:
            raise StopIteration
        line = self.waiting.popleft() if self.waiting else next(self.source)
        self.number += 1
        self.size += len(line)
        self.taken.append(line)
        return line

    def following(self) -> str:
        """Return the next line without taking it, empty at the end."""
        if not self.waiting:
            self.waiting.extend(itertools.islice(self.source, 1))
        return self.waiting[0] if self.waiting else ""

    def start(self) -> None:
        self.taken = []
        self.size = 0

    def put_back_all_but_the_first(self) -> None:
        back = self.taken[1:]
        self.waiting.extendleft(reversed(back))
        self.number -= len(back)
        del self.taken[1:]


def _decoded(source: Iterable[bytes]) -> Iterator[str]:
    """The lines, each with its line feed; a line that is no UTF-8 is in the encoding that it looks like.

    Bytes that are no text in any become lone surrogates. A line that is too long is an empty string.
    """
    for _, line in lines(source, _LONGEST_LINE):
        if line is None:
            yield ""
            continue
        try:
            yield line.decode() + "\n"
        except UnicodeDecodeError:
            yield _other(line) + "\n"


def _other(line: bytes) -> str:
    try:
        return decode(line).text
    except SetAside:
        return line.decode("utf-8", "surrogateescape")


def _split_at_returns(source: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks of a file whose lines end as they did on old Macintoshes, with line feeds."""
    return (chunk.replace(b"\r", b"\n") for chunk in source)


@dataclass(slots=True)
class _Broken(Exception):
    """A row that cannot be read, in words."""

    detail: str
    reason: str = "broken-record"
    whole: bool = False
    """Whether it is one line that ends as rows do; else the lines behind it may belong to it."""


@dataclass(slots=True)
class _Table:
    """Takes the lines of a file apart, row by row, and remembers what rows look like."""

    how: Dialect
    lines: _Lines
    seen: list[set[str]] = field(default_factory=list)
    """The kinds of cell that each column had in the first rows."""
    quoted: set[bool] = field(default_factory=set)
    """Whether rows began with a quote."""
    rows: int = 0

    def __post_init__(self) -> None:
        how = self.how
        self._reader = csv.reader(
            self.lines, delimiter=how.delimiter, skipinitialspace=how.blanks, strict=True, escapechar=how.escape,
            doublequote=how.escape is None,
        )  # fmt: skip

    _reader: Iterator[list[str]] = field(init=False)

    def row(self) -> list[str]:
        """Return the next row, empty for a blank line. Raises _Broken, with its first line alone taken."""
        self.lines.start()
        width = self.how.width
        try:
            cells = next(self._reader)
        except csv.Error as error:
            self.lines.put_back_all_but_the_first()
            cells = self._unstrict(str(error))
        if not all(self.lines.taken):
            self.lines.put_back_all_but_the_first()
            raise _Broken(f"The line is longer than {_LONGEST_LINE:,} bytes.", "too-large")
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) not in (0, width):
            whole = len(self.lines.taken) == 1
            self.lines.put_back_all_but_the_first()
            some = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
            raise _Broken(f"The row has {some} where {width} belong.", whole=whole)
        if cells and width > 1 and self._runs_on():
            raise _Broken("The row runs on in the next line without quotes, so where its text ends is not sure.")
        return cells

    def _runs_on(self) -> bool:
        """Whether the next line is none of a table, and the row does not end with a quote."""
        following = self.lines.following()
        return (
            self.how.delimiter not in following
            and bool(following.strip())
            and '"' not in following
            and not self.lines.taken[-1].rstrip().endswith('"')
        )

    def _unstrict(self, error: str) -> list[str]:
        """The cells of a line whose quotes are not doubled, if they can only be told in one way."""
        line, delimiter, width = self.lines.taken[0].rstrip("\r\n"), self.how.delimiter, self.how.width
        for cells in (_sloppy(line, delimiter), line.split(delimiter) if delimiter == "\t" else []):
            if len(cells) == width and (width > 1 or line.endswith('"')):
                return cells
        raise _Broken(f"The row's quotes do not match ({error}).")

    def remember(self, cells: Sequence[str]) -> None:
        """Note what a good row looks like."""
        if self.rows < _ROWS:
            self.seen = self.seen or [set() for _ in cells]
            for kinds, cell in zip(self.seen, cells, strict=True):
                kinds.add(headers.cell_kind(cell))
            self.quoted.add(self.lines.taken[0].startswith('"'))
        self.rows += 1

    def is_like_others(self, cells: Sequence[str]) -> bool:
        """Whether a row may stand behind a broken one: its figures, dates and addresses stand where they did before."""
        if not self.rows:
            return len(cells) > 1 and not _is_written(cells)
        narrow = [
            (headers.cell_kind(cell), kinds)
            for cell, kinds in zip(cells, self.seen, strict=True)
            if "text" not in kinds
        ]
        telling = [one for one, kinds in narrow if one in kinds and one != "empty"]
        if any(one not in kinds for one, kinds in narrow) or self.lines.taken[0].startswith('"') not in self.quoted:
            return False
        return bool(telling) or self.quoted == {True} or not _is_written(cells)


def _sloppy(line: str, delimiter: str) -> list[str]:
    """The cells of a line in which a quote ends a cell only before a delimiter or at the end."""
    cells, position = [], 0
    while position <= len(line):
        if line.startswith('"', position):
            end = line.find('"' + delimiter, position + 1)
            end = len(line) - 1 if end < 0 else end
            if end <= position or line[end] != '"':
                return []
            cells.append(line[position + 1 : end].replace('""', '"'))
            position = end + 2
        else:
            end = line.find(delimiter, position)
            end = len(line) if end < 0 else end
            cells.append(line[position:end])
            position = end + 1
    return cells


def read(source: Iterable[bytes], one: Input, options: Options) -> Iterator[Record]:
    """Yield the rows of a table in their order, `file#N` for the Nth record under the header.

    Raises Damaged where the file ends early.
    """
    source = iter(source)
    head = next(source, b"")
    how = dialect(head_text(head), one.hint, options) or Dialect(_NO_DELIMITER, False)
    source = itertools.chain([head], source)
    if b"\r" in head and b"\n" not in head:
        source = _split_at_returns(source)
    found = _Lines(_decoded(source))
    _pass_over_marks(found)
    table = _Table(how, found)
    names = _names(table)
    if how.header and names is None:
        detail = "The first row, which names the columns, cannot be read: its quotes do not match."
        yield finished(Refusal(one.source_path, None, "broken-record", detail))
        return
    if names is None and how.text is None and not options.text_field:
        yield finished(Refusal(one.source_path, None, "no-text-field", _HEADLESS))
        return
    yield from _records(table, names or _numbered(how, options), one, options)


_HEADLESS = (
    "The table has no first row with the columns' names, and no single column stands out as the text; put a line with "
    "names such as judul,tanggal,isi first, or name a column by its place: --text-field 'column 3'."
)


def _pass_over_marks(found: _Lines) -> None:
    """Take the byte order mark and the line that names the delimiter off the first lines."""
    first = next(found.source, None)
    if first is None:
        return
    first = first.removeprefix("\ufeff")
    if _DIRECTIVE.match(first):
        found.number = 1
    else:
        found.waiting.append(first)


def _names(table: _Table) -> tuple[str, ...] | None:
    """The names in the first row, if it has them and can be read."""
    if not table.how.header:
        return None
    try:
        while not (cells := table.row()):
            pass
    except (_Broken, StopIteration):
        return None
    return headers.column_names(cells)


def _numbered(how: Dialect, options: Options) -> tuple[str, ...]:
    text = None if options.text_field else how.text
    return tuple("text" if column == text else f"column {column + 1}" for column in range(how.width))


def _records(table: _Table, names: tuple[str, ...], one: Input, options: Options) -> Iterator[Record]:
    number = 0
    broken: _Stretch | None = None
    while True:
        try:
            cells = table.row()
        except StopIteration:
            break
        except _Broken as error:
            if broken is None:
                number += 1
                broken = _Stretch(table.lines.number, error)
            broken.count += 1
            if broken.error.whole:
                yield broken.refused(f"{one.source_path}#{number}")
                broken = None
            continue
        if broken is not None and not (cells and table.is_like_others(cells)):
            table.lines.put_back_all_but_the_first()
            broken.count += 1
            continue
        if broken is not None:
            yield broken.refused(f"{one.source_path}#{number}")
            broken = None
        if cells:
            number += 1
            table.remember(cells)
            name = f"{one.source_path}#{number}"
            yield Record(name, partial(_document, names, cells, name, options))
    if broken is not None:
        yield broken.refused(f"{one.source_path}#{number}")


class _Stretch:
    """The lines of a broken row, with all up to the next one that can be read."""

    def __init__(self, line: int, error: _Broken) -> None:
        self.line, self.error = line, error
        self.count = 0

    def refused(self, name: str) -> Record:
        where = f"line {self.line}" if self.count == 1 else f"lines {self.line} to {self.line + self.count - 1}"
        return finished(Refusal(name, None, self.error.reason, f"{self.error.detail} It stands in {where}."))


def _document(names: tuple[str, ...], cells: list[str], name: str, options: Options) -> RawDocument | Refusal:
    found = records.record_document(dict(zip(names, cells, strict=True)), name, options)
    if isinstance(found, Refusal) and found.reason == "lone-surrogate":
        return Refusal(name, None, "broken-record", "The row holds bytes that are no text in any known encoding.")
    return found
