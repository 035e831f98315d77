"""Builds made-up documents with copies on a Spark cluster that loses an executor, and on this machine; writes docs/scale.*.

usage: scale.py [--steps STEP ...]

The cluster is a real one, a standalone master and two workers on loopback. Both corpora must be the same to the byte.
What was measured goes to docs/scale.json, and from there into docs/scale.md; `--steps` without a step writes the page
alone. Time is
the CPU time of all processes of a build, read from /proc twice a second, so that others' work beside it counts little;
what Spark does is read from its own event log.
"""  # noqa: E501

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

import generated
import run
import scale_page
from generated import _sentence
from standalone import LOOPBACK, Cluster, java_environment

import copies

ROOT = run.ROOT
FIGURES = ROOT / "docs" / "scale.json"
DOCUMENTS = 200_000
JOINED, CLUSTER, NEAR_MISSES = 20_000, 10_000, 2_000
"""Articles that are joined alone; of how many of them a single cluster is made, or versions that are none together."""
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
SECONDS_BETWEEN = 0.5


def pages(count: int) -> Iterator[str]:
    """Short pages, no two of which are the same; of every hundred ten are copies of bodies: five to the letter, five
    without the last sentence."""
    dice = Random(2)
    earlier: list[list[str]] = []
    for number in range(count):
        sentences = [f"{' '.join(dice.choices(generated.WORDS, k=12)).capitalize()}." for _ in range(6)]
        if number % 10 == 0 and earlier:
            sentences = dice.choice(earlier)[: 6 - number // 10 % 2]
        else:
            earlier = [*earlier[1 - copies.REMEMBERED :], sentences]
        place, outlet = dice.choice(generated.PLACES), dice.choice(generated.OUTLETS)
        headline = f"{' '.join(dice.choices(generated.WORDS, k=5)).title()} {number}"
        first, *others = (" ".join(sentences[start : start + 2]) for start in (0, 2, 4))
        related = " ".join(dice.choices(generated.WORDS, k=5)).title()
        yield "\n".join((headline, f"{place.upper()}, {outlet} - {first}", *others, f"Baca juga: {related}"))


def write_documents(path: Path, count: int) -> int:
    """Write so many pages as JSON Lines; returns how many bytes of text they have."""
    size = 0
    with path.open("w", encoding="utf-8") as file:
        for page in pages(count):
            file.write(json.dumps({"text": page}, ensure_ascii=False) + "\n")
            size += len(page.encode())
    return size


class Watch(Thread):
    """Reads what the processes of some sessions take, until it is asked to stop."""

    def __init__(self, **sessions: list[int]) -> None:
        super().__init__(daemon=True)
        self._sessions = {number: name for name, numbers in sessions.items() for number in numbers}
        self._cpu: dict[tuple[str, str, int], float] = {}
        self._peak: dict[tuple[str, str], float] = defaultdict(float)
        self._enough = Event()

    def run(self) -> None:
        """Look twice a second."""
        while not self._enough.wait(SECONDS_BETWEEN):
            self._look()

    def _look(self) -> None:
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, _, rest = path.read_text().partition("(")[2].rpartition(")")
            except OSError:  # it has ended
                continue
            fields = rest.split()
            if (who := self._sessions.get(int(fields[3]))) is not None:
                kind = "java" if name == "java" else "python"
                self._cpu[who, kind, int(path.parent.name)] = (int(fields[11]) + int(fields[12])) / TICKS
                self._peak[who, kind] = max(self._peak[who, kind], int(fields[21]) * PAGE_BYTES / run.MEGA)

    def told(self) -> dict[str, Any]:
        """Stop, and return the seconds of CPU and the memory in MB of the largest process, by whose and what it was."""
        self._enough.set()
        self.join()
        cpu: Counter[str] = Counter()
        for (who, kind, _), seconds in self._cpu.items():
            cpu[f"{who} {kind}"] += seconds
        return {"cpu": dict(cpu), "peak_mb": {" ".join(key): peak for key, peak in self._peak.items()}}


def build(engine: str, source: Path, out: Path) -> dict[str, Any]:
    """One build in this process, and what its steps on the whole corpus take here."""
    from kliping.building import build as building
    from kliping.corpus import settle
    from kliping.corpus.wide import duplicates

    spent: Counter[str] = Counter()

    def timed(module: Any, function: str, name: str) -> None:
        inner: Callable[..., Any] = getattr(module, function)

        def outer(*arguments: Any, **options: Any) -> Any:
            wall, cpu = time.perf_counter(), time.process_time()
            try:
                return inner(*arguments, **options)
            finally:
                spent[f"{name}, wall"] += time.perf_counter() - wall
                spent[f"{name}, CPU"] += time.process_time() - cpu

        setattr(module, function, outer)

    timed(building, "_engine", "engine")
    timed(building, "settle", "settle")
    timed(building, "finish", "finish")
    timed(duplicates, "components", "join")
    timed(duplicates, "_edges", "edges")
    timed(settle, "replace_table", "rewriting")
    summary = building.build([source], out, engine=engine, workers=2)
    return {"documents": summary.documents, "kept": summary.kept, "steps": dict(spent)}


@contextmanager
def started(engine: str, source: Path, out: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A build in a session of its own."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--engine", engine, str(source), str(out)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()


def finished(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What a build says at its end."""
    output, errors = process.communicate()
    if process.returncode:
        raise SystemExit(f"the build failed:\n{errors[-4000:]}")
    said: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return said


def locally(source: Path, out: Path) -> dict[str, Any]:
    """A build on this machine with two workers."""
    start = time.perf_counter()
    with started("local", source, out, dict(os.environ)) as process:
        watch = Watch(build=[process.pid])
        watch.start()
        said = finished(process)
    return {"seconds": time.perf_counter() - start, **said, **watch.told()}


def on_spark(source: Path, out: Path, folder: Path) -> dict[str, Any]:
    """A build on a cluster, of which an executor is killed once the first shard is written."""
    events = folder / "events"
    events.mkdir()
    cluster = Cluster(folder)
    try:
        submit = (
            f"--master {cluster.url} --conf spark.ui.enabled=false --conf spark.driver.host={LOOPBACK} "
            f"--conf spark.eventLog.enabled=true --conf spark.eventLog.dir=file://{events} "
            "--conf spark.eventLog.compress=false pyspark-shell"
        )
        environment = {**java_environment(folder), "PYSPARK_SUBMIT_ARGS": submit}
        start = time.perf_counter()
        with started("spark", source, out, environment) as process:
            watch = Watch(driver=[process.pid], cluster=[each.pid for each in cluster.processes])
            watch.start()
            attempts = out.with_name(f"{out.name}.work") / "attempts"
            while process.poll() is None and not any(attempts.glob("*/*.json")):
                time.sleep(0.2)
            cluster.kill_executor(1)
            said = finished(process)
        seconds = time.perf_counter() - start
    finally:
        cluster.stop()
    return {"seconds": seconds, **said, **watch.told(), "events": told_by_spark(events)}


def told_by_spark(folder: Path) -> dict[str, Any]:
    """What Spark's event log says of a build."""
    found: Counter[str] = Counter()
    for path in folder.rglob("*"):
        for line in path.read_text().splitlines() if path.is_file() else ():
            event = json.loads(line) if line.startswith("{") else {}
            if event.get("Event") == "SparkListenerExecutorRemoved":
                found["executors lost"] += "killed" in event["Removed Reason"] or "137" in event["Removed Reason"]
            if event.get("Event") != "SparkListenerTaskEnd":
                continue
            metrics = event.get("Task Metrics") or {}
            found["tasks"] += 1
            found["tasks that failed"] += event["Task End Reason"]["Reason"] != "Success"
            found["bytes to the driver"] += metrics.get("Result Size", 0)
            found["bytes shuffled"] += metrics.get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0)
    return dict(found)


def files(corpus: Path) -> dict[str, int]:
    """How many data files a corpus has, and how large they are."""
    sizes = [path.stat().st_size for path in corpus.rglob("*.parquet")]
    shards = len(list((corpus / "articles").iterdir()))
    tables = sum(path.is_dir() for path in corpus.iterdir())
    return {"files": len(sizes), "bytes": sum(sizes), "largest": max(sizes), "shards": shards, "tables": tables}


def skew(folder: Path) -> dict[str, Any]:
    """The join alone over made-up bodies, as they are and with families among them."""
    found = {}
    for name, bodies in (
        ("as they are", copies.bodies()),
        ("with a cluster", with_family(JOINED // CLUSTER, _other_word)),
        ("with near misses", with_family(JOINED // NEAR_MISSES, _other_sentence)),
    ):
        place = folder / name.replace(" ", "-")
        place.mkdir()
        copies.write_shards(JOINED, place, bodies)
        found[name] = copies.measured_alone(place)
    return {"articles": JOINED, "in the cluster": CLUSTER, "near misses": NEAR_MISSES, **found}


def with_family(every: int, version: Callable[[Random, list[str]], list[str]]) -> Iterator[str]:
    """Bodies of which every so many is a version of one report."""
    dice = Random(3)
    report = [_sentence(dice) for _ in range(16)]
    for number, body in enumerate(copies.bodies()):
        yield " ".join(version(dice, report)) if number % every == 0 else body


def _other_word(dice: Random, report: list[str]) -> list[str]:
    """A report with a number in the place of one word: any two of these are copies."""
    words = " ".join(report).split()
    words[dice.randrange(len(words))] = str(dice.randrange(10**9))
    return words


def _other_sentence(dice: Random, report: list[str]) -> list[str]:
    """A report with another sentence in the place of one: two of these are copies if it is the same place."""
    other = list(report)
    other[dice.randrange(len(other))] = _sentence(dice)
    return other


def join(folder: Path) -> dict[str, Any]:
    """The join alone over two numbers of made-up bodies: how it grows."""
    found = {}
    for size in (DOCUMENTS // 4, DOCUMENTS):
        place = folder / f"join-{size}"
        place.mkdir()
        copies.write_shards(size, place, copies.bodies())
        found[str(size)] = copies.measured_alone(place)
    return {"sizes": found}


def real_articles(folder: Path) -> dict[str, Any] | None:
    """A build of the shared bulk set on this machine; None where it is missing."""
    if not run.BULK.exists():
        return None
    size = run.write_prefix(folder / "bulk.jsonl", 40 * run.MEGA)
    return {"bytes": size, **locally(folder / "bulk.jsonl", folder / "bulk")}


def web_pages(folder: Path) -> dict[str, Any]:
    """Web pages read and annotated: their bytes, and the seconds of CPU that they take."""
    source = run.SAVED
    if not source.exists():
        source = folder / "webpages"
        generated.write_webpages(source)
    found = sorted(source.rglob("*.html"))
    place = folder / "pages"
    place.mkdir()
    for path in found:
        (place / path.name).write_bytes(path.read_bytes())
    size = sum(path.stat().st_size for path in found)
    return {
        "pages": len(found),
        "saved": run.SAVED.exists(),
        "bytes": size,
        "cpu": run.measure("webpages_ours", place)["seconds"],
    }


def builds(folder: Path) -> dict[str, Any]:
    """The same documents on the cluster and on this machine."""
    (folder / "spark").mkdir()
    source = folder / "documents.jsonl"
    size = write_documents(source, DOCUMENTS)
    spark = on_spark(source, folder / "on-spark", folder / "spark")
    local = locally(source, folder / "locally")
    sums = [(folder / corpus / "SHA256SUMS").read_bytes() for corpus in ("on-spark", "locally")]
    if sums[0] != sums[1]:
        raise SystemExit("the corpora of the two engines differ")
    return {"bytes": size, "spark": spark, "local": local, "files": files(folder / "locally")}


STEPS: dict[str, Callable[[Path], dict[str, Any] | None]] = {
    step.__name__: step for step in (builds, real_articles, web_pages, join, skew)
}


def main() -> None:
    """Measure, and write both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--steps", nargs="*", choices=STEPS, default=list(STEPS))
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    parser.add_argument("paths", nargs="*", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.engine:
        print(json.dumps(build(given.engine, *given.paths)))
        return
    figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    for step in given.steps:
        print(step, flush=True)
        with tempfile.TemporaryDirectory(prefix="kliping-scale-") as folder:
            before = os.getloadavg()[0]
            found = STEPS[step](Path(folder))
            figures[step] = {**(found or {}), "machine": run.machine(), "loads": [before, os.getloadavg()[0]]}
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
    scale_page.write(ROOT / "docs", figures)


if __name__ == "__main__":
    main()
