"""Fits the roles' linear chain to examples by maximum likelihood, and writes it as the lines of weights.tsv."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from kliping.annotation.roles.chain import SCALE
from kliping.annotation.roles.codes import FLAG_TEMPLATES
from kliping.model import ROLES
from training.examples import Example

Floats = npt.NDArray[np.float64]

L = len(ROLES)
MINIMUM = 3
"""A code seen on fewer units is not learnt."""
RIDGE = 1.0
RIDGE_CHAIN = 0.1
DOCUMENT_POWER = 0.5
"""A page counts by the square root of its length, so that pages of 500 menu lines do not drown the articles."""
ITERATIONS = 120
HEADER = "# Weights of the roles' linear chain, by scripts/train_roles.py: template, code, one integer (256ths) a role."
FLAGS = frozenset(FLAG_TEMPLATES.values())
"""Templates that are a yes or no, of which only the yes has weights."""


@dataclass(slots=True)
class Problem:
    """The training pages as matrices, longest page first so that step t of all pages is one slice."""

    features: csr_matrix
    codes: list[tuple[str, int]]
    truth: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    page_weights: Floats


def prepare(examples: Sequence[Example]) -> Problem:
    """Turn labelled pages into matrices; codes seen on fewer than MINIMUM units are left out.

    What knowledge decides counts as true, since it will be kept when pages are labelled.
    """
    pages = sorted(examples, key=lambda e: (-len(e.rows), e.name))
    counts = Counter(item for page in pages for row in page.rows for item in row.items())
    codes = sorted(
        item for item, count in counts.items() if count >= MINIMUM and not (item[0] in FLAGS and item[1] == 0)
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


@dataclass(slots=True)
class Chain:
    """Trained weights, still as floats."""

    codes: list[tuple[str, int]]
    weights: Floats
    transitions: Floats
    first: Floats
    last: Floats


def train(examples: Sequence[Example]) -> Chain:
    """Fit the chain to the pages by maximum likelihood with a ridge, by L-BFGS from zero."""
    problem = prepare(examples)
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
    result = [HEADER, "# roles\t" + "\t".join(ROLES)]
    for template, code, values in rows:
        integers = np.rint(values * SCALE).astype(int)
        if template in ("transition", "first", "last") or integers.any():
            result.append("\t".join([template, str(code), *map(str, integers)]))
    return result
