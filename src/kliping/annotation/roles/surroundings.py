"""Codes for what stands around a unit: its neighbours, the body, the dateline, the last label, its place on the page.

All pages of a batch are described at once, in arrays over all their units; no code looks beyond its own page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from kliping.annotation.roles.codes import (
    COUNTS,
    FLAG_TEMPLATES,
    PLAIN,
    SHAPE_CODES,
    SHAPES,
    UNIT_TEMPLATES,
    Announced,
    Beyond,
    Ending,
    Menu,
    Repeat,
    Start,
    Zone,
)
from kliping.annotation.roles.features import Description
from kliping.annotation.roles.units import Units
from kliping.model import ROLE_GROUPS, ROLES

Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

CLUSTER_GAP = 12
"""Plain paragraphs with more units than this between them are not of one body: teasers in a list of other articles."""
BEGIN = 12
"""Lines that begin differently, in folded code points, are no copies of each other."""
TITLE_KEY = 20
"""A shorter line may begin the page's first line by chance, in code points."""
TITLE_WITHIN = 160
"""Copies of a line are compared within so many code points."""
RESTATED_LENGTH, RESTATED_WORDS, RESTATING = 40, 5, 2
"""A deck is so long, in code points, has so many long words, and is one of the first so many units of its page."""
LONG_WORD = 4
"""A word that tells what a line speaks of has so many letters at least."""
RESTATED_HEAD, RESTATING_HEAD = 240, 300
"""A deck is read so far, in code points, and the text below it so far."""

_COUNT = len(SHAPES)
_DECIDED, _TEASER = SHAPE_CODES["decided"], SHAPE_CODES["teaser"]
_END_SIGNS = frozenset(
    {"split:desk-initials", "split:closing-byline", "phrase:editor", "phrase:penulis", "phrase:reporter"}
)
_BETWEEN_BODIES = frozenset(ROLE_GROUPS["furniture"]) - {"advertisement", "embed", "mark"} | {"copyright"}
"""What tells a list of other articles from the body above it; advertisements, objects and marks stand in bodies too."""
_MENU_SHARES = np.array((1, 4, 12))
"""Edges, in hundredths of the page's units, of the buckets for how many name menus."""
_SIZES = np.array((9, 21, 61, 151))
"""Edges of the buckets for the number of units of a page: an article alone, with a frame, with menus, a whole site."""
_OVERLAPS = (20, 40, 60)
"""Edges, in hundredths of the first line's long words, of the buckets for how many the next line says again."""
_EDGES = np.array(COUNTS)
_NEAREST, _FARTHEST = 1, 6
"""The buckets of distances: the same unit, and the farthest; 0 is for none."""
_NEARS = _FARTHEST + 1
_AROUND = 3
"""Places around a sign are told apart up to so many units away."""
_EDGE = 3
"""Places are told apart up to so many units from the top and from the bottom of a page."""
_TENTHS = 10
_ZONES = Zone.UNDER_TITLE + 1
_BLANKS = Beyond.BLANK + 1
_LEAD_STEP = 8
"""How far apart the codes of `lead` stand for one phrase and the next: the distances, and one that none uses."""
_DECIDED_CODES = {role: code for code, role in enumerate(("", *ROLES))}


def _flags(names: Sequence[str]) -> Mask:
    table = np.zeros(_COUNT, dtype=bool)
    table[[SHAPE_CODES[name] for name in names]] = True
    return table


_IS_TEASER = _flags(("plain", "sentence", "quote", "long-open"))
_IS_SENTENCE = _flags(("plain", "sentence", "quote"))
_IS_BODY = _flags(("plain", "sentence", "quote", "decided"))
_ANNOUNCES = _flags(("announcement", "long-open", "decided"))
_ENDS_LIST = [_DECIDED_CODES[role] for role in ("related", "navigation", "promotion", "tags", "byline", "source")]
"""What ends the list that a sentence announces, on top of the next whole sentence."""


@dataclass(slots=True)
class Batch:
    """The units of several pages in one row: where each page starts, and arrays over all units."""

    pages: Sequence[Units]
    own: dict[str, Codes]
    decided: Codes
    """For every unit the number of the role that knowledge gave it and one, 0 where it gave none."""
    rules: Sequence[str]
    first: Codes
    """For every page the number of its first unit."""
    start: Codes
    """For every unit the number of the first unit of its page."""
    size: Codes
    """For every unit the number of units of its page."""
    place: Codes
    """For every unit its place on its page, from 0."""

    def shifted(self, values: Codes, offset: int, outside: int) -> Codes:
        """Return for every unit the value `offset` units further on its own page, `outside` beyond the page."""
        result = np.full_like(values, outside)
        if offset > 0:
            result[:-offset] = values[offset:]
        else:
            result[-offset:] = values[:offset]
        beyond = (self.place + offset < 0) | (self.place + offset >= self.size)
        result[beyond] = outside
        return result


def batch(pages: Sequence[Units], described: Sequence[Sequence[Description]]) -> Batch:
    """Lay the units of the pages side by side; a page without units is not allowed."""
    sizes = np.array([len(page) for page in pages])
    first = np.cumsum(sizes) - sizes
    start = np.repeat(first, sizes)
    codes = chain.from_iterable([d.codes for of_page in described for d in of_page])
    table = np.fromiter(codes, dtype=np.int64, count=len(start) * len(UNIT_TEMPLATES)).reshape(-1, len(UNIT_TEMPLATES))
    own = {template: column.copy() for template, column in zip(UNIT_TEMPLATES, table.T, strict=True)}
    decided = np.array([_DECIDED_CODES[role] for page in pages for role in page.roles])
    rules = list(chain.from_iterable([page.rules for page in pages]))
    return Batch(pages, own, decided, rules, first, start, np.repeat(sizes, sizes), np.arange(len(start)) - start)


def _near(distance: Codes) -> Codes:
    """Bucket of distances in units: the nearest for the same unit, then ever coarser."""
    return np.minimum(_FARTHEST, _NEAREST + np.searchsorted(_EDGES, distance, side="right"))


def _last_hit(hits: Mask, start: Codes) -> Codes:
    """Return for every unit the number of the last hit at or before it on its page, -1 where there is none."""
    numbers = np.maximum.accumulate(np.where(hits, np.arange(len(hits)), -1))
    return np.where(numbers >= start, numbers, -1)


def _above(hits: Mask, start: Codes) -> Codes:
    """Bucket of the distance to the last hit at or above each unit, 0 where there is none."""
    last = _last_hit(hits, start)
    return np.where(last >= 0, _near(np.arange(len(hits)) - last), 0)


def _below(b: Batch, hits: Mask) -> Codes:
    """Bucket of the distance to the next hit at or below each unit, 0 where there is none."""
    end = b.start + b.size - 1
    return _above(hits[::-1], (len(hits) - 1 - end)[::-1])[::-1]


def _body(plain: list[int], page: Units) -> tuple[int, int]:
    """Return the first and last unit of the body: a cluster of plain paragraphs, on to the sign of its end.

    It is the one that the dateline opens, else the largest. Two clusters are apart where many units lie between them
    and some of these are known to be furniture.
    """
    clusters = [[plain[0], plain[0], 1]]
    for index in plain[1:]:
        above = clusters[-1][1]
        if index - above > CLUSTER_GAP and any(role in _BETWEEN_BODIES for role in page.roles[above:index]):
            clusters.append([index, index, 0])
        clusters[-1][1] = index
        clusters[-1][2] += 1
    dateline = page.roles.index("dateline") if "dateline" in page.roles else len(page)
    opened = (cluster for cluster in clusters if cluster[1] > dateline >= cluster[0] - CLUSTER_GAP)
    largest = max(clusters, key=lambda cluster: (cluster[2], -cluster[0]))
    first, last, _ = next(opened, largest)
    sign = next((i for i in range(last + 1, len(page)) if page.rules[i] in _END_SIGNS), last + 1)
    return first, sign - 1


def _bodies(b: Batch, shapes: Codes) -> tuple[Codes, Codes]:
    """Return for every unit the first and last unit of its page's body, -1 where the page has no plain paragraph."""
    firsts, lasts = np.full(len(b.pages), -1), np.full(len(b.pages), -1)
    plain = np.flatnonzero(shapes == PLAIN)
    cuts = [*np.searchsorted(plain, b.first).tolist(), len(plain)]
    places = b.place[plain].tolist()
    for number, page in enumerate(b.pages):
        if cuts[number] < cuts[number + 1]:
            firsts[number], lasts[number] = _body(places[cuts[number] : cuts[number + 1]], page)
    sizes = b.size[b.first]
    return np.repeat(firsts, sizes), np.repeat(lasts, sizes)


def _runs(b: Batch, shapes: Codes) -> Codes:
    """Return for every unit the bucket of the length of the run of units that are no sentences, 0 outside such runs."""
    loose = ~_IS_BODY[shapes]
    opens = np.ones(len(shapes), dtype=bool)
    opens[1:] = (loose[1:] != loose[:-1]) | (b.place[1:] == 0)
    run = np.cumsum(opens) - 1
    return np.where(loose, _near(np.bincount(run)[run]), 0)


def _repeats(page: Units) -> list[int]:
    """Return for every unit whether its line comes again on the page, by the codes of Repeat; 0 where it does not."""
    begins = [page.text[s : min(e, s + BEGIN)].casefold()[:BEGIN] for s, e in zip(page.starts, page.ends, strict=True)]
    result = [0] * len(begins)
    if len(set(begins)) == len(begins):
        return result
    counts = Counter(begins)
    texts = {i: page.string(i)[:TITLE_WITHIN].casefold() for i, begin in enumerate(begins) if counts[begin] > 1}
    title, copies = texts.get(0, ""), Counter(texts.values())
    seen: set[str] = set()
    for index, text in texts.items():
        if index and len(text) > TITLE_KEY and title.startswith(text):
            result[0], result[index] = Repeat.TITLE, Repeat.TITLE_COPY
        elif copies[text] > 1:
            beside = text in (texts.get(index - 1), texts.get(index + 1))
            result[index] = Repeat.BESIDE if beside else Repeat.LATER if text in seen else Repeat.FIRST
        seen.add(text)
    return result


def _restated(page: Units) -> list[int]:
    """Return for the first two units how much of their words the next unit repeats: a deck sums up the first paragraph.

    0 where the unit is short, else 1 to 4.
    """
    result = [0] * len(page)
    for index in range(min(RESTATING, len(page) - 1)):
        if page.roles[index] or page.size(index) < RESTATED_LENGTH:
            continue
        mine = {word for word in page.string(index)[:RESTATED_HEAD].casefold().split() if len(word) >= LONG_WORD}
        if len(mine) >= RESTATED_WORDS:
            following = index + 1 + (page.roles[index + 1] == "dateline" and index + 2 < len(page))
            theirs = page.string(following)[:RESTATING_HEAD].casefold().split()
            result[index] = 1 + bisect_right(_OVERLAPS, 100 * len(mine.intersection(theirs)) // len(mine))
    return result


def _marked(b: Batch, rule: str) -> Mask:
    return np.fromiter(map(rule.__eq__, b.rules), dtype=bool, count=len(b.rules))


def _around(b: Batch, sign: Codes) -> Codes:
    """Code for the place of units relative to their page's sign, whose place is -1 where the page has none.

    0 is for no sign; then come the places above it by their distance, then its own and those below it.
    """
    away = b.place - sign
    above, below = 1 + np.minimum(_AROUND, -away), 2 + _AROUND + np.minimum(_AROUND, away)
    return np.where(sign < 0, 0, np.where(away < 0, above, below))


def _page_last(b: Batch, hits: Mask) -> Codes:
    """Return for every unit the place of the last hit on its page, -1 where there is none."""
    places = np.where(hits, b.place, -1)
    return np.repeat(np.maximum.reduceat(places, b.first), b.size[b.first])


class _Kind:
    """What stands beside a line that may be one of a list; 0 is for the edge of the page."""

    NUMBERED, TEXT, DECIDED, SHORT = 1, 2, 3, 4
    COUNT = 5


_ITEM_SIZES = np.array((5, 7))
"""Edges, in length buckets, of the sizes of a head of a section or an item: up to 25, up to 60 code points, longer."""
_ITEM_LENGTH = 8
"""The last length bucket of such a line: up to 110 code points."""


def _items(b: Batch, shapes: Codes) -> Codes:
    """Code for a short line by its length and what stands around it: the head of a section, or one item of a list."""
    length, ending = b.own["length"], b.own["ending"]
    numbered = b.own["start"] == Start.NUMBERED
    kind = np.where(numbered, _Kind.NUMBERED, np.where(shapes == _DECIDED, _Kind.DECIDED, _Kind.SHORT))
    kind = np.where(_IS_SENTENCE[shapes] | (length > _ITEM_LENGTH), _Kind.TEXT, kind)
    size = np.searchsorted(_ITEM_SIZES, length, side="right")
    own = numbered * (len(_ITEM_SIZES) + 1) + size
    code = 1 + (own * _Kind.COUNT + b.shifted(kind, -1, 0)) * _Kind.COUNT + b.shifted(kind, 1, 0)
    sentence = (ending == Ending.STOP) | (ending == Ending.QUOTE)
    return np.where((length > _ITEM_LENGTH) | sentence | (shapes == _DECIDED), 0, code)


def columns(b: Batch) -> dict[str, Codes]:
    """Return the codes of every unit of a batch, one array a template."""
    decided = b.decided
    shapes = np.where(decided > 0, _DECIDED, b.own["shape"])
    first, last = _bodies(b, shapes)
    away = (first >= 0) & ((b.place < first - CLUSTER_GAP) | (b.place > last + CLUSTER_GAP))
    shapes = np.where(away & _IS_TEASER[shapes], _TEASER, shapes)
    title = _page_last(b, _marked(b, "shape:title-repeated"))
    above = np.where((title >= 0) & (title < b.place), Zone.UNDER_TITLE, Zone.ABOVE)
    zone = np.where(b.place < first, above, np.where(b.place <= last, Zone.BODY, Zone.BELOW))
    zone = np.where(first < 0, Zone.NO_BODY, zone)
    result = _own_columns(b, shapes)
    result |= _neighbour_columns(b, shapes, decided)
    result |= _place_columns(b, shapes, zone)
    result |= _label_columns(b, shapes, decided)
    beside = result["repeat"] // _COUNT == Repeat.BESIDE
    result["announced"] = np.where(beside, 0, _announced(b, shapes, zone))
    return result


def _announced(b: Batch, shapes: Codes, zone: Codes) -> Codes:
    """Return the codes of Announced: what a sentence of the body announces goes up to the next whole sentence.

    None of several items of the same shape, one under the other, heads the next.
    """
    in_body = zone == Zone.BODY
    announces = (b.own["ending"] == Ending.COLON) & (b.own["phrase"] == 0) & _ANNOUNCES[shapes] & in_body
    ends = (_IS_SENTENCE[shapes] & ~announces) | (b.own["phrase"] > 0) | np.isin(b.decided, _ENDS_LIST)
    last = _last_hit(announces, b.start)
    item = (last >= 0) & (last > _last_hit(ends, b.start)) & ~announces & in_body
    found = np.where(item, Announced.ITEM, 0)
    alike = (b.shifted(found, 1, 0) == Announced.ITEM) & (b.shifted(shapes, 1, Beyond.SHAPE) == shapes)
    return np.where(item & (alike | np.append(False, alike[:-1])), Announced.ALIKE, found)


def _own_columns(b: Batch, shapes: Codes) -> dict[str, Codes]:
    own = b.own
    result = {name: own[name] for name in ("phrase", "length", "ending", "start", "case", "menu", "function")}
    result["shape"] = shapes
    result["length-ending"] = own["length"] * Beyond.ENDING + own["ending"]
    for (name, flag), template in FLAG_TEMPLATES.items():
        result[template] = np.minimum(own[name] & flag, 1)
    return result


def _neighbour_columns(b: Batch, shapes: Codes, decided: Codes) -> dict[str, Codes]:
    own, at = b.own, b.shifted
    before, after = at(shapes, -1, Beyond.SHAPE), at(shapes, 1, Beyond.SHAPE)
    blanks = np.array([blank for page in b.pages for blank in page.blanks]) + 1
    return {
        "phrase-1": at(own["phrase"], -1, Beyond.PHRASE),
        "phrase+1": at(own["phrase"], 1, Beyond.PHRASE),
        "phrase-2": at(own["phrase"], -2, Beyond.PHRASE),
        "shape-1": before * _COUNT + shapes,
        "shape+1": shapes * _COUNT + after,
        "shapes-around": before * _COUNT + after,
        "shape-2": at(shapes, -2, Beyond.SHAPE) * _COUNT + shapes,
        "shape+2": shapes * _COUNT + at(shapes, 2, Beyond.SHAPE),
        "shapes": (before * _COUNT + shapes) * _COUNT + after,
        "decided-1": at(decided, -1, Beyond.DECIDED),
        "decided+1": at(decided, 1, Beyond.DECIDED),
        "length-1": at(own["length"], -1, Beyond.LENGTH),
        "length+1": at(own["length"], 1, Beyond.LENGTH),
        "joint-before": at(own["ending"], -1, Beyond.ENDING) * Beyond.START + own["start"],
        "joint-after": own["ending"] * (Beyond.START + 1) + at(own["start"], 1, Beyond.START),
        "blank": blanks * _BLANKS + at(blanks, 1, Beyond.BLANK),
        "item": _items(b, shapes),
        **_piece_columns(b, shapes, decided, blanks),
    }


def _piece_columns(b: Batch, shapes: Codes, decided: Codes, blanks: Codes) -> dict[str, Codes]:
    """Codes for pieces of one line: whether a unit goes on with the line before it, and the next one with its line."""
    continues, continued = blanks == 0, b.shifted(blanks, 1, Beyond.BLANK) == 0
    return {
        "piece": (continues * 2 + continued) * _COUNT + shapes,
        "piece-1": np.where(continues, b.shifted(decided, -1, 0), Beyond.DECIDED) * 2 + (shapes == PLAIN),
        "piece+1": np.where(continued, b.shifted(decided, 1, 0), Beyond.DECIDED) * 2 + (shapes == PLAIN),
    }


def joint_after(code: Codes) -> tuple[Codes, Codes]:
    """Return how units end and how the next ones start, from the codes of `joint-after`."""
    return np.divmod(code, Beyond.START + 1)


def _place_columns(b: Batch, shapes: Codes, zone: Codes) -> dict[str, Codes]:
    plain = shapes == PLAIN
    above, below = _above(plain, b.start), _below(b, plain)
    pages = np.searchsorted(_SIZES, b.size, side="right")
    menus = np.repeat(np.add.reduceat((b.own["menu"] == Menu.NAME).astype(np.int64), b.first), b.size[b.first])
    share = np.searchsorted(_MENU_SHARES, 100 * menus // b.size, side="right")
    from_top, from_bottom = np.minimum(_EDGE, b.place), np.minimum(_EDGE, b.size - 1 - b.place)
    return {
        "zone": zone * _COUNT + shapes,
        "body-near": above * _NEARS + below,
        "body-before": above * _COUNT + shapes,
        "body-after": below * _COUNT + shapes,
        "edge": from_top * (_EDGE + 1) + from_bottom,
        "third": np.minimum(_TENTHS - 1, _TENTHS * b.place // b.size) * _ZONES + zone,
        "page": pages * _COUNT + shapes,
        "page-zone": pages * _ZONES + zone,
        "menus": share * _COUNT + shapes,
        "menus-zone": share * _ZONES + zone,
        "run": _runs(b, shapes) * _COUNT + shapes,
        "repeat": np.array([code for page in b.pages for code in _repeats(page)]) * _COUNT + shapes,
        "restated": np.array([code for page in b.pages for code in _restated(page)]),
        "titled": _titled(b),
    }


def opens_page(code: Codes) -> Mask:
    """Return from the codes of `edge` whether a unit is the first of its page."""
    return code <= _EDGE


def _titled(b: Batch) -> Codes:
    """Return for every unit whether it, or the one before it, was cut off as a title: 1, 2, else 0."""
    titles = np.repeat([page.title for page in b.pages], b.size[b.first])
    away = b.place - titles
    return np.where((titles >= 0) & (away >= 0) & (away <= 1), 1 + away, 0)


def zone_of(code: Codes) -> Codes:
    """Return the codes of Zone from those of `zone`."""
    return code // _COUNT


def _label_columns(b: Batch, shapes: Codes, decided: Codes) -> dict[str, Codes]:
    """Codes for the last label above a unit, the dateline and the desk's initials."""
    numbers = np.arange(len(shapes))
    speaks = b.own["phrase"] > 0
    resets = _IS_SENTENCE[shapes] & ~speaks
    upward = np.maximum(b.place - 1, 0) + b.start
    inside = b.place > 0
    label = np.where(inside, _last_hit(speaks, b.start)[upward], -1)
    reset = np.where(inside, _last_hit(resets, b.start)[upward], -1)
    leads = label > reset
    lead = np.where(leads, b.own["phrase"][label], 0)
    near = np.where(leads, _near(numbers - label), 0)
    initials = _marked(b, "split:desk-initials")
    since = _first_hit(b, initials)
    return {
        "lead": lead * _LEAD_STEP + near,
        "lead-shape": lead * _COUNT + shapes,
        "dateline": _around(b, _page_last(b, decided == _DECIDED_CODES["dateline"])) * _COUNT + shapes,
        "initials": np.where((since >= 0) & (b.place >= since), _near(b.place - since), 0) * _COUNT + shapes,
    }


def _first_hit(b: Batch, hits: Mask) -> Codes:
    """Return for every unit the place of the first hit on its page, -1 where there is none."""
    none = 1 << 30
    places = np.repeat(np.minimum.reduceat(np.where(hits, b.place, none), b.first), b.size[b.first])
    return np.where(places == none, -1, places)
