"""Gives every visible character of a page exactly one role, with the rule that decided it.

Knowledge speaks first: phrases, datelines, end marks, closing brackets and what pages glue into paragraphs are cut out
and decided by name. What is left goes to a small linear chain over knowledge, shape, position and neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kliping import markup
from kliping.model import BODY_ROLES, ROLES, Page, Span
from kliping.roles.context import batch, columns
from kliping.roles.features import normal
from kliping.roles.model import bar, decode, keep, scores, spare_text, weights
from kliping.roles.report import Explanation, describe, explain_unit
from kliping.roles.rules import TITLE_LENGTH, decide, describe_units
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
    visible = [(cut, markup.of_lines(page)) for page, cut in zip(pages, cuts, strict=True) if len(cut)]
    if not visible:
        return [_Labelled(cut, [], {}, 0) for cut in cuts]
    described = [describe_units(cut) for cut, _ in visible]
    outside: list[bool] = []
    for (cut, tags), of_page in zip(visible, described, strict=True):
        if tags:
            _place(cut, tags)
        decide(cut, of_page)
        outside += _outside(cut, tags) if tags else [False] * len(cut)
    side_by_side = batch([cut for cut, _ in visible], described)
    codes = columns(side_by_side)
    emissions = scores(codes, weights())
    spare_text(emissions, codes)
    bar(emissions, outside)
    keep(emissions, np.array([_CODES.get(role, -1) for cut, _ in visible for role in cut.roles]))
    path = decode(emissions, side_by_side.first, weights())
    offsets = iter(side_by_side.first.tolist())
    result = []
    for cut in cuts:
        offset = next(offsets) if len(cut) else 0
        result.append(_Labelled(cut, path[offset : offset + len(cut)], codes, offset))
    return result


def _place(page: Units, tags: Sequence[str]) -> None:
    """Give units of a saved HTML page the roles that their places decide, before any knowledge of words."""
    places = [markup.parse(tags[line]) for line in page.lines]
    title = next((normal(page.string(i)) for i, place in enumerate(places) if place.element == "title"), "")
    for index, place in enumerate(places):
        if page.roles[index]:
            continue
        text = page.string(index)
        own = not place.linked and len(said := normal(text)) >= TITLE_LENGTH and title.startswith(said)
        if role := "headline" if own else markup.role(tags[page.lines[index]], text):
            page.roles[index], page.rules[index] = role, f"markup:{role}"


def _outside(page: Units, tags: Sequence[str]) -> list[bool]:
    """Tell of each unit of a saved HTML page whether its place bars it from the body; take back what says otherwise."""
    outside = [not markup.may_be_body(tags[line], page.string(i)) for i, line in enumerate(page.lines)]
    for index, barred in enumerate(outside):
        if barred and page.roles[index] in BODY_ROLES:
            page.roles[index] = page.rules[index] = ""
    return outside


def explain(page: Page) -> list[Explanation]:
    """Return for every span of a page why it has its role: the rule in words, for the model its strongest reasons."""
    (labelled,) = _label([page])
    row_of = [{name: int(values[i]) for name, values in labelled.codes.items()} for i in range(len(labelled.path))]
    return [explain_unit(labelled.units, row_of, labelled.path, i, weights()) for i in range(len(labelled.path))]
