"""Finds the dateline that opens a body: where it ends on a line, and whether short lines together are one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from kliping.annotation.roles.borders import UNKNOWN, casing, titled
from kliping.annotation.roles.vocabulary import agencies, agency_outlets, outlet_names, words
from kliping.knowledge import any_of, calendar, domain_ending, load

LONGEST = 70
"""No dateline prefix is longer, in code points."""
SPACES = 36
"""As many code points may the white space before a dash have, entities and all."""
DASHES = "-–—"
TITLED = 4.0
"""The bits from which on the words before a place alone are a title."""
IN_NAMES = 70
"""A word of a place's name has its capital in so many of a hundred places behind another capital."""

_SIGN = re.compile(r"[-–—:]")
_DASH = re.compile(r"(?:\s|&nbsp;){0,6}(?:[-–—]{1,6}|:)(?:\s|&nbsp;){0,6}")
_PIECES = any_of(load("domains.toml")["pieces"])
_DOMAIN = re.compile(rf"(?:[A-Za-z0-9-]{{2,30}}\.){{1,3}}(?:{domain_ending()}| (?i:(?:co\.)?(?:{_PIECES})))(?![\w@])")
_ENDS_DOMAIN = re.compile(rf"\.(?:{domain_ending()})$")
_DOMAIN_SPACED = re.compile(r"[A-Z0-9-]{4,30} CO\.ID\b")
_PART = re.compile(r"[,|/()]+")
_WORD = re.compile(r"[\w'’.+-]+")
_BLANK = re.compile(" ")
_GLUED = re.compile(r"([A-Z][a-z]{1,20})[A-Z0-9]")
_PLACE = r"[A-Z][A-Za-z]{2,20}(?: [A-Z][A-Za-z]{1,20}){0,2}"
_TIGHT_PLACE = re.compile(r"([A-Z][A-Za-z]{3,20}(?: [A-Z][A-Za-z]{2,20}){0,2}) ?[-–—](?=([A-Z]\w{1,30}))")
_DASH_BEHIND = re.compile(
    r"(?<=[\w)])(?:\.?[\s\u00a0]{0,3}[-–—]{1,2}|[\s\u00a0]{1,3}[-–—]{1,2})[\s\u00a0]{1,3}(?=[A-Z\"“])"
)
"""The dash of a dateline inside a line: `CNN Indonesia -- `, `(PR).- `."""
_LAST_WORDS = re.compile(r"(?:[A-Z][\w.&-]{0,20} ){0,3}[A-Z][\w.&-]{0,20}$")
_LAST_BRACKET = re.compile(r" ?\(([^()]{2,30})\)$")
_SHOUTED_PLACE = r"[A-Z]{4,20}(?: [A-Z]{4,20}){0,2}"
_PLACE_INSIDE = re.compile(
    rf"(?<=[\w.!?)\]\"”'’] )(?:({_PLACE}) (?:-|–|—|--) (?=[A-Z\"“])|"
    rf"({_SHOUTED_PLACE}) ?[-–—]{{1,2}}(?=[A-Z][a-z]|[\s\u00a0][A-Z\"“]))"
)
"""A place in capitals may have its dash without blanks: `JAKARTA- Harga`."""
_DASH_INSIDE = re.compile(r"[-–—:](?<=[ )\u00a0m;d].)|[-–—:](?=[ \u00a0&])")
_CAPITAL_DOMAIN = re.compile(r"\. ?(?:[A-Z]{2,4})(?![a-z])")
_DOMAIN_AND_PLACE = re.compile(r"\.[a-z]{2,4}, ?[A-Z]")
"""One of these stands in every line with a dateline inside."""
_PLACE_BEFORE = re.compile(rf"({_PLACE}), ?$")
_CAPITALS_BEFORE = re.compile(r"(?:^|[^A-Z,] |[^A-Z ,])([A-Z]{3,20}(?: [A-Z]{2,20}){0,2}), ?$")
"""A place in capitals needs not be known where what stands before it is written otherwise."""
_SECOND = re.compile(rf"({_PLACE}|[\w-]{{2,25}}(?:\.\w{{2,5}}){{1,2}})(?: ?[-–—]{{1,2}} |\. )(?=[A-Z\"“])")
_DAY = re.compile(
    rf",? ?(?:{any_of(calendar().days)})?,? ?\(?\d{{1,2}}(?:[/.-]\d{{1,2}}[/.-]| [A-Z][a-z]{{2,8}} )\d{{2,4}}\)?$"
)
"""The day in a dateline: `Kupang, Jumat (5/4/2024)`."""
_WITHIN = re.compile(rf"(?:\b(?:{any_of(load('datelines.toml')['within'])})[.:]?|[/|(])$")
"""What stands before an outlet that a sentence or a credit names."""
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
    """Tell whether a part of a prefix is one to four words that each start with a capital, as places and brands do.

    Behind two words of a title a place is another part: `Harga Beras Turun KUPANG`, `Harga Beras Turun Kupang`.
    """
    tokens = part.split()
    if len(tokens) > 2 and (_shouts_last(tokens) or _titles(tokens)):
        return False
    return 0 < len(tokens) <= 4 and all(token[0].isupper() or token[0].isdigit() for token in tokens)


def _shouts_last(tokens: Sequence[str]) -> bool:
    return tokens[-1].isupper() and len(tokens[-1]) > 3 and not all(map(str.isupper, tokens))


def _titles(tokens: Sequence[str]) -> bool:
    """Tell whether words of a title stand before a known place: words that sentences write small, also behind names."""
    if " ".join(tokens).casefold() in words().places or tokens[-1].casefold() not in words().places:
        return False
    return any(casing().get(word.lower(), UNKNOWN).behind_capital < IN_NAMES for word in tokens[1:-1])


def is_prefix(prefix: str) -> int:
    """Tell how much `prefix` (without its dash) looks like a dateline: 2 names an outlet, 1 could be a place, 0 no.

    >>> is_prefix("KUPANG, KabarPulau.com"), is_prefix("Kupang"), is_prefix("Ia yakin harga turun")
    (2, 1, 0)
    """
    prefix = _DAY.sub("", prefix)
    if not prefix or prefix[0] in "([" or prefix[0].isdigit():
        return 0
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
        elif " " in part and _DOMAIN.fullmatch(part.rpartition(" ")[2]):
            if part.rpartition(" ")[0].casefold() not in words().places:
                return 0
            outlet = True
        elif not _is_name(part):
            return 0
        elif part.isupper() and len(parts) > 1 and part != parts[0]:
            outlet = True
    if len(parts) == 1 and any(c.isdigit() for c in prefix) and not _DOMAIN.fullmatch(parts[0]):
        return 0
    outlet = outlet or _is_newsroom(parts)
    return 2 if outlet or ("(" in prefix and len(parts) > 1) else 1


def _is_newsroom(parts: Sequence[str]) -> bool:
    """Tell whether an acronym stands before a known place, as newsrooms write themselves: `KBRN, Kupang`."""
    if len(parts) != 2 or not 2 <= len(parts[0]) <= 6 or not parts[0].isupper():
        return False
    return parts[0].casefold() not in words().places and parts[1].casefold() in words().places


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
    if not position and opening and (place := _TIGHT_PLACE.match(line)):
        position = place.end() if _is_tight(place.group(1), place.group(2)) else 0
    return len(line[:position].rstrip())


def _is_second(line: str, half: str) -> bool:
    """Tell whether a dateline goes on behind its first dash: `KABAR.ID - KUPANG. `, `KUPANG - Kabar.id - `."""
    if _ENDS_DOMAIN.search(half):
        return True
    return (half.casefold() in words().places or half.isupper()) and domain_at_start(line) > 0


def _is_tight(place: str, following: str) -> bool:
    """Tell whether a dash without blanks parts a place and a sentence, not two names: not in `Jakarta-Bandung`."""
    if place.casefold() not in words().places or following.casefold() in words().places:
        return False
    known = casing().get(following.lower())
    return place.isupper() or (known is not None and (known.opens >= 1 or known.capital < 60))


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
        second = _SECOND.match(line, match.end())
        goes_on = second is not None or _starts_sentence(rest)
        if strength and goes_on and (strength == 2 or (opening and len(prefix) <= 40)):
            return second.end() if second and _is_second(line, second[1]) else match.end()
        if not tight:
            break
    return 0


def _ends_dateline(prefix: str) -> bool:
    """Tell whether a dash without blanks may follow: not inside `Jakarta-Bandung`, but in `Kabar.id, Kupang-Harga`."""
    if prefix.endswith(")") or _ENDS_DOMAIN.search(prefix):
        return True
    outlet, comma, place = prefix.rpartition(",")
    return comma == "," and domain_at_start(outlet) == len(outlet) and place.strip().casefold() in words().places


def inside(head: str) -> tuple[int, int]:
    """Return where a dateline stands behind something that was glued before it, (0, 0) where none does.

    An outlet's address or `(ANTARA)` may stand behind anything; a place alone only behind a stop or a name.

    >>> text = "Harga Cabai Turun KUPANG, KOMPAS.com - Pedagang lega."
    >>> text[slice(*inside(text))]
    'KUPANG, KOMPAS.com - '
    """
    if not any(sign.search(head) for sign in (_DASH_INSIDE, _CAPITAL_DOMAIN, _DOMAIN_AND_PLACE)):
        return 0, 0
    for match in _outlet_inside().finditer(head):
        begin = _with_place(head, _outlet_start(head, match.start(), match.end()))
        if match.group().endswith(")"):
            name = match.group().partition(" (")[0]
            begin += len(name) - (_known_place(name) or len(name))
        before = head[:begin].rstrip()
        if not before or _WITHIN.search(before[-16:]) or not _in_brackets(match.group()):
            continue
        stop = _after_dash(head[begin:], opening=True)
        if not stop and "." in match.group() and (match.group().isupper() or _names_place(head[match.end() :])):
            stop = _after_domain(head[begin:], match.end() - begin)
        if stop:
            return begin, begin + stop
    for match in _DASH_BEHIND.finditer(head):
        begin = _named_start(head, match.start())
        if begin < match.start() and not _WITHIN.search(head[:begin].rstrip()[-16:]):
            return begin, match.end()
    for match in _PLACE_INSIDE.finditer(head):
        name = match.group(match.lastindex or 0)
        begin = match.start() + len(name) - _known_place(name)
        if begin == match.start() or (begin < match.start() + len(name) and titled(head, 0, begin) >= TITLED):
            return begin, match.end()
    return 0, 0


def _outlet_start(head: str, start: int, end: int) -> int:
    """Return where a known address begins whose first letters are small: `iNews.id`."""
    word = head.rfind(" ", 0, start) + 1
    return word if head[word:end].casefold() in outlet_names() else start


def _named_start(head: str, end: int) -> int:
    """Return where a dateline begins that ends with an outlet's known name: behind a place or a title; `end` if none.

    >>> text = "Harga Cabai Turun Jakarta, CNN Indonesia -- Pedagang lega."
    >>> text[_named_start(text, text.index(" --")):]
    'Jakarta, CNN Indonesia -- Pedagang lega.'
    """
    if bracket := _LAST_BRACKET.search(head, max(0, end - 40), end):
        named = bracket[1].casefold() in outlet_names() or bracket[1].casefold() in agencies()
        place = _LAST_WORDS.search(head, max(0, bracket.start() - 60), bracket.start()) if named else None
        size = _known_place(place.group()) if place else 0
        return bracket.start() - size if size else end
    found = _LAST_WORDS.search(head, max(0, end - 80), end)
    begins = (
        [found.start(), *(found.start() + blank.end() for blank in _BLANK.finditer(found.group()))] if found else []
    )
    outlet = next((begin for begin in begins if head[begin:end].casefold() in outlet_names()), end)
    begin = _with_place(head, outlet)
    return begin if begin < outlet or (0 < outlet < end and titled(head, 0, outlet) >= TITLED) else end


def _names_place(rest: str) -> bool:
    """Tell whether a known place and a sentence stand behind the outlet: `Kabar.id, Kupang Harga cabai turun`."""
    body = rest.lstrip(" \u00a0,")
    place = _place_words(body)
    return (
        rest[:1] == "," and place > 0 and body[place : place + 1].isspace() and _starts_sentence(body[place:].lstrip())
    )


@cache
def _outlet_inside() -> re.Pattern[str]:
    """Return what names an outlet in a dateline behind other text: `KOMPAS.com`, `detik.com`, `Kupang (ANTARA)`."""
    known = "|".join(f"{brand.upper()}|{brand.capitalize()}" for brand in agency_outlets())
    place, ending = r"[A-Z][\w'-]{2,20}(?: [A-Z][\w'-]{2,20}){0,2}", domain_ending()
    domain = rf"(?:[A-Z][A-Za-z0-9-]{{2,30}}\. ?|(?<![a-z])[a-z]{{3,20}}\.)(?:{ending})(?![\w/@)])"
    bracket = rf"{place} \((?:{known}|[A-Z][\w-]{{1,25}}(?:\.(?:{ending}))?)\)(?= ?[-–—])"
    return re.compile(rf"(?<![\w@/.]){bracket}|(?<![A-Z0-9@/.-]){domain}")


def _in_brackets(found: str) -> bool:
    """Tell whether what stands in brackets behind a place, if anything does, is an agency or a site."""
    name = found.rpartition("(")[2].rstrip(")") if found.endswith(")") else ""
    return not name or name.casefold() in agencies() or domain_at_start(name) == len(name)


def _known_place(name: str) -> int:
    """Return the length of the known place that ends a name, behind a title: `Harga Cabai Turun Kupang`; 0 for none."""
    begins = [0, *(blank.end() for blank in _BLANK.finditer(name))]
    return next((len(name) - begin for begin in begins if name[begin:].casefold() in words().places), 0)


def _with_place(head: str, place: int) -> int:
    """Return where the place begins that stands before an outlet: `KUPANG, KOMPAS.com`; `place` where none does."""
    found = _PLACE_BEFORE.search(head, max(0, place - 40), place)
    if found and (size := _known_place(found.group(1))):
        return found.end(1) - size
    found = _CAPITALS_BEFORE.search(head, max(0, place - 40), place)
    return found.start(1) if found else place


def is_line(line: str, sure: bool = True) -> bool:
    """Tell whether a whole line is a dateline by itself: `Kabar.id, Kupang - `, `KUPANG –`, `Kabar.id, Kupang`.

    `sure` wants an outlet, a known place or one in capitals; without it a place may be any name that no menu shows.
    """
    if len(line) > LONGEST or not (line[-1:] in _CLOSES or "," in line or "&nbsp;" in line):
        return False
    bare = line.replace("&nbsp;", " ").rstrip(_CLOSES)
    if not bare:
        return False
    if bare != line.rstrip():
        strength = is_prefix(bare)
        return strength == 2 or (strength == 1 and line.rstrip()[-1] != ":" and _may_be_place(bare, sure))
    return "," in bare and "/" not in bare and bool(domain_at_start(line)) and is_prefix(bare) == 2


def _may_be_place(name: str, sure: bool) -> bool:
    place = name.split(",")[0].casefold()
    if place in words().places:
        return True
    fits = 3 <= len(name) <= 30 and place not in words().menu
    return fits and (name.isupper() or not sure)


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
