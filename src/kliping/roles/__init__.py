"""Gives every visible character of a page exactly one role, with the rule that decided it.

Knowledge speaks first: phrases, datelines, end marks, closing brackets and what pages glue into paragraphs are cut out
and decided by name. What is left goes to a small linear chain over knowledge, shape, position and neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence

from kliping.model import ROLES, Page, Span
from kliping.roles.context import columns
from kliping.roles.features import describe_unit
from kliping.roles.model import decode, scores, weights
from kliping.roles.report import Explanation, describe, explain_unit
from kliping.roles.rules import decide
from kliping.roles.units import Units, units

__all__ = ["Explanation", "assign", "describe", "explain"]

_CODES = {role: code for code, role in enumerate(ROLES)}


def assign(pages: Sequence[Page]) -> list[tuple[Span, ...]]:
    """Return the spans of each page, in order; a page's spans do not depend on the others.

    Spans are trimmed of white space, lie inside one line of `page.text`, and cover every visible character once.
    Offsets are code points, end exclusive.

    >>> [(s.role, s.rule) for s in assign([Page("Baca juga: Harga Cabai Turun")])[0]]
    [('related', 'phrase:baca-juga')]
    """
    return [_assign(page) for page in pages]


def _assign(page: Page) -> tuple[Span, ...]:
    cut, _, path = _label(page)
    return tuple(
        Span(cut.starts[i], cut.ends[i], ROLES[role], cut.rules[i] or f"model:{ROLES[role]}") for i, role in enumerate(path)
    )


def _label(page: Page) -> tuple[Units, list[dict[str, int]], list[int]]:
    cut = units(page.text)
    if not len(cut):
        return cut, [], []
    described = [describe_unit(cut.string(i)) for i in range(len(cut))]
    decide(cut, described)
    rows = columns(cut, described)
    decided = [_CODES.get(role, -1) for role in cut.roles]
    return cut, rows, decode(scores(rows, weights()), decided, weights())


def explain(page: Page) -> list[Explanation]:
    """Return for every span of a page why it has its role: the rule in words, for the model its strongest reasons."""
    cut, rows, path = _label(page)
    return [explain_unit(cut, rows, path, index, weights()) for index in range(len(cut))]
