"""The measurements that run in .bench/venv: datatrove, each printed as one JSON line with the seconds it took."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)
from datatrove.pipeline.formatters import FTFYFormatter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import ParquetWriter
from datatrove.utils.word_tokenizers import load_word_tokenizer

STOP_WORDS = ["yang", "dan", "di", "ke", "dari", "untuk", "dengan", "pada"]


def repaired(source: Path, out: Path) -> list[object]:
    """Read, repair, write."""
    return [JsonlReader(str(source.parent), glob_pattern=source.name), FTFYFormatter(), ParquetWriter(str(out))]


def filtered(source: Path, out: Path) -> list[object]:
    """Read, repair, the quality filters of FineWeb and Gopher, write."""
    load_word_tokenizer("ind").word_tokenize("Harga cabai turun.")
    filters = [
        GopherRepetitionFilter(language="ind"),
        GopherQualityFilter(language="ind", stop_words=STOP_WORDS),
        C4QualityFilter(language="ind", filter_no_terminal_punct=False),
        FineWebQualityFilter(language="ind"),
    ]
    reader, repair, writer = repaired(source, out)
    return [reader, repair, *filters, writer]


def main(name: str, source: Path, out: Path) -> None:
    """Run one pipeline in this process and print the seconds it took."""
    pipeline = {"repaired": repaired, "filtered": filtered}[name](source, out)
    executor = LocalPipelineExecutor(pipeline=pipeline, logging_dir=str(out / "logs"), tasks=1, workers=1)
    start = time.perf_counter()
    executor.run()
    print(json.dumps({"seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
