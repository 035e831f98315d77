"""Gives every visible character of a page exactly one role, with the rule that decided it.

Knowledge speaks first: phrases, datelines, end marks, closing brackets and what pages glue into paragraphs are cut out
and decided by name. What is left goes to a small linear chain over knowledge, shape, position and neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kliping.model import ROLES, Page, Span
from kliping.roles.context import batch, columns
from kliping.roles.model import decode, hint, keep, scores, spare_text, weights
from kliping.roles.report import Explanation, describe, explain_unit
from kliping.roles.rules import decide, describe_units
from kliping.roles.units import Units, units

__all__ = ["Explanation", "assign", "describe", "explain"]

_CODES = {role: code for code, role in enumerate(ROLES)}
_MODEL_RULES = [f"model:{role}" for role in ROLES]


def assign(pages: Sequence[Page]) -> list[tuple[Span, ...]]:
    """Return the spans of each page, in order; a page's spans do not depend on the others.

    Spans are trimmed of white space, lie inside one line of `page.text`, and cover every visible character once.
    Offsets are code points, end exclusive.

    >>> [(s.role, s.rule) for s in assign([Page("Baca juga: Harga Cabai Turun")])[0]]
    [('related', 'phrase:baca-juga')]
    """
    return [tuple(_spans(labelled)) for labelled in _label(pages)]


@dataclass(slots=True)
class _Labelled:
    """A page cut into units, with the role of each and where its units stand in the batch."""

    units: Units
    path: list[int]
    codes: dict[str, npt.NDArray[np.int64]]
    offset: int


def _spans(page: _Labelled) -> Iterator[Span]:
    cut = page.units
    for start, end, rule, role in zip(cut.starts, cut.ends, cut.rules, page.path, strict=True):
        yield Span(start, end, ROLES[role], rule or _MODEL_RULES[role])


def _label(pages: Sequence[Page]) -> list[_Labelled]:
    cuts = [units(page.text) for page in pages]
    visible = [cut for cut in cuts if len(cut)]
    if not visible:
        return [_Labelled(cut, [], {}, 0) for cut in cuts]
    described = [describe_units(cut) for cut in visible]
    for cut, of_page in zip(visible, described, strict=True):
        decide(cut, of_page)
    side_by_side = batch(visible, described)
    codes = columns(side_by_side)
    emissions = scores(codes, weights())
    spare_text(emissions, codes)
    if any(page.line_tags for page in pages):
        hint(emissions, [tag for page, cut in zip(pages, cuts, strict=True) for tag in _tags(page, cut)])
    keep(emissions, np.array([_CODES.get(role, -1) for cut in visible for role in cut.roles]))
    path = decode(emissions, side_by_side.first, weights())
    offsets = iter(side_by_side.first.tolist())
    result = []
    for cut in cuts:
        offset = next(offsets) if len(cut) else 0
        result.append(_Labelled(cut, path[offset : offset + len(cut)], codes, offset))
    return result


def _tags(page: Page, cut: Units) -> list[str]:
    """Return the tag of each unit's line; empty ones where the page has none or its lines are not those of the tags."""
    if len(page.line_tags) != page.text.count("\n") + 1:
        return [""] * len(cut)
    return [page.line_tags[line] for line in cut.lines]


def explain(page: Page) -> list[Explanation]:
    """Return for every span of a page why it has its role: the rule in words, for the model its strongest reasons."""
    (labelled,) = _label([page])
    row_of = [{name: int(values[i]) for name, values in labelled.codes.items()} for i in range(len(labelled.path))]
    return [explain_unit(labelled.units, row_of, labelled.path, i, weights()) for i in range(len(labelled.path))]
