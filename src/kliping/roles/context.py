"""Codes for what stands around a unit: its neighbours, the body, the dateline, the last label, its place on the page."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from kliping.model import ROLES
from kliping.roles.features import COUNTS, SHAPE_CODES, SHAPES, UNIT_TEMPLATES, Description, normal
from kliping.roles.units import Units

Codes = npt.NDArray[np.int32]

CLUSTER_GAP = 12
"""Plain paragraphs with more units than this between them are not of one body: teasers in a list of other articles."""

_PLAIN, _DECIDED = SHAPE_CODES["plain"], SHAPE_CODES["decided"]
_BODY_SHAPES = frozenset(SHAPE_CODES[name] for name in ("plain", "sentence", "quote", "decided"))
_END_SIGNS = frozenset({"split:desk-initials", "split:closing-byline", "phrase:editor", "phrase:penulis", "phrase:reporter"})
_FURNITURE = frozenset({"related", "navigation", "interaction", "promotion", "copyright"})
_TEASERS = frozenset(SHAPE_CODES[name] for name in ("plain", "sentence", "quote", "long-open"))
_MENU_SHARES = (1, 4, 12)
"""Edges, in hundredths of the page's units, of the buckets for how many name menus."""
_TEASER, _NUMBERED, _MENU = SHAPE_CODES["teaser"], SHAPE_CODES["numbered"], SHAPE_CODES["menu"]
_ENDING_LEADS = frozenset(SHAPE_CODES[name] for name in ("plain", "sentence", "quote"))
_SIZES = (9, 21, 61, 151)
_ROLE_CODES = {role: code + 1 for code, role in enumerate(ROLES)}


def _near(distance: int) -> int:
    """Bucket of a distance in units: 1 for the same, then ever coarser, at most 6."""
    return min(6, 1 + bisect_right(COUNTS, distance))


def _body(shapes: list[int], rules: list[str], roles: list[str]) -> tuple[int, int]:
    """Return the first and last unit of the body: the largest cluster of plain paragraphs, on to the sign of its end.

    Two clusters are apart where many units lie between them and some of these are known to be furniture.

    (-1, -1) where the page has no plain paragraph.
    """
    plain = [i for i, shape in enumerate(shapes) if shape == _PLAIN]
    if not plain:
        return -1, -1
    clusters = [[plain[0], plain[0], 1]]
    for index in plain[1:]:
        above = clusters[-1][1]
        if index - above > CLUSTER_GAP and any(role in _FURNITURE for role in roles[above:index]):
            clusters.append([index, index, 0])
        clusters[-1][1] = index
        clusters[-1][2] += 1
    first, last, _ = max(clusters, key=lambda cluster: (cluster[2], -cluster[0]))
    sign = next((i for i in range(last + 1, len(rules)) if rules[i] in _END_SIGNS), last + 1)
    return first, sign - 1


def _distances(hits: list[bool]) -> list[int]:
    """Return for every unit the bucket of its distance to the last hit at or before it, 0 where there is none."""
    result, last = [], -1
    for index, hit in enumerate(hits):
        if hit:
            last = index
        result.append(_near(index - last) if last >= 0 else 0)
    return result


def _runs(shapes: list[int]) -> list[int]:
    """Return for every unit the bucket of the length of the run of units that are no sentences, 0 outside such runs."""
    result: list[int] = []
    start = 0
    for index in range(len(shapes) + 1):
        if index == len(shapes) or shapes[index] in _BODY_SHAPES:
            result += [_near(index - start)] * (index - start)
            if index < len(shapes):
                result.append(0)
            start = index + 1
    return result


def _repeats(page: Units) -> list[int]:
    """Return 1 at the first, 2 at later copies of a line, 5 where they follow each other, 3 and 4 for a title and its copies."""
    texts = [normal(page.string(i)) for i in range(len(page))]
    counts, seen, result = Counter(texts), set(), []
    title = texts[0]
    for index, text in enumerate(texts):
        code = 0
        if counts[text] > 1 and text:
            code = 2 if text in seen else 1
            if text in texts[max(0, index - 1) : index] + texts[index + 1 : index + 2]:
                code = 5
        if index and len(text) > 20 and title.startswith(text):
            code = 3
        seen.add(text)
        result.append(code)
    if 3 in result:
        result[0] = 4
    return result


def _leads(phrases: list[int], shapes: list[int]) -> tuple[list[int], list[int]]:
    """Return the code of the last phrase above each unit since the last plain paragraph, and the distance to it."""
    codes, distances, lead, since = [], [], 0, 0
    for phrase, shape in zip(phrases, shapes, strict=True):
        codes.append(lead)
        distances.append(_near(since) if lead else 0)
        if phrase:
            lead, since = phrase, 0
        elif shape in _ENDING_LEADS:
            lead = 0
        since += 1
    return codes, distances


def _around(sign: int, index: int) -> int:
    """Code for the place of a unit relative to `sign`, 0 where the page has none."""
    if sign < 0:
        return 0
    return 1 + min(3, sign - index) if index < sign else 5 + min(3, index - sign)


def columns(page: Units, described: list[Description]) -> list[dict[str, int]]:
    """Return the codes of every unit of a page, one mapping from template to code a unit."""
    size = len(page)
    own = [dict(zip(UNIT_TEMPLATES, d.codes, strict=True)) for d in described]
    shapes = [_DECIDED if page.roles[i] else own[i]["shape"] for i in range(size)]
    phrases = [codes["phrase"] for codes in own]
    fixed = [_ROLE_CODES.get(role, 0) for role in page.roles]
    first, last = _body(shapes, page.rules, page.roles)
    if first >= 0:
        shapes = [_TEASER if not first - CLUSTER_GAP <= i <= last + CLUSTER_GAP and s in _TEASERS else s for i, s in enumerate(shapes)]
    menus = sum(codes["menu"] == 1 for codes in own)
    menu_share = bisect_right(_MENU_SHARES, 100 * menus // size)
    title = max((i for i in range(size) if page.rules[i] == "shape:title-repeated"), default=-1)
    plain = [shape == _PLAIN for shape in shapes]
    before, after = _distances(plain), _distances(plain[::-1])[::-1]
    dateline = max((i for i in range(size) if page.roles[i] == "dateline"), default=-1)
    initials = next((i for i in range(size) if page.rules[i] == "split:desk-initials"), -1)
    runs, repeats = _runs(shapes), _repeats(page)
    leads, lead_distances = _leads(phrases, shapes)
    pages = bisect_right(_SIZES, size)
    restated = _restated(page)
    rows = []
    for i in range(size):
        shape, codes = shapes[i], own[i]
        at = _neighbour(i, size)
        previous, following = at(shapes, -1, 0), at(shapes, 1, 0)
        second_before, second_after = at(shapes, -2, 0), at(shapes, 2, 0)
        zone = 0 if first < 0 else (4 if -1 < title < i else 1) if i < first else 2 if i <= last else 3
        count = len(SHAPES)
        row = dict(codes, shape=shape)
        for bit in range(8):
            row[f"when{bit}"] = codes["when"] >> bit & 1
        for bit in range(9):
            row[f"what{bit}"] = codes["what"] >> bit & 1
        del row["when"], row["what"]
        end_before = own[i - 1]["ending"] if i else 11
        start_after = own[i + 1]["start"] if i + 1 < size else 14
        row |= {
            "phrase-1": at(phrases, -1, 39), "phrase+1": at(phrases, 1, 39), "phrase-2": at(phrases, -2, 39),
            "shape-1": previous * count + shape, "shape+1": shape * count + following,
            "shapes-around": previous * count + following,
            "shape-2": second_before * count + shape, "shape+2": shape * count + second_after,
            "shapes": (previous * count + shape) * count + following,
            "zone": zone * count + shape, "body-near": before[i] * 7 + after[i],
            "body-before": before[i] * count + shape, "body-after": after[i] * count + shape,
            "edge": min(3, i) * 4 + min(3, size - 1 - i), "third": min(9, 10 * i // size) * 5 + zone,
            "page": pages * count + shape, "page-zone": pages * 5 + zone,
            "lead": leads[i] * 8 + lead_distances[i], "lead-shape": leads[i] * count + shape,
            "repeat": repeats[i] * count + shape,
            "blank": (page.blanks[i] + 1) * 5 + (page.blanks[i + 1] + 1 if i + 1 < size else 4),
            "dateline": _around(dateline, i) * count + shape,
            "initials": (_near(i - initials) if -1 < initials <= i else 0) * count + shape,
            "menus": menu_share * count + shape, "menus-zone": menu_share * 5 + zone,
            "item": _item(own, shapes, i), "restated": restated[i] if i < len(restated) else 0,
            "run": runs[i] * count + shape,
            "decided-1": at(fixed, -1, 19), "decided+1": at(fixed, 1, 19),
            "length-1": own[i - 1]["length"] if i else 12, "length+1": own[i + 1]["length"] if i + 1 < size else 12,
            "joint-before": end_before * 14 + codes["start"], "joint-after": codes["ending"] * 15 + start_after,
            "length-ending": codes["length"] * 11 + codes["ending"],
        }  # fmt: skip
        rows.append(row)
    return rows


def _item(own: list[dict[str, int]], shapes: list[int], index: int) -> int:
    """Code for a short line by its length and what stands around it: the head of a section, or one item of a list."""
    length = own[index]["length"]
    if length > 8 or own[index]["ending"] in (1, 7) or shapes[index] == _DECIDED:
        return 0
    numbered = own[index]["start"] == 3
    after = _kind(own, shapes, index + 1)
    before = _kind(own, shapes, index - 1)
    return 1 + ((numbered * 3 + (0 if length <= 4 else 1 if length <= 6 else 2)) * 5 + before) * 5 + after


def _kind(own: list[dict[str, int]], shapes: list[int], index: int) -> int:
    """Return 0 outside the page, 1 for a numbered short line, 2 for text, 3 for what is decided, 4 for the rest."""
    if not 0 <= index < len(shapes):
        return 0
    if shapes[index] in _ENDING_LEADS or own[index]["length"] >= 9:
        return 2
    return 1 if own[index]["start"] == 3 else 3 if shapes[index] == _DECIDED else 4


def _restated(page: Units) -> list[int]:
    """Return for the first three units how much of their words the next unit repeats: a deck sums up the first paragraph.

    0 where the unit is short, else 1 to 4.
    """
    result = []
    for index in range(min(3, len(page) - 1)):
        mine = {w for w in page.string(index).casefold().split() if len(w) > 3}
        following = [page.string(i) for i in range(index + 1, min(index + 4, len(page))) if page.roles[i] != "dateline"][:1]
        theirs = set(following[0].casefold().split()) if following else set()
        result.append(0 if len(mine) < 5 else 1 + bisect_right((20, 40, 60), 100 * len(mine & theirs) // len(mine)))
    return result


def _neighbour(index: int, size: int) -> Callable[[list[int], int, int], int]:
    def at(values: list[int], offset: int, outside: int) -> int:
        return values[index + offset] if 0 <= index + offset < size else outside

    return at
