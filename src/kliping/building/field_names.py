"""Fields that a person named and no record has: told before a build begins, so that a slip of the pen costs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

from kliping.errors import KlipingError
from kliping.read import Input, Options, records
from kliping.read.fields import PUBLISHED, TEXT, URL, named_fields

_OPTIONS = {
    TEXT: "--text-field", URL: "--url-field", PUBLISHED: "--date-field", "headline": "--title-field",
    "authors": "--author-field", "outlet_name": "--outlet-field",
}  # fmt: skip
_RECORDS, _INPUTS = 1000, 200
"""How many records of how many inputs are looked at. Mostly the first record tells; beyond these nothing is said."""
_NAMES_TOLD = 20


def misnamed_fields(inputs: Sequence[Input], options: Options) -> str | None:
    """Return a sentence about the fields of `options` that no record of `inputs` has, None where each has some.

    Inputs that have no records, such as plain text, have no say.
    """
    missing = named_fields(options)
    there: dict[str, None] = {}
    for one in inputs[:_INPUTS] if missing else ():
        for names in filter(None, _fields_of(one, options)):
            there.update(dict.fromkeys(names))
            missing = {column: field for column, field in missing.items() if field not in names}
            if not missing:
                return None
    if not missing or not there or len(inputs) > _INPUTS:
        return None
    wanted = " and ".join(f"{field!r} ({_OPTIONS[column]})" for column, field in missing.items())
    listed = ", ".join(map(repr, islice(there, _NAMES_TOLD)))
    more = f" and {len(there) - _NAMES_TOLD} more" if len(there) > _NAMES_TOLD else ""
    return f"No record has a field {wanted}. The records have {listed}{more}."


def _fields_of(one: Input, options: Options) -> Iterator[list[str]]:
    """The names of the fields of the first records of an input. What is wrong with one, the build says in its place."""
    found = records(one, options)
    for _ in range(_RECORDS):
        try:
            record = next(found, None)
        except KlipingError:
            raise
        except Exception:
            return
        if record is None:
            return
        with suppress(Exception):
            yield [name for name, _ in record.make().fields]
