"""Measures kliping on pages that its roles' model has not learnt from: whole outlets, or whole crawls, are left out.

usage: cross_validate_roles.py [--by outlet|crawl] [--flat] [--folds N] [--processes N] [--shipped] [--json]

Every page that may be read is annotated, from raw text to metadata, by weights that were trained without its outlet
(pages that share a registered domain or a labelled outlet are left out together) or without its crawl; --flat adds
the one-line copies, which belong to the fold of their page. --shipped takes the shipped weights, which have seen most
of the pages. The figures are those of score.py. Rules and word lists have seen the pages in either case.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
from labelled import PARTS, SETS, Labelled, examples, groups, read_set
from measure_doubts import doubted
from measure_doubts import figures as doubts
from training.examples import Example, load_example
from training.fitting import lines, train

from kliping.annotation import roles
from kliping.annotation.pipeline import annotate_batch
from kliping.annotation.roles.chain import Weights, parse
from kliping.model import Annotation, RawDocument

SHARED = Path(__file__).resolve().parents[2] / "shared"
BATCH = 100
FIELDS = ("headline", "outlet", "dateline_place", "published_date", "authors", "editors", "cited_sources")
ARTICLE = pa.schema(
    [(name, pa.string()) for name in ("article_id", "source_path", "headline", "outlet_name", "dateline_place")]
    + [("published_date", pa.date32())]
    + [(name, pa.list_(pa.string())) for name in ("authors", "editors", "cited_sources")]
)
SEGMENT = pa.schema([("article_id", pa.string()), ("start", pa.int64()), ("end", pa.int64()), ("role", pa.string())])
"""The columns that score.py reads."""


@dataclass(frozen=True, slots=True)
class Found:
    """What kliping made of a page, as rows for score.py; no article where it was set aside."""

    name: str
    article: dict[str, Any] | None
    segments: list[dict[str, Any]]
    flags: tuple[str, ...] = ()


def annotate_all(pages: Sequence[Labelled]) -> Iterator[Found]:
    """Annotate pages as a build does."""
    for first in range(0, len(pages), BATCH):
        part = pages[first : first + BATCH]
        documents = [RawDocument(page.text.encode("utf-8", "surrogatepass"), page.name) for page in part]
        for page, result in zip(part, annotate_batch(documents), strict=True):
            yield _found(page.name, result) if isinstance(result, Annotation) else Found(page.name, None, [])


def _found(name: str, result: Annotation) -> Found:
    row = {key: value for key, value in result.metadata._asdict().items() if key in ARTICLE.names}
    segments = [
        {"article_id": name, "start": s.start, "end": s.end, "role": s.role, "margin": s.margin}
        for s in result.segments
    ]
    return Found(name, {**row, "article_id": name, "source_path": f"{name}.txt"}, segments, result.flags)


def folds(sizes: Mapping[str, int], count: int) -> dict[str, int]:
    """Return the fold of every group: the largest first, each into the fold with the fewest pages."""
    load, fold_of = [0] * count, {}
    for group, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        fold_of[group] = min(range(count), key=lambda fold: (load[fold], fold))
        load[fold_of[group]] += size
    return fold_of


@cache
def _learnt(shared: Path) -> dict[str, Example]:
    """Return all that may be learnt from, once a process."""
    return {page.name: load_example(page) for page in examples(shared)}


def weights_without(shared: Path, left_out: frozenset[str]) -> Weights:
    """Train on all examples but those with these names."""
    known = [example for name, example in _learnt(shared).items() if name not in left_out]
    return parse("\n".join(lines(train(known))))


def annotate_left_out(job: tuple[Path, frozenset[str], list[Labelled]]) -> list[Found]:
    """Annotate pages with weights that were trained without the examples named."""
    shared, left_out, pages = job
    model = weights_without(shared, left_out)
    with mock.patch.object(roles, "weights", return_value=model):
        return list(annotate_all(pages))


def split(
    training: Sequence[Labelled], pages: Sequence[Labelled], by: str, count: int
) -> list[tuple[frozenset[str], list[Labelled]]]:
    """Return for each fold the names of the examples to leave out, and the pages to annotate without them.

    A page, its copies and all pages of its group are annotated in one fold, and no example of that group is learnt
    from there.
    """
    group_of = groups([*training, *pages], by)
    fold_of = folds(Counter(group_of[page.id] for page in pages if not page.joint), count)
    parts = []
    for fold in range(count):
        asked = [page for page in pages if fold_of[group_of[page.id]] == fold]
        held = {name for name, group in group_of.items() if fold_of.get(group) == fold}
        left_out = frozenset(page.name for page in training if not held.isdisjoint(page.origins))
        parts.append((left_out, asked))
    return parts


def cross_validate(shared: Path, pages: Sequence[Labelled], by: str, count: int, processes: int) -> dict[str, Found]:
    """Return what kliping makes of every page by weights that saw no page of its group, by name."""
    jobs = [(shared, left_out, asked) for left_out, asked in split(examples(shared), pages, by, count)]
    with ProcessPoolExecutor(processes) as pool:
        return {found.name: found for part in pool.map(annotate_left_out, jobs) for found in part}


def score(shared: Path, pages: Sequence[Labelled], found: Mapping[str, Found]) -> dict[str, Any]:
    """Return score.py's figures for these pages, by the names of the floors."""
    with tempfile.TemporaryDirectory() as work:
        _write(Path(work), pages, [found[page.name] for page in pages])
        command = [sys.executable, shared / "score.py", work, Path(work, "corpus"), "--json"]
        said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return _rounded(
        {
            "pages": said["documents"],
            **{key: said[key] for key in ("mean_document_accuracy", "span_accuracy", "coarse_accuracy")},
            **{key: said[key] for key in ("role_macro_f1", "documents_all_right")},
            "body": {key: said["body"][key] for key in ("damage_rate", "pollution_rate")},
            "fields": {name: _kept(said["fields"][name]) for name in FIELDS},
            "roles": {name: _kept(row) for name, row in said["roles"].items()},
        }
    )


def _write(work: Path, pages: Iterable[Labelled], found: Sequence[Found]) -> None:
    for folder in ("docs", "labels", "corpus/articles", "corpus/segments"):
        (work / folder).mkdir(parents=True)
    for page in pages:
        (work / "docs" / f"{page.name}.txt").write_bytes(page.text.encode("utf-8", "surrogatepass"))
        (work / "labels" / f"{page.name}.json").write_text(json.dumps(page.label), encoding="utf-8")
    articles = [item.article for item in found if item.article]
    segments = [segment for item in found for segment in item.segments]
    pq.write_table(pa.Table.from_pylist(articles, ARTICLE), work / "corpus/articles/0.parquet")
    pq.write_table(pa.Table.from_pylist(segments, SEGMENT), work / "corpus/segments/0.parquet")


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("precision", "recall", "f1", "gold")}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def measure(shared: Path, pages: Sequence[Labelled], found: Mapping[str, Found]) -> dict[str, Any]:
    """Return the figures of every set, and of all pages and all copies together: `all`, `all-flat`, `all-glued`.

    The figures of each role are given for the latter three alone.
    """
    parts: dict[str, list[Labelled]] = {}
    for page in pages:
        parts.setdefault(f"all-{page.joint}" if page.joint else "all", []).append(page)
        parts.setdefault(page.set, []).append(page)
    figures = {name: score(shared, parts[name], found) for name in sorted(parts)}
    for name, row in figures.items():
        kept = [(page, found[page.name]) for page in parts[name] if found[page.name].article]
        row["doubt"] = _rounded(doubts([doubted(page, item.segments, item.flags) for page, item in kept]))
        if not name.startswith("all"):
            del row["roles"]
    return figures


def show(figures: Mapping[str, Any]) -> None:
    """Print a line a set, as the shared measure.py does."""
    heads = ("headline", "outlet", "place", "date", "authors", "editors", "cited")
    print(f"{'set':18} pages  m      macro  lost    foreign " + "".join(f"{head:11}" for head in heads))
    for name, row in figures.items():
        cells = "".join(f"{_short(f['precision'])}/{_short(f['recall']):6}" for f in row["fields"].values())
        body = f"{row['body']['damage_rate']:.4f}  {row['body']['pollution_rate']:.4f}"
        macro = row["role_macro_f1"] or 0
        print(f"{name:18} {row['pages']:5}  {row['mean_document_accuracy']:.4f} {macro:.4f} {body}  {cells}")


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures as a table, or as one object of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--by", choices=("outlet", "crawl"), default="crawl")
    parser.add_argument("--flat", action="store_true", help="one-line copies too")
    parser.add_argument("--folds", type=int, default=8)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--shipped", action="store_true", help="the shipped weights instead: tuned figures")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--shared", type=Path, default=SHARED)
    options = parser.parse_args(arguments)
    pages = [page for name in SETS if options.flat or name in PARTS for page in read_set(options.shared, name)]
    if options.shipped:
        found = {item.name: item for item in annotate_all(pages)}
    else:
        found = cross_validate(options.shared, pages, options.by, options.folds, options.processes)
    figures = measure(options.shared, pages, found)
    if options.json:
        print(json.dumps(figures))
    else:
        show(figures)


if __name__ == "__main__":
    main()
