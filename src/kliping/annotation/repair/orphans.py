"""What ftfy leaves: entities, mojibake that lost bytes, and damage that a sound character of the same line hides.

Each rule reads fewer than `encoding.CONTEXT` characters on either side of a damaged place, is linear on any input,
and abstains where two readings are possible: a byte that became U+FFFD stays visible as it is.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

import ftfy.bad_codecs  # noqa: F401 (registers the encodings `sloppy-...`)
from ftfy.chardata import HTML_ENTITIES, HTML_ENTITY_RE

from kliping.annotation.repair.edits import Edit, apply, compose

ENTITY_LEVELS = 3
"""How often an entity may have been escaped again (`&amp;amp;nbsp;`); ftfy goes on without a bound."""

_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,300}>")


def entities(line: str) -> list[Edit]:
    """Return the edits that unescape HTML entities; none in a line of page source, where they are part of a language.

    Only entities that end in `;` count, so `R&D` and `?a=1&copy=2` stay.

    >>> [(edit.after, edit.reason) for edit in entities("Toko &amp;quot;Sari&amp;quot;")]
    [('"', 'html-entity'), ('"', 'html-entity')]
    """
    edits: list[Edit] = []
    if "&" not in line or _MARKUP.search(line):
        return edits
    for _ in range(ENTITY_LEVELS):
        text = apply(line, edits)
        found = [
            Edit(match.start(), match.end(), character, "html-entity")
            for match in HTML_ENTITY_RE.finditer(text)
            if (character := _unescaped(match[0])) is not None
        ]
        if not found:
            break
        edits = compose(edits, text, found)
    return edits


def _unescaped(entity: str) -> str | None:
    """The character of an entity, a space for line breaks and other white space, None if there is no such entity."""
    character = HTML_ENTITIES.get(entity) or (html.unescape(entity) if entity.startswith("&#") else entity)
    if character == entity or ";" in character or "\ufffd" in character:
        return None
    return " " if character.isspace() else character


_HEAD = "(?:â€|Ã¢â‚¬)"
"""The first two bytes of a curly quote, a dash or an ellipsis, read as Windows-1252 once or twice."""

_TWICE = "Ã¢â‚¬"
_BEHIND = r"[\t\n .,;:!)/]|\Z"
"""What stands behind a closing quote."""

_LOST_BYTES = tuple(
    (re.compile(pattern), after)
    for pattern, after in (
        # Windows-1252 has no character for byte 9D, so `”` is what loses its last byte: `katanya.â€�`
        (f"{_HEAD}\ufffd|{_TWICE}Â\ufffd", "”"),
        # `kata dia,â€ ujarnya`: the byte was dropped. ftfy would read the following space as a dagger.
        (rf"(?<=[\w.,!?…'’)%])(?:{_HEAD}(?={_BEHIND})|â€(?=â€)|{_TWICE}Â(?={_BEHIND}|{_TWICE}))", "”"),
        # `negaraÃ¢â‚¬â€ itu`: the em dash, whose last byte is 94, has a 9D only when it is read a second time.
        (rf"{_TWICE}â€(?:\ufffd|\?(?=[\s0-9A-Za-z])|(?=[\s0-9A-Za-z]|\Z|{_TWICE}))", "—"),
        # `Jumâ€TMat`: the trademark sign was spelled out by NFKC.
        (r"(?<=\w)â€TM(?![A-Z])", "’"),
        # `2019â€"2024`, `gagasan â€"lama`: the quote that was the dash's last byte was straightened. En and em dash can
        # no longer be told apart; between letters the em dash is set without spaces, elsewhere the en dash is usual.
        (r'(?<=[a-z])â€"(?=[a-z])', "—"),
        (r'(?<=\d)â€"(?=\d)|(?:(?<= )|(?<=\A))â€"(?=[ \w])', "–"),
        # `â¢ Bawa payung`: the C1 control in the middle was stripped.
        (r"â¢(?= )", "•"),
        (r"(?<=\w)â¦", "…"),
    )
)
_QUESTIONABLE = re.compile(rf"(?:{_HEAD}|{_TWICE}Â)\?")
_OPENED = re.compile("“|â€œ|Ã¢â‚¬Å“")


def lost_bytes(line: str) -> list[Edit]:
    """Return the edits for mojibake that lost its last byte where only one character can have stood there.

    Must come before ftfy, which reads `â€ ` as a dagger and `â€?` as U+FFFD.
    """
    if "â" not in line and "Ã¢" not in line:
        return []
    edits = [
        Edit(match.start(), match.end(), after, "mojibake-orphan")
        for pattern, after in _LOST_BYTES
        for match in pattern.finditer(line)
    ]
    opened = _OPENED.search(line)
    if opened:  # `“Siapa yang datang,â€? tanyanya`: the lost byte became a question mark
        edits += [
            Edit(match.start(), match.end(), "”", "mojibake-orphan")
            for match in _QUESTIONABLE.finditer(line, opened.end())
        ]
    return _apart(sorted(edits))


def _apart(edits: Iterable[Edit]) -> list[Edit]:
    """Sorted edits without those that begin inside the one before: `â€\ufffd` in `Ã¢â‚¬â€\ufffd`."""
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


_MAC = "".join(re.escape(character) for character in bytes(range(0x80, 0xC0)).decode("macroman"))
"""UTF-8's continuation bytes as MacRoman shows them."""

_MACROMAN = re.compile(
    rf"(?<=[A-Za-z])[√ƒ≈][{_MAC}]"  # `Jo√£o`; alone `√π` and `≈£5` are mathematics
    rf"|√[{_MAC}](?=[A-Za-z])"
    rf"|¬[{_MAC}]"
    rf"|[‚·Ô][{_MAC}]{{2}}"
    rf"|\uf8ffü[{_MAC}]{{2}}"
    rf"|[ÿŸ][{_MAC}](?:[ÿŸ][{_MAC}])+"
)
_NO_TEXT = frozenset({"Cc", "Cn", "Co", "Cs"})


def macroman(line: str) -> list[Edit]:
    """Return the edits for UTF-8 read as MacRoman, each sequence by itself.

    ftfy reads MacRoman only where the whole line can be read so: one good `”`, one emoji keeps all of it broken
    (ftfy's issues 96 and 123).

    >>> [edit.after for edit in macroman("“Resep¬†baru” itu memakai ¬Ω cangkir gula ‚Äì kata dia 🙂")]
    ['\\xa0', '½', '–']
    """
    edits: list[Edit] = []
    if not any(lead in line for lead in "¬√‚ƒ≈·ÔÿŸ\uf8ff"):
        return edits
    for match in _MACROMAN.finditer(line):
        try:
            after = match[0].encode("macroman").decode("utf-8")
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(character) in _NO_TEXT for character in after):
            edits.append(Edit(match.start(), match.end(), after, "mojibake"))
    return edits


_WINDOWS = "".join(re.escape(chr(byte).encode("latin-1").decode("sloppy-windows-1252")) for byte in range(0x80, 0xC0))
"""UTF-8's continuation bytes as Windows-1252 shows them."""
_LEAD = re.compile(rf"(?<![ÄÅ])[ÄÅ][{_WINDOWS}]")
_READINGS = ("sloppy-windows-1252", "sloppy-windows-1254", "sloppy-windows-1250", "sloppy-windows-1257")


def latin_letters(line: str) -> list[Edit]:
    """Return the edits for letters of Turkish, Polish or Croatian names that ftfy leaves: `ErdoÄŸan`, `BEÅžÄ°KTAÅž`.

    `Ä` and `Å` are letters themselves, so the pair must give the same letter in every encoding that has it, and that
    letter must be of the case of those beside it: a small one follows a small one, a capital stands among capitals or
    opens a word.

    >>> [edit.after for edit in latin_letters("ErdoÄŸan dan BEÅžÄ°KTAÅž")]
    ['ğ', 'Ş', 'İ', 'Ş']
    """
    edits: list[Edit] = []
    if "Ä" not in line and "Å" not in line:
        return edits
    for match in _LEAD.finditer(line):
        after = _read_alike(match[0])
        before = edits[-1].after if edits and edits[-1].end == match.start() else line[: match.start()][-1:]
        if after is not None and _has_the_case(after, match[0][1], before, line[match.end() : match.end() + 1]):
            edits.append(Edit(match.start(), match.end(), after, "mojibake"))
    return edits


def _read_alike(pair: str) -> str | None:
    """The letter that two characters are as UTF-8, None where they are none or encodings disagree."""
    letters = set()
    for encoding in _READINGS:
        try:
            letters.add(pair.encode(encoding).decode("utf-8"))
        except UnicodeError:
            continue
    letter = letters.pop() if len(letters) == 1 else ""
    return letter if letter.isalpha() else None


def _has_the_case(letter: str, second: str, before: str, following: str) -> bool:
    """Whether a letter goes on a word as words are written; no word opens with `Ä` and a sign that is no letter."""
    if letter.islower():
        return before.islower() or (not before.isalpha() and second.isalpha() and following.islower())
    return before.isupper() and not following.islower() if before.isalpha() else following.isalpha()


_STRAY = re.compile(
    # `Â` is what `Â\xa0` left when an extractor stripped the U+00A0: alone, at the end of a line or between spaces;
    r"(?P<gone>(?:(?<=\A)|(?<=[\s.,!?;:\"”’)]))Â{1,3}(?=\s{0,8}\Z)"
    r"|(?<=\s)Â(?=\s)"
    # before punctuation, which follows no Indonesian word's capital letter: `rumah.Â"`
    r"|(?<=[a-z0-9.,!?)\"”’%])Â(?=[\s.,;:!?\"”’)])"
    # `¬` was a soft hyphen or the first half of a MacRoman U+00A0: `peme¬rintah`, `kata¬ ujar`.
    r"|(?<=[a-z])¬(?=[a-z])"
    r"|(?<=[a-z.,!?\"”’)])¬(?=\s|\Z))"
    # `Swiss.ÂPara`: the space went with the U+00A0. A name such as `Âli` goes on in small letters.
    r"|(?P<space>(?<=[.!?,;:\"”’)])Â(?=[A-Z][a-z]|[“‘]))"
    r"|(?P<glued>(?<!\w)Â(?=[A-Z][a-z]))"
)


def strays(line: str) -> list[Edit]:
    """Return the edits that remove first halves of mojibake whose second half is gone.

    >>> [(edit.start, edit.after) for edit in strays("Pertandingan usai.ÂPara pemain pulang. Â")]
    [(18, ' '), (39, '')]
    """
    if "Â" not in line and "¬" not in line:
        return []
    return [
        Edit(match.start(), match.end(), " " if match.lastgroup == "space" else "", "mojibake-orphan")
        for match in _STRAY.finditer(line)
    ]
