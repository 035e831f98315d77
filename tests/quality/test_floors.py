"""Quality on the labelled pages may only rise: no figure below its floor, no floor below its target or its past."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kliping import build

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
FLOORS = Path(__file__).with_name("floors.json")

needs_shared = pytest.mark.skipif(
    not (SHARED / "gold").is_dir(), reason="the labelled pages are not beside the checkout"
)


def read_floors(text: str) -> dict[str, dict[str, float]]:
    """{figure of docs/quality.json: {"target": asked for, "floor": reached, "at": "least" or "most"}}."""
    floors: dict[str, dict[str, float]] = json.loads(text)
    return floors


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    corpus = tmp_path_factory.mktemp("quality") / "corpus"
    build([SHARED / "gold" / "docs"], corpus)

    def score(prefix: str) -> dict[str, Any]:
        command = [sys.executable, SHARED / "score.py", SHARED / "gold", corpus, "--only", prefix, "--json"]
        done = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8")
        figures: dict[str, Any] = json.loads(done.stdout)
        return figures

    return {"pages": score("d"), "seeds": score("s")}


def figure(scores: dict[str, Any], path: str) -> float:
    """The figure at a dotted path such as `fields.authors.recall`."""
    value: Any = scores
    for part in path.split("."):
        value = value[part]
    return float(value)


@needs_shared
@pytest.mark.parametrize("path", read_floors(FLOORS.read_text("utf-8")))
def test_no_figure_falls_below_its_floor(scores: dict[str, dict[str, Any]], path: str) -> None:
    entry = read_floors(FLOORS.read_text("utf-8"))[path]
    found = figure(scores, path)
    if entry["at"] == "least":
        assert found >= entry["floor"]
    else:
        assert found <= entry["floor"]


@needs_shared
def test_the_seeds_come_out_as_labelled(scores: dict[str, dict[str, Any]]) -> None:
    seeds = scores["seeds"]
    assert (seeds["documents"], seeds["absent"], seeds["spans_without_role"]) == (5, [], 0)
    assert seeds["span_accuracy"] == 1
    wrong = {name: row["wrong"] for name, row in seeds["fields"].items()}
    missing = {name: row["gold"] - row["right"] for name, row in seeds["fields"].items()}
    assert set(wrong.values()) == set(missing.values()) == {0}


def better_or_same(entry: dict[str, Any], new: float, old: float) -> bool:
    return new >= old if entry["at"] == "least" else new <= old


@pytest.mark.parametrize("path", read_floors(FLOORS.read_text("utf-8")))
def test_no_floor_is_below_its_target(path: str) -> None:
    entry = read_floors(FLOORS.read_text("utf-8"))[path]
    assert better_or_same(entry, entry["floor"], entry["target"])


def test_floors_only_rise() -> None:
    name = FLOORS.relative_to(ROOT).as_posix()
    git = ["git", "-C", str(ROOT)]
    log = subprocess.run([*git, "log", "--format=%H", "--", name], capture_output=True, text=True)
    if log.returncode:
        pytest.skip("this is no git checkout: there is no past to compare with")
    now = read_floors(FLOORS.read_text("utf-8"))
    for commit in log.stdout.split():
        past = subprocess.run([*git, "show", f"{commit}:{name}"], capture_output=True, text=True, encoding="utf-8")
        if past.returncode:
            continue
        for path, entry in read_floors(past.stdout).items():
            assert path in now, f"the floor of {path} was given up after {commit}"
            assert better_or_same(entry, now[path]["floor"], entry["floor"]), f"{path} was higher in {commit}"
