"""Reads labelled pages as examples to learn roles from: units, their codes, what knowledge decides, the true roles."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
from scorer import load_scorer

from kliping.annotation.repair import Repaired, repair
from kliping.annotation.roles.draft import describe_units
from kliping.annotation.roles.rules import decide
from kliping.annotation.roles.surroundings import batch, columns
from kliping.annotation.roles.units import Units, units
from kliping.model import ROLES

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
    group: str = ""


def load_example(gold: Path, name: str, scorer: ModuleType) -> Example:
    """Read one page: repaired text, units, codes, and the role of most visible characters of each unit."""
    raw = (gold / "docs" / f"{name}.txt").read_bytes().decode("utf-8")
    label = json.loads((gold / "labels" / f"{name}.json").read_text(encoding="utf-8"))
    repaired = repair(raw)
    spans = list(scorer.gold_spans(raw, label))
    page = units(repaired.text)
    described = describe_units(page)
    decide(page, described)
    opened = deepcopy(page)
    for index, rule in enumerate(page.rules):
        if rule in LOOSE:
            opened.reopen(index)
    learnt = columns(batch([opened], [described]))
    rows = [{template: int(values[i]) for template, values in learnt.items()} for i in range(len(page))]
    codes = columns(batch([page], [described]))
    return Example(
        name, raw, page, codes, rows, _decided(page), _decided(opened), spans, true_roles(page, repaired, raw, spans)
    )


def true_roles(
    page: Units, repaired: Repaired, raw: str, spans: Sequence[tuple[int, int, str]]
) -> npt.NDArray[np.int64]:
    """Return for every unit the role that the labels give to most of its visible characters."""
    roles: list[str] = [""] * (len(raw) + 1)
    for start, end, role in spans:
        roles[start:end] = [role] * (end - start)
    truth = []
    for start, end in zip(page.starts, page.ends, strict=True):
        raw_start, raw_end = repaired.to_raw_start(start), repaired.to_raw_end(end)
        stretch = zip(roles[raw_start:raw_end], raw[raw_start:raw_end], strict=True)
        votes = Counter(role for role, character in stretch if not character.isspace())
        truth.append(ROLES.index(votes.most_common(1)[0][0]))
    return np.array(truth)


def _decided(page: Units) -> list[int]:
    return [ROLES.index(role) if role else -1 for role in page.roles]


def load_examples(gold: Path) -> list[Example]:
    """Return all labelled pages, sorted by name, each with the group of outlets that it must not be split from."""
    scorer = load_scorer(gold)
    names = sorted(path.stem for path in (gold / "docs").glob("*.txt"))
    examples = [load_example(gold, name, scorer) for name in names]
    for example, group in zip(examples, outlet_groups(gold, names, scorer), strict=True):
        example.group = group
    return examples


def outlet_groups(gold: Path, names: Sequence[str], scorer: ModuleType) -> list[str]:
    """Return a group a page: pages that share a registered domain or a labelled outlet are of one group."""
    sources = {source["id"]: source for source in json.loads((gold / "sources.json").read_text(encoding="utf-8"))}
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    keys = []
    for name in names:
        outlet = json.loads((gold / "labels" / f"{name}.json").read_text(encoding="utf-8"))["outlet"]
        domain = registered_domain(sources.get(name, {}).get("url") or "")
        mine = [f"domain:{domain}"] * bool(domain) + ([f"outlet:{scorer.brand(outlet)}"] if outlet else [])
        keys.append(mine or [f"page:{name}"])
        for key in keys[-1]:
            parent[root(key)] = root(keys[-1][0])
    return [root(mine[0]) for mine in keys]


def registered_domain(url: str) -> str:
    """Return the registered domain of a URL: `https://x.kabar.co.id/a` gives `kabar.co.id`."""
    parts = re.sub(r"^https?://", "", url).split("/")[0].split(".")
    return ".".join(parts[-3:] if len(parts) > 2 and parts[-2] in ("co", "or", "go", "ac") else parts[-2:])
