"""Counts what a corpus holds: what came in and was kept, by outlet, month, language, role, date, flag, copy, split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from kliping import schema
from kliping.corpus import statistics
from kliping.corpus.folder import Corpus
from kliping.corpus.layout import split_of
from kliping.errors import printable
from kliping.model import KEPT, UNKNOWN

PER_MILLE = 1000
CANONICAL = "canonical"
"""What the article of a cluster is that the others are copies of."""

LARGEST_FIRST, BY_NAME, AS_COUNTED = "largest first", "by name", "as counted"

Counts = dict[str, dict[str, int]]
"""The rows of a section by name; each has the same counts."""


@dataclass(frozen=True, slots=True)
class Section:
    """One view of a corpus."""

    name: str
    """Its key in JSON."""
    title: str
    count: Callable[[Corpus], Counts]
    order: str = LARGEST_FIRST
    """How its rows stand: LARGEST_FIRST, BY_NAME, of which the last are shown, or AS_COUNTED, of which all are."""


def measure_corpus(corpus: Corpus) -> dict[str, Counts]:
    """Return every section, with all its rows in their order."""
    return {section.name: _ordered(section, section.count(corpus)) for section in SECTIONS}


def show_stats(corpus: Corpus, most: int, console: Console) -> None:
    """Print a table a section, each with at most so many rows and one for all others."""
    counted = measure_corpus(corpus)
    tables = [_table(section, counted[section.name], most) for section in SECTIONS if counted[section.name]]
    console.print(Group(*tables))


def _ordered(section: Section, counts: Counts) -> Counts:
    if section.order == AS_COUNTED:
        return counts
    if section.order == BY_NAME:
        return dict(sorted(counts.items()))
    return dict(sorted(counts.items(), key=lambda item: (-next(iter(item[1].values())), item[0])))


def _table(section: Section, counts: Counts, most: int) -> Table:
    columns = list(next(iter(counts.values())))
    table = Table(title=section.title, title_justify="left", title_style="bold", box=None, padding=(0, 2), min_width=60)
    table.add_column("", overflow="fold", ratio=1)
    for column in columns:
        table.add_column(column.replace("_", " "), justify="right")
    rows = list(counts.items())
    shown = {AS_COUNTED: rows, BY_NAME: rows[-most:], LARGEST_FIRST: rows[:most]}[section.order]
    for name, row in shown:
        table.add_row(Text(printable(name)), *(f"{value:,}" for value in row.values()))
    if left := len(rows) - len(shown):
        table.add_row(Text(f"and {left:,} more, see --json or --most", style="dim"))
    table.add_row("")
    return table


def _documents(corpus: Corpus) -> Counts:
    told = corpus.manifest["statistics"]
    all_of = corpus.manifest["inputs"]["count"]
    rows = {"read": {"documents": all_of}, KEPT: {"documents": told["outcomes"].get(KEPT, 0)}}
    return rows | {reason: {"documents": count} for reason, count in sorted(told["reasons"].items())}


def _articles(corpus: Corpus) -> Counts:
    told = corpus.manifest["statistics"]["articles"]
    rows = {"articles": corpus.manifest["tables"]["articles"]["rows"], "code points of bodies": told["character_count"]}
    rows |= {name.removesuffix("_count") + "s": told[name] for name in statistics.SUMMED if name != "character_count"}
    return {name: {"count": count} for name, count in rows.items()}


def _outlets(corpus: Corpus) -> Counts:
    return _by(corpus, "outlet_id", lambda column: column)


def _months(corpus: Corpus) -> Counts:
    return _by(corpus, "published_date", lambda column: pc.strftime(column, format="%Y-%m"))


def _languages(corpus: Corpus) -> Counts:
    return _by(corpus, "language", lambda column: column)


def _bases(corpus: Corpus) -> Counts:
    return _by(corpus, "published_basis", lambda column: column)


def _by(corpus: Corpus, column: str, value_of: Callable[[pa.ChunkedArray], pa.ChunkedArray]) -> Counts:
    """Articles and words by the values of a column, `unknown` where it has none."""
    found: Counts = {}
    for index in range(corpus.shard_count):
        articles = corpus.table("articles", index)
        names = pc.fill_null(value_of(articles[column]), UNKNOWN)
        grouped = pa.table({"name": names, "words": articles["word_count"]}).group_by("name")
        for row in grouped.aggregate([("words", "count"), ("words", "sum")]).to_pylist():
            here = {row["name"]: {"articles": row["words_count"], "words": row["words_sum"]}}
            found = statistics.add(found, here)
    return found


def _roles(corpus: Corpus) -> Counts:
    told: Mapping[str, Mapping[str, int]] = corpus.manifest["statistics"]["roles"]
    whole = sum(row["raw_characters"] for row in told.values()) or 1
    return {
        role: {
            "per_mille": round(PER_MILLE * row["raw_characters"] / whole),
            "code_points": row["raw_characters"],
            "segments": row["rows"],
        }
        for role, row in told.items()
    }


def _flags(corpus: Corpus) -> Counts:
    told = corpus.manifest["statistics"].get("terms", {}).get("articles", {}).get("flags", {})
    return {name: {"articles": told[name]} for name in schema.names("flags") if name in told}


def _copies(corpus: Corpus) -> Counts:
    """The articles of clusters by what each is, and the clusters, of which each has one canonical article."""
    if "duplicates" not in corpus.manifest["tables"]:
        return {}
    relations = Counter(corpus.whole("duplicates")["relation"].to_pylist())
    found = {CANONICAL: relations.pop(None, 0), **dict(sorted(relations.items()))}
    return {name: {"articles": count} for name, count in found.items() if count}


def _splits(corpus: Corpus) -> Counts:
    """The articles of each split, where there are several."""
    rows: Counter[str] = Counter()
    for entry in corpus.files("articles"):
        rows[split_of(entry["path"])] += entry["rows"]
    return {name: {"articles": count} for name, count in rows.items()} if len(rows) > 1 else {}


SECTIONS = (
    Section("documents", "Documents read, kept, and set aside by reason", _documents, AS_COUNTED),
    Section("articles", "Articles", _articles, AS_COUNTED),
    Section("outlets", "Outlets", _outlets),
    Section("months", "Months of publication", _months, BY_NAME),
    Section("languages", "Languages of bodies", _languages),
    Section("published_basis", "What dates rest on", _bases),
    Section("roles", "Roles, by their share of the raw texts' code points", _roles),
    Section("flags", "Flags", _flags),
    Section("copies", "Articles that are copies of each other", _copies, AS_COUNTED),
    Section("splits", "Splits", _splits, AS_COUNTED),
)
"""All views, in their order: a new one is a function and a line."""
