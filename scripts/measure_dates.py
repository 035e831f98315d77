#!/usr/bin/env python3
"""Measures the date grammar and the publication day on the shared labelled pages; prints a table, or JSON with --json.

usage: measure_dates.py [--shared DIR] [--json] [--errors]

timex     spans and values of the DATE and TIME expressions of the TimeML articles, the creation time as anchor
published precision and recall of `published_date` on the labelled pages, with the labelled roles as spans
truth     where a crawler kept the page's date: how often the inferred day is that day, and within a day of it
urls      the same against the day in the URL of crawled articles, every line taken for a paragraph; by rule
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import zstandard
from measure_times import found_in, read_timeml

from kliping.annotation.dates import calendar_day, written_dates
from kliping.annotation.layers.metadata.published import published
from kliping.model import Page, Span


def timex(folder: Path) -> dict[str, object]:
    """Strict and overlapping spans against the gold DATE and TIME expressions, and right values among them."""
    count: Counter[str] = Counter()
    for path in sorted(folder.glob("*.tml")):
        text, labelled, anchor = read_timeml(path)
        gold, mentions = (
            [expression for expression in expressions if expression.type in ("DATE", "TIME")]
            for expressions in (labelled, found_in(text, anchor))
        )
        matched = set()
        count["found"] += len(mentions)
        for start, end, _, value in gold:
            count["gold"] += 1
            over = [i for i, m in enumerate(mentions) if m.start < end and start < m.end]
            matched.update(over)
            count["overlap"] += bool(over)
            count["strict"] += any(mentions[i][:2] == (start, end) for i in over)
            count["value"] += any(mentions[i].value == value for i in over)
        count["matched"] += len(matched)
    return {
        **count,
        "span_precision": _share(count["matched"], count["found"]),
        "span_recall": _share(count["overlap"], count["gold"]),
        "strict_recall": _share(count["strict"], count["gold"]),
        "value_accuracy": _share(count["value"], count["overlap"]),
    }


def gold_spans(text: str, label: dict[str, object]) -> Iterator[Span]:
    """The labelled spans, trimmed, read as shared/score.py reads them."""
    by_line: dict[int, object] = {}
    lines: dict[str, object] = label["lines"]  # type: ignore[assignment]
    for key, value in lines.items():
        first, _, last = key.partition("-")
        by_line.update(dict.fromkeys(range(int(first), int(last or first) + 1), value))
    offset = 0
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            yield from (_trimmed(text, *span) for span in _line_spans(line, offset, by_line[number]))
        offset += len(line) + 1


def _line_spans(line: str, offset: int, value: object) -> Iterator[tuple[int, int, str]]:
    if isinstance(value, str):
        yield offset, offset + len(line), value
        return
    parts: list[tuple[str, str]] = value  # type: ignore[assignment]
    star = next(i for i, (_, words) in enumerate(parts) if words == "*")
    after = "".join(words for _, words in parts[star + 1 :])
    tail = len(after)
    if tail and not line.endswith(after):
        tail += len(line) - len(line.rstrip())
    position = offset
    for i, (role, words) in enumerate(parts):
        end = position + len(words)
        if i == star:
            end = offset + len(line) - tail
        elif i == len(parts) - 1:
            end = offset + len(line)
        yield position, end, role
        position = end


def _trimmed(text: str, start: int, end: int, role: str) -> Span:
    words = text[start:end]
    return Span(start + len(words) - len(words.lstrip()), start + len(words.rstrip()), role, "gold")


def publication(gold: Path, errors: bool) -> dict[str, dict[str, object]]:
    """Precision and recall against the labels, and the inferred days against the dates that a crawler kept."""
    count: Counter[str] = Counter()
    truth: Counter[str] = Counter()
    kept = {row["id"]: row.get("date") for row in json.loads((gold / "sources.json").read_text(encoding="utf-8"))}
    for path in sorted((gold / "labels").glob("d*.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        text = (gold / "docs" / f"{path.stem}.txt").read_bytes().decode("utf-8")
        claims = published(Page(text), list(gold_spans(text, label)))
        accepted = next((c for c in claims if c.accepted and c.field == "published_date"), None)
        value = accepted.value if accepted else None
        count["gold"] += label["published"] is not None
        count["right" if value == label["published"] else "wrong"] += value is not None
        if errors and value != label["published"]:
            print(path.stem, label["published"], "ours", value, accepted and accepted.rule, "kept", kept.get(path.stem))
        if accepted and accepted.rule.startswith("inferred"):
            _compare(truth, accepted.value, _kept_day(kept.get(path.stem)))
    return {
        "published": {
            **count,
            "precision": _share(count["right"], count["right"] + count["wrong"]),
            "recall": _share(count["right"], count["gold"]),
        },
        "truth": _shares(truth),
    }


def against_urls(bulk: Path) -> dict[str, dict[str, object]]:
    """How far the inferred days lie from the days in the URLs of crawled articles, a table a rule."""
    tables: dict[str, Counter[str]] = {}
    with bulk.open("rb") as stream:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(stream), encoding="utf-8"):
            row = json.loads(line)
            filed = published(Page("", row.get("url")), ())
            if filed:
                page = Page(row["text"])
                accepted = next(
                    (claim for claim in published(page, list(_paragraphs(page.text))) if claim.accepted), None
                )
                rule = accepted.rule if accepted else "none"
                table = tables.setdefault(rule, Counter())
                table["pages"] += 1
                if accepted:
                    _compare(table, accepted.value, date.fromisoformat(filed[0].value))
    return {f"urls {rule}": _shares(table) for rule, table in sorted(tables.items())}


def _paragraphs(text: str) -> Iterator[Span]:
    offset = 0
    for line in text.split("\n"):
        if line.strip():
            yield _trimmed(text, offset, offset + len(line), "paragraph")
        offset += len(line) + 1


def _shares(table: Counter[str]) -> dict[str, object]:
    return {
        **table,
        "same_day_share": _share(table["same_day"], table["inferred"]),
        "within_a_day_share": _share(table["same_day"] + table["a_day_off"], table["inferred"]),
    }


def _kept_day(kept: str | None) -> date | None:
    """The day of a crawler's date field; month/day/year with a day above 12 is taken, other such dates are unsure."""
    slashed = re.match(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}) ", kept or "")
    if slashed is not None:
        month, day_number = int(slashed[1]), int(slashed[2])
        return date(int(slashed[3]), month, day_number) if day_number > 12 else None
    days = [day for mention in written_dates(kept or "") if (day := calendar_day(mention)) is not None]
    return days[0] if days else None


def _compare(truth: Counter[str], inferred: str, kept: date | None) -> None:
    if kept is not None:
        distance = abs((date.fromisoformat(inferred) - kept).days)
        truth["inferred"] += 1
        truth["same_day"] += distance == 0
        truth["a_day_off"] += distance == 1


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parent.parent.parent / "shared")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", action="store_true", help="list the pages whose day differs from the label")
    options = parser.parse_args()
    if not options.shared.is_dir():
        sys.exit(f"measure_dates: no such folder: {options.shared}")
    figures = {"timex": timex(options.shared / "tasks" / "timex")}
    figures |= publication(options.shared / "gold", options.errors)
    figures |= against_urls(options.shared / "tasks" / "bulk" / "articles.jsonl.zst")
    if options.json:
        print(json.dumps(figures, indent=1, sort_keys=True))
        return 0
    for name, table in figures.items():
        print(name)
        for key, value in sorted(table.items()):
            print(f"  {key:20s} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
