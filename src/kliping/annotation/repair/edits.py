"""Edits of a text, applied, composed and aligned in linear time: every change keeps its place in the raw text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple


class Edit(NamedTuple):
    """Put `after` where [start, end) stands (code points, end exclusive).

    Lists of edits are sorted and do not overlap.
    """

    start: int
    end: int
    after: str
    reason: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with `edits` carried out."""
    pieces: list[str] = []
    position = 0
    for start, end, after, _ in edits:
        pieces += (text[position:start], after)
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def compose(first: Sequence[Edit], middle: str, second: Sequence[Edit]) -> list[Edit]:
    """Return one list of edits that does what `first` and then `second` do; `first` makes the text `middle`.

    Edits of both lists that share characters of `middle` become one, with the reason of the earliest.
    """
    if not first or not second:
        return list(first or second)
    composed: list[Edit] = []
    cluster: list[_Placed] = []
    reach = shift = 0
    for item in _by_place(first, second):
        if cluster and item.start >= reach:
            edit, shift = _fuse(cluster, middle, shift)
            composed.append(edit)
            cluster = []
        reach = max(reach, item.end) if cluster else item.end
        cluster.append(item)
    composed.append(_fuse(cluster, middle, shift)[0])
    return composed


class _Placed(NamedTuple):
    """An edit with its place in the middle text, and whether it made that text."""

    start: int
    end: int
    edit: Edit
    is_first: bool


def _by_place(first: Sequence[Edit], second: Sequence[Edit]) -> list[_Placed]:
    items, shift = [], 0
    for edit in first:
        start = edit.start + shift
        items.append(_Placed(start, start + len(edit.after), edit, True))
        shift += len(edit.after) - (edit.end - edit.start)
    items += [_Placed(edit.start, edit.end, edit, False) for edit in second]
    return sorted(items, key=lambda item: item[:2])


def _fuse(cluster: Sequence[_Placed], middle: str, shift: int) -> tuple[Edit, int]:
    """Return the cluster as one edit of the raw text, and how far middle positions lie behind raw ones after it."""
    earlier = [item.edit for item in cluster if item.is_first]
    later = [item.edit for item in cluster if not item.is_first]
    left, right = cluster[0].start, max([item.end for item in cluster])
    start = left - shift
    if not earlier:
        return Edit(start, right - shift, later[0].after, later[0].reason), shift
    after = earlier[0].after
    if later:
        after = apply(middle[left:right], [Edit(e.start - left, e.end - left, e.after, e.reason) for e in later])
    shift += sum([len(edit.after) - edit.end + edit.start for edit in earlier])
    return Edit(start, right - shift, after, earlier[0].reason), shift


_ENCODINGS = ("sloppy-windows-1252", "latin-1", "macroman")

_NOT_ASCII = re.compile(r"[^\n -~][^\n -~]*")
"""What lies between printable ASCII characters, which an encoding repair nearly always keeps."""

_DOUBTFUL = re.compile(r"(?:\x1b\[[\d;]*[a-zA-Z]|[^\n!->@-~])+")
"""The same without the ASCII that it may change: the space (for a lost U+00A0), `?` (a lost byte), terminal escapes."""


def align(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, after) that turn `old` into `new`, two states of a line before and after an encoding repair.

    Both are cut at the ASCII characters that such a repair keeps; what lies between is aligned character by
    character where an encoding explains it, else word by word. Linear in the length of both.
    """
    sound = _NOT_ASCII.split(old)
    if sound == _NOT_ASCII.split(new):
        pairs = zip(_NOT_ASCII.findall(old), _NOT_ASCII.findall(new), strict=True)
        position = 0
        for kept, (was, now) in zip(sound, pairs, strict=False):
            position += len(kept)
            yield from _align_gap(position, was, now)
            position += len(was)
        return
    gap = next((gap for gap in (_NOT_ASCII, _DOUBTFUL) if gap.sub("", old) == gap.sub("", new)), None)
    if gap is None:
        yield _trimmed(0, old, new)
        return
    before, after = _gaps(gap, old), _gaps(gap, new)
    position = taken = 0
    for anchors in sorted(before.keys() | after.keys()):
        position += anchors - taken
        taken = anchors
        was, now = before.get(anchors, ""), after.get(anchors, "")
        yield from _align_gap(position, was, now)
        position += len(was)


def _gaps(gap: re.Pattern[str], text: str) -> dict[int, str]:
    """The gaps of a text, each under the number of kept characters before it."""
    gaps, anchors, position = {}, 0, 0
    for match in gap.finditer(text):
        anchors += match.start() - position
        position = match.end()
        gaps[anchors] = match[0]
    return gaps


def _align_gap(offset: int, was: str, now: str) -> Iterator[tuple[int, int, str]]:
    if was != now:
        changes = _common_changes if len(was) <= _COMMON else _changes
        for start, end, after in changes(was, now):
            yield start + offset, end + offset, after


def _changes(was: str, now: str) -> list[tuple[int, int, str]]:
    """The changes within one gap, counted from its beginning."""
    widths = _widths(was, now)
    if widths is not None:
        return list(_join(was, now, widths))
    was_words, now_words = was.split(" "), now.split(" ")
    if len(was_words) != len(now_words):
        return [_trimmed(0, was, now)]
    changes, offset = [], 0
    for was_word, now_word in zip(was_words, now_words, strict=True):
        if was_word != now_word:
            changes.append(_trimmed(offset, was_word, now_word))
        offset += len(was_word) + 1
    return changes


_COMMON = 8
"""The longest gap worth remembering: most damage is the same few quotes, dashes and spaces again and again."""

_common_changes = lru_cache(maxsize=1024)(_changes)


def _widths(was: str, now: str) -> list[int] | None:
    """How many characters of `was` each character of `now` was read from, where one encoding explains them all."""
    if len(was) == len(now):
        return [1] * len(now)
    for encoding in _ENCODINGS:
        try:
            if was.encode(encoding) == now.encode("utf-8"):
                return [len(character.encode("utf-8")) for character in now]
        except UnicodeEncodeError:
            continue
    return None


def _join(was: str, now: str, widths: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """Changed characters, neighbours joined unless only one of them is white space."""
    start, position, after = 0, 0, ""
    for character, width in zip(now, widths, strict=True):
        changed = was[position : position + width] != character
        if after and not (changed and after[-1].isspace() == character.isspace()):
            yield start, position, after
            after = ""
        if changed:
            start = start if after else position
            after += character
        position += width
    if after:
        yield start, position, after


def _trimmed(offset: int, was: str, now: str) -> tuple[int, int, str]:
    """The one change between two texts, without what they share at both ends."""
    limit = min(len(was), len(now))
    head = next((i for i in range(limit) if was[i] != now[i]), limit)
    tail = next((i for i in range(limit - head) if was[-1 - i] != now[-1 - i]), limit - head)
    return offset + head, offset + len(was) - tail, now[head : len(now) - tail]
