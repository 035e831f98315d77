"""Builds a corpus again from nothing but its `raw` table and names every row, column and file that comes out other."""

from __future__ import annotations

import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kliping import schema
from kliping.check.diff import row_changes
from kliping.check.incident import Incident
from kliping.corpus import digests
from kliping.corpus.folder import Corpus
from kliping.corpus.layout import SUMS
from kliping.corpus.manifest import knowledge_digests, made_with, schema_digests
from kliping.corpus.settle import settle
from kliping.corpus.shard import parquet_path, read_shard, write_shard
from kliping.corpus.tables import corrected, documents_from_raw, refusals_from, to_tables
from kliping.corpus.write import finish_like
from kliping.files import file_sha256
from kliping.kernel import annotate_documents
from kliping.model import RawDocument

BATCH = 256
"""Documents annotated together in a rebuild; the result does not depend on it."""
ROWS_NAMED = 20
"""Of one table in one shard; beyond it a last incident says that there are more."""


def check_rebuild(corpus: Corpus) -> Iterator[Incident]:
    """Build the corpus again in a temporary folder and compare: to the byte, or the rows where versions moved.

    What people corrected is applied again, from the table `corrections`. Inputs that were set aside stand in
    `decisions` only, without their bytes: their rows are taken over as they are, and so are those of corrections that
    did not fit. Of one shard at a time the tables `raw`, `decisions` and `corrections` are in memory. The temporary
    folder (TMPDIR) takes as much room as the corpus.
    """
    moved = moved_versions(corpus.manifest)
    why = f"; {'; '.join(moved)}" if moved else ""
    differs = False
    with tempfile.TemporaryDirectory(prefix="kliping-audit-") as scratch:
        work, again = Path(scratch, "work"), Path(scratch, "corpus")
        work.mkdir()
        for index in range(corpus.shard_count):
            documents = corrected(documents_from_raw(corpus.table("raw", index)), corpus.table("corrections", index))
            portions = rebuild_shard(documents, corpus.table("decisions", index), corpus.left_out)
            write_shard(portions, work, index, corpus.left_out)
        known = settle(work, range(corpus.shard_count))
        for index in range(corpus.shard_count):
            for incident in _check_shard(corpus, work, index, why):
                differs = True
                yield incident
        if differs:
            return
        made = finish_like(corpus, work, again, known=known, force=True)
        if moved:
            for name in schema.of_scope(schema.CORPUS):
                if made["tables"][name]["root"] != corpus.manifest["tables"][name]["root"]:
                    yield Incident("rebuild-mismatch", f"table {name}", f"its rows come out other{why}")
        else:
            yield from _compare_files(corpus, again)


def _check_shard(corpus: Corpus, work: Path, index: int, why: str) -> Iterator[Incident]:
    shard = read_shard(work, index)
    assert shard is not None
    for name in corpus.sharded:
        if shard.files[name].sha256 == corpus.files(name)[index]["sha256"]:
            continue
        published = corpus.table(name, index)
        if shard.files[name].root == digests.content_root(name, published):
            continue
        made = pq.read_table(parquet_path(work, name, index), partitioning=None)
        changes = list(islice(row_changes(name, published, made), ROWS_NAMED + 1))
        for change in changes[:ROWS_NAMED]:
            yield Incident("rebuild-mismatch", f"{name} {change.key}", change.in_words("published", "rebuilt") + why)
        if len(changes) > ROWS_NAMED:
            yield Incident("rebuild-mismatch", f"table {name}", f"more than {ROWS_NAMED} rows differ{why}")


def rebuild_shard(
    documents: Iterable[RawDocument], decisions: pa.Table, left_out: Container[str] = ()
) -> Iterator[dict[str, pa.Table]]:
    """Yield the tables that these documents give, portion by portion; layers that are `left_out` do not run.

    The last holds the decisions on what was refused, taken over as they are.
    """
    documents = iter(documents)
    while batch := list(islice(documents, BATCH)):
        yield to_tables(annotate_documents(batch, left_out))
    yield to_tables(refusals_from(decisions))


def moved_versions(manifest: Mapping[str, Any]) -> list[str]:
    """Return what differs between what made the corpus and what runs here, each in words."""
    here = made_with()
    moved = [
        f"{name} is {here.get(name, 'not installed')} here and was {version}"
        for name, version in sorted(manifest["made_with"].items())
        if here.get(name) != version
    ]
    for part, files in (("knowledge", knowledge_digests()), ("schema", schema_digests())):
        changed = sorted(
            name for name in manifest[part].keys() | files.keys() if manifest[part].get(name) != files.get(name)
        )
        if changed:
            moved.append(f"kliping's {', '.join(changed)} {'is' if len(changed) == 1 else 'are'} other here")
    return moved


def _compare_files(corpus: Corpus, again: Path) -> Iterator[Incident]:
    for file in (*corpus.listed_files(), SUMS):
        theirs, ours = corpus.path / file, again / file
        if not theirs.is_file() or not ours.is_file() or file_sha256(theirs) != file_sha256(ours):
            yield Incident("rebuild-mismatch", file, "the rows come out again, the bytes of this file do not")
