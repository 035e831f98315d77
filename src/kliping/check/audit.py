"""Audits a corpus in five rising steps, the last of which builds it again from its `raw` table and compares."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from kliping import release
from kliping.annotate import annotate_batch
from kliping.check.corpus import Corpus, unreadable
from kliping.check.diff import row_changes
from kliping.check.incident import Incident
from kliping.check.recompute import column_roots, content_root
from kliping.check.validate import Progress, check_description, check_files_fit_schema, check_shards
from kliping.model import Annotation, RawDocument, Refusal, SetAside
from kliping.release.manifest import knowledge_digests, made_with, schema_digests
from kliping.tables import documents_from_raw, to_tables

PASSED, FAILED, SKIPPED = "PASSED", "FAILED", "SKIPPED"
BATCH = 256
"""Documents annotated together in a rebuild; the result does not depend on it."""
ROWS_NAMED = 20
"""Of one table in a rebuild; beyond it a last incident says how many more differ."""


@dataclass(frozen=True, slots=True)
class Step:
    """One question of the audit and its answer."""

    title: str
    status: str
    incidents: tuple[Incident, ...] = ()
    remark: str = ""
    """Why it was skipped, or what exactly was compared."""


def audit(corpus: Corpus, progress: Progress = lambda done, of: None) -> Iterator[Step]:
    """Yield the steps as they are answered; a step that needs what a failed one did not find is SKIPPED."""
    checksums = _step("File checksums", check_checksums(corpus))
    yield checksums
    readable = _step("Parquet footers, schema and manifest", _footers(corpus))
    yield readable
    if readable.status == FAILED:
        remark = "the files do not hold the tables of the schema, see above"
        for title in ("README, croissant and sums", "Content and column roots", "Every row", "Rebuild from `raw`"):
            yield Step(title, SKIPPED, remark=remark)
        return
    yield _step("README, croissant and sums", check_description(corpus))
    yield _step("Content and column roots", check_roots(corpus))
    if corpus.without_text:
        for title in ("Every row", "Rebuild from `raw`"):
            yield Step(title, SKIPPED, remark="this is a corpus without text; `kliping rehydrate` puts it back")
        return
    rows = _step("Every row", check_shards(corpus, progress))
    yield rows
    if any(incident.name == "raw-digest-mismatch" for incident in rows.incidents):
        yield Step("Rebuild from `raw`", SKIPPED, remark="the raw texts are not those that were published, see above")
        return
    yield check_rebuild(corpus)


def _step(title: str, incidents: Iterator[Incident]) -> Step:
    found = tuple(incidents)
    return Step(title, FAILED if found else PASSED, found)


def _footers(corpus: Corpus) -> Iterator[Incident]:
    broken = list(unreadable(corpus))
    yield from broken or check_files_fit_schema(corpus)


def check_checksums(corpus: Corpus) -> Iterator[Incident]:
    """SHA256SUMS and the manifest list every file of the folder with its digest, and no file but those lies there."""
    listed = dict(_listed(corpus.path / "SHA256SUMS"))
    for table in corpus.manifest["tables"]:
        for entry in corpus.files(table):
            if listed.get(entry["path"]) != entry["sha256"]:
                yield Incident("sums-mismatch", entry["path"], "SHA256SUMS and the manifest give different digests")
    for file, digest in listed.items():
        path = corpus.path / file
        if not path.is_file():
            yield Incident("file-missing", file, "SHA256SUMS lists it; download the corpus again")
        elif (found := _sha256(path)) != digest:
            yield Incident("checksum-mismatch", file, f"its sha256 is {found}, SHA256SUMS says {digest}")
    present = {path.relative_to(corpus.path).as_posix() for path in corpus.path.rglob("*") if path.is_file()}
    for file in sorted(present - listed.keys() - {"SHA256SUMS"} - HUB_FILES):
        if not file.startswith(HUB_FOLDERS):
            yield Incident("file-unlisted", file, "SHA256SUMS does not list it")


HUB_FILES = frozenset({".gitattributes"})
HUB_FOLDERS = (".cache/", ".git/")
"""What a download from a Hub adds to the folder."""


def _listed(path: Path) -> Iterator[tuple[str, str]]:
    if path.is_file():
        for line in path.read_text("utf-8", "replace").splitlines():
            digest, _, file = line.partition("  ")
            yield file, digest


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_roots(corpus: Corpus) -> Iterator[Incident]:
    """The rows give the `rows-v1` roots of the manifest, for whole rows and for single columns."""
    for name, said in corpus.manifest["tables"].items():
        yield from _root(f"table {name}", said["root"], content_root(corpus, name))
        found = column_roots(corpus, name)
        listed = said.get("columns", {})
        for column in sorted(found.keys() | listed.keys()):
            yield from _root(f"table {name} column {column}", listed.get(column), found.get(column))


def _root(place: str, said: str | None, is_so: str | None) -> Iterator[Incident]:
    if said != is_so:
        yield Incident("root-mismatch", place, f"its content root is {is_so}, the manifest says {said}")


def check_rebuild(corpus: Corpus) -> Step:
    """Build the corpus again from its own rows of `raw` and compare, to the byte if the versions are the same.

    Refused inputs stand in `decisions` only, without their bytes: their rows are taken over as they are.
    """
    title = "Rebuild from `raw`"
    moved = _moved_versions(corpus.manifest)
    with tempfile.TemporaryDirectory(prefix="kliping-audit-") as scratch:
        again = Path(scratch, "corpus")
        rebuild(corpus, Path(scratch, "work"), again)
        found = list(_compare_rows(corpus, Corpus(again, release.read_manifest(again)), moved))
        if not found and not moved:
            found = list(_compare_bytes(corpus.path, again))
    compared = (
        "content roots, not bytes, because " + "; ".join(moved) if moved else "every byte, under the same versions"
    )
    return Step(title, FAILED if found else PASSED, tuple(found), f"compared {compared}")


def rebuild(corpus: Corpus, work: Path, out: Path) -> None:
    """Write to `out` what this version of kliping makes of the raw texts of `corpus`."""
    for index in range(corpus.shard_count):
        tables = corpus.shard(index)
        release.write_shard(rebuild_shard(documents_from_raw(tables["raw"]), tables["decisions"]), work, index)
    manifest = corpus.manifest
    shards = range(corpus.shard_count)
    version, options, quality = manifest["version"], manifest["options"], manifest["quality"]
    release.finish(work, out, shards, version=version, options=options, quality=quality)
    shutil.rmtree(work, ignore_errors=True)


def rebuild_shard(documents: Sequence[RawDocument], decisions: pa.Table) -> dict[str, pa.Table]:
    """Return the tables that these documents give, with the decisions on what was refused taken over as they are."""
    refused = [_refusal(row) for row in decisions.to_pylist() if row["outcome"] != "kept"]
    return to_tables([*_annotated(documents), *refused])


def _annotated(documents: Sequence[RawDocument]) -> Iterator[Annotation | Refusal]:
    for start in range(0, len(documents), BATCH):
        batch = documents[start : start + BATCH]
        for document, result in zip(batch, annotate_batch(batch), strict=True):
            if isinstance(result, SetAside):
                yield Refusal(document.source_path, document.sha256, result.reason, result.detail)
            else:
                yield result


def _refusal(row: Mapping[str, Any]) -> Refusal:
    return Refusal(row["source_path"], row["raw_sha256"], row["reason"], row["detail"])


def _moved_versions(manifest: Mapping[str, Any]) -> list[str]:
    """Return what differs between what made the corpus and what runs here, each in words."""
    here = made_with()
    moved = [
        f"{name} is {here.get(name, 'not installed')} here and was {version}"
        for name, version in manifest["made_with"].items()
        if here.get(name) != version
    ]
    for part, files in (("knowledge", knowledge_digests()), ("schema", schema_digests())):
        moved += [
            f"{file} of kliping is another one here"
            for file in sorted(manifest[part].keys() | files.keys())
            if manifest[part].get(file) != files.get(file)
        ]
    return moved


def _compare_rows(corpus: Corpus, again: Corpus, moved: Sequence[str]) -> Iterator[Incident]:
    why = f"; {'; '.join(moved)}" if moved else ""
    for name, said in corpus.manifest["tables"].items():
        made = again.manifest["tables"][name]
        if said["root"] == made["root"] and content_root(corpus, name) == made["root"]:
            continue
        old, new = release.read_table(corpus.path, name), release.read_table(again.path, name)
        changes = list(row_changes(name, old, new))
        for change in changes[:ROWS_NAMED]:
            yield Incident("rebuild-mismatch", f"{name} {change.key}", change.in_words("published", "rebuilt") + why)
        if len(changes) > ROWS_NAMED:
            yield Incident("rebuild-mismatch", name, f"so do {len(changes) - ROWS_NAMED} rows more{why}")
        if not changes:
            yield Incident("rebuild-mismatch", f"table {name}", f"the manifest's root is not that of its rows{why}")


def _compare_bytes(old: Path, new: Path) -> Iterator[Incident]:
    for path in sorted(path for path in new.rglob("*") if path.is_file()):
        file = path.relative_to(new).as_posix()
        theirs = old / file
        if not theirs.is_file() or theirs.read_bytes() != path.read_bytes():
            yield Incident("rebuild-mismatch", file, "the rows are the same, the bytes of the file are not")
