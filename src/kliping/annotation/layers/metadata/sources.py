"""Cited sources: the agencies and media that a report draws on, each once, in order, never its own outlet."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kliping import knowledge
from kliping.annotation.layers.metadata import outlets, prose, registry
from kliping.annotation.scan import Hit
from kliping.model import Claim, Page, Span

_WORD = r"[A-Z0-9][\w'’&+-]{0,40}(?:\.[a-z]\w{0,10}){0,2}"
_CAPITALISED = re.compile(rf"(?:The |La |El |Le |Il )?{_WORD}(?:[ \xa0](?:of |de |dello |della )?{_WORD}){{0,3}}")
_LOWER_NAME = re.compile(r"[a-z][a-z0-9]{5,30}(?=[ \xa0]?[,.;(])")
_AND = re.compile(
    r"[ \xa0]?(?:,(?:[ \xa0]dan)?|[ \xa0]dan|(?<=\w)dan(?=[A-Z])|[ \xa0]serta|/|[ \xa0](?:dari|via))[ \xa0]?(?=\S)"
)
_ENGLISH_ARTICLE = re.compile(r"The [A-Z]")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s()\"'<>]{4,400}")
_ADDRESS_ONLY = re.compile(r"(?:https?://|www\.)\S{4,400}$")
_NEWSROOM = re.compile(rf"{outlets.REPORTER}|[\w.]/[A-Z]", re.I)
_RUNNING = frozenset({"paragraph", "subheadline", "subheading"})
_TITLE = re.compile(r"\bdengan judul\b|\bberjudul\b", re.I)
_QUOTING = frozenset({"quoting", "saying"})
_TITLE_AHEAD = re.compile(r"[ \xa0](?=[A-Z\"“‘'])")
_SENTENCE = re.compile(r"[^.\n]{0,60}")
_NOT_BLANK = re.compile(r"\S+")
_WINDOW = 90
_BARE_NOTE = re.compile(r"\(?\s{0,3}([a-z]{6,30}|[A-Z]\w{2,20}[a-z](?:News|Media|Post|Times|com))\s{0,3}\)?[.\s]{0,3}")
_LONGEST_ACRONYM = 4
_SHORTEST_TOLD = 3
"""Who was told a story and has two letters is a person under initials: `vonis kepada AP`."""
TOLD_TO_OWN = frozenset({"cited:told", "cited:agent", "cited:newsroom", "cited:unknown-agent"})
"""Rules by which a medium is named that is a source only on another outlet's page."""


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
    """Return the kinds of the words of citation, in the order in which they are believed."""
    kinds = {
        stem: kind for kind in ("quoting", "saying", "naming", "telling", "reporting") for stem in _knowledge(kind)
    }
    return kinds | dict.fromkeys(_knowledge("programmes"), "airing")


@functools.cache
def _way_to_name() -> re.Pattern[str]:
    """What may stand between a word of citation and the medium's name.

    Lost blanks may have glued them, and crawlers put the text of a link, as a name may be, on a line of its own.
    """
    return re.compile(_between() + _name_ahead())


@functools.cache
def _way_to_any_name() -> re.Pattern[str]:
    """The same, but the name may be a word in lower case before a pause, as addresses are spoken of: `kabarlembah`."""
    return re.compile(rf"{_between()}(?:{_name_ahead()}|(?=[a-z][a-z0-9]{{5,30}}[ ]?[,.;(]))")


def _name_ahead() -> str:
    return rf"(?=[A-Z0-9]|[a-z][\w-]{{0,30}}[.A-Z0-9]|{registry.small_beginnings()})"


def _between() -> str:
    small = registry.small_beginnings()
    address = rf"(?=(?:[a-z0-9-]{{2,30}}\.){{1,3}}(?:{knowledge.domain_ending()})\b)"
    led_to = "|".join(rf"(?<={word})" for word in _knowledge("led_to"))
    word = rf",?[ \xa0]{{0,3}}(?:{knowledge.any_of(_knowledge('between'))})"
    steps = rf"(?P<between>(?:{word}(?:(?![a-zé])|(?={small})|(?:{led_to}){address})){{0,6}})"
    gap = r"(?:,?[ \xa0]{0,3}|[ \xa0]?\n{1,2})"
    return rf"(?:(?![a-zé])|(?=dari|oleh|dalam|laman|situs|{small})|{address}){steps}{gap}(?:the )?"


@functools.cache
def _agent_at() -> re.Pattern[str]:
    """A name between a verb of citation and the word that leads to its own source: `Dikutip LembahNews dari`."""
    name = rf"(?:{_WORD}|(?:{registry.small_beginnings()})\w{{0,20}})(?:[ \xa0]{_WORD}){{0,2}}"
    return re.compile(rf"{name}(?=[ \xa0]{{1,2}}(?:dari|melalui)[ \xa0\n])")


@functools.cache
def _after_unknown() -> re.Pattern[str]:
    """What may stand behind a name that is not known: a pause, a day, or how the sentence goes on."""
    words = (
        "pada|hari|yang|dan|edisi|bahwa|terbitan|tanggal|pekan|minggu|kemarin|baru-baru|melaporkan"
        "|menyebut|menulis|menuliskan|mengatakan|menyatakan"
    )
    days = knowledge.any_of(knowledge.calendar().days)
    return re.compile(rf"\s{{0,4}}(?:[,.:;(\"”]|$|\n|(?:{words}|{days})\b)")


@functools.cache
def _medium_head() -> re.Pattern[str]:
    return re.compile(rf"(?:{knowledge.any_of(_knowledge('medium_heads'))})[ \xa0]", re.I)


@functools.cache
def _not_media() -> frozenset[str]:
    return knowledge.calendar().names.union(_knowledge("not_media"))


def _is_medium(name: str) -> bool:
    """Whether an unknown name can be a medium's: no institution, person with a title, platform or mere abbreviation."""
    words = [word.strip(".,'’") for word in name.casefold().split()]
    if not _not_media().isdisjoint(words) or (name.isupper() and len(name) < 7) or name.casefold() in registry.places():
        return False
    if set(words).issubset(_knowledge("generic")):
        return False
    if words[-1] == "indonesia" and not _sounds_like_a_medium(" ".join(words[:-1])):
        return False
    return len(name) > 2 and not name.replace(" ", "").isdigit()


def _unknown(text: str, position: int, sure: bool = True) -> tuple[int, str] | None:
    """The end and spelling of an unknown name that starts at `position`: a domain, or capitals before a pause.

    Where it is not `sure` that a medium is named, the name has to sound like one: `Lembah Post`, `Radio Lembah`.
    """
    domain = registry.OUTLET_DOMAIN.match(text, position)
    if domain is not None:
        name = _of_domain(domain[0].removeprefix("www."))
        return (domain.end(), name) if name and (sure or _sounds_like_a_medium(name)) else None
    named = _CAPITALISED.match(text, position)
    if named is None:
        return _lower_case(text, position) if sure else None
    name = named[0].rstrip(".")
    if not (sure or _sounds_like_a_medium(name)) or not _after_unknown().match(text, named.end()):
        return None
    return (position + len(name), name) if _is_medium(name) else None


def _sounds_like_a_medium(name: str) -> bool:
    return name.lower().endswith(_knowledge("medium_endings")) or bool(_medium_head().match(name))


def _lower_case(text: str, position: int) -> tuple[int, str] | None:
    """An address as it is spoken of, `kabarlembah`: one word before a pause that no Indonesian prose knows."""
    named = _LOWER_NAME.match(text, position)
    if named is None or prose.is_word(named[0]):
        return None
    sounds = _sounds_like_a_medium(named[0]) or named[0].startswith(_knowledge("address_heads"))
    return (named.end(), named[0]) if sounds else None


def _of_domain(written: str) -> str | None:
    """The medium that an unknown domain stands for; None where it is no medium's."""
    if not registry.is_medium_domain(written):
        return None
    outlet = registry.by_url(f"https://{written.casefold()}")
    if outlet is not None:
        return outlet.brand
    label = registry.without_ending(written).rpartition(".")[2]
    for glued in ("", *_knowledge("glued")):
        if label.startswith(glued) and (known := registry.medium(label.removeprefix(glued).capitalize())):
            return known.name
    return label if any(ch.isupper() for ch in label) else label.capitalize()


def _known(text: str, position: int, common: bool) -> registry.FoundMedium | None:
    found = registry.find_at(text, position)
    return found if found is not None and (common or (found.is_sure and not _is_other_word(text, found))) else None


def _is_other_word(text: str, found: registry.FoundMedium) -> bool:
    """Whether an acronym's letters are written as a word: `Ria`, `Wafa` and `Ani` are persons, `Sana` is `there`."""
    written = text[found.start : found.end]
    return len(written) <= _LONGEST_ACRONYM and written.istitle() and written != found.medium.name


@functools.cache
def _section() -> re.Pattern[str]:
    return re.compile(rf"[ \xa0](?:{knowledge.any_of(_knowledge('sections'))})(?!\w)")


def _is_respelled(written: str, name: str) -> bool:
    """Whether `written` is `name` in other letters, which capitals are, and `Radio` before it or `com` behind it."""
    if registry.key(written) == registry.key(name):
        return written.isupper() or written.islower() or name.isupper()
    return registry.key(name) in {
        registry.key(_medium_head().sub("", written, count=1)),
        registry.key(written.removesuffix("com")),
    }


def _mention(text: str, found: registry.FoundMedium, rule: str) -> Mention:
    """The mention of a known medium, spelled as the page spells it: `LA Times`; an address is spelled as the medium."""
    end = found.end
    if found.bare and found.medium.outlet is None and (section := _section().match(text, end)):
        end = section.end()
    written = " ".join(text[found.start : end].split())
    same = not found.bare or _is_respelled(written, found.medium.name)
    return Mention(found.start, end, found.medium.name if same else written, rule, found.medium.outlet)


def _after_word(text: str, stem: str, kind: str, way: re.Match[str]) -> Iterator[Mention]:
    """The media named after a word of citation, with those joined to the first by `dan`, a comma, `dari` or `via`."""
    between = way["between"].replace("\xa0", " ").replace(",", "").split()
    start = way.end()
    if kind in {"quoting", "saying"} and not between and (agent := _agent_at().match(text, start)):
        yield from _agent(text, agent)
        return
    yield from _named(text, stem, kind, between, start)


def _agent(text: str, agent: re.Match[str]) -> Iterator[Mention]:
    """`Dikutip LembahNews dari Reuters`: a newsroom, the page's own as a rule, and the source that it quotes."""
    by, start = registry.find_at(text, agent.start()), agent.start()
    if by is None or by.end != agent.end():
        yield Mention(start, agent.end(), agent[0], "cited:unknown-agent")
    elif by.medium.outlet is None:
        yield _mention(text, by, "cited:quoting")
    else:
        yield _mention(text, by, "cited:agent")
    way = _way_to_any_name().match(text, agent.end())
    if way is not None:
        yield from _named(text, "", "quoting", way["between"].split(), way.end())


def agents(found: Iterable[Mention]) -> Iterator[tuple[str, int, int, str]]:
    """Yield (brand, start, end, rule) of each newsroom, mostly its own, that the page says drew on another medium."""
    for mention in found:
        if mention.rule == "cited:agent" and mention.outlet is not None:
            yield mention.outlet.brand, mention.start, mention.end, "body:agent"
        elif mention.rule == "cited:unknown-agent":
            yield registry.without_ending(mention.name), mention.start, mention.end, "body:agent"


def _named(text: str, stem: str, kind: str, between: Sequence[str], start: int) -> Iterator[Mention]:
    told = stem in _knowledge("told")
    found = _medium_at(text, stem, kind, between, start)
    if found is None and (kind == "telling" and stem not in _SPOKEN_OF):
        return
    if found is None:
        if told or "resmi" in between or (text[start - 1] == "\n" and between[-1:] not in (["dari"], ["oleh"])):
            return
        unknown = _unknown(text, start, _is_sure(text, stem, kind, between, start))
        if unknown is not None:
            yield Mention(start, unknown[0], unknown[1], "cited:unknown-medium")
            yield from _joined(text, unknown[0], f"cited:{kind}")
        return
    if told and len(found.medium.name) < _SHORTEST_TOLD and "berita" not in between:
        return
    rule = "cited:told" if told else f"cited:{kind}"
    mention = _mention(text, found, rule)
    yield mention
    if not told:
        yield from _joined(text, mention.end, rule)


def _medium_at(text: str, stem: str, kind: str, between: Sequence[str], start: int) -> registry.FoundMedium | None:
    """The known medium at `start`, or behind `Radio`, `Harian` and the like there, if the words before it will do."""
    found = registry.find_at(text, start)
    if found is None and (head := _medium_head().match(text, start)):
        found = registry.find_at(text, head.end())
    if found is None or kind in _QUOTING or "berita" in between or stem in _knowledge("naming_surely"):
        return found
    is_brand = kind == "naming" and stem != "enurut" and _is_brand_before_pause(text, found)
    return found if is_brand or (found.is_sure and not _is_other_word(text, found)) else None


def _is_sure(text: str, stem: str, kind: str, between: Sequence[str], start: int) -> bool:
    """Whether the words before an unknown name say that it is a medium's; a channel of YouTube may be a person's."""
    if "YouTube" in between or "Youtube" in between:
        named = _CAPITALISED.match(text, start)
        return named is not None and not _is_like_a_person(named[0].split())
    if kind == "naming" and registry.OUTLET_DOMAIN.match(text, start):
        return not _MEDIUM_WORDS.isdisjoint(between)
    if stem == "laporkan" and _ENGLISH_ARTICLE.match(text, start):
        return True
    return kind == "quoting" or (kind == "saying" and not set(_knowledge("media_words")).isdisjoint(between))


_SPOKEN_OF = frozenset({"sebut", "tulis", "laman", "situs", "portal berita"})


def _is_brand_before_pause(text: str, found: registry.FoundMedium) -> bool:
    """Whether a brand that is an everyday word, but no name, stands before a pause: `dilaporkan Kompas,`."""
    return found.medium.name in _brands_spoken_of() and bool(_after_unknown().match(text, found.end))


@functools.cache
def _brands_spoken_of() -> frozenset[str]:
    return frozenset(knowledge.load("outlet_cues.toml")["spoken_to"])


def _is_like_a_person(words: Sequence[str]) -> bool:
    return 1 < len(words) < 4 and all(word.istitle() and not prose.is_word(word) for word in words)


_MEDIUM_WORDS = frozenset({"situs", "laman", "portal", "web", "website"})


def _joined(text: str, end: int, rule: str) -> Iterator[Mention]:
    """The media joined to the one that ends at `end`: known ones, and others whose names sound like a medium's."""
    while joint := _AND.match(text, end):
        start = joint.end()
        found = _known(text, start, any(word in joint[0] for word in ("dan", "serta", "/")))
        if found is not None:
            mention = _mention(text, found, rule)
        elif unknown := _unknown(text, start, bool(registry.OUTLET_DOMAIN.match(text, start))):
            mention = Mention(start, *unknown, "cited:unknown-medium")
        else:
            return
        yield mention
        end = mention.end


@functools.cache
def _before_verb_pattern() -> re.Pattern[str]:
    """A name, and what may stand between it and the verb: `The Guardian pada Senin (5/2/2024) juga `."""
    meanwhile = knowledge.any_of([*_knowledge("meanwhile"), *knowledge.calendar().days])
    day = r"(?:[ \xa0]?\(\d{1,2}/\d{1,2}(?:/\d{2,4})?\))?"
    return re.compile(rf"({_WORD}(?:[ \xa0]{_WORD}){{0,4}})((?:,?[ \xa0](?:{meanwhile}){day}){{0,3}},?[ \xa0]?)$")


@functools.cache
def _ends_of_meanwhile() -> frozenset[str]:
    return frozenset(
        words.split()[-1] for words in (*_knowledge("meanwhile"), *_knowledge("sections"), *knowledge.calendar().days)
    )


def _before_verb(text: str, position: int) -> Iterator[Mention]:
    """The medium of which the verb at `position` tells that it reports: `Reuters melaporkan`, `AFPmengutip`."""
    window = text[max(0, position - _WINDOW) : position]
    last = (window.rsplit(None, 1)[-1:] or [""])[0].rstrip(",)")
    if not registry.may_end(last) and last not in _ends_of_meanwhile() and not last[-1:].isdigit():
        return
    subject = _before_verb_pattern().search(window)
    if subject is None:
        return
    shift = position - len(window)
    for word in _NOT_BLANK.finditer(window, *subject.span(1)):
        found = _known(window, word.start(), False)
        mention = _mention(window, found, "cited:reports") if found else None
        if mention is not None and mention.end == subject.end(1):
            yield mention._replace(start=mention.start + shift, end=mention.end + shift)
        if mention is not None or not _is_lead(word[0]):
            return


def _is_lead(word: str) -> bool:
    """Whether a capitalised word is no part of the name that follows it: `Sementara Reuters`, not `Husnul Wafa`."""
    return prose.is_word(word) or word in _knowledge("between") or word.casefold() in _knowledge("between")


def _aired(text: str, end: int) -> Iterator[Mention]:
    """Who airs the programme whose title follows: `di program "Sapa Lembah" di Kompas TV`."""
    sentence = _SENTENCE.match(text, end)
    for found in registry.find_all(text, end, sentence.end() if sentence else end):
        if found.medium.name in _knowledge("broadcasters"):
            yield _mention(text, found, "cited:airing")
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


class _Stem(NamedTuple):
    """What is looked for beside a word of citation."""

    rank: int
    way: re.Pattern[str] | None
    verbs: tuple[str, ...]
    is_whole: bool
    """Nothing but a whole word counts."""


@functools.cache
def _plans() -> dict[str, _Stem]:
    ways = {"reporting": None, "airing": _TITLE_AHEAD, "quoting": _way_to_any_name(), "saying": _way_to_any_name()}
    verbs = _verbs()
    return {
        stem: _Stem(rank, ways.get(kind, _way_to_name()), verbs.get(stem, ()), kind == "telling")
        for rank, (stem, kind) in enumerate(stems().items())
    }


def _words(text: str, hits: Iterable[Hit]) -> list[_Cited]:
    """The words of citation among `hits` beside which a name may stand; a telling word counts only as a whole."""
    plans, cited = _plans(), []
    for at, stem in hits:
        plan = plans.get(stem)
        if plan is None or (plan.is_whole and at and text[at - 1].isalpha()):
            continue
        end = at + len(stem)
        way = plan.way.match(text, end) if plan.way else None
        verb = next((len(verb) for verb in plan.verbs if text.endswith(verb, 0, end)), 0) if plan.verbs else 0
        if way or verb:
            cited.append(_Cited(plan.rank, end, stem, way, verb))
    return sorted(cited) if len(cited) > 1 else cited


def _start(span: Span) -> int:
    return span.start


def _in_body(page: Page, spans: Sequence[Span], hits: Iterable[Hit]) -> Iterator[Mention]:
    text, kinds = page.text, stems()
    for _, end, stem, way, verb in _words(text, hits):
        index = bisect.bisect_right(spans, end - 1, key=_start) - 1
        if index < 0 or spans[index].role not in _RUNNING or end > spans[index].end:
            continue
        if way is not None and kinds[stem] == "airing":
            yield from _aired(text, end)
        elif way is not None:
            yield from _after_word(text, stem, kinds[stem], way)
        if verb:
            yield from _before_verb(text, end - verb)


def _in_notes(page: Page, spans: Sequence[Span]) -> Iterator[Mention]:
    """The media that source notes and bylines name; the page's own address that opens it is no source."""
    for span in spans:
        if span.role == "source" and not (span.start == spans[0].start and _is_address(page.text, span)):
            yield from _in_note(page.text, span)
        elif span.role == "byline":
            yield from _in_byline(page.text, span)


def _is_address(text: str, span: Span) -> bool:
    return bool(_ADDRESS_ONLY.match(text, span.start, span.end))


def _in_note(text: str, span: Span) -> Iterator[Mention]:
    """The media that a source note names, up to the title it may quote."""
    if outlets.POINTER.match(text, span.start, span.end):
        return
    title = _TITLE.search(text, span.start, span.end)
    end = title.start() if title else span.end
    found = [_mention(text, each, "cited:source-note") for each in registry.find_all(text, span.start, end)]
    found += _in_addresses(text, span.start, end)
    yield from found
    for domain in registry.OUTLET_DOMAIN.finditer(text, span.start, end) if not found else ():
        unknown = _unknown(text, domain.start())
        if unknown is not None:
            yield Mention(domain.start(), unknown[0], unknown[1], "cited:source-note")
    named = _BARE_NOTE.fullmatch(text, span.start, end) if not found else None
    if named is not None and not prose.is_word(named[1]) and _is_medium(named[1]):
        yield Mention(named.start(1), named.end(1), named[1], "cited:source-note")


def _in_addresses(text: str, start: int, end: int) -> Iterator[Mention]:
    """The outlets whose pages the addresses in [start, end) lead to: `https://nasional.kompas.com/read/1`."""
    for address in _ADDRESS.finditer(text, start, end):
        outlet = registry.by_url(address[0] if "//" in address[0] else f"//{address[0]}")
        if outlet is not None:
            yield Mention(address.start(), address.end(), outlet.brand, "cited:source-note", outlet)


def _in_byline(text: str, span: Span) -> Iterator[Mention]:
    """The media that a byline says it follows, and the newsroom whose reporter it names, the page's own as a rule."""
    follows = text.find("enurut ", span.start, span.end)
    if follows >= 0:
        yield from (_mention(text, each, "cited:byline") for each in registry.find_all(text, follows, span.end))
    elif _NEWSROOM.search(text, span.start, span.end):
        for each in registry.find_all(text, span.start, span.end):
            if each.is_sure and each.medium.outlet is not None:
                yield _mention(text, each, "cited:newsroom")


def mentions(page: Page, spans: Sequence[Span], hits: Iterable[Hit]) -> list[Mention]:
    """Return all media that the page names as its sources, its own outlet perhaps among them, in order of the text.

    `hits` are where the `stems` stand in the page's text; those of other words among them do no harm.
    """
    found = [*_in_body(page, spans, hits), *_in_notes(page, spans)]
    return sorted(found, key=_place) if len(found) > 1 else found


def _place(mention: Mention) -> tuple[int, int]:
    return mention.start, mention.end


def cited_sources(found: Sequence[Mention], outlet: str | None) -> list[Claim]:
    """Return one claim a medium of `found`, but for the page's own `outlet`.

    A medium that was told a story is a source of others.
    """
    claims: dict[str, Claim] = {}
    own = registry.key(outlet) if outlet else None
    for mention in found:
        medium = registry.medium(mention.name)
        same = registry.key(medium.name if medium else mention.name)
        newsroom = mention.outlet if mention.rule in TOLD_TO_OWN else None
        is_own = same == own or mention.rule == "cited:unknown-agent" or (newsroom and outlet in {None, newsroom.brand})
        if not is_own:
            claims.setdefault(same, Claim("cited_sources", mention.name, mention.start, mention.end, mention.rule))
    return list(claims.values())
