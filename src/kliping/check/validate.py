"""Validates a corpus: what describes it agrees with its files, and every row keeps every invariant."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from kliping import schema
from kliping.check.columns import MOST_ROWS_NAMED, check_columns, check_schema
from kliping.check.diff import row_changes
from kliping.check.incident import Incident
from kliping.check.listing import check_files, unreadable
from kliping.check.recompute import Tally
from kliping.check.references import References, check_decisions
from kliping.check.rows import check_rows
from kliping.corpus.card import render_readme
from kliping.corpus.croissant import render_croissant
from kliping.corpus.digests import row_ids
from kliping.corpus.folder import Corpus, require_same_contract
from kliping.corpus.layout import CROISSANT, MANIFEST, README, SPLIT, table_files
from kliping.corpus.manifest import dump, shard_paths
from kliping.corpus.settle import filled, filling, wide_tables
from kliping.corpus.splits import Assignment, splits_of
from kliping.corpus.tables import FILLED_LATER
from kliping.corpus.wide.shards import NeedsText
from kliping.errors import KlipingError

Progress = Callable[[int, int], None]
"""Called with the shards done and all of them."""
STOPPING = frozenset({"unknown-term", "text-not-withheld"})
"""Incidents of a column after which the rows of its shard cannot be read as what they should be."""


def validate(corpus: Corpus, progress: Progress = lambda done, of: None) -> list[Incident]:
    """Return everything that is wrong with a corpus, in rising order; the rows only where the files hold tables.

    Of a corpus without text that is everything which needs none. Raises KlipingError where it was made after another
    version of the contract.
    """
    require_same_contract(corpus)
    found = list(check_files(corpus))
    broken = list(check_tables(corpus))
    if broken:
        return [*found, *broken]
    return [*found, *check_description(corpus), *check_shards(corpus, progress)]


def check_tables(corpus: Corpus) -> Iterator[Incident]:
    """Check that every Parquet file can be read and has the columns, footer and number of rows that it should."""
    broken = list(unreadable(corpus)) or list(check_manifest(corpus))
    yield from broken or check_footers(corpus)


def check_manifest(corpus: Corpus) -> Iterator[Incident]:
    """Check that the manifest is written as kliping writes it and lists the tables of the schema.

    Each has one file a shard.
    """
    if (corpus.path / MANIFEST).read_bytes() != dump(corpus.manifest).encode():
        yield Incident("manifest-mismatch", MANIFEST, "it is not written in the canonical form of its content")
    yield from _check_rule(corpus)
    wanted, listed = schema.load().tables.keys() - corpus.left_out, corpus.manifest["tables"].keys()
    for name in sorted(wanted ^ listed):
        detail = "it is listed and no such table belongs there" if name in listed else "the manifest does not list it"
        yield Incident("manifest-mismatch", f"table {name}", detail)
    for name in listed:
        count, right = len(corpus.files(name)), corpus.shard_count if name in corpus.sharded else 1
        if count != right:
            yield Incident("manifest-mismatch", f"table {name}", f"it has {count} files where {right} belong")
        splits = corpus.splits if name in corpus.sharded else [SPLIT]
        if count == right and table_files(name, splits) != shard_paths(corpus.manifest, name):
            yield Incident("manifest-mismatch", f"table {name}", "its files are not numbered one after the other")


def _check_rule(corpus: Corpus) -> Iterator[Incident]:
    """Check that the files are of the splits that the manifest's options tell of, each there, in their order."""
    try:
        names = list(splits_of(corpus.manifest["options"]).names)
    except (KlipingError, TypeError, KeyError, ValueError, AttributeError) as error:
        yield Incident("manifest-mismatch", f"{MANIFEST} options.splits", f"it says of no division: {error}")
        return
    found = list(dict.fromkeys(corpus.splits))
    if found != names or corpus.splits != sorted(corpus.splits, key=names.index):
        detail = f"the files are of the splits {', '.join(corpus.splits)}, the options tell of {', '.join(names)}"
        yield Incident("manifest-mismatch", f"{MANIFEST} options.splits", detail)


def check_footers(corpus: Corpus) -> Iterator[Incident]:
    """Check that each file has the schema's columns and footer, and as many rows and bytes as the manifest says."""
    for name, entry in corpus.all_files():
        place, path = entry["path"], corpus.path / entry["path"]
        yield from check_schema(name, pq.read_schema(path), place, with_text=not corpus.without_text)
        rows, size = pq.read_metadata(path).num_rows, path.stat().st_size
        if rows != entry["rows"]:
            yield Incident("row-count-mismatch", place, f"it holds {rows} rows, the manifest says {entry['rows']}")
        if size != entry["bytes"]:
            yield Incident("manifest-mismatch", place, f"it has {size} bytes, the manifest says {entry['bytes']}")
    for name, table in corpus.manifest["tables"].items():
        rows = sum(entry["rows"] for entry in table["files"])
        if rows != table["rows"]:
            detail = f"its files hold {rows} rows, the manifest says {table['rows']}"
            yield Incident("row-count-mismatch", f"table {name}", detail)


def check_description(corpus: Corpus) -> Iterator[Incident]:
    """Check that README.md and croissant.json are what the manifest and the rows give, to the byte."""
    readme, croissant = render_readme(corpus.manifest, corpus.sample()), render_croissant(corpus.manifest)
    yield from _compare_text(corpus, README, "header-mismatch", readme)
    yield from _compare_text(corpus, CROISSANT, "croissant-mismatch", croissant)


def _compare_text(corpus: Corpus, file: str, incident: str, expected: str) -> Iterator[Incident]:
    path = corpus.path / file
    if not path.is_file():
        yield Incident("file-missing", file, "every corpus has it; download the corpus again")
        return
    data = path.read_bytes()
    if data == expected.encode():
        return
    theirs, ours = data.decode("utf-8", "replace").split("\n"), expected.split("\n")
    for number, (found, wanted) in enumerate(zip(theirs, ours, strict=False), start=1):
        if found != wanted:
            detail = f"it says {found[:80]!r}, it should say {wanted[:80]!r}"
            yield Incident(incident, f"{file}:{number}", detail)
            return
    yield Incident(incident, file, f"it has {len(theirs)} lines, it should have {len(ours)}")


def check_shards(corpus: Corpus, progress: Progress) -> Iterator[Incident]:
    """Check every row of every shard, the order between shards, and the tables and numbers made from all of them."""
    with_text = not corpus.without_text
    wide = {name: corpus.whole(name) for name in schema.of_scope(schema.CORPUS)}
    broken = [incident for name in wide for incident in check_columns(name, wide[name], with_text=with_text)]
    yield from broken
    references, tally, paths, last = References(wide), Tally(), [], None
    told = None if broken else filling(wide)
    assignment = None if broken else Assignment(splits_of(corpus.manifest["options"]), corpus.shards)
    split = ""
    sound = not broken
    for index in range(corpus.shard_count):
        tables = corpus.shard(index)
        if corpus.splits[index] != split:
            split, last = corpus.splits[index], None
        found = list(check_shard(tables, references, last, with_text=with_text))
        found += [] if told is None else check_filled(tables["articles"], told)
        found += [] if assignment is None else check_split(tables["articles"], split, assignment)
        yield from found
        sound &= not found
        broken += [incident for incident in found if incident.name in STOPPING]
        paths.append(_ids(tables["decisions"]))
        if not broken:
            tally.add(tables)
        ids = tables["articles"].column("article_id").to_pylist()
        if ids and last is not None and ids[0] <= last:
            yield Incident("rows-unsorted", f"articles {ids[0]}", f"its shard stands after that of {last}")
        last = ids[-1] if ids else last
        progress(index + 1, corpus.shard_count)
    yield from _twins(paths)
    if not broken:
        yield from references.finish()
        yield from check_wide(corpus, wide, sound=sound)
        yield from check_totals(corpus, tally)


def check_shard(
    tables: Mapping[str, pa.Table], references: References, last: str | None, *, with_text: bool
) -> Iterator[Incident]:
    """Check everything about the rows of one shard; `last` is the last article of the shard before."""
    found = [incident for name, table in tables.items() for incident in check_columns(name, table, with_text=with_text)]
    yield from found
    if any(incident.name in STOPPING for incident in found):
        return
    yield from references.check(tables)
    yield from check_decisions(tables, last)
    yield from check_rows({name: table.to_pylist() for name, table in tables.items()}, with_text=with_text)


def check_filled(articles: pa.Table, told: pa.Table) -> Iterator[Incident]:
    """Check that the columns of `articles` which tables over the whole corpus fill say what these say."""
    right = filled(articles, told)
    for name in FILLED_LATER:
        columns = (
            table[column].to_pylist() for table, column in ((articles, "article_id"), (articles, name), (right, name))
        )
        for article_id, found, wanted in zip(*columns, strict=True):
            if found != wanted:
                detail = f"{name} is {found!r}, after the tables over the whole corpus it is {wanted!r}"
                yield Incident("copy-mismatch", f"articles {article_id}", detail)


def check_split(articles: pa.Table, split: str, assignment: Assignment) -> Iterator[Incident]:
    """Check that the articles of a shard are those of its split, so that no cluster of copies stands in two."""
    for article_id, right in zip(articles["article_id"].to_pylist(), assignment.names(articles), strict=True):
        if right != split:
            detail = f"it stands in the split {split}, by its cluster and the rule it belongs to {right}"
            yield Incident("split-mismatch", f"articles {article_id}", detail)


def _ids(decisions: pa.Table) -> npt.NDArray[np.bytes_]:
    """The ids of the rows of `decisions`, 16 bytes each: with very many inputs they still fit into memory."""
    ids = row_ids("decisions", decisions).to_pylist()
    return np.array([bytes.fromhex(row) for row in ids], dtype="S16")


def _twins(shards: list[npt.NDArray[np.bytes_]]) -> Iterator[Incident]:
    ids = np.sort(np.concatenate(shards)) if shards else np.array([], dtype="S16")
    twins = int((ids[1:] == ids[:-1]).sum()) - sum(len(part) - len(np.unique(part)) for part in shards)
    if twins:
        yield Incident("duplicate-key", "decisions", f"{twins} source_path stand on rows of two shards")


def check_wide(corpus: Corpus, wide: Mapping[str, pa.Table], *, sound: bool) -> Iterator[Incident]:
    """Check that the tables over the whole corpus hold the rows that the shards give.

    Tables made of text are checked only where the text is there.

    Where the rows of the shards are not `sound`, no table need come out of them.
    """
    for name, portions in wide_tables(corpus.shards).items():
        try:
            made = pa.concat_tables(portions)
        except NeedsText:
            continue
        except Exception:
            if sound:
                raise
            continue
        for change in islice(row_changes(name, wide[name], made), MOST_ROWS_NAMED):
            yield Incident("wide-mismatch", f"{name} {change.key}", change.in_words("corpus", "articles"))


def check_totals(corpus: Corpus, tally: Tally) -> Iterator[Incident]:
    """Check that the statistics and the digests of the inputs are what the shards give."""
    for key, is_so in (("statistics", tally.counts), ("inputs", tally.inputs)):
        said = corpus.manifest[key]
        if said != is_so:
            detail = f"it says {_short(said)}, the rows give {_short(is_so)}"
            yield Incident("manifest-mismatch", f"{MANIFEST} {key}", detail)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 160 else text[:157] + "..."
