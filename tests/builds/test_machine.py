"""Without --workers a build takes what the machine gives and the input is worth; the corpus is the same to the byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_build import content

from kliping.building import local, machine
from kliping.building.build import build
from kliping.building.local import SMALL_BYTES
from kliping.building.machine import processors

PAGE = "JAKARTA - Harga cabai di Pasar Sukamaju turun, kata pedagang Wening Lestari pada hari ke-{}."


@pytest.fixture(autouse=True)
def sixteen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of sixteen processors."""
    monkeypatch.setattr(machine, "_allowed", lambda: 16)


def grouped(root: Path, line: str, files: dict[str, str]) -> Path:
    """A machine whose process is in this control group."""
    for name, text in {"proc/self/cgroup": line, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return root


@pytest.mark.parametrize(
    ("line", "files", "count"),
    [
        ("0::/", {}, 16),
        ("0::/", {"sys/fs/cgroup/cpu.max": "max 100000"}, 16),
        ("0::/", {"sys/fs/cgroup/cpu.max": "200000 100000"}, 2),
        ("0::/", {"sys/fs/cgroup/cpu.max": "250000 100000"}, 2),
        ("0::/", {"sys/fs/cgroup/cpu.max": "50000 100000"}, 1),
        ("0::/", {"sys/fs/cgroup/cpu.max": "tiga"}, 16),
        ("0::/a/b", {"sys/fs/cgroup/a/cpu.max": "300000 100000", "sys/fs/cgroup/a/b/cpu.max": "max 100000"}, 3),
        ("0::/../..", {"sys/fs/cgroup/cpu.max": "400000 100000"}, 4),
        (
            "4:cpu,cpuacct:/docker/abc",
            {
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "150000",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "50000",
            },
            3,
        ),
        ("4:cpu:/", {"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000"}, 16),
        ("9:memory:/", {"sys/fs/cgroup/memory/cpu.max": "100000 100000"}, 16),
    ],
)
def test_a_quota_of_a_container_holds_the_count_down(
    line: str, files: dict[str, str], count: int, tmp_path: Path
) -> None:
    assert processors(grouped(tmp_path, line, files)) == count


def test_a_machine_that_tells_nothing_gives_what_it_has(tmp_path: Path) -> None:
    assert processors(tmp_path) == 16


def test_affinity_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    here = os.sched_getaffinity(0)
    one = {min(here)}
    asked = "from kliping.building.machine import processors; print(processors())"
    program = f"import os; os.sched_setaffinity(0, {one}); {asked}"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "1\n"


def processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: int, workers: int | None) -> int:
    """How many worker processes a build of one file of this size asks for."""

    class Enough(Exception):
        pass

    asked: list[int] = []

    def refuse(count: int, journals: Path) -> None:
        asked.append(count)
        raise Enough

    monkeypatch.setattr(local, "processors", lambda: 16)
    monkeypatch.setattr(local, "Workers", refuse)
    (tmp_path / "dump.txt").write_bytes(b"x" * size)
    with pytest.raises(Enough):
        build([tmp_path / "dump.txt"], tmp_path / "out", workers=workers)
    return asked[0]


@pytest.mark.parametrize(
    ("size", "workers", "count"),
    [
        (1000, None, 0),
        (SMALL_BYTES, None, 0),
        (SMALL_BYTES + 1, None, 1),
        (3 * SMALL_BYTES, None, 3),
        (40 * SMALL_BYTES, None, 16),
        (1000, 1, 0),
        (1000, 4, 4),
        (40 * SMALL_BYTES, 2, 2),
    ],
)
def test_so_many_workers_as_the_input_is_worth(
    size: int, workers: int | None, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert processes(monkeypatch, tmp_path, size, workers) == count


def test_a_script_without_a_guard_builds_once_and_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [json.dumps({"text": PAGE.format(number)}) for number in range(40)]
    (tmp_path / "dump.jsonl").write_text("\n".join(lines))
    (tmp_path / "bangun.py").write_text(
        "print('mulai', flush=True)\nfrom kliping import build\nbuild(['dump.jsonl'], 'two', workers=2)\n"
    )
    done = subprocess.run([sys.executable, "bangun.py"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout == "mulai\n"
    build([tmp_path / "dump.jsonl"], tmp_path / "plain")
    assert content(tmp_path / "two") == content(tmp_path / "plain")
