"""Compare kliping's reading of saved pages with trafilatura's, against the labels of their visible text.

usage: measure_html.py [--json]

../shared holds tasks/html/ID.html, gold/docs/ID.txt and gold/labels/ID.json. Body: precision and recall of word 4-gram
shingles, mean over the pages that have a body. Authors and date: right, wrong and given by the label.
The roles' weights were learned from labelled documents that include these pages' text: the line `structure` says how
far the page's structure alone, without weights, comes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from typing import Any

import trafilatura
from scorer import load_scorer

from kliping.annotation.pipeline import annotate_batch
from kliping.model import BODY_ROLES, Annotation, RawDocument
from kliping.read import documents

SHARED = Path(__file__).parents[2] / "shared"

Shingles = set[tuple[str, ...]]


def shingles(text: str) -> Shingles:
    """The word 4-grams of a text, in lower case."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 4]) for i in range(len(words) - 3)}


def structure_only(document: RawDocument) -> str:
    """Lines of 60 characters or more that are no links and in no part of the page but that of its text."""
    lines = zip(document.line_tags, document.data.decode().split("\n"), strict=True)
    running = {f"{part}{element}" for part in ("", "text:") for element in ("p", "div", "blockquote")}
    return "\n".join(line for tag, line in lines if tag in running and len(line) >= 60)


def by_trafilatura(page: bytes) -> tuple[str, set[str], str | None]:
    """Text, authors and date as trafilatura gives them in favour of recall."""
    text = trafilatura.extract(page, favor_recall=True) or ""
    told = trafilatura.extract_metadata(page)
    authors = {name.strip().lower() for name in (told.author or "").split(";") if name.strip()} if told else set()
    return text, authors, told.date if told else None


def ours(document: RawDocument) -> tuple[str, set[str], str | None]:
    """Text, authors and date as kliping gives them; empty where it sets the page aside."""
    (result,) = annotate_batch([document])
    if not isinstance(result, Annotation):
        return "", set(), None
    date = result.metadata.published_date
    return result.text, {name.lower() for name in result.metadata.authors}, date.isoformat() if date else None


def measure(gold_spans: Callable[..., list[tuple[int, int, str]]]) -> dict[str, Any]:
    """Body, authors and date of every labelled page by both, as the figures that are printed."""
    body: dict[str, list[tuple[float, float]]] = {"kliping": [], "trafilatura": [], "structure alone": []}
    right = {(who, what): [0, 0] for who in ("kliping", "trafilatura") for what in ("authors", "date")}
    labelled = {"authors": 0, "date": 0}
    for document in documents([str(SHARED / "tasks/html/d*.html")]):
        assert isinstance(document, RawDocument)
        name = document.source_path.removesuffix(".html")
        label = json.loads((SHARED / "gold/labels" / f"{name}.json").read_text("utf-8"))
        text = (SHARED / "gold/docs" / f"{name}.txt").read_bytes().decode()
        spans = [text[start:end] for start, end, role in gold_spans(text, label) if role in BODY_ROLES]
        expected, authors = shingles("\n".join(spans)), {author.lower() for author in label["authors"]}
        labelled["authors"] += bool(authors)
        labelled["date"] += label["published"] is not None
        page = (SHARED / "tasks/html" / document.source_path).read_bytes()
        found = {"kliping": ours(document), "trafilatura": by_trafilatura(page)}
        texts = {who: extracted for who, (extracted, _, _) in found.items()}
        if expected:
            for who, extracted in (texts | {"structure alone": structure_only(document)}).items():
                given = shingles(extracted)
                common = len(expected & given)
                body[who].append((common / max(1, len(given)), common / len(expected)))
        for who, (_, given_authors, given_date) in found.items():
            if given_authors:
                right[who, "authors"][given_authors != authors] += 1
            if given_date:
                right[who, "date"][given_date != label["published"]] += 1
    return {
        "pages": len(body["kliping"]),
        "labelled": labelled,
        "body": {
            who: {"precision": round(mean(p for p, _ in pairs), 4), "recall": round(mean(r for _, r in pairs), 4)}
            for who, pairs in body.items()
        },
        **{
            what: {who: {"right": right[who, what][0], "wrong": right[who, what][1]} for who in found}
            for what in labelled
        },
    }


def main() -> None:
    """Print the figures, as JSON with --json."""
    figures = measure(load_scorer(SHARED / "gold").gold_spans)
    if "--json" in sys.argv[1:]:
        print(json.dumps(figures, indent=1))
        return
    print(f"{figures['pages']} pages with a body")
    for who, row in figures["body"].items():
        print(f"body     {who:16s} precision {row['precision']:.3f}  recall {row['recall']:.3f}")
    for what, of in figures["labelled"].items():
        for who, row in figures[what].items():
            print(f"{what:8s} {who:16s} right {row['right']}, wrong {row['wrong']}, of {of}")


if __name__ == "__main__":
    main()
