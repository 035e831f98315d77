"""Quotes, dashes and U+00A0 that were read as MacRoman, where nothing else is damaged: what all steps do, in one pass.

This is by far the most common mojibake of Indonesian news. ftfy calls each of these sequences bad wherever it stands,
and MacRoman is its only encoding that reads a line of them: as bytes of the others they are no UTF-8, since `‚` and `¬`
would go on with a character that nothing began.
"""

from __future__ import annotations

import re

from kliping.annotation.repair.edits import Edit

_SPACE = "¬†"
_MARKS = {f"‚Ä{last}": mark for last, mark in zip("ùúôòìî¶", "”“’‘–—…", strict=True)} | {_SPACE: " "}
_CHARACTERS = frozenset("".join(_MARKS))
_RUN = re.compile("‚Ä[ùúôòìî¶](?:‚Ä[ùúôòìî¶])*|¬†(?:¬†)*")


def only_typography(text: str, residue: str) -> list[Edit] | None:
    """Return the edits of a text in which nothing but these sequences is beyond ASCII, None for any other text.

    `residue` is the text without its printable ASCII, tabs and line feeds. No line may be longer than `encoding.PIECE`.

    >>> [edit.after for edit in only_typography("‚ÄúSudah,‚Äù¬†¬†kata dia.", "‚Äú‚Äù¬†¬†") or ()]
    ['“', '”', '  ']
    """
    if not _CHARACTERS.issuperset(residue):
        return None
    runs = list(_RUN.finditer(text))
    if sum([run.end() - run.start() for run in runs]) < len(residue):
        return None
    return [Edit(run.start(), run.end(), _read(run[0]), "mojibake") for run in runs]


def _read(run: str) -> str:
    width = len(_SPACE) if run.startswith(_SPACE) else 3
    return "".join([_MARKS[run[start : start + width]] for start in range(0, len(run), width)])
