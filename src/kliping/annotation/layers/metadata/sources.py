"""Cited sources: the agencies and media that a report draws on, each once, in order, never its own outlet."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kliping import knowledge
from kliping.annotation.layers.metadata import registry
from kliping.annotation.scan import Hit
from kliping.model import Claim, Page, Span

_STEP = r"(?:,?[ \xa0]{0,3}(?:%s)(?:(?![a-zé])|(?=%s)|(?<=dari)(?=(?:[a-z0-9-]{2,30}\.){1,3}(?:%s)\b)))"
_MEDIUM_ENDING = re.compile(r"(?:news|times|post|herald|daily|tribune?|today|radio|media|magazine|online|tv)$", re.I)
_WORD = r"[A-Z0-9][\w'’&+-]{0,40}(?:\.[a-z]\w{0,10}){0,2}"
_CAPITALISED = re.compile(rf"(?:The |La |El |Le |Il )?{_WORD}(?:[ \xa0](?:of |de |dello |della )?{_WORD}){{0,3}}")
_AND = re.compile(r"[ \xa0]?(?:,(?:[ \xa0]dan)?|[ \xa0]dan|[ \xa0]serta|/|[ \xa0](?:dari|via))[ \xa0]?(?=\S)")
_AFTER_UNKNOWN = re.compile(r"\s{0,4}(?:[,.:;(\"”]|$|\n|(?:pada|hari|yang|dan)\b)")
_BEFORE_VERB = re.compile(rf"({_WORD}(?:[ \xa0]{_WORD}){{0,4}})(?:[ \xa0](?:juga|telah|sempat))?[ \xa0]$")
_RUNNING = frozenset({"paragraph", "subheadline", "subheading"})
_TITLE = re.compile(r"\bdengan judul\b|\bberjudul\b", re.I)
_WINDOW = 60
_SHORTEST_TOLD = 3
"""Who was told a story and has two letters is a person under initials: `vonis kepada AP`."""


class Mention(NamedTuple):
    """A medium named as a source at [start, end) of the page's text."""

    start: int
    end: int
    name: str
    rule: str
    outlet: registry.Outlet | None = None


@functools.cache
def _knowledge(name: str) -> tuple[str, ...]:
    return tuple(knowledge.load("citations.toml")[name])


@functools.cache
def stems() -> dict[str, str]:
    """The kinds of the words of citation, in the order in which they are believed."""
    return {stem: kind for kind in ("quoting", "saying", "naming", "telling") for stem in _knowledge(kind)}


@functools.cache
def _ranks() -> dict[str, int]:
    return {stem: rank for rank, stem in enumerate(stems())}


@functools.cache
def _way_to_name() -> re.Pattern[str]:
    """What may stand between a word of citation and the medium's name.

    Lost blanks may have glued them, and crawlers put the text of a link, as a name may be, on a line of its own.
    """
    small = registry.small_beginnings()
    steps = f"(?P<between>{_STEP % (knowledge.any_of(_knowledge('between')), small, knowledge.domain_ending())}{{0,6}})"
    ahead = rf"(?=[A-Z0-9]|[a-z][\w-]{{0,30}}[.A-Z0-9]|{small})"
    gap = r"(?:,?[ \xa0]{0,3}|(?:(?<=dari)|(?<=oleh))[ \xa0]?\n{1,2})"
    return re.compile(rf"(?:(?![a-zé])|(?=dari|oleh|{small})){steps}{gap}(?:the )?{ahead}")


@functools.cache
def _not_media() -> frozenset[str]:
    return knowledge.calendar().names.union(_knowledge("not_media"))


def _is_medium(name: str) -> bool:
    """Whether an unknown name can be a medium's: no institution, person with a title, platform or mere abbreviation."""
    words = [word.strip(".,'’") for word in name.casefold().split()]
    if not _not_media().isdisjoint(words) or (name.isupper() and len(name) < 7):
        return False
    return len(name) > 2 and not name.replace(" ", "").isdigit()


def _unknown(text: str, position: int, sure: bool = True) -> tuple[int, str] | None:
    """The end and spelling of an unknown name that starts at `position`: a domain, or capitals before a pause.

    Where it is not `sure` that a medium is named, the name has to end as media's names do: `Lembah Post`.
    """
    domain = registry.DOMAIN.match(text, position)
    if domain is not None:
        name = _of_domain(domain[0].removeprefix("www."))
        return (domain.end(), name) if name and (sure or _MEDIUM_ENDING.search(name)) else None
    named = _CAPITALISED.match(text, position)
    if named is None:
        return None
    name = named[0].rstrip(".")
    if not (sure or _MEDIUM_ENDING.search(name)) or not _AFTER_UNKNOWN.match(text, named.end()):
        return None
    return (position + len(name), name) if _is_medium(name) else None


def _of_domain(written: str) -> str | None:
    """The medium that an unknown domain stands for; None where it is no medium's."""
    if not registry.is_medium_domain(written):
        return None
    outlet = registry.by_url(f"https://{written.casefold()}")
    if outlet is not None:
        return outlet.brand
    label = registry.without_ending(written).rpartition(".")[2]
    known = registry.medium(label.capitalize())
    if known is not None:
        return known.name
    return label if any(ch.isupper() for ch in label) else label.capitalize()


def _known(text: str, position: int, common: bool) -> registry.Found | None:
    found = registry.find_at(text, position)
    return found if found is not None and (common or found.is_sure) else None


def _mention(found: registry.Found, rule: str) -> Mention:
    return Mention(found.start, found.end, found.medium.name, rule, found.medium.outlet)


def _after_word(text: str, stem: str, kind: str, way: re.Match[str]) -> Iterator[Mention]:
    """The media named after a word of citation, with those joined to the first by `dan`, a comma, `dari` or `via`."""
    between = way["between"].replace("\xa0", " ").replace(",", "").split()
    told = stem == "kepada"
    found = _known(text, way.end(), kind in {"quoting", "saying"} or "berita" in (*between, *stem.split()))
    if found is None:
        sure = kind == "quoting" or (kind == "saying" and any(word in _knowledge("media_words") for word in between))
        unknown = _unknown(text, way.end(), sure) if not told and "resmi" not in between else None
        if unknown is not None:
            yield Mention(way.end(), unknown[0], unknown[1], "cited:unknown-medium")
            yield from _joined(text, unknown[0], f"cited:{kind}")
        return
    if told and len(found.medium.name) < _SHORTEST_TOLD and "berita" not in between:
        return
    rule = "cited:told" if told else f"cited:{kind}"
    yield _mention(found, rule)
    if not told:
        yield from _joined(text, found.end, rule)


def _joined(text: str, end: int, rule: str) -> Iterator[Mention]:
    """The media joined to the one that ends at `end`: known ones, and unknown ones that are named by their domains."""
    while joint := _AND.match(text, end):
        start = joint.end()
        found = _known(text, start, False)
        if found is not None:
            mention = _mention(found, rule)
        elif registry.DOMAIN.match(text, start) and (unknown := _unknown(text, start)):
            mention = Mention(start, *unknown, "cited:unknown-medium")
        else:
            return
        yield mention
        end = mention.end


def _before_verb(text: str, position: int) -> Iterator[Mention]:
    """The medium of which the verb at `position` tells that it reports: `Reuters melaporkan`."""
    subject = _BEFORE_VERB.search(text[max(0, position - _WINDOW) : position])
    if subject is None:
        return
    start = max(0, position - _WINDOW) + subject.start(1)
    words = [start + m.start() for m in re.finditer(r"\S+", subject[1])]
    for first in words:
        found = _known(text, first, False)
        if found is not None and found.end == start + len(subject[1]):
            yield _mention(found, "cited:reports")
            return


class _Cited(NamedTuple):
    """A word of citation, with the way to the name behind it and the length of the verb that follows a name."""

    rank: int
    end: int
    stem: str
    way: re.Match[str] | None
    verb: int


@functools.cache
def _verbs() -> dict[str, tuple[str, ...]]:
    """The verbs of reporting that end in a stem."""
    return {stem: verbs for stem in stems() if (verbs := tuple(v for v in _knowledge("reported") if v.endswith(stem)))}


def _words(text: str, hits: Iterable[Hit]) -> list[_Cited]:
    """The words of citation among `hits` beside which a name may stand; a telling word counts only as a whole."""
    kinds, ranks, verbs, way_to_name = stems(), _ranks(), _verbs(), _way_to_name().match
    cited = []
    for at, stem in hits:
        if stem not in ranks:
            continue
        end = at + len(stem)
        way = way_to_name(text, end)
        verb = next((len(verb) for verb in verbs[stem] if text.endswith(verb, 0, end)), 0) if stem in verbs else 0
        if (way or verb) and (kinds[stem] != "telling" or at == 0 or not text[at - 1].isalpha()):
            cited.append(_Cited(ranks[stem], end, stem, way, verb))
    return sorted(cited) if len(cited) > 1 else cited


def _start(span: Span) -> int:
    return span.start


def _in_body(page: Page, spans: Sequence[Span], hits: Iterable[Hit]) -> Iterator[Mention]:
    text, kinds = page.text, stems()
    for _, end, stem, way, verb in _words(text, hits):
        index = bisect.bisect_right(spans, end - 1, key=_start) - 1
        if index < 0 or spans[index].role not in _RUNNING or end > spans[index].end:
            continue
        if way is not None:
            yield from _after_word(text, stem, kinds[stem], way)
        if verb:
            yield from _before_verb(text, end - verb)


def _in_notes(page: Page, spans: Sequence[Span]) -> Iterator[Mention]:
    """The media that a source note names, up to the title it may quote, and those that a byline says it follows."""
    for span in spans:
        if span.role == "source":
            title = _TITLE.search(page.text, span.start, span.end)
            end = title.start() if title else span.end
            found = [_mention(each, "cited:source-note") for each in registry.find_all(page.text, span.start, end)]
            yield from found
            if not found:
                for domain in registry.DOMAIN.finditer(page.text, span.start, end):
                    unknown = _unknown(page.text, domain.start())
                    if unknown is not None:
                        yield Mention(domain.start(), unknown[0], unknown[1], "cited:source-note")
        elif span.role == "byline":
            follows = page.text.find("enurut ", span.start, span.end)
            start = follows if follows >= 0 else span.end
            yield from (_mention(each, "cited:byline") for each in registry.find_all(page.text, start, span.end))


def mentions(page: Page, spans: Sequence[Span], hits: Iterable[Hit]) -> list[Mention]:
    """All media that the page names as its sources, its own outlet perhaps among them, in order of the text.

    `hits` are where the `stems` stand in the page's text; those of other words among them do no harm.
    """
    found = [*_in_body(page, spans, hits), *_in_notes(page, spans)]
    return sorted(found, key=_place) if len(found) > 1 else found


def _place(mention: Mention) -> tuple[int, int]:
    return mention.start, mention.end


def cited_sources(found: Sequence[Mention], outlet: str | None) -> list[Claim]:
    """One claim a medium of `found`, but for the page's own `outlet`; who was told a story is a source of others."""
    claims: dict[str, Claim] = {}
    own = registry.key(outlet) if outlet else None
    for mention in found:
        same = registry.key(mention.name)
        told = mention.outlet if mention.rule == "cited:told" else None
        if same != own and (told is None or outlet not in {None, told.brand}):
            claims.setdefault(same, Claim("cited_sources", mention.name, mention.start, mention.end, mention.rule))
    return list(claims.values())
