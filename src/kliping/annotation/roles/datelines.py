"""Finds the dateline that opens a body: where it ends on a line, and whether short lines together are one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kliping.annotation.roles.knowledge import agencies, words

LONGEST = 70
"""No dateline prefix is longer, in code points."""
SPACES = 36
"""As many code points may the white space before a dash have, entities and all."""
DASHES = "-–—"
LEAD_WITHIN = 600
"""A lead that is glued before a dateline ends within so many code points, dateline and all."""

_SIGN = re.compile(r"[-–—:]")
_DASH = re.compile(r"(?:\s|&nbsp;){0,6}(?:[-–—]{1,6}|:)(?:\s|&nbsp;){0,6}")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9-]{2,30}\.){1,3} ?(?:com|co|id|net|tv|news|org|my|info)(?![\w@])", re.IGNORECASE)
_DOMAIN_SPACED = re.compile(r"[A-Z0-9-]{4,30} CO\.ID\b")
_PART = re.compile(r"[,|/()]+")
_WORD = re.compile(r"[\w'’.+-]+")
_GLUED = re.compile(r"([A-Z][a-z]{1,20})[A-Z0-9]")
_TIGHT_PLACE = re.compile(r"([A-Z]{4,20}(?: [A-Z]{3,20}){0,2})[-–](?=[A-Z][a-z])")
_INSIDE = re.compile(
    r"(?<=[.!?,”\"] )[A-Z][\w'-]{2,20}(?: [A-Z][\w'-]{2,20}){0,2} \(([A-Z][\w.-]{1,29})\) ?[-–—]{1,2} (?=[A-Z\d\"“'‘])"
)
_CLOSED = re.compile(r"\) ?[-–—]")
_CLOSES = " \u00a0:" + DASHES
"""What may stand behind a dateline."""
_LONE_DASH = frozenset({"-", "–", "—", "--", "- ", "–-", "—-"})


def domain_at_start(line: str) -> int:
    """Return where the domain name that opens `line` ends, or 0."""
    if "." not in line[:36]:
        return 0
    match = _DOMAIN.match(line) or _DOMAIN_SPACED.match(line)
    return match.end() if match else 0


def _is_name(part: str) -> bool:
    """Tell whether a part of a prefix is one to four words that each start with a capital, as places and brands do."""
    tokens = part.split()
    return 0 < len(tokens) <= 4 and all(token[0].isupper() or token[0].isdigit() for token in tokens)


def is_prefix(prefix: str) -> int:
    """Tell how much `prefix` (without its dash) looks like a dateline: 2 names an outlet, 1 could be a place, 0 no.

    >>> is_prefix("KUPANG, KabarPulau.com"), is_prefix("Kupang"), is_prefix("Ia yakin harga turun")
    (2, 1, 0)
    """
    parts = [part.strip() for part in _PART.split(prefix)]
    parts = [part for part in parts if part and part != "I"]
    if not parts or len(parts) > 4 or len(prefix) > LONGEST:
        return 0
    if prefix.split()[0].strip(",:").casefold() in words().not_dateline:
        return 0
    outlet = False
    for part in parts:
        if _DOMAIN.fullmatch(part) or _DOMAIN_SPACED.fullmatch(part):
            outlet = True
        elif not _is_name(part):
            return 0
        elif part.isupper() and len(parts) > 1 and part != parts[0]:
            outlet = True
    if len(parts) == 1 and any(c.isdigit() for c in prefix) and not _DOMAIN.fullmatch(parts[0]):
        return 0
    return 2 if outlet or ("(" in prefix and len(parts) > 1) else 1


def _starts_sentence(rest: str) -> bool:
    return bool(rest) and (rest[0].isupper() or rest[0].isdigit() or rest[0] in "\"'“”‘’(?[")


def _place_words(rest: str) -> int:
    """Return the length of the place that opens `rest` where no dash tells, 0 where none that is known does.

    A link's markup may have glued the place to the text: `KupangHarga cabai ...`.
    """
    tokens = list(_WORD.finditer(rest[:60]))[:4]
    for count in range(min(3, len(tokens)), 0, -1):
        end = tokens[count - 1].end()
        if rest[:end].casefold() in words().places:
            return end
    if tokens and (glued := _GLUED.match(tokens[0].group())) and glued.group(1).casefold() in words().places:
        return glued.end(1)
    return 0


def _after_domain(line: str, end: int) -> int:
    """Return where a dateline without a dash ends, its domain ending at `end`: `Kabar.id, Kupang Harga`; 0 if none."""
    rest = line[end:]
    gap = len(rest) - len(rest.lstrip(" \u00a0,|:"))
    mark = "," in rest[:gap] or "|" in rest[:gap]
    body = rest[gap:]
    if not _starts_sentence(body) or not gap:
        return 0
    if mark:
        place = _place_words(body)
        return end + gap + place if place else end + gap
    return end + gap


def prefix_end(line: str, opening: bool) -> int:
    """Return where the dateline that opens `line` ends, trimmed, or 0 where there is none.

    `opening` says that the line may open the body: only there a place alone (`KUPANG - `) counts.
    """
    position = _after_dash(line, opening)
    if not position and opening and (domain := domain_at_start(line)):
        position = _after_domain(line, domain)
    if not position and opening and line[:4].isupper() and (place := _TIGHT_PLACE.match(line)):
        position = place.end() if place.group(1).casefold() in words().places else 0
    return len(line[:position].rstrip())


def _dashes(head: str) -> Iterator[re.Match[str]]:
    """Yield what `_DASH` matches, in order: each match holds the next sign and the white space around it."""
    reached = 0
    while sign := _SIGN.search(head, reached):
        begin = sign.start()
        if begin > reached and (head[begin - 1] == ";" or head[begin - 1].isspace()):
            begin = max(reached, begin - SPACES)
        match = _DASH.search(head, begin)
        assert match
        yield match
        reached = match.end()


def _after_dash(line: str, opening: bool) -> int:
    """Return where the dash of the dateline that opens `line` ends, 0 where no dash closes one."""
    head = line[: LONGEST + 12]
    for match in _dashes(head):
        if match.start() == 0 or match.start() > LONGEST:
            break
        text = match.group()
        prefix = head[: match.start()].rstrip()
        rest = line[match.end() : match.end() + 1]
        tight = not text[0].isspace() and text[0] != "&" and text.strip() in ("-", ":")
        if tight and not (text[-1].isspace() or _ends_dateline(prefix)):
            continue
        strength = is_prefix(prefix)
        if ":" in text and strength < 2:
            break
        if strength and _starts_sentence(rest) and (strength == 2 or (opening and len(prefix) <= 40)):
            return match.end()
        if not tight:
            break
    return 0


def _ends_dateline(prefix: str) -> bool:
    """Tell whether a dash without blanks may follow: not inside `Jakarta-Bandung`, but in `Kabar.id, Kupang-Harga`."""
    if prefix.casefold().endswith((".com", ".id", ".co", ")")):
        return True
    outlet, comma, place = prefix.rpartition(",")
    return comma == "," and domain_at_start(outlet) == len(outlet) and place.strip().casefold() in words().places


def inside(line: str) -> tuple[int, int]:
    """Return where the dateline stands behind a lead that was glued before it, (0, 0) where none does.

    A place alone is any subject of a sentence; brackets with an agency or a site behind it are a dateline's:
    `Kupang (ANTARA) - `, `Kupang (KabarLembah.com) - `.
    """
    head = line[:LEAD_WITHIN]
    if ")" not in head or _CLOSED.search(head) is None:
        return 0, 0
    for match in _INSIDE.finditer(head):
        if match.group(1).casefold() in agencies() or domain_at_start(match.group(1)) == len(match.group(1)):
            return match.span()
    return 0, 0


def is_line(line: str) -> bool:
    """Tell whether a whole line is a dateline by itself: `Kabar.id, Kupang - `, `KUPANG –`, `Kabar.id, Kupang`."""
    if len(line) > LONGEST or not (line[-1:] in _CLOSES or "," in line or "&nbsp;" in line):
        return False
    bare = line.replace("&nbsp;", " ").rstrip(_CLOSES)
    if not bare:
        return False
    if bare != line.rstrip():
        strength = is_prefix(bare)
        return strength == 2 or (strength == 1 and len(bare) <= 30 and line.rstrip()[-1] != ":")
    return "," in bare and "/" not in bare and bool(domain_at_start(line)) and is_prefix(bare) == 2


def opening_dash(line: str) -> int:
    """Return the length of the dash that opens a line whose dateline stands on the lines before it, or 0."""
    return (
        1
        if len(line) > 2
        and line[0] in DASHES
        and line[1] == " "
        and not line[2].isdigit()
        and _starts_sentence(line[2:].lstrip())
        else 0
    )


def is_dash(line: str) -> bool:
    """Tell whether the line is nothing but the dash that closes a dateline."""
    return line.strip() in _LONE_DASH
