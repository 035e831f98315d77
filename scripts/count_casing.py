#!/usr/bin/env python3
"""Count how Indonesian news writes each word, and write the statistics that tell titles from sentences.

usage: count_casing.py ARTICLES.jsonl.zst [--out src/kliping/annotation/roles]

Each line of the input is a JSON object with a `text`. What is written is a line of three integers for every word that
is seen MINIMUM times or more, and the checksums of pairs of words: no sentence of the input can be read from them.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path

import numpy as np
import zstandard

from kliping.annotation.roles.borders import LIMIT, pair

MINIMUM = 30
PAIR_MINIMUM = 10
LONGEST = 20
ROOT = Path(__file__).parents[1]
_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|[.!?]+|\d+|[^\w\s]")
_QUOTES = frozenset('"“”')


class Counts:
    """How often each word, in lower case, opens a sentence, and how it is written behind a capital and behind none."""

    def __init__(self) -> None:
        self.opens: Counter[str] = Counter()
        self.capital: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        """Capitalised inside a sentence: behind a word in small letters, behind a capitalised one."""
        self.small: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        """In small letters, likewise."""
        self.pairs: Counter[int] = Counter()
        """Two words that stand together inside a sentence, by their checksum."""

    def add(self, text: str) -> None:
        """Count the words of one text."""
        before = "."
        for token in _TOKEN.findall(text):
            if not token[0].isalpha():
                if not (token in _QUOTES and before[0] in ".!?"):
                    before = token
                continue
            word, behind = token.lower(), int(before[0].isupper())
            if before[0] in ".!?":
                self.opens[word] += token[0].isupper()
            elif before[0].isalnum():
                (self.capital if token[0].isupper() else self.small)[behind][word] += 1
                self.pairs[pair(before.lower(), word)] += 1
            before = token

    def lines(self) -> Iterator[str]:
        """One line a word: see `Casing`."""
        opened, within = self.opens.total(), sum(counts.total() for counts in (*self.capital, *self.small))
        for word in sorted(set().union(self.opens, *self.capital, *self.small)):
            capital, small = ([counts[word] for counts in pair] for pair in (self.capital, self.small))
            if self.opens[word] + sum(capital) + sum(small) < MINIMUM or len(word) > LONGEST:
                continue
            share = round(100 * (capital[1] + 1) / (capital[1] + small[1] + 2))
            usual = round(100 * (sum(capital) + 1) / (sum(capital) + sum(small) + 2))
            inside = (sum(capital) + sum(small)) * opened / within
            numbers = (usual, share, _bits(self.opens[word], capital[0]), _bits(self.opens[word], inside))
            yield "\t".join([word, *map(str, numbers)])


def _bits(one: float, other: float) -> int:
    return max(-LIMIT, min(LIMIT, round(math.log2((one + 0.5) / (other + 0.5)))))


def texts(path: Path) -> Iterable[str]:
    """The texts of a file of JSON Lines packed with zstd."""
    with path.open("rb") as stream, TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(stream), "utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def main() -> None:
    """Count the words of the articles and write the statistics."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "src/kliping/annotation/roles")
    options = parser.parse_args()
    counts = Counts()
    for text in texts(options.articles):
        counts.add(text)
    head = "# word, capitals of a hundred, those behind a capital, bits for a new sentence: behind no capital, at all"
    (options.out / "casing.tsv").write_text("\n".join([head, *counts.lines()]) + "\n", encoding="utf-8")
    often = sorted(checksum for checksum, count in counts.pairs.items() if count >= PAIR_MINIMUM)
    (options.out / "bigrams.bin").write_bytes(np.array(often, dtype="<u4").tobytes())


if __name__ == "__main__":
    main()
