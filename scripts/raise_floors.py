"""Raises the floors of tests/quality/floors.json to the figures in docs/quality.json; never lowers one.

A share's floor is set a little below what was reached (one part in five hundred), so that a change that moves one span
of one page does not fail the build, and a change that loses a page does; a count's floor is the count. A floor that is
null is set with the first figure. A `fixed` one stays: precision is promised, and more recall may cost some of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FLOORS = ROOT / "tests" / "quality" / "floors.json"
SLACK = 0.002


def at(figures: Any, path: str) -> float | int | None:
    """The figure at a dotted path, a count being an int; None where nothing was found to be right or wrong."""
    for part in path.split("."):
        figures = figures[part]
    value: float | int | None = figures
    return value


def raised(entry: dict[str, Any], reached: float | int) -> float | int:
    """The floor after a figure was reached."""
    least, old = entry["at"] == "least", entry["floor"]
    slack = 0 if isinstance(reached, int) else SLACK if least else SLACK / 2
    new = max(0, round(reached - slack if least else reached + slack, 4))
    return new if old is None else max(old, new) if least else min(old, new)


def main() -> None:
    """Rewrite the file and say which floors rose."""
    measured = json.loads((ROOT / "docs" / "quality.json").read_text("utf-8"))
    floors = json.loads(FLOORS.read_text("utf-8"))
    for path, entry in floors.items():
        reached = at(measured, path)
        new = entry["floor"] if reached is None or entry.get("fixed") else raised(entry, reached)
        if new != entry["floor"]:
            print(f"{path}: {entry['floor']} -> {new}")
            entry["floor"] = new
    FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
