"""A corpus without the outlets' text, and the way back: whoever holds the sources gets the very same corpus again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from kliping import release, schema
from kliping.check.audit import rebuild_shard
from kliping.check.corpus import WITHOUT_TEXT, Corpus
from kliping.errors import KlipingError
from kliping.model import RawDocument
from kliping.read import documents as read_documents


def export_without_text(corpus: Corpus, out: Path, *, force: bool = False) -> None:
    """Write to `out` the corpus with every column that holds words of articles set to null (`text` in schema/).

    Spans, roles, metadata and digests stay. The manifest keeps the content roots of the whole corpus under
    `options`, so that `rehydrate` can prove what it puts back.

    Raises KlipingError where `out` holds something else or the corpus has no text already.
    """
    manifest = corpus.manifest
    if corpus.without_text:
        raise KlipingError(f"{corpus.path} is without text already.")
    release.check_output(out, force)
    roots = {name: manifest["tables"][name]["root"] for name in corpus.sharded}
    with _work_folder(out) as folder:
        work = Path(folder)
        for index in range(corpus.shard_count):
            release.write_shard({name: _blank(name, table) for name, table in corpus.shard(index).items()}, work, index)
        _finish(corpus, work, out, {**manifest["options"], WITHOUT_TEXT: roots}, force)


def rehydrate(corpus: Corpus, sources: Sequence[str | Path], out: Path, *, force: bool = False) -> None:
    """Write to `out` the whole corpus that `corpus` was exported from, with the text taken from `sources`.

    Each article is found by the SHA-256 of its bytes and annotated again; the content roots prove the result.

    Raises KlipingError where sources are missing, or where this version of kliping makes other rows of them.
    """
    if not corpus.without_text:
        raise KlipingError(f"{corpus.path} has its text: there is nothing to put back.")
    release.check_output(out, force)
    found = _find(corpus, sources)
    options = dict(corpus.manifest["options"])
    roots = options.pop(WITHOUT_TEXT)
    with _work_folder(out) as folder:
        work = Path(folder)
        for index in range(corpus.shard_count):
            tables = corpus.shard(index)
            documents = _filled(tables["raw"], found)
            release.write_shard(rebuild_shard(documents, tables["decisions"]), work, index)
        trial = _finish(corpus, work, work / "trial", options, force=True)
        _require_roots(corpus, roots, trial)
        _finish(corpus, work, out, options, force)


def _require_roots(corpus: Corpus, roots: Mapping[str, str], made: Mapping[str, Any]) -> None:
    wrong = [name for name, root in roots.items() if made["tables"][name]["root"] != root]
    if wrong:
        version = corpus.manifest["made_with"]["kliping"]
        raise KlipingError(
            f"The tables {', '.join(wrong)} come out other than they were exported, so nothing was written. "
            f"The corpus was made with kliping {version}: install that version with its lock file."
        )


def _finish(corpus: Corpus, work: Path, out: Path, options: Mapping[str, Any], force: bool) -> Mapping[str, Any]:
    version, quality = corpus.manifest["version"], corpus.manifest["quality"]
    shards = range(corpus.shard_count)
    return release.finish(work, out, shards, version=version, options=options, quality=quality, force=force)


def _work_folder(out: Path) -> tempfile.TemporaryDirectory[str]:
    out.parent.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix=f".{out.name}.work-", dir=out.parent)


def _blank(name: str, table: pa.Table) -> pa.Table:
    """The table with its text columns null."""
    form = schema.arrow_schema(name, with_text=False)
    holds_text = {field.name for field in schema.load().tables[name].fields if field.text}
    columns = [
        pa.nulls(table.num_rows, field.type) if field.name in holds_text else table.column(field.name) for field in form
    ]
    return pa.Table.from_arrays(columns, schema=form)


def _find(corpus: Corpus, sources: Sequence[str | Path]) -> dict[str, RawDocument]:
    """Article id -> the document with those bytes. Raises KlipingError, naming some, where any is missing."""
    wanted = set(_article_ids(corpus))
    found: dict[str, RawDocument] = {}
    for document in read_documents(sources):
        if isinstance(document, RawDocument) and document.article_id in wanted:
            found.setdefault(document.article_id, document)
    if missing := sorted(wanted - found.keys()):
        shown = ", ".join(missing[:5]) + (" ..." if len(missing) > 5 else "")
        raise KlipingError(
            f"{len(missing)} of {len(wanted)} articles are not among the sources ({shown}). "
            "An article is known by the SHA-256 of its bytes: give the very files that the corpus was built from."
        )
    return found


def _article_ids(corpus: Corpus) -> Iterator[str]:
    for index in range(corpus.shard_count):
        yield from corpus.shard(index)["raw"].column("article_id").to_pylist()


def _filled(raw: pa.Table, found: Mapping[str, RawDocument]) -> list[RawDocument]:
    """The documents of a `raw` table without text: bytes and metadata from the sources, the rest from the table."""
    rows = raw.select(["article_id", "source_path", "url", "retrieved_at", "extractor", "source_sha256", "line_tags"])
    return [
        RawDocument(
            data=found[row["article_id"]].data,
            metadata=found[row["article_id"]].metadata,
            source_path=row["source_path"],
            url=row["url"],
            retrieved_at=row["retrieved_at"],
            extractor=row["extractor"],
            source_sha256=row["source_sha256"],
            line_tags=tuple(row["line_tags"]),
        )
        for row in rows.to_pylist()
    ]
