"""The one error that a command shows as a sentence: what is wrong, where, and what to do next; and words for one."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Categories of Unicode whose characters steer a terminal, hide, or turn the line around (U+202E)."""


class KlipingError(Exception):
    """Raised with a whole sentence for a person; the command line prints it without a traceback and exits with 1."""


def printable(text: str) -> str:
    """Return `text` with every character that a terminal would obey written as an escape; line feeds stay."""
    if text.isprintable():
        return text
    return "".join(_escaped(c) if c != "\n" and unicodedata.category(c) in _HIDDEN else c for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
