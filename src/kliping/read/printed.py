"""Lists that a program printed into a string, as Python, JSON or NumPy print them: `['satu', "dua"]`.

A member is a string; lists inside the list stay lists. Between two members a comma may be lost, as NumPy leaves it
out. What is not such a list from its first sign to its last is none.
"""

from __future__ import annotations

import json
import re
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:(?P<open>[\[(])|(?P<close>[\])])|(?P<comma>,)|(?P<none>None|null|nan|NaN)\b
    |(?P<double>"(?:[^"\\]|\\.)*")|(?P<single>'(?:[^'\\]|\\.)*'))\s*""",
    re.VERBOSE | re.DOTALL,
)
_BEGINS = re.compile(r"\s{0,8}[\[(]\s{0,8}[\[('\"]")
_MAY_BEGIN = ("[", "(", " ", "\n")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_DEEPEST = 4


def is_list(text: str) -> bool:
    """Tell whether a text is a printed list from its first sign to its last, as far as these tell."""
    return text[:1] in _MAY_BEGIN and _BEGINS.match(text) is not None


def printed_members(text: str) -> list[Any] | None:
    """Return the members of a printed list, strings and lists; None where it is none, or one nested too deep.

    >>> printed_members("['satu', \\"dua\\" 'tiga']"), printed_members("[['Harga', 'naik']]"), printed_members("[Foto]")
    (['satu', 'dua', 'tiga'], [['Harga', 'naik']], None)
    """
    nested: list[list[Any]] = []
    position = 0
    while match := _TOKEN.match(text, position):
        position = match.end()
        if match["open"]:
            nested.append([])
            if len(nested) > _DEEPEST:
                return None
        elif not nested:
            return None
        elif match["close"]:
            done = nested.pop()
            if not nested:
                return done if position == len(text) else None
            nested[-1].append(done)
        elif match["double"] or match["single"]:
            nested[-1].append(_string(match["double"] or match["single"]))
    return None


def _string(literal: str) -> str:
    """A literal's characters; JSON and Python write escapes alike but for what `json` knows of surrogate pairs."""
    if literal[0] == '"' and "\\" in literal:
        try:
            return str(json.loads(literal, strict=False))
        except ValueError:
            pass
    return _ESCAPE.sub(_unescaped, literal[1:-1]) if "\\" in literal else literal[1:-1]


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits is None:
        return _CONTROLS.get(match[4], match[4])
    number = int(digits, 16)
    return chr(number) if number <= 0x10FFFF else match[0]
