"""The measurements of kliping itself, each in a process of its own that prints one JSON line."""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kliping.building.lean import settle_memory
from kliping.building.outcomes import BATCH_DOCUMENTS
from kliping.model import RawDocument, Refusal, SetAside
from kliping.read import Input, read


def documents(source: Path) -> list[RawDocument]:
    """The documents of one file."""
    found = read(Input(str(source), source.name, source.stat().st_size))
    return [item for item in found if isinstance(item, RawDocument)]


def batches(items: list[RawDocument]) -> list[list[RawDocument]]:
    """The documents as a build annotates them: in the order of their ids."""
    items = sorted(items, key=lambda item: item.article_id)
    return [items[first : first + BATCH_DOCUMENTS] for first in range(0, len(items), BATCH_DOCUMENTS)]


def size(items: list[RawDocument]) -> int:
    """Bytes of raw text."""
    return sum(len(item.data) for item in items)


def build(source: Path, out: Path, workers: int) -> dict[str, float]:
    """The whole job as a user runs it, start-up included."""
    from kliping.building.build import build as run

    start = time.perf_counter()
    summary = run([source], out, workers=workers)
    seconds = time.perf_counter() - start
    peak = {name: resource.getrusage(who).ru_maxrss / 1024 for name, who in PEOPLE.items()}
    output = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return {"seconds": seconds, "documents": summary.documents, "kept": summary.kept, "output_bytes": output, **peak}


PEOPLE = {"parent_mb": resource.RUSAGE_SELF, "worker_mb": resource.RUSAGE_CHILDREN}


def full(source: Path, out: Path) -> dict[str, float]:
    """Every layer, every table and the finished corpus, in this process, warm: what stands against the others."""
    _made(documents(source)[:BATCH_DOCUMENTS], out / "warm")
    start = time.perf_counter()
    _made(documents(source), out / "measured")
    return {"seconds": time.perf_counter() - start}


def _made(items: list[RawDocument], out: Path) -> None:
    from kliping.corpus.shard import write_shard
    from kliping.corpus.tables import to_tables
    from kliping.corpus.write import finish
    from kliping.kernel import annotate_documents

    write_shard((to_tables(annotate_documents(batch)) for batch in batches(items)), out / "work", 0)
    finish(out / "work", out / "corpus", [0], version="1.0.0")


def repaired(source: Path, out: Path) -> dict[str, float]:
    """Read, repair, write: the part of the job that datatrove's reader, FTFYFormatter and writer do."""
    from kliping.annotation.repair import repair

    repair("Harga cabai turun.")
    start = time.perf_counter()
    items = documents(source)
    table = pa.table(
        {
            "id": [item.source_path for item in items],
            "text": [repair(item.data.decode()).text for item in items],
        }
    )
    out.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, out / "repaired.parquet", compression="snappy")
    return {"seconds": time.perf_counter() - start}


def layer(source: Path, run: Callable[[list[str]], object]) -> dict[str, float]:
    """One layer alone over all texts, warm."""
    texts = [item.data.decode() for item in documents(source)]
    run(texts[:20])
    start = time.perf_counter()
    run(texts)
    return {"seconds": time.perf_counter() - start}


def repair_ours(source: Path, out: Path) -> dict[str, float]:
    """Our repair, with its log of changes."""
    from kliping.annotation.repair import repair

    return layer(source, lambda texts: [repair(text) for text in texts])


def repair_theirs(source: Path, out: Path) -> dict[str, float]:
    """ftfy, with the options that kliping has in force, a line at a time."""
    import ftfy

    options = ftfy.TextFixerConfig(
        unescape_html=True, uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False,
        fix_line_breaks=False, normalization=None,
    )  # fmt: skip

    def run(texts: list[str]) -> None:
        for text in texts:
            for line in text.split("\n"):
                ftfy.fix_text(line, options)

    return layer(source, run)


def language_ours(source: Path, out: Path) -> dict[str, float]:
    """Our language detection as a build runs it: words first, langdetect's answers for the rest."""
    from kliping.annotation.layers.language import detect, langdetect

    langdetect(["Harga cabai turun."])
    return layer(source, lambda texts: _in_batches(detect, texts))


def language_exact(source: Path, out: Path) -> dict[str, float]:
    """Our langdetect alone: its very answers for every text."""
    from kliping.annotation.layers.language import langdetect

    return layer(source, lambda texts: _in_batches(langdetect, texts))


def _in_batches(function: Callable[[list[str]], object], texts: list[str]) -> None:
    for first in range(0, len(texts), BATCH_DOCUMENTS):
        function(texts[first : first + BATCH_DOCUMENTS])


def language_theirs(source: Path, out: Path) -> dict[str, float]:
    """langdetect, seeded."""
    from langdetect import DetectorFactory, LangDetectException, detect_langs

    DetectorFactory.seed = 0

    def run(texts: list[str]) -> None:
        for text in texts:
            try:
                detect_langs(text)
            except LangDetectException:
                continue

    return layer(source, run)


def webpages_ours(source: Path, out: Path) -> dict[str, float]:
    """A folder of saved pages read and annotated, every layer on, warm, in CPU seconds."""
    from kliping.annotation.pipeline import annotate_batch
    from kliping.read import documents as documents_of

    def run() -> None:
        found = [item for item in documents_of([source]) if isinstance(item, RawDocument)]
        for batch in batches(found):
            annotate_batch(batch)

    run()
    start = time.process_time()
    run()
    return {"seconds": time.process_time() - start}


def webpages_theirs(source: Path, out: Path) -> dict[str, float]:
    """The same folder through trafilatura in favour of recall, with metadata, warm, in CPU seconds."""
    import trafilatura

    def run() -> None:
        for path in sorted(source.iterdir()):
            trafilatura.bare_extraction(path.read_bytes(), favor_recall=True, with_metadata=True)

    run()
    start = time.process_time()
    run()
    return {"seconds": time.process_time() - start}


def webpages_stages(source: Path, out: Path) -> dict[str, float]:
    """Seconds of CPU that each step takes over the same folder, warm."""
    from kliping.annotation.pipeline import annotate_batch
    from kliping.read import Options
    from kliping.read.charset import page_text
    from kliping.read.html import page_document
    from kliping.read.webpage import lines, markup_tree, page_metadata, regions

    pages = [path.read_bytes() for path in sorted(source.iterdir())]
    spent: dict[str, float] = {}
    for _ in range(2):
        spent = dict.fromkeys(("parse", "metadata", "walk", "regions"), 0.0)
        for page in pages:
            marks = [time.process_time()]
            root = markup_tree.parse_markup(page_text(page))
            marks.append(time.process_time())
            told = page_metadata.find_metadata(page_metadata.markup_of(root))
            marks.append(time.process_time())
            walked = lines.visible_lines(root)
            marks.append(time.process_time())
            regions.placed(walked, told)
            marks.append(time.process_time())
            for name, start, end in zip(spent, marks, marks[1:], strict=False):
                spent[name] += end - start
        found = [item for page in pages if isinstance(item := page_document(page, "", Options()), RawDocument)]
        start = time.process_time()
        for batch in batches(found):
            annotate_batch(batch)
        spent["annotation, every layer"] = time.process_time() - start
    return spent


def stages(source: Path, out: Path) -> dict[str, float]:
    """Seconds of CPU that each stage takes, by timing every call of the pipeline and around it."""
    from importlib import import_module

    composed = import_module("kliping.annotation.pipeline")
    from kliping.corpus.shard import write_shard
    from kliping.corpus.tables import to_tables

    composed.annotate_batch(documents(source)[:BATCH_DOCUMENTS])
    spent: dict[str, float] = defaultdict(float)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            start = time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                spent[name] += time.process_time() - start

        return run

    for name, module, function in (
        ("repair", composed.repair, "repair"),
        ("roles", composed.roles, "assign"),
        ("gate", composed.gate, "article_or_reason"),
        ("segments", composed, "segments"),
        ("decode", composed, "decode"),
    ):
        setattr(module, function, timed(name, getattr(module, function)))
    composed.layers.LAYERS = tuple(
        replace(layer, find=timed(layer.name, lambda articles, find=layer.find: list(find(articles))))
        for layer in composed.layers.LAYERS
    )
    start = time.process_time()
    items = timed("read", documents)(source)
    found = [(batch, composed.annotate_batch(batch)) for batch in batches(items)]
    parts = [timed("tables", to_tables)(_outcomes(batch, results)) for batch, results in found]
    timed("write and digest", write_shard)(parts, out, 0)
    spent["everything else"] = time.process_time() - start - sum(spent.values())
    return spent


def _outcomes(batch: list[RawDocument], results: list[Any]) -> list[Any]:
    return [
        Refusal(item.source_path, item.sha256, result.reason, result.detail) if isinstance(result, SetAside) else result
        for item, result in zip(batch, results, strict=True)
    ]


CASES = {
    case.__name__: case
    for case in (
        full,
        repaired,
        repair_ours,
        repair_theirs,
        language_ours,
        language_exact,
        language_theirs,
        stages,
        webpages_ours,
        webpages_theirs,
        webpages_stages,
    )
}


def main() -> None:
    """Run one case and print what it measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", choices=[*CASES, "build"])
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    if given.case == "build":
        print(json.dumps(build(given.source, given.out, given.workers)))
    else:
        settle_memory()
        print(json.dumps(CASES[given.case](given.source, given.out)))


if __name__ == "__main__":
    main()
