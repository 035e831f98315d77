"""Every reason that the readers and the gate give is a name of the vocabulary."""

from __future__ import annotations

import ast
import csv
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
PLACE = {"Refusal": 2, "SetAside": 0, "Damaged": 0}
"""Where each class takes its reason."""


def reasons(source: str) -> set[str]:
    """The literal reasons in a module: arguments of the classes above, and `reason=` of any call."""
    found: set[str] = set()
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        values = [keyword.value for keyword in call.keywords if keyword.arg == "reason"]
        if isinstance(call.func, ast.Name) and call.func.id in PLACE:
            values += call.args[PLACE[call.func.id] :][:1]
        found |= {value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)}
    return found


def test_reasons_are_in_the_vocabulary() -> None:
    with (REPO / "schema/vocabularies/decision-reasons.csv").open(encoding="utf-8", newline="") as file:
        known = {row["name"] for row in csv.DictReader(file)}
    modules = [*(REPO / "src/kliping/read").glob("*.py"), REPO / "src/kliping/annotation/gate.py"]
    given = set().union(*(reasons(module.read_text("utf-8")) for module in modules))
    assert len(given) >= 15
    assert given <= known
