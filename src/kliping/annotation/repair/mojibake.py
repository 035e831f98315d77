"""ftfy 6.3.1's answer for a text, exactly, but read only where one of its steps can act."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ftfy
from ftfy import TextFixerConfig
from ftfy.badness import BADNESS_RE, MOJIBAKE_CATEGORIES

from kliping.annotation.repair.characters import members
from kliping.annotation.repair.edits import Edit, align

PROVEN_VERSION = "6.3.1"
"""The release of ftfy whose patterns the tests walk; with any other the short cuts below are unproven."""

PIECE = 10_000
"""Code points that ftfy sees at once, since its decoder of UTF-8 variants is quadratic; longer lines are cut."""

CONFIG = TextFixerConfig(
    # Entities are a step of our own: ftfy turns them off for a whole text at the first `<`, unescapes without a bound
    # (`&amp;amp;amp;...`), and keeps no offsets.
    unescape_html=False,
    # Terminal colours never belong to an article.
    remove_terminal_escapes=True,
    # The reason to use ftfy at all: UTF-8 read as latin-1, Windows-125x or MacRoman.
    fix_encoding=True,
    # Extractors turn the U+00A0 of `Â\xa0` into a space; without this step `Â ` stays. It may leave two spaces.
    restore_byte_a0=True,
    # `â€�` becomes U+FFFD instead of staying three characters. Where the lost byte is known, our orphans come first.
    replace_lossy_sequences=True,
    # News pages are glued from boxes in several encodings; a sound part must not keep the rest broken.
    decode_inconsistent_utf8=True,
    # U+0080-U+009F are Windows-1252 read as latin-1; HTML5 reads them the same way. So U+0085 is an ellipsis.
    fix_c1_controls=True,
    # These four change characters that an author may have meant; typography stays as printed.
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    normalization=None,
    # Line terminators are a step of our own, logged as such; ftfy would not know VT and FF.
    fix_line_breaks=False,
    # A decoder cannot make surrogates, but JSON escapes can.
    fix_surrogates=True,
    # NUL, ESC, BOM and the like are invisible and break tools.
    remove_control_chars=True,
    max_decode_length=PIECE,
    # Without it ftfy ignores the four options below `fix_encoding`.
    explain=True,
)

_HARMLESS = "\xa0\xad©«®·´»–—―‘’“”„•…‹›™"
"""Typography of good text. BADNESS_RE cannot match over it, ASCII and the characters that it does not know."""


def _suspicious() -> str:
    """The characters that ftfy's categories of mojibake name, less the harmless ones, as the inside of a set."""
    named = members("".join(MOJIBAKE_CATEGORIES.values()))
    return "".join(re.escape(character) for character in named if character not in _HARMLESS)


SUSPICIOUS = _suspicious()
"""Every stretch that ftfy calls bad holds one of these characters (inside of a regular expression's set)."""

OTHER_TRIGGERS = "\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f-\\x9f\ud800-\udfff\u206a-\u206f\ufeff\ufff9-\ufffc"
"""Every character on which a step of ftfy other than the search for mojibake acts (inside of a set)."""

BADNESS_WIDTH = 8
"""No match of BADNESS_RE is longer."""

CONTEXT = 12
"""Plain characters kept on each side of a damaged place; every rule that reads a line looks less far."""

_SUSPICIOUS = re.compile(f"[{SUSPICIOUS}]")
_OTHER = re.compile(f"[{OTHER_TRIGGERS}]")
_SPOT = re.compile(f"[{SUSPICIOUS}{OTHER_TRIGGERS}]")
_NOT_PLAIN = re.compile(r"[^\t -~][^\t -~]*")


def fix_text(text: str) -> str:
    """Return what `ftfy.fix_text(text, CONFIG)` returns, lines longer than PIECE being cut after a space.

    >>> fix_text("Kafe itu dibuka di CafÃ© Merdeka â€“ pekan lalu.")
    'Kafe itu dibuka di Café Merdeka – pekan lalu.'
    """
    if not _SPOT.search(text):
        return text
    return "".join(
        fix_piece(text[start:end]) if _SPOT.search(text, start, end) else text[start:end]
        for line_start, line_end in _lines(text)
        for start, end in pieces(text, line_start, line_end)
    )


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield start, end
        start = end


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the line text[start:end] in ranges of at most PIECE code points, cut after a space where there is one."""
    while end - start > PIECE:
        cut = text.rfind(" ", start, start + PIECE) + 1 or start + PIECE
        yield start, cut
        start = cut
    yield start, end


def fix_piece(piece: str) -> str:
    """Return what ftfy makes of one piece of a line."""
    if _OTHER.search(piece):
        return ftfy.fix_and_explain(piece, CONFIG).text
    if not is_bad(piece):
        return piece
    short, cuts = condense(piece)
    fixed = _fix_condensed(short)
    return piece if fixed == short else _expand_text(piece, short, fixed, cuts)


def fix_edits(piece: str) -> list[Edit]:
    """Return what ftfy changes in a condensed piece as edits with their reasons."""
    fixed = _fix_condensed(piece)
    if fixed == piece:
        return []
    return [Edit(s, e, after, _reason(piece[s:e], after)) for s, e, after in align(piece, fixed)]


def _fix_condensed(text: str) -> str:
    """ftfy's loop over its steps, leaving out those that cannot act."""
    if _OTHER.search(text):
        return ftfy.fix_and_explain(text, CONFIG).text
    fixed = text
    while is_bad(fixed):
        previous, fixed = fixed, ftfy._fix_encoding_one_step_and_explain(fixed, CONFIG).text
        if fixed == previous:
            break
    return ftfy.fix_and_explain(fixed, CONFIG).text if _OTHER.search(fixed) else fixed


def is_bad(text: str) -> bool:
    """Return what `ftfy.badness.is_bad` returns, looking only around the characters that every match holds."""
    match = _SUSPICIOUS.search(text)
    while match:
        start = end = match.start()
        while match and match.start() <= end + BADNESS_WIDTH:
            end = match.end()
            match = _SUSPICIOUS.search(text, end)
        if BADNESS_RE.search(text, max(0, start - BADNESS_WIDTH), end + BADNESS_WIDTH):
            return True
    return False


Cuts = list[tuple[int, int]]
"""Where plain text was left out: the position behind the break, and how much further the full line is from there on."""


def condense(line: str) -> tuple[str, Cuts]:
    """Return the line with long plain stretches replaced by one line feed, and where that was.

    Plain ASCII means the same in every encoding and no rule looks further than CONTEXT, so what the rules do to
    the condensed line they do to the line.
    """
    kept: list[str] = []
    cuts: Cuts = []
    position = length = 0
    start = 0
    for match in _NOT_PLAIN.finditer(line):
        left = match.start() - CONTEXT
        if left > position + 1:
            if position or kept:
                kept.append(line[start:position])
                length += position - start
            kept.append("\n")
            length += 1
            cuts.append((length, left - length))
            start = left
        position = match.end() + CONTEXT
    kept.append(line[start:position])
    if position + 1 < len(line) and kept:
        kept.append("\n")
    elif position < len(line):
        kept.append(line[position:])
    return "".join(kept), cuts


def expand(edits: list[Edit], cuts: Cuts) -> list[Edit]:
    """Return edits of a condensed line as edits of the line itself."""
    if not cuts:
        return edits
    expanded, shift, following = [], 0, 0
    for edit in edits:
        while following < len(cuts) and cuts[following][0] <= edit.start:
            shift = cuts[following][1]
            following += 1
        expanded.append(Edit(edit.start + shift, edit.end + shift, edit.after, edit.reason))
    return expanded


def _expand_text(piece: str, short: str, fixed: str, cuts: Cuts) -> str:
    kept: list[str] = []
    position = 0
    for edit in expand([Edit(*change, "") for change in align(short, fixed)], cuts):
        kept += (piece[position : edit.start], edit.after)
        position = edit.end
    kept.append(piece[position:])
    return "".join(kept)


def _reason(before: str, after: str) -> str:
    if all("\x80" <= character <= "\x9f" for character in before):
        return "c1-character"
    if any("\ud800" <= character <= "\udfff" for character in before):
        return "surrogate"
    return "mojibake" if _OTHER.sub("", before) != after else "control-character"
