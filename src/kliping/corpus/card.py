"""The dataset card README.md: its header is for `datasets`, its body for people; all of it comes from the manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kliping import schema
from kliping.corpus import wording
from kliping.corpus.about import about_of
from kliping.corpus.layout import all_files_of, split_of
from kliping.corpus.manifest import Manifest, is_without_text, missing_tables, tables_in
from kliping.corpus.splits import splits_of
from kliping.corpus.tables import CORRECTED
from kliping.model import KEPT, ROLE

if TYPE_CHECKING:
    import jinja2

SHOWN_CHARACTERS = 160
"""Longer strings of the sample row are cut to so many code points."""
FOLDER = "path/to/this/folder"
"""In the place of the corpus's name, where it has none: the folder's own would make two builds of the same differ."""
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"), (10**7, "1M<n<10M"),
         (10**8, "10M<n<100M"), (10**9, "100M<n<1B"), (10**10, "1B<n<10B"), (10**11, "10B<n<100B"),
         (10**12, "100B<n<1T"))  # fmt: skip
"""The Hub's names for sizes (huggingface.co/docs/hub/datasets-cards), each with the number of rows that it is below."""


def render_readme(manifest: Manifest, sample: Mapping[str, Any] | None) -> str:
    """Return the whole README.md of the corpus with this manifest, showing `sample`, a row of `articles`."""
    return f"---\n{render_header(manifest)}---\n\n{_body(manifest, sample)}"


def render_header(manifest: Manifest) -> str:
    """Return the YAML header.

    `datasets` caches a local folder by nothing but `configs` and `dataset_info` of this header (datasets 5.2), so every
    config carries the version and its content root: a rebuilt corpus is never mistaken for the cached one.
    """
    import yaml  # not at the top: workers never write a card

    rows, said = manifest["tables"]["articles"]["rows"], about_of(manifest)
    corrected = manifest["statistics"].get("corrected")
    header = {
        "pretty_name": said.title,
        "language": ["id"],
        "license": said.license or "unknown",
        "license_name": said.license_name,
        "license_link": said.license_link,
        "annotations_creators": ["machine-generated", *(["expert-generated"] if corrected else [])],
        "language_creators": ["found"],
        "multilinguality": ["monolingual"],
        "source_datasets": ["original"],
        "size_categories": [next((name for limit, name in SIZES if rows < limit), "n>1T")],
        "task_categories": ["text-generation", "text-classification", "token-classification"],
        "tags": ["news", "indonesian", "provenance", "boilerplate-removal"],
        "configs": [_config(name, entry, manifest) for name, entry in _loadable(manifest)],
        "dataset_info": [_info(name, entry) for name, entry in _loadable(manifest)],
    }
    stated = {key: value for key, value in header.items() if value is not None}
    return yaml.safe_dump(stated, sort_keys=False, allow_unicode=True, width=1_000)


def _loadable(manifest: Manifest) -> list[tuple[str, dict[str, Any]]]:
    """The first table, and the others that have rows: `datasets` 5.2 raises an error for a config without any."""
    tables = ((table.name, manifest["tables"][table.name]) for table in tables_in(manifest))
    return [(name, entry) for name, entry in tables if entry["rows"] or _is_default(name)]


def _is_default(name: str) -> bool:
    return name == next(iter(schema.load().tables))


def _config(name: str, entry: Mapping[str, Any], manifest: Manifest) -> dict[str, Any]:
    default = {"default": True} if _is_default(name) else {}
    return {
        "config_name": name,
        **default,
        "version": manifest["version"],
        "description": f"content-sha256:{entry['root']}",
        "data_files": [{"split": split, "path": all_files_of(name, split)} for split in _splits(entry)],
    }


def _info(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "config_name": name,
        "features": schema.features(name),
        "splits": [
            {"name": split, "num_bytes": size, "num_examples": rows} for split, (rows, size) in _splits(entry).items()
        ],
        "download_size": sum(file["bytes"] for file in entry["files"]),
        "dataset_size": entry["arrow_bytes"],
    }


def _splits(entry: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """The rows of each split and their size in Arrow; splits without rows are left out where there are others."""
    found: dict[str, tuple[int, int]] = {}
    for file in entry["files"]:
        rows, size = found.get(split := split_of(file["path"]), (0, 0))
        found[split] = rows + file["rows"], size + file["arrow_bytes"]
    return {split: counts for split, counts in found.items() if counts[0]} or found


def _body(manifest: Manifest, sample: Mapping[str, Any] | None) -> str:
    return _template().render(
        wording=wording,
        about=about_of(manifest),
        loaded=json.dumps(about_of(manifest).name or FOLDER, ensure_ascii=False),
        inferred_dates=wording.inferred_dates(manifest),
        annotators=wording.annotators(manifest),
        manifest=manifest,
        statistics={"terms": {}} | manifest["statistics"],
        tables=tables_in(manifest),
        left_out=[name for name in schema.optional() if name in missing_tables(manifest["options"])],
        vocabularies=schema.load().vocabularies,
        made=_columns_by_making(manifest),
        sample=None if sample is None else json.dumps(_shown(sample), ensure_ascii=False, indent=2),
        text_withheld=is_without_text(manifest),
        kept=manifest["statistics"]["outcomes"].get(KEPT, 0),
        splits=splits_of(manifest["options"]),
        split_rows={name: rows for name, (rows, _) in _splits(manifest["tables"]["articles"]).items()},
    )


@cache
def _template() -> jinja2.Template:
    source = (Path(__file__).parent / "card.md.j2").read_text("utf-8")
    import jinja2  # as yaml

    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    environment.filters["line"] = lambda text: " ".join(text.split())
    return environment.from_string(source)


def _columns_by_making(manifest: Manifest) -> dict[str, list[str]]:
    """How the columns were made: the names of `vocabularies/made.csv`, each with the columns `table.field`."""
    corrected = manifest["statistics"].get("corrected", {})
    touched = {"segments.role" if what == ROLE else f"articles.{what}" for what in corrected}
    columns: dict[str, list[str]] = {name: [] for name in schema.names("made")}
    for table in tables_in(manifest):
        for field in table.fields:
            name = f"{table.name}.{field.name}"
            columns[CORRECTED if name in touched else field.made].append(name)
    return columns


def _shown(value: Any) -> Any:
    if isinstance(value, str) and len(value) > SHOWN_CHARACTERS:
        return value[:SHOWN_CHARACTERS] + "…"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _shown(member) for key, member in value.items()}
    return [_shown(member) for member in value] if isinstance(value, list) else value
