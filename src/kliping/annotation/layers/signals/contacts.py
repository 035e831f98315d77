"""Finds mail addresses and telephone numbers in a text: what reaches somebody, not the short numbers of services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from kliping import knowledge

_MAIL = re.compile(
    r"[A-Za-z0-9_][\w.+-]{0,62}(?:@| ?[\[(](?:at|AT)[\])] ?)"
    r"(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.| ?[\[(](?:dot|DOT)[\])] ?)){1,4}[A-Za-z]{2,12}\b"
)
_SIGNS = (re.compile("@"), re.compile(r"\((?:at|AT)[\])]"), re.compile(r"\[(?:at|AT)[\])]"))
"""What parts an address; each pattern begins with a certain sign, which is sought fastest."""
_LONGEST_NAME, _LONGEST_DOMAIN = 64, 300
"""Code points before and behind that sign in which an address lies."""
_ZERO = re.compile(r"0(?<![\d.,]0)[2-9]\d")
"""How most numbers begin; the 0 comes first because that is what is sought fast."""
_PARTS = r"(?: ?[.\u2010-\u2013-]? ?\d{1,6}){1,4}"
_TELEPHONE = re.compile(
    r"(?<![\w.,/+-])(?:(?P<abroad>\+ ?62[ -]?\(?0?\)?[ -]?\(?|62(?=8))|(?P<bracket>\(0(?=\d{2,3}\)))|0)"
    rf"(?P<code>(?:[2-79]\d|8[1-35-9])\d?)\)?{_PARTS}(?![\w@])"
)
_WA_LINK = re.compile(r"wa\.me/(\+?62\d{8,13})\b")
_HYPHENED = re.compile(r"0\d{2,3} ?[\u2010-\u2013-] ?\d{5,8}")
MOBILE_DIGITS = range(10, 14)
"""Digits of a mobile number, the 0 before it counted."""
LANDLINE_DIGITS = range(8, 13)
"""Digits of another number with the code of its area, the 0 counted: eleven in Jakarta, nine or ten in small towns."""
BEFORE = 40
"""How far before a number a word stands that says what it is, in code points: `Hubungi Ibu Wening Larasati di`."""
_WORD = re.compile(r"[^\W\d_]+")


class Contact(NamedTuple):
    """A mail address or a telephone number at [start, end) of the text."""

    start: int
    end: int
    rule: str


def find_contacts(text: str) -> list[Contact]:
    """Return the mail addresses and telephone numbers in a text, in order, without overlap.

    >>> find_contacts("Hubungi panitia di 0812-5550-1234 atau surel warga@desa.example.")
    [Contact(start=19, end=33, rule='contact:mobile'), Contact(start=45, end=63, rule='contact:mail')]
    """
    found = [*_mails(text), *_telephones(text)]
    return sorted(found) if len(found) > 1 else found


def _mails(text: str) -> Iterator[Contact]:
    behind = 0
    for start, end in sorted(found.span() for sign in _SIGNS for found in sign.finditer(text)):
        begin = max(behind, start - _LONGEST_NAME)
        match = _MAIL.search(text, begin, end + _LONGEST_DOMAIN) if begin < start else None
        if match and match.start() < start:  # else it is the address of the next sign, and perhaps cut off
            behind = match.end()
            yield Contact(match.start(), behind, "contact:mail")


def _telephones(text: str) -> Iterator[Contact]:
    if _ZERO.search(text) is None and "+62" not in text and "+ 62" not in text and "628" not in text:
        return
    for match in _WA_LINK.finditer(text):
        yield Contact(match.start(1), match.end(1), "contact:mobile")
    for match in _TELEPHONE.finditer(text):
        if kind := _kind(text, match):
            yield Contact(match.start(), match.end(), f"contact:{kind}")


def _kind(text: str, match: re.Match[str]) -> str | None:
    """What number it is: a mobile's, a landline's, or none that reaches anybody for sure."""
    number, abroad = match.group(), match["abroad"] or ""
    digits = sum(map(str.isdecimal, number)) - (2 - ("0" not in abroad) if abroad else 0)
    words = set(_WORD.findall(text[max(0, match.start() - BEFORE) : match.start()].lower()))
    if not words.isdisjoint(_words("others")):
        return None
    announced = not words.isdisjoint(_words("cues"))
    if match["code"][0] == "8":
        return "mobile" if digits in MOBILE_DIGITS and (announced or "." not in number) else None
    sure = announced or abroad or match["bracket"] or _HYPHENED.fullmatch(number)
    return "landline" if sure and digits in LANDLINE_DIGITS else None


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(knowledge.load("signals.toml")["telephone"][kind])
