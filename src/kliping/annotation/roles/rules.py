"""Decides by knowledge alone: each unit by its own words, then passes over the page for what units say together.

What a unit says by itself is the surest. A pass sees all decisions before it and leaves them alone unless it says
otherwise: PASSES stand in the order of trust.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kliping.annotation.roles import credits, entries, headings, labels
from kliping.annotation.roles.alone import decide_alone
from kliping.annotation.roles.codes import ENDING, Ending
from kliping.annotation.roles.draft import Draft, draft
from kliping.annotation.roles.features import Description
from kliping.annotation.roles.units import Units
from kliping.annotation.roles.vocabulary import words


class Pass(NamedTuple):
    """One look over a page that decides units."""

    run: Callable[[Draft], None]
    everywhere: bool
    """Whether it also looks at pages with nothing but paragraphs open, as most articles without a frame are."""
    why: str
    """Why it stands where it stands."""


def decide(page: Units, described: Sequence[Description]) -> None:
    """Fill in the roles that knowledge decides, each with the rule that did it."""
    drafted = draft(page, described)
    decide_alone(drafted)
    for step in PASSES if drafted.loose else _EVERYWHERE:
        step.run(drafted)


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
    Pass(headings.deck, True, "while the lines below the first are still open: only a paragraph is summed up"),
    Pass(credits.credited, False, "a credit is surer than where its caption stands"),
    Pass(unfinished, False, "half a sentence is text before a label beside it can claim it"),
    Pass(labels.pointed, False, "a title under a pointer's label is no title of this page"),
    Pass(headings.title, False, "after the titles of other articles are gone"),
    Pass(headings.below_trail, True, "after a title that the page says twice, which is surer"),
    Pass(headings.contents, False, "after the title, which a table of contents may say again"),
    Pass(labels.values, False, "the value of a label is taken before a list can reach it"),
    Pass(labels.lists, False, "takes every short line under its label that is still open"),
    Pass(labels.joined, False, "a broken call is told by its first words, and overrules what took its later ones"),
    Pass(labels.rights, True, "overrules its lines too: a notice goes on whatever its middle looks like"),
    Pass(credits.captions, True, "goes by the credits that lines give by themselves"),
    Pass(credits.stamp_lines, True, "goes by the stamps and tweets that lines are by themselves"),
    Pass(credits.foreign, True, "needs the dateline and overrules a byline by it"),
    Pass(entries.tables, False, "takes long runs of short lines, so what is known of them comes before"),
    Pass(entries.dated, False, "takes whole stretches likewise, but no cells of a table"),
    Pass(headings.numbered, False, "looks at what stands between numbers, so lists of others are gone by now"),
    Pass(entries.pointers, False, "a lone bullet is a pointer, which the next pass would take for an item"),
    Pass(entries.entries, False, "the weakest signs: two lines of one kind near each other"),
)
_EVERYWHERE = tuple(step for step in PASSES if step.everywhere)
