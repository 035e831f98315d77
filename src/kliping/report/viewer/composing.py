"""Composes the page: reads a corpus shard by shard, packs what it shows, and puts the page together."""

from __future__ import annotations

import hashlib
import html
import json
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kliping import knowledge, schema
from kliping.corpus.folder import Corpus
from kliping.corpus.layout import split_of
from kliping.errors import KlipingError, printable
from kliping.files import write_bytes
from kliping.model import KEPT, NOT_APPLIED
from kliping.report.stats import CANONICAL
from kliping.report.viewer.doubt import doubts
from kliping.report.viewer.packing import (
    CORRECTION,
    ROWS,
    SIGNS,
    SINGLE,
    Packed,
    Portion,
    Vocabulary,
    pack,
    packed,
    portion_of,
)
from kliping.report.viewer.selection import MOST_RAW_BYTES, SEED, WITHOUT_TEXT_BYTES, by_doubt, fitting, selected
from kliping.report.viewer.tallies import VALUES, Codes, Facet, Tallies, by_time, facet_values
from kliping.report.viewer.weighing import MOST_WEIGHED_BYTES, Reasons, Weighed, weighing

SCRIPTS = ("text.js", "store.js", "corrections.js", "parts.js", "listing.js", "overview.js", "reading.js", "main.js")
"""The scripts of the page, in the order in which they stand in it."""
BEGIN = "<!doctype html>\n<!-- A report of kliping. -->\n"
"""How every report begins, so that one is told from what a person wrote."""
MOST_NAMED = 2000
"""Documents set aside that are named with their reasons."""
MOST_OUTLETS = 10
"""Outlets with a bar of their own."""
TITLE_LENGTH, BEGINNING_LENGTH = 160, 60
"""Code points of a headline in the list, and of the body that stands there for a missing one."""
BLOCKS_TOGETHER = 12
"""Blocks in one element of the page."""
CORRECTABLE = ("subheadline", *VALUES)
"""Values that a person can correct; the others follow from these."""
_SURVEYED = {
    "articles": ("article_id", "headline", "text", "outlet_id", "outlet_name", "published_date", "published_basis",
                 "language", "character_count", "flags", "made"),
    "segments": ("article_id", "role", "start", "end", "margin"),
    "evidence": ("article_id", "field", "start", "rule", "accepted"),
    "raw": ("byte_count",),
    "decisions": ("source_path", "outcome", "reason", "detail"),
}  # fmt: skip
_PACKED = {
    "articles": ("article_id", "published_date"),
    "segments": ("article_id", "role", "start", "end", "rule", "repairs", "margin"),
    "evidence": ("article_id", "field", "value", "start", "end", "quote", "rule", "accepted"),
    "raw": ("article_id", "source_path", "text", "encoding", "sha256", "url"),
    "quotations": ("article_id", "start", "end", "kind", "cue_start", "cue_end", "speaker", "speaker_start",
                   "speaker_end", "speaker_name", "rule"),
    "time_expressions": ("article_id", "start", "end", "type", "value", "granularity", "anchor_date", "rule", "reason"),
    "corrections": ("article_id", *CORRECTION),
}  # fmt: skip
"""The columns that are read, as far as the corpus has them: first to count and rank, then of the articles shown."""

Progress = Callable[[int, int], None]


def write_report(
    corpus: Corpus, path: Path, *, without_text: bool = False, force: bool = False, progress: Progress | None = None
) -> str:
    """Write the report of a corpus to `path`; return a sentence that says what it shows.

    Raises KlipingError where something else stands there, unless `force` says to replace it.
    """
    if path.is_dir():
        raise KlipingError(f"{path} is a folder; name a file for the report, such as {path / 'report.html'}.")
    if not path.parent.is_dir():
        raise KlipingError(f"There is no folder {path.parent} for the report; make it first.")
    if path.exists() and not force and not _is_report(path):
        raise KlipingError(f"{path} is no report of kliping, so it was left as it is; --force replaces it.")
    page = report_bytes(corpus, without_text=without_text, progress=progress)
    write_bytes(path, page.data)
    return f"{path}: {page.says}, {len(page.data) / 1e6:.1f} MB."


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report and what it says of itself."""

    data: bytes
    says: str


def report_bytes(
    corpus: Corpus, *, without_text: bool = False, budget: int = MOST_RAW_BYTES, progress: Progress | None = None
) -> ReportPage:
    """Return the report of a corpus; equal corpora have equal reports.

    `budget` is how many bytes of raw text it holds at most.
    """
    withheld = without_text or corpus.without_text
    told = progress or (lambda done, total: None)
    survey = _survey(corpus, withheld, lambda done: told(done, 2 * corpus.shard_count))
    ranked = by_doubt(survey.doubts, survey.ids)
    sizes = np.full(len(survey.ids), WITHOUT_TEXT_BYTES) if withheld else survey.sizes
    chosen = selected(ranked, survey.ids, sizes, budget)
    shown = _laid(chosen, survey)
    ids, vocabulary, reasons = [survey.ids[at] for at in shown], Vocabulary(), Reasons()
    doubtful = () if withheld else fitting(chosen, survey.sizes, MOST_WEIGHED_BYTES)
    with weighing(corpus, _by_shard(sorted(doubtful), survey)) as weighed:
        portions = _portions(
            corpus, survey, shown, withheld, vocabulary, lambda done: told(done, 2 * corpus.shard_count)
        )
        blocks = pack(portions)
        extras = _extras(ids, blocks, weighed.result(), reasons)
    index = _index(corpus, survey, shown, withheld)
    sizes_of = zip(blocks.blocks, blocks.counts, extras, strict=True)
    index |= {
        "kinds": vocabulary.told(),
        "reasons": list(reasons.known),
        "blocks": [[len(block), count, len(extra)] for block, count, extra in sizes_of],
    }
    says = _says(index)
    parts = [block + extra for block, extra in zip(blocks.blocks, extras, strict=True)]
    return ReportPage(_page(index, parts, says), says)


def _is_report(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(BEGIN)) == BEGIN.encode()


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of every article of the corpus before its text is read; columns in the order of the corpus."""

    ids: list[str]
    shards: Codes
    """In which shard each article stands."""
    titles: list[str | None]
    sizes: Codes
    doubts: Codes
    facets: Mapping[str, Facet]
    set_aside: list[list[str | None]]
    """The first documents set aside: path, reason, detail."""
    outcomes: list[tuple[str, int, str]]
    """Reason, how many, outcome; what is kept comes first."""
    copies: Mapping[str, list[list[Any]]]
    """For each article in a cluster: the others as [article_id, relation, similarity]."""


def _survey(corpus: Corpus, withheld: bool, progress: Callable[[int], None]) -> Survey:
    tallies, splits, relations, copies = Tallies(), _splits(corpus), *_copies(corpus)
    ids: list[str] = []
    shards: list[int] = []
    titles: list[str | None] = []
    set_aside: list[list[str | None]] = []
    sizes, doubtful = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for index in range(corpus.shard_count):
        tables = _tables(corpus, index, _SURVEYED)
        articles = tables["articles"]
        tallies.add(tables, _extra(articles, relations, splits[index]))
        ids += articles["article_id"].to_pylist()
        titles += [None] * articles.num_rows if withheld else _titles(articles)
        shards += [index] * articles.num_rows
        sizes.append(tables["raw"]["byte_count"].to_numpy().astype(np.int64))
        doubtful.append(doubts(tables))
        decisions = tables["decisions"]
        aside = decisions.filter(decisions["reason"].is_valid()).slice(0, MOST_NAMED - len(set_aside))
        set_aside += [[row["source_path"], row["reason"], row["detail"]] for row in aside.to_pylist()]
        progress(index + 1)
    facets = {facet.name: facet for facet in tallies.facets()}
    refused = [(reason, count, outcome) for (outcome, reason), count in tallies.outcomes.items() if outcome != KEPT]
    outcomes = [(KEPT, len(ids), KEPT), *sorted(refused, key=lambda item: (-item[1], item[0]))]
    return Survey(
        ids,
        np.array(shards, np.int64),
        titles,
        np.concatenate(sizes),
        np.concatenate(doubtful),
        facets,
        set_aside,
        outcomes,
        copies,
    )


def _tables(corpus: Corpus, index: int, columns: Mapping[str, Sequence[str]]) -> dict[str, pa.Table]:
    """These columns of one shard, as far as there are such."""
    there = schema.load().tables
    return {
        name: corpus.table(name, index, [field.name for field in there[name].fields if field.name in wanted])
        for name, wanted in columns.items()
        if name in corpus.sharded
    }


def _titles(articles: pa.Table) -> list[str | None]:
    beginnings = pc.replace_substring_regex(_shortened(articles["text"], BEGINNING_LENGTH), r"\s+", " ")
    titles: list[str | None] = pc.coalesce(_shortened(articles["headline"], TITLE_LENGTH), beginnings).to_pylist()
    return titles


def _shortened(column: pa.ChunkedArray, most: int) -> pa.ChunkedArray:
    cut = pc.binary_join_element_wise(pc.utf8_slice_codeunits(column, 0, most - 1), "…", "")
    return pc.if_else(pc.less_equal(pc.utf8_length(column), most), column, cut)


def _copies(corpus: Corpus) -> tuple[dict[str, str], dict[str, list[list[Any]]]]:
    """The relation of each article that is a copy, and for each article in a cluster the others."""
    if "duplicates" not in corpus.manifest["tables"]:
        return {}, {}
    rows = sorted(corpus.whole("duplicates").to_pylist(), key=lambda row: (row["cluster_id"], row["article_id"]))
    copies = {}
    for _, group in groupby(rows, key=lambda row: row["cluster_id"]):
        members = list(group)
        for row in members:
            copies[row["article_id"]] = [_edge(row, other) for other in members if other is not row]
    return {row["article_id"]: row["relation"] or CANONICAL for row in rows}, copies


def _edge(row: Mapping[str, Any], other: Mapping[str, Any]) -> list[Any]:
    """Another article of the cluster as [article_id, relation, similarity]; None where the two were not compared."""
    for one, two in ((row, other), (other, row)):
        if one["matched_id"] == two["article_id"]:
            return [other["article_id"], one["relation"], one["similarity"]]
    return [other["article_id"], "same cluster", None]


def _extra(articles: pa.Table, relations: Mapping[str, str], split: str | None) -> dict[str, pa.Array]:
    """The facets that only some corpora have: what copies are of each other, and the split of all these articles."""
    found: dict[str, pa.Array] = {}
    if relations:
        labels = [relations.get(article_id, "no copy") for article_id in articles["article_id"].to_pylist()]
        found["copies"] = pa.array(labels, pa.string())
    if split is not None:
        found["split"] = pa.array([split] * articles.num_rows, pa.string())
    return found


def _splits(corpus: Corpus) -> list[str | None]:
    """The split of each shard; None for each where there is but one."""
    names = [split_of(entry["path"]) for entry in corpus.files("articles")]
    return [*names] if len({*names}) > 1 else [None] * len(names)


def _laid(chosen: Sequence[int], survey: Survey) -> Codes:
    """The places of the chosen articles in the order of the file: by shard, in it by outlet, whose pages pack well."""
    shards, outlets = survey.shards, survey.facets["outlet"].codes
    return np.array(sorted(chosen, key=lambda at: (shards[at], outlets[at], survey.ids[at])), np.int64)


def _by_shard(places: Iterable[int], survey: Survey) -> dict[int, list[str]]:
    """The ids of the articles at these places by the shard in which they stand."""
    found: dict[int, list[str]] = defaultdict(list)
    for at in places:
        found[int(survey.shards[at])].append(survey.ids[at])
    return found


def _portions(
    corpus: Corpus,
    survey: Survey,
    shown: Codes,
    withheld: bool,
    vocabulary: Vocabulary,
    progress: Callable[[int], None],
) -> Iterator[Portion]:
    """The articles at these places, in this order, read shard by shard."""
    wanted = _by_shard(shown.tolist(), survey)
    for index in range(corpus.shard_count):
        if index in wanted:
            tables = _tables(corpus, index, _PACKED)
            if withheld:
                tables = {name: _without_text(name, table) for name, table in tables.items()}
            yield portion_of(tables, wanted[index], vocabulary)
        progress(corpus.shard_count + index + 1)


def _extras(ids: Sequence[str], blocks: Packed, weighed: Weighed, reasons: Reasons) -> list[bytes]:
    """For each block what the model weighed in its articles, as pairs of a place in the block and its lines, packed;
    nothing where none of them was weighed."""
    found, first = [], 0
    for count in blocks.counts:
        of_block = enumerate(ids[first : first + count])
        told = [[at, reasons.numbered(weighed[article_id])] for at, article_id in of_block if article_id in weighed]
        found.append(packed(json.dumps(told, separators=(",", ":")).encode()) if told else b"")
        first += count
    return found


def _without_text(name: str, table: pa.Table) -> pa.Table:
    """The table with null in every column that holds words of articles."""
    for field in schema.load().tables[name].fields:
        if field.text and field.name in table.column_names:
            column = table.schema.get_field_index(field.name)
            table = table.set_column(column, field.name, pa.nulls(table.num_rows, table.schema.field(column).type))
    return table


def _index(corpus: Corpus, survey: Survey, shown: Codes, withheld: bool) -> dict[str, Any]:
    """What the page knows before it opens an article, but for what is known of the articles once they are packed."""
    places = shown.tolist()
    number = {survey.ids[at]: place for place, at in enumerate(places)}
    facets = survey.facets
    outlets = facets["outlet"]
    letters = knowledge.load("roles.toml", __package__)
    manifest = corpus.manifest
    return {
        "corpus": {
            "name": corpus.path.resolve().name,
            "version": manifest["version"],
            "digest": corpus.digest,
            "root": manifest["tables"]["articles"]["root"],
            "made_with": manifest["made_with"],
            "schema_version": manifest["schema_version"],
            "articles": len(survey.ids),
            "documents": sum(count for _, count, outcome in survey.outcomes if outcome != NOT_APPLIED),
            "withheld": withheld,
            "seed": SEED,
        },
        "columns": [*SINGLE, *ROWS],
        "roles": [
            {"name": term.name, "group": term.group, "meaning": term.meaning, "letter": letters["letters"][term.name],
             "digit": letters["digits"].get(term.name, "")}
            for term in schema.load().vocabularies["roles"]
        ],
        "values": [
            {"name": name, "many": schema.load().tables["articles"].field(name).type == "list<string>",
             "correctable": name in CORRECTABLE}
            for name in schema.names("evidence-fields")
        ],
        "ids": "".join(survey.ids[at] for at in places),
        "titles": [survey.titles[at] or "" for at in places],
        "doubts": survey.doubts[shown].tolist(),
        "facets": [facet_values(facet, shown) for facet in facets.values()],
        "outcomes": survey.outcomes,
        "set_aside": survey.set_aside,
        "by_time": by_time(outlets, facets["month"], MOST_OUTLETS),
        "copies": {str(number[one]): others for one, others in survey.copies.items() if one in number},
        "together": BLOCKS_TOGETHER,
    }  # fmt: skip


def _says(index: Mapping[str, Any]) -> str:
    total, shown = index["corpus"]["articles"], len(index["titles"])
    if shown == total:
        return f"all {total:,} articles" if total > 1 else ("one article" if total else "no article")
    return f"{shown:,} of {total:,} articles, the most doubtful ones and a sample with the seed {SEED}"


def _page(index: Mapping[str, Any], blocks: Sequence[bytes], says: str) -> bytes:
    """The bytes of the page: the index stands before the script and the articles behind it, so that it works soon."""
    script = '"use strict";\n' + "\n".join(_file(name).removeprefix('"use strict";\n') for name in SCRIPTS)
    style = _file("page.css")
    corpus = index["corpus"]
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    return Template(BEGIN + _file("page.html")).substitute(
        policy=_policy(script, style),
        title=html.escape(printable(corpus["name"])),
        version=html.escape(corpus["version"]),
        says=html.escape(says),
        style=style,
        index=packed(text.encode()).decode("ascii"),
        signs=html.escape(SIGNS.decode("ascii")),
        script=script,
        blocks="\n".join(_chunks(blocks)),
    ).encode()  # fmt: skip


def _policy(script: str, style: str) -> str:
    sources = {"default-src": "'none'", "script-src": _hash(script), "style-src": _hash(style), "img-src": "data:",
               "base-uri": "'none'", "form-action": "'none'"}  # fmt: skip
    return "; ".join(f"{name} {source}" for name, source in sources.items())


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode('ascii')}'"


def _chunks(blocks: Sequence[bytes]) -> Iterator[str]:
    for number, first in enumerate(range(0, len(blocks), BLOCKS_TOGETHER)):
        together = b"".join(blocks[first : first + BLOCKS_TOGETHER]).decode("ascii")
        yield f'<script type="application/octet-stream" id="blocks-{number}">{together}</script>'


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")
