"""Writes the articles that people corrected as labelled pages: FOLDER to train with, FOLDER-test to test with.

usage: label_corrected.py CORPUS... --out FOLDER

Each folder has the form of the labelled set: docs/ID.txt the raw text, labels/ID.json the role of every line or piece
of one and the values that the text itself shows, sources.json where the page came from. What people let stand on a page
that they corrected counts as right. A page's digest alone decides which of the two it goes to: it never changes sides.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kliping.corpus.folder import Corpus, open_corpus, require_text
from kliping.corpus.tables import CORRECTED
from kliping.errors import KlipingError

INITIAL = "k"
"""What the ids of these pages begin with; those of other sets have other letters."""
TESTED = 5
"""Every so manyth page is one to test with."""
STATED, INFERRED = "stated", "inferred"
Row = Mapping[str, Any]


class Page(NamedTuple):
    """A corrected article as a labelled page."""

    id: str
    text: str
    label: dict[str, Any]
    source: dict[str, Any]
    is_test: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the pages and say how many."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+", metavar="CORPUS")
    parser.add_argument("--out", type=Path, required=True)
    options: Any = parser.parse_args(arguments)
    pages = {page.id: page for corpus in options.corpora for page in corrected_pages(open_corpus(corpus))}
    training = [page for page in pages.values() if not page.is_test]
    test = [page for page in pages.values() if page.is_test]
    folders = {options.out: training, options.out.with_name(f"{options.out.name}-test"): test}
    for folder in folders:
        if folder.exists():
            raise KlipingError(f"{folder} is there and stays as it is. Give another --out.")
    for folder, found in folders.items():
        _write(folder, sorted(found))
        print(f"{folder}: {len(found)} pages")


def corrected_pages(corpus: Corpus) -> Iterator[Page]:
    """Yield the corrected articles of a corpus. Raises KlipingError where it is without text."""
    require_text(corpus)
    for index in range(corpus.shard_count):
        tables = {name: corpus.table(name, index).to_pylist() for name in ("articles", "raw", "segments", "evidence")}
        raw = {row["article_id"]: row for row in tables["raw"]}
        for article in tables["articles"]:
            if article["made"] == CORRECTED:
                own = {
                    name: [row for row in tables[name] if row["article_id"] == article["article_id"]] for name in tables
                }
                yield _page(corpus, article, raw[article["article_id"]], own["segments"], own["evidence"])


def _page(corpus: Corpus, article: Row, raw: Row, segments: Sequence[Row], evidence: Sequence[Row]) -> Page:
    name = f"{INITIAL}{article['article_id']}"
    shown = {row["field"] for row in evidence if row["accepted"] and row["quote"] is not None}
    label = {
        "id": name,
        "lines": dict(lines(raw["text"], [(row["start"], row["end"], row["role"]) for row in segments])),
        "headline": _if(shown, "headline", article),
        "outlet": _if(shown, "outlet_name", article),
        "place": _if(shown, "dateline_place", article),
        "published": None,
        "published_basis": None,
        "authors": article["authors"] if "authors" in shown else [],
        "editors": article["editors"] if "editors" in shown else [],
        "sources": article["cited_sources"] if "cited_sources" in shown else [],
    }
    if "published_date" in shown:
        basis = INFERRED if article["published_basis"] == INFERRED else STATED
        label |= {"published": article["published_date"].isoformat(), "published_basis": basis}
    title = next((value["value"] for value in raw["metadata"] if value["field"] == "headline"), None)
    source = {
        "id": name,
        "url": raw["url"],
        "title": title,
        "sha256": raw["sha256"],
        "crawl": corpus.path.resolve().name,
    }
    return Page(name, raw["text"], label, source, int(article["article_id"], 16) % TESTED == 0)


def _if(shown: set[str], field: str, article: Row) -> Any:
    """A value that the text itself shows; None for one that is known otherwise."""
    return article[field] if field in shown else None


def lines(text: str, spans: Sequence[tuple[int, int, str]]) -> Iterator[tuple[str, str | list[list[str]]]]:
    """Yield the number of each line that is not blank, with its role or with the roles of its pieces.

    `spans` are (start, end, role), code points, in order, and cover every visible character. Of the pieces of a line
    the longest is written `*`; white space belongs to the piece before it.
    """
    begin = 0
    for number, line in enumerate(text.split("\n")):
        end = begin + len(line)
        inside = [span for span in spans if span[0] < end and begin < span[1]]
        if line.strip():
            starts = [begin, *(start for start, _, _ in inside[1:])]
            pieces = [text[start:stop] for start, stop in zip(starts, [*starts[1:], end], strict=True)]
            yield str(number), _of_line([role for _, _, role in inside], pieces)
        begin = end + 1


def _of_line(roles: Sequence[str], pieces: list[str]) -> str | list[list[str]]:
    if len(roles) == 1:
        return roles[0]
    rest = pieces.index("*") if "*" in pieces else max(range(len(pieces)), key=lambda number: len(pieces[number]))
    pieces[rest] = "*"
    return [list(pair) for pair in zip(roles, pieces, strict=True)]


def _write(folder: Path, pages: Sequence[Page]) -> None:
    for part in ("docs", "labels"):
        (folder / part).mkdir(parents=True)
    for page in pages:
        (folder / "docs" / f"{page.id}.txt").write_bytes(page.text.encode("utf-8"))
        _dump(page.label, folder / "labels" / f"{page.id}.json")
    _dump([page.source for page in pages], folder / "sources.json")


def _dump(value: object, path: Path) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except KlipingError as error:
        sys.exit(f"label_corrected.py: {error}")
