"""What the stamp of an article looks like, and lines that hold one beside something else: a name, a title.

A stamp gives a full date, mostly with a clock time: in words or in numbers, day or year or clock first, behind a label
(`Terbit:`), beside the day of the Islamic calendar. Months, weekdays and labels stand in `dates.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kliping import knowledge
from kliping.annotation.roles.persons import NAME, is_person
from kliping.annotation.roles.pieces import Piece, trimmed

STAMPED_WITHIN = 140
"""A line that holds a stamp beside something else is shorter than this, in code points."""

_KNOWN = knowledge.load("dates.toml")
_MONTHS, _WEEKDAYS = (knowledge.any_of(names) for names in (knowledge.calendar().months, knowledge.calendar().weekdays))
_ZONE = rf"(?:{'|'.join(knowledge.calendar().zones)})(?: ?[+-]\d{{1,2}}(?::?\d\d)?)?|[+-]\d\d:?\d\d|Z\b"
_ISLAMIC = r"\d{1,2} [A-Za-z'’]{2,12}(?: [A-Za-z'’]{2,12})? 1[34]\d\d(?: ?H(?:ijriah)?)?\b"
_BETWEEN = r"[ ,|/•·–-]{1,4}"
_DAY = (
    rf"(?:(?:{_WEEKDAYS})\.?[ ,/|]{{1,3}})?(?:{_ISLAMIC}{_BETWEEN})?"
    rf"(?:\d{{1,2}}[ ./-](?:{_MONTHS}|\d{{1,2}})\.?[ ./-]{{1,2}}(?:\d{{4}}|\d{{2}})"
    rf"|(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})(?!\d)"
    rf"(?:{_BETWEEN}{_ISLAMIC})?"
)
_CLOCK = (
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d{1,6})?)?(?!\d)(?: ?[ap]\.?m\b\.?)?"
    rf"(?: ?\(?(?:{_ZONE})\)?)?"
)
_CALLED = r"(?:at |pukul |pkl\.? ?|jam )?"
_TIMED = rf"{_DAY}(?:T|[ ,|•·–-]{{1,4}}){_CALLED}{_CLOCK}|{_CALLED}{_CLOCK}{_BETWEEN}{_DAY}"
_LABELS = knowledge.any_of(
    (*_KNOWN["labels"]["issued"], *_KNOWN["cues"]["updated"], "terakhir", "last", "tanggal", "on")
)
_LABEL = rf"(?:(?:{_LABELS}) ?:? ?(?:pada |on )?){{1,2}}"
_MOMENT = rf"\(?(?:{_LABEL})?(?:{_TIMED}|{_DAY})(?: ?\))?"
_OUTLET = r"(?:[\w-]{2,25}(?:\.\w{2,4}){1,2}|(?-i:[a-z]{2,12}[A-Z]\w{2,12}|[A-Z]{3,10}))[ ,|–-]{1,3}"
STAMP = re.compile(rf"(?:{_OUTLET})?{_MOMENT}(?:[ ,|•·/–-]{{0,4}}{_MOMENT})?(?: ?\|)?", re.IGNORECASE)
"""All that a line holds which is a stamp, perhaps behind the outlet, perhaps with the time of a change."""
INSIDE = re.compile(rf"(?<![\w/])(?:on )?{_DAY}(?:T|[ ,|•·–-]{{1,4}})(?:at )?{_CLOCK}(?: ?\|)?", re.IGNORECASE)
"""A date with a clock time inside a line; `pukul` stands before the time of what will happen."""
_SIGNED = re.compile(
    rf"(?<=\S )((?:Oleh|By|Ditulis [Oo]leh|Penulis)[ :]{{1,3}}({NAME}))[ ,|·•–-]{{1,3}}"
    rf"((?i:{_DAY})(?:{_BETWEEN}{_CLOCK})?)"
)
_NOBODY = frozenset(knowledge.load("bylines.toml")["not_names"])
_AUTHOR = re.compile(r"[A-Z][\w.'’ ]{2,50}, ?(?:Jurnalis|Reporter|Wartawan|Kontributor|Redaksi) ?[-–|,] ?")
CLOCK = re.compile(r"\d[:.]\d\d")
"""What stands in every stamp with a clock time: the quick test before it."""
_SIGNS = " -–—|•·,/"
_TIMES = re.compile(rf"(?:{_LABEL})?(?:{_TIMED})", re.IGNORECASE)


def signed(line: str, start: int, end: int) -> tuple[Piece, Piece] | None:
    """Return who wrote the article, behind a label, and the day, inside a line; None where there is no such pair.

    >>> line = "Harga Cabai Turun Oleh Rukmini Wardhana - 5 Februari 2024 Pedagang lega."
    >>> [line[piece.start : piece.end] for piece in signed(line, 0, len(line))]
    ['Oleh Rukmini Wardhana -', '5 Februari 2024']
    """
    found = _SIGNED.search(line, start, end)
    if not found or not (is_person(found[2]) or found[2].casefold() in _NOBODY):
        return None
    byline = trimmed(line, found.start(1), found.start(3))
    return Piece(*byline, "byline", "split:author-and-stamp"), Piece(
        *found.span(3), "timestamp", "split:author-and-stamp"
    )


def beside(line: str, start: int, end: int) -> Iterator[Piece]:
    """Yield what stands beside the stamp in a short line, and the stamp; nothing where there is none or it is all."""
    if end - start >= STAMPED_WITHIN or not CLOCK.search(line, start, end) or STAMP.fullmatch(line, start, end):
        return
    found = _TIMES.search(line, start, end)
    if found is None:
        return
    author = _AUTHOR.match(line, start, end)
    if author and (whole := STAMP.fullmatch(line, author.end(), end)):
        found = whole
    before, behind = trimmed(line, start, found.start()), trimmed(line, found.end(), end)
    if not any(map(str.isalnum, line[slice(*before)] + line[slice(*behind)])):
        return
    signed = author is not None or any(is_person(line[slice(*side)].strip(_SIGNS)) for side in (before, behind))
    for begin, stop in (before, trimmed(line, found.start(), found.end()), behind):
        if begin < stop:
            role = "timestamp" if begin == found.start() else "byline"
            yield Piece(begin, stop, role, "split:author-and-stamp") if signed else Piece(begin, stop)
