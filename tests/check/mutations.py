"""Ways to damage a corpus: by accident, carelessly, and as a forger who makes everything else fit the lie."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from corpora import forge, read_json, reseal, reseal_sums, rewrite, shards, write

from kliping import schema
from kliping.corpus.folder import open_corpus
from kliping.corpus.layout import DESCRIBING, SUMS, table_file
from kliping.corpus.manifest import dump

PARQUET = tuple(table_file(name, rank, 2) for name in schema.of_scope(schema.ARTICLE) for rank in (0, 1))
WIDE = tuple(table_file(name, 0, 1) for name in schema.of_scope(schema.CORPUS))
FILES = (*PARQUET, *WIDE, *DESCRIBING, SUMS)

AS_FOUND = {
    ("raw", "metadata"),
    ("raw", "extractor"),
    ("raw", "source_sha256"),
    ("raw", "line_tags"),
    ("corrections", "who"),
    ("corrections", "when"),
    ("corrections", "note"),
}
"""What came with the input and nothing in the corpus repeats: only the published digest tells a forgery from the truth.

The same holds for `decisions` on inputs that were set aside, whose bytes the corpus does not have, and for what the
manifest says of who made it when. docs/audit.md says so.
"""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One damage, with a name to seed it by."""

    name: str
    damage: Callable[[Path, Random], None]
    """Damages the corpus in the folder that it is given, a copy of the good one."""
    place: str = ""
    """What the first incident must name."""
    needs_published: bool = False
    """Consistent in itself, so that only the digest announced with the release betrays it."""


def all_mutations() -> Iterator[Mutation]:
    """Every mutation, in a fixed order."""
    yield from _accidents()
    yield from forgeries(schema.load().tables)
    yield from _repairs()
    yield from _descriptions()
    yield from _unprovable()


def forgeries(tables: Iterable[str]) -> Iterator[Mutation]:
    """What can be forged in the rows of any table: cells, whole rows, places. All of it follows from the schema."""
    for name in tables:
        table = schema.load().tables[name]
        yield from _cells(table)
        yield from _rows(table)
        yield from _offsets(table)


def _accidents() -> Iterator[Mutation]:
    for file in FILES:
        named = "" if file == "SHA256SUMS" else file
        for number in range(4):
            yield Mutation(f"flip-{number} {file}", _flip(file), named)
        yield Mutation(f"truncate {file}", _truncate(file), named)
        yield Mutation(f"remove {file}", lambda folder, random, file=file: (folder / file).unlink(), file)
    for file in ("articles/train-00002-of-00002.parquet", "notes.txt", "articles/.hidden"):
        yield Mutation(f"extra {file}", lambda folder, random, file=file: _put(folder / file, b"more"), file)
    for one, other in (("articles", "raw"), ("segments", "sentences")):
        files = [f"{name}/train-00000-of-00002.parquet" for name in (one, other)]
        yield Mutation(f"exchange {one} {other}", _exchange(*files), files[0])
    yield Mutation("exchange shards", _exchange(*PARQUET[:2]), PARQUET[0])


def _flip(file: str) -> Callable[[Path, Random], None]:
    def damage(folder: Path, random: Random) -> None:
        data = bytearray((folder / file).read_bytes())
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
        (folder / file).write_bytes(data)

    return damage


def _truncate(file: str) -> Callable[[Path, Random], None]:
    def damage(folder: Path, random: Random) -> None:
        data = (folder / file).read_bytes()
        (folder / file).write_bytes(data[: random.randrange(len(data))])

    return damage


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _exchange(one: str, other: str) -> Callable[[Path, Random], None]:
    def damage(folder: Path, random: Random) -> None:
        shutil.move(folder / one, folder / "aside")
        shutil.move(folder / other, folder / one)
        shutil.move(folder / "aside", folder / other)

    return damage


def _cells(table: schema.Table) -> Iterator[Mutation]:
    """One value changed in each column, by a forger: to another value of the column, and by an edit."""
    for field in table.fields:
        for number in range(2):
            name = f"cell-{number} {table.name}.{field.name}"
            free = (table.name, field.name) in AS_FOUND
            yield Mutation(name, _forge_cell(table.name, field, edit=number == 1), needs_published=free)


def _forge_cell(table: str, field: schema.Field, *, edit: bool) -> Callable[[Path, Random], None]:
    def damage(folder: Path, random: Random) -> None:
        number = random.randrange(len(open_corpus(folder).files(table)))
        rows = _rows_of(folder, table, number)
        candidates = [row for row in rows if table != "decisions" or row["outcome"] == "kept"]
        row = random.choice(candidates)
        row[field.name] = altered(row[field.name], field, [other[field.name] for other in rows], random, edit=edit)
        forge(folder, table, number, rows)

    return damage


def altered(value: Any, field: schema.Field, column: Sequence[Any], random: Random, *, edit: bool) -> Any:
    """Another value of the type of `value`, and plausible for its column."""
    if field.vocabulary and isinstance(value, list):
        return [random.choice([name for name in schema.names(field.vocabulary) if name not in value])]
    if field.vocabulary:
        return random.choice([name for name in schema.names(field.vocabulary) if name != value])
    others = [other for other in column if other != value and (other is not None or field.nullable)]
    if others and not edit:
        return random.choice(others)
    return _edited(value, field, random)


def _edited(value: Any, field: schema.Field, random: Random) -> Any:
    form = schema.FORMS[field.type].arrow if field.type in schema.FORMS else None
    if value is None:
        invented = {
            "string": "a" * 64,
            "binary": b"<p>Halaman.",
            "int32": 7,
            "date32": date(2024, 1, 1),
            "timestamp[ms, UTC]": "2024-01-01T00:00:00",
        }
        made = invented[field.type]
        return datetime.fromisoformat(f"{made}+00:00") if str(made).endswith(":00") else made
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1 if value == 0 or random.random() < 0.5 else value - 1
    if isinstance(value, datetime):
        return value + timedelta(milliseconds=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, list):
        return value[:-1] if value else _member(field)
    assert form == pa.string()
    return _edited_text(value, random)


def _member(field: schema.Field) -> list[Any]:
    if not field.items:
        return ["Anggota"]
    invented = {"string": "x", "int32": 0}
    return [
        {
            item.name: schema.names(item.vocabulary)[0] if item.vocabulary else invented[item.type]
            for item in field.items
        }
    ]


def _edited_text(value: str, random: Random) -> str:
    """The text with one visible character changed."""
    at = random.choice([index for index, character in enumerate(value) if not character.isspace()])
    return f"{value[:at]}{'0' if value[at] != '0' else '1'}{value[at + 1 :]}"


def _rows_of(folder: Path, table: str, number: int) -> list[Row]:
    rows: list[Row] = open_corpus(folder).table(table, number).to_pylist()
    return rows


def _rows(table: schema.Table) -> Iterator[Mutation]:
    """Rows dropped, doubled, added and exchanged, by a forger."""
    edits: Mapping[str, Callable[[list[Row], Random], None]] = {
        "drop": _drop,
        "double": lambda rows, random: rows.insert((at := random.randrange(len(rows))), dict(rows[at])),
        "add": _add,
        "exchange": _exchange_rows,
    }
    for verb, edit in edits.items():
        yield Mutation(f"rows-{verb} {table.name}", _forge_rows(table.name, edit))


def _forge_rows(table: str, edit: Callable[[list[Row], Random], None]) -> Callable[[Path, Random], None]:
    def damage(folder: Path, random: Random) -> None:
        rows = _rows_of(folder, table, 0)
        edit(rows, random)
        forge(folder, table, 0, rows)

    return damage


def _drop(rows: list[Row], random: Random) -> None:
    rows.remove(random.choice([row for row in rows if row.get("outcome") in (None, "kept", "applied")]))


def _add(rows: list[Row], random: Random) -> None:
    """One more row behind the last, like it, under a key of its own."""
    row = dict(next(row for row in reversed(rows) if row.get("outcome") in (None, "kept", "applied")))
    if "position" in row:
        row["position"] += 1
    elif "outcome" in row:
        row["source_path"] = "zz.txt"
    else:
        key = next(iter(row))
        row[key] = "f" * 32 if key == "article_id" else "zz"
    rows.append(row)


def _exchange_rows(rows: list[Row], random: Random) -> None:
    at = random.randrange(len(rows) - 1)
    rows[at], rows[at + 1] = rows[at + 1], rows[at]


def _offsets(table: schema.Table) -> Iterator[Mutation]:
    """Offsets exchanged between neighbours, and within a row."""
    names = [field.name for field in table.fields] if table.span else []
    for start in [name for name in names if name == "start" or name.endswith("_start")]:
        columns = (start, f"{start.removesuffix('start')}end")
        yield Mutation(f"offsets-of-neighbours {table.name}.{start}", _forge_rows(table.name, _between(columns)))
        yield Mutation(f"offsets-within {table.name}.{start}", _forge_rows(table.name, _within(columns)))


def _repairs() -> Iterator[Mutation]:
    """Each member of a repair changed."""
    for verb in ("start", "end", "before", "after", "reason"):
        yield Mutation(f"repair {verb}", _forge_rows("segments", _repair(verb)))


def _between(columns: tuple[str, str]) -> Callable[[list[Row], Random], None]:
    def edit(rows: list[Row], random: Random) -> None:
        pairs = [
            (one, other)
            for one, other in pairwise(rows)
            if one["article_id"] == other["article_id"] and one[columns[0]] != other[columns[0]]
        ]
        one, other = random.choice(pairs)
        for column in columns:
            one[column], other[column] = other[column], one[column]

    return edit


def _within(columns: tuple[str, str]) -> Callable[[list[Row], Random], None]:
    def edit(rows: list[Row], random: Random) -> None:
        row = random.choice([row for row in rows if row[columns[0]] is not None])
        row[columns[0]], row[columns[1]] = row[columns[1]], row[columns[0]]

    return edit


def _repair(member: str) -> Callable[[list[Row], Random], None]:
    def edit(rows: list[Row], random: Random) -> None:
        repair = random.choice(next(row for row in rows if row["repairs"])["repairs"])
        value = repair[member]
        repair[member] = "c1-character" if member == "reason" else value + (1 if isinstance(value, int) else "?")

    return edit


def _descriptions() -> Iterator[Mutation]:
    """README, Croissant and SHA256SUMS edited, the checksums made to fit; then each part of the manifest."""
    for number in range(8):
        yield Mutation(f"line-{number} README.md", _edit_line("README.md"), "README.md")
        yield Mutation(f"line-{number} croissant.json", _edit_line("croissant.json"), "croissant.json")
    for verb, edit in (("reversed", lambda lines: lines[::-1]), ("doubled", lambda lines: [*lines, lines[0]])):
        yield Mutation(f"sums-{verb}", _edit_sums(edit), "SHA256SUMS")
    for path in _PROVABLE:
        yield Mutation(f"manifest {'.'.join(path)}", _edit_manifest(path))
    yield Mutation("manifest in another form", _reformat, "manifest.json")
    yield Mutation("footer of another version", _other_footer, "articles")
    yield Mutation("column more", _column_more, "articles")


def _edit_line(file: str) -> Callable[[Path, Random], None]:
    def damage(folder: Path, random: Random) -> None:
        lines = (folder / file).read_text("utf-8").split("\n")
        at = random.choice([index for index, line in enumerate(lines) if line.strip()])
        lines[at] = _edited_text(lines[at], random)
        (folder / file).write_text("\n".join(lines), encoding="utf-8")
        reseal_sums(folder)

    return damage


def _edit_sums(edit: Callable[[list[str]], list[str]]) -> Callable[[Path, Random], None]:
    def damage(folder: Path, random: Random) -> None:
        path = folder / "SHA256SUMS"
        path.write_text("\n".join(edit(path.read_text().split("\n")[:-1])) + "\n")

    return damage


_PROVABLE = (
    *(("tables", name, key) for name in schema.load().tables for key in ("root", "rows", "arrow_bytes")),
    *(("tables", "segments", "files", "1", key) for key in ("bytes", "rows", "sha256")),
    ("tables", "domains", "columns", "outlet_id"),
    ("inputs", "count"),
    ("inputs", "files", "laut/rumput.txt"),
    ("statistics", "raw_bytes"),
    ("statistics", "articles", "word_count"),
    ("statistics", "outcomes", "kept"),
    ("statistics", "languages", "id"),
    ("statistics", "evidence", "accepted"),
    ("statistics", "roles", "paragraph", "rows"),
)
_TOLD = (("version",), ("made_with", "pyarrow"), ("knowledge", "knowledge/dates.toml"), ("options", "shard_bytes"))
"""What the manifest says of its making: nothing else in the corpus repeats it."""


def _edit_manifest(path: tuple[str, ...]) -> Callable[[Path, Random], None]:
    def damage(folder: Path, random: Random) -> None:
        manifest = read_json(folder / "manifest.json")
        *way, last = path
        place = manifest
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[last] = place[last] + 1 if isinstance(place[last], int) else _bumped(place[last])
        reseal(folder, manifest)

    return damage


def _bumped(value: str) -> str:
    return value[:-1] + ("1" if value[-1] != "1" else "2")


def _reformat(folder: Path, random: Random) -> None:
    manifest = read_json(folder / "manifest.json")
    assert dump(manifest) != json.dumps(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    reseal_sums(folder)


def _other_footer(folder: Path, random: Random) -> None:
    table = pq.read_table(folder / PARQUET[0], partitioning=None)
    rewrite(folder, PARQUET[0], table.replace_schema_metadata({schema.FOOTER_VERSION: b"0.9.0"}))


def _column_more(folder: Path, random: Random) -> None:
    table = pq.read_table(folder / PARQUET[0], partitioning=None)
    rewrite(folder, PARQUET[0], table.append_column("views", pa.array([1] * table.num_rows)))


def _unprovable() -> Iterator[Mutation]:
    """Forgeries that leave the corpus consistent: caught by the published digest."""
    for path in _TOLD:
        yield Mutation(f"told {'.'.join(path)}", _edit_manifest(path), "SHA256SUMS", needs_published=True)
    for column in ("source_path", "reason", "detail"):
        yield Mutation(f"refused {column}", _forge_refused(column), "SHA256SUMS", needs_published=True)
    yield Mutation("refused row dropped", _drop_refused, "SHA256SUMS", needs_published=True)
    yield Mutation("another corpus", _another, "SHA256SUMS", needs_published=True)


def _forge_refused(column: str) -> Callable[[Path, Random], None]:
    def damage(folder: Path, random: Random) -> None:
        rows = shards()[1]["decisions"].to_pylist()
        row = next(row for row in rows if row["reason"] == "empty")
        row[column] = {"source_path": "kosong2.txt", "reason": "binary", "detail": "Other."}[column]
        forge(folder, "decisions", 1, rows)

    return damage


def _drop_refused(folder: Path, random: Random) -> None:
    rows = [row for row in shards()[1]["decisions"].to_pylist() if row["reason"] != "empty"]
    forge(folder, "decisions", 1, rows)


def _another(folder: Path, random: Random) -> None:
    """A sound corpus, but of other articles: one of the two shards."""
    write(shards()[1:], folder)
