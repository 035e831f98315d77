"""Runs every measurement in one go and in turn; writes docs/speed.json and docs/speed.md.

usage: run.py [--quick] [--report]

--quick stops the growth at 100 MB and runs everything once; --report only writes the page again from the last results.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import generated
import pages
import zstandard

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".bench"
DATA = WORK / "data"
RESULTS = ROOT / "docs" / "speed.json"
BULK = ROOT.parent / "shared" / "tasks" / "bulk" / "articles.jsonl.zst"
SAVED = ROOT.parent / "shared" / "tasks" / "html"
THEIRS, FUNDUS = (WORK / name / "bin" / "python" for name in ("venv", "fundus"))
MEGA = 1_000_000
MONSTER = 50 * MEGA
SUBSETS = {"small": 2 * MEGA, "medium": 10 * MEGA}
"""What the slow ones get; both sides of a comparison get the same."""
PACKAGES = ("kliping", "pyarrow", "numpy", "ftfy", "langdetect", "sentencex", "datasets")


def texts() -> Iterator[str]:
    """The texts of the bulk set, or made-up ones where it is missing."""
    if not BULK.exists():
        yield from generated.pages()
        return
    with BULK.open("rb") as file:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8"):
            yield json.loads(line)["text"]


def write_prefix(path: Path, size: int) -> int:
    """Write JSON Lines with about `size` bytes of raw text; returns how many there are."""
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for text in texts():
            if written >= size:
                break
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
            written += len(text.encode())
    return written


def measure(case: str, source: Path, *, workers: int = 1) -> dict[str, Any]:
    """One measurement of kliping in a fresh process."""
    return _run([sys.executable, "bench/ours.py", case, str(source), str(_fresh()), "--workers", str(workers)])


def measure_theirs(case: str, source: Path) -> dict[str, Any]:
    """One measurement of datatrove in a fresh process of its own environment."""
    return _run([str(THEIRS), "bench/theirs.py", case, str(source), str(_fresh())])


def measure_naive(source: Path) -> dict[str, Any]:
    """One measurement of the naive script in a fresh process, in the environment that has what it imports."""
    return _run([str(THEIRS), "bench/naive.py", str(source), str(_fresh())])


def _fresh() -> Path:
    out = WORK / "out"
    shutil.rmtree(out, ignore_errors=True)
    return out


def _run(command: list[str]) -> dict[str, Any]:
    print("  ", *command[1:3], flush=True)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def in_turn(repeats: int, size: int, **cases: Any) -> dict[str, float]:
    """MB/s of several measurements taken in turn: the median of `repeats` rounds."""
    seconds: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(repeats):
        for name, case in cases.items():
            seconds[name].append(case()["seconds"])
    return {name: size / MEGA / statistics.median(found) for name, found in seconds.items()}


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((int(line.split()[1]) // 1024**2 for line in _lines("/proc/meminfo") if "MemTotal" in line), 0)
    return {
        "processor": model or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": memory,
        "load": os.getloadavg()[0],
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def compare(repeats: int) -> dict[str, Any]:
    """Everything that stands against somebody else's code."""
    small, medium = DATA / "small.jsonl", DATA / "medium.jsonl"
    sizes = {path: write_prefix(path, SUBSETS[path.stem]) for path in (small, medium)}
    found = {
        "repair": in_turn(
            repeats,
            sizes[medium],
            ours=lambda: measure("repair_ours", medium),
            theirs=lambda: measure("repair_theirs", medium),
        ),
    }
    language = in_turn(
        repeats,
        sizes[small],
        ours=lambda: measure("language_ours", small),
        exact=lambda: measure("language_exact", small),
        theirs=lambda: measure("language_theirs", small),
    )
    found["language"] = {"ours": language["ours"], "theirs": language["theirs"]}
    found["langdetect"] = {"ours": language["exact"], "theirs": language["theirs"]}
    if THEIRS.exists():
        found["naive"] = in_turn(
            repeats, sizes[small], ours=lambda: measure("full", small), theirs=lambda: measure_naive(small)
        )
        found["datatrove-repair"] = in_turn(
            repeats,
            sizes[medium],
            ours=lambda: measure("repaired", medium),
            theirs=lambda: measure_theirs("repaired", medium),
        )
        found["datatrove-filters"] = in_turn(
            1, sizes[small], ours=lambda: measure("full", small), theirs=lambda: measure_theirs("filtered", small)
        )
    return found | {"bytes": {path.stem: size for path, size in sizes.items()}}


def webpages(repeats: int) -> dict[str, Any]:
    """Saved and made-up web pages, in turn with trafilatura, and what each of our steps takes; pages a second."""
    folders = {"made-up": DATA / "webpages"}
    generated.write_webpages(folders["made-up"])
    if SAVED.exists():
        folders["saved"] = DATA / "saved"
        folders["saved"].mkdir(parents=True, exist_ok=True)
        for path in (*SAVED.glob("*.html"), *SAVED.glob("listings/*.html")):
            shutil.copy(path, folders["saved"])
    found = {}
    for name, folder in folders.items():
        paths = list(folder.iterdir())
        seconds: dict[str, list[float]] = {"ours": [], "theirs": []}
        for _ in range(repeats):
            seconds["ours"].append(measure("webpages_ours", folder)["seconds"])
            seconds["theirs"].append(measure("webpages_theirs", folder)["seconds"])
        found[name] = {
            "pages": len(paths),
            "bytes": sum(path.stat().st_size for path in paths),
            **{who: len(paths) / statistics.median(spent) for who, spent in seconds.items()},
            "stages": measure("webpages_stages", folder),
        }
    return found


def parsers() -> dict[str, int]:
    """How many outlets fundus has a parser for, and how many are Indonesian; empty where it is not installed."""
    count = (
        "import json; from fundus import PublisherCollection as known; "
        "print(json.dumps({'publishers': len(list(known)), 'indonesian': len(list(known.id))}))"
    )
    return _run([str(FUNDUS), "-c", count]) if FUNDUS.exists() else {}


def whole(repeats: int) -> dict[str, Any]:
    """The whole build: bulk with one worker and by stages, and 100 MB, which outweigh the start, with one and two."""
    bulk, more = DATA / "bulk.jsonl", DATA / "more.jsonl"
    sizes = {bulk: write_prefix(bulk, 40 * MEGA), more: generated.write(more, 100 * MEGA)}
    builds = {"bulk": (bulk, 1), "one": (more, 1), "two": (more, 2)}
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in builds}
    for _ in range(repeats):
        for name, (source, workers) in builds.items():
            found = measure("build", source, workers=workers)
            runs[name].append({"bytes": sizes[source], "workers": workers, **found})
    middle = {name: sorted(found, key=lambda run: run["seconds"])[len(found) // 2] for name, found in runs.items()}
    return {"bytes": sizes[bulk], **middle, "stages": measure("stages", bulk)}


def growth(sizes: list[int]) -> list[dict[str, Any]]:
    """Builds of made-up pages of growing size with two workers, the large ones with one monstrous line."""
    rows = []
    for megabytes in sizes:
        source = DATA / "growth.jsonl"
        size = generated.write(source, megabytes * MEGA, MONSTER if megabytes >= pages.LARGE else 0)
        rows.append({"bytes": size, **measure("build", source, workers=2)})
        source.unlink()
    return rows


def main() -> None:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--report", action="store_true")
    given = parser.parse_args()
    if not given.report:
        DATA.mkdir(parents=True, exist_ok=True)
        repeats = 1 if given.quick else 3
        results = {
            "machine": machine(),
            "corpus": "real articles" if BULK.exists() else "made-up articles",
            "repeats": repeats,
            "whole": whole(repeats),
            "compare": compare(repeats),
            "fundus": parsers(),
            "webpages": webpages(repeats),
            "growth": growth([1, 10, 100] if given.quick else [1, 10, 100, 1000]),
        }
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    pages.write(ROOT / "docs", json.loads(RESULTS.read_text()))


if __name__ == "__main__":
    main()
