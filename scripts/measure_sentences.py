#!/usr/bin/env python3
"""Measures sentence boundaries on the shared treebanks; prints a table, or JSON with --json.

usage: measure_sentences.py [--shared DIR] [--json] [--errors]

Ten consecutive sentences (`# text`) of a treebank are joined with one space and split again; precision, recall and F1
of the boundaries between them, for ours and for sentencex alone. `speed` is MB a second of CPU time.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sentencex

from kliping.annotation.layers.sentences import split

BLOCK = 10
Splitter = Callable[[str], list[int]]


def ours(text: str) -> list[int]:
    return [end for _, end in split(text)]


def alone(text: str) -> list[int]:
    """The ends of sentencex's own sentences."""
    ends, position = [], 0
    for piece in sentencex.segment("id", text):
        if piece.strip():
            ends.append(position + len(piece.rstrip()))
        position += len(piece)
    return ends


def blocks(path: Path) -> Iterator[tuple[str, set[int]]]:
    """Joined sentences and where one ends and another follows."""
    prefix = "# text = "
    lines = path.read_text("utf-8").splitlines()
    sentences = [line.removeprefix(prefix).strip() for line in lines if line.startswith(prefix)]
    for first in range(0, len(sentences), BLOCK):
        text, ends = "", set()
        for sentence in sentences[first : first + BLOCK]:
            if text:
                ends.add(len(text))
            text = f"{text} {sentence}".strip()
        yield text, ends


def score(path: Path, splitter: Splitter, show: bool) -> dict[str, float]:
    right = wrong = missed = size = 0
    seconds = 0.0
    for text, expected in blocks(path):
        started = time.process_time()
        found = set(splitter(text)) - {len(text)}
        seconds += time.process_time() - started
        size += len(text.encode())
        right, wrong, missed = (
            right + len(found & expected),
            wrong + len(found - expected),
            missed + len(expected - found),
        )
        for end in sorted(found ^ expected) if show else ():
            print(
                "  wrong " if end in found else "  missed",
                f"{text[max(0, end - 40) : end]!r} | {text[end : end + 30]!r}",
            )
    precision, recall = right / (right + wrong), right / (right + missed)
    f1 = 2 * precision * recall / (precision + recall)
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
        "MB/s": round(size / 1e6 / seconds, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", action="store_true")
    arguments = parser.parse_args()
    split("Mulai.")
    figures = {
        path.stem: {"ours": score(path, ours, arguments.errors), "sentencex alone": score(path, alone, show=False)}
        for path in sorted((arguments.shared / "tasks" / "sentences").glob("*.conllu"))
    }
    if arguments.json:
        print(json.dumps(figures, indent=2))
        return
    for name, rows in figures.items():
        print(name)
        for splitter, row in rows.items():
            print(f"  {splitter:<16}", *(f"{key} {value:<8}" for key, value in row.items()))


if __name__ == "__main__":
    main()
