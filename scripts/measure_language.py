#!/usr/bin/env python3
"""Measures language detection on the shared data; prints a table, or JSON with --json.

usage: measure_language.py [--shared DIR] [--articles N] [--batch N] [--json]

task      what comes out for every language of the labelled documents (the Malay ones hold many Indonesian texts)
equality  texts for which our langdetect gives another label or score than plain langdetect (seed 0, profiles in sorted
          order), over every labelled document and N articles spread over the bulk set
cascade   labelled documents and articles of the whole bulk set that words alone settle, and for how many of these
          langdetect would have named another language or given another score
speed     MB a second of CPU time over the N articles in batches: langdetect as it is, ours for its very answers, the
          whole cascade
"""

from __future__ import annotations

import argparse
import io
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import zstandard
from langdetect import detector_factory
from langdetect.lang_detect_exception import LangDetectException

from kliping.annotation.layers.language import INDONESIAN, detect, langdetect
from kliping.annotation.layers.language.neighbours import is_plain_indonesian

Answer = tuple[str | None, int | None]


def plain_detector() -> Callable[[str], Answer]:
    """langdetect itself, made reproducible."""
    factory = detector_factory.DetectorFactory()
    factory.seed = 0
    files = sorted(Path(detector_factory.PROFILES_DIRECTORY).iterdir())
    factory.load_json_profile([file.read_text("utf-8") for file in files])

    def answer(text: str) -> Answer:
        detector = factory.create()
        detector.append(text)
        try:
            seen = detector.get_probabilities()
        except LangDetectException:
            return None, None
        return (seen[0].lang, round(1000 * seen[0].prob)) if seen else (None, None)

    return answer


def read_documents(shared: Path) -> tuple[list[str], list[str]]:
    """The languages and the texts of the labelled documents."""
    lines = (shared / "tasks" / "language" / "documents.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [record["lang"] for record in records], [record["text"] for record in records]


def read_articles(shared: Path) -> list[str]:
    """The articles of the bulk set."""
    with zstandard.open(shared / "tasks" / "bulk" / "articles.jsonl.zst", "rb") as stream:
        return [json.loads(line)["text"] for line in io.TextIOWrapper(stream, "utf-8")]


def task(languages: Sequence[str], texts: Sequence[str]) -> dict[str, dict[str, int]]:
    """True language -> how often each language was published; `-` is none."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for language, found in zip(languages, detect(texts), strict=True):
        table[language][found.language or "-"] += 1
    return {language: dict(counts.most_common()) for language, counts in sorted(table.items())}


def cascade(texts: Sequence[str]) -> dict[str, int]:
    """How many texts words alone settle, and what langdetect says of these."""
    settled = [text for text in texts if is_plain_indonesian(text)]
    seen = langdetect(settled)
    return {
        "texts": len(texts),
        "settled by words": len(settled),
        "langdetect: another language": sum(label != INDONESIAN.language for label, _ in seen),
        "langdetect: another score": sum(
            label == INDONESIAN.language and score != INDONESIAN.language_score for label, score in seen
        ),
    }


def rate(
    function: Callable[[Sequence[str]], Sequence[object]], texts: Sequence[str], batch: int
) -> tuple[float, list[object]]:
    """MB a second of CPU time, and the answers."""
    answers: list[object] = []
    started = time.process_time()
    for first in range(0, len(texts), batch):
        answers.extend(function(texts[first : first + batch]))
    seconds = time.process_time() - started
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6 / seconds, answers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--articles", type=int, default=4_000)
    parser.add_argument("--batch", type=int, default=1_024)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    plain = plain_detector()
    languages, documents = read_documents(arguments.shared)
    every = read_articles(arguments.shared)
    articles = every[:: max(1, len(every) // arguments.articles)][: arguments.articles]
    found = task(languages, documents)
    plain_rate, expected = rate(lambda texts: [plain(text) for text in texts], articles, arguments.batch)
    same_rate, answers = rate(langdetect, articles, arguments.batch)
    full_rate, _ = rate(detect, articles, arguments.batch)
    pairs = [*zip(answers, expected, strict=True), *zip(langdetect(documents), map(plain, documents), strict=True)]
    figures = {
        "task": found,
        "equality": {"texts": len(pairs), "different": sum(ours != theirs for ours, theirs in pairs)},
        "cascade": cascade([*every, *documents]),
        "speed": {
            "batch": arguments.batch,
            "langdetect MB/s": round(plain_rate, 2),
            "ours, the same answers, MB/s": round(same_rate, 2),
            "the cascade, MB/s": round(full_rate, 2),
            "times langdetect, the same answers": round(same_rate / plain_rate, 1),
        },
    }
    if arguments.json:
        print(json.dumps(figures, indent=2))
        return
    for name, rows in figures.items():
        print(name)
        for key, value in rows.items():
            print(f"  {key:<38} {value}")


if __name__ == "__main__":
    main()
