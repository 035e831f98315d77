"""Minutes of kills at random moments, full disks, large inputs: the bytes are those of an undisturbed build."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from test_build import content

from kliping.building.build import build
from kliping.building.endings import BuildError
from kliping.corpus.folder import open_corpus

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the workers to kill in /proc"),
]

KILLS = 30
KILLS_A_BUILD = 10
"""Of workers, below `workers.DEATHS`: on a fast machine they come before a new worker has done anything."""
PAGE = (
    "{place}, KOMPAS.com - Harga cabai rawit nomor {number} di Pasar {place} turun menjadi Rp {number} per kilogram. "
    "Pedagang mengatakan pasokan dari Garut sudah kembali lancar setelah banjir surut.\n"
)
SHARD = 60_000


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two thousand pages in a few files, some of them twice."""
    folder = tmp_path_factory.mktemp("crawl")
    dice = random.Random(1)
    for part in range(5):
        pages = [PAGE.format(place=dice.choice(("Jakarta", "Medan")), number=dice.randint(1, 1700)) for _ in range(400)]
        (folder / f"{part}.jsonl").write_text("".join(json.dumps({"text": page}) + "\n" for page in pages))
    return folder


@pytest.fixture(scope="module")
def undisturbed(crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], float]:
    """The content of an undisturbed build and how long it takes."""
    out = tmp_path_factory.mktemp("undisturbed") / "corpus"
    start = time.monotonic()
    finish(start_build(crawl, out))
    return content(out), time.monotonic() - start


def start_build(crawl: Path, out: Path, before: str = "") -> subprocess.Popen[bytes]:
    """A build with two workers in a process of its own."""
    program = (
        f"import sys\nfrom kliping.building.build import build\n{before}"
        f"if __name__ == '__main__':\n    build([{str(crawl)!r}], {str(out)!r}, workers=2, shard_bytes={SHARD})\n"
    )
    script = out.with_name("run.py")
    script.write_text(program)
    return subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def finish(process: subprocess.Popen[bytes]) -> None:
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output.decode()[-3000:]


def test_thirty_kills_of_the_build(crawl: Path, undisturbed: tuple[dict[str, str], float], tmp_path: Path) -> None:
    """Each of these kills is survived: first within one build that is resumed again and again, then in builds anew."""
    expected, seconds = undisturbed
    dice = random.Random(2)
    for number in range(KILLS):
        out = tmp_path / f"{number // 5}" / "corpus"
        out.parent.mkdir(exist_ok=True)
        process = start_build(crawl, out)
        time.sleep(dice.uniform(0.2, seconds))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert not out.exists() or content(out) == expected
    for number in range(KILLS // 5):
        out = tmp_path / f"{number}" / "corpus"
        finish(start_build(crawl, out))
        assert content(out) == expected
        assert sorted(path.name for path in out.parent.iterdir()) == ["corpus", "run.py"]


def test_thirty_kills_of_workers(crawl: Path, undisturbed: tuple[dict[str, str], float], tmp_path: Path) -> None:
    expected, seconds = undisturbed
    dice = random.Random(3)
    killed = 0
    for number in range(KILLS):
        out = tmp_path / f"{number}" / "corpus"
        out.parent.mkdir()
        process = start_build(crawl, out)
        here = 0
        while process.poll() is None and here < KILLS_A_BUILD:
            time.sleep(dice.uniform(0.3, 0.3 + seconds / 4))
            here += _kill_a_worker(process.pid, dice)
        killed += here
        finish(process)
        assert content(out) == expected
        if killed >= KILLS:
            return
    pytest.fail(f"only {killed} workers could be killed")


MERGES = 5
FEW_RUNS = "from kliping.building import local\nlocal.GATHER_FILES, local.MOST_RUNS = 1, 2\n"
"""Five files are five runs then, which are merged into three, and these into two."""


def test_kills_while_runs_are_merged(crawl: Path, undisturbed: tuple[dict[str, str], float], tmp_path: Path) -> None:
    """Killed after each of the merges, as far as one can be quick enough, and gone on with."""
    out, done = tmp_path / "corpus", 0
    kills = 0
    while done < MERGES:
        process = start_build(crawl, out, FEW_RUNS)
        while (found := len(list(out.with_name("corpus.work").glob("runs/merged-*")))) <= done:
            assert process.poll() is None, "it ended without a merge"
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills, done = kills + 1, found
    assert kills > 1
    finish(start_build(crawl, out, FEW_RUNS))
    assert content(out) == undisturbed[0]


def _kill_a_worker(parent: int, dice: random.Random) -> bool:
    """SIGKILL one of the processes that work for a build, if there is one."""
    workers = [child for child in children(parent) if "spawn_main" in command(child)]
    if workers:
        with suppress(ProcessLookupError):
            os.kill(dice.choice(workers), signal.SIGKILL)
    return bool(workers)


def children(parent: int) -> list[int]:
    """The processes that a process started."""
    found = (path.read_text() for path in Path("/proc").glob(f"{parent}/task/*/children"))
    return [int(child) for text in found for child in text.split()]


def command(process: int) -> str:
    """The command line of a process; empty where it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode().replace("\0", " ").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def test_no_process_is_left_behind_by_a_killed_build(crawl: Path, tmp_path: Path) -> None:
    process = start_build(crawl, tmp_path / "corpus")
    deadline = time.monotonic() + 60
    started: list[int] = []
    while not started and time.monotonic() < deadline:
        time.sleep(0.1)
        started = [child for child in children(process.pid) if "spawn_main" in command(child)]
    assert started
    process.kill()
    process.communicate()
    while any(map(command, started)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(command, started))


@pytest.mark.parametrize("limit", [2_000, 30_000, 100_000, 300_000])
def test_a_disk_that_fills_up_at_any_point(
    crawl: Path, undisturbed: tuple[dict[str, str], float], tmp_path: Path, limit: int
) -> None:
    expected, _ = undisturbed
    process = multiprocessing.get_context("spawn").Process(target=_limited, args=(crawl, tmp_path / "corpus", limit))
    process.start()
    process.join()
    assert process.exitcode == 0
    assert not (tmp_path / "corpus").exists()
    finish(start_build(crawl, tmp_path / "corpus"))
    assert content(tmp_path / "corpus") == expected


def _limited(crawl: Path, out: Path, limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with pytest.raises(BuildError, match="The disk is full"):
        build([crawl], out, workers=2, shard_bytes=SHARD)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB, where this process may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("no permission to mount a small tmpfs here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_really_full_disk_leaves_the_old_corpus(crawl: Path, tiny_disk: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(PAGE.format(place="Jakarta", number=1))
    out = tiny_disk / "corpus"
    build([tmp_path / "one.txt"], out)
    before = content(out)
    with (tiny_disk / "ballast").open("wb") as file:
        file.write(bytes(1_200_000))
    with pytest.raises(BuildError, match="The disk is full"):
        build([tmp_path / "one.txt", crawl], out, workers=2, shard_bytes=SHARD)
    assert content(out) == before


def peak_of_a_worker(source: Path, out: Path) -> float:
    """The memory, in MB, of the largest worker of a build in a process of its own.

    Of its own since Linux counts for a child the pages of its parent up to `exec`: below this suite, the suite's.
    """
    program = (
        "import resource\nfrom kliping.building.build import build\n"
        f"if __name__ == '__main__':\n    build([{str(source)!r}], {str(out)!r}, workers=2)\n"
        "    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)\n"
    )
    script = out.with_name("run.py")
    script.write_text(program)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return float(done.stdout.split()[-1])


@pytest.mark.parametrize("line", [b"kata ", b"a", "â€œ".encode(), b"Baca juga: ", b"1/", b"(", b"- "])
def test_lines_of_fifty_megabytes(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "in").mkdir()
    text = PAGE.format(place="Bogor", number=2).encode() * 200  # what begins like no text is refused unread
    (tmp_path / "in" / "besar.txt").write_bytes(text + line * (50_000_000 // len(line)))
    (tmp_path / "in" / "sampai-batas.txt").write_bytes(text + line * (2_000_000 // len(line)))
    (tmp_path / "in" / "baik.txt").write_text(PAGE.format(place="Jakarta", number=1))
    peak = peak_of_a_worker(tmp_path / "in", tmp_path / "out")
    rows = {row["source_path"]: row["reason"] for row in open_corpus(tmp_path / "out").whole("decisions").to_pylist()}
    assert rows.keys() == {"besar.txt", "sampai-batas.txt", "baik.txt"}
    assert rows["besar.txt"] == "too-large"
    assert rows["baik.txt"] is None
    assert rows["sampai-batas.txt"] != "failed"
    assert peak < 500, f"a worker took {peak:.0f} MB"


def test_the_same_document_again_and_again_takes_no_memory(tmp_path: Path) -> None:
    """Two hundred thousand copies: one article, and a row of `decisions` each, in bounded shards."""
    record = json.dumps({"text": PAGE.format(place="Jakarta", number=1)}) + "\n"
    with (tmp_path / "salin.jsonl").open("w") as file:
        for _ in range(200):
            file.write(record * 1_000)
    peak = peak_of_a_worker(tmp_path / "salin.jsonl", tmp_path / "out")
    reasons = Counter(open_corpus(tmp_path / "out").whole("decisions")["reason"].to_pylist())
    assert reasons == {None: 1, "duplicate": 199_999}
    assert peak < 500, f"a worker took {peak:.0f} MB"
