"""The contract of the dataset, read once from schema/; Arrow, JSON Schema, datasets features and prose derive from it.

The files stand in schema/ at the top of the repository; a wheel carries them as `kliping/schema`. `python -m
kliping.schema` rewrites what is stored in derived form (schema/json/ and docs/data-dictionary.md); a test compares
both with a fresh derivation.
"""

from __future__ import annotations

import csv
import functools
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

Toml = dict[str, Any]
TableRow = Mapping[str, Any]
"""A row as Python values, by column."""
Key = tuple[Any, ...]
"""A row's values of the primary key, or of a foreign one."""
INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"
"""How an instant is written in JSON: ISO 8601, UTC, whole milliseconds."""
FOOTER_VERSION = b"kliping.schema_version"
FOOTER_TABLE = b"kliping.table"
ARTICLE, CORPUS = "article", "corpus"
"""The scopes of a table: rows made of one document alone, or of all of them."""
RAW, BODY = "raw", "body"
"""What the places of a table count in."""
RANKED = ("article_id", "position")
"""The key of a table with many rows an article, numbered from 0."""


@dataclass(frozen=True, slots=True)
class Form:
    """One type of the dictionary in the words of Arrow, JSON Schema and datasets."""

    arrow: pa.DataType
    json: Mapping[str, object]
    dtype: str


FORMS: Mapping[str, Form] = {
    "string": Form(pa.string(), {"type": "string"}, "string"),
    "binary": Form(pa.binary(), {"type": "string", "contentEncoding": "base64"}, "binary"),
    "bool": Form(pa.bool_(), {"type": "boolean"}, "bool"),
    "int32": Form(pa.int32(), {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}, "int32"),
    "int64": Form(pa.int64(), {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}, "int64"),
    "date32": Form(pa.date32(), {"type": "string", "format": "date"}, "date32"),
    "timestamp[ms, UTC]": Form(
        pa.timestamp("ms", "UTC"), {"type": "string", "pattern": INSTANT}, "timestamp[ms, tz=UTC]"
    ),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table, or a member of its structs; the keys are explained at the top of fields.toml."""

    name: str
    type: str
    nullable: bool
    meaning: str
    made: str
    unit: str | None = None
    source: tuple[str, ...] = ()
    pattern: str | None = None
    vocabulary: str | None = None
    text: bool = False
    items: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """The values of `fields` (where none is null) stand among the `references` of `table`."""

    fields: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the dataset, a config of `load_dataset`."""

    name: str
    title: str
    prose: str
    scope: str
    """ARTICLE or CORPUS."""
    span: str | None
    """RAW or BODY: what `start` and `end` count in; None where rows have no place."""
    covering: bool
    """Whether the spans of an article follow each other with nothing but white space between them."""
    optional: bool
    """Whether a corpus may be without it."""
    primary_key: tuple[str, ...]
    sort_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    fields: tuple[Field, ...]
    own: tuple[str, ...]
    """The names of the fields that only this table has."""

    def field(self, name: str) -> Field:
        """Return the field of that name; KeyError where the table has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name} has no field {name}")


@dataclass(frozen=True, slots=True)
class Term:
    """A name that a vocabulary allows, the group it belongs to and what it means."""

    name: str
    group: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Schema:
    """The whole contract, in the order in which it is published."""

    version: str
    tables: Mapping[str, Table]
    vocabularies: Mapping[str, tuple[Term, ...]]


def folder() -> Path:
    """Return where the contract's files stand: in the installed package, else at the top of the checkout."""
    packaged = Path(__file__).parent / "schema"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "schema"


@functools.cache
def load() -> Schema:
    """Return the contract of this version of kliping."""
    return read_contract(folder())


def read_contract(root: Path) -> Schema:
    """Return the contract in the folder `root`.

    Raises KeyError or TypeError where its files lack or add a key (see `check`).
    """
    head = _toml(root / "schema.toml")
    dictionary = _toml(root / "fields.toml")
    files = {path.stem: _toml(path) for path in sorted((root / "tables").glob("*.toml"))}
    return Schema(
        version=head["version"],
        tables={name: _table(name, files[name], dictionary) for name in dict.fromkeys([*head["tables"], *files])},
        vocabularies={path.stem: _vocabulary(path) for path in sorted((root / "vocabularies").glob("*.csv"))},
    )


def of_scope(scope: str) -> tuple[str, ...]:
    """Return the names of the tables of a scope, in the order in which they are published."""
    return tuple(name for name, table in load().tables.items() if table.scope == scope)


def optional() -> tuple[str, ...]:
    """Return the names of the tables that a corpus may be without, each of them filled by the layer of its name."""
    return tuple(name for name, table in load().tables.items() if table.optional)


def names(vocabulary: str) -> tuple[str, ...]:
    """Return the values that a vocabulary allows, in its order."""
    return tuple(term.name for term in load().vocabularies[vocabulary])


def group(vocabulary: str, name: str) -> str:
    """Return the group of a name, such as the outcome that a decision's reason belongs to.

    Raises KeyError where it is unknown.
    """
    for term in load().vocabularies[vocabulary]:
        if term.name == name:
            return term.group
    raise KeyError(f"{name} is not in the vocabulary {vocabulary}")


@functools.cache
def arrow_schema(table: str, *, with_text: bool = True) -> pa.Schema:
    """Return the Arrow schema of a table; without text, the columns that hold words of articles may be null."""
    footer = {FOOTER_VERSION: load().version.encode(), FOOTER_TABLE: table.encode()}
    return pa.schema([_arrow_field(field, with_text) for field in load().tables[table].fields], metadata=footer)


def json_schema(table: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one row of a table, written as `corpus.digests.row_json` writes it."""
    contract = load().tables[table]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": contract.title,
        "description": " ".join(contract.prose.split()),
        **_json_object(contract.fields),
    }


def features(table: str) -> list[dict[str, Any]]:
    """Return the features of a table as the `dataset_info` of a dataset card states them."""
    return [_feature(field) for field in load().tables[table].fields]


def data_dictionary() -> str:
    """Return the data dictionary as a Markdown page: every table with its fields, every vocabulary with its names."""
    made = f"Version {load().version} of the contract, made by `python -m kliping.schema` from schema/."
    lines = ["# Data dictionary", "", made, ""]
    for table in load().tables.values():
        lines += _table_page(table)
    lines += ["# Vocabularies", ""]
    for name, terms in load().vocabularies.items():
        lines += [f"## {name}", "", "| name | group | meaning |", "|---|---|---|"]
        lines += [f"| `{term.name}` | {term.group} | {term.meaning} |" for term in terms]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def derived(root: Path) -> dict[Path, str]:
    """Return what is stored in derived form under the repository `root`: path -> the content it must have."""
    pages = {root / "docs" / "data-dictionary.md": data_dictionary()}
    for name in load().tables:
        form = json.dumps(json_schema(name), indent=2, ensure_ascii=False)
        pages[root / "schema" / "json" / f"{name}.schema.json"] = form + "\n"
    return pages


def check(root: Path) -> list[str]:
    """Return every fault of the contract in the folder `root`, a sentence each: form, then names that lead nowhere."""
    import jsonschema  # costs a tenth of a second, which no build should pay

    def faults(path: Path, meta: str, part: str = "") -> Iterator[str]:
        validator = jsonschema.Draft202012Validator(json.loads((root / "meta" / meta).read_text("utf-8")))
        content = _toml(path)
        for error in validator.iter_errors(content.get(part, {}) if part else content):
            place = ".".join(map(str, [*([part] if part else []), *error.absolute_path]))
            yield f"{path.name}: {place}: {error.message}"

    found = list(faults(root / "fields.toml", "fields.schema.json"))
    for path in sorted((root / "tables").glob("*.toml")):
        found += faults(path, "table.schema.json")
        found += faults(path, "fields.schema.json", "own")
    return found or list(_dangling(root))


def _dangling(root: Path) -> Iterator[str]:
    dictionary, listed = _toml(root / "fields.toml"), _toml(root / "schema.toml")["tables"]
    files = {path.stem: _toml(path) for path in (root / "tables").glob("*.toml")}
    vocabularies = {path.stem for path in (root / "vocabularies").glob("*.csv")}
    for name in sorted(set(listed) - files.keys()):
        yield f"schema.toml: there is no file for the table {name}"
    for name in sorted(dictionary.keys() - {field for table in files.values() for field in table["fields"]}):
        yield f"fields.toml: no table has the field {name}"
    for place, fields in (("fields", dictionary), *((name, table.get("own", {})) for name, table in files.items())):
        for field in _walk(fields):
            if (vocabulary := field.get("vocabulary")) and vocabulary not in vocabularies:
                yield f"{place}.toml: there is no vocabulary {vocabulary}"
    for name, table in sorted(files.items()):
        yield from _unknown_names(name, table, dictionary, files)
        yield from _unfit_span(name, table)


def _unknown_names(name: str, table: Toml, dictionary: Toml, tables: Toml) -> Iterator[str]:
    own = set(table["fields"])
    defined = table.get("own", {}).keys()
    elsewhere = {field for other in tables.values() if other is not table for field in other.get("own", {})}
    for field in sorted(own - dictionary.keys() - defined):
        yield f"{name}.toml: the dictionary has no field {field}"
    for field in sorted(defined & (dictionary.keys() | elsewhere)):
        yield f"{name}.toml: the field {field} is defined twice"
    for field in sorted({*table["primary_key"], *table["sort_key"], *table.get("overrides", {}), *defined} - own):
        yield f"{name}.toml: the table has no field {field}"
    for key in table.get("foreign_keys", ()):
        target = set(tables.get(key["table"], {}).get("fields", ()))
        for field in sorted({*key["fields"]} - own) + sorted({*key["references"]} - target):
            yield f"{name}.toml: a foreign key to {key['table']} names {field}, which is not there"


def _unfit_span(name: str, table: Toml) -> Iterator[str]:
    if "span" not in table:
        return
    if table["scope"] != ARTICLE or tuple(table["primary_key"]) != RANKED:
        yield f"{name}.toml: a table with places has the scope {ARTICLE} and the key {', '.join(RANKED)}"
    for field in sorted({"start", "end"} - set(table["fields"])):
        yield f"{name}.toml: a table with places has a field {field}"


def _walk(fields: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for field in fields.values():
        yield field
        yield from field.get("items", {}).values()


def _toml(path: Path) -> Toml:
    return tomllib.loads(path.read_text("utf-8"))


def _vocabulary(path: Path) -> tuple[Term, ...]:
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(Term(**row) for row in csv.DictReader(stream))


def _table(name: str, entry: Toml, shared: Toml) -> Table:
    own, overrides = entry.get("own", {}), entry.get("overrides", {})
    dictionary = shared | own
    return Table(
        name=name,
        title=entry["title"],
        prose=entry["prose"].strip(),
        scope=entry["scope"],
        span=entry.get("span"),
        covering=entry.get("covering", False),
        optional=entry.get("optional", False),
        primary_key=tuple(entry["primary_key"]),
        sort_key=tuple(entry["sort_key"]),
        foreign_keys=tuple(
            ForeignKey(tuple(key["fields"]), key["table"], tuple(key["references"]))
            for key in entry.get("foreign_keys", ())
        ),
        fields=tuple(_field(field, dictionary[field] | overrides.get(field, {})) for field in entry["fields"]),
        own=tuple(own),
    )


def _field(name: str, entry: Toml) -> Field:
    items = tuple(_field(member, form) for member, form in entry.get("items", {}).items())
    return Field(**(entry | {"name": name, "source": tuple(entry.get("source", ())), "items": items}))


def _arrow_field(field: Field, with_text: bool = True) -> pa.Field:
    nullable = field.nullable or (field.text and not with_text)
    return pa.field(field.name, _arrow_type(field), nullable)


def _arrow_type(field: Field) -> pa.DataType:
    if field.type == "list<struct>":
        return pa.list_(pa.field("element", pa.struct([_arrow_field(item) for item in field.items]), nullable=False))
    if field.type == "list<string>":
        return pa.list_(pa.field("element", pa.string(), nullable=False))
    return FORMS[field.type].arrow


def _json_object(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in fields],
        "properties": {field.name: {"description": field.meaning} | _json_type(field) for field in fields},
    }


def _json_type(field: Field) -> dict[str, Any]:
    if field.type == "list<struct>":
        return {"type": "array", "items": _json_object(field.items)}
    if field.type == "list<string>":
        terms = {"enum": [*names(field.vocabulary)]} if field.vocabulary else {}
        return {"type": "array", "items": {"type": "string"} | terms}
    form = dict(FORMS[field.type].json)
    if field.unit == "per mille":
        form["maximum"] = 1000
    if field.pattern:
        form["pattern"] = field.pattern
    if field.vocabulary:
        form["enum"] = [*names(field.vocabulary), *([None] if field.nullable else [])]
    if field.nullable:
        form["type"] = [form["type"], "null"]
    return form


def _feature(field: Field) -> dict[str, Any]:
    if field.type == "list<struct>":
        return {"name": field.name, "list": [_feature(item) for item in field.items]}
    if field.type == "list<string>":
        return {"name": field.name, "list": "string"}
    return {"name": field.name, "dtype": FORMS[field.type].dtype}


def _table_page(table: Table) -> list[str]:
    lines = [f"## {table.name}", "", " ".join(table.prose.split()), ""]
    made = "one document alone" if table.scope == ARTICLE else "the whole corpus"
    places = {RAW: " Places count in the raw text.", BODY: " Places count in `articles.text`.", None: ""}[table.span]
    left_out = " A corpus may be without it (`kliping build --layers`)." if table.optional else ""
    lines.append(f"Rows are made of {made}.{places}{left_out}")
    lines.append(f"Primary key: {_code(table.primary_key)}. Sorted by: {_code(table.sort_key)}.")
    for key in table.foreign_keys:
        lines.append(f"{_code(key.fields)} refers to {_code(key.references)} of `{key.table}`.")
    lines += ["", "| field | type | null | meaning | unit | made | source |", "|---|---|---|---|---|---|---|"]
    for field in table.fields:
        lines.append(_field_line(field.name, field))
        lines += [_field_line(f"{field.name}[].{item.name}", item) for item in field.items]
    return [*lines, ""]


def _field_line(name: str, field: Field) -> str:
    meaning = field.meaning + (f" One of the vocabulary `{field.vocabulary}`." if field.vocabulary else "")
    null = "yes" if field.nullable else "no"
    cells = (f"`{name}`", field.type, null, meaning, field.unit or "", field.made, ", ".join(field.source))
    return f"| {' | '.join(cells)} |"


def _code(fields: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in fields)


def main() -> None:
    """Rewrite everything that is stored in derived form; exits with the faults of the contract, if it has any."""
    faults = check(folder())
    if faults:
        raise SystemExit("\n".join(faults))
    for path, content in derived(folder().parent).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")


if __name__ == "__main__":
    main()
