"""Puts one shard's tables on disk as they come: complete once its sidecar is there, which says what the files must be."""  # noqa: E501

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path

import pyarrow as pa

from kliping import schema
from kliping.corpus import digests, statistics, wide
from kliping.corpus.row_groups import RowGroups, parquet_file
from kliping.corpus.wide.shards import Gathering, Shards
from kliping.files import file_sha256, replacing, write_bytes

LISTED_INPUTS = 1_000
"""Up to so many inputs a manifest lists each with its digest; beyond, `decisions` is the list."""


@dataclass(frozen=True, slots=True)
class ShardFile:
    """One Parquet file of a shard and the digest lines beside it."""

    rows: int
    arrow_bytes: int
    """Size of its row groups in Arrow's IPC form, what `datasets` calls num_bytes."""
    bytes: int
    sha256: str
    root: str
    """`rows-v1` root over the file's rows, which is the SHA-256 of the file of digest lines."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One complete shard: its files by table, and the counts that go into the whole."""

    number: int
    files: Mapping[str, ShardFile]
    statistics: statistics.Statistics
    inputs: Mapping[str, str | None] | None
    """Digest of every input by its source path; None where they are more than LISTED_INPUTS."""


def parquet_path(work: Path, table: str, number: int) -> Path:
    """Return where a shard's Parquet file of one table stands in the work folder."""
    return work / table / f"{number:05d}.parquet"


def lines_path(work: Path, table: str, number: int) -> Path:
    """Return where a shard's sorted digest lines of one table stand in the work folder."""
    return work / table / f"{number:05d}.rows"


def gathered_path(work: Path, gathering: Gathering, number: int) -> Path:
    """Return where stands what a table over the whole corpus takes of a shard."""
    return work / gathering.name / f"{number:05d}.{gathering.name}"


def shards_in(work: Path, numbers: Sequence[int]) -> Shards:
    """Return the shards with these numbers as a table over the whole corpus reads them."""
    files = {name: [parquet_path(work, name, number) for number in numbers] for name in schema.of_scope(schema.ARTICLE)}
    there = {name: paths for name, paths in files.items() if all(map(Path.is_file, paths))}
    paths = {each.name: [gathered_path(work, each, number) for number in numbers] for each in wide.GATHERINGS}
    return Shards(there, gathered={name: found for name, found in paths.items() if all(map(Path.is_file, found))})


def write_shard(
    portions: Iterable[Mapping[str, pa.Table]], work: Path, number: int, left_out: Collection[str] = ()
) -> Shard:
    """Write what `tables.to_tables` made of one portion of documents after the other; the sidecar comes last.

    The articles of portions follow each other by id. What is written does not depend on how the documents were
    portioned out, and no more than a row group of each table is in memory, but for `decisions`: they are sorted by
    their paths, which no order of portions does. The tables may also be without text
    (`schema.arrow_schema(name, with_text=False)`). Those in `left_out` are not written. Raises ValueError where the
    tables are not those of the contract.
    """
    names = [name for name in schema.of_scope(schema.ARTICLE) if name not in left_out]
    portions = ({name: table for name, table in tables.items() if name not in left_out} for tables in portions)
    first = next(portions, None) or {name: schema.arrow_schema(name).empty_table() for name in names}
    counts: statistics.Statistics = {}
    decisions: list[pa.Table] = []
    with ExitStack() as stack:
        _require_contract(first, names)
        files = {name: TableFile(name, table.schema, work, number, stack) for name, table in first.items()}
        takers = [(each, _taker(each, work, number, stack)) for each in wide.GATHERINGS if _has_text(first)]
        for tables in chain([first], portions):
            _require_contract(tables, names)
            for each, take in takers:
                take(tables[each.table].select(each.columns))
            counts = statistics.add(counts, statistics.measure(tables))
            decisions.append(tables["decisions"])
            for name in tables.keys() - {"decisions"}:
                files[name].add(tables[name])
        decided = pa.concat_tables(decisions).sort_by("source_path")
        files["decisions"].add(decided)
        for file in files.values():
            file.finish()
    told = {name: file.told() for name, file in files.items()}
    return _sealed(Shard(number=number, files=told, statistics=counts, inputs=_inputs(decided)), work)


def _taker(gathering: Gathering, work: Path, number: int, stack: ExitStack) -> Callable[[pa.Table], None]:
    path = gathered_path(work, gathering, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    return stack.enter_context(gathering.taking(path))


def replace_table(shard: Shard, name: str, table: pa.Table, work: Path) -> Shard:
    """Put another table in the place of one of a finished shard. Killed meanwhile, it leaves a shard to write again."""
    file = write_file(name, table.schema, [table], work, shard.number)
    return _sealed(replace(shard, files={**shard.files, name: file}), work)


def _sealed(shard: Shard, work: Path) -> Shard:
    """The shard, whose sidecar is written."""
    write_bytes(_sidecar(work, shard.number), json.dumps(asdict(shard), sort_keys=True).encode())
    return shard


def write_file(name: str, form: pa.Schema, portions: Iterable[pa.Table], work: Path, number: int) -> ShardFile:
    """Write one table, whose rows come in portions, with its digest lines."""
    with ExitStack() as stack:
        file = TableFile(name, form, work, number, stack)
        for portion in portions:
            file.add(portion)
        file.finish()
    return file.told()


class TableFile:
    """One table of a shard on its way to the disk: its Parquet file, and its digest lines beside it.

    Both are in place when `stack` is closed without an error, and neither before.
    """

    def __init__(self, name: str, form: pa.Schema, work: Path, number: int, stack: ExitStack) -> None:
        self._name = name
        self._parquet, self._lines = parquet_path(work, name, number), lines_path(work, name, number)
        self._parquet.parent.mkdir(parents=True, exist_ok=True)
        self._groups = RowGroups(form)
        self._append = stack.enter_context(parquet_file(form, self._parquet))
        self._digests = stack.enter_context(stack.enter_context(replacing(self._lines)).open("w+b"))
        self._rows = self._arrow_bytes = 0
        self._last, self._in_order = b"", True

    def add(self, table: pa.Table) -> None:
        """Write the row groups that these rows complete."""
        for group in self._groups.add(table):
            self._write(group)

    def finish(self) -> None:
        """Write the rows that are left, and bring the lines in order where ids do not come in theirs."""
        for group in self._groups.rest():
            self._write(group)
        if not self._in_order:
            self._digests.seek(0)
            lines = sorted(self._digests.readlines())
            self._digests.seek(0)
            self._digests.writelines(lines)

    def _write(self, group: pa.Table) -> None:
        self._append(group)
        lines = digests.row_lines(self._name, group)
        self._digests.writelines(lines)
        self._in_order &= self._last < lines[0]
        self._last = lines[-1]
        self._rows += group.num_rows
        self._arrow_bytes += sum(pa.ipc.get_record_batch_size(batch) for batch in group.to_batches())

    def told(self) -> ShardFile:
        """Return what the sidecar says of the file, once it is in place."""
        return ShardFile(
            rows=self._rows,
            arrow_bytes=self._arrow_bytes,
            bytes=self._parquet.stat().st_size,
            sha256=file_sha256(self._parquet),
            root=file_sha256(self._lines),
        )


def read_shard(work: Path, number: int) -> Shard | None:
    """Return the shard if it is complete and its files are as its sidecar says.

    Return None otherwise: it has to be written again.
    """
    try:
        sidecar = json.loads(_sidecar(work, number).read_bytes())
        files = {name: ShardFile(**entry) for name, entry in sidecar.pop("files").items()}
        shard = Shard(files=files, **sidecar)
        intact = all(_is_intact(work, name, number, file) for name, file in files.items())
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None
    return shard if intact else None


def _is_intact(work: Path, name: str, number: int, file: ShardFile) -> bool:
    parquet, lines = parquet_path(work, name, number), lines_path(work, name, number)
    return file_sha256(parquet) == file.sha256 and file_sha256(lines) == file.root


def _sidecar(work: Path, number: int) -> Path:
    return work / f"{number:05d}.json"


def _inputs(decisions: pa.Table) -> dict[str, str | None] | None:
    decisions = statistics.inputs_of(decisions)
    if decisions.num_rows > LISTED_INPUTS:
        return None
    return dict(zip(decisions["source_path"].to_pylist(), decisions["raw_sha256"].to_pylist(), strict=True))


def _has_text(tables: Mapping[str, pa.Table]) -> bool:
    return all(table.schema.equals(schema.arrow_schema(name)) for name, table in tables.items())


def _require_contract(tables: Mapping[str, pa.Table], names: Sequence[str]) -> None:
    if sorted(tables) != sorted(names):
        raise ValueError(f"a shard has the tables {', '.join(names)}, not {', '.join(tables)}")
    for name, table in tables.items():
        if not any(table.schema.equals(schema.arrow_schema(name, with_text=text)) for text in (True, False)):
            raise ValueError(f"the table {name} has not the columns of the contract")
