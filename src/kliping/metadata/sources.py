"""Cited sources: the agencies and media that a report says it draws on, each once, in order of first mention, never the outlet itself."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kliping.metadata import registry
from kliping.model import Claim, Page, Span

_STEMS = (
    "lansir", "utip", "nukil", "wartakan", "beritakan", "siarkan", "lapor", "enurut", "sebut ", "tulis ", "kepada", "edia ", "kantor berita", "laman ", "situs ", "mengklaim",
)  # fmt: skip
"""What the verbs and nouns of `knowledge/citations.toml` hold; a text without them is not looked at any closer."""
_NAME_AHEAD = r"(?=[A-Z0-9]|[a-z]\w{0,30}[.A-Z0-9]|detik|kumparan|dpa\b)"
_STEP = r"(?:,?[ \xa0]{0,3}(?:%s)(?:(?![a-zé])|(?=detik|[a-z0-9-]{3,30}\.(?:com|co|id|net)\b)))"
_MEDIUM_ENDING = re.compile(r"(?:news|times|post|herald|daily|tribune|tribun|today|radio|media|magazine|online|tv)$", re.I)
_CAPITALISED = re.compile(r"(?:The |La |El |Le |Il )?[A-Z0-9][\w'’&.+-]*(?:[ \xa0](?:of |de |dello |della )?[A-Z0-9][\w'’&+-]*){0,3}")
_AND = re.compile(r"[ \xa0]?(?:,(?:[ \xa0]dan)?|[ \xa0]dan|[ \xa0]serta|/|[ \xa0]dari)[ \xa0]?(?=\S)")
_AFTER_UNKNOWN = re.compile(r"\s*(?:[,.:;(\"”]|$|\n|pada\b|hari\b|yang\b|dan\b|[Ss]enin|[Ss]elasa|[Rr]abu|[Kk]amis|[Jj]um|[Ss]abtu|[Mm]inggu|[Aa]had)")
_BEFORE_VERB = re.compile(r"([A-Z0-9][\w'’&.+-]*(?:[ \xa0][A-Z0-9][\w'’&.+-]*){0,4})(?:[ \xa0](?:juga|telah|sempat))?[ \xa0]$")
_WORD_START = re.compile(r"[A-Za-z]{0,4}$")
_RUNNING = frozenset({"paragraph", "subheadline", "subheading"})
_TITLE = re.compile(r"\bdengan judul\b|\bberjudul\b", re.I)
_WINDOW = 60
_SHORTEST_TOLD = 3
"""Who was told a story and has two letters is a person under initials: `vonis kepada AP`."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A medium named as a source at [start, end) of the page's text."""

    start: int
    end: int
    name: str
    rule: str
    outlet: registry.Outlet | None = None


@functools.cache
def _knowledge(name: str) -> tuple[str, ...]:
    return tuple(registry.load("citations.toml")[name])


def _any_of(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@functools.cache
def _cue() -> re.Pattern[str]:
    """A verb and the words between it and the medium's name; groups `quoting`, `saying`, `telling`, and `between`."""
    kinds = "|".join(f"(?P<{kind}>(?i:{_any_of(_knowledge(kind))}))" for kind in ("quoting", "saying", "telling"))
    steps = f"(?P<between>{_STEP % _any_of(_knowledge('between'))}{{0,6}})"
    return re.compile(rf"(?:{kinds})(?:(?![a-zé])|(?=dari|oleh|detik)){steps},?[ \xa0]{{0,3}}(?:the )?{_NAME_AHEAD}")


def _is_medium(name: str) -> bool:
    """Whether an unknown name can be a medium's: no institution, person with a title, platform or mere abbreviation."""
    words = [word.strip(".,'’") for word in name.casefold().split()]
    if any(word in _knowledge("not_media") for word in words) or (name.isupper() and len(name) < 7):
        return False
    return len(name) > 2 and not name.replace(" ", "").isdigit()


def _unknown(text: str, position: int) -> tuple[int, str] | None:
    """The end and spelling of an unknown medium's name that starts at `position`: a domain, or capitalised words before a pause."""
    domain = registry.DOMAIN.match(text, position)
    if domain is not None:
        written = domain[0].removeprefix("www.")
        if any(written.casefold().endswith(ending) for ending in _knowledge("not_media_domains")):
            return None
        outlet = registry.by_url(f"https://{written.casefold()}")
        label = registry.without_ending(written).rpartition(".")[2]
        known = registry.medium(label.capitalize())
        if outlet is not None or known is not None:
            return domain.end(), outlet.brand if outlet else known.name if known else label
        return domain.end(), label if any(ch.isupper() for ch in label) else label.capitalize()
    named = _CAPITALISED.match(text, position)
    if named is None or not _AFTER_UNKNOWN.match(text, named.end()):
        return None
    written = named[0].rstrip(".")
    return (position + len(written), written) if _is_medium(written) else None


def _known(text: str, position: int, common: bool) -> registry.Found | None:
    found = registry.find_at(text, position)
    return found if found is not None and (common or not (found.bare and found.medium.common)) else None


def _mention(found: registry.Found, rule: str) -> Mention:
    return Mention(found.start, found.end, found.medium.name, rule, found.medium.outlet)


def _after_verb(text: str, position: int) -> Iterator[Mention]:
    """The media named after the verb at `position`, with those joined to the first by `dan`, a comma or `dari`."""
    cue = _cue().match(text, position)
    if cue is None:
        return
    kind = "quoting" if cue["quoting"] else "saying" if cue["saying"] else "telling"
    between = cue["between"].replace("\xa0", " ").split()
    told = kind == "telling" and "kepada" in cue["telling"].casefold()
    rule = "cited:told" if told else f"cited:{kind}"
    found = _known(text, cue.end(), kind != "telling" or "berita" in between)
    if found is None:
        sure = kind == "quoting" or (kind == "saying" and any(word.strip(",") in _knowledge("media_words") for word in between))
        unknown = _unknown(text, cue.end()) if not told and "resmi" not in between else None
        if unknown is not None and (sure or _MEDIUM_ENDING.search(unknown[1])):
            yield Mention(cue.end(), unknown[0], unknown[1], "cited:unknown-medium")
        return
    if told and len(found.medium.name) < _SHORTEST_TOLD and "berita" not in between:
        return
    yield _mention(found, rule)
    while joint := _AND.match(text, found.end):
        following = _known(text, joint.end(), False)
        if following is None or told:
            return
        found = following
        yield _mention(found, rule)


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


def _hits(text: str) -> list[int]:
    """Where the words begin in which a stem of a verb of citation stands."""
    starts = set()
    for stem in _STEMS:
        at = text.find(stem)
        while at >= 0:
            before = _WORD_START.search(text, max(0, at - 4), at)
            starts.add(before.start() if before else at)
            at = text.find(stem, at + len(stem))
    return sorted(starts)


def _in_body(page: Page, spans: Sequence[Span]) -> Iterator[Mention]:
    begins = [span.start for span in spans]
    reported = _knowledge("reported")
    for position in _hits(page.text):
        index = bisect.bisect_right(begins, position) - 1
        if index < 0 or spans[index].role not in _RUNNING or position >= spans[index].end:
            continue
        yield from _after_verb(page.text, position)
        if page.text.startswith(reported, position):
            yield from _before_verb(page.text, position)


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


def mentions(page: Page, spans: Sequence[Span]) -> list[Mention]:
    """All media that the page names as its sources, its own outlet perhaps among them, in order of the text."""
    return sorted((*_in_body(page, spans), *_in_notes(page, spans)), key=lambda mention: (mention.start, mention.end))


def cited_sources(found: Sequence[Mention], outlet: str | None) -> list[Claim]:
    """One claim a medium of `found` but for the page's own `outlet`; who was told a story is a source only of another outlet."""
    claims: dict[str, Claim] = {}
    own = registry.key(outlet) if outlet else None
    for mention in found:
        is_own = registry.key(mention.name) == own
        is_told = mention.rule == "cited:told" and mention.outlet is not None and (own is None or mention.outlet.brand == outlet)
        if not is_own and not is_told:
            claims.setdefault(
                registry.key(mention.name), Claim("cited_sources", mention.name, mention.start, mention.end, mention.rule)
            )
    return list(claims.values())
