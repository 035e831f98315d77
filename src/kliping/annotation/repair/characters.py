"""Characters that no reader sees and tools trip over: each has one replacement and one reason, wherever it stands."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kliping.annotation.repair.edits import Edit


@dataclass(frozen=True, slots=True)
class _Rule:
    """A run of characters that `pattern` matches: each becomes `after`, for `reason`."""

    pattern: re.Pattern[str]
    after: str
    reason: str

    def edit(self, text: str, start: int) -> Edit | None:
        match = self.pattern.match(text, start)
        if match is None:
            return None
        after = self.after if self.reason == "line-terminator" else self.after * len(match[0])
        return Edit(start, match.end(), after, self.reason)


_JOINED = "\u0590-\u1fff\u2190-\U0010ffff"
"""Scripts and pictographs that use joiners: `👨‍👩‍👧`, Persian, Devanagari. Between two of them a joiner is text."""

_ESCAPE = r"\x1b(?:\[[\d;]*[a-zA-Z])?"
"""A terminal's escape sequence for colour and the like, or a lone escape character."""

_RULES = (
    ("\r\x0b\x0c\u2028\u2029", r"\r\n?|[\x0b\x0c\u2028\u2029]", "\n", "line-terminator"),
    # NEL (U+0085) is not here: on the web it is the ellipsis of Windows-1252, and ftfy reads it so.
    ("\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufff9-\ufffc", "[{}]+", "", "control-character"),
    ("\x1b", _ESCAPE, "", "control-character"),
    # The five that Windows-1252 does not define; ftfy has read the others by the time that this rule is asked.
    ("\x80-\x9f", "[{}]+", "", "control-character"),
    ("\xad", "{}+", "", "soft-hyphen"),
    ("\u180e\u200b\u2060-\u2064\ufeff", "[{}]+", "", "zero-width"),
    ("\u200c\u200d", f"[{{0}}]{{{{2,}}}}|(?<![{_JOINED}])[{{0}}]|[{{0}}](?![{_JOINED}])", "", "zero-width"),
    ("\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f", "[{}]+", "", "bidi-mark"),
    # U+2800, U+3164 and U+FFA0 are no spaces for Unicode, but they print as one and are used to fake an empty line.
    ("\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0", "[{}]+", " ", "odd-space"),
)

SIMPLE = "".join(characters for characters, *_ in _RULES)
"""Every character that has a rule (inside of a regular expression's set)."""

_SIMPLE = re.compile(f"[{SIMPLE}]")


_RANGE = re.compile("(.)-(.)|(.)", re.DOTALL)


def members(characters: str) -> list[str]:
    """Return the characters of a regular expression's set in order, given its inside: single ones and ranges.

    >>> members("xa-c")
    ['a', 'b', 'c', 'x']
    """
    ranges = [(match[1] or match[3], match[2] or match[3]) for match in _RANGE.finditer(characters)]
    return sorted({chr(code) for first, last in ranges for code in range(ord(first), ord(last) + 1)})


def _table() -> dict[str, _Rule]:
    table: dict[str, _Rule] = {}
    for characters, pattern, after, reason in _RULES:
        table |= dict.fromkeys(members(characters), _Rule(re.compile(pattern.format(characters)), after, reason))
    return table


_BY_CHARACTER = _table()


def edit_at(text: str, position: int) -> Edit | None:
    """Return what to do about the run of invisible characters that begins at `position`, None if there is nothing."""
    rule = _BY_CHARACTER.get(text[position])
    return rule.edit(text, position) if rule else None


def is_simple(character: str) -> bool:
    """Tell whether the character's rule holds whatever stands around it; C1 controls may be bytes of mojibake."""
    return character in _BY_CHARACTER and not "\x80" <= character <= "\x9f"


def invisible(text: str) -> list[Edit]:
    """Return the edits for all characters of the text that have a rule.

    >>> [(edit.after, edit.reason) for edit in invisible("Rp\\xa015 ribu\\u200b\\r\\n")]
    [(' ', 'odd-space'), ('', 'zero-width'), ('\\n', 'line-terminator')]
    """
    edits: list[Edit] = []
    match = _SIMPLE.search(text)
    while match:
        edit = edit_at(text, match.start())
        if edit:
            edits.append(edit)
        match = _SIMPLE.search(text, edit.end if edit else match.end())
    return edits


_CONTROL = re.compile(_ESCAPE + r"|[\x00-\x08\x0e-\x1f\x7f]")


def controls(text: str) -> list[Edit]:
    """Return the edits that remove control characters, a terminal escape with its parameters."""
    return [Edit(match.start(), match.end(), "", "control-character") for match in _CONTROL.finditer(text)]


NFC_SUSPECTS = (
    "\u0300-\u1fff\u20d0-\u20ff\u2126\u212a\u212b\u2329\u232a\u2adc\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f"
    "\u3099\u309a\ua66f-\ufaff\ufb1d-\ufb4f\ufe20-\ufe2f\U00010000-\U0001e95f\U0002f800-\U0002fa1f"
)
"""Every character that canonical composition could change, reorder or join to one before it (inside of a set)."""

_NFC_SUSPECT = re.compile(f"[{NFC_SUSPECTS}]")

_NFC_CLUSTER = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
"""ASCII joins no character before it, so each of these is composed alone."""

NFC_CLUSTER_LIMIT = 256
"""Longer runs without ASCII stay as they are: sorting marks costs the square of their number, and none is news."""


def nfc(text: str) -> list[Edit]:
    """Return the edits that bring the text to Unicode's Normalization Form C (UAX #15).

    >>> [(edit.start, edit.end, edit.after) for edit in nfc("kafe\\u0301 baru")]
    [(3, 5, 'é')]
    """
    edits: list[Edit] = []
    if not _NFC_SUSPECT.search(text):
        return edits
    for match in _NFC_CLUSTER.finditer(text):
        cluster = match[0]
        if len(cluster) <= NFC_CLUSTER_LIMIT and not unicodedata.is_normalized("NFC", cluster):
            edits.append(_nfc_edit(match.start(), cluster))
    return edits


def _nfc_edit(offset: int, cluster: str) -> Edit:
    """The cluster's composed form, without what is the same at both ends."""
    composed = unicodedata.normalize("NFC", cluster)
    limit = min(len(cluster), len(composed))
    head = next((i for i in range(limit) if cluster[i] != composed[i]), limit)
    tail = next((i for i in range(limit - head) if cluster[-1 - i] != composed[-1 - i]), limit - head)
    return Edit(offset + head, offset + len(cluster) - tail, composed[head : len(composed) - tail], "nfc")
