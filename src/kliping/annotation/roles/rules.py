"""Decides by knowledge alone: each unit by its own words, then passes over the page for what units say together.

A pass sees the decisions of those before it and leaves them alone unless it says otherwise: PASSES stand in the order
of trust.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kliping.annotation.roles import credits, entries, headings, labels
from kliping.annotation.roles.alone import decide_alone
from kliping.annotation.roles.codes import ENDING, Ending
from kliping.annotation.roles.draft import Draft, draft
from kliping.annotation.roles.features import Description
from kliping.annotation.roles.knowledge import words
from kliping.annotation.roles.units import Units


class Pass(NamedTuple):
    """One look over a page that decides units."""

    run: Callable[[Draft], None]
    applies: Callable[[Draft], bool]
    """Tells pages on which it may find something, fast."""
    why: str
    """Why it stands where it stands."""


def decide(page: Units, described: Sequence[Description]) -> None:
    """Fill in the roles that knowledge decides, each with the rule that did it."""
    drafted = draft(page, described)
    for step in PASSES:
        if step.applies(drafted):
            step.run(drafted)


def _always(_: Draft) -> bool:
    return True


def _loose(draft: Draft) -> bool:
    """Most articles without a frame are paragraphs and decided lines and nothing else."""
    return draft.loose


def _after(*rules: str) -> Callable[[Draft], bool]:
    """Tell pages on which one of these rules has decided."""
    return lambda draft: any(rule in draft.units.rules for rule in rules)


def _has_copyright(draft: Draft) -> bool:
    return "copyright" in draft.units.roles


def unfinished(draft: Draft) -> None:
    """Keep the lines of the body that end in the middle of a sentence, as crawlers break one at a link: `Menurut`."""
    page = draft.units
    opening = page.roles.index("dateline") if "dateline" in page.roles else draft.first
    for index in range(min(draft.first, opening), len(page)):
        described = draft.described[index]
        open_end = described.codes[ENDING] in Ending.OPEN and described.phrase is None
        if open_end and not page.roles[index]:
            last = page.string(index).rpartition(" ")[2]
            if not last.isupper() and last.casefold() in words().unfinished:
                page.decide(index, "paragraph", "shape:unfinished")


PASSES = (
    Pass(decide_alone, _always, "what a unit says by itself is the surest, and the others look at it"),
    Pass(headings.deck, _always, "while the lines below the first are still open: only a paragraph is summed up"),
    Pass(credits.credited, _loose, "a credit is surer than where its caption stands"),
    Pass(unfinished, _loose, "half a sentence is text before a label beside it can claim it"),
    Pass(labels.pointed, _loose, "a title under a pointer's label is no title of this page"),
    Pass(headings.title, _loose, "after the titles of other articles are gone"),
    Pass(headings.contents, _loose, "after the title, which a table of contents may say again"),
    Pass(labels.values, _loose, "the value of a label is taken before a list can reach it"),
    Pass(labels.lists, _loose, "takes every short line under its label that is still open"),
    Pass(labels.joined, _loose, "a broken call is told by its first words, and overrules what took its later ones"),
    Pass(labels.rights, _has_copyright, "overrules its lines too: a notice goes on whatever its middle looks like"),
    Pass(credits.captions, _after("shape:credit-first"), "goes by the credits of the first pass"),
    Pass(credits.stamp_lines, _after("shape:stamp", "shape:tweet"), "goes by the stamps and tweets of the first pass"),
    Pass(credits.foreign, _after("split:closing-byline"), "needs the dateline and overrules a byline by it"),
    Pass(entries.tables, _loose, "takes long runs of short lines, so what is known of them comes before"),
    Pass(entries.dated, _loose, "takes whole stretches likewise, but no cells of a table"),
    Pass(headings.numbered, _loose, "looks at what stands between numbers, so lists of others are gone by now"),
    Pass(entries.pointers, _loose, "a lone bullet is a pointer, which the next pass would take for an item"),
    Pass(entries.entries, _loose, "the weakest signs: two lines of one kind near each other"),
)
