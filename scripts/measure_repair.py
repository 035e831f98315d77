"""Count what repair does to ../shared/tasks: damaged lines undone, by kind; lines of real articles changed, and why.

usage: python scripts/measure_repair.py [--json] [--ftfy]

A line counts as undone when its damage is gone and ftfy finds none in what is left; a lost byte (U+FFFD) never is.
A changed line counts as damaged when bytes were read anew, else as healthy: the reasons say what was done to healthy
lines, and `letters_changed` how many of them lost, gained or changed a letter or digit. `beyond_ftfy` counts damaged
lines that ftfy takes for sound: those rest on our rules alone and are worth a look.
`--ftfy` also compares the fast path with ftfy itself on every article, which takes ten seconds a core.
"""

from __future__ import annotations

import argparse
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ftfy
import zstandard
from ftfy.badness import is_bad

from kliping.annotation.repair import mojibake, repair
from kliping.model import Repair

TASKS = Path(__file__).resolve().parents[2] / "shared" / "tasks"
DAMAGE = frozenset({"mojibake", "mojibake-orphan", "c1-character", "surrogate"})
MARKUP = "html-entity"


def damaged_lines(path: Path) -> dict[str, Any]:
    """By kind: how many damaged lines there are, and how many came out undone."""
    lines: Counter[str] = Counter()
    undone: Counter[str] = Counter()
    for record in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        text = repair(record["line"]).text
        lines[record["kind"]] += 1
        gone = record["match"].strip() not in text and "\ufffd" not in text
        undone[record["kind"]] += gone and not is_bad(text)
    return {kind: {"lines": lines[kind], "undone": undone[kind]} for kind in sorted(lines)}


def articles(path: Path) -> Iterator[str]:
    with path.open("rb") as stream:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(stream), "utf-8"):
            yield json.loads(line)["text"]


def letters(text: str) -> str:
    """The letters and digits of a text, canonically composed; the Hangul fillers are letters in name only."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", text.translate({0x3164: None, 0xFFA0: None}))))


def _line(raw: str, position: int) -> str:
    return raw[raw.rfind("\n", 0, position) + 1 :].split("\n", 1)[0]


def changed_lines(raw: str) -> Iterator[list[Repair]]:
    """The repairs of every line that has any."""
    line: list[Repair] = []
    end = -1
    for change in repair(raw).repairs:
        if change.start > end:
            if line:
                yield line
            line, end = [], raw.find("\n", change.start) % (len(raw) + 1)
        line.append(change)
    if line:
        yield line


def bulk(path: Path, *, with_ftfy: bool) -> dict[str, Any]:
    """Lines of the articles, how many were changed, and for the healthy ones among them the reasons."""
    count: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for raw in articles(path):
        count["articles"] += 1
        count["lines"] += raw.count("\n") + 1
        count["unlike_ftfy"] += with_ftfy and mojibake.fix_text(raw) != ftfy.fix_text(raw, mojibake.CONFIG)
        for changes in changed_lines(raw):
            count["changed"] += 1
            found = {change.reason for change in changes}
            if found & DAMAGE:
                count["damaged_and_undone"] += 1
                count["beyond_ftfy"] += not is_bad(_line(raw, changes[0].start))
                continue
            count["healthy_and_changed"] += 1
            reasons.update(found)
            sound = [change for change in changes if change.reason != MARKUP]
            count["letters_changed"] += any(letters(change.before) != letters(change.after) for change in sound)
    if not with_ftfy:
        del count["unlike_ftfy"]
    return {**count, "letters_changed": count["letters_changed"], "reasons": dict(reasons.most_common())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--ftfy", action="store_true", help="compare the fast path with ftfy on every article")
    options = parser.parse_args()
    if not TASKS.exists():
        parser.error("../shared/tasks is not there: nothing to measure on")
    result = {
        "mojibake": damaged_lines(TASKS / "mojibake" / "lines.jsonl"),
        "bulk": bulk(TASKS / "bulk" / "articles.jsonl.zst", with_ftfy=options.ftfy),
    }
    if options.json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
        return
    for kind, figures in result["mojibake"].items():
        print(f"{kind:40}{figures['undone']:6} of {figures['lines']} undone")
    for name, value in result["bulk"].items():
        print(f"{name:40}{value if isinstance(value, int) else json.dumps(value)}")


if __name__ == "__main__":
    main()
