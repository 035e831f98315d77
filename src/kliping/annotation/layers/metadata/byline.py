"""Authors and editors: persons' names only, never a label, title, desk, outlet, address, place or initials."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kliping import knowledge
from kliping.annotation.layers.metadata import prose, registry
from kliping.model import Claim, Page, Span

_WORD = re.compile(r"[^\W\d_]{1,40}(?:[.'’`-][^\W\d_]{1,40}){0,6}\.?")
_CODES = re.compile(r"[(\[]?\s*[*\w]{1,5}\s*(?:[/|,]\s*[*\w]{1,5}\s*){0,5}[)\]]?")
_PLACED = re.compile(r"\b(?:kontributor|koresponden|wartawan|wartawati|biro)\s*:?\s+[^,:\n]{2,40},\s*", re.I)
_PLACED_LABEL = re.compile(
    r"(?:laporan\s+)?(?:kontributor|koresponden|wartawan|wartawati|reporter|jurnalis|biro)\s+(?!.{0,40}\sdari\s)[^,:|/\n]{2,40},\s*(?=\w)",
    re.I,
)
"""`Kontributor Lembah, Wening Sari`: without a colon a place or a newsroom comes first."""
_CREDIT = re.compile(r"\([^()/\n]{2,40}/[^()/\n]{3,48}\)[.\s]{0,2}")
_BARE_CREDIT = re.compile(r"[^()\[\]/:\n]{3,48}/[^()\[\]/:\n]{3,48}")
_CONTRIBUTED = re.compile(
    r"\s(?:(?:ikut|turut|juga)\s)?(?:berkontribusi|menyumbang|membantu)\s(?:dalam|pada|untuk|di|penulisan|laporan)\b",
    re.I,
)
"""`A dan B berkontribusi dalam penulisan artikel ini`: names stand before it, none behind it."""
_MEDIUM_NAME = re.compile(r"\w{2,40}[a-z](?:News|Media|Post|Pos|Times|TV|Online|Network|Daily|Today|com)")
"""An unknown outlet as it writes itself: `LembahNews`."""
_SETS_OFF = ("-", "–", "—", "(", " I", "©", "opyright", "OPYRIGHT")
_DASHES = frozenset("-–—")
_COLUMN = {"author": "authors", "editor": "editors"}
_MAX_NAME = 48
_SHORTEST_ALONE = 4
_MOST_CREDITS = 2
_LONGEST_BYLINE = 400
"""Characters; what is longer credits nobody."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A label or a name in the bylines, at [start, end) of the page's text."""

    kind: str
    """`author`, `editor`, `other`, `heading` or `name`."""
    start: int
    end: int
    value: str


@functools.cache
def _list(name: str) -> frozenset[str]:
    return frozenset(knowledge.load("bylines.toml")[name])


@functools.cache
def _not_names() -> frozenset[str]:
    days = map(str.lower, knowledge.calendar().days)
    return _list("not_names").union(days, knowledge.load("domains.toml")["pieces"])


@functools.cache
def _labels() -> dict[str, str]:
    kinds = {"other": "others", "editor": "editors", "author": "authors", "heading": "headings"}
    return {label: kind for kind, name in kinds.items() for label in _list(name)}


@functools.cache
def _label() -> re.Pattern[str]:
    """A label as a word of its own, or one with a colon that has run into the name before it: `AniEditor: Budi`."""
    longest_first = sorted(_labels(), key=lambda label: (-len(label), label))
    labels = "|".join(map(re.escape, longest_first))
    glued = rf"(?<=[^\W\d_])(?-i:(?=[A-Z][a-z]|[A-Z]{{5}}))(?:{labels})(?=\s?:)"
    return re.compile(rf"(?<![\w.])(?:{labels})(?![\w-]|['’]s\b)|{glued}", re.I)


@functools.cache
def _break() -> re.Pattern[str]:
    """What parts the names of a byline; the Balinese `I` before a birth name, as in `I Made`, is part of a name."""
    births = knowledge.any_of(_list("after_i"))
    return re.compile(
        rf"[|;/()\[\]\n•·©]|\s[-–—]+\s|\s[-–—]+$|&|\s(?:dan|and|dari)\s|\sI\s(?!(?i:{births})\b)|:|COPYRIGHT|Copyright"
        rf"|@\S{{1,64}}|\S{{1,64}}@\S{{1,64}}|,|\b\d{{1,2}}[.)]\s|\s(?=\d|(?:{knowledge.any_of(knowledge.calendar().days)})\b)"
    )


def _is_name(text: str, labelled: bool, proven: bool) -> bool:
    """Whether `text` has the shape of a person's name.

    Without a label a lone word is longer than initials, and none is one of everyday prose: `Harga Cabai Turun`.
    """
    words = text.split()
    if not 1 <= len(words) <= 6 or len(text) > _MAX_NAME or (len(words) == 1 and _is_initials(text, labelled)):
        return False
    if not all(_is_name_word(word, labelled and len(words) == 1) for word in words):
        return False
    if not proven and (len(words) > 1 or not labelled) and prose.reads_as_title(words):
        return False
    if (
        text.casefold() in registry.places()
        or words[0] == "di"
        or (not labelled and text.casefold() in registry.menu())
    ):
        return False
    return words[0].casefold() not in _list("offices") and registry.medium(text) is None


def _is_name_word(word: str, alone: bool) -> bool:
    bare = word.casefold().rstrip(".")
    if not _WORD.fullmatch(word) or bare in _not_names() or _MEDIUM_NAME.fullmatch(word):
        return False
    if registry.OUTLET_DOMAIN.fullmatch(word) or registry.may_be_desk(word):
        return False
    return not word[0].islower() or alone or re.split("['’`-]", bare)[0] in _list("particles")


def _is_initials(word: str, labelled: bool) -> bool:
    """Whether a lone word is as short as a desk's initials: `abd`, `WYT`; behind a label `Ane` is a name."""
    if not labelled:
        return len(word) < _SHORTEST_ALONE
    return len(word) < _SHORTEST_ALONE and not (len(word) > 1 and word[0].isupper() and word[1:].islower())


def _cut_titles(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) without titles at its front, degrees at its back and stray marks around it."""
    words = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\s,]+", text[start:end])]
    bare = [registry.key(text[a:b]) for a, b in words]
    if all(word in _list("titles_after") for word in bare):
        return start, start
    while len(words) > 1 and bare[0] in _list("titles_before") and _is_title(text[slice(*words[0])]):
        words, bare = words[1:], bare[1:]
    while len(words) > 1 and bare[-1] in _list("titles_after") and _is_degree(text[slice(*words[-1])], bare[-1]):
        words, bare = words[:-1], bare[:-1]
    return (words[0][0], words[-1][1]) if words else (start, start)


def _is_title(word: str) -> bool:
    """Capitals without a full stop may be a person's initials: `MS Widodo`."""
    return not word.isupper() or (word.endswith(".") and len(word) > len("M."))


def _is_degree(word: str, bare: str) -> bool:
    return "." in word or (bare in _list("degrees_bare") and word != word.capitalize())


def _name(text: str, start: int, end: int, labelled: bool, proven: bool = False) -> tuple[int, int, str] | None:
    """The name at [start, end) of `text`, trimmed, with its value in title case where it is all in capitals.

    A label with a colon has `proven` that a name follows.
    """
    known = registry.find_at(text, start)
    if known is not None and known.medium.outlet is not None and not known.medium.common and start < known.end < end:
        start = known.end + 1
    start, end = _cut_titles(text, start, end)
    while end > start and (text[end - 1] in "*'\"”“-–—_~" or text[end - 1].isspace()):
        end -= 1
    while start < end and (text[start] in "*'\"”“-–—_~#." or text[start].isspace()):
        start += 1
    if text[start:end].endswith(".") and len(text[start:end].split()[-1]) > 4:
        end -= 1
    written = " ".join(text[start:end].split())
    if not _is_name(written, labelled, proven) or (not labelled and written.isupper() and len(written) < 5):
        return None
    return start, end, written.title() if written.isupper() and len(written) > 3 else written


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What stands between separators in [start, end), trimmed of white space."""
    cursor = start
    for stop, following in [*((m.start(), m.end()) for m in _break().finditer(text, start, end)), (end, end)]:
        piece = text[cursor:stop]
        if piece.strip():
            left = cursor + len(piece) - len(piece.lstrip())
            yield left, left + len(piece.strip())
        cursor = following


def _labels_in(text: str) -> list[tuple[int, int, str]]:
    """(start, end, kind) of the labels in a byline: each opens it or is followed by a colon or closes a part of it."""
    found = []
    for match in _label().finditer(text):
        before, after = text[: match.start()].rstrip(" \xa0(["), text[match.end() :].lstrip(" \xa0")
        opens = not before or before[-1] in "|/,;-–—)*•\n"
        if after.startswith(":") or (opens and (not after or after[0] in "|/,;)-–—\n" or not before)):
            found.append((match.start(), match.end(), _labels()[match[0].casefold()]))
    return found


def _names_in(text: str, label: int, start: int, end: int, kind: str | None, offset: int) -> Iterator[_Item]:
    """The names in [start, end) of a byline, after a label that begins at `label`.

    An office ends the list; what a dash, a bracket or ` I ` sets off (after `Laporan` a bar too) is a desk or a place.
    """
    sets_off = (*_SETS_OFF, "|") if text[:start].casefold().startswith("laporan") else _SETS_OFF
    proven, named = kind is not None and text[start:end].lstrip().startswith(":"), 0
    placed = _PLACED.match(text, start, end) or _PLACED_LABEL.match(text, label, end)
    if placed is not None:
        start = placed.end()
    for left, right in _pieces(text, start, end):
        if text[left:right].split()[0].casefold() in _list("offices") and named:
            return
        if named and text[start:left].rstrip().endswith(" dari"):
            return
        if named and text[start:left].rstrip().endswith(sets_off):
            continue
        named += registry.medium(text[left:right]) is None
        found = _name(text, left, right, kind is not None, proven)
        if found is not None:
            yield _Item("name", offset + found[0], offset + found[1], found[2])


def _items(text: str, offset: int) -> Iterator[_Item]:
    """The labels and names of one byline, in order."""
    if len(text) > _LONGEST_BYLINE:
        return
    if contributed := _CONTRIBUTED.search(text):
        text = text[: contributed.start()]
    labels = _labels_in(text)
    if (not labels or text[0] in "([") and _CODES.fullmatch(text) and not _is_one_name(text):
        return
    label, cursor, kind = 0, 0, None
    for start, end, following in [*labels, (len(text), len(text), None)]:
        if start > cursor:
            yield from _names_in(text, label, cursor, start, kind, offset)
        if following is not None:
            yield _Item(following, offset + start, offset + end, text[start:end])
        label, cursor, kind = start, end, following


def _is_one_name(text: str) -> bool:
    """`(Wati)` is a name, `(wati)`, `(SIS)` and `(Wti/Bdi)` are initials."""
    word = text.strip("([ )]")
    return word.isalpha() and len(word) >= 4 and word[0].isupper() and word[1:].islower()


def _bylines(page: Page, spans: Sequence[Span]) -> list[Span]:
    """The page's bylines, without the photo credits of a gallery: many lines of `(TribunLembah.com/Name)`."""
    bylines = [span for span in spans if span.role == "byline"]
    credited = {span for span in bylines if _CREDIT.fullmatch(page.text, span.start, span.end)}
    return bylines if len(credited) <= _MOST_CREDITS else [span for span in bylines if span not in credited]


def _runs(page: Page, spans: Sequence[Span]) -> Iterator[list[_Item]]:
    """The items of bylines that stand together, only white space between them; a heading opens a new run."""
    run: list[_Item] = []
    last = -1
    for span in _bylines(page, spans):
        between = page.text[last : span.start] if last >= 0 else ""
        if run and between.strip():
            yield run
            run = []
        set_off = bool(run) and page.text[:last].rstrip()[-1:] in _DASHES
        last = span.end
        for item in _items(page.text[span.start : span.end], span.start):
            if item.kind == "heading":
                yield run
                run = []
            elif item.kind != "name" or not set_off:
                run.append(item)
    yield run


def _label_follows(run: list[_Item]) -> bool:
    """Whether the run names people before their labels: name and label in turn, a label at the end."""
    labels = [item.kind != "name" for item in run]
    return len(run) > 1 and not labels[0] and labels[-1] and labels == [bool(i % 2) for i in range(len(run))]


def _credited(run: list[_Item]) -> Iterator[tuple[str, _Item, str]]:
    """(kind, name, rule) of every name of a run; a name without a label is an author's."""
    if _label_follows(run):
        for item, label in zip(run[::2], run[1::2], strict=True):
            yield label.kind, item, f"byline:{label.kind}-label-after"
        return
    kind: str | None = None
    for item in run:
        if item.kind != "name":
            kind = item.kind
        else:
            yield kind or "author", item, f"byline:{kind}-label" if kind else "byline:name"


def _in_source_notes(page: Page, spans: Sequence[Span]) -> Iterator[Claim]:
    """The persons credited beside a medium: `(TribunLembah.com/Name)`, `Name/Lembah Post`, `REUTERS | NAME`.

    Where several notes of a page do so, they credit photographs.
    """
    credited = [credit for span in spans if span.role == "source" for credit in _credits(page.text, span)]
    for start, end in credited if len(credited) == 1 else ():
        for left, right in _pieces(page.text, start, end):
            found = _name(page.text, left, right, False)
            if found is not None:
                yield Claim("authors", found[2], found[0], found[1], "source:credit")


def _credits(text: str, span: Span) -> list[tuple[int, int]]:
    """Where a source note sets a medium and other names side by side, as a whole or in brackets inside it."""
    note = text[span.start : span.end]
    if len(note) <= _LONGEST_BYLINE and (" | " in note or _BARE_CREDIT.fullmatch(note.strip())):
        places = [(span.start, span.end)]
    else:
        places = [match.span() for match in _CREDIT.finditer(text, span.start, span.end)]
    return [
        (left, right)
        for left, right in places
        if any(registry.medium(text[a:b]) for a, b in _pieces(text, left, right))
    ]


def _claims(page: Page, spans: Sequence[Span]) -> list[Claim]:
    claims: dict[tuple[str, str], Claim] = {}
    for run in _runs(page, spans):
        for kind, item, rule in _credited(run):
            if kind in _COLUMN:
                same = (_COLUMN[kind], item.value.casefold())
                if same not in claims or (claims[same].rule == "byline:name" and rule != "byline:name"):
                    claims[same] = Claim(_COLUMN[kind], item.value, item.start, item.end, rule)
    for claim in _in_source_notes(page, spans):
        claims.setdefault((claim.field, claim.value.casefold()), claim)
    labelled = {name for (_, name), claim in claims.items() if claim.rule != "byline:name"}
    return [claim for (_, name), claim in claims.items() if claim.rule != "byline:name" or name not in labelled]


def _from_input(page: Page) -> Iterator[Claim]:
    for given in page.metadata:
        if given.field in {"authors", "editors"} and not knowledge.is_reachable(given.value.strip()):
            kind = given.field.removesuffix("s")
            for item in _items(given.value, 0):
                if item.kind == "name":
                    yield Claim(_COLUMN[kind], item.value, None, None, given.rule)


def people(page: Page, spans: Sequence[Span]) -> list[Claim]:
    """Return one claim a person, for `authors` and `editors`; input metadata counts only where the text says nothing.

    Nor does it count of a person whom the text names: content systems give the editor who filed a page as its author.
    """
    claims = _claims(page, spans)
    said = {claim.field for claim in claims}
    named = {claim.value.casefold() for claim in claims}
    for claim in _from_input(page):
        if claim.field not in said and claim.value.casefold() not in named and claim not in claims:
            claims.append(claim)
    return claims
