"""docs/scale.md says what docs/scale.json has and what follows from it, and says something else of other figures."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest
from bench import scale_page

DOCS = Path(__file__).parents[2] / "docs"
MEASURED = json.loads((DOCS / "scale.json").read_text("utf-8"))
PAGE = (DOCS / "scale.md").read_text("utf-8")


def test_the_page_is_what_the_figures_give() -> None:
    assert scale_page.BEGIN in PAGE
    assert f"{scale_page.BEGIN}\n{scale_page.figures(MEASURED)}{scale_page.END}" in PAGE, "run `bench/scale.py --steps`"


def test_the_run_is_the_one_that_was_asked_for() -> None:
    builds = MEASURED["builds"]
    assert builds["local"]["documents"] == builds["spark"]["documents"] == 200_000
    assert builds["local"]["kept"] == builds["spark"]["kept"] > 190_000
    assert builds["spark"]["events"]["executors lost"] == 1
    assert MEASURED["skew"]["in the cluster"] == 10_000


def test_more_cores_never_shorten_what_the_driver_does_alone() -> None:
    for row in scale_page.told(MEASURED)["costs"]:
        assert row["hours"] == sorted(row["hours"], reverse=True)
        assert row["hours"][-1] > row["alone"]


def test_twice_the_time_is_twice_the_cost() -> None:
    slower = deepcopy(MEASURED)
    slower["web_pages"]["cpu"] *= 2
    (_, before), (_, after) = scale_page.told(MEASURED)["costs"], scale_page.told(slower)["costs"]
    assert after["hours"][0] - after["alone"] == pytest.approx(2 * (before["hours"][0] - before["alone"]))
    assert scale_page.figures(slower) != scale_page.figures(MEASURED)
