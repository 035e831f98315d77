"""A corpus without the outlets' text, and the way back: whoever holds the sources gets the very same corpus again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from kliping import schema
from kliping.building.spill import Runs, write_runs
from kliping.check.rebuild import rebuild_shard
from kliping.corpus import digests
from kliping.corpus.folder import Corpus, open_corpus, require_same_contract, require_text
from kliping.corpus.manifest import TEXT, WITHHELD, Manifest, is_corpus
from kliping.corpus.settle import settle
from kliping.corpus.shard import lines_path, write_shard
from kliping.corpus.write import check_output, finish_like
from kliping.curate.corrections import NO_CORRECTIONS, Corrections
from kliping.errors import KlipingError, listed
from kliping.model import Correction, RawDocument
from kliping.read import Options
from kliping.read import documents as read_documents

ROOTS_WITH_TEXT = "roots_with_text"
"""Key of the manifest's options in a corpus without text: the content roots of the tables with text."""


def export_without_text(corpus: Corpus, out: Path, *, force: bool = False, replace: bool = False) -> Manifest:
    """Write to `out` the corpus with every column that holds words of articles set to null (`text` in schema/).

    Spans, roles, metadata and digests stay. The manifest keeps the content roots of the whole corpus among its
    options, so that `rehydrate` can prove what it puts back. Returns the manifest of `out`.

    A corpus at `out` is replaced if it has no text and no article that this one lacks, any other if `replace` says so.
    Raises KlipingError where `out` holds something else or the corpus has no text already.
    """
    require_same_contract(corpus)
    require_text(corpus)
    check_output(out, force)
    if not replace:
        _require_nothing_lost(corpus, out, with_text=False)
    roots = {name: corpus.manifest["tables"][name]["root"] for name in corpus.manifest["tables"]}
    options = {**corpus.manifest["options"], TEXT: WITHHELD, ROOTS_WITH_TEXT: roots}
    with _work_folder(out) as work:
        for index in range(corpus.shard_count):
            tables = {name: _blank(name, table) for name, table in corpus.shard(index).items()}
            write_shard([tables], work, index, corpus.left_out)
        known = {name: _blank(name, corpus.whole(name)) for name in schema.of_scope(schema.CORPUS)}
        return finish_like(corpus, work, out, options=options, known=known, force=force)


def rehydrate(
    corpus: Corpus,
    sources: Sequence[str | Path],
    out: Path,
    *,
    corrections: Corrections = NO_CORRECTIONS,
    force: bool = False,
    replace: bool = False,
) -> Manifest:
    """Write to `out` the whole corpus that `corpus` was exported from, with the text taken from `sources`.

    `corrections` are those with which the corpus was built. Each article is found by the SHA-256 of its bytes and
    annotated again; the content roots prove the result before anything is written to `out`. Sources lie on disk
    meanwhile, so that one shard at a time is in memory. A corpus at `out` is replaced if it has no article that this
    one lacks, any other if `replace` says so.

    Raises KlipingError where sources or corrections are missing, or where this version of kliping makes other rows of
    them.
    """
    require_same_contract(corpus)
    if not corpus.without_text:
        raise KlipingError(f"{corpus.path} has its text: there is nothing to put back.")
    check_output(out, force)
    if not replace:
        _require_nothing_lost(corpus, out, with_text=True)
    options = {name: value for name, value in corpus.manifest["options"].items() if name not in {TEXT, ROOTS_WITH_TEXT}}
    with _work_folder(out) as work:
        found = _gather(corpus, sources, work)
        for index in range(corpus.shard_count):
            documents = _corrected(_documents(corpus.table("raw", index), found), corpus, index, corrections)
            portions = rebuild_shard(documents, corpus.table("decisions", index), corpus.left_out)
            write_shard(portions, work, index, corpus.left_out)
        known = settle(work, range(corpus.shard_count))
        _require_roots(corpus, work, known)
        return finish_like(corpus, work, out, options=options, known=known, force=force)


def _corrected(
    documents: Iterator[RawDocument], corpus: Corpus, index: int, corrections: Corrections
) -> Iterator[RawDocument]:
    """The documents of a shard with the corrections that its table says were applied, as the files have them.

    Raises KlipingError, naming some, where they are not in the files.
    """
    given = {each.source_path: each for of_one in corrections.of.values() for each in of_one}
    wanted = corpus.table("corrections", index).column("source_path").to_pylist()
    if missing := [name for name in wanted if name not in given]:
        raise KlipingError(
            f"{len(missing)} corrections of {corpus.path} are not among those given ({listed(missing)}). "
            "Give the files of corrections that the corpus was built with: --corrections FILE."
        )
    of: dict[str, list[Correction]] = {}
    for name in wanted:
        of.setdefault(given[name].raw_sha256, []).append(given[name])
    return (replace(each, corrections=tuple(of.get(each.sha256, ()))) for each in documents)


def _require_nothing_lost(corpus: Corpus, out: Path, *, with_text: bool) -> None:
    """Raise KlipingError where a corpus at `out` has what the one that is to take its place will not have."""
    if not is_corpus(out):
        return
    older = open_corpus(out)
    if not with_text and not older.without_text:
        raise KlipingError(
            f"{out} holds a corpus with its text, which one without text would replace. Nothing was replaced; give "
            "another folder, or --replace to have it so."
        )
    ids, kept = _article_ids(older), _article_ids(corpus)
    if lost := sorted(ids - kept):
        raise KlipingError(
            f"{len(lost):,} of {len(ids):,} articles in {out} are not in {corpus.path} ({listed(lost)}) and would "
            "vanish. Nothing was replaced; give another folder, or --replace to have it so."
        )


def _article_ids(corpus: Corpus) -> set[str]:
    return {key.hex() for index in range(corpus.shard_count) for key in _keys(corpus, index)}


def _require_roots(corpus: Corpus, work: Path, known: Mapping[str, pa.Table]) -> None:
    """Raise KlipingError unless all tables have the content roots that the corpus had before the export."""
    shards = range(corpus.shard_count)
    roots = {name: digests.content_root(name, table) for name, table in known.items()}
    for name in corpus.sharded:
        roots[name] = digests.merged_root([lines_path(work, name, index) for index in shards])
    wrong = [name for name, root in corpus.manifest["options"][ROOTS_WITH_TEXT].items() if roots.get(name) != root]
    if wrong:
        version = corpus.manifest["made_with"]["kliping"]
        raise KlipingError(
            f"The tables {', '.join(wrong)} come out other than they were exported, so nothing was written. "
            f"The corpus was made with kliping {version}: install that version with its lock file."
        )


@contextmanager
def _work_folder(out: Path) -> Iterator[Path]:
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.work-", dir=out.parent) as folder:
        yield Path(folder)


def _blank(name: str, table: pa.Table) -> pa.Table:
    """The table with its text columns null."""
    form = schema.arrow_schema(name, with_text=False)
    holds_text = {field.name for field in schema.load().tables[name].fields if field.text}
    columns = [
        pa.nulls(table.num_rows, field.type) if field.name in holds_text else table.column(field.name) for field in form
    ]
    return pa.Table.from_arrays(columns, schema=form)


def _gather(corpus: Corpus, sources: Sequence[str | Path], work: Path) -> Runs:
    """The documents of the corpus among the sources, as sorted runs. Raises KlipingError, naming some that are missing.

    The sources are read with the options with which the corpus was built.
    """
    wanted = {key for index in range(corpus.shard_count) for key in _keys(corpus, index)}
    seen: set[bytes] = set()

    def ours() -> Iterator[RawDocument]:
        for document in read_documents(sources, Options(**corpus.manifest["options"].get("read", {}))):
            if isinstance(document, RawDocument) and (key := bytes.fromhex(document.article_id)) in wanted:
                seen.add(key)
                yield document

    names, _, _ = write_runs(ours(), work, "sources")
    if missing := sorted(key.hex() for key in wanted - seen):
        shown = ", ".join([*missing[:5], *(["..."] if len(missing) > 5 else [])])
        raise KlipingError(
            f"{len(missing)} of {len(wanted)} articles are not among the sources ({shown}). "
            "An article is known by the SHA-256 of its bytes: give the very files that the corpus was built from."
        )
    return Runs([work / name for name in names])


def _keys(corpus: Corpus, index: int) -> Iterator[bytes]:
    ids = corpus.table("raw", index).column("article_id")
    return map(bytes.fromhex, ids.to_pylist())


def _documents(raw: pa.Table, found: Runs) -> Iterator[RawDocument]:
    """The documents of a `raw` table without text: bytes and metadata from the sources, the rest from the table.

    Of several copies the one is taken that lies where the corpus found it, else the first by its path.
    """
    columns = ["sha256", "source_path", "url", "retrieved_at", "extractor", "source_sha256", "line_tags"]
    for row in raw.select(columns).to_pylist():
        key = bytes.fromhex(row.pop("sha256"))
        copies = list(found.merge((key, ""), (_after(key), "")))
        best = next((copy for copy in copies if copy.source_path == row["source_path"]), copies[0])
        (document,) = found.fetch([best])
        assert isinstance(document, RawDocument)
        yield replace(document, **{**row, "line_tags": tuple(row["line_tags"])})


def _after(key: bytes) -> bytes:
    """The key that sorts right behind `key` and all that begins with it."""
    return key + b"\0"
