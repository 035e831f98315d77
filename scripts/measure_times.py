#!/usr/bin/env python3
"""Measures the time expressions on the shared TimeML articles; prints a table, or JSON with --json.

usage: measure_times.py [--shared DIR] [--json] [--errors]

The articles are 13 of the Indonesian corpus of Mirza (IndoTimex, 2015), each with its day of creation as anchor. A hash
of an article's id puts it into one of two halves: `read`, which was looked at while the grammar was written, and
`unread`, of which only these figures were looked at. Precision, recall and F1 of spans that overlap with a labelled
one, each counted once, and of those with both ends right (`strict`); types and values are judged on spans that overlap.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from kliping.annotation.dates import find_times, meanings

HALVES = ("unread", "read")


class Expression(NamedTuple):
    """One labelled or found expression [start, end), in code points, with its TIMEX3 type and value."""

    start: int
    end: int
    type: str
    value: str | None


def half(name: str) -> str:
    """The half of an article: `unread` where the first 32 bits of the SHA-256 of its id are even."""
    return HALVES[int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % 2]


def read_timeml(path: Path) -> tuple[str, list[Expression], date]:
    """Text of the article, its labelled expressions, its day of creation."""
    root = ElementTree.parse(path).getroot()
    stamp = root.find("DCT/TIMEX3")
    body = root.find("TEXT")
    if stamp is None or body is None:
        sys.exit(f"measure_times: no creation time or text in {path}")
    text, labelled = body.text or "", []
    for element in body:
        words = "".join(element.itertext())
        if element.tag == "TIMEX3":
            place = len(text), len(text) + len(words)
            labelled.append(Expression(*place, element.get("type", ""), element.get("value")))
        text += words + (element.tail or "")
    return text, labelled, date.fromisoformat(stamp.get("value", "")[:10])


def found_in(text: str, anchor: date) -> list[Expression]:
    """What kliping finds in the text of an article of that day."""
    mentions = find_times(text)
    read = zip(mentions, meanings(text, mentions, anchor), strict=True)
    return [Expression(mention.start, mention.end, meaning.type, meaning.value) for mention, meaning in read]


def pairs(labelled: Sequence[Expression], found: Sequence[Expression]) -> Iterator[tuple[Expression, Expression]]:
    """Each labelled expression with the first one found that overlaps with it and with no earlier one."""
    remaining = list(found)
    for label in labelled:
        for expression in remaining:
            if expression.start < label.end and label.start < expression.end:
                remaining.remove(expression)
                yield label, expression
                break


def timex(folder: Path, errors: bool = False) -> dict[str, dict[str, float]]:
    """The figures of each half, and of both as `all`. `errors` prints what differs in the half that was read."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("all", *HALVES)}
    for path in sorted(folder.glob("*.tml")):
        text, labelled, anchor = read_timeml(path)
        found = found_in(text, anchor)
        matched = list(pairs(labelled, found))
        own = Counter(
            labelled=len(labelled),
            found=len(found),
            overlapping=len(matched),
            strict=sum(label[:2] == expression[:2] for label, expression in matched),
            types=sum(label.type == expression.type for label, expression in matched),
            values=sum(label.value == expression.value for label, expression in matched),
            unresolved=sum(expression.value is None for _, expression in matched),
        )
        for name in ("all", half(path.stem)):
            counts[name].update(own)
        if errors and half(path.stem) == "read":
            show(path.stem, text, labelled, found, matched)
    return {name: shares(count) for name, count in counts.items()}


def shares(count: Counter[str]) -> dict[str, float]:
    """The counts, and precision, recall, F1 and the shares of right types and values."""
    matched = max(1, count["overlapping"])
    return {
        **count,
        "precision": round(count["overlapping"] / max(1, count["found"]), 4),
        "recall": round(count["overlapping"] / max(1, count["labelled"]), 4),
        "f1": round(2 * count["overlapping"] / max(1, count["found"] + count["labelled"]), 4),
        "strict_f1": round(2 * count["strict"] / max(1, count["found"] + count["labelled"]), 4),
        "type_accuracy": round(count["types"] / matched, 4),
        "value_accuracy": round(count["values"] / matched, 4),
    }


def show(
    name: str,
    text: str,
    labelled: Sequence[Expression],
    found: Sequence[Expression],
    matched: Sequence[tuple[Expression, Expression]],
) -> None:
    """Print what was missed, what was found wrongly, and what differs."""
    for label, expression in matched:
        if label != expression:
            print(f"{name} differs {text[label.start : label.end]!r} {label[2:]}", end=" ")
            print(f"{text[expression.start : expression.end]!r} {expression[2:]}")
    for label in labelled:
        if label not in [pair[0] for pair in matched]:
            print(f"{name} missed {text[label.start : label.end]!r} {label[2:]}")
    for expression in found:
        if expression not in [pair[1] for pair in matched]:
            print(f"{name} surplus {text[expression.start : expression.end]!r} {expression[2:]}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", action="store_true", help="list what differs in the half that was read")
    options = parser.parse_args()
    if not options.shared.is_dir():
        sys.exit(f"measure_times: no such folder: {options.shared}")
    figures = {"timex": timex(options.shared / "tasks" / "timex", options.errors)}
    if options.json:
        print(json.dumps(figures, indent=1, sort_keys=True))
        return
    for name, table in figures["timex"].items():
        print(name)
        for key, value in table.items():
            print(f"  {key:20s} {value}")


if __name__ == "__main__":
    main()
