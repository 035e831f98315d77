"""Measures what finding copies costs as a corpus grows, and writes the table of docs/duplicates.md.

usage: copies.py [--most N]

Made-up bodies in shards of 5,000: of every hundred, five are copies to the letter of earlier ones, five copies of which
a few sentences are others, two a form that differs from day to day in an eighth of its words; every third ends with the
same notice. Each size runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from generated import WORDS, _sentence

from kliping import schema
from kliping.building.lean import settle_memory
from kliping.corpus.wide import duplicates
from kliping.corpus.wide.shards import Shards

SHARD = 5000
SIZES = (25_000, 50_000, 100_000, 200_000)
REMEMBERED = 1000
"""Earlier bodies that may be copied."""
BEGIN, END = "<!-- begin: written by bench/copies.py -->", "<!-- end: written by bench/copies.py -->"
PAGE = Path(__file__).parents[1] / "docs" / "duplicates.md"


def bodies() -> Iterator[str]:
    """Bodies without end, about 1.7 KB each."""
    dice = random.Random(1)
    notice = " ".join(_sentence(dice) for _ in range(3))
    form = dice.choices(WORDS, k=240)
    earlier: list[list[str]] = []
    number = 0
    while True:
        number += 1
        turn = number % 100
        if turn < 10 and len(earlier) == REMEMBERED:
            sentences = list(dice.choice(earlier))
            if turn < 5:
                sentences[dice.randrange(len(sentences))] = _sentence(dice)
            yield " ".join(sentences)
        elif turn < 12:
            yield " ".join(f"{number}x{place}" if place % 40 < 5 else word for place, word in enumerate(form))
        else:
            sentences = [_sentence(dice) for _ in range(16)]
            earlier = [*earlier[-REMEMBERED + 1 :], sentences]
            yield " ".join([*sentences, *([notice] if number % 3 == 0 else [])])


def write_shards(count: int, folder: Path, texts: Iterator[str]) -> list[Path]:
    """The articles of a corpus of so many of these bodies, with the columns that copies are found by."""
    names = {"text", *duplicates._READ}
    form = pa.schema([field for field in schema.arrow_schema("articles") if field.name in names])
    paths = []
    for first in range(0, count, SHARD):
        rows = [
            {"article_id": f"{first + place:032x}", "text": text, "character_count": len(text), "cited_sources": []}
            for place, text in enumerate(islice(texts, min(SHARD, count - first)))
        ]
        paths.append(folder / f"{first:08d}.parquet")
        pq.write_table(pa.Table.from_pylist(rows, schema=form), paths[-1])
    return paths


def measured(folder: Path) -> dict[str, float]:
    """Find the copies in a folder of shards; what it took, in this process."""
    settle_memory()
    used = time.process_time()
    rows = sum(1 for _ in duplicates.find(Shards({"articles": sorted(folder.glob("*.parquet"))})))
    status = Path("/proc/self/status").read_text()  # ru_maxrss would count the process that started this one
    peak = int(status.partition("VmHWM:")[2].split()[0])
    return {"cpu": time.process_time() - used, "rows": rows, "peak_mb": peak / 1024}


def measured_alone(folder: Path) -> dict[str, float]:
    """`measured` in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "--measure", folder], capture_output=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def table(most: int) -> str:
    """The table, one line a size."""
    lines = ["| articles | in clusters | seconds of CPU | µs an article | peak MB |", "|---:|---:|---:|---:|---:|"]
    for count in (size for size in SIZES if size <= most):
        with tempfile.TemporaryDirectory() as name:
            write_shards(count, Path(name), bodies())
            found = measured_alone(Path(name))
        each = 1e6 * found["cpu"] / count
        lines.append(f"| {count:,} | {found['rows']:,} | {found['cpu']:.1f} | {each:.0f} | {found['peak_mb']:.0f} |")
        print(lines[-1], flush=True)
    return "\n".join(lines)


def main() -> None:
    """Measure, and write the table into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measured(given.measure)))
        return
    found = table(given.most)
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{found}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
