"""Splits a line that holds more than one role; no character is lost, and a paragraph is cut only at a known shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from kliping.annotation.roles.knowledge import words

BEFORE_TRIGGER = 40
"""What is glued begins no further before the first trigger on its line, in code points."""
BEFORE_COLON = 40
"""Triggers of what has a colon stand no further before it, in code points."""
LAST_WORDS = 2
"""Where a question or a call ends within so many words behind the likely end of a headline, it is the headline's."""
GLUED_FROM = 30
"""Lines shorter than this are not searched for pointers glued into a paragraph, in code points."""


HEADLINE_WITHIN, HEADLINE_WORDS = 280, 30
"""A headline that is glued to text is no longer than this, in code points and in words."""
STAMP_WITHIN = 140
"""An author with a stamp on the same line is shorter than this."""


class Piece(NamedTuple):
    """A stretch [start, end) of the page's text; `role` is empty where the model has to decide."""

    start: int
    end: int
    role: str = ""
    rule: str = ""


_END_MARK = re.compile(r"(?:\(\*{1,3}\)|\*{1,3}|\[\]|\[ \]|={2,5}|-{3,30}|_{3,30}|#{2,5})$")
CLOSING = re.compile(r"\(([^()]{1,60})\)$|\[([^\[\]]{1,30})\]$")
_INITIALS = re.compile(r"[A-Za-z*]{1,8}(?:\d{1,3})?(?:\s?[/|-]\s?[A-Za-z0-9*]{1,8}){1,4}|[a-z]{2,4}|[A-Z]{2,4}")
_NAME = re.compile(r"(?:[A-Z][\w'’.-]{0,20})(?: (?:[A-Z][\w'’.-]{0,20}|bin|al|van|de)){0,4}")
_DOMAIN = re.compile(r"[A-Za-z0-9-]{2,30}\.(?:co\.id|com|co|id|net|tv)\b", re.IGNORECASE)
_TAIL_ENDS = ")]*=-_#"
_SENTENCE_END = ".!?\"”’'…"


def closing_role(inner: str) -> tuple[str, str]:
    """Return the role and rule of what stands in closing brackets, two empty strings where it is part of the text.

    Initials of a desk and names are a byline, agencies a source: `(dra/lim)`, `(Rukmini)`, `(Antara/Rukmini)`.
    """
    inner = inner.strip()
    lowered = inner.casefold()
    tokens = re.split(r"[^\w.]+", lowered)
    agencies = words().agencies
    if any(token in agencies for token in tokens):
        return "source", "split:closing-agency"
    if _DOMAIN.search(inner):
        person = re.search(r"\.(?:com|co\.id|id|co|net)\s*/\s*[A-Z][a-z]", inner, re.IGNORECASE)
        another = len(_DOMAIN.findall(inner)) > 1
        return ("byline", "split:closing-byline") if person and not another else ("source", "split:closing-outlet")
    if _INITIALS.fullmatch(inner):
        return "byline", "split:desk-initials"
    if _NAME.fullmatch(inner) and len(inner.split()) <= 4:
        return "byline", "split:closing-byline"
    return "", ""


def _tail(line: str, start: int, end: int) -> Piece | None:
    """Return the end mark or closing brackets at the end of line[start:end], if what stands before is a sentence."""
    if line[end - 1] not in _TAIL_ENDS:
        return None
    stretch = line[start:end]
    mark = _END_MARK.search(stretch[-32:])
    if mark:
        begin = end - len(mark.group())
        before = line[start:begin].rstrip()
        if before and before[-1] in _SENTENCE_END + ")]":
            return Piece(begin, end, "mark", "split:end-mark")
        return None
    closing = CLOSING.search(stretch[-64:])
    if not closing:
        return None
    begin = end - len(closing.group())
    before = line[start:begin].rstrip()
    if not before or before[-1] not in _SENTENCE_END:
        return None
    role, rule = closing_role(closing.group(1) or closing.group(2))
    return Piece(begin, end, role, rule) if role else None


@dataclass(frozen=True, slots=True)
class Glue:
    """A stretch that pages glue into a paragraph: what it looks like, what it is, and how far it reaches."""

    triggers: tuple[str, ...]
    pattern: re.Pattern[str]
    role: str
    rule: str
    sign: str = ""
    """What has to stand on the page, the cheapest of tests; for a colon the trigger has to stand near before it."""
    headline: bool = False
    """It goes on with the headline of another article, which ends where the text starts again."""
    before: int = 0
    """It begins at most so many code points before its anchor."""
    anchors: tuple[str, ...] = ()
    """What stands in all that matches on a line that holds a trigger; the triggers where none is given."""

    def matches(self, line: str) -> Iterator[re.Match[str]]:
        """Yield what matches in the line, in order, not overlapping; nothing without a trigger."""
        triggered = _places(line, self.triggers)
        if not triggered:
            return
        reached = max(0, triggered[0] - BEFORE_TRIGGER)
        for place in _places(line, self.anchors) if self.anchors else triggered:
            for start in range(max(reached, place - self.before), place + 1):
                if match := self.pattern.match(line, start):
                    yield match
                    reached = match.end()
                    break


def _places(text: str, wanted: Iterable[str]) -> list[int]:
    """Return where any of the strings stands in the text, sorted."""
    places = []
    for string in wanted:
        place = text.find(string)
        while place >= 0:
            places.append(place)
            place = text.find(string, place + 1)
    places.sort()
    return places


# A full date with a time, as pages stamp their articles.
STAMP = re.compile(
    r"(?:[\w.]{3,25} ?)?(?:- ?)?(?:on )?(?:[A-Za-z']{4,9} ?,? ?)?\d{1,2}[ /-](?:[A-Za-z]{3,9}|\d{1,2})[ /-]\d{2,4}"
    r"[ ,|\-–]{0,4}(?:at |pukul |jam )?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?(?:WIB|WITA|WIT))?(?: ?\|)?",
    re.IGNORECASE,
)
_AUTHOR = re.compile(r"[A-Z][\w.'’ ]{2,50}, ?(?:Jurnalis|Reporter|Wartawan|Kontributor|Redaksi) ?[-–|,] ?")
_POINTER = re.compile(r"\(?\b(?:Baca|BACA|baca) (?:juga|Juga|JUGA|pula|Pula) ?:")
_VIDEO = re.compile(
    r"\b(?:Simak|Tonton|Saksikan)(?: juga)? [Vv]ideo:? ?(?:'[^']{5,150}'|\"[^\"]{5,150}\"|“[^”]{5,150}”)(?: di sini)?:?"
)
_SCROLL = re.compile(r"(?:ADVERTISEMENT )?\bSCROLL TO (?:CONTINUE|RESUME)(?: WITH| TO)? (?:CONTENT|READING)\b")
_PAGING = re.compile(
    r"\bHalaman (?:Selanjutnya|Berikutnya)\b(?! ?:)"
    r"|\b(?:Simak|Baca) (?:berita )?selengkapnya di halaman (?:selanjutnya|berikutnya)\.?"
    r"|\b\d{1,2} dari \d{1,2} halaman\b"
)
_REPORTER_AND_EDITOR = re.compile(
    r"\bPewarta ?: (?=[A-Z])[^:]{3,60}(?:\bEditor ?: (?=[A-Z])[^:©]{3,60}?)?(?=\s?(?:Copyright|COPYRIGHT|©)|$)"
)
_NAMED = re.compile(r"(?<!Pilihan )\b(?:Reporter|Penulis|Editor|editor) ?: ?[A-Za-z][\w'’.,| :-]{2,80}$")
_NAMED_IN_BRACKETS = re.compile(r"\((?:Penulis|Reporter|Editor) ?:[^()]{3,120}\)")

GLUES = (
    Glue(
        ("aca juga", "aca Juga", "ACA JUGA", "aca pula"),
        _POINTER,
        "related",
        "split:glued-pointer",
        ":",
        headline=True,
        before=2,
        anchors=("aca ", "ACA "),
    ),
    Glue(
        ("(Baca",),
        re.compile(r"\((?:Baca|BACA)(?: [Jj]uga)? ?:[^()]{5,200}\)"),
        "related",
        "split:glued-pointer",
        ":",
        anchors=("(Baca", "(BACA"),
    ),
    Glue(
        ("Pilihan Editor:", "Pilihan editor:"),
        re.compile(r"\bPilihan [Ee]ditor: ?"),
        "related",
        "split:glued-pointer",
        ":",
        headline=True,
    ),
    Glue(("imak ", "onton ", "aksikan "), _VIDEO, "related", "split:glued-pointer", "ideo", before=1),
    Glue(
        ("aksikan Live",),
        re.compile(r"\bSaksikan Live [A-Za-z0-9]{3,20} ?:"),
        "related",
        "split:glued-pointer",
        ":",
        before=1,
    ),
    Glue(("SCROLL TO",), _SCROLL, "advertisement", "split:glued-advertisement", "SCROLL", before=len("ADVERTISEMENT ")),
    Glue(
        ("ADVERTISEMENT",),
        re.compile(r"\bADVERTISEMENT\b"),
        "advertisement",
        "split:glued-advertisement",
        "ADVERTISEMENT",
    ),
    Glue(("[Gambas:",), re.compile(r"\[Gambas:[^\]]{2,40}\]"), "embed", "split:glued-embed", ":"),
    Glue(
        ("alaman",), _PAGING, "navigation", "split:glued-paging", "alaman", before=len("Simak berita selengkapnya di h")
    ),
    Glue(("Pewarta",), _REPORTER_AND_EDITOR, "byline", "split:glued-byline", ":"),
    Glue(("(Penulis", "(Reporter", "(Editor"), _NAMED_IN_BRACKETS, "byline", "split:glued-byline", ":"),
    Glue(
        ("porter:", "porter :", "nulis:", "nulis :", "ditor:", "ditor :"),
        _NAMED,
        "byline",
        "split:glued-byline",
        ":",
        before=2,
    ),
    Glue(
        ("opyright ©", "OPYRIGHT ©"),
        re.compile(r"\b(?:Copyright|COPYRIGHT) ©.*$"),
        "copyright",
        "split:glued-copyright",
        "©",
        before=1,
    ),
)
_SPECIAL_ENDS = frozenset(_TAIL_ENDS)

_STOPS = ".?!\"”'"
"""What a word that ends a sentence ends with."""
_GLUED_WORDS = re.compile(r"(.{1,60}[a-z?!])([A-Z][a-z]{1,20})")
_SENTENCE_STOP = re.compile(r"[a-z][.?!][\"”']?$")


def headline_end(text: str) -> int:
    """Return where the headline at the start of `text` ends and a new sentence begins.

    Where nothing tells, that is the end of a short text, the first full stop of a long one, or 0.

    Headlines have no full stop. A new sentence starts with a capital; it is told from a capital inside the headline by
    a change of style (most words of a title are capitalised, most of a sentence are not), by the words that open
    Indonesian sentences, and by an opening quotation mark. The candidates are scored, the best one wins.

    >>> t = "Harga Cabai Turun Namun pedagang di pasar mengaku belum puas."
    >>> t[: headline_end(t)].strip()
    'Harga Cabai Turun'
    """
    tokens = _tokens(text[:HEADLINE_WITHIN])
    plain = [token.strip("\"“”'‘’(),.:;?!") for token in tokens]
    particles = words().title_particles
    content = [0 if word in particles or not word[:1].isalpha() else 1 if word[0].isupper() else -1 for word in plain]
    """1 for a capitalised word, -1 for another, 0 for particles and numbers, which tell no style."""
    titled = sum(content[:6]) > 0
    best, best_score = 0, 0
    for i in range(3, min(len(tokens) - 3, HEADLINE_WORDS)):
        word, last = tokens[i], tokens[i - 1][-1]
        if word[0] == "•":
            break
        stop = last in _STOPS and _SENTENCE_STOP.search(tokens[i - 1]) is not None
        begins = last not in ",:;-–(" and word.lstrip("\"“‘'(")[:1].isupper()
        if begins and plain[i - 1] not in particles:
            opens = not stop and _opens(plain[i], word, tokens[i + 1])
            quotes = not stop and word[0] in '"“'
            score = _boundary(content, i, titled, opens) + 7 * quotes - 2 * (i < 5) - 4 * stop
            if score > best_score:
                best, best_score = i, score
        if stop:
            asked = tokens[i - 1].rstrip("\"”'")[-1] in "?!"
            goes_on = best > 0 and asked and i - best <= LAST_WORDS
            if goes_on or (not best and len(text) >= HEADLINE_WITHIN):
                best = i
            break
    if best > 3 and plain[best - 1][:1].isupper() and plain[best - 1].casefold() in words().unfinished:
        best -= 1
    if best:
        return _start(text, tokens, best)
    return len(text) if len(text) < HEADLINE_WITHIN else 0


def _tokens(text: str) -> list[str]:
    """Return the words of a text; one that a lost blank has glued to the word that opens a sentence is two."""
    tokens: list[str] = []
    for token in text.split():
        glued = _GLUED_WORDS.fullmatch(token)
        tokens += glued.groups() if glued and glued[2].casefold() in words().openers else [token]
    return tokens


def _start(text: str, tokens: Sequence[str], number: int) -> int:
    """Return where a token stands in the text."""
    start = 0
    for token in tokens[:number]:
        start = text.index(token, start) + len(token)
    return text.index(tokens[number], start)


def _boundary(content: list[int], at: int, titled: bool, opens: bool) -> int:
    """Score a change of style at a word: a title before it and a sentence behind it, or a word that opens one."""
    after = sum(content[at + 1 : at + 9])
    if not titled:
        return 12 * opens - after // 2
    before = content[:at]
    return 20 * opens + before.count(1) - 2 * before.count(-1) - after


def _opens(plain: str, word: str, following: str) -> bool:
    """Tell whether the word opens a sentence: it is known to, and the text goes on in lower case."""
    return plain.casefold() in words().openers and (not following[0].isupper() or word[-1] == ",")


_LABELLED = [(rank, glue) for rank, glue in enumerate(GLUES) if glue.sign == ":"]
_OTHERS = [(rank, glue) for rank, glue in enumerate(GLUES) if glue.sign != ":"]


def likely(text: str) -> list[Glue]:
    """Return those of GLUES that a page may hold, by their signs and triggers."""
    found = [(rank, glue) for rank, glue in _OTHERS if glue.sign in text and _triggered(glue.triggers, text)]
    if ":" in text:
        labels = _labels(text)
        found += [(rank, glue) for rank, glue in _LABELLED if _triggered(glue.triggers, labels)]
        found.sort(key=itemgetter(0))
    return [glue for _, glue in found]


def _labels(text: str) -> str:
    """Return what stands before the colons of a page and each colon: where the triggers of a label may be."""
    *parts, _ = text.split(":")
    return ":".join([part[-BEFORE_COLON:] for part in parts]) + ":"


def _triggered(triggers: tuple[str, ...], text: str) -> bool:
    for trigger in triggers:  # noqa: SIM110, a loop is twice as fast as any() here
        if trigger in text:
            return True
    return False


def trigger_places(text: str, glues: Sequence[Glue]) -> list[int]:
    """Return where triggers of `glues` stand on a page, sorted: a line without any holds nothing that is glued."""
    return _places(text, (trigger for glue in glues for trigger in glue.triggers))


def _hits(line: str, glues: Sequence[Glue]) -> list[tuple[int, int, int, Glue]]:
    """Return what matches in the line as (start, rank of its glue, end, glue), sorted."""
    found = [(m.start(), rank, m.end(), glue) for rank, glue in enumerate(glues) for m in glue.matches(line)]
    found.sort(key=itemgetter(0, 1, 2))
    return found


def _glued(line: str, glues: Sequence[Glue]) -> Iterator[tuple[int, int, Glue]]:
    """Yield what is glued into the line, in order, not overlapping.

    A comma right behind a headline's label (`Baca juga:,,`) is what is left where a crawler dropped the link: the text
    goes on.
    """
    found = _hits(line, glues)
    reached = 0  # where what was yielded ends, in the line
    behind = 0  # the first hit behind a headline's label, in `found`
    for start, _, end, glue in found:
        if start < reached:
            continue
        if glue.headline:
            while behind < len(found) and found[behind][0] < end:
                behind += 1
            limit = found[behind][0] if behind < len(found) else len(line)
            rest = line[end:limit]
            if rest.startswith(","):
                end += len(rest) - len(rest.lstrip(", "))
            else:
                end = limit if len(rest) < 130 else end + headline_end(rest)
        yield start, end, glue
        reached = end


def _trim(line: str, start: int, end: int) -> tuple[int, int]:
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    return start, end


def is_whole(line: str) -> bool:
    """Tell whether a trimmed line is one piece, if nothing is glued into it."""
    return line[-1] not in _SPECIAL_ENDS and ("," not in line[:STAMP_WITHIN] or len(line) >= STAMP_WITHIN)


def split_line(line: str, start: int, end: int, glues: Sequence[Glue]) -> list[Piece]:
    """Return the pieces of line[start:end], which is trimmed; `glues` are the `likely` ones of its page."""
    if (
        end - start < STAMP_WITHIN
        and (author := _AUTHOR.match(line, start, end))
        and STAMP.fullmatch(line, author.end(), end)
    ):
        byline = Piece(*_trim(line, start, author.end()), "byline", "split:author-and-stamp")
        return [byline, Piece(author.end(), end, "timestamp", "split:author-and-stamp")]
    pieces: list[Piece] = []
    position = start
    if glues and end - start >= GLUED_FROM:
        for begin, stop, glue in _glued(line[:end], glues):
            begin, stop = _trim(line, max(begin, position), stop)
            before = _trim(line, position, begin)
            if before[0] < before[1]:
                pieces.append(Piece(*before))
            if begin < stop:
                pieces.append(Piece(begin, stop, glue.role, glue.rule))
            position = stop
        position, _ = _trim(line, position, end)
    if position < end:
        pieces += _with_tails(line, position, end)
    return pieces


def _with_tails(line: str, start: int, end: int) -> list[Piece]:
    if line[end - 1] not in _TAIL_ENDS:
        return [Piece(start, end)]
    tails: list[Piece] = []
    while len(tails) < 3:
        tail = _tail(line, start, end)
        if tail is None:
            break
        tails.append(tail)
        _, end = _trim(line, start, tail.start)
    return [Piece(start, end), *reversed(tails)]
