"""Splits a paragraph into sentences: each visible character is in exactly one, none is torn at an abbreviation.

The boundaries are those of sentencex for Indonesian, moved, dropped or added where Indonesian newspapers write a full
stop that ends nothing (`PT. Angin Timur`, `A. Rahman`, `WARTAPAGI.CO.ID`), where a quotation mark went to the wrong
side, or where a full stop that ends a sentence looks like an initial's (`kuartal I. Laba naik`). What the newspapers
abbreviate stands in knowledge/abbreviations.toml. sentencex's time grows with the square of the quotation marks that
nothing closes, so it reads a long text in windows; a text within one window has the boundaries it would have anyway.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain, islice

import numpy as np
import sentencex

from kliping import knowledge
from kliping.annotation.layers.layer import Article
from kliping.model import PARAGRAPH_BREAK, Sentence

WINDOW = 8_000
"""sentencex reads no more at once, in code points."""
MOST_MARKS, SHORTEST = 128, 512
"""A window ends before it has more quotation marks than this, but is no shorter than this."""
MARKS = "\"'`“„‟‘‚‛«»‹《「『"
"""What opens a quotation for sentencex."""
MARK = re.compile(f"[{MARKS}]")
_INITIALS, _TITLE = 3, 2
"""Letters of initials at most; of those titles that they may look like."""
SEEN_BEFORE = 64
"""Characters before a boundary that are looked at."""
OPENING_SIGNS = "\"'“‘«`([{"
CLOSING_SIGNS = "\"'”’»)]}"
QUOTES = '"“”'
NUMBERING = re.compile(r"\(?(?:[0-9]{1,3}|[A-Za-z])[.)]")
"""A sentence that is only this is the number of the list item that follows."""
THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){0,6}")
THREE_DIGITS = re.compile(r"[0-9]{3}(?![0-9])")
GLUED_SENTENCES = re.compile(r"[a-z]{2}[\"'”’)]{0,2}[.!?…][\"'”’)]{0,2}\Z")
"""How a piece ends if the blank after its full stop was lost: `... telah selesai.Kemudian ...`."""
GLUED_LENGTH = 7
"""Characters of the longest such end."""
FIRST_WORD = re.compile(r"\w*")
LOST_QUOTE = re.compile(r"(?<=\s)[\"'“‘«`(\[]{1,3}\Z")
"""Opening marks at the end of a piece: they belong to the next one."""
STRAY_QUOTE = re.compile(r"[\"'”’»)\]]{1,3}(?=\s|\Z)")
"""Closing marks at the start of a piece: they belong to the one before."""
_INNER_END = re.compile(r"\.\ (?=[^\W\d_a-z])|…[\"'”’»)\]]{0,2}\ (?=[\"“‘«(]{0,2}[^\W\d_a-z])")
"""A full stop or an ellipsis within a piece, with what follows up to a letter that is not small."""
_ELLIPSIS = re.compile("…")
VOWEL = re.compile("[aeiou]")

_SPACE, _NEWLINE, _STOP, _UNKNOWN = b" \n.?"
"""Characters as bytes of ASCII, in which what is no ASCII is written as a question mark."""
_BEHIND = "\n" * 4
"""Stands behind all texts, and so before them too, where positions before the first wrap around to."""
_LETTERS = 26


def _bytes_where(holds: Callable[[str], bool], unknown: bool) -> np.ndarray:
    """For each byte of ASCII whether something holds for its character."""
    found = np.array([holds(chr(code)) for code in range(128)])
    found[_UNKNOWN] = unknown
    return found


_OPENS = _bytes_where(lambda character: character.isupper() or character in OPENING_SIGNS, unknown=False)
"""What a sentence begins with, surely."""
_MAY_OPEN = _bytes_where(str.isupper, unknown=True)
_MAY_BE_BLANK = _bytes_where(str.isspace, unknown=True)
_NUMBERS = np.array([_LETTERS + 1 if code == _UNKNOWN else code % 32 * chr(code).isalpha() for code in range(128)])
"""Letters are 1 to 26, small or not; what is no ASCII is 27, all else 0."""


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """The lists of knowledge/abbreviations.toml, and what domains end with."""

    before_name: frozenset[str]
    before_number: frozenset[str]
    either: frozenset[str]
    degrees: frozenset[str]
    corps: frozenset[str]
    """Corps and the ranks before them."""
    labelled: frozenset[str]
    initials: frozenset[str]
    lettered: frozenset[str]
    words: frozenset[str]
    domains: frozenset[str]
    """The parts of domains' endings, as they are written."""
    listed: frozenset[str]
    """What a full stop may follow within a sentence."""
    inner: frozenset[str]
    """The same, with what it follows there only behind a rank."""
    missed: frozenset[str]
    """Ends of what a full stop may follow that ends the sentence although sentencex does not see it."""


@cache
def abbreviations() -> Abbreviations:
    """Return the lists, read once a process."""
    tables = knowledge.load("abbreviations.toml")
    known: dict[str, frozenset[str]] = {name: frozenset().union(*lists.values()) for name, lists in tables.items()}
    ranks = frozenset(tables["before_name"]["ranks"])
    known["corps"] |= ranks
    listed = known["before_name"] | known["before_number"] | known["either"] | known["degrees"]
    titles = {word for word in known["before_name"] if len(word) == _TITLE}
    domains = knowledge.domain_labels()
    missed = known["words"] | domains | known["degrees"] | titles
    return Abbreviations(**known, listed=listed, domains=domains, inner=listed | known["corps"], missed=missed)


@cache
def _seems(words: frozenset[str]) -> np.ndarray:
    """Whether four characters, by their `_NUMBERS`, may end one of these words, a single letter or no word at all."""
    table = np.zeros((_LETTERS + 2,) * 4, dtype=bool)
    for axis in range(4):
        table.swapaxes(0, axis)[_LETTERS + 1] = True
    table[:, :, 0, :] = table[:, :, :, 0] = True
    for word in words:
        tail = tuple(_NUMBERS[ord(character)] for character in word[-4:])
        if len(word) < 4:
            tail = (*[slice(None)] * (3 - len(word)), 0, *tail)
        table[tail] = True
    return table


def find(articles: Sequence[Article]) -> Iterator[tuple[Sentence, ...]]:
    """Find the sentences of each body, with their places in it and in the raw text: the layer `sentences`."""
    for article, spans in zip(articles, split_all([article.text for article in articles]), strict=True):
        text, places = article.text, article.places.body_to_raw(spans)
        yield tuple(
            [
                Sentence(position, text[start:end], start, end, raw_start, raw_end)
                for (start, end), (position, raw_start, raw_end) in zip(spans, places, strict=True)
            ]
        )


def split(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a text as (start, end), code points, end exclusive, in order, without outer white space.

    The text is one paragraph, or several with PARAGRAPH_BREAK between them: each has the sentences that it has alone.

    >>> text = "Jend. Ahmad tiba di Jl. Mawar. Ia disambut warga."
    >>> [text[start:end] for start, end in split(text)]
    ['Jend. Ahmad tiba di Jl. Mawar.', 'Ia disambut warga.']
    """
    return next(split_all([text]))


def split_all(texts: Sequence[str]) -> Iterator[list[tuple[int, int]]]:
    """Return the sentences that `split` finds in each text, found faster."""
    pieces_of = [_pieces(text) for text in texts]
    pieces = list(chain.from_iterable(pieces_of))
    joined = "".join([*texts, _BEHIND])
    ends = np.cumsum([*map(len, pieces)], dtype=np.int64)
    finals = np.cumsum([*map(len, pieces_of)], dtype=np.int64) - 1
    codes = np.frombuffer(joined.encode("ascii", "replace"), dtype=np.uint8)
    ellipses = [match.start() for match in _ELLIPSIS.finditer(joined)] if "…" in joined else []
    cuts = _cuts(pieces, ends, finals[finals >= 0], codes, ellipses)
    starts, ends = _trimmed(joined, codes, np.concatenate(([0], cuts))[:-1], cuts)
    offsets = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    counts = np.diff(np.searchsorted(starts, offsets))
    own = np.repeat(offsets[:-1], counts)
    spans = zip((starts - own).tolist(), (ends - own).tolist(), strict=True)
    return (list(islice(spans, count)) for count in counts.tolist())


def _cuts(
    pieces: Sequence[str], ends: np.ndarray, finals: np.ndarray, codes: np.ndarray, ellipses: Sequence[int]
) -> np.ndarray:
    """Where one sentence ends and the next begins, white space on either side, `finals` being the last pieces of texts.

    `ellipses` are the places of `…`.

    Most boundaries are plain and found at once: what ends there is no abbreviation, and a capital follows. The others
    are looked at one by one.
    """
    sizes = np.diff(ends, prepend=0)
    breaks = (sizes == 2) & (codes[ends - 1] == _NEWLINE) & (codes[ends - 2] == _NEWLINE)
    plain = (sizes > 5) & (codes[ends - 2] == _STOP) & (codes[ends - 1] == _SPACE) & _OPENS[codes[ends]]
    cut = plain & ~_seems(abbreviations().inner)[_tails(codes, ends - 2)]
    cut[:-1] |= breaks[1:]
    cut[finals] = True
    found = ends.copy()
    for at in np.flatnonzero(~(cut | breaks)).tolist():
        piece, following = pieces[at], pieces[at + 1]
        fresh = at == 0 or bool(cut[at - 1] or breaks[at - 1])
        if following.isspace() or not _joined(piece, following, fresh):
            cut[at] = True
            found[at] += 0 if piece[-1].isspace() else _shift(piece, following)
    cuts = np.sort(np.concatenate((found[cut], _missed_cuts(pieces, ends, codes, ellipses))), kind="stable")
    return cuts[np.diff(cuts, prepend=0) > 0]


def _missed_cuts(pieces: Sequence[str], ends: np.ndarray, codes: np.ndarray, ellipses: Sequence[int]) -> np.ndarray:
    """The boundaries that are missed inside of pieces."""
    stops = np.flatnonzero(codes == _STOP)
    stops = stops[(codes[stops + 1] == _SPACE) & _MAY_OPEN[codes[stops + 2]]]
    stops = stops[_seems(abbreviations().missed)[_tails(codes, stops)]]
    holders = np.searchsorted(ends, stops, side="right")
    holders = np.unique(holders[stops < ends[holders] - 3])
    if ellipses:
        holders = np.unique(np.concatenate((holders, np.searchsorted(ends, ellipses, side="right"))))
    cuts = [
        int(ends[at]) - len(pieces[at]) + cut
        for at in holders.tolist()
        for cut in _missed(pieces[at], pieces[at - 1] if at and not pieces[at - 1][-1:].isspace() else "")
    ]
    return np.array(cuts, dtype=np.int64)


def _tails(codes: np.ndarray, positions: np.ndarray) -> tuple[np.ndarray, ...]:
    """The four characters before each position, as `_seems` numbers them."""
    return tuple(_NUMBERS[codes[positions - back]] for back in (4, 3, 2, 1))


def _trimmed(joined: str, codes: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The stretches without outer white space, and only those that hold something else."""
    first = starts + 2 * ((codes[starts] == _NEWLINE) & (codes[starts + 1] == _NEWLINE))
    last = ends - (codes[ends - 1] == _SPACE)
    filled = np.ones(len(starts), dtype=bool)
    for at in np.flatnonzero((first >= last) | _MAY_BE_BLANK[codes[first]] | _MAY_BE_BLANK[codes[last - 1]]).tolist():
        left = joined[starts[at] : ends[at]].lstrip()
        first[at] = ends[at] - len(left)
        last[at] = first[at] + len(left.rstrip())
        filled[at] = bool(left)
    return first[filled], last[filled]


def _pieces(text: str) -> list[str]:
    """sentencex's sentences, each with the white space behind it, and what parts paragraphs; joined, they are the text.

    sentencex reads paragraph by paragraph, so a text within one window may be read at once whatever it consists of.
    """
    if len(text) <= WINDOW and sum([text.count(mark) for mark in MARKS if mark in text]) <= MOST_MARKS:
        return _segment(text)
    parted = [piece for each in text.split(PARAGRAPH_BREAK) for piece in (*_windowed(each), PARAGRAPH_BREAK)]
    return parted[:-1]


def _segment(text: str) -> list[str]:
    """sentencex's pieces, the whole text where it panics: it does where another space than U+0020 follows an initial.

    Repair leaves no such space. A panic of Rust is no Exception, so nobody else would catch it.
    """
    try:
        found: list[str] = sentencex.segment("id", text)
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            return [text]
        raise
    return found


def _windowed(paragraph: str) -> list[str]:
    """The pieces of one paragraph, read window by window."""
    sentences: list[list[str]] = []
    """The parts of each, of which there are several where it runs through windows."""
    start, ends = 0, True
    while start < len(paragraph):
        stop = _stop(paragraph, start)
        found = _segment(paragraph[start:stop])
        begun, ends = not ends, True
        if stop < len(paragraph):
            found, ends = _sure(found)
        start += sum(map(len, found))
        if begun:
            sentences[-1].append(found.pop(0))
        sentences += [[piece] for piece in found]
    return ["".join(parts) for parts in sentences]


def _stop(text: str, start: int) -> int:
    """Where the window that begins at `start` ends."""
    rest = len(text) - start
    if rest <= SHORTEST:
        return len(text)
    stop = start + min(rest, WINDOW)
    if sum(text.count(mark, start, stop) for mark in MARKS) > MOST_MARKS:
        surplus = next(islice(MARK.finditer(text, start, stop), MOST_MARKS, MOST_MARKS + 1))
        return max(start + SHORTEST, surplus.start())
    return stop


def _sure(pieces: list[str]) -> tuple[list[str], bool]:
    """The pieces of a window with text behind it, up to the last boundary that an eighth of the window follows.

    Where none is in the second half of the window, the last piece is kept up to its last white space, or whole if that
    is far, and False is returned: its sentence goes on in the next window.
    """
    ends = list(accumulate(map(len, pieces)))
    size = ends[-1]
    for kept in (bisect_right(ends, size - size // 8), len(pieces) - 1):
        if kept and ends[kept - 1] >= size // 2:
            return pieces[:kept], True
    *before, last = pieces
    word = 0 if last[-1].isspace() else len(last.rsplit(None, 1)[-1])
    return [*before, last[: len(last) - word] if word < size // 2 else last], False


def _shift(piece: str, following: str) -> int:
    """How far quotation marks move a boundary that has no white space before it, and none behind it."""
    if following[0].isspace():
        return 0
    lost = LOST_QUOTE.search(piece, max(0, len(piece) - SEEN_BEFORE)) if piece[-1] in OPENING_SIGNS else None
    if lost:
        return lost.start() - len(piece)
    stray = STRAY_QUOTE.match(following) if following[0] in CLOSING_SIGNS else None
    return stray.end() if stray else 0


def _joined(piece: str, following: str, fresh: bool) -> bool:
    """Whether the boundary after a piece is none. `fresh`: the piece opens a sentence."""
    tail = piece[-SEEN_BEFORE:].rsplit(None, 2)[-2:]
    if not tail:
        return False
    last = tail[-1]
    if fresh and len(tail) == 1 and len(piece) <= SEEN_BEFORE and NUMBERING.fullmatch(last):
        return True
    if not last.endswith("."):
        return False
    following = following[:SEEN_BEFORE].lstrip()
    if not piece[-1].isspace() and _torn(piece, last, following):
        return True
    return _abbreviated(last.lstrip(OPENING_SIGNS)[:-1], tail[-2] if len(tail) > 1 else "", following)


def _torn(piece: str, last: str, following: str) -> bool:
    """Whether a boundary without white space runs through a name, a number or an address."""
    if following[:1] in CLOSING_SIGNS:
        return False
    if FIRST_WORD.match(following)[0] in abbreviations().domains:  # type: ignore[index]
        return True
    after_number = last[-2:-1].isdigit() and following[:1].isalpha()
    return not (after_number or GLUED_SENTENCES.search(piece, max(0, len(piece) - GLUED_LENGTH)))


def _abbreviated(token: str, before: str, following: str) -> bool:
    """Whether the full stop after `token` belongs to an abbreviation, an initial or a number."""
    known, word = abbreviations(), token.lower()
    first = following[:1]
    if _is_corps(token, before):
        return True
    if word in known.listed:
        return _listed(word, first)
    if len(token) == 1 and token.isalpha():
        return token.isupper() and before.lower() not in known.labelled | known.initials
    if first.isupper():
        return False
    if first.islower():
        return len(token) <= 2 or "." in token or (len(token) <= 4 and not VOWEL.search(word))
    return bool(first.isdigit() and THOUSANDS.fullmatch(token) and THREE_DIGITS.match(following))


def _is_corps(token: str, before: str) -> bool:
    """`Letkol Inf. Agus`: whether the token is a corps behind a rank."""
    corps = abbreviations().corps
    return token.lower() in corps and before.rstrip(".").lower() in corps


def _listed(word: str, first: str) -> bool:
    """Whether the full stop after a listed abbreviation ends nothing; `first`: the character that follows."""
    known = abbreviations()
    if word in known.before_name:
        return True
    if word in known.before_number:
        return first.isdigit()
    return first.islower() or first.isdigit() or first in "(,;:"


def _missed(piece: str, glued: str) -> list[int]:
    """Boundaries inside a piece: after words, labels and degrees like abbreviations, after addresses and ellipses.

    `glued` is the piece before, where no white space parts them, else "".
    """
    found = []
    quotes = checked = 0
    for match in _INNER_END.finditer(piece, 0, len(piece) - 1):
        at, end = match.span()
        if match[0][0] == ".":
            before = piece[at - SEEN_BEFORE : at] if at >= SEEN_BEFORE else glued[-SEEN_BEFORE:] + piece[:at]
            if not _ends(before.rsplit(None, 2)[-2:], piece[end : end + SEEN_BEFORE]):
                continue
        quotes += sum(piece.count(mark, checked, end) for mark in QUOTES)
        checked = end
        if quotes % 2 == 0:
            found.append(end)
    return found


def _ends(tail: list[str], following: str) -> bool:
    """Whether a full stop after these words ends the sentence although sentencex does not see it."""
    if len(tail) < 2:
        return False
    known, last, before = abbreviations(), tail[-1], tail[-2].lower()
    if before in known.initials and len(last) <= _INITIALS and last.isupper():
        return True
    if len(last) == 1:
        return before in (known.labelled if last.isupper() else known.lettered)
    if last.lower() in known.words:
        return not _is_corps(last, before)
    if last.lower() in known.degrees:
        return _closes_a_name(last, before, following)
    name, dot, domain = last.rpartition(".")
    return bool(dot) and domain in known.domains and len(name.rpartition(".")[2]) > 1 and last.islower()


def _closes_a_name(degree: str, before: str, following: str) -> bool:
    """Whether a degree set off by a comma is the last of a name and of a sentence.

    Degrees of single letters may be initials (`Ketua KONI Solo, M.A. Rahman, hadir`): then a small letter must begin
    the second word of what follows.
    """
    if not before.endswith(",") and before.rstrip(".") not in abbreviations().degrees:
        return False
    first, _, second = following.partition(" ")
    if "." in first:
        return False
    return any(len(part) > 1 for part in degree.split(".")) or (first.isalpha() and second[:1].islower())
