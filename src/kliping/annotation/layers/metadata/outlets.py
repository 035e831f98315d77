"""The publishing outlet, from the text's own marks, the URL and input metadata; none where the strongest conflict."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kliping import knowledge
from kliping.annotation.layers.metadata import dateline_parts, headline, registry
from kliping.annotation.scan import Hit
from kliping.model import Claim, Page, Span

_WEIGHT = {
    "dateline": 7, "timestamp": 6, "site-name": 6, "byline": 5, "url": 5, "input": 5,
    "copyright": 4, "promotion": 3, "readers": 3, "work": 3, "body": 2, "agent": 1, "address": 1,
}  # fmt: skip
"""How much a mark says. A heavier kind beats any number of lighter ones; among equals the sum of the kinds decides."""

_NAMING = frozenset({"timestamp", "headline", "byline", "promotion", "source"})
_MARKED = _NAMING | {"dateline", "copyright"}
REPORTER = r"\b(?:laporan|wartawan|reporter|jurnalis|kontributor|koresponden)\b"
"""A pattern of the words by which a newsroom speaks of its own people, case aside."""
_REPORTER = re.compile(REPORTER, re.I)
_CREDIT = re.compile(r"\(\s*(?=[^\s(][^()/]{2,40}/)")
_NO_NAME = re.compile(r"^@|^.[a-z]+[A-Z]", re.S)
"""An address, or a word that has run into the name: `ulangKompas.com`."""
_OWN_NAME = re.compile(r"(?<![\w.])[A-Z][\w.&]{2,30}(?:[ \xa0][A-Z][\w.&]{1,30}){0,2}$")
_CAMEL = re.compile(r"(?:[A-Z][a-z]{1,20}){1,3}(?:News|Media|Post|Times|Hoax|Hoaks|Fakta|Pos|TV|com)")
_DESK = re.compile(r"[(\[](?:\s?\w{1,8}\s?/){0,3}\s?([a-z]{4,12})\s?[)\]][.\s]{0,3}")
"""Initials and the outlet: `(abc/rmol)`, `[rmol]`."""
_SIGN = re.compile(
    r"(?:©|\(c\)|&copy;)\s{0,3}(?:(?:hak cipta|\d{4}(?:\s?[-–]\s?\d{4})?)\s{0,3}){0,2}(?:by\s|oleh\s)?", re.I
)
POINTER = re.compile(r"\s{0,3}(?:<br ?/?>)?\s{0,3}Baca artikel ")
"""What stands before the outlet where the page itself can be read in full."""
_ADDRESS = re.compile(r"\s{0,9}(?:https?://|www\.)\S{4,400}\s*$")
_NO_CUE = re.compile(r"[Pp]emimpin |[Pp]impinan ")


class Mark(NamedTuple):
    """One sign of an outlet: its brand at [start, end) of the page's text, or at no place of it."""

    kind: str
    brand: str
    start: int | None
    end: int | None
    rule: str


def _from_datelines(page: Page, spans: Sequence[Span]) -> Iterator[Mark]:
    for part in dateline_parts.find_parts(page, spans):
        if part.kind == "outlet":
            yield Mark("dateline", part.value, part.start, part.end, "dateline:outlet")


def _names(page: Page, span: Span, kind: str, rule: str) -> Iterator[Mark]:
    """The outlets named in a short line; a bare everyday word is no name there."""
    for found in registry.find_all(page.text, span.start, span.end):
        outlet = found.medium.outlet
        if outlet is not None and found.is_sure:
            yield Mark(kind, outlet.brand, found.start, found.end, rule)


def _unknown_domain(page: Page, start: int, end: int, kind: str, rule: str) -> Iterator[Mark]:
    """The outlet that the first web address in [start, end) stands for, where the registry knows none of that name."""
    domain = registry.OUTLET_DOMAIN.search(page.text, start, end)
    if domain is None or not registry.is_medium_domain(domain[0]):
        return
    if not _NO_NAME.search(page.text[domain.start() - 1 : domain.end()]):
        yield Mark(kind, dateline_parts.brand(domain[0]), domain.start(), domain.end(), rule)


def _from_headline(page: Page, span: Span) -> Iterator[Mark]:
    title = page.text[span.start : span.end]
    site = headline.tail(title) or headline.front(title)
    if site is not None and (outlet := site[1].medium.outlet) is not None:
        start, end = span.start + site[1].start, span.start + site[1].end
        yield Mark("site-name", outlet.brand, start, end, "headline:site-name")
    elif site is None and (address := headline.address(title)) is not None:
        yield from _unknown_domain(page, span.start + address, span.end, "site-name", "headline:site-address")


def _from_timestamp(page: Page, span: Span) -> Iterator[Mark]:
    found = registry.find_at(page.text, span.start)
    if found is not None and found.end <= span.end and found.medium.outlet is not None:
        yield Mark("timestamp", found.medium.outlet.brand, found.start, found.end, "timestamp:outlet")


def _from_byline(page: Page, span: Span) -> Iterator[Mark]:
    """`Laporan Wartawan X, Name`, `(X/Name)`, `Name - X`, `[Name/X]`, `X.com, Name`."""
    text = page.text[span.start : span.end]
    if _REPORTER.search(text) or _CREDIT.match(text):
        named = list(_names(page, span, "byline", "byline:outlet"))
        yield from named or _unknown_domain(page, span.start, span.end, "byline", "byline:domain")
        return
    joint = max(((text.rfind(mark) + len(mark)) for mark in (" - ", " | ", " – ", "/") if mark in text), default=0)
    found = registry.find_at(page.text, span.start + joint)
    closes = found is not None and (not text[found.end - span.start :].strip(" )].") or not (joint or found.bare))
    if found is None and (desk := _DESK.fullmatch(text)) and (medium := registry.medium(desk[1].upper())):
        found, closes = (
            registry.FoundMedium(span.start + desk.start(1), span.start + desk.end(1), medium, True),
            not medium.common,
        )
    outlet = found.medium.outlet if found is not None and closes else None
    if found is not None and outlet is not None and not outlet.agency:
        yield Mark("byline", outlet.brand, found.start, found.end, "byline:outlet")


def _from_pointer(page: Page, span: Span) -> Iterator[Mark]:
    """`Baca artikel detikFinance, "..."`: where the page can be read in full, in the words of its own outlet."""
    pointer = POINTER.match(page.text, span.start, span.end)
    found = registry.find_at(page.text, pointer.end()) if pointer else None
    if found is not None and found.medium.outlet is not None:
        yield Mark("promotion", found.medium.outlet.brand, found.start, found.end, "source:pointer")


@functools.cache
def _footers() -> tuple[tuple[str, str], ...]:
    return tuple((registry.key(footer), outlet.brand) for outlet in registry.outlets() for footer in outlet.footers)


def _owner(page: Page, span: Span) -> Iterator[Mark]:
    """The outlet that stands behind the sign, an everyday word though its brand is: `Copyright © ANTARA 2023`."""
    sign = _SIGN.search(page.text, span.start, span.end)
    found = registry.find_at(page.text, sign.end()) if sign else None
    if found is not None and found.medium.outlet is not None and found.medium.name in _known()["spoken_to"]:
        yield Mark("copyright", found.medium.outlet.brand, found.start, found.end, "copyright:outlet")


def _from_copyright(page: Page, spans: Sequence[Span]) -> Iterator[Mark]:
    """The outlet of the copyright footer; a footer that several outlets share proves none of them."""
    marks: list[Mark] = []
    for span in spans:
        if span.role == "copyright":
            named = list(_names(page, span, "copyright", "copyright:outlet")) or list(_owner(page, span))
            marks += named or _unknown_domain(page, span.start, span.end, "copyright", "copyright:domain")
            line = registry.key(page.text[span.start : span.end])
            companies = [brand for name, brand in _footers() if name in line]
            marks += (Mark("copyright", brand, span.start, span.end, "copyright:company") for brand in companies)
    if len({mark.brand for mark in marks}) == 1:
        yield from marks


@functools.cache
def readers() -> dict[str, str]:
    """Return how an outlet calls its readers, and its brand."""
    return {reader: outlet.brand for outlet in registry.outlets() for reader in outlet.readers}


def _from_readers(hits: Iterable[Hit]) -> Iterator[Mark]:
    known = readers()
    first = {word: start for start, word in reversed([hit for hit in hits if hit[1] in known])}
    for reader, brand in readers().items():
        if reader in first:
            yield Mark("readers", brand, first[reader], first[reader] + len(reader), "body:readers")


@functools.cache
def _known() -> Mapping[str, Sequence[str]]:
    return knowledge.load("outlet_cues.toml")


@functools.cache
def works() -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the stems of what a newsroom says of its own work, with the phrases that hold each and its place there."""
    return {
        stem: tuple((phrase, phrase.index(stem)) for phrase in _known()["works"] if stem in phrase)
        for stem in _known()["work_stems"]
    }


@functools.cache
def cues() -> dict[str, int]:
    """Return the words before an outlet's own name, and their ranks."""
    known = _known()
    return {cue: rank for rank, cue in enumerate((*known["told"], *known["did"]))}


@functools.cache
def _name_ahead() -> re.Pattern[str]:
    return re.compile(rf"[ \xa0]?(?=[A-Z]|{registry.small_beginnings()})|[ \xa0](?=[a-z]\w{{0,30}}[.A-Z])")


def _after_cues(text: str, hits: Iterable[Hit]) -> Iterator[int]:
    """Where a name stands behind one of the cues: after a blank, or at once where a link has lost it."""
    ranks, name_ahead = cues(), _name_ahead().match
    found = [
        (ranks[cue], at, ahead.end()) for at, cue in hits if cue in ranks and (ahead := name_ahead(text, at + len(cue)))
    ]
    for _, at, name in sorted(found):
        if not _NO_CUE.search(text, max(0, at - 12), at + 1):
            yield name


def _from_body(page: Page, spans: Sequence[Span], cited: frozenset[str], hits: Iterable[Hit]) -> Iterator[Mark]:
    """Indonesian outlets that the body says it spoke for; one that the report draws on elsewhere is no proof."""
    begins = [span.start for span in spans]
    for position in _after_cues(page.text, hits):
        index = bisect.bisect_right(begins, position) - 1
        if index < 0 or spans[index].role not in {"paragraph", "related"} or position >= spans[index].end:
            continue
        found = registry.find_at(page.text, position)
        if found is None:
            domain = registry.OUTLET_DOMAIN.match(page.text, position)
            if domain is not None and dateline_parts.brand(domain[0]) not in cited:
                yield from _unknown_domain(page, position, domain.end(), "body", "body:domain")
        elif (
            (outlet := found.medium.outlet) is not None
            and _is_meant(page.text, found)
            and found.medium.name not in cited
        ):
            yield Mark("body", outlet.brand, found.start, found.end, "body:own-newsroom")


def _is_meant(text: str, found: registry.FoundMedium) -> bool:
    """Whether a name beside a cue is the outlet's; an everyday word needs a pause or a verb behind it."""
    if found.is_sure:
        return True
    return found.medium.name in _known()["spoken_to"] and bool(_behind_spoken_to().match(text, found.end))


@functools.cache
def _behind_spoken_to() -> re.Pattern[str]:
    """A pause, or what begins to tell when, where or that somebody spoke."""
    days = knowledge.any_of(knowledge.calendar().days)
    words = "saat|pada|di|lewat|melalui|ketika|usai|bahwa|telah|tidak|belum|juga|me[a-z]{4}"
    return re.compile(rf"[,.;(]|[ \xa0](?:{words}|{days})")


@functools.cache
def _way_to_work() -> re.Pattern[str]:
    return re.compile(rf"(?:[ \xa0](?:{knowledge.any_of(_known()['meanwhile'])})){{0,3}}[ \xa0]$")


def _from_work(page: Page, cited: frozenset[str], hits: Iterable[Hit]) -> Iterator[Mark]:
    """The newsroom that tells of its own work: `Tempo merangkum`, `LembahNews kemudian melakukan penelusuran`."""
    known, text = works(), page.text
    for at, stem in hits:
        if stem not in known:
            continue
        begins = next((at - place for phrase, place in known[stem] if text.startswith(phrase, at - place)), -1)
        way = _way_to_work().search(text, max(0, begins - 60), begins) if begins > 0 else None
        name = _OWN_NAME.search(text, max(0, way.start() - 60), way.start()) if way else None
        if name is None or way is None:
            continue
        found = next((f for f in registry.find_all(page.text, name.start(), way.start()) if f.end == way.start()), None)
        if found is not None:
            is_own = found.medium.name not in cited and _is_meant(page.text, found)
            if found.medium.outlet is not None and is_own:
                yield Mark("work", found.medium.outlet.brand, found.start, found.end, "body:own-work")
        elif _CAMEL.fullmatch(name[0]):
            yield Mark("work", name[0], name.start(), name.end(), "body:own-work")


def _from_address(page: Page, spans: Sequence[Span]) -> Iterator[Mark]:
    """The outlet of the page's own address, pasted before the text."""
    first = spans[0] if spans else None
    if first is not None and first.role == "source" and _ADDRESS.match(page.text[first.start : first.end]):
        url = page.text[first.start : first.end].strip()
        outlet = registry.by_url(url if "//" in url else f"//{url}")
        if outlet is not None:
            yield Mark("address", outlet.brand, first.start, first.end, "address:domain")
        else:
            yield from _unknown_domain(page, first.start, first.end, "address", "address:domain")


def _from_input(page: Page) -> Iterator[Mark]:
    if page.url:
        outlet = registry.by_url(page.url)
        if outlet is not None:
            yield Mark("url", outlet.brand, None, None, "url:domain")
    for given in page.metadata:
        if given.field == "outlet_name" and (brand := _brand_given(given.value.strip())):
            yield Mark("input", brand, None, None, given.rule)


_HOST = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,12}")
"""A domain in small letters, whatever its ending; with capitals, `KabarUji.com`, a newsroom writes its name so."""


def _brand_given(name: str) -> str | None:
    """The brand that input metadata name; of an address only that of the known outlet there, for none is a name."""
    known = registry.outlet(name)
    if known is None and (knowledge.is_address(name) or _HOST.fullmatch(name)):
        known = registry.by_url(name if "//" in name else f"//{name}")
        return known.brand if known else None
    return known.brand if known else registry.without_ending(name) or None


def _marks(page: Page, spans: Sequence[Span]) -> Iterator[Mark]:
    roles = {span.role for span in spans}
    if "dateline" in roles:
        yield from _from_datelines(page, spans)
    for span in spans if not roles.isdisjoint(_NAMING) else ():
        if span.role == "timestamp":
            yield from _from_timestamp(page, span)
        elif span.role == "headline":
            yield from _from_headline(page, span)
        elif span.role == "byline":
            yield from _from_byline(page, span)
        elif span.role == "promotion":
            yield from _names(page, span, "promotion", "promotion:outlet")
        elif span.role == "source":
            yield from _from_pointer(page, span)
    if "copyright" in roles:
        yield from _from_copyright(page, spans)
    yield from _from_input(page)


def outlet_name(
    page: Page,
    spans: Sequence[Span],
    hits: Sequence[Hit],
    cited: frozenset[str] = frozenset(),
    agents: Iterable[Mark] = (),
) -> list[Claim]:
    """Return one claim a brand, with its best mark; the best brand is accepted, none where two are equally good.

    `hits` are where the `cues` and `readers` stand in the page's text; those of other words among them do no harm.
    `cited` are the media that the report draws on, `agents` the newsrooms that it says drew on them. The body is read
    only where nothing else names an outlet, and the page's own address only where the body names none either.
    """
    silent = not page.url and not page.metadata and _MARKED.isdisjoint([span.role for span in spans])
    marks = [] if silent else list(_marks(page, spans))
    if not marks and hits:
        marks = [*_from_readers(hits), *_from_work(page, cited, hits), *_from_body(page, spans, cited, hits), *agents]
    marks = marks or list(_from_address(page, spans))
    if len(marks) < 2:
        return [Claim("outlet_name", mark.brand, mark.start, mark.end, mark.rule) for mark in marks]
    best: dict[str, Mark] = {}
    kinds: dict[str, set[str]] = {}
    for mark in marks:
        same = registry.key(mark.brand)
        kinds.setdefault(same, set()).add(mark.kind)
        if same not in best or _WEIGHT[mark.kind] > _WEIGHT[best[same].kind]:
            best[same] = mark
    scores = {same: (_WEIGHT[best[same].kind], sum(_WEIGHT[kind] for kind in found)) for same, found in kinds.items()}
    top = max(scores.values())
    clear = list(scores.values()).count(top) == 1
    return [
        Claim("outlet_name", mark.brand, mark.start, mark.end, mark.rule, clear and scores[same] == top)
        for same, mark in best.items()
    ]
