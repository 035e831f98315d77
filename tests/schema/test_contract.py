"""schema/: the contract has no faults, and every other form of it follows from it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import datasets
import jsonschema
import pyarrow as pa
import pytest
import yaml

from kliping import model, schema
from kliping.corpus import croissant, manifest
from kliping.corpus.card import render_header
from kliping.corpus.croissant import render_croissant
from kliping.corpus.layout import table_file

REPO = Path(__file__).parents[2]
TABLES = tuple(schema.load().tables)


def a_manifest() -> manifest.Manifest:
    """A manifest with one file and one row a table: enough to derive header and Croissant file."""
    counts = {"rows": 1, "arrow_bytes": 0}
    entry = {**counts, "root": "0" * 64}
    return {
        "version": "1.0.0",
        "quality": None,
        "made_with": {},
        "options": {},
        "inputs": {"count": 0},
        "statistics": {"outcomes": {}},
        "tables": {
            name: entry | {"files": [{"path": table_file(name, 0, 1), "sha256": "0" * 64, "bytes": 1, **counts}]}
            for name in schema.load().tables
        },
    }


def header_fields() -> dict[str, list[str]]:
    header = yaml.safe_load(render_header(a_manifest()))
    return {info["config_name"]: [feature["name"] for feature in info["features"]] for info in header["dataset_info"]}


def croissant_fields() -> dict[str, list[str]]:
    document = json.loads(render_croissant(a_manifest()))
    return {
        records["@id"]: [field["@id"].removeprefix(f"{records['@id']}/") for field in records["field"]]
        for records in document["recordSet"]
    }


def forms(table: str) -> dict[str, list[str]]:
    """The names of a table's fields in every derived form."""
    page = schema.data_dictionary().split(f"\n## {table}\n")[1].split("\n## ")[0].split("\n# ")[0]
    rows = [line.split("|")[1].strip(" `") for line in page.splitlines() if line.startswith("| `")]
    return {
        "arrow": schema.arrow_schema(table).names,
        "json": list(schema.json_schema(table)["properties"]),
        "datasets": [feature["name"] for feature in schema.features(table)],
        "header": header_fields()[table],
        "croissant": croissant_fields()[table],
        "page": [name for name in rows if "[]" not in name],
    }


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of schema/ to damage."""
    return Path(shutil.copytree(schema.folder(), tmp_path / "schema"))


@pytest.fixture
def use_copy(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The copy in place of schema/, from the next `load` on."""

    def forget() -> None:
        schema.load.cache_clear()
        schema.arrow_schema.cache_clear()

    monkeypatch.setattr(schema, "folder", lambda: copy)
    forget()
    yield copy
    monkeypatch.undo()
    forget()


def test_the_contract_has_no_faults():
    assert schema.check(schema.folder()) == []


FIELD = 'type = "int32"\nnullable = true\nmeaning = "X."\nmade = "manual"\n'
RAW, SENTENCES = "tables/raw.toml", "tables/sentences.toml"
FAULTS = {
    "unknown key": ("fields.toml", "[article_id]\n", '[article_id]\nname = "x"\n', "Additional properties"),
    "meaning without a sentence": ("fields.toml", "The article: the first", "the article: the first", "does not match"),
    "unknown type": ("fields.toml", '"date32"', '"float64"', "not valid"),
    "members of a field that is no struct": ("fields.toml", "", f"\n[role.items.x]\n{FIELD}", "False schema"),
    "field of no table": ("fields.toml", "", f"\n[orphan]\n{FIELD}", "no table has the field orphan"),
    "unknown vocabulary": ("fields.toml", 'vocabulary = "roles"', 'vocabulary = "rolls"', "no vocabulary rolls"),
    "field that the dictionary lacks": (RAW, '"sha256"', '"sha257"', "no field sha257"),
    "key over a missing column": (RAW, 'sort_key = ["article_id"]', 'sort_key = ["x"]', "no field x"),
    "foreign key to nowhere": (RAW, 'table = "articles"', 'table = "article"', "a foreign key to article"),
    "override of a missing column": (RAW, "[overrides.text]", "[overrides.role]", "no field role"),
    "table without a file": ("schema.toml", '"domains"', '"domain"', "no file for the table domain"),
    "table without a scope": (RAW, 'scope = "article"\n', "", "'scope' is a required property"),
    "span that is none": (SENTENCES, 'span = "body"', 'span = "page"', "'page' is not one of"),
    "cover without a span": (
        RAW,
        'scope = "article"',
        'scope = "article"\ncovering = true',
        "is a dependency of 'covering'",
    ),
    "span of a whole corpus": (SENTENCES, 'scope = "article"', 'scope = "corpus"', "has the scope article"),
    "span without a place": (SENTENCES, '"start", ', "", "a table with places has a field start"),
    "own field without a type": (RAW, "", "\n[own.sha256]\nnullable = true\n", "own.sha256: 'type' is a required"),
    "own field of the dictionary": (RAW, "", f"\n[own.sha256]\n{FIELD}", "the field sha256 is defined twice"),
    "own field of no column": (RAW, "", f"\n[own.weight]\n{FIELD}", "no field weight"),
}
"""What is wrong -> file, what stands there (nothing: append), what is put there instead, what the fault says."""


@pytest.mark.parametrize("fault", FAULTS)
def test_every_kind_of_fault_is_named(copy: Path, fault: str):
    name, old, new, message = FAULTS[fault]
    path = copy / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new) if old else text + new, "utf-8")
    assert any(message in sentence for sentence in schema.check(copy)), schema.check(copy)


@pytest.mark.parametrize("table", TABLES)
def test_all_forms_have_the_same_fields_in_the_same_order(table: str):
    expected = [field.name for field in schema.load().tables[table].fields]
    assert forms(table) == dict.fromkeys(forms(table), expected)


def test_a_field_added_to_the_contract_appears_in_every_form(use_copy: Path):
    dictionary, table = use_copy / "fields.toml", use_copy / "tables" / "sentences.toml"
    field = '\n[token_count]\ntype = "int64"\nnullable = true\nmeaning = "Tokens."\nmade = "automatic"\n'
    dictionary.write_text(dictionary.read_text("utf-8") + field, "utf-8")
    table.write_text(table.read_text("utf-8").replace('"raw_end"]', '"raw_end", "token_count"]'), "utf-8")
    assert schema.check(use_copy) == []
    assert {form: names[-1] for form, names in forms("sentences").items()} == dict.fromkeys(
        forms("sentences"), "token_count"
    )
    assert schema.arrow_schema("sentences").field("token_count") == pa.field("token_count", pa.int64())
    assert schema.json_schema("sentences")["properties"]["token_count"]["type"] == ["integer", "null"]
    assert schema.features("sentences")[-1] == {"name": "token_count", "dtype": "int64"}


def test_what_is_stored_in_derived_form_is_up_to_date():
    derived = schema.derived(REPO)
    assert {path: path.read_text("utf-8") for path in derived} == derived
    assert sorted((REPO / "schema" / "json").iterdir()) == sorted(path for path in derived if path.suffix == ".json")


@pytest.mark.parametrize("table", TABLES)
def test_json_schemas_allow_no_further_property(table: str):
    form = schema.json_schema(table)
    jsonschema.Draft202012Validator.check_schema(form)
    assert form["$schema"] == "https://json-schema.org/draft/2020-12/schema"

    def objects(node: object) -> Iterator[dict[str, object]]:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for value in node.values():
                yield from objects(value)

    found = list(objects(form))
    assert found
    assert all(node["additionalProperties"] is False for node in found)
    assert all(sorted(node["required"]) == sorted(node["properties"]) for node in found)  # type: ignore[call-overload]


@pytest.mark.parametrize("table", TABLES)
def test_features_are_what_datasets_makes_of_the_arrow_schema(table: str):
    arrow = schema.arrow_schema(table)
    features = datasets.Features.from_arrow_schema(arrow)
    assert datasets.Features._from_yaml_list(schema.features(table)) == features
    assert features._to_yaml_list() == schema.features(table)


@pytest.mark.parametrize("table", TABLES)
def test_without_text_only_columns_of_text_may_be_null(table: str):
    with_text, without = schema.arrow_schema(table), schema.arrow_schema(table, with_text=False)
    freed = {one.name for one, other in zip(with_text, without, strict=True) if one.nullable != other.nullable}
    fields = schema.load().tables[table].fields
    assert freed == {field.name for field in fields if field.text and not field.nullable}


def test_croissant_knows_every_type():
    used = {form for table in schema.load().tables.values() for field in table.fields for form in types(field)}
    assert used - {"list<struct>"} == set(croissant.DATA_TYPES)


def types(field: schema.Field) -> set[str]:
    return {field.type, *(item.type for item in field.items)}


def test_endings_of_names_say_their_types():
    endings = {"_id": "string", "_date": "date32", "_at": "timestamp[ms, UTC]", "_sha256": "string"}
    for table in schema.load().tables.values():
        for field in table.fields:
            for ending, form in endings.items():
                assert not field.name.endswith(ending) or field.type == form, field.name
            assert not field.name.endswith("_count") or (field.type in ("int32", "int64") and field.unit)
            assert (field.type in ("int32", "int64")) or not field.unit, field.name


def test_vocabularies_and_the_values_that_flow_agree():
    assert set(schema.names("roles")) == set(model.ROLES)
    assert {schema.group("roles", role) for role in model.ROLES} == {"content", "metadata", "furniture"}
    assert {role for role in model.ROLES if schema.group("roles", role) == "content"} >= model.BODY_ROLES
    articles = {field.name for field in schema.load().tables["articles"].fields}
    assert set(schema.names("evidence-fields")) <= articles
    proven = set(model.Metadata._fields) - {"published_basis"} | set(model.Flags._fields)
    assert proven == set(schema.names("evidence-fields"))
    outcomes = set(schema.names("decision-outcomes")) - {"kept"}
    assert {schema.group("decision-reasons", reason) for reason in schema.names("decision-reasons")} == outcomes


@pytest.mark.parametrize("path", sorted((schema.folder() / "vocabularies").glob("*.csv")), ids=lambda path: path.stem)
def test_vocabularies_are_written_alike(path: Path):
    lines = path.read_text("utf-8").splitlines()
    terms = schema.load().vocabularies[path.stem]
    assert lines[0] == "name,group,meaning"
    assert len({term.name for term in terms}) == len(terms) == len(lines) - 1
    assert all(term.meaning.endswith(".") and term.group for term in terms)


def test_an_unknown_name_of_a_vocabulary_is_refused():
    with pytest.raises(KeyError, match="teaser"):
        schema.group("roles", "teaser")
    with pytest.raises(KeyError, match="teaser"):
        schema.load().tables["articles"].field("teaser")


def test_every_reason_that_the_code_gives_is_in_the_vocabulary():
    given = re.compile(r'(?:SetAside\(|Refusal\([^"()]*|Damaged\(|reason=|refuse\(\w+, )\s*"([a-z-]+)"')
    package = Path(schema.__file__).parent
    found = {name for path in package.rglob("*.py") for name in given.findall(path.read_text("utf-8"))}
    assert {"empty", "listing-page", "unreadable"} <= found
    assert found <= set(schema.names("decision-reasons"))
