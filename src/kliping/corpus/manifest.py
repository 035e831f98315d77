"""The manifest of a corpus: what is in it, with every digest, and what shaped it; it has no clock in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kliping import schema
from kliping.corpus.layout import LFS_POINTER, MANIFEST
from kliping.errors import KlipingError
from kliping.files import file_sha256

_FORMATS = "kliping-manifest/"
FORMAT = f"{_FORMATS}1"
KEYS = frozenset(
    ("format", "version", "schema_version", "digest", "made_with", "knowledge", "schema", "options", "quality",
     "inputs", "tables", "statistics")
)  # fmt: skip
SHAPING = ("kliping", "ftfy", "jinja2", "langdetect", "numpy", "pyarrow", "pyyaml", "sentencex")
"""The distributions whose version can change a byte of a corpus."""
_ROOMS_WITHOUT_INFLUENCE = frozenset({"schema", "corpus", "report"})

TEXT, WITHHELD = "text", "withheld"
"""Key and value of `options` in a corpus that was exported without the outlets' text."""

LAYERS = "layers"
"""Key of `options` in a corpus for which layers were chosen: the names of those optional ones that ran."""

Manifest = dict[str, Any]


class ManifestError(KlipingError):
    """The folder's manifest cannot be used; the message says why and what to do next."""


def compose_manifest(
    *,
    version: str,
    tables: Mapping[str, Any],
    statistics: Mapping[str, Any],
    inputs: Mapping[str, Any],
    options: Mapping[str, Any],
    quality: Mapping[str, Any] | None,
) -> Manifest:
    """Return the manifest of a corpus with these tables and counts, made by this installation of kliping."""
    return {
        "format": FORMAT,
        "version": version,
        "schema_version": schema.load().version,
        "digest": "rows-v1",
        "made_with": made_with(),
        "knowledge": knowledge_digests(),
        "schema": schema_digests(),
        "options": dict(options),
        "quality": None if quality is None else dict(quality),
        "inputs": dict(inputs),
        "tables": dict(tables),
        "statistics": dict(statistics),
    }


def dump(manifest: Manifest) -> str:
    """Return canonical JSON: sorted keys, two spaces, non-ASCII kept, a newline at the end."""
    return json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read_manifest(corpus: Path) -> Manifest:
    """Return the manifest of the corpus in a folder.

    Raises ManifestError where there is none that this version understands.
    """
    path = corpus / MANIFEST
    if not path.is_file():
        raise ManifestError(f"{corpus} is no corpus: it has no {MANIFEST}. Give the folder that `kliping build` made.")
    data = path.read_bytes()
    if data.startswith(LFS_POINTER):
        raise ManifestError(f"{path} is a git-lfs pointer, not the file itself. Run `git lfs pull` in that repository.")
    try:
        manifest = json.loads(data)
    except ValueError as error:
        raise ManifestError(f"{path} is not JSON ({error}). Download the corpus again.") from error
    _require_form(path, manifest)
    return dict(manifest)


def is_corpus(folder: Path) -> bool:
    """Tell whether a folder is a corpus that some version of kliping made."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes()) if (folder / "articles").is_dir() else None
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(manifest, dict) and str(manifest.get("format", "")).startswith(_FORMATS)


def shard_paths(manifest: Manifest, config: str) -> list[str]:
    """Return the Parquet files of a config, relative to the corpus folder, in their order."""
    return [file["path"] for file in manifest["tables"][config]["files"]]


def missing_tables(options: Mapping[str, Any]) -> frozenset[str]:
    """Return the optional tables that a corpus with these options is without."""
    return frozenset(schema.optional()).difference(options[LAYERS]) if LAYERS in options else frozenset()


def tables_in(manifest: Manifest) -> list[schema.Table]:
    """Return the tables that a corpus with this manifest has, in the order in which they are published."""
    without = missing_tables(manifest["options"])
    return [table for name, table in schema.load().tables.items() if name not in without]


def is_without_text(manifest: Manifest) -> bool:
    """Tell whether the corpus was exported without the outlets' text."""
    return bool(manifest["options"].get(TEXT) == WITHHELD)


def version_numbers(version: str) -> tuple[int, int, int]:
    """Return the three numbers of a version of a corpus, X.Y.Z. Raises ValueError where it is written otherwise."""
    found = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", version, re.ASCII)
    if found is None:
        raise ValueError(f"{version!r} is no version: three numbers with dots between them are, such as 1.2.0.")
    return int(found[1]), int(found[2]), int(found[3])


def made_with() -> dict[str, str]:
    """Return the versions of the distributions that can change a byte of a corpus."""
    return {name: version(name) for name in SHAPING}


def knowledge_digests() -> dict[str, str]:
    """Return the SHA-256 of every data file that an annotation may depend on: knowledge, models, profiles."""
    package = Path(schema.__file__).parent
    paths = (path for path in package.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc", ".typed"))
    relative = sorted(path.relative_to(package).as_posix() for path in paths)
    return {
        name: file_sha256(package / name) for name in relative if name.split("/")[0] not in _ROOMS_WITHOUT_INFLUENCE
    }


def schema_digests() -> dict[str, str]:
    """Return the SHA-256 of every file of the contract, without what is derived from them."""
    root = schema.folder()
    paths = [*root.glob("*.toml"), *root.glob("tables/*.toml"), *root.glob("vocabularies/*.csv")]
    return {name: file_sha256(root / name) for name in sorted(path.relative_to(root).as_posix() for path in paths)}


def _require_form(path: Path, manifest: Any) -> None:
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise ManifestError(f"{path} is no manifest of kliping. Give the folder that `kliping build` made.")
    if manifest["format"] != FORMAT:
        raise ManifestError(
            f"{path} has the format {manifest['format']}, this kliping knows {FORMAT}. Upgrade kliping."
        )
    if unknown := sorted(manifest.keys() - KEYS):
        raise ManifestError(f"{path} has keys that this kliping does not know: {', '.join(unknown)}. Upgrade kliping.")
    if missing := sorted(KEYS - manifest.keys()):
        raise ManifestError(f"{path} lacks the keys {', '.join(missing)}. Download the corpus again.")
    theirs, ours = str(manifest["schema_version"]), schema.load().version
    if _numbers(theirs) > _numbers(ours):
        raise ManifestError(
            f"{path} was made after version {theirs} of the contract, this kliping knows {ours}. Upgrade kliping."
        )


def _numbers(dotted: str) -> list[int]:
    return [int(part) if part.isdigit() else 0 for part in dotted.split(".")]
