"""Reads labelled pages as examples to learn roles from: units, their codes, what knowledge decides, the true roles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from labelled import Labelled

from kliping.annotation.repair import Repaired, repair
from kliping.annotation.roles.draft import describe_units
from kliping.annotation.roles.rules import decide
from kliping.annotation.roles.surroundings import batch, columns
from kliping.annotation.roles.units import Units, units
from kliping.model import ROLES

LOOSE = frozenset(
    {
        "list:entries",
        "list:pointed",
        "shape:below-trail",
        "shape:credit-last",
        "shape:unfinished",
        "split:glued-title",
    }
)
"""Rules that know a part of what there is: what they decide is learnt from as if they had not, to know the rest."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled page: the codes of its units, what knowledge decided (-1 where it did not) and the true roles.

    What the LOOSE rules decided is left open.
    """

    name: str
    rows: list[dict[str, int]]
    taught: list[int]
    truth: npt.NDArray[np.int64]
    weight: float


def load_example(source: Labelled) -> Example:
    """Read one page: repaired text, units, codes, and the role of most visible characters of each unit."""
    repaired = repair(source.text)
    page = units(repaired.text)
    described = describe_units(page)
    decide(page, described)
    opened = deepcopy(page)
    for index, rule in enumerate(page.rules):
        if rule in LOOSE:
            opened.reopen(index)
    learnt = columns(batch([opened], [described]))
    rows = [{template: int(values[i]) for template, values in learnt.items()} for i in range(len(page))]
    truth = true_roles(page, repaired, source.text, source.spans)
    return Example(source.name, rows, _decided(opened), truth, source.weight)


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


def load_examples(pages: Iterable[Labelled]) -> list[Example]:
    """Return labelled pages with all that is learnt from them."""
    return [load_example(page) for page in pages]
