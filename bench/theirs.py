"""The measurements of datatrove, which run in .bench/venv: each prints one JSON line with the seconds it took."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)
from datatrove.pipeline.formatters import FTFYFormatter
from datatrove.pipeline.readers import JsonlReader, ParquetReader
from datatrove.pipeline.writers import ParquetWriter
from datatrove.utils.word_tokenizers import load_word_tokenizer

STOP_WORDS = ["yang", "dan", "di", "ke", "dari", "untuk", "dengan", "pada"]


def repaired(source: Path, out: Path) -> list[list[object]]:
    """Read, repair, write."""
    return [_repaired(source, out)]


def _repaired(source: Path, out: Path) -> list[object]:
    return [JsonlReader(str(source.parent), glob_pattern=source.name), FTFYFormatter(), ParquetWriter(str(out))]


def filtered(source: Path, out: Path) -> list[list[object]]:
    """Read, repair, the quality filters of FineWeb and Gopher, MinHash over shingles of five words, write."""
    load_word_tokenizer("ind").word_tokenize("Harga cabai turun.")
    filters = [
        GopherRepetitionFilter(language="ind"),
        GopherQualityFilter(language="ind", stop_words=STOP_WORDS),
        C4QualityFilter(language="ind", filter_no_terminal_punct=False),
        FineWebQualityFilter(language="ind"),
    ]
    reader, repair, writer = _repaired(source, out / "kept")
    config = MinhashConfig(n_grams=5)
    signatures, buckets, copies = (str(out / name) for name in ("signatures", "buckets", "copies"))
    return [
        [reader, repair, *filters, writer, MinhashDedupSignature(signatures, config, language="ind")],
        [MinhashDedupBuckets(signatures, buckets, config=config)],
        [MinhashDedupCluster(buckets, copies, config=config)],
        [ParquetReader(str(out / "kept")), MinhashDedupFilter(copies), ParquetWriter(str(out / "distinct"))],
    ]


def _tasks(pipeline: list[object]) -> int:
    """Buckets are matched one a task, all in this process."""
    return next((step.config.num_buckets for step in pipeline if isinstance(step, MinhashDedupBuckets)), 1)


def main(name: str, source: Path, out: Path) -> None:
    """Run the pipelines of one measurement in this process and print the seconds they took."""
    pipelines = {"repaired": repaired, "filtered": filtered}[name](source, out)
    start = time.perf_counter()
    for number, pipeline in enumerate(pipelines):
        logs = str(out / f"logs-{number}")
        LocalPipelineExecutor(pipeline=pipeline, logging_dir=logs, tasks=_tasks(pipeline), workers=1).run()
    print(json.dumps({"seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
