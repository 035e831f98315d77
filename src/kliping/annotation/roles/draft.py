"""A page while knowledge decides: its units, what each of them says, and where its paragraphs are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kliping.annotation.roles.codes import CASE, PLAIN, SHAPE, SHAPE_CODES, Case
from kliping.annotation.roles.features import Description, describe_unit
from kliping.annotation.roles.units import Units

DECKS = frozenset({PLAIN, SHAPE_CODES["sentence"], SHAPE_CODES["long-open"]})
"""The shapes of what a deck or the text of an article can be."""


@dataclass(slots=True)
class Draft:
    """What the passes of `rules` look at; they write decisions into `units`, and cut nothing any more."""

    units: Units
    described: Sequence[Description]
    sizes: Sequence[int]
    """The length of each unit, in code points."""
    first: int
    """The first plain paragraph, the number of units where there is none."""
    last: int
    """The last plain paragraph, -1 where there is none."""
    loose: bool = True
    """Whether anything but plain paragraphs is still open after the first pass."""

    def says(self, index: int, shapes: frozenset[int]) -> bool:
        """Tell whether a unit has one of these shapes."""
        return self.described[index].codes[SHAPE] in shapes

    def is_titled(self, index: int) -> bool:
        """Tell whether most words of a unit have a capital, as in headlines."""
        return Case.level(self.described[index].codes[CASE]) >= Case.MOST


def describe_units(page: Units) -> list[Description]:
    """Describe every unit of a page by its own text."""
    text = page.text
    return [describe_unit(text[start:end]) for start, end in zip(page.starts, page.ends, strict=True)]


def draft(page: Units, described: Sequence[Description]) -> Draft:
    """Return the page as the first pass finds it."""
    cores = [i for i, d in enumerate(described) if d.codes[SHAPE] == PLAIN and not page.roles[i]]
    first, last = (cores[0], cores[-1]) if cores else (len(page), -1)
    return Draft(page, described, page.sizes(), first, last)
