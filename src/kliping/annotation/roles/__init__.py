"""Gives every visible character of a page exactly one role, with the rule that decided it.

Knowledge speaks first: phrases, datelines, end marks, closing brackets and what pages glue into paragraphs are cut out
and decided by name. What is left goes to a small linear chain over knowledge, shape, position and neighbours.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kliping.annotation import markup
from kliping.annotation.roles.borders import is_doubtful
from kliping.annotation.roles.chain import bar, best_roles, keep, make_dear, scores, weights
from kliping.annotation.roles.codes import PLAIN, SHAPE, SHAPE_CODES
from kliping.annotation.roles.cuts import anchors
from kliping.annotation.roles.datelines import DASHES
from kliping.annotation.roles.draft import describe_units
from kliping.annotation.roles.explanation import Explanation, describe, explain_unit
from kliping.annotation.roles.features import Description
from kliping.annotation.roles.headings import repeats_title
from kliping.annotation.roles.menus import shortened
from kliping.annotation.roles.phrasing import normal
from kliping.annotation.roles.rules import decide
from kliping.annotation.roles.surroundings import batch, columns
from kliping.annotation.roles.units import SENTENCE_LENGTH, Units, units
from kliping.annotation.scan import Joined
from kliping.model import BODY_ROLES, ROLES, Page, Span

__all__ = ["Explanation", "assign", "describe", "explain"]

_MODEL_RULES = [f"model:{role}" for role in ROLES]


def assign(pages: Sequence[Page]) -> list[tuple[Span, ...]]:
    """Return the spans of each page, in order; a page's spans do not depend on the others.

    Spans are trimmed of white space, lie inside one line of `page.text`, and cover every visible character once.
    Offsets are code points, end exclusive.

    >>> [(s.role, s.rule) for s in assign([Page("Baca juga: Harga Cabai Turun")])[0]]
    [('related', 'phrase:baca-juga')]
    """
    short = [shortened(page) for page in pages]
    labelled = _label([one.page for one in short])
    return [tuple(one.restored(_spans(found), _moved, one.taken)) for one, found in zip(short, labelled, strict=True)]


def _moved(span: Span, shift: int) -> Span:
    return span._replace(start=span.start + shift, end=span.end + shift) if shift else span


LEAST_TITLE = 20
"""A headline of one word is longer, in code points."""
PLACE_WORDS = 2
"""A place of more words has a sign behind it in its dateline."""
NO_CAPTION = 900
"""A caption is shorter than this, in code points."""
LONGEST_TITLE = 130
"""A title on a line of its own is no longer, in code points."""
_PARAGRAPH = ROLES.index("paragraph")
_TEXT = frozenset(ROLES.index(role) for role in BODY_ROLES)
_STOPS = frozenset('.!?…"”')
_SENTENCE_STOPS = frozenset(".")
_UNTITLED = frozenset('.…"”,;:-–')
"""Signs that no title ends with."""
_SENTENCES = frozenset(SHAPE_CODES[name] for name in ("plain", "sentence", "quote", "long-open"))
_ONE = frozenset({"byline", "caption", "copyright"})
"""Roles whose pieces on a line are one span, whatever decided them."""


def _is_wordy(text: str) -> bool:
    return text.replace(" ", "").isalnum()


@dataclass(slots=True)
class _Opened:
    """A page cut into units, with what each says and whether its place bars it from the body."""

    units: Units
    described: list[Description]
    outside: list[bool]
    misplaced: list[tuple[str, ...]]
    """The roles that the place of a unit on its page makes unlikely."""

    def alone(self) -> Hashable:
        """Return all that the model knows of a page of one unit, None for other pages."""
        cut = self.units
        if len(cut) != 1:
            return None
        return self.described[0].codes, cut.roles[0], cut.rules[0], cut.blanks[0], self.outside[0], *self.unlikely()

    def unlikely(self) -> Iterator[tuple[int, str]]:
        """Yield units with a role that what the page says of them makes unlikely.

        A page opens with no heading of its body, and has one dateline. One short word, or a few before a dash, are too
        little for a headline; one that is doubtful for its own words or its border is none. A line without a stop on
        top, right above the text, is none of it. Nothing but words, more than a place has, is no dateline. What is long
        is no caption. On a web page the place of a unit speaks, too.
        """
        cut = self.units
        has_dateline = "dateline" in cut.roles
        half = self._is_half_a_sentence()
        if len(cut):
            yield 0, "subheading"
            if cut.size(0) > LEAST_TITLE and (half or cut.string(0)[-1] in _SENTENCE_STOPS):
                yield 0, "headline"
        if half and not has_dateline and cut.string(0).count(" ") >= PLACE_WORDS and _is_wordy(cut.string(0)):
            yield 0, "dateline"
        if self._has_title_on_top():
            yield 0, "paragraph"
        for index, found in enumerate(self.misplaced):
            for role in found:
                yield index, role
        for index, size in enumerate(cut.sizes()):
            if size >= NO_CAPTION:
                yield index, "caption"
            text = cut.string(index) if size <= LEAST_TITLE else ""
            if text and (text[-1] in DASHES or " " not in text):
                yield index, "headline"
            if has_dateline:
                yield index, "dateline"

    def _is_half_a_sentence(self) -> bool:
        """Tell whether what was cut off the text as a title is rather the beginning of its first sentence."""
        cut = self.units
        if len(cut) < 2 or cut.roles[0] or cut.roles[1] or cut.blanks[1] != -1:
            return False
        end = cut.text.find("\n", cut.starts[1])
        return is_doubtful(cut.text, cut.starts[0], cut.starts[1], len(cut.text) if end < 0 else end)

    def _has_title_on_top(self) -> bool:
        cut = self.units
        if len(cut) < 2 or cut.roles[0] or cut.size(0) > LONGEST_TITLE or cut.blanks[1] == -1:
            return False
        text, following = cut.string(0), cut.string(1)
        below = cut.roles[1] == "dateline" or self.described[1].codes[SHAPE] == PLAIN
        return below and not following[0].islower() and text[-1] not in _UNTITLED


@dataclass(slots=True)
class _Labelled:
    """A page cut into units, with the role of each and where its units stand in the batch."""

    units: Units
    path: list[int]
    margins: list[int]
    codes: dict[str, npt.NDArray[np.int64]]
    offset: int


def _spans(page: _Labelled) -> Iterator[Span]:
    """Yield the spans of a page, each with its first unit's rule, those of the model with their least margin."""
    cut, path = page.units, page.path
    for first, last in _joined(page):
        rule, margin = cut.rules[first], None
        if not rule:
            rule, margin = _MODEL_RULES[path[first]], min(page.margins[first : last + 1])
        yield Span(cut.starts[first], cut.ends[last], ROLES[path[first]], rule, margin)


def _joined(page: _Labelled) -> Iterator[tuple[int, int]]:
    """Yield the first and the last unit of each span: pieces of a line that the model gives one role are one span.

    A caption and its credit are one, whatever decided them, and so are the names of a byline.
    """
    cut, path = page.units, page.path
    first = 0
    for index in range(1, len(path) + 1 if path else 0):
        goes_on = index < len(path) and cut.blanks[index] == -1 and path[index] == path[first]
        if not goes_on or (cut.rules[index] and ROLES[path[index]] not in _ONE):
            yield first, index - 1
            first = index


def _label(pages: Sequence[Page]) -> list[_Labelled]:
    opened = _open(pages)
    numbers, distinct = _distinct(opened)
    if not distinct:
        return [_Labelled(page.units, [], [], {}, 0) for page in opened]
    side_by_side = batch([page.units for page in distinct], [page.described for page in distinct])
    codes = columns(side_by_side)
    emissions = scores(codes, weights())
    bar(emissions, [barred for page in distinct for barred in page.outside])
    offsets = side_by_side.first.tolist()
    unlikely = zip(offsets, map(_Opened.unlikely, distinct), strict=True)
    make_dear(emissions, ((offset + index, role) for offset, pairs in unlikely for index, role in pairs))
    keep(emissions, side_by_side.decided - 1)
    path, margins = best_roles(emissions, side_by_side.first, weights())
    result = []
    for page, number in zip(opened, numbers, strict=True):
        size, offset = len(page.units), offsets[number]
        found = path[offset : offset + size]
        if _TEXT.isdisjoint(found):
            _keep_text(page, found)
        result.append(_Labelled(page.units, found, margins[offset : offset + size], codes, offset))
    return result


def _keep_text(page: _Opened, path: list[int]) -> None:
    """Make the sentences of a page without text its text, in place: what was taken for a caption or a note alone."""
    for index, description in enumerate(page.described):
        decided = page.units.roles[index] or page.outside[index]
        noted = description.phrase and page.units.size(index) < SENTENCE_LENGTH
        sentence = description.codes[SHAPE] in _SENTENCES or page.units.string(index)[-1] in _STOPS
        if sentence and not decided and not noted:
            page.units.decide(index, "paragraph", "page:only-text")
            path[index] = _PARAGRAPH


def _open(pages: Sequence[Page]) -> list[_Opened]:
    """Cut pages into units and decide what knowledge alone decides."""
    found = anchors(Joined([page.text for page in pages]))
    cuts = [units(page.text, of_page) for page, of_page in zip(pages, found, strict=True)]
    described = [describe_units(cut) for cut in cuts]
    result = []
    for page, cut, of_page in zip(pages, cuts, described, strict=True):
        tags = markup.of_lines(page)
        if tags:
            _place(cut, tags)
        decide(cut, of_page)
        outside = _outside(cut, tags) if tags else [False] * len(cut)
        result.append(_Opened(cut, of_page, outside, _misplaced(cut, tags) if tags else []))
    return result


def _distinct(opened: Sequence[_Opened]) -> tuple[list[int], list[_Opened]]:
    """Return for each page the number of the one to label for it, and those pages.

    Pages without units need none and name the first. Of pages of one unit that are all the same to the model (most
    texts without line breaks are) the first is labelled for all.
    """
    numbers: list[int] = []
    distinct: list[_Opened] = []
    seen: dict[Hashable, int] = {}
    for page in opened:
        key, number = page.alone(), len(distinct)
        if key is not None:
            number = seen.setdefault(key, number)
        if number == len(distinct) and len(page.units):
            distinct.append(page)
        numbers.append(number if len(page.units) else 0)
    return numbers, distinct


def _place(page: Units, tags: Sequence[str]) -> None:
    """Give units of a saved HTML page the roles that their places decide, before any knowledge of words."""
    places = [markup.parse_tag(tags[line]) for line in page.lines]
    title = next(
        (normal(page.string(i)) for i, place in enumerate(places) if place.element == "title" and not place.part), ""
    )
    for index, place in enumerate(places):
        if page.roles[index]:
            continue
        text = page.string(index)
        own = not place.linked and repeats_title(normal(text), title)
        if role := "headline" if own else markup.role(tags[page.lines[index]], text):
            page.decide(index, role, f"markup:{role}")


def _outside(page: Units, tags: Sequence[str]) -> list[bool]:
    """Tell of each unit of a saved HTML page whether its place bars it from the body; take back what says otherwise."""
    outside = [not markup.may_be_body(tags[line], page.string(i)) for i, line in enumerate(page.lines)]
    for index, barred in enumerate(outside):
        if barred and page.roles[index] in BODY_ROLES:
            page.reopen(index)
    return outside


def _misplaced(page: Units, tags: Sequence[str]) -> list[tuple[str, ...]]:
    """Return for each unit of a saved HTML page the roles that its place makes unlikely."""
    return [markup.unlikely_roles(tags[line], page.string(i)) for i, line in enumerate(page.lines)]


def explain(page: Page) -> list[Explanation]:
    """Return for every span of a page why it has its role: the rule in words, for the model its strongest reasons."""
    short = shortened(page)
    (labelled,) = _label([short.page])
    row_of = [{name: int(values[i]) for name, values in labelled.codes.items()} for i in range(len(labelled.path))]
    found = []
    for first, last in _joined(labelled):
        unit = explain_unit(labelled.units, row_of, labelled.path, first, weights())
        found.append(replace(unit, end=labelled.units.ends[last]))
    menus = [
        Explanation(span.start, span.end, span.role, span.rule, describe(span.rule), (), "") for span in short.taken
    ]
    return short.restored(
        found, lambda unit, shift: replace(unit, start=unit.start + shift, end=unit.end + shift), menus
    )
