"""Reads who speaks: the words behind a cue, or the subject before a verb."""

from __future__ import annotations

import re
from typing import NamedTuple

from kliping import knowledge
from kliping.annotation.layers.metadata.registry import places
from kliping.annotation.layers.quotations.cues import Cue
from kliping.annotation.layers.quotations.lexicon import (
    COMMON,
    DAY,
    HEAD,
    INSTITUTION,
    LEAD_IN,
    OFFICE,
    PARTICLE,
    PLURAL,
    POINTING,
    PRONOUN,
    SEVERAL,
    STOP,
    UNNAMED,
    WITHIN,
    name_words,
    sorts,
)
from kliping.annotation.layers.sentences import abbreviations

NAMED, REFERRING, NAMELESS = "named", "referring", "nameless"
"""The kinds of words for a speaker: a name or an office, a word that stands for somebody named before, neither."""
_REACH = 160
"""Code points of the words of a speaker at most, and of those before a verb that are read for its subject."""
_LONGEST = 14
"""Words of a speaker at most."""
_NEAR = 30
"""Code points between a subject and its verb at most, where a heading was glued to it."""
_VERB_LIKE = ("di", "me", "ber")
"""How verbs begin."""
_OF_PEOPLE = frozenset({"berinisial", "bernama", "berusia", "berumur", "bermarga", "desa", "medis"})
"""Words that begin so too, and go on with a phrase for somebody without a name."""

_WORD = re.compile(r"[^\W_][^\s,.;:!?()\[\]\"“”„«»…]*(?:\.[a-z]\w{0,20}){0,3}")
_SHORT_FORM = re.compile(r" \([A-Z][\w&/ -]{1,24}\)(?=,? [A-ZÀ-Ý])")
"""The short form of an institution within an office: `Badan Cuaca (BC) Semanting`."""
_PIECE = re.compile(r", ((?:[A-ZÀ-Ý][\w'’.-]{0,30})(?: [A-ZÀ-Ý][\w'’.-]{0,30}){0,6})")
"""What may go on with an office behind a comma."""
_POINTING_PHRASE = re.compile(r"[A-Za-z][\w-]{1,30}(?:,? [\w-]{1,30}){0,8}? (?:itu|tersebut|ini)(?=[\s.,;!?\"”]|\Z)")
_BESIDE_VERBS = frozenset(
    ["juga", "pun", "kembali", "lalu", "kemudian", "sendiri", "telah", "sempat", "turut", "hanya"]
)
"""What may stand between a subject and its verb."""
_ADVERBS = 3
"""The last word of a subject is looked for before two of them at most."""
_BEFORE_NAMES = OFFICE | WITHIN | PARTICLE
"""What a word in small letters is that stands before a name and belongs to it."""
_NO_TAIL = COMMON | PRONOUN | PLURAL | UNNAMED | LEAD_IN
"""What no name before a verb consists of."""
_UP_TO_VERB = re.compile(rf" ?(?:(?:{knowledge.any_of(_BESIDE_VERBS)}) ){{0,2}}\Z")
_ELSEWHERE = frozenset(
    [
        "di",
        "ke",
        "dari",
        "pada",
        "kepada",
        "dengan",
        "untuk",
        "dan",
        "oleh",
        "yang",
        "bersama",
        "antara",
        "dalam",
        "tentang",
    ]
)
"""Words behind which a name is no subject."""
_COMMAS = re.compile(r"[,\"”»]\s")
_PLAIN = frozenset(',\n"“”()[]')
"""What no word of a name holds."""
_INITIALS = 3
"""Letters of what stands between full stops in a name: `M.A. Rahmat`."""
_WIDEST = 40
"""Code points of a word of a name at most."""
_SPACED = re.compile(r"\S+")
_EDGES = "\"“”,.()‘’'"


class Speaker(NamedTuple):
    """The words [start, end) that say who speaks, and what kind of words they are."""

    start: int
    end: int
    kind: str


def speaker_of_cue(text: str, cue: Cue, left: int, stop: int) -> Speaker | None:
    """Return who is named beside a cue within [left, stop): behind a passive and `menurut`, else before the verb."""
    if cue.anaphoric:
        return None
    if cue.kind in {"passive", "according", "behind"}:
        return speaker_at(text, cue.end + text.startswith(" ", cue.end), stop)
    return subject_of(text, left, cue.start)


def speaker_at(text: str, at: int, stop: int) -> Speaker | None:
    """Return the words from `at` on that say who speaks, None where there are none before `stop`.

    Offices stand in front of a name, also with commas between: `Kepala Dusun Melati, Kecamatan Semanting, Rahmat`.
    """
    stop = min(stop, at + _REACH)
    first = _WORD.match(text, at, stop)
    if first is None:
        return None
    if first[0] == "oleh":
        return speaker_at(text, first.end() + 1, stop)
    known = sorts()
    sort = known.get(first[0].casefold(), 0)
    if sort & PRONOUN:
        return Speaker(at, first.end(), REFERRING)
    if sort & PLURAL:
        return Speaker(at, first.end(), NAMELESS)
    small = first[0].islower()
    if small and sort & STOP:
        return None
    if small and sort & (UNNAMED | OFFICE) and not sort & SEVERAL and (pointed := _pointed(text, at, stop)):
        return pointed
    end = _end_of_phrase(text, first, stop, sort)
    phrase = text[at:end]
    if sort & UNNAMED and (sort & SEVERAL or not _ends_in_name(phrase)):
        return Speaker(at, end, NAMELESS)
    return Speaker(at, end, REFERRING if phrase.endswith((" itu", " tersebut", " ini")) else NAMED)


def _pointed(text: str, at: int, stop: int) -> Speaker | None:
    """Words for somebody who was named before: `perempuan asal Berau itu`."""
    if text.find(" itu", at, stop) < 0 and text.find(" tersebut", at, stop) < 0 and text.find(" ini", at, stop) < 0:
        return None
    match = _POINTING_PHRASE.match(text, at, stop)
    if match is None:
        return None
    known = sorts()
    others = match[0].casefold().replace(",", "").split()[1:]
    return None if any(known.get(word, 0) & STOP for word in others) else Speaker(*match.span(), REFERRING)


def _end_of_phrase(text: str, first: re.Match[str], stop: int, sort: int) -> int:
    """Where the words for a speaker end that begin with `first`, of which `sort` tells what it is."""
    known = sorts()
    end, last = first.end(), first[0]
    nameless, office = bool(sort & UNNAMED), bool(sort & HEAD)
    named = first[0][0].isupper() and not sort & HEAD
    for _ in range(_LONGEST):
        match = _WORD.match(text, _behind(text, end, stop, last, office), stop)
        if match is None:
            break
        word = match[0]
        low = word.casefold()
        sort = known.get(low, 0)
        if sort & POINTING:
            return match.end()
        joint = office and not named and sort & WITHIN and _led(text, match.end())
        if sort & DAY or (word == low and sort & STOP and not joint):
            break
        if word[0].isupper():
            named = named or not sort & HEAD
        elif low == "dan":
            if not _led(text, match.end()):
                break
        elif nameless:
            if low.startswith(_VERB_LIKE) and not sort & HEAD and low not in _OF_PEOPLE:
                break
        elif named and not sort & PARTICLE and not (office and sort & (WITHIN | HEAD)):
            break
        end, last = match.end(), word
    return end


def _led(text: str, at: int) -> bool:
    """Whether a word with a capital follows."""
    return text.startswith(" ", at) and text[at + 1 : at + 2].isupper()


def _behind(text: str, end: int, stop: int, last: str, office: bool) -> int:
    """Where the next word of a phrase may begin behind its word `last`; `stop` where none may."""
    if text.startswith(" ", end):
        short = _SHORT_FORM.match(text, end, stop + 2) if office and text.startswith(" (", end) else None
        if short is None:
            return end + 1
        end = short.end()
        return end + 2 if text.startswith(", ", end) else end + 1
    if text.startswith(". ", end) and is_abbreviated(last):
        return end + 2
    if office and text.startswith(", ", end) and _goes_on(text, end, stop):
        return end + 2
    return stop


def _goes_on(text: str, at: int, stop: int) -> bool:
    """Whether an office goes on behind a comma: capitals that are no day and no place."""
    match = _PIECE.match(text, at, stop)
    if match is None:
        return False
    low = match[1].casefold()
    first = low.split()[0].rstrip(".")
    return "." not in first and not sorts().get(first, 0) & COMMON and low.rstrip(".") not in places()


def is_fuller(text: str, start: int, end: int) -> bool:
    """Tell whether [start, end) may be a part of a longer name: a capital or an office stands beside it."""
    if text.startswith(" ", end) and text[end + 1 : end + 2].isupper():
        return True
    if not start or text[start - 1] != " ":
        return False
    begin = text.rfind(" ", max(0, start - _WIDEST), start - 1) + 1
    first = text[begin]
    return first.isupper() or first == "(" or bool(sorts().get(text[begin : start - 1], 0) & (HEAD | WITHIN | PARTICLE))


def is_abbreviated(word: str) -> bool:
    """Tell whether a full stop behind a word of a name belongs to it."""
    return (len(word) == 1 and word.isupper()) or word.casefold() in abbreviations().before_name


def _ends_in_name(phrase: str) -> bool:
    """Whether a phrase that begins without a name ends in one: `seorang pedagang, Sumirah`."""
    tokens = name_words(phrase.split()[1:])
    return bool(tokens) and phrase.endswith(tokens[-1]) and (len(tokens) > 1 or tokens[0].casefold() not in places())


def subject_of(text: str, start: int, stop: int) -> Speaker | None:
    """Return the subject of the verb at `stop`, in its sentence that begins at `start`.

    It ends right before the verb, or it begins a piece between commas, behind what leads in: `Sementara itu, Bupati
    Berau Sumirah pada Senin mengatakan`.
    """
    start = max(start, stop - 2 * _REACH)
    tail = _tail(text, start, stop)
    if tail is not None and tail.start <= start:
        return tail
    found = _opening(text, start, stop)
    if tail is not None and (found is None or found.end < tail.end):
        return tail
    if found is not None and found.kind == NAMED and text[found.start].isupper():
        return found._replace(start=max(start, office_start(text, found.start)))
    return found


def _tail(text: str, start: int, stop: int) -> Speaker | None:
    """The name that ends right before the verb at `stop`, with its office."""
    end = stop - 1
    for _ in range(_ADVERBS):
        begin = text.rfind(" ", start, end) + 1 or start
        if text[begin:end] not in _BESIDE_VERBS:
            break
        end = begin - 1
    if end <= begin or not text.startswith(" ", end) or not text[begin].isupper() or not text[end - 1].isalnum():
        return None
    known = sorts()
    sort = known.get(text[begin:end].casefold(), 0)
    begin = max(start, office_start(text, begin))
    first = known.get(text[begin : begin + _WIDEST].partition(" ")[0].casefold(), 0)
    other = sort & _NO_TAIL or first & _NO_TAIL or (first & HEAD and not first & OFFICE)
    before = text[max(start, begin - _WIDEST) : begin].split()[-1:]
    if other or (before and before[0].casefold() in _ELSEWHERE):
        return None
    return Speaker(begin, end, NAMED)


def _opening(text: str, start: int, stop: int) -> Speaker | None:
    """The subject that a piece between commas opens with, the last such piece first."""
    begins = [start, *[match.end() for match in _COMMAS.finditer(text, start, stop)]]
    behind = stop
    for rank in range(len(begins) - 1, -1, -1):
        found = opening_speaker(text, begins[rank], behind)
        if found is not None:
            return (_apposed(text, begins, rank, found) if rank else None) or found
        behind = begins[rank]
    return _glued(text, start, stop)


def _apposed(text: str, begins: list[int], rank: int, found: Speaker) -> Speaker | None:
    """The name before an office in apposition, which opens piece `rank`: `Sumirah, ketua panitia, mengatakan`."""
    known = sorts()
    closed = rank + 1 < len(begins) and known.get(text[found.start : found.end].split()[0].casefold(), 0) & OFFICE
    if not closed and not text[found.start].islower():
        return None
    before = opening_speaker(text, begins[rank - 1], begins[rank] - 1)
    if before is None or before.kind != NAMED or not text[before.start].isupper():
        return None
    tokens = text[before.start : before.end].split()
    named = name_words(tokens) and not known.get(tokens[0].casefold(), 0) & HEAD
    return before if named and " ".join(tokens).casefold() not in places() else None


def _glued(text: str, start: int, stop: int) -> Speaker | None:
    """The subject behind a heading without a stop: `Cuaca buruk Bupati Berau Sumirah mengatakan`."""
    known = sorts()
    for match in _SPACED.finditer(text, start, stop):
        if match[0][0].isupper() and known.get(match[0].casefold(), 0) & OFFICE:
            found = speaker_at(text, match.start(), stop)
            if found is not None and found.kind == NAMED and stop - found.end < _NEAR:
                return found
    return None


def opening_speaker(text: str, begin: int, stop: int) -> Speaker | None:
    """Return the speaker that the piece [begin, stop) opens with, behind words that lead in; None if with another."""
    known = sorts()
    for match in _SPACED.finditer(text, begin, stop):
        low = match[0].casefold().strip(_EDGES)
        sort = known.get(low, 0)
        if not low or sort & LEAD_IN:
            continue
        at = match.start() + len(match[0]) - len(match[0].lstrip(_EDGES))
        person = sort & (PRONOUN | HEAD | UNNAMED | PLURAL)
        if not person and not text[at].isupper():
            return None
        pointed = _pointed(text, at, stop) if not sort & INSTITUTION else None
        if pointed is not None and _UP_TO_VERB.match(text, pointed.end, stop):
            return pointed
        if not person and (sort & COMMON or pointed is not None):
            return None
        return speaker_at(text, at, stop)
    return None


def opening_subject(text: str, start: int, stop: int) -> Speaker | None:
    """Return who a sentence [start, stop) is about: the words that it opens with, or those behind what leads in."""
    found = opening_speaker(text, start, stop)
    if found is not None:
        return found
    comma = text.find(", ", start, min(stop, start + _REACH))
    return opening_speaker(text, comma + 2, stop) if comma >= 0 else None


def office_start(text: str, start: int) -> int:
    """Return where the words before a name at `start` begin that belong to it: forenames, titles, an office."""
    known = sorts()
    place = kept = start
    comma = located = False
    head = -1
    for _ in range(_LONGEST):
        if not text.startswith(" ", place - 1):
            break
        begin = text.rfind(" ", place - _WIDEST if place > _WIDEST else 0, place - 1) + 1
        token = text[begin : place - 1]
        if "\n" in token:
            token = token[token.rindex("\n") + 1 :]
            begin = place - 1 - len(token)
        word = token.rstrip(".,")
        sort = known.get(word.casefold(), 0)
        if word[:1].islower() and not sort & _BEFORE_NAMES and word != "di":
            break
        mark = token[len(word) :]
        if word.startswith("(") and word.endswith(")") and mark != ".":
            place = begin
            continue
        if not (word and word[0].isalnum() and word[-1].isalnum()) or _is_glued(word):
            break
        if mark and (mark != "," or head >= 0) and not (mark == "." and is_abbreviated(word)):
            break
        comma = comma or mark == ","
        if sort & OFFICE:
            if located and not _opens_sentence(text, begin):
                break
            head = begin
            kept = kept if comma else begin
        elif word[0].isupper() and not sort & COMMON:
            kept = kept if comma else begin
        elif sort & (WITHIN | PARTICLE) or word == "di":
            located = located or word == "di"
        else:
            break
        place = begin
    return head if 0 <= head < kept else kept


def _is_glued(word: str) -> bool:
    """Whether what stands between two blanks is no word of a name, such as the end of a sentence and the next word."""
    return not _PLAIN.isdisjoint(word) or ("." in word and max(map(len, word.split("."))) > _INITIALS)


def _opens_sentence(text: str, place: int) -> bool:
    before = text[max(0, place - 2) : place].strip()
    return not before or before[-1] in ".!?"
