"""Looks into inputs before a build: what each is, how many records it holds, what is read of them and what they become.

Nothing is written. However large an input is, only its first records are looked at, and counting stops at a bound; the
result says of both how far they went.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kliping.building.corpora import items_of
from kliping.building.inputs import Inputs
from kliping.kernel import annotate_documents
from kliping.model import Annotation, RawDocument, Refusal
from kliping.read import Input, Options, Record, records
from kliping.read.opening import opened
from kliping.read.options import finished, taken_apart
from kliping.read.sniff import sniff
from kliping.read.streams import Damaged, chunks, is_packed, with_head

LOOKED_AT = 100
"""Records of an input that are read and annotated: in about a second, for pages of HTML in a few."""
COUNTED = 100_000
"""Records of a dump that are counted at most: of two kilobytes each they take about a second."""
COUNTED_OF_PAGES = 2_000
"""The same of containers whose records are files or whole pages, fifty times as large."""
DUMPS = 20
"""Files of many records that are looked into one by one; a folder of more holds the like."""
RECOGNISED = 10_000
"""Files whose beginnings are read."""

FORMS = {
    "text": ("plain text", "its bytes are text and show no other format"),
    "html": ("HTML", "it begins with markup"),
    "mhtml": ("MHTML", "it begins with the header of a saved page"),
    "jsonl": ("JSON Lines", "its lines are JSON objects"),
    "json": ("JSON", "it begins with a JSON value"),
    "csv": ("a table of delimited values", "its lines have the same separators"),
    "workbook": ("a spreadsheet", "it holds the parts of one"),
    "parquet": ("Parquet", "it begins with PAR1"),
    "arrow": ("Arrow IPC", "it begins with Arrow's signature"),
    "warc": ("a web archive", "it begins with the header of one"),
    "arc": ("a web archive of the older form", "it begins with the header of one"),
    "corpus": ("a corpus of kliping", "it has a manifest and its tables"),
    "zip": ("a ZIP archive", "it begins with PK"),
    "tar": ("a tar archive", "its first block is a member's header"),
    "foreign": ("no format that kliping reads", "its first bytes are none of one"),
    "unreadable": ("not readable", "it cannot be opened"),
}
"""What `sniff` calls a format: its name for a person, and what it is recognised by."""
_SINGLE = frozenset(("text", "html", "mhtml", "foreign", "unreadable"))
"""Formats of which a file is one document: those are looked at together."""
_OF_PAGES = frozenset(("warc", "arc", "zip", "tar"))


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen of one dump, or of all files that are one document each and have one format."""

    name: str
    """The source path of the file, of several the first."""
    form: str
    """A key of FORMS."""
    is_packed: bool
    files: int
    byte_count: int
    """On the disk."""
    record_count: int
    is_counted_out: bool
    """Whether that is all: else counting stopped there."""
    looked_at: int
    """Records that were read and annotated, the first ones."""
    kept: int
    set_aside: dict[str, tuple[int, str]]
    """Reason to how many of those, and the first of them with its sentence."""
    fields: dict[str, str]
    """Each field of the records and what it was read as, "" where it was not read; empty where there are no fields."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was seen of all inputs."""

    inputs: tuple[Looked, ...]
    files_left: int
    """Files that were not looked into, after so many."""
    remark: str | None
    """A sentence about what is no input."""
    first: Annotation | None
    """The first article."""


@dataclass(slots=True)
class _Pile:
    """Files that are looked at together."""

    form: str
    packed: bool
    files: list[Input] = field(default_factory=list)


def inspect(arguments: Sequence[str | Path], options: Options) -> Inspection:
    """Look into what `arguments` name: files, folders, globs.

    The same arguments give the same result as long as the files are the same: it depends on no clock.
    """
    found = Inputs(arguments)
    piles, left = _piles(found.files, options)
    seen: list[Looked] = []
    first: Annotation | None = None
    for pile in piles:
        looked, article = _look(pile, options)
        seen.append(looked)
        first = first or article
    return Inspection(tuple(seen), left, found.remark, first)


def _piles(files: Sequence[Input], options: Options) -> tuple[list[_Pile], int]:
    """The files in the piles in which they are looked at, and how many are in none."""
    piles: dict[tuple[str, ...], _Pile] = {}
    dumps = 0
    left = max(0, len(files) - RECOGNISED)
    for one in files[:RECOGNISED]:
        form, packed = _recognise(one, options)
        dumps += form not in _SINGLE
        if form not in _SINGLE and dumps > DUMPS:
            left += 1
            continue
        key = (form, str(packed)) if form in _SINGLE else (form, one.source_path)
        piles.setdefault(key, _Pile(form, packed)).files.append(one)
    return list(piles.values()), left


def _recognise(one: Input, options: Options) -> tuple[str, bool]:
    """The format of a file, and whether it is packed."""
    if one.refusal is not None:
        return "unreadable", False
    if one.shard is not None:
        return "corpus", False
    try:
        with opened(one) as file:
            packed = is_packed(file.peek(16))
            form = sniff(next(with_head(chunks(file)), b""), one.hint, options)
    except (OSError, Damaged):
        return "unreadable", False
    return form if form in FORMS else "foreign", packed


def _look(pile: _Pile, options: Options) -> tuple[Looked, Annotation | None]:
    found = chain.from_iterable(_records(one, options) for one in pile.files)
    items = [taken_apart(record) for record in islice(found, LOOKED_AT)]
    outcomes = _outcomes(items)
    count, is_all = _count(pile, found, len(items))
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    reasons = Counter(refusal.reason for refusal in refusals)
    examples = {refusal.reason: refusal for refusal in reversed(refusals)}
    first = next((outcome for outcome in outcomes if isinstance(outcome, Annotation)), None)
    looked = Looked(
        name=pile.files[0].source_path,
        form=pile.form,
        is_packed=pile.packed,
        files=len(pile.files),
        byte_count=sum(one.size for one in pile.files),
        record_count=count,
        is_counted_out=is_all,
        looked_at=len(items),
        kept=len(items) - len(refusals),
        set_aside={
            reason: (number, f"{examples[reason].source_path}: {examples[reason].detail}")
            for reason, number in reasons.most_common()
        },
        fields=_fields(items),
    )
    return looked, first


def _records(one: Input, options: Options) -> Iterator[Record]:
    return records(one, options) if one.shard is None else map(finished, items_of(one))


def _outcomes(items: Sequence[RawDocument | Refusal]) -> list[Annotation | Refusal]:
    annotated = iter(annotate_documents([item for item in items if isinstance(item, RawDocument)]))
    return [item if isinstance(item, Refusal) else next(annotated) for item in items]


def _count(pile: _Pile, rest: Iterator[Record], before: int) -> tuple[int, bool]:
    """How many records there are, those `before` the `rest` included, and whether that is all of them."""
    if pile.form in _SINGLE:
        return len(pile.files), True
    if pile.form == "parquet" and not pile.packed:
        try:
            with opened(pile.files[0]) as file:
                return int(pq.read_metadata(file).num_rows), True
        except (OSError, pa.ArrowException):
            return before, True
    bound = (COUNTED_OF_PAGES if pile.form in _OF_PAGES else COUNTED) - before
    more = sum(1 for _ in islice(rest, bound))
    return before + more, more < bound or next(rest, None) is None


def _fields(items: Sequence[RawDocument | Refusal]) -> dict[str, str]:
    """What the fields were read as: by the first record that reads them."""
    known: dict[str, str] = {}
    for item in items:
        for name, read_as in item.fields:
            known[name] = known.get(name) or read_as
    return known
