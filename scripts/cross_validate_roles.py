"""Measures the roles on outlets they were not trained on: cross-validation grouped by outlet, beside trained-on ones.

usage: cross_validate_roles.py GOLD [--folds 8] [--workers N] [--errors N] [--json]

Pages that share a registered domain or a labelled outlet are left out together. The figures are those of score.py.
With --json it prints one object instead: the cross-validated figures, and those of each role under `roles`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from scorer import load_scorer
from training.examples import Example, load_examples
from training.fitting import lines, train

from kliping.annotation.repair import repair
from kliping.annotation.roles.chain import Weights, decode, keep, parse, scores, weights
from kliping.model import BODY_ROLES, ROLES


def folds(examples: Sequence[Example], count: int) -> list[int]:
    """Return the fold of every page: the groups, largest first, each into the fold with the fewest pages."""
    sizes = Counter(example.group for example in examples)
    load, place = [0] * count, {}
    for group, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        fold = min(range(count), key=lambda f: (load[f], f))
        place[group] = fold
        load[fold] += size
    return [place[example.group] for example in examples]


def held_out(job: tuple[list[Example], list[Example]]) -> list[list[int]]:
    """Train on the first pages and label the second ones."""
    known, unknown = job
    model = parse("\n".join(lines(train(known))))
    return [label(page, model) for page in unknown]


def label(page: Example, model: Weights) -> list[int]:
    """Return the roles of one page's units as `kliping.annotation.roles.assign` would give them with these weights."""
    emissions = scores(page.columns, model)
    keep(emissions, np.array(page.decided))
    return decode(emissions, np.array([0]), model)


def cross_validate(examples: list[Example], count: int, workers: int) -> list[list[int]]:
    """Return the roles of every page by a model that saw no page of its outlets."""
    fold_of = folds(examples, count)
    parts = [[e for e, f in zip(examples, fold_of, strict=True) if f == fold] for fold in range(count)]
    jobs = [([e for e, f in zip(examples, fold_of, strict=True) if f != fold], parts[fold]) for fold in range(count)]
    paths: dict[str, list[int]] = {}
    with ProcessPoolExecutor(workers) as pool:
        for part, result in zip(parts, pool.map(held_out, jobs), strict=True):
            paths.update(zip((e.name for e in part), result, strict=True))
    return [paths[e.name] for e in examples]


@dataclass(slots=True)
class Tally:
    """The counts of score.py's role figures."""

    right: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    accuracies: list[float] = field(default_factory=list)
    coarse: int = 0
    body: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    errors: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, example: Example, path: Sequence[int], scorer: ModuleType) -> None:
        """Count one page as score.py does: a labelled span gets the role that covers most of its visible characters."""
        text, predicted = example.text, _characters(example, path)
        hits = seen = 0
        for start, end, role in example.gold:
            visible = [k for k in range(start, end) if not text[k].isspace()]
            for k in visible:
                self.body[role in BODY_ROLES, predicted[k] in BODY_ROLES] += 1
            votes = Counter(predicted[k] for k in visible).most_common(1)
            if not votes:
                continue
            guess = votes[0][0]
            seen, hits = seen + 1, hits + (guess == role)
            self.coarse += scorer.group(guess) == scorer.group(role)
            if guess == role:
                self.right[role] += 1
            else:
                self.missed[role] += 1
                self.wrong[guess] += 1
                self.errors.append((example.name, role, guess, text[start:end].strip()[:100]))
        self.accuracies.append(hits / seen if seen else 1.0)

    def f1(self, role: str) -> float:
        """Return a role's F1."""
        return 2 * self.right[role] / max(1, 2 * self.right[role] + self.wrong[role] + self.missed[role])

    def figures(self) -> dict[str, float]:
        """Return the figures by the names of the floors."""
        spans = self.right.total() + self.missed.total()
        scored = [role for role in ROLES if self.right[role] + self.missed[role] >= 5]
        body = self.body
        return {
            "mean_document_accuracy": sum(self.accuracies) / len(self.accuracies),
            "span_accuracy": self.right.total() / spans,
            "coarse_accuracy": self.coarse / spans,
            "role_macro_f1": sum(self.f1(role) for role in scored) / len(scored),
            "documents_all_right": sum(a == 1 for a in self.accuracies) / len(self.accuracies),
            "damage_rate": body[True, False] / (body[True, True] + body[True, False]),
            "pollution_rate": body[False, True] / (body[True, True] + body[False, True]),
        }

    def table(self) -> dict[str, dict[str, float]]:
        """Return for every role how many labelled spans it has, its precision, recall and F1."""
        return {
            role: {
                "gold": self.right[role] + self.missed[role],
                "precision": self.right[role] / max(1, self.right[role] + self.wrong[role]),
                "recall": self.right[role] / max(1, self.right[role] + self.missed[role]),
                "f1": self.f1(role),
            }
            for role in ROLES
        }


def _characters(example: Example, path: Sequence[int]) -> list[str]:
    """Return the role of every raw character; what repair removed altogether is a mark, as in the segments."""
    repaired = repair(example.text)
    result = ["mark"] * len(example.text)
    for start, end, role in zip(example.units.starts, example.units.ends, path, strict=True):
        begin, stop = repaired.to_raw_start(start), repaired.to_raw_end(end)
        result[begin:stop] = [ROLES[role]] * (stop - begin)
    return result


def tally(examples: Sequence[Example], paths: Sequence[Sequence[int]], scorer: ModuleType) -> Tally:
    """Count all pages."""
    result = Tally()
    for example, path in zip(examples, paths, strict=True):
        result.add(example, path, scorer)
    return result


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures as JSON lines, then the table of roles, then errors; or all in one object of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--folds", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options: Any = parser.parse_args(arguments)
    examples = load_examples(options.gold)
    scorer = load_scorer(options.gold)
    left_out = tally(examples, cross_validate(examples, options.folds, options.workers), scorer)
    if options.json:
        print(json.dumps(left_out.figures() | {"roles": left_out.table()}))
        return
    trained = tally(examples, [label(e, weights()) for e in examples], scorer)
    for name, table in (("cross-validated", left_out), ("trained on", trained)):
        print(name, json.dumps({key: round(value, 4) for key, value in table.figures().items()}))
    for role in ROLES:
        count = left_out.right[role] + left_out.missed[role]
        print(f"{role:14s} {count:5d}  cross-validated F1 {left_out.f1(role):.3f}  trained on {trained.f1(role):.3f}")
    for error in left_out.errors[: options.errors]:
        print(*error, sep=" | ")


if __name__ == "__main__":
    main()
