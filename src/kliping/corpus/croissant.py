"""The Croissant file of a corpus (1.1 with RAI 1.0): every file with its digest, every config as a record set."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kliping import schema
from kliping.corpus import wording
from kliping.corpus.about import About, about_of
from kliping.corpus.manifest import Manifest, shard_paths, tables_in
from kliping.corpus.splits import splits_of
from kliping.model import KEPT

CONFORMS_TO = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")
PARQUET = "application/x-parquet"
DATA_TYPES = {
    "string": "sc:Text",
    "binary": "sc:Text",
    "bool": "sc:Boolean",
    "int32": "cr:Int32",
    "int64": "cr:Int64",
    "date32": "sc:Date",
    "timestamp[ms, UTC]": "sc:DateTime",
    "list<string>": "sc:Text",
}
PREFIXES = {"schema": "https://schema.org/"}
"""The source vocabularies that have an address for each of their terms."""
SPLIT_NAME = "splits/name"
JSON_LD_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def render_croissant(manifest: Manifest) -> str:
    """Return the content of croissant.json for the corpus with this manifest."""
    tables, said = tables_in(manifest), about_of(manifest)
    document = {
        "@context": JSON_LD_CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS_TO),
        "name": said.title or wording.UNTITLED,
        "description": f"{said.description} {wording.SUMMARY}" if said.description else wording.SUMMARY,
        "license": said.rights or said.license_link or said.license or wording.NOT_STATED,
        "inLanguage": "id",
        "keywords": ["news", "Indonesian", "provenance"],
        "version": manifest["version"],
        **_stated(said),
        "citeAs": said.citation or _citation(manifest, said),
        **_responsible_ai(manifest),
        "distribution": [entry for table in tables for entry in _distribution(manifest, table.name)],
        "recordSet": [*_split_names(manifest), *(_record_set(manifest, table) for table in tables)],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _stated(said: About) -> dict[str, Any]:
    """What the curators state, in the words of schema.org."""
    creator = said.curator and {"@type": "sc:Organization", "name": said.curator}
    known = {"url": said.homepage, "creator": creator, "datePublished": said.published}
    return {name: value for name, value in known.items() if value}


def _citation(manifest: Manifest, said: About) -> str:
    name = said.title or wording.UNTITLED
    return f"{name}, {manifest['version']}, content-sha256:{manifest['tables']['articles']['root']}"


def _responsible_ai(manifest: Manifest) -> dict[str, Any]:
    outcomes = manifest["statistics"]["outcomes"]
    return {
        "rai:dataCollection": "Crawled web pages as they were found; the table raw holds them verbatim.",
        "rai:dataCollectionType": ["Web Scraping"],
        "rai:dataCollectionMissingData": f"{manifest['inputs']['count']} inputs, {outcomes.get(KEPT, 0)} of them "
        "kept; the table decisions names every other one and the reason.",
        "rai:dataPreprocessingProtocol": [wording.PROCESSING],
        "rai:dataAnnotationProtocol": ["Automatic, by rules and small models; every row names its rule."],
        "rai:machineAnnotationTools": [f"{name} {number}" for name, number in sorted(manifest["made_with"].items())],
        "rai:dataLimitations": [wording.annotators(manifest), *wording.LIMITS, wording.inferred_dates(manifest)],
        "rai:dataBiases": list(wording.BIASES),
        "rai:personalSensitiveInformation": [wording.PERSONAL],
        "rai:dataReleaseMaintenancePlan": wording.MAINTENANCE,
    }


def _distribution(manifest: Manifest, table: str) -> list[dict[str, Any]]:
    files = [
        {
            "@type": "cr:FileObject",
            "@id": file["path"],
            "name": file["path"],
            "contentUrl": file["path"],
            "contentSize": f"{file['bytes']} B",
            "encodingFormat": PARQUET,
            "sha256": file["sha256"],
        }
        for file in manifest["tables"][table]["files"]
    ]
    if len(files) == 1:
        return files
    whole = {
        "@type": "cr:FileSet",
        "@id": f"{table}-files",
        "name": f"{table}-files",
        "encodingFormat": PARQUET,
        "includes": f"{table}/*.parquet",
    }
    return [*files, whole]


def _split_names(manifest: Manifest) -> list[dict[str, Any]]:
    """The record set that lists the splits, where there are several."""
    names = splits_of(manifest["options"]).names
    if len(names) == 1:
        return []
    name = {"@type": "cr:Field", "@id": SPLIT_NAME, "name": SPLIT_NAME, "dataType": "sc:Text"}
    return [
        {
            "@type": "cr:RecordSet",
            "@id": "splits",
            "name": "splits",
            "description": "The splits of the corpus.",
            "dataType": "cr:Split",
            "key": [{"@id": SPLIT_NAME}],
            "field": [name | {"description": "The name of the split."}],
            "data": [{SPLIT_NAME: each} for each in names],
        }
    ]


def _split_field(table: str, names: Sequence[str]) -> dict[str, Any]:
    """The field that tells the split of a row: it stands in the path of the row's file."""
    return {
        "@type": "cr:Field",
        "@id": f"{table}/split",
        "name": f"{table}/split",
        "description": "The split that the row is in.",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": f"{table}-files"},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": rf"{table}/({'|'.join(names)})-[\d]+-of-[\d]+\.parquet$"},
        },
        "references": {"field": {"@id": SPLIT_NAME}},
    }


def _record_set(manifest: Manifest, table: schema.Table) -> dict[str, Any]:
    paths = shard_paths(manifest, table.name)
    origin = {"fileObject": {"@id": paths[0]}} if len(paths) == 1 else {"fileSet": {"@id": f"{table.name}-files"}}
    references, names = _references(table), splits_of(manifest["options"]).names
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": " ".join(table.prose.split()),
        "key": [{"@id": f"{table.name}/{name}"} for name in table.primary_key],
        "field": [
            *(_field(table.name, field, origin, references.get(field.name)) for field in table.fields),
            *([_split_field(table.name, names)] if len(paths) > 1 and len(names) > 1 else []),
        ],
    }


def _references(table: schema.Table) -> dict[str, dict[str, str]]:
    """The fields that alone refer to a table listed before this one.

    mlcroissant 1.1.1 can follow neither references in a circle nor those of several fields together.
    """
    names = list(schema.load().tables)
    return {
        field: {"@id": f"{key.table}/{target}"}
        for key in table.foreign_keys
        if len(key.fields) == 1 and names.index(key.table) < names.index(table.name)
        for field, target in zip(key.fields, key.references, strict=True)
    }


def _field(table: str, field: schema.Field, origin: dict[str, Any], reference: dict[str, str] | None) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table}/{field.name}",
        "name": f"{table}/{field.name}",
        "description": field.meaning,
    }
    if same := [
        PREFIXES[prefix] + term
        for prefix, _, term in (name.partition(":") for name in field.source)
        if prefix in PREFIXES and term
    ]:
        entry["equivalentProperty"] = same
    if field.type.startswith("list"):
        entry |= {"isArray": True, "arrayShape": "-1"}
    source = origin | {"extract": {"column": field.name}}
    if field.items:
        return entry | {"subField": [_member(entry["@id"], item, source) for item in field.items]}
    entry |= {"dataType": DATA_TYPES[field.type], "source": source}
    return entry | ({"references": {"field": reference}} if reference else {})


def _member(parent: str, item: schema.Field, source: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{parent}/{item.name}",
        "name": f"{parent}/{item.name}",
        "description": item.meaning,
        "dataType": DATA_TYPES[item.type],
        "source": source | {"transform": {"jsonPath": item.name}},
    }
