#!/usr/bin/env python3
"""Measures quotations and speakers on data of others and on labelled pages; prints a table, or JSON with --json.

usage: measure_quotations.py [--shared DIR] [--json] [--errors]

pfsa     the statements of public figures that PFSA-ID labels in Kompas articles: how many are found to the character,
         and how many of these have the right speaker. Others' quotations are not labelled there: it judges no precision
labelled pages of many outlets, of which tests/quality/quotations.json names every direct and mixed quotation by its
         place in the raw text, with a place of the speaker's fullest name (null for nobody), and for some pages the
         reported clauses (`indirect`); kliping reads the whole page. A clause is found where most of it and of ours is
         the same

Both in halves, that of a statement by a hash of its article's id: rules were written while what is wrong in `read` was
looked at; `unread` gave numbers alone.
A speaker is right where the words of one name are among those of the other; `full` are those that are all there.
`MB/s` is megabytes of text a second of CPU time, of quotations alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kliping import annotate
from kliping.annotation.layers.quotations import find_said
from kliping.annotation.layers.quotations.lexicon import name_words
from kliping.model import PARAGRAPH_BREAK, Quotation

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "quality" / "quotations.json"
HALVES = ("read", "unread")
Report = Callable[[str], None]


def half(name: str) -> str:
    """Which half a page belongs to, by the hash of its id."""
    return HALVES[int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2]


def words(name: str) -> set[str]:
    """The words of a name without offices, in lower case; all words where there are no others."""
    tokens = name.split()
    return {token.strip(".,").casefold() for token in name_words(tokens) or tokens}


def same(ours: str | None, theirs: str | None) -> tuple[bool, bool]:
    """Whether two names may be one person's, and whether ours says all that theirs does."""
    if ours is None or theirs is None:
        return (ours is theirs,) * 2
    full = words(theirs) <= words(ours) or theirs.casefold() in ours.casefold()
    return full or words(ours) <= words(theirs), full


def pfsa(path: Path, report: Report) -> dict[str, dict[str, float]]:
    """Statements found and speakers right, a half each."""
    counts = {name: Counter[str]() for name in HALVES}
    for line in path.read_text("utf-8").splitlines():
        article = json.loads(line)
        text, count = article["text"], counts[half(article["id"])]
        found = {(said.start, said.end): said for said in find_said(text.replace("\n", PARAGRAPH_BREAK))}
        for quote in article["quotes"]:
            start, end = (quote[side] + text.count("\n", 0, quote[side]) for side in ("start", "end"))
            said, place = found.get((start, end)), f"{article['id']} [{quote['start']}, {quote['end']})"
            count["statements"] += 1
            if said is None:
                report(f"missed   {place}")
                continue
            count["found"] += 1
            if quote["speaker_full"]:
                right, full = same(said.speaker_name, quote["speaker_full"])
                count["judged"] += 1
                count["right"] += right
                count["full"] += full
                if not right:
                    report(f"speaker  {place}: {said.speaker_name} for {quote['speaker_full']}")
    return {
        name: {
            **count,
            "found_share": _share(count["found"], count["statements"]),
            "speaker_share": _share(count["right"], count["judged"]),
            "full_share": _share(count["full"], count["judged"]),
        }
        for name, count in counts.items()
    }


def labelled(shared: Path, report: Report) -> dict[str, dict[str, float]]:
    """Precision and recall of quotations and of clauses, and speakers right, a half each."""
    counts = {name: Counter[str]() for name in HALVES}
    for name, label in json.loads(LABELS.read_text("utf-8")).items():
        count = counts[HALVES[not label["read"]]]
        count["pages"] += 1
        data = _page(shared, name).read_bytes()
        text, rows = data.decode("utf-8"), annotate(data).quotations
        _compare(text, label, rows, count, lambda line, name=name: report(f"{line} {name}"))
    return {name: _figures(count) for name, count in counts.items()}


def _page(shared: Path, name: str) -> Path:
    paths = [shared / folder / "docs" / f"{name}.txt" for folder in ("gold", "crawls")]
    return next(path for path in paths if path.is_file())


def _compare(
    text: str, label: dict[str, Any], rows: tuple[Quotation, ...], count: Counter[str], report: Report
) -> None:
    wanted = {(start, end): speaker for start, end, kind, speaker in label["quotations"] if kind != "indirect"}
    found = {(row.start, row.end): row for row in rows if row.kind != "indirect"}
    count["labelled"] += len(wanted)
    count["found"] += len(found)
    for place in sorted(wanted.keys() ^ found.keys()):
        report(f"{'missed  ' if place in wanted else 'wrong   '} {place}")
    for place in sorted(wanted.keys() & found.keys()):
        speaker = wanted[place]
        right, full = same(found[place].speaker_name, None if speaker is None else text[slice(*speaker)])
        count["right"] += 1
        count["right_speakers"] += right
        count["full_speakers"] += full
        if not right:
            report(f"speaker  {place}: {found[place].speaker_name}")
    if label["clauses"]:
        clauses = [(start, end) for start, end, kind, _ in label["quotations"] if kind == "indirect"]
        ours = [(row.start, row.end) for row in rows if row.kind == "indirect"]
        count["clauses"] += len(clauses)
        count["clauses_found"] += sum(any(_overlap(clause, other) for other in ours) for clause in clauses)
        count["our_clauses"] += len(ours)
        count["our_clauses_right"] += sum(any(_overlap(clause, other) for other in clauses) for clause in ours)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return 2 * shared >= max(one[1] - one[0], other[1] - other[0])


def _figures(count: Counter[str]) -> dict[str, float]:
    return {
        **count,
        "precision": _share(count["right"], count["found"]),
        "recall": _share(count["right"], count["labelled"]),
        "f1": _share(2 * count["right"], count["found"] + count["labelled"]),
        "speaker_share": _share(count["right_speakers"], count["right"]),
        "full_share": _share(count["full_speakers"], count["right"]),
        "clause_precision": _share(count["our_clauses_right"], count["our_clauses"]),
        "clause_recall": _share(count["clauses_found"], count["clauses"]),
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def speed(path: Path) -> float:
    """Megabytes of the task's text a second of CPU time."""
    texts = [json.loads(line)["text"].replace("\n", PARAGRAPH_BREAK) for line in path.read_text("utf-8").splitlines()]
    find_said(texts[0])
    started = time.process_time()
    for text in texts:
        find_said(text)
    return round(sum(len(text.encode()) for text in texts) / 1e6 / (time.process_time() - started), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", action="store_true", help="name the places that differ")
    options = parser.parse_args()
    task = options.shared / "tasks" / "quotations" / "pfsa.jsonl"
    if not task.is_file():
        sys.exit(f"measure_quotations: there is no {task}; nothing was measured.")
    report: Report = print if options.errors else lambda line: None
    figures: dict[str, Any] = {
        "pfsa": pfsa(task, report),
        "labelled": labelled(options.shared, report),
        "MB/s": speed(task),
    }
    if options.json:
        print(json.dumps(figures, indent=1, sort_keys=True))
        return
    for name, table in figures.items():
        print(name if isinstance(table, dict) else f"{name}: {table}")
        for key, value in table.items() if isinstance(table, dict) else ():
            print(f"  {key}: {value}")


if __name__ == "__main__":
    main()
