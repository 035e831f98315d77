"""Writes docs/speed.md from the results of one run: no figure by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

MEGA = 1_000_000
TARGETS = {"MB/s": 3.15, "naive": 7, "workers": 1.8, "repair": 10, "language": 20, "langdetect": 20, "trafilatura": 5}
"""What the project asks for: three quarters of the 4.2 MB/s that it ran at before quotations and times."""
MOST_MEMORY = {"parent": 300, "worker": 500}
"""MB, asked there too."""
LARGE = 1000
"""MB from which an input holds a line that is too long."""
WHOLE = ("bulk", "one", "two")
HEADING = """# Speed

Written by `make bench`; do not edit. Every comparison was measured in one run, in turn, each side in a fresh process
and on the same input; a figure is the median of its rounds. MB are millions of bytes of raw text.
"""


def write(docs: Path, results: dict[str, Any]) -> None:
    """Write the page."""
    (docs / "speed.md").write_text(speed(results), encoding="utf-8")


def speed(results: dict[str, Any]) -> str:
    """docs/speed.md."""
    parts = [HEADING, _machine(results), _whole(results), _compared(results), _stages(results)]
    parts += [_webpages(results), _growth(results)]
    return "\n".join(parts)


def rate(run: dict[str, Any], size: int) -> float:
    """MB/s of a run."""
    return size / MEGA / float(run["seconds"])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _met(found: float, target: float) -> str:
    return f"{'reached' if found >= target else 'NOT reached'} (asked: {target:g})"


def _kept(found: float, limit: float) -> str:
    return f"{'kept' if found < limit else 'NOT kept'} (asked: less than {limit:g})"


def _machine(results: dict[str, Any]) -> str:
    found = results["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in found["packages"].items())
    return (
        f"Measured on {found['cores']} cores of {found['processor']}, {found['memory_gib']} GiB, {found['system']}, "
        f"Python {found['python']}; {packages}. Load before the first measurement: {found['load']:.1f} (a machine with "
        f"other work to do gives lower figures). Input: {results['corpus']}; rounds: {results['repeats']}.\n"
    )


def _whole(results: dict[str, Any]) -> str:
    whole = results["whole"]
    speed = {name: rate(whole[name], whole[name]["bytes"]) for name in WHOLE}
    rows = [
        [
            f"{whole[name]['bytes'] / MEGA:.0f} MB, {whole[name]['documents']:,} {what}",
            str(whole[name]["workers"]),
            f"{whole[name]['seconds']:.1f}",
            f"{speed[name]:.2f}",
            f"{whole[name]['parent_mb']:.0f}",
            f"{whole[name]['worker_mb']:.0f}",
        ]
        for name, what in (("bulk", results["corpus"]), ("one", "made-up articles"), ("two", "made-up articles"))
    ]
    return (
        "\n## The whole job\n\n`kliping build`, every layer on; start-up, digests and swap included.\n\n"
        + _table(["input", "workers", "seconds", "MB/s", "parent, MB of memory", "largest worker, MB of memory"], rows)
        + f"\nMB/s on one core: {_met(speed['bulk'], TARGETS['MB/s'])}. Two workers are "
        f"{speed['two'] / speed['one']:.2f} times one: {_met(speed['two'] / speed['one'], TARGETS['workers'])}.\n"
    )


COMPARISONS = {
    "naive": ("every layer", "the naive script, MinHash in it (bench/naive.py)"),
    "datatrove-filters": ("every layer", "datatrove: read, ftfy, Gopher, C4 and FineWeb filters, MinHash, write"),
    "datatrove-repair": ("read, repair, write", "datatrove: JsonlReader, FTFYFormatter, ParquetWriter"),
    "repair": ("repair", "ftfy with the same options"),
    "langdetect": ("langdetect's own answers", "langdetect"),
    "language": ("language: words first, those answers for the rest (docs/quality.md)", "langdetect"),
}


def _compared(results: dict[str, Any]) -> str:
    compared = results["compare"]
    rows = []
    for name, (ours, theirs) in COMPARISONS.items():
        if name not in compared:
            rows.append([ours, theirs, "", "not installed", "", ""])
            continue
        found = compared[name]
        ratio = found["ours"] / found["theirs"]
        target = TARGETS.get(name)
        met = _met(ratio, target) if target else ""
        rows.append([ours, theirs, f"{found['ours']:.2f}", f"{found['theirs']:.2f}", f"{ratio:.1f}", met])
    sizes = ", ".join(f"{size / MEGA:.0f} MB" for size in compared["bytes"].values())
    return (
        f"\n## Against others, one core\n\nOn the first {sizes} of the input (the slow ones the smaller part), both "
        "sides warm: imports and tables loaded before the clock starts.\n\n"
        + _table(["ours", "theirs", "ours, MB/s", "theirs, MB/s", "times", ""], rows)
    )


def _stages(results: dict[str, Any]) -> str:
    size, spent = results["whole"]["bytes"], results["whole"]["stages"]
    total = sum(spent.values())
    rows = [
        [name, f"{size / MEGA / seconds:.0f}", f"{1000 * seconds * MEGA / size:.1f}", f"{seconds / total:.0%}"]
        for name, seconds in sorted(spent.items(), key=lambda entry: -entry[1])
    ]
    return (
        "\n## By stage\n\nCPU time on one core, warm, in the order of cost; together "
        f"{size / MEGA / total:.2f} MB/s.\n\n" + _table(["stage", "MB/s", "ms a MB", "share"], rows)
    )


def _webpages(results: dict[str, Any]) -> str:
    found = results["webpages"]
    rows = [
        [
            f"{run['pages']} {name}, {run['bytes'] / run['pages'] / 1000:.0f} KB on average",
            f"{run['ours']:.0f}",
            f"{run['theirs']:.0f}",
            f"{run['ours'] / run['theirs']:.1f}",
            _met(run["ours"] / run["theirs"], TARGETS["trafilatura"]),
        ]
        for name, run in found.items()
    ]
    steps = [
        [step, *(f"{1000 * run['stages'][step] / run['pages']:.2f}" for run in found.values())]
        for step in next(iter(found.values()))["stages"]
    ]
    return (
        "\n## Web pages, one core\n\nRead and annotated with every layer, against trafilatura in favour of recall with "
        "metadata; pages a second of CPU time, both warm.\n\n"
        + _table(["pages", "ours", "trafilatura", "times", ""], rows)
        + "\nMilliseconds of CPU that each step takes of a page:\n\n"
        + _table(["step", *found], steps)
    )


def _growth(results: dict[str, Any]) -> str:
    rows = [
        [
            f"{run['bytes'] / MEGA:,.0f}",
            f"{run['seconds']:.1f}",
            f"{rate(run, run['bytes']):.2f}",
            f"{run['parent_mb']:.0f}",
            f"{run['worker_mb']:.0f}",
        ]
        for run in results["growth"]
    ]
    parent, worker = (max(run[name] for run in results["growth"]) for name in ("parent_mb", "worker_mb"))
    return (
        "\n## Growth\n\nMade-up pages (bench/generated.py) in one file of JSON Lines, two workers: how time and memory "
        f"grow with the input. From {LARGE:,} MB on the file also holds one line of 50 MB, which is set aside.\n\n"
        + _table(["MB of text", "seconds", "MB/s", "parent, MB of memory", "largest worker, MB of memory"], rows)
        + f"\nMost memory, parent: {parent:.0f} MB, {_kept(parent, MOST_MEMORY['parent'])}; a worker: {worker:.0f} MB, "
        f"{_kept(worker, MOST_MEMORY['worker'])}.\n"
    )
