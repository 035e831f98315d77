"""Reads who speaks: the words beside a cue, the subject of a verb, and the fullest name that a text gives somebody."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kliping import knowledge
from kliping.annotation.layers.quotations.cues import Cue, words
from kliping.annotation.layers.sentences import abbreviations

_REACH = 160
"""Code points of the words of a speaker at most, and before a verb that are read for its subject."""
_LONGEST = 14
"""Words of a speaker at most."""
_TOKEN = re.compile(r"[^\s,.;:!?()\[\]\"“”„«»…]+(?:\.[a-z]\w{0,20}){0,3}|[,.;:!?()\[\]\"“”„«»…]|\n")
_END = re.compile(r"[.;:!?()\[\]\"“”„«»…\n](?:\s|$)|[\"“”()\n]")
_GAP = " \xa0"
_NAMED, _PRONOUN, _UNNAMED, _DEMONSTRATIVE = "named", "pronoun", "unnamed", "demonstrative"
_OF_PEOPLE = frozenset({"berinisial", "bernama", "berusia", "berumur", "bermarga", "dinas", "desa", "media", "medis"})
"""Words that look like verbs and go on with a phrase for somebody without a name."""
_POINTING = frozenset({"itu", "tersebut", "ini"})


class Speaker(NamedTuple):
    """The words [start, end) that say who speaks, and what kind of words they are."""

    start: int
    end: int
    kind: str

    @property
    def refers(self) -> bool:
        """Whether they stand for somebody who was named before."""
        return self.kind in {_PRONOUN, _DEMONSTRATIVE}


@functools.cache
def _common() -> frozenset[str]:
    """Words that no name holds."""
    everyday = frozenset(knowledge.load("common_words.toml")["firm"].split())
    return (everyday | knowledge.calendar().names) - words("speakers", "offices") - words("speakers", "institutions")


@functools.cache
def _heads() -> frozenset[str]:
    return words("speakers", "offices") | words("speakers", "institutions")


def _capital(token: str) -> bool:
    first = token[0]
    return first.isupper() or (first.isdigit() and False)


def _bare(token: str) -> str:
    return token.casefold().removesuffix("nya") if len(token) > 6 else token.casefold()


def _is_abbreviated(token: str) -> bool:
    """Whether a full stop behind a word of a name belongs to it."""
    return (len(token) == 1 and token.isupper()) or token.casefold() in abbreviations().before_name


def speaker_at(text: str, at: int, stop: int) -> Speaker | None:
    """Return the words from `at` on that name a speaker, None where there are none before `stop`.

    Offices stand in front of a name, also with commas between: `Kepala Dusun Melati, Kecamatan Semanting, Rahmat`.
    """
    begin = end = last = -1
    pointing = _POINTING_PHRASE.match(text, at, min(stop, at + _REACH))
    if pointing is not None and _points(pointing[0]):
        return Speaker(*pointing.span(), _DEMONSTRATIVE)
    named = office = joined = False
    kind = _NAMED
    count = 0
    comma = skip = -1
    for match in _TOKEN.finditer(text, at, min(stop, at + _REACH)):
        token, place = match[0], match.start()
        if place < skip:
            continue
        if begin >= 0 and comma < 0 and place > end + 1 and text[end] not in ".":
            break
        if token == ".":
            if begin >= 0 and place == end and _is_abbreviated(text[last : end]):
                end = match.end()
                continue
            break
        if token == ",":
            if begin < 0 or not office or named_behind(text, match.end(), min(stop, at + _REACH)) is None:
                break
            comma = end
            continue
        if token == "(" and office and (match_ := _ACRONYM.match(text, place, stop)):
            skip, end = match_.end(), match_.end()
            comma = -1
            continue
        if not token[0].isalnum() and token[0] not in "'’‘`":
            break
        low = token.casefold()
        count += 1
        if count > _LONGEST:
            break
        if begin < 0:
            if low == "oleh":
                at = match.end()
                continue
            if low in words("speakers", "pronouns"):
                return Speaker(place, match.end(), _PRONOUN)
            if low in words("speakers", "plural"):
                return Speaker(place, match.end(), _UNNAMED)
            if low in words("speakers", "unnamed"):
                kind = _UNNAMED
            elif token == low and low in words("speakers", "stops"):
                return None
            begin, last, end = place, place, match.end()
            office = low in _heads() or kind == _UNNAMED
            named = _capital(token) and not office
            continue
        if low in _POINTING:
            return Speaker(begin, match.end(), kind if kind == _UNNAMED else _DEMONSTRATIVE)
        if (token == low and low in words("speakers", "stops")) or low in knowledge.calendar().names:
            break
        if _capital(token):
            named = named or low not in _heads()
        elif low == "dan":
            if not _goes_on(text, match.end(), named, office):
                break
            joined = True
        elif named and not office and low not in words("speakers", "particles"):
            break
        elif kind == _UNNAMED and low.startswith(("di", "me", "ber")) and low not in _heads() and low not in _OF_PEOPLE:
            break
        elif named and office and low not in words("speakers", "particles") and low not in words("speakers", "within_offices") and low not in words("speakers", "joints") and low not in _heads():
            if kind != _UNNAMED:
                break
            if comma >= 0:
                break
        comma = -1
        last, end = place, match.end()
    if begin < 0:
        return None
    while end > begin and text[end - 1] in " ,":
        end -= 1
    if joined and text[begin:end].endswith(" dan"):
        end -= 4
    if kind == _UNNAMED and text[begin:end].split()[0].casefold() not in words("speakers", "several") and _name_within(text[begin:end]):
        kind = _NAMED
    return Speaker(begin, end, kind)


_POINTING_PHRASE = re.compile(r"[a-z][\w-]{1,30}(?:,? [\w-]{1,30}){0,8}? (?:itu|tersebut)(?=[\s.,;!?\"”]|\Z)")


def _points(phrase: str) -> bool:
    """Whether a phrase stands for somebody who was named before: `perempuan asal Berau itu`."""
    first, *others = phrase.casefold().replace(",", "").split()
    known = first in words("speakers", "unnamed") or first in words("speakers", "offices")
    return known and first not in words("speakers", "several") and words("speakers", "stops").isdisjoint(others)


def _goes_on(text: str, at: int, named: bool, office: bool) -> bool:
    """Whether a capital follows `dan`: another speaker, or the rest of an office."""
    return text[at : at + 1] in _GAP and text[at + 1 : at + 2].isupper()


def named_behind(text: str, at: int, stop: int) -> int | None:
    """Where a capitalised piece of an office or a name ends that follows a comma at once, None where none does."""
    match = _PIECE.match(text, at, stop)
    if match is None:
        return None
    tokens = match[1].split()
    low = [token.casefold().rstrip(".") for token in tokens]
    if low[0] in knowledge.calendar().names or low[0] in _common() or " ".join(low) in _places():
        return None
    if len(tokens) == 1 and low[0] not in _heads() and text[match.end() : match.end() + 1] not in ".(,":
        rest = text[match.end() : match.end() + 30].split()
        if rest and rest[0].casefold().strip(".,") in _POINTING:
            return None
    return match.end()


_ACRONYM = re.compile(r"\([A-Z][\w&/ -]{1,24}\)(?=,? [A-ZÀ-Ý])")
"""The short form of an institution within an office: `Badan Cuaca (BC) Semanting`."""
_PIECE = re.compile(r"\s((?:[A-ZÀ-Ý][\w'’.-]{0,30})(?:\s[A-ZÀ-Ý][\w'’.-]{0,30}){0,6})")


@functools.cache
def _places() -> frozenset[str]:
    return frozenset(knowledge.load("words.toml")["places"].strip().replace("\n", "|").split("|"))


def _name_within(phrase: str) -> bool:
    """Whether a phrase that begins without a name holds one: `seorang pedagang, Sumirah`."""
    tokens = name_tokens(phrase.split()[1:])
    return bool(tokens) and phrase.endswith(tokens[-1]) and (len(tokens) > 1 or tokens[0].casefold() not in _places())


def name_tokens(tokens: Sequence[str]) -> list[str]:
    """Return the words of a phrase that may be a person's name."""
    bare = [token.strip(".,'’\"") for token in tokens]
    return [
        token
        for token in bare
        if token and _capital(token) and token.casefold() not in _heads() and token.casefold() not in _common()
    ]


def subject_of(text: str, start: int, stop: int) -> Speaker | None:
    """Return the subject of the verb at `stop`, in its sentence that begins at `start`.

    It begins a piece between commas, behind what leads in: `Sementara itu, Bupati Berau Sumirah pada Senin mengatakan`.
    """
    start = max(start, stop - 2 * _REACH)
    tail = _tail(text, start, stop)
    found = _opening(text, start, stop)
    if tail is not None and (found is None or found.end < tail.end):
        return tail
    if found is not None and found.kind == _NAMED and text[found.start].isupper():
        return found._replace(start=max(start, office_start(text, found.start)))
    return found


def _tail(text: str, start: int, stop: int) -> Speaker | None:
    """The name that ends right before the verb at `stop`, with its office."""
    match = _NAME_BEFORE.search(text, max(start, stop - _REACH), stop)
    if match is None:
        return None
    begin, end = match.span(1)
    before = text[max(start, begin - 20) : begin].split()[-1:]
    low = match[1].split()[0].casefold()
    if before and before[0].casefold() in _LEADING_ELSEWHERE or low in _common() or low in words("speakers", "institutions"):
        return None
    return Speaker(max(start, office_start(text, begin)), end, _NAMED)


_LEADING_ELSEWHERE = frozenset({"di", "ke", "dari", "pada", "kepada", "dengan", "untuk", "dan", "oleh", "yang", "bersama", "antara", "dalam", "tentang"})
"""Words behind which a name is no subject."""
_NAME_BEFORE = re.compile(
    r"(?<![\w'’.-])((?:[A-ZÀ-Ý][\w'’-]{0,30}\.?[ \xa0]){0,6}[A-ZÀ-Ý][\w'’-]{0,30})"
    r"[ \xa0](?:(?:juga|pun|kembali|lalu|kemudian|sendiri|telah|sempat|turut|hanya)[ \xa0]){0,2}\Z"
)


def _opening(text: str, start: int, stop: int) -> Speaker | None:
    """The subject that a piece between commas opens with, the last such piece first."""
    begins = [start, *[match.end() for match in _COMMAS.finditer(text, start, stop)]]
    behind = stop
    for begin in reversed(begins):
        found = _leading(text, begin, behind)
        if found is not None:
            earlier = _apposed(text, begins, begin, found)
            return earlier or found
        behind = begin
    return _glued(text, start, stop)


def _glued(text: str, start: int, stop: int) -> Speaker | None:
    """The subject behind a heading without a stop: `Cuaca buruk Bupati Berau Sumirah mengatakan`."""
    for match in _SPACED.finditer(text, start, stop):
        if match[0][0].isupper() and match[0].casefold() in words("speakers", "offices"):
            found = speaker_at(text, match.start(), stop)
            if found is not None and found.kind == _NAMED and stop - found.end < _BETWEEN:
                return found
    return None


_BETWEEN = 30
"""Code points between a subject and its verb at most, where a heading was glued to it."""
_COMMAS = re.compile(r"[,\"”»]\s")
_SPACED = re.compile(r"[^\s]+")


def _leading(text: str, begin: int, stop: int) -> Speaker | None:
    """The speaker that the piece [begin, stop) opens with, behind words that lead in."""
    for match in _SPACED.finditer(text, begin, stop):
        low = match[0].casefold().strip("\"“”,.()‘’'")
        if low in words("speakers", "lead_in"):
            continue
        if not low:
            continue
        at = match.start() + (len(match[0]) - len(match[0].lstrip("\"“”(‘'")))
        first = text[at]
        if not (first.isupper() or low in words("speakers", "pronouns") or low in _heads() or low in words("speakers", "unnamed") or low in words("speakers", "plural")):
            return None
        if first.isupper() and low in _common() and low not in words("speakers", "pronouns") and low not in words("speakers", "unnamed") and low not in words("speakers", "plural"):
            return None
        return _pointed(text, at, stop) or speaker_at(text, at, stop)
    return None


def _pointed(text: str, at: int, stop: int) -> Speaker | None:
    """Somebody who was named before, all the way to the verb: `Politisi gaek asal Berau itu`."""
    match = _DEMONSTRATIVE_PHRASE.match(text, at, stop)
    if match is None or match[1].casefold() not in words("speakers", "offices") or match.end() < stop - 1:
        return None
    return Speaker(at, match.end(2), _DEMONSTRATIVE)


_DEMONSTRATIVE_PHRASE = re.compile(
    r"(\w{1,30})(?: [\w-]{1,30}){0,7}? (itu|tersebut|ini)(?: (?:juga|pun|kembali|kemudian|lalu)){0,2} ?(?!\S)"
)


def _apposed(text: str, begins: Sequence[int], begin: int, found: Speaker) -> Speaker | None:
    """The name before an office in apposition: `Sumirah, ketua panitia, mengatakan`."""
    rank = begins.index(begin)
    phrase = text[found.start : found.end]
    if not rank or not phrase[0].islower() or found.kind != _NAMED or _name_within(f"x {phrase}") and not phrase[0].islower():
        return None
    before = _leading(text, begins[rank - 1], begin - 1)
    return before if before is not None and before.kind == _NAMED and text[before.start].isupper() else None


def opening_subject(text: str, start: int, stop: int) -> Speaker | None:
    """Return who a sentence [start, stop) is about: the words that it opens with, or those behind what leads in."""
    found = _leading(text, start, stop)
    if found is not None:
        return found
    comma = text.find(", ", start, min(stop, start + _REACH))
    return _leading(text, comma + 2, stop) if comma >= 0 else None


def speaker_of_cue(text: str, cue: Cue, left: int, stop: int) -> Speaker | None:
    """Return who is named beside a cue within [left, stop): behind a passive and `menurut`, else before the verb."""
    if cue.anaphoric:
        return None
    if cue.kind in {"passive", "according", "behind"}:
        at = cue.end + 1 if text[cue.end : cue.end + 1] in _GAP else cue.end
        return speaker_at(text, at, stop)
    return subject_of(text, left, cue.start)


def office_start(text: str, start: int) -> int:
    """Return where the words before a name begin that belong to it: forenames, titles, an office."""
    place = kept = start
    commas = located = False
    head = -1
    for _ in range(_LONGEST):
        match = _BEFORE.search(text, max(0, place - 40), _before_acronym(text, place))
        if match is None:
            break
        token, mark = match[1], match[2]
        low = token.casefold()
        if mark == "." and not _is_abbreviated(token):
            break
        if mark == ",":
            if head >= 0:
                break
            commas = True
        if low in words("speakers", "offices"):
            place = match.start(1)
            if located and not _opens_sentence(text, place):
                break
            head = place
            if not commas:
                kept = place
            continue
        if _capital(token) and low not in _common():
            place = match.start(1)
            if not commas:
                kept = place
            continue
        located = located or low == "di"
        if low == "di" or low in words("speakers", "within_offices") or low in words("speakers", "particles") or low in words("speakers", "joints"):
            place = match.start(1)
            continue
        break
    return head if 0 <= head < kept else kept


def _opens_sentence(text: str, place: int) -> bool:
    """Whether a sentence begins at a place."""
    before = text[max(0, place - 2) : place].strip(" \xa0")
    return not before or before[-1] in ".!?\n"


class Names:
    """What a text calls the people it names; made once a text, asked for each speaker."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, str | None] = {}

    def fullest(self, speaker: Speaker) -> str | None:
        """Return the fullest name that the text gives a speaker, None for one without a name."""
        phrase = self._text[speaker.start : speaker.end]
        if phrase not in self._known:
            self._known[phrase] = self._look_up(phrase, speaker)
        return self._known[phrase]

    def _look_up(self, phrase: str, speaker: Speaker) -> str | None:
        tokens = phrase.split()
        names = name_tokens(tokens)
        if not names:
            if speaker.kind == _UNNAMED or not any(map(_capital, tokens)):
                return None
            return self._holder(phrase) or phrase
        if speaker.kind == _UNNAMED:
            return None
        first = tokens[0].casefold()
        if first in words("speakers", "institutions") or " dan " in phrase or self._is_place(names):
            return phrase
        best = phrase
        size = _weight(phrase)
        key = names[-1]
        for at in _occurrences(self._text, key):
            start, end = self._run(at, at + len(key))
            run = self._text[start:end]
            weight = _weight(run)
            if weight > size and _holds(run, names):
                best, size = run, weight
        return best

    def is_somebody(self, speaker: Speaker) -> bool:
        """Tell whether words without an office may name a person."""
        found = name_tokens((self.fullest(speaker) or "").split())
        return len(found) > 1 or (len(found) == 1 and not self._is_place(found))

    def _is_place(self, names: Sequence[str]) -> bool:
        """Whether what is named is a country, a place or an acronym, which have no fuller name."""
        name = " ".join(names)
        return len(names) == 1 and (name.isupper() or name.casefold() in _places() or f" di {name}" in self._text)

    def _holder(self, office: str) -> str | None:
        """The person whom the text names behind an office: `Presiden` of `Presiden Joko Santoso`."""
        for at in _occurrences(self._text, office):
            end = at + len(office)
            match = _PERSON.match(self._text, end)
            if match:
                if name_tokens(match[0].split()):
                    start, stop = self._run(at, end)
                    return self._text[start:stop]
        return None

    def _run(self, start: int, end: int) -> tuple[int, int]:
        """The longest name with its office around [start, end)."""
        text = self._text
        while match := _NEXT.match(text, end):
            token = match[1]
            low = token.casefold()
            if low in knowledge.calendar().names or low in _common():
                break
            if token.islower() and low not in words("speakers", "particles"):
                break
            end = match.end()
            if text[end : end + 1] == "." and _is_abbreviated(token):
                end += 1
        return office_start(text, start), end


_CLOSED = re.compile(r" \([A-Z][\w&/ -]{1,24}\),? \Z")


def _before_acronym(text: str, place: int) -> int:
    """Where the words end before a place, passing over an acronym in brackets."""
    if text[place - 2 : place - 1] != ")" and text[place - 3 : place - 1] != "),":
        return place
    match = _CLOSED.search(text, max(0, place - 30), place)
    return match.start() + 1 if match else place


_NEXT = re.compile(r"[ \xa0]([A-Za-zÀ-ÿ][\w'’-]{0,30})")
_PERSON = re.compile(r"(?:[ \xa0][A-ZÀ-Ý][\w'’-]{0,30}){1,4}")
_BEFORE = re.compile(r"(?<![\w'’-])([\w'’-]{1,30})([.,]?)[ \xa0]\Z")


def _occurrences(text: str, name: str) -> Iterator[int]:
    """Where a name stands as a whole word."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum():
            yield at
        at = text.find(name, end)


def _weight(run: str) -> tuple[int, int]:
    """How full a name is: the words of the name itself, then all."""
    tokens = run.split()
    return len(name_tokens(tokens)), len(tokens)


def _holds(run: str, names: Sequence[str]) -> bool:
    tokens = {token.strip(".,") for token in run.split()}
    return tokens.issuperset(names)
