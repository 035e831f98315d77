"""One document a row of a spreadsheet: Excel workbooks (XLSX, XLSB, XLS), sheet by sheet.

A workbook is read whole, so its size has a limit. The row number is the one that the spreadsheet shows: of a workbook
with one filled sheet `file.xlsx#2` is the first row under the header, of one with several `file.xlsx!Sheet#2`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from kliping.model import Refusal
from kliping.read import foreign, headers
from kliping.read.opening import opened
from kliping.read.options import Input, Options, Record, finished
from kliping.read.paths import escape_name
from kliping.read.records import record_document

MAX_WORKBOOK_BYTES = 2**28
"""Of a workbook's parts, unpacked. A sheet has a million rows at most, and one of so many articles is a database."""
_ROWS = 50
_OLD = foreign.Foreign("an old office document that is no workbook", "save it as plain text, one file an article")


def read(one: Input, options: Options) -> Iterator[Record]:
    """Yield the rows of all sheets in their order; a sheet without a header is one `no-text-field`."""
    try:
        size = _unpacked_size(one)
        if size > MAX_WORKBOOK_BYTES:
            detail = f"The workbook takes {size:,} bytes when unpacked, over {MAX_WORKBOOK_BYTES:,}; save it as CSV."
            yield finished(Refusal(one.source_path, None, "too-large", detail))
            return
        with opened(one) as file:
            workbook = CalamineWorkbook.from_filelike(file)
        sheets = [(name, rows) for name in _sheet_names(workbook) if (rows := _rows(workbook, name))]
    except PasswordError:
        detail = "The workbook is encrypted; save it without a password."
        yield finished(Refusal(one.source_path, None, "unreadable", detail))
        return
    except BaseException as error:
        if not _is_fault(error):
            raise
        yield finished(_faulty(one, str(error)))
        return
    for name, rows in sheets:
        prefix = one.source_path if len(sheets) == 1 else f"{one.source_path}!{escape_name(name)}"
        yield from _sheet(rows, prefix, options)


def _is_fault(error: BaseException) -> bool:
    """Whether the reader found the workbook wrong, or gave up: it panics on some damaged ones."""
    faults = (CalamineError, zipfile.BadZipFile, ValueError)
    return isinstance(error, faults) or type(error).__name__ == "PanicException"


def _faulty(one: Input, error: str) -> Refusal:
    with opened(one) as file:
        old = file.read(4) == b"\xd0\xcf\x11\xe0"
    if old:
        return _OLD.refused(one.source_path)
    detail = f"The workbook is cut off or damaged: {error.partition(chr(10))[0][:200]}"
    return Refusal(one.source_path, None, "truncated", detail)


def _unpacked_size(one: Input) -> int:
    with opened(one) as file:
        if file.read(2) != b"PK":
            return file.seek(0, 2)
        with zipfile.ZipFile(file) as archive:
            return sum(info.file_size for info in archive.infolist())


def _sheet_names(workbook: CalamineWorkbook) -> list[str]:
    return [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]


def _rows(workbook: CalamineWorkbook, name: str) -> list[tuple[int, list[Any]]]:
    """The rows that are not blank, each with its number in the sheet."""
    sheet: CalamineSheet = workbook.get_sheet_by_name(name)
    rows = enumerate(sheet.to_python(skip_empty_area=False), 1)
    return [(number, row) for number, row in rows if any(cell not in ("", None) for cell in row)]


def _sheet(rows: Sequence[tuple[int, list[Any]]], prefix: str, options: Options) -> Iterator[Record]:
    shown = [[str(cell) for cell in row] for _, row in rows[:_ROWS]]
    if not headers.is_header([_trimmed(shown[0]), *shown[1:]], options):
        detail = "The sheet's first row does not name its columns; give it names such as judul, tanggal, isi."
        yield finished(Refusal(prefix, None, "no-text-field", detail))
        return
    names = headers.column_names(_trimmed(rows[0][1]))
    for number, row in rows[1:]:
        name = f"{prefix}#{number}"
        yield Record(name, partial(record_document, _record(names, row), name, options))


def _trimmed(row: list[Any]) -> list[Any]:
    """The row without the empty cells at its end."""
    filled = [position for position, cell in enumerate(row) if cell not in ("", None)]
    return row[: filled[-1] + 1] if filled else []


def _record(names: Sequence[str], row: Sequence[Any]) -> Mapping[str, Any]:
    """A row by the columns' names; whole numbers, which a spreadsheet keeps as fractions, are whole again."""
    return {
        name: int(cell) if isinstance(cell, float) and cell.is_integer() else cell
        for name, cell in zip(names, row, strict=False)
    }
