"""Reads files of corrections: all that people wrote, or a sentence with file and line for the first that is malformed.

The form of the files is described in docs/corrections.md. They are read and never written.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from kliping import schema
from kliping.errors import KlipingError
from kliping.model import ROLE, ROLES, Correction, Refusal

KEYS = ("article_id", "raw_sha256", "what", "start", "end", "old", "new", "who", "when", "note")
ENDING = ".jsonl"
WITHOUT_ARTICLE = "correction-without-article"

_FOLDER = "corrections/"
_ID_DIGITS = 32
_LONGEST = 1 << 16
"""Bytes of a first line of corrections."""
_MOST = 2**31 - 1
"""The largest position that a column of positions holds."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HOW_TO_GO_ON = "Nothing was touched; docs/corrections.md has the form of such a file."


class CorrectionsError(KlipingError):
    """A file of corrections is not what it should be; the message has the file and the line."""


class _MalformedError(Exception):
    """What is wrong with one line, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections of some files; the order of the files changes nothing."""

    of: Mapping[str, tuple[Correction, ...]]
    """SHA-256 of the corrected bytes -> its corrections, by rank."""
    files: tuple[Path, ...] = ()

    @property
    def count(self) -> int:
        """How many lines the files have that are corrections."""
        return sum(map(len, self.of.values()))

    def names(self) -> set[str]:
        """Return the names that stand for these corrections and their files."""
        found = {each.source_path for of_one in self.of.values() for each in of_one}
        return found | {f"{_FOLDER}{file.name}" for file in self.files}

    def between(self, start: str, end: str | None) -> Corrections:
        """Return those of bytes with a SHA-256 from `start` up to `end`, which is included; None: up to the last."""
        return Corrections(
            {key: found for key, found in self.of.items() if start <= key and (end is None or key <= end)}
        )

    def refused(self, present: Iterable[str]) -> list[Refusal]:
        """Return the refusals of all that correct bytes which are not `present` (their SHA-256s)."""
        detail = "The document that it corrects is not among the inputs."
        absent = sorted(self.of.keys() - set(present))
        return [each for key in absent for each in without_article(self.of[key], key, detail)]


NO_CORRECTIONS = Corrections({})


def without_article(found: Sequence[Correction], raw_sha256: str | None, detail: str) -> tuple[Refusal, ...]:
    """Return the refusals of corrections whose article is not in the corpus, for the reason that `detail` gives."""
    return tuple(Refusal(each.source_path, raw_sha256, WITHOUT_ARTICLE, detail) for each in found)


def read_corrections(paths: Iterable[str | Path]) -> Corrections:
    """Read files of corrections, and of folders the files in them that end in `.jsonl`.

    Raises CorrectionsError where one cannot be read, two have one name, or a line is no correction.
    """
    files = list(_files(paths))
    of: dict[str, list[Correction]] = defaultdict(list)
    for each in sorted((each for file in files for each in _read(file)), key=attrgetter("rank")):
        of[each.raw_sha256].append(each)
    return Corrections({key: tuple(of[key]) for key in sorted(of)}, tuple(files))


def holds_corrections(path: str | Path) -> bool:
    """Tell whether a file holds corrections rather than documents: whether its first line has their keys."""
    try:
        with Path(path).open("rb") as stream:
            lines = stream.read(_LONGEST).decode("utf-8-sig", "replace").splitlines()
        record = json.loads(next(filter(str.strip, lines), ""))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(record, dict) and record.keys() == set(KEYS)


def _files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files in the order of their names. Each is read once, however often it is named."""
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        inside = sorted(path.glob(f"*{ENDING}")) if path.is_dir() else [path]
        if not inside:
            raise CorrectionsError(f"The folder {path} has no file that ends in {ENDING}. {_HOW_TO_GO_ON}")
        found.update(dict.fromkeys(file.resolve() for file in inside))
    named: dict[str, Path] = {}
    for file in sorted(found, key=lambda file: (file.name, file)):
        if (other := named.setdefault(file.name, file)) != file:
            raise CorrectionsError(
                f"{other} and {file} have one name, by which `decisions` could not tell them apart. "
                "Nothing was touched; rename one of them."
            )
        yield file


def _read(file: Path) -> Iterator[Correction]:
    try:
        lines = file.read_bytes().decode("utf-8-sig").split("\n")
        file.name.encode("utf-8")
    except OSError as error:
        raise CorrectionsError(f"{file} cannot be read: {error.strerror or error}. {_HOW_TO_GO_ON}") from error
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        raise CorrectionsError(f"{file}, line {number}: it is not UTF-8. {_HOW_TO_GO_ON}") from error
    except UnicodeEncodeError as error:
        raise CorrectionsError(f"The name of {file} is not UTF-8. {_HOW_TO_GO_ON}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _correction(_object(line), f"{_FOLDER}{file.name}#{number}")
            except _MalformedError as error:
                raise CorrectionsError(f"{file}, line {number}: {error}. {_HOW_TO_GO_ON}") from None


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line, object_pairs_hook=_once, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise _MalformedError("a string holds half of a surrogate pair, which is no text") from None
    except RecursionError:
        raise _MalformedError("it is nested too deeply") from None
    except ValueError as error:
        raise _MalformedError(f"it is no JSON ({error})") from None
    if not isinstance(found, dict):
        raise _MalformedError("it is no JSON object")
    missing, unknown = [key for key in KEYS if key not in found], sorted(found.keys() - set(KEYS))
    if missing:
        raise _MalformedError(f"it lacks the keys {', '.join(missing)}")
    if unknown:
        raise _MalformedError(f"it has keys that no correction has: {', '.join(unknown)}")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _correction(record: Mapping[str, Any], source_path: str) -> Correction:
    digest, what = record["raw_sha256"], record["what"]
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise _MalformedError("raw_sha256 is not 64 hex digits in small letters")
    if record["article_id"] != digest[:_ID_DIGITS]:
        raise _MalformedError(f"article_id is not the first {_ID_DIGITS} digits of raw_sha256")
    if not isinstance(what, str) or what not in schema.names("correctable"):
        raise _MalformedError(f"what is none of {', '.join(schema.names('correctable'))}")
    start, end = _place(record["start"], record["end"])
    if what == ROLE:
        _require_roles(record, start)
    else:
        for key in ("old", "new"):
            _require_value(key, record[key], _type_of(what))
    note = record["note"]
    if note is not None and not isinstance(note, str):
        raise _MalformedError("note is neither a string nor null")
    return Correction(
        raw_sha256=digest,
        what=what,
        start=start,
        end=end,
        old=json.dumps(record["old"], ensure_ascii=False),
        new=json.dumps(record["new"], ensure_ascii=False),
        who=_line("who", record["who"]),
        when=_moment(record["when"]),
        note=note,
        source_path=source_path,
    )


@cache
def _type_of(column: str) -> str:
    return schema.load().tables["articles"].field(column).type


def _place(start: Any, end: Any) -> tuple[int | None, int | None]:
    if start is None and end is None:
        return None, None
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= _MOST:
        raise _MalformedError("start and end are not two positions, the first before the second, or both null")
    return start, end


def _require_roles(record: Mapping[str, Any], start: int | None) -> None:
    old, new = record["old"], record["new"]
    if start is None:
        raise _MalformedError("a role has a place, and start is null")
    if not isinstance(old, list) or not old or not all(isinstance(role, str) and role in ROLES for role in old):
        raise _MalformedError("old is not a list of the roles that stood there")
    if not isinstance(new, str) or new not in ROLES:
        raise _MalformedError(f"new is none of the roles {', '.join(ROLES)}")


def _require_value(key: str, value: Any, form: str) -> None:
    if form == "list<string>":
        if not isinstance(value, list):
            raise _MalformedError(f"{key} is no list of strings")
        if len({_line(f"a member of {key}", member) for member in value}) < len(value):
            raise _MalformedError(f"{key} has a member twice")
    elif value is not None:
        _line(key, value)
        if form == "date32" and not _is_day(value):
            raise _MalformedError(f"{key} is no day such as 2024-02-05")


def _line(key: str, value: Any) -> str:
    """The value, which is a string of one line with something in it and no white space around."""
    if not isinstance(value, str) or not value.strip():
        raise _MalformedError(f"{key} is no string with something in it")
    if value != value.strip() or len(value.splitlines()) > 1 or _CONTROL.search(value):
        raise _MalformedError(f"{key} has white space around it, or a line break or control character in it")
    return value


def _is_day(value: str) -> bool:
    try:
        return _DAY.fullmatch(value) is not None and date.fromisoformat(value).year > 0
    except ValueError:
        return False


def _moment(value: Any) -> datetime:
    try:
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(UTC)
    except ValueError:
        pass
    raise _MalformedError("when is no moment in UTC such as 2024-02-05T09:30:00Z")
