"""Trains the weights of the roles' linear chain from labelled pages: the same integers, the same bytes each run.

usage: train_roles.py [--shared ../shared] [--out src/kliping/annotation/roles/weights.tsv]

`labelled.examples` says which pages are learnt from. Needs NumPy and SciPy, for training only:
`pip install scipy==1.17.1`. What is written are statistics, one row of numbers a code, no text.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from labelled import Labelled, examples
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from kliping.annotation.repair import repair
from kliping.annotation.roles.chain import SCALE
from kliping.annotation.roles.rules import decide, describe_units
from kliping.annotation.roles.surroundings import batch, columns
from kliping.annotation.roles.units import Units, units
from kliping.model import ROLES

Floats = npt.NDArray[np.float64]

L = len(ROLES)
MINIMUM = 3
"""A code seen on fewer units is not learnt."""
RIDGE = 1.0
RIDGE_CHAIN = 0.1
DOCUMENT_POWER = 0.5
"""A page counts by the square root of its length, so that pages of 500 menu lines do not drown the articles."""
ITERATIONS = 120
LOOSE = frozenset({"list:entries", "list:pointed", "shape:credit-last", "shape:unfinished"})
"""Rules that know a part of what there is: what they decide is learnt from as if they had not, to know the rest."""


@dataclass(slots=True)
class Example:
    """A labelled page: its units, their codes, what knowledge decided (-1 where it did not) and the true roles.

    `rows` and `taught` are the codes and decisions to learn from, with what the LOOSE rules decided left open.
    """

    name: str
    text: str
    units: Units
    columns: dict[str, npt.NDArray[np.int64]]
    rows: list[dict[str, int]]
    decided: list[int]
    taught: list[int]
    gold: list[tuple[int, int, str]]
    truth: npt.NDArray[np.int64]
    weight: float


def load_example(source: Labelled) -> Example:
    """Read one page: repaired text, units, codes, and the role of most visible characters of each unit."""
    raw = source.text
    repaired = repair(raw)
    roles: list[str] = [""] * (len(raw) + 1)
    for start, end, role in source.spans:
        roles[start:end] = [role] * (end - start)
    page = units(repaired.text)
    described = describe_units(page)
    decide(page, described)
    truth = []
    for start, end in zip(page.starts, page.ends, strict=True):
        raw_start, raw_end = repaired.to_raw_start(start), repaired.to_raw_end(end)
        votes = Counter(
            r for r, c in zip(roles[raw_start:raw_end], raw[raw_start:raw_end], strict=True) if not c.isspace()
        )
        truth.append(ROLES.index(votes.most_common(1)[0][0]))
    loose = [rule in LOOSE for rule in page.rules]
    opened = replace(
        page,
        roles=["" if of_loose else role for role, of_loose in zip(page.roles, loose, strict=True)],
        rules=["" if of_loose else rule for rule, of_loose in zip(page.rules, loose, strict=True)],
    )
    learnt = columns(batch([opened], [described]))
    rows = [{template: int(values[i]) for template, values in learnt.items()} for i in range(len(page))]
    codes = columns(batch([page], [described]))
    name, spans = source.name, list(source.spans)
    decided, taught = _decided(page), _decided(opened)
    return Example(name, raw, page, codes, rows, decided, taught, spans, np.array(truth), source.weight)


def _decided(page: Units) -> list[int]:
    return [ROLES.index(role) if role else -1 for role in page.roles]


def load_examples(pages: Sequence[Labelled]) -> list[Example]:
    """Return labelled pages with all that is learnt from them."""
    return [load_example(page) for page in pages]


@dataclass(slots=True)
class Problem:
    """The training pages as matrices, longest page first so that step t of all pages is one slice."""

    features: csr_matrix
    codes: list[tuple[str, int]]
    truth: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    page_weights: Floats


def prepare(learnt: Sequence[Example]) -> Problem:
    """Turn labelled pages into matrices; codes seen on fewer than MINIMUM units are left out.

    What knowledge decides counts as true, since it will be kept when pages are labelled.
    """
    pages = sorted(learnt, key=lambda e: (-len(e.rows), e.name))
    counts = Counter(item for page in pages for row in page.rows for item in row.items())
    codes = sorted(
        item for item, count in counts.items() if count >= MINIMUM and not (is_bit(item[0]) and item[1] == 0)
    )
    index = {item: number for number, item in enumerate(codes)}
    columns_, pointers = [], [0]
    for page in pages:
        for row in page.rows:
            columns_ += [index[item] for item in row.items() if item in index]
            pointers.append(len(columns_))
    matrix = csr_matrix(
        (np.ones(len(columns_)), np.array(columns_), np.array(pointers)), shape=(len(pointers) - 1, len(codes))
    )
    lengths = np.array([len(page.rows) for page in pages])
    weights = (lengths.mean() / lengths) ** DOCUMENT_POWER * np.array([page.weight for page in pages])
    first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    decided = np.concatenate([page.taught for page in pages])
    truth = np.where(decided >= 0, decided, np.concatenate([page.truth for page in pages]))
    return Problem(matrix, codes, truth, first, lengths, weights / weights.mean())


def is_bit(template: str) -> bool:
    """Tell whether the template is a yes or no, of which only the yes has weights."""
    return template[:-1] in ("when", "what")


@dataclass(slots=True)
class Chain:
    """Trained weights, still as floats."""

    codes: list[tuple[str, int]]
    weights: Floats
    transitions: Floats
    first: Floats
    last: Floats


def train(learnt: Sequence[Example]) -> Chain:
    """Fit the chain to the pages by maximum likelihood with a ridge, by L-BFGS from zero."""
    problem = prepare(learnt)
    size = len(problem.codes) * L

    def split(values: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        rest = values[size:]
        return values[:size].reshape(-1, L), rest[: L * L].reshape(L, L), rest[L * L : L * L + L], rest[L * L + L :]

    objective = Objective(problem)
    fitted = minimize(
        lambda values: objective(*split(values)),
        np.zeros(size + L * L + 2 * L),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": ITERATIONS, "maxcor": 8},
    )
    return Chain(problem.codes, *split(fitted.x))


class Objective:
    """The penalised negative log-likelihood of the labelled pages and its gradient, over all pages at once."""

    def __init__(self, problem: Problem) -> None:
        self.p = problem
        self.transposed = problem.features.T.tocsr()
        self.last = problem.first + problem.lengths - 1
        self.active = [int((problem.lengths > t).sum()) for t in range(int(problem.lengths.max()))]
        self.unit_weights = np.repeat(problem.page_weights, problem.lengths)
        self.target = np.zeros((len(problem.truth), L))
        self.target[np.arange(len(problem.truth)), problem.truth] = self.unit_weights
        inside = np.ones(len(problem.truth), dtype=bool)
        inside[self.last] = False
        before = np.flatnonzero(inside)
        self.steps = np.zeros((L, L))
        np.add.at(self.steps, (problem.truth[before], problem.truth[before + 1]), self.unit_weights[before])

    def __call__(self, weights: Floats, transitions: Floats, first: Floats, last: Floats) -> tuple[float, Floats]:
        p = self.p
        scores = np.asarray(p.features @ weights)
        scores[p.first] += first
        scores[self.last] += last
        forward, backward, pairs, partition = self._pass(scores, transitions)
        margins = np.exp(forward + backward - np.repeat(partition, p.lengths)[:, None]) * self.unit_weights[:, None]
        loss = float(
            (partition * p.page_weights).sum() - (scores * self.target).sum() - (transitions * self.steps).sum()
        )
        loss += 0.5 * RIDGE * float((weights**2).sum())
        loss += 0.5 * RIDGE_CHAIN * float((transitions**2).sum() + (first**2).sum() + (last**2).sum())
        surplus = margins - self.target
        gradient = np.concatenate(
            [
                (np.asarray(self.transposed @ surplus) + RIDGE * weights).ravel(),
                (pairs - self.steps + RIDGE_CHAIN * transitions).ravel(),
                surplus[p.first].sum(axis=0) + RIDGE_CHAIN * first,
                surplus[self.last].sum(axis=0) + RIDGE_CHAIN * last,
            ]
        )
        return loss, gradient

    def _pass(self, scores: Floats, transitions: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        p, steps = self.p, np.exp(transitions)
        forward, backward, pairs = scores.copy(), np.zeros_like(scores), np.zeros((L, L))
        for t in range(1, len(self.active)):
            here = p.first[: self.active[t]] + t
            before, peak = _scaled(forward[here - 1])
            forward[here] += np.log(before @ steps + 1e-300) + peak
        partition = np.log(np.exp(forward[self.last] - forward[self.last].max(axis=1, keepdims=True)).sum(axis=1))
        partition += forward[self.last].max(axis=1)
        for t in range(len(self.active) - 1, 0, -1):
            here = p.first[: self.active[t]] + t
            after, peak = _scaled(backward[here] + scores[here])
            backward[here - 1] = np.log(after @ steps.T + 1e-300) + peak
            before, height = _scaled(forward[here - 1])
            share = np.exp((peak + height)[:, 0] - partition[: self.active[t]]) * p.page_weights[: self.active[t]]
            pairs += ((before * share[:, None]).T @ after) * steps
        return forward, backward, pairs, partition


def _scaled(values: Floats) -> tuple[Floats, Floats]:
    peak = values.max(axis=1, keepdims=True)
    return np.exp(values - peak), peak


def lines(chain: Chain) -> list[str]:
    """Return the lines of weights.tsv: rounded weights, rows of nothing but zeros left out."""
    rows: list[tuple[str, int, Floats]] = [
        (template, code, chain.weights[i]) for i, (template, code) in enumerate(chain.codes)
    ]
    rows += [("transition", code, row) for code, row in enumerate(chain.transitions)]
    rows += [("first", 0, chain.first), ("last", 0, chain.last)]
    header = (
        "# Weights of the roles' linear chain, by scripts/train_roles.py: template, code, one integer (256ths) a role."
    )
    result = [header, "# roles\t" + "\t".join(ROLES)]
    for template, code, values in rows:
        integers = np.rint(values * SCALE).astype(int)
        if template in ("transition", "first", "last") or integers.any():
            result.append("\t".join([template, str(code), *map(str, integers)]))
    return result


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on all labelled pages and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent.parent / "src/kliping/annotation/roles/weights.tsv"
    )
    options: Any = parser.parse_args(arguments)
    options.out.write_text("\n".join(lines(train(load_examples(examples(options.shared))))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
