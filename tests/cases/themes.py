"""The themes of the case files: for each, the function that gives what kliping finds in a case.

A case is an object with `label`, `comment`, `input` and `expected`; what the function returns is compared with
`expected`. A new theme is a folder with four files and one line in THEMES.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from kliping.annotation.dates import DateMention, find_times, meanings, written_dates
from kliping.annotation.layers import signals
from kliping.annotation.layers.layer import Article
from kliping.annotation.layers.metadata import metadata_and_claims
from kliping.annotation.layers.metadata.published import published
from kliping.annotation.layers.quotations import find_said
from kliping.annotation.layers.sentences import find as find_sentences
from kliping.annotation.layers.sentences import split
from kliping.annotation.places import Places, body
from kliping.annotation.repair import repair
from kliping.annotation.roles import assign
from kliping.model import InputValue, Language, Page, Segment, Span

Case = dict[str, Any]

FOLDER = Path(__file__).parent
RIGHT = ("in-the-wild", "synthetic", "negative")
"""The files whose cases must come out as they say."""
WRONG = "known-failures"
"""The file whose cases do not, as yet."""


def load(theme: str, kind: str) -> list[Case]:
    """Return the cases of one file."""
    cases: list[Case] = json.loads((FOLDER / theme / f"{kind}.json").read_text("utf-8"))
    return cases


def metadata(case: Case) -> object:
    """Return the expected fields of a page whose lines are the case's spans: `[[role, line], ...]`."""
    text, spans = _page(case["input"])
    given = tuple(InputValue(*value) for value in case.get("metadata", ()))
    values, _ = metadata_and_claims(Page(text, case.get("url"), given), spans)
    found = {name: getattr(values, name) for name in case["expected"]}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _page(pieces: list[list[str]]) -> tuple[str, list[Span]]:
    spans, lines, start = [], [], 0
    for role, line in pieces:
        spans.append(Span(start, start + len(line), role, "case"))
        lines.append(line)
        start += len(line) + 1
    return "\n".join(lines), spans


def published_days(case: Case) -> object:
    """Return the instant that a page states to the minute, in UTC, else its day; a text alone is a paragraph."""
    pieces = [["paragraph", case["input"]]] if isinstance(case["input"], str) else case["input"]
    text, spans = _page(pieces)
    values = {claim.field: claim.value for claim in published(Page(text), spans) if claim.accepted}
    instant = values.get("published_at")
    return instant[:16] if instant else values.get("published_date")


def repairs(case: Case) -> object:
    """Return the repaired text, None where nothing was to repair."""
    repaired = repair(case["input"])
    return repaired.text if repaired.repairs else None


def roles(case: Case) -> object:
    """Return `[role, text]` of every span."""
    text = case["input"]
    return [[span.role, text[span.start : span.end]] for span in assign([Page(text)])[0]]


def sentences(case: Case) -> object:
    """Return the sentences of a text."""
    return [case["input"][start:end] for start, end in split(case["input"])]


def quotations(case: Case) -> object:
    """Return `[kind, words, who says them]` of every quotation."""
    text = case["input"]
    return [[said.kind, text[said.start : said.end], said.speaker_name] for said in find_said(text)]


def dates(case: Case) -> object:
    """Return `[words, kind, what they state]` of every date written in numbers."""
    return [_written(case["input"], mention) for mention in written_dates(case["input"])]


def _written(text: str, mention: DateMention) -> list[str]:
    return [text[mention.start : mention.end], mention.kind, _stated(mention)]


def _stated(mention: DateMention) -> str:
    """Return a date as the case files write it: `2023-10-19T19:34+7`, `--10-18` without its year."""
    year = "-" if mention.year is None else str(mention.year)
    if mention.kind == "year":
        return year
    if mention.kind == "month":
        return f"{year}-{mention.month:02}"
    value = f"{year}-{mention.month:02}-{mention.day:02}"
    if mention.hour is not None:
        zone = "" if mention.zone is None else f"{mention.zone:+}"
        value += f"T{mention.hour:02}:{mention.minute:02}{zone}"
    return value if mention.until is None else value + "/{}-{:02}-{:02}".format(*mention.until)


def times(case: Case) -> object:
    """Return `[words, type, value]` of every time expression, with why it has none in place of a missing value.

    The input is the day of writing, null where it is not known, and the text.
    """
    written, text = case["input"]
    mentions = find_times(text)
    found = meanings(text, mentions, date.fromisoformat(written) if written else None)
    return [
        [text[mention.start : mention.end], meaning.type, meaning.value or f"? {meaning.reason}"]
        for mention, meaning in zip(mentions, found, strict=True)
    ]


def flags(case: Case) -> object:
    """Tell whether a body of these paragraphs, a line each, has a flag; what shows it where the flag has places.

    The input is the flag and the text, whose language is Indonesian.
    """
    flag, text = case["input"]
    segments = tuple(
        Segment("paragraph", match.group(), *match.span(), "case") for match in re.finditer(r"[^\n]+", text)
    )
    told = Article(Page(text), (), segments, body(segments), Places(text, segments))
    (cut,) = find_sentences([told])
    found = {"evidence": (), "sentences": tuple(cut), "language": (Language("id", 1000),)}
    (places,) = signals.find_places([told._replace(found=found)])
    ((of_article,),) = signals.find_flags([told._replace(found={**found, "signals": tuple(places)})])
    if signals.TELLING[flag] is None:
        return [place.quote for place in places if place.value == flag]
    return flag in of_article.flags


THEMES: dict[str, Callable[[Case], object]] = {
    "bylines": metadata,
    "cited-sources": metadata,
    "datelines": metadata,
    "dates": dates,
    "flags": flags,
    "outlets": metadata,
    "published-days": published_days,
    "quotations": quotations,
    "repairs": repairs,
    "roles": roles,
    "sentences": sentences,
    "times": times,
}
