"""What the stamp of an article looks like, and lines that hold one beside a name or a title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kliping import knowledge
from kliping.annotation.roles.pieces import Piece, trimmed

STAMPED_WITHIN = 140
"""A line that holds a stamp beside something else is shorter than this, in code points."""

CORE = (
    r"(?:on )?(?:[A-Za-z'’`]{4,9} ?,? ?)?\d{1,2}[ /-](?:[A-Za-z]{3,9}|\d{1,2})[ /-]\d{2,4}"
    r"[ ,|\-–]{0,4}(?:at |pukul |pkl\.? |jam )?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    rf"(?: ?(?:{'|'.join(knowledge.calendar().zones)}))?(?: ?\|)?"
)
STAMP = re.compile(rf"(?:[\w.]{{3,25}} ?)?(?:- ?)?{CORE}", re.IGNORECASE)
"""A full date with a time, as pages stamp their articles, perhaps behind the outlet."""
INSIDE = re.compile(rf"(?<![\w/]){CORE}", re.IGNORECASE)
"""The same inside a line."""
_AUTHOR = re.compile(r"[A-Z][\w.'’ ]{2,50}, ?(?:Jurnalis|Reporter|Wartawan|Kontributor|Redaksi) ?[-–|,] ?")
CLOCK = re.compile(r"\d[:.]\d\d")
"""What stands in every stamp: the quick test before it."""


def beside(line: str, start: int, end: int) -> Iterator[Piece]:
    """Yield what stands beside the stamp in a short line, and the stamp; nothing where there is none or it is all."""
    if end - start >= STAMPED_WITHIN or not CLOCK.search(line, start, end):
        return
    found = STAMP.search(line, start, end)
    if found is None or found.end() - found.start() >= end - start:
        return
    author = _AUTHOR.match(line, start, end)
    if author and (behind := STAMP.fullmatch(line, author.end(), end)):
        found = behind
    begin, stop = trimmed(line, start, found.start())
    if not any(map(str.isalnum, line[begin:stop] + line[found.end() : end])):
        return
    if begin < stop:
        yield Piece(begin, stop, "byline", "split:author-and-stamp") if author else Piece(begin, stop)
    yield Piece(
        *trimmed(line, found.start(), found.end()),
        "timestamp" if author else "",
        "split:author-and-stamp" if author else "",
    )
    begin, stop = trimmed(line, found.end(), end)
    if begin < stop:
        yield Piece(begin, stop)
