"""Labels units with a linear chain whose weights are integers: the same labels on every platform and in every batch.

A unit's score for a role is the sum of one weight a template (`context.columns` gives the code that picks it) plus the
weight of the step from the role before. The best sequence is found by Viterbi's algorithm; of equal ones the first in
the order of ROLES wins. Roles that knowledge has decided are kept. The weights come from scripts/train_roles.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from kliping.model import ROLES

Scores = npt.NDArray[np.int32]

SCALE = 256
"""Weights are stored as rounded multiples of one 256th."""
KEPT = 1_000_000
"""What a decided role gains over all others: more than any sequence of weights can outweigh."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The trained weights: one table a template, a row a code, a column a role."""

    tables: dict[str, Scores]
    transitions: Scores
    first: Scores
    last: Scores


@cache
def weights() -> Weights:
    """Return the shipped weights."""
    return parse(resources.files("kliping").joinpath("roles", "weights.tsv").read_text(encoding="utf-8"))


def parse(text: str) -> Weights:
    """Read weights from lines of template, code and one integer a role; `#` opens a comment."""
    rows: dict[str, dict[int, list[int]]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            template, code, *values = line.split("\t")
            rows.setdefault(template, {})[int(code)] = [int(value) for value in values]
    tables = {}
    for template, by_code in rows.items():
        table = np.zeros((max(by_code) + 1, len(ROLES)), dtype=np.int32)
        for code, values in by_code.items():
            table[code] = values
        tables[template] = table
    transitions = tables.pop("transition")
    return Weights(tables, transitions, tables.pop("first")[0], tables.pop("last")[0])


def scores(rows: Sequence[dict[str, int]], model: Weights) -> Scores:
    """Return the score of every unit for every role, before the chain."""
    total = np.zeros((len(rows), len(ROLES)), dtype=np.int32)
    for template, table in model.tables.items():
        codes = np.fromiter((row[template] for row in rows), dtype=np.int32, count=len(rows))
        known = codes < len(table)
        total[known] += table[codes[known]]
    return total


def decode(emissions: Scores, decided: Sequence[int], model: Weights) -> list[int]:
    """Return the best sequence of roles for one page; `decided` holds a role's code or -1."""
    total = emissions.copy()
    for index, role in enumerate(decided):
        if role >= 0:
            total[index, role] += KEPT
    total[0] += model.first
    total[-1] += model.last
    steps = np.empty(total.shape, dtype=np.int32)
    current = total[0].astype(np.int64)
    for index in range(1, len(total)):
        candidates = current[:, None] + model.transitions
        steps[index] = candidates.argmax(axis=0)
        current = candidates.max(axis=0) + total[index]
    path = [int(current.argmax())]
    for index in range(len(total) - 1, 0, -1):
        path.append(int(steps[index, path[-1]]))
    return path[::-1]
