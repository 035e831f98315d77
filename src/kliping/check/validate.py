"""Validates a corpus: what describes it agrees with its files, and every row keeps every invariant."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import pyarrow as pa

from kliping import release, schema
from kliping.check.columns import check_columns, check_schema
from kliping.check.corpus import WHOLE, Corpus, unreadable
from kliping.check.incident import Incident
from kliping.check.recompute import recompute
from kliping.check.rows import check_rows
from kliping.errors import KlipingError

Progress = Callable[[int, int], None]
"""Called with the shards done and all of them."""


def validate(corpus: Corpus, progress: Progress = lambda done, of: None) -> list[Incident]:
    """Return everything that is wrong with a corpus, in rising order; later levels need the earlier ones whole."""
    found = list(unreadable(corpus)) or list(check_files_fit_schema(corpus))
    if found:
        return found
    if corpus.without_text:
        raise KlipingError(f"{corpus.path} is without text: put it back with `kliping rehydrate`, then validate that.")
    return [*check_description(corpus), *check_shards(corpus, progress)]


def check_files_fit_schema(corpus: Corpus) -> Iterator[Incident]:
    """Every table is there, each of its files has the schema's columns and as many rows as the manifest says."""
    wanted = set(schema.load().tables)
    for name in sorted(wanted ^ set(corpus.manifest["tables"])):
        detail = "the manifest lists it, the schema does not" if name not in wanted else "the manifest does not list it"
        yield Incident("manifest-mismatch", f"table {name}", detail)
    for name in sorted(wanted & set(corpus.manifest["tables"])):
        for entry in corpus.files(name):
            table = corpus.read(entry["path"])
            yield from check_schema(name, table.schema, entry["path"], with_text=not corpus.without_text)
            if table.num_rows != entry["rows"]:
                detail = f"it holds {table.num_rows} rows, the manifest says {entry['rows']}"
                yield Incident("row-count-mismatch", entry["path"], detail)
        rows = sum(entry["rows"] for entry in corpus.files(name))
        if rows != corpus.manifest["tables"][name]["rows"]:
            yield Incident(
                "row-count-mismatch", f"table {name}", f"its files hold {rows} rows, the manifest says otherwise"
            )


def check_description(corpus: Corpus) -> Iterator[Incident]:
    """README.md, croissant.json and SHA256SUMS are what the manifest and the rows give, to the byte."""
    first = corpus.files("articles")
    sample = release.sample_row(corpus.read(first[0]["path"])) if first else None
    expected = {
        "README.md": ("header-mismatch", release.render_readme(corpus.manifest, sample)),
        "croissant.json": ("croissant-mismatch", release.render_croissant(corpus.manifest)),
        "SHA256SUMS": ("sums-mismatch", release.render_sums(corpus.path)),
    }
    for file, (incident, text) in expected.items():
        yield from _compare_text(corpus, file, incident, text)


def _compare_text(corpus: Corpus, file: str, incident: str, expected: str) -> Iterator[Incident]:
    path = corpus.path / file
    if not path.is_file():
        yield Incident("file-missing", file, "every corpus has it; download the corpus again")
        return
    found = path.read_bytes().decode("utf-8", "replace").split("\n")
    for number, (ours, theirs) in enumerate(zip(expected.split("\n"), found, strict=False), start=1):
        if ours != theirs:
            yield Incident(incident, f"{file}:{number}", f"it says {theirs[:80]!r}, it should say {ours[:80]!r}")
            return
    if len(found) != expected.count("\n") + 1:
        yield Incident(incident, file, f"it has {len(found)} lines, it should have {expected.count(chr(10)) + 1}")


def check_shards(corpus: Corpus, progress: Progress) -> Iterator[Incident]:
    """Every row of every shard, the order between shards, and the tables and numbers made from all of them."""
    edges: list[tuple[str, str]] = []
    kept: set[str] = set()
    paths: list[str] = []
    for index in range(corpus.shard_count):
        tables = corpus.shard(index)
        for name, table in tables.items():
            yield from check_columns(name, table)
        yield from check_rows({name: table.to_pylist() for name, table in tables.items()})
        yield from check_decisions(tables)
        ids = tables["articles"].column("article_id").to_pylist()
        kept.update(ids)
        paths += tables["decisions"].column("source_path").to_pylist()
        edges += [(ids[0], ids[-1])] if ids else []
        progress(index + 1, corpus.shard_count)
    for before, after in pairwise(edges):
        if before[1] >= after[0]:
            yield Incident("rows-unsorted", f"articles {after[0]}", f"its shard stands after that of {before[1]}")
    yield from _check_balance(corpus, paths)
    yield from check_whole(corpus)


def check_decisions(tables: Mapping[str, pa.Table]) -> Iterator[Incident]:
    """The kept documents are the articles, by id, path and digest; a reason stands exactly where one was not kept."""
    articles = {row["article_id"]: row for row in tables["articles"].to_pylist()}
    seen = set()
    for row in tables["decisions"].to_pylist():
        place = f"decisions {row['source_path']}"
        if (row["outcome"] == "kept") != (row["reason"] is None):
            yield Incident(
                "decision-mismatch", place, f"outcome {row['outcome']!r} goes ill with reason {row['reason']!r}"
            )
        if row["outcome"] != "kept":
            continue
        article = articles.get(row["article_id"])
        if article is None or (article["source_path"], article["raw_sha256"]) != (
            row["source_path"],
            row["raw_sha256"],
        ):
            yield Incident(
                "decision-mismatch", place, f"it is kept, and no such article {row['article_id']} stands there"
            )
        seen.add(row["article_id"])
    for key in sorted(articles.keys() - seen):
        yield Incident("decision-mismatch", f"articles {key}", "no decision keeps it")


def _check_balance(corpus: Corpus, paths: list[str]) -> Iterator[Incident]:
    count = corpus.manifest["inputs"]["count"]
    if count != len(paths):
        yield Incident("decision-mismatch", "decisions", f"{len(paths)} rows for {count} inputs")
    if len(set(paths)) != len(paths):
        yield Incident("duplicate-key", "decisions", "a source_path stands on rows of two shards")


def check_whole(corpus: Corpus) -> Iterator[Incident]:
    """`domains`, the statistics and the digests of the inputs are what the shards give."""
    found = recompute(corpus)
    table = release.read_table(corpus.path, WHOLE)
    yield from check_columns(WHOLE, table)
    if table.to_pylist() != found.domains.to_pylist():
        yield Incident("count-mismatch", WHOLE, "its rows are not those that `articles` gives")
    for key in ("statistics", "inputs"):
        said, is_so = corpus.manifest[key], getattr(found, key)
        if said != is_so:
            detail = f"it says {_short(said)}, the rows give {_short(is_so)}"
            yield Incident("manifest-mismatch", f"manifest.json {key}", detail)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 160 else text[:157] + "..."
