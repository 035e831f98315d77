"""Labels units with a linear chain whose weights are integers: the same labels on every platform and in every batch.

A unit's score for a role is the sum of one weight a template, picked by the codes of `surroundings.columns`, plus the
weight of the step from the role before. The best sequence is found by Viterbi's algorithm; of equal ones the first in
the order of ROLES wins. Roles that knowledge has decided are kept. The weights come from scripts/train_roles.py.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kliping.annotation.roles.codes import (
    FLAG_TEMPLATES,
    LENGTHS,
    PLAIN,
    ROLE_CODES,
    SHAPE_CODES,
    Announced,
    Ending,
    Start,
    What,
    Zone,
)
from kliping.annotation.roles.surroundings import joint_after, opens_page, zone_of
from kliping.model import BODY_ROLES, ROLE_GROUPS, ROLES

Scores = npt.NDArray[np.int32]

SCALE = 256
"""Weights are stored as rounded multiples of one 256th."""
_SURE = 4_000
"""So much more score leaves another sequence no chance: odds of six millions to one."""
_PER_MILLE = np.array([round(1000 * math.tanh(score / SCALE / 2)) for score in range(_SURE)])
"""The difference between the chances of two sequences, of which one has so much more score."""
KEPT = 200_000
"""What a decided role gains over all others: more than its own weights and its two steps can outweigh."""
TITLE_DEAR, LOW_TITLE_DEAR = 425, 225
"""What any headline loses that knowledge has not decided, some two nats, and what one loses below other lines, too."""
DEAR = 1_500
"""What an unlikely role loses, such as furniture on a long line of the body: some six nats, odds of 300 to 1."""
LONG_BUCKET = bisect_right(LENGTHS, 160)
_LONGEST_BUCKET = len(LENGTHS)

Codes = npt.NDArray[np.int64]


def _codes(roles: Iterable[str]) -> Codes:
    return np.array(sorted(ROLE_CODES[role] for role in roles))


_BODY = _codes(BODY_ROLES)
_ASIDES = _codes({*ROLE_GROUPS["furniture"], "tags"} - {"promotion"})
"""What half a sentence and a long line of the body are not; the outlet does speak of itself in whole paragraphs."""
_NOTES = _codes(("headline", "byline", "timestamp", "source", "copyright"))
"""What is no longer than a sentence or two."""
_CAPTION, _DECK = _codes(("caption",)), _codes(("subheadline",))
_BEFORE = _codes(("caption", "dateline")) + 1
"""Before what on the same line a caption may stand that shows no sign of one, as `decided+1` has it."""
_PICTURED = [
    FLAG_TEMPLATES["what", flag]
    for flag in (What.PHOTO_WORD, What.SLASH_NAME, What.SIDES, What.BAR, What.CREDIT_FIRST, What.CREDIT_LAST)
]
_HEADLINE = _codes(("headline",))
_HEADS = _codes(("headline", "subheadline", "subheading"))
_LONG_OPEN = SHAPE_CODES["long-open"]
_DOMAIN = FLAG_TEMPLATES["what", What.DOMAIN]


@dataclass(frozen=True, slots=True)
class Weights:
    """The trained weights: one table a template, a row a code, a column a role.

    The last row of each table is all zeros: a code beyond those of training says nothing.
    """

    tables: dict[str, Scores]
    transitions: Scores
    first: Scores
    last: Scores


@cache
def weights() -> Weights:
    """Return the shipped weights."""
    return parse(resources.files(__package__).joinpath("weights.tsv").read_text(encoding="utf-8"))


def parse(text: str) -> Weights:
    """Read weights from lines of template, code and one integer a role; `#` opens a comment."""
    rows: dict[str, dict[int, list[int]]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            template, code, *weights_ = line.split("\t")
            rows.setdefault(template, {})[int(code)] = [int(weight) for weight in weights_]
    tables = {}
    for template, by_code in rows.items():
        table = np.zeros((max(by_code) + 2, len(ROLES)), dtype=np.int32)
        for number, values in by_code.items():
            table[number] = values
        tables[template] = table
    transitions = tables.pop("transition")[: len(ROLES)]
    return Weights(tables, transitions, tables.pop("first")[0], tables.pop("last")[0])


def scores(columns: dict[str, Codes], model: Weights) -> Scores:
    """Return the score of every unit for every role, before the chain; `columns` are those of `surroundings.columns`.

    It is the sum of the weights, less what makes a role dear whatever its weights say.
    """
    total = np.zeros((len(columns["shape"]), len(ROLES)), dtype=np.int32)
    rows = np.empty_like(total)
    for template, table in model.tables.items():
        total += table.take(columns[template], axis=0, out=rows, mode="clip")
    _spare_text(total, columns)
    _spare_captions(total, columns)
    _join_sentences(total, columns)
    _spare_lists(total, columns)
    _prove_titles(total, columns)
    return total


class Labelling(NamedTuple):
    """The best sequence of roles of each page of a batch, one page after the other."""

    path: list[int]
    """The role of each unit."""
    margins: list[int]
    """How far the runner-up of each unit was, per mille; see `best_roles`."""


def best_roles(emissions: Scores, first: Codes, model: Weights) -> Labelling:
    """Return the best sequence of roles for each page of a batch; `first` holds where pages start.

    All pages take their steps together, the longest first: each step is one operation over the pages still running.
    Scores are taken relative to the best one at each step, which changes no choice and keeps them small on any page.

    The margin of a unit compares the best sequence with the best one that gives the unit another role: 0 where both are
    as likely, 1000 where the other has no chance. These are the max-marginals of graphical models; being sums
    of integers they are the same everywhere, as sums over all sequences would not be.
    """
    lengths = np.diff(first, append=len(emissions))
    order = np.argsort(-lengths, kind="stable")
    running = np.searchsorted(-lengths[order], -np.arange(1, int(lengths.max()) + 1), side="right").tolist()
    total = emissions.copy()
    total[first] += model.first
    total[first + lengths - 1] += model.last
    steps = [first[order[:still]] + step for step, still in enumerate(running)]
    reached = _reached(total, steps, model.transitions)
    margins = _margins(total, steps, reached, model.transitions)
    backward = np.ascontiguousarray(model.transitions.T)
    path = np.empty(len(total), dtype=np.int64)
    roles = np.empty(0, dtype=np.int64)
    for here, best in zip(reversed(steps), reversed(reached), strict=True):
        best[: len(roles)] += backward[roles]
        roles = best.argmax(axis=1)
        path[here] = roles
    return Labelling(path.tolist(), margins)


def _reached(total: Scores, steps: Sequence[Codes], transitions: Scores) -> list[Scores]:
    """Return for each step the best score with which each page still running reaches each role."""
    best = total[steps[0]]
    found = [best]
    for here in steps[1:]:
        best = (best[: len(here)].T[:, :, None] + transitions[:, None, :]).max(axis=0)
        best += total[here]
        best -= best.max(axis=1, keepdims=True)
        found.append(best)
    return found


def _margins(total: Scores, steps: Sequence[Codes], reached: Sequence[Scores], transitions: Scores) -> list[int]:
    """Return the margin of each unit, from the best sequences through each of its roles."""
    backward = np.ascontiguousarray(transitions.T)
    through = np.empty_like(total)
    ahead = np.empty((0, len(ROLES)), dtype=np.int32)
    for here, best in zip(reversed(steps), reversed(reached), strict=True):
        through[here] = best
        through[here[: len(ahead)]] += ahead
        onward = total[here]
        onward[: len(ahead)] += ahead
        ahead = (onward.T[:, :, None] + backward[:, None, :]).max(axis=0)
        ahead -= ahead.max(axis=1, keepdims=True)
    second, best = np.partition(through, -2, axis=1)[:, -2:].T
    margins: list[int] = _PER_MILLE[np.minimum(best - second, len(_PER_MILLE) - 1)].tolist()
    return margins


def _spare_text(emissions: Scores, columns: dict[str, Codes]) -> None:
    """Make it dear, in place, to take a long line of the body for furniture: losing text is worse than keeping more.

    Lines of a list of other articles (teasers, far from the body) are not spared, nor are lines with a phrase.
    The longest lines are not readily taken for a headline or a note either.
    """
    shapes, length = columns["shape"], columns["length"]
    text = (shapes == PLAIN) | ((shapes == _LONG_OPEN) & (length >= LONG_BUCKET))
    silent = (zone_of(columns["zone"]) != Zone.NO_BODY) & (columns["phrase"] == 0)
    _make_dear(emissions, text & silent, _ASIDES)
    _make_dear(emissions, (length == _LONGEST_BUCKET) & silent, _NOTES)


def _spare_captions(emissions: Scores, columns: dict[str, Codes]) -> None:
    """Make it dear, in place, to take a long paragraph for a caption that shows no sign of one, or for a deck.

    Before a dateline or a credit on the same line it needs none. A sign is a credit, a side in brackets, a word of
    pictures. The longest are no deck either.
    """
    plain = (columns["shape"] == PLAIN) & (columns["phrase"] == 0)
    signed = sum((columns[template] for template in _PICTURED), start=np.zeros_like(columns["shape"])) > 0
    before = np.isin(columns["decided+1"], _BEFORE) & (columns["piece"] // len(SHAPE_CODES) % 2 == 1)
    long = columns["length"] >= _LONGEST_BUCKET - 1
    _make_dear(emissions, plain & long & ~signed & ~before, _CAPTION)
    _make_dear(emissions, plain & ~before & (columns["length"] == _LONGEST_BUCKET), _DECK)


def _join_sentences(emissions: Scores, columns: dict[str, Codes]) -> None:
    """Make it dear, in place, to take half of a sentence for a heading, and inside the body for furniture.

    Crawlers break a sentence around its links (`Pelatih⏎Rudi Hartono⏎memuji timnya.`): a line without a stop heads
    nothing if the next one goes on with its sentence. A line with an address in it, as credits have, does not.
    """
    ending, following = joint_after(columns["joint-after"])
    begun = np.isin(ending, Ending.OPEN) & np.isin(following, Start.GOING_ON)
    begun[:-1] &= columns[_DOMAIN][1:] == 0
    _make_dear(emissions, begun, _HEADS)
    halves = begun & (following == Start.LOWER)
    halves |= np.append(False, halves[:-1])
    inside = halves & (zone_of(columns["zone"]) == Zone.BODY) & (columns["phrase"] == 0)
    _make_dear(emissions, inside, _ASIDES)


def _spare_lists(emissions: Scores, columns: dict[str, Codes]) -> None:
    """Make it dear, in place, to take for furniture what a sentence of the body announces: `Syaratnya antara lain:`.

    Several items of the same shape, one under the other, are no headings either.
    """
    _make_dear(emissions, columns["announced"] > 0, _ASIDES)
    _make_dear(emissions, columns["announced"] == Announced.ALIKE, _HEADS)


def _prove_titles(emissions: Scores, columns: dict[str, Codes]) -> None:
    """Make a headline dear, in place, inside and below the body, and a little anywhere: a wrong one is worse than none.

    Titles are learnt from pages that had one set above them, more often than pages show one. It costs more where
    other lines stand above.
    """
    zone = zone_of(columns["zone"])
    _make_dear(emissions, (zone == Zone.BODY) | (zone == Zone.BELOW), _HEADLINE)
    emissions[:, _HEADLINE] -= TITLE_DEAR
    emissions[np.ix_(np.flatnonzero(~opens_page(columns["edge"])), _HEADLINE)] -= LOW_TITLE_DEAR


def _make_dear(emissions: Scores, units: npt.NDArray[np.bool_], roles: Codes) -> None:
    emissions[np.ix_(np.flatnonzero(units), roles)] -= DEAR


def bar(emissions: Scores, outside: Sequence[bool]) -> None:
    """Keep units whose place on their page is outside the article's text from the body's roles, in place."""
    emissions[np.ix_(np.flatnonzero(outside), _BODY)] -= KEPT


def make_dear(emissions: Scores, unlikely: Iterable[tuple[int, str]]) -> None:
    """Make it dear, in place, to give units a role that is unlikely for them, both in pairs; no pair comes twice."""
    pairs = [(unit, ROLE_CODES[role]) for unit, role in unlikely]
    if pairs:
        emissions[tuple(np.array(pairs).T)] -= DEAR


def keep(emissions: Scores, decided: Codes) -> None:
    """Let the roles that knowledge has decided win, in place; `decided` holds a role's code or -1 a unit."""
    given = np.flatnonzero(decided >= 0)
    emissions[given, decided[given]] += KEPT
