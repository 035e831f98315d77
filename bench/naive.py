"""The script that everyone writes: ftfy, langdetect, a few regexes, MinHash, datasets. What we stand against."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

import ftfy
from datasets import Dataset
from datasketch import MinHash, MinHashLSH
from langdetect import DetectorFactory, LangDetectException, detect

DetectorFactory.seed = 0
FURNITURE = re.compile(
    r"^(baca juga|lihat juga|simak|advertisement|scroll to continue|editor|penulis|reporter)\b.*$", re.I | re.M
)
DATELINE = re.compile(r"^([A-Z][\w .]+(?:\.com|\.co\.id))[, ]+([A-Z][a-zA-Z ]+?)\s*[-–—]+\s", re.M)
DATE = re.compile(r"\b(\d{1,2})[ /]([A-Z][a-z]+|\d{1,2})[ /](\d{4})\b")
AUTHOR = re.compile(r"^(?:penulis|reporter|editor)\s*:\s*(.+)$", re.I | re.M)
SPACE = re.compile(r"[ \t\u00a0]+")
WORD = re.compile(r"\w+")
SHINGLE, ALIKE = 5, 0.8
"""Words of a shingle, and the share of them by which two texts are copies: those of kliping's `duplicates`."""


def clean(text: str) -> dict[str, str | None]:
    """One cleaned row out of one raw text."""
    text = ftfy.fix_text(text)
    dateline, date, author = DATELINE.search(text), DATE.search(text), AUTHOR.search(text)
    try:
        language = detect(text)
    except LangDetectException:
        language = None
    return {
        "headline": text.partition("\n")[0],
        "text": SPACE.sub(" ", FURNITURE.sub("", text)).strip(),
        "outlet": dateline and dateline[1],
        "place": dateline and dateline[2],
        "date": date and date[0],
        "author": author and author[1],
        "language": language,
    }


def distinct(rows: list[dict[str, str | None]]) -> list[dict[str, str | None]]:
    """The rows without near-copies of earlier ones."""
    index, kept = MinHashLSH(threshold=ALIKE, num_perm=128), []
    for number, row in enumerate(rows):
        words = WORD.findall((row["text"] or "").casefold())
        sketch = MinHash(num_perm=128)
        sketch.update_batch(
            [" ".join(words[at : at + SHINGLE]).encode() for at in range(max(1, len(words) - SHINGLE + 1))]
        )
        if not index.query(sketch):
            index.insert(number, sketch)
            kept.append(row)
    return kept


def main(source: Path, out: Path) -> None:
    """Clean a JSON Lines file into a Parquet file, and print the seconds it took, warm."""
    distinct([clean("Harga cabai turun di pasar.")])
    out.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    with source.open(encoding="utf-8") as lines:
        rows = [clean(json.loads(line)["text"]) for line in lines]
    Dataset.from_list(distinct(rows)).to_parquet(out / "naive.parquet")
    print(json.dumps({"seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
