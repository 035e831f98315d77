"""Claims for the day of publication: stated by the page, given with it, written in its URL, or inferred from its body.

Written proof of the text wins over input metadata, that over the URL, and that over inference; what loses stays as
evidence with `accepted` false. Nothing is asked of a clock. An inferred day is an estimate.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone

from kliping import knowledge
from kliping.annotation.dates import DateMention, calendar_day, is_possible, last_day, written_dates
from kliping.annotation.dates.numbers import every_number
from kliping.annotation.dates.words import KNOWN, LAWS, ZONES, alternation
from kliping.annotation.dates.written import days, month_and_year, with_clock
from kliping.annotation.layers.metadata.told import DATED, TODAY, ProvenYears, Reading, is_off, read_days
from kliping.model import Claim, Page, Span

_STATING = {role: role for role in ("timestamp", "copyright")}
"""Role to what a date in it is stated by."""
_TEXT = frozenset({"dateline", "paragraph", "subheading", "caption"})
_TELLING = frozenset({"paragraph", "subheading", "subheadline", "headline", "caption"})
_TELLING_OR_BYLINE = _TELLING | {"byline"}
_BODY = frozenset({"paragraph", "dateline"})
_OTHERS = frozenset({"related", "navigation", "promotion", "advertisement", "interaction", "embed"})
_REJECTED_AT_MOST = 8
_YEARS = knowledge.page_years()
_LONGEST_EVENT = timedelta(days=7)
_WIB = timezone(timedelta(minutes=ZONES["WIB"]))
_LABELLED = (
    r"(?i:\b(?:{words})[^\w)]{{0,8}}(?:(?:pada|on|at|tanggal|terakhir|(?:oleh|by)\s\w{{1,20}})\W{{1,3}}){{0,2}}"
    r"(?:{clock})?$)"
)
_CLOCK_AND_SIGNS = r"[0-9]{1,2}[.:][0-9]{2}[^0-9\n]{0,8}"
_UPDATED, _ISSUED = (
    re.compile(_LABELLED.format(words=alternation(KNOWN[table][words]), clock=_CLOCK_AND_SIGNS))
    for table, words in (("cues", "updated"), ("labels", "issued"))
)
_UPDATED_AFTER = re.compile(rf"\W{{1,4}}(?i:{alternation(KNOWN['cues']['updated'])})\s?(?:[)|]|$)")
_LONGEST_LABEL = 48
_LONGEST_STAMP = 160
_LABELS = (*KNOWN["cues"]["updated"], *KNOWN["labels"]["issued"], *KNOWN["labels"]["beside"])
_BESIDE_STAMP = re.compile(
    rf"""\b(?:{alternation([*_LABELS, *knowledge.calendar().days, *ZONES])})\b
    |\b[0-9]{{1,2}}\s(?:[A-Za-z'’]{{2,12}}\s){{1,2}}1[34][0-9]{{2}}(?:\s?H)?\b  # the Islamic date
    |\b[0-2]?[0-9][.:][0-5][0-9](?:[.:][0-5][0-9])?(?:\s?[ap]\.?m\b)?|[+-][0-9]{{1,2}}(?::?[0-9]{{2}})?""",
    re.VERBOSE | re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,180}")
_URL_DAY = re.compile(r"[/=-]((?:19|20)[0-9]{2})([/-]?)([0-9]{2})\2([0-9]{2})(?:[0-9]{6})?(?![0-9])")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?<![0-9./,-][0-9]{4})(?![0-9/]|[.,][0-9])")
_HELD = frozenset(KNOWN["held"]["words"])
_LAW_YEAR = re.compile(rf"(?i:\b(?:{alternation(LAWS)})\s[^.]{{0,24}})$")

_Placed = list[tuple[DateMention, Span]]
_Lone = list[re.Match[str]]
"""Where a month and a year, or a year, stand by themselves."""


def published(page: Page, spans: Sequence[Span], numbers: Sequence[int] | None = None) -> list[Claim]:
    """Return claims for `published_date` (ISO date) and `published_at` (ISO instant in UTC, `Z`, milliseconds).

    `spans` cover the page in order. At most one claim a field is accepted; its rule is the basis (`stated`, `metadata`,
    `url`, `inferred`), a colon and what decided. At most eight rejected readings come along, the nearest ones, under a
    rule `rejected:REASON`; a rejected day whose year is unknown is written `--MM-DD`. Positions are those of
    `page.text`, None for metadata and URL. `numbers` are those of the page's text, where they are known.
    """
    if numbers is None:
        numbers = every_number(page.text)
    lone: _Lone = []
    placed = _place(days(page.text, numbers, lone), spans) if numbers else []
    stated, beyond = _possible([*(_stated(page.text, spans, placed) if placed else ()), *_addressed(page.text, spans)])
    given, beyond_given = _possible(_given(page) if page.metadata else ())
    claims = [*stated, *given, *(_from_url(page.url) if page.url else ())]
    dates = [claim for claim in claims if claim.field == "published_date" and claim.accepted]
    rejected = [claim for claim in given if not claim.accepted]
    if placed and not stated:
        guessed, others = _inferred(page.text, spans, placed, lone, numbers)
        inferred, _ = _possible(guessed)
        dates, rejected = dates + inferred, rejected + others
    accepted = dates[:1]
    losing = [claim._replace(accepted=False) for claim in dates[1:] if claim.value != accepted[0].value]
    rejected = [claim for claim in rejected if not accepted or claim.value != accepted[0].value]
    return [
        *accepted,
        *(_instants(accepted[0], stated, given) if accepted else ()),
        *losing,
        *beyond,
        *beyond_given,
        *_nearest(accepted, rejected),
    ]


def _possible(claims: Iterable[Claim]) -> tuple[list[Claim], list[Claim]]:
    """The claims of days on which a page can have appeared, and the other days, rejected."""
    possible, beyond = [], []
    for claim in claims:
        if int(claim.value[:4]) in _YEARS:
            possible.append(claim)
        elif claim.field == "published_date":
            beyond.append(claim._replace(rule=_beyond(int(claim.value[:4])), accepted=False))
    return possible, beyond


def _beyond(year: int) -> str:
    return "rejected:before-the-web" if year < _YEARS.start else "rejected:after-the-last-year"


def _instants(day: Claim, stated: Iterable[Claim], given: Sequence[Claim]) -> list[Claim]:
    """The instant that belongs to the accepted day: the one stated with it, else one given for the same day."""
    of_day = [claim for claim in stated if claim.field == "published_at" and claim.start == day.start]
    if of_day:
        return of_day[:1]
    rules = {claim.rule for claim in given if claim.field == "published_date" and claim.value == day.value}
    return [claim for claim in given if claim.field == "published_at" and claim.rule in rules][:1]


def _place(mentions: Iterable[DateMention], spans: Sequence[Span]) -> _Placed:
    """Each date with the span that it begins in."""
    placed: _Placed = []
    remaining = iter(spans)
    span = next(remaining, None)
    for mention in mentions:
        while span is not None and span.end <= mention.start:
            span = next(remaining, None)
        if span is None:
            break
        if span.start <= mention.start:
            placed.append((mention, span))
    return placed


def _stated(text: str, spans: Sequence[Span], placed: _Placed) -> list[Claim]:
    """The dates of time stamps, the first publication before an update, then those of copyright lines.

    A stamp under a day that is not its weekday's comes after those whose weekday is right. What stands above the text
    and is nothing but a stamp is one, whatever its role.
    """
    stamps = [(mention, span, _STATING[span.role]) for mention, span in placed if span.role in _STATING]
    stamps += [(mention, span, "timestamp") for mention, span in _bare_stamps(text, spans, placed)]
    dates_in = Counter([span.start for _, span, _ in stamps])
    ranked = []
    for mention, span, source in stamps:
        day = calendar_day(mention)
        if day is not None and mention.kind == "day":
            rank = (source != "timestamp", _label(text, mention, span), is_off(mention, day), mention.start)
            if mention.hour is None and dates_in[span.start] == 1:
                mention = with_clock(text, mention, span.start, min(span.end, span.start + _LONGEST_STAMP))
            ranked.append((rank, mention, day, f"stated:{source}"))
    claims = []
    for _, mention, day, rule in sorted(ranked, key=lambda item: item[0]):
        claims.append(Claim("published_date", day.isoformat(), mention.start, mention.end, rule))
        instant = _instant(mention, day)
        if instant is not None:
            claims.append(Claim("published_at", _written(instant), mention.start, mention.end, rule))
    return claims


def _bare_stamps(text: str, spans: Sequence[Span], placed: _Placed) -> Iterator[tuple[DateMention, Span]]:
    """The full dates above the text in spans that say nothing else."""
    short = [(mention, span) for mention, span in placed if _may_be_bare(mention, span)]
    if not short:
        return
    opening = next((span.start for span in spans if span.role in _BODY and not _is_bare(text, span)), len(text))
    for mention, span in short:
        if span.start < opening and _is_bare(text, span):
            yield mention, span


def _may_be_bare(mention: DateMention, span: Span) -> bool:
    return mention.year is not None and span.role in _TELLING_OR_BYLINE and span.end - span.start <= _LONGEST_STAMP


def _is_bare(text: str, span: Span) -> bool:
    """Whether a span is nothing but dates, clock times and their labels."""
    if span.end - span.start > _LONGEST_STAMP:
        return False
    rest, position = "", span.start
    for mention in written_dates(text[span.start : span.end]):
        rest, position = rest + text[position : span.start + mention.start], span.start + mention.end
    rest += text[position : span.end]
    return not any(map(str.isalnum, _BESIDE_STAMP.sub(" ", rest)))


def _label(text: str, mention: DateMention, span: Span) -> int:
    """0 after a label of first publication, 2 beside one of a change, 1 where none of either stands."""
    floor = max(span.start - 24, mention.start - _LONGEST_LABEL, 0)
    if _UPDATED.search(text, floor, mention.start) or _UPDATED_AFTER.match(text, mention.end, span.end):
        return 2
    return 0 if _ISSUED.search(text, floor, mention.start) else 1


def _addressed(text: str, spans: Sequence[Span]) -> Iterator[Claim]:
    """The day in the page's own address, where that was pasted before the text."""
    for at, span in enumerate(spans):
        if at and span.role in _TEXT:
            return
        if (at == 0 or span.role == "source") and (match := _ADDRESS.match(text, span.start, span.end)):
            for claim in _from_url(match[0]):
                yield claim._replace(start=match.start(), end=match.end(), rule="stated:address")


def _given(page: Page) -> Iterator[Claim]:
    """The dates in input metadata, each with the instant that was given with it under the same rule.

    Where an instant was given without its day, that is the one it was in Jakarta; where a text was, its first day is
    taken, unless that is not the weekday's that stands beside it.
    """
    dated = {given.rule for given in page.metadata if given.field == "published_date"}
    for given in page.metadata:
        rule = f"metadata:{given.rule}"
        mention = _first_day(given.value) if given.field in ("published_date", "published_at") else None
        day = calendar_day(mention) if mention is not None else None
        if mention is None or day is None:
            continue
        if is_off(mention, day):
            yield Claim("published_date", day.isoformat(), None, None, "rejected:weekday-off", False)
            continue
        instant = _instant(mention, day)
        if given.field == "published_at" and given.rule not in dated and instant is not None:
            day = instant.astimezone(_WIB).date()
        if given.field == "published_date" or given.rule not in dated:
            yield Claim("published_date", day.isoformat(), None, None, rule)
        if instant is not None:
            yield Claim("published_at", _written(instant), None, None, rule)


def _first_day(text: str) -> DateMention | None:
    """The first day of a text, with the clock time beside it."""
    for mention in written_dates(text):
        if mention.kind == "day" and mention.year is not None:
            return with_clock(text, mention, 0, len(text)) if mention.hour is None else mention
    return None


def _from_url(url: str) -> Iterator[Claim]:
    """`/2023/11/06/`, `/20231106123456-`, `-2023-11-06`: the day that a content system files a page under."""
    for match in _URL_DAY.finditer(url):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
        if year in _YEARS and is_possible(year, month, day):
            yield Claim("published_date", date(year, month, day).isoformat(), None, None, "url:path")
            return


def _inferred(
    text: str, spans: Sequence[Span], placed: _Placed, lone: _Lone, numbers: Sequence[int]
) -> tuple[list[Claim], list[Claim]]:
    """The claim that the told days give, if they give one, and the readings that were rejected."""
    told = [(mention, span.start) for mention, span in placed if span.role in _TELLING]
    datelines = [mention for mention, span in placed if span.role == "dateline"]
    needed = None in [mention.year for mention, _ in told] or None in [mention.year for mention in datelines]
    years = _proven_years(text, spans, placed, lone, numbers) if needed else _UNNEEDED
    readings = read_days(text, told, years)
    best = _of_dateline(text, datelines, years) or _best(readings)
    chosen = [] if best is None else [_claim(*best)]
    rejected = [_rejected(reading, best) for reading in readings if best is None or reading is not best[0]]
    if len(told) < len(placed):
        rejected += _of_others(placed)
    return chosen, [claim for claim in rejected if best is None or claim.value != chosen[0].value]


def _of_others(placed: _Placed) -> Iterator[Claim]:
    """The days in pointers to other articles."""
    for mention, span in placed:
        if span.role in _OTHERS and (day := calendar_day(mention)) is not None:
            yield Claim("published_date", day.isoformat(), mention.start, mention.end, "rejected:other-article", False)


def _of_dateline(text: str, mentions: Sequence[DateMention], years: ProvenYears) -> tuple[Reading, date, str] | None:
    """The day in the dateline, on which the report was filed: `WANASARI, 5 April 2024 –`."""
    for reading in read_days(text, [(mention, mention.start) for mention in mentions], years):
        if reading.day is not None and reading.day.year in _YEARS:
            return reading, reading.day, "inferred:dateline"
    return None


def _best(readings: Sequence[Reading]) -> tuple[Reading, date, str] | None:
    """The reading to infer from, the day it gives, and the rule.

    It is the latest told day that has its weekday or stands in parentheses, as reports date what they tell; failing
    that, the eve of `besok, Rabu (18/10)`. A day merely named (`lahir pada 5 Mei 2019`, `sejak 3 Juni 2021`) is seldom
    the day of publication: better none than that.
    """
    reading = _latest_dated(readings)
    if reading is not None:
        if reading.offset:
            return reading, _last(reading), "inferred:yesterday"
        return reading, _last(reading), "inferred:today" if reading.nearness == TODAY else "inferred:latest-told-day"
    for reading in readings:
        if reading.verdict == "tomorrow" and reading.day is not None:
            return reading, reading.day - timedelta(days=reading.offset), "inferred:tomorrow"
    return None


def _latest_dated(readings: Iterable[Reading]) -> Reading | None:
    """The latest told day that carries a date line's marks; of equal ones one not counted, then the first."""
    near = [reading for reading in readings if reading.verdict == "told" and reading.nearness >= DATED]
    ranked = [
        (last, not reading.offset, -at) for at, reading in enumerate(near) if (last := _last(reading)).year in _YEARS
    ]
    return near[-max(ranked)[2]] if ranked else None


def _last(reading: Reading) -> date:
    """The day of writing by a told reading, at the earliest.

    An event of up to a week is told whole, of a longer stretch, or one that begins today, only the start.
    """
    first = reading.day or date.min
    if reading.offset or reading.nearness == TODAY:
        return first - timedelta(days=reading.offset)
    until = last_day(reading.mention) if reading.mention.kind == "range" else None
    return until if until is not None and timedelta(0) <= until - first <= _LONGEST_EVENT else first


_UNNEEDED = ProvenYears(frozenset(), frozenset(), frozenset())


def _proven_years(
    text: str, spans: Sequence[Span], placed: _Placed, lone: _Lone, numbers: Sequence[int]
) -> ProvenYears:
    """The years the page writes outside the pointers to other articles."""
    full = frozenset([mention.year for mention, span in placed if mention.year and span.role not in _OTHERS])
    others = _place([mention for match in lone if (mention := month_and_year(text, match))], spans)
    months = frozenset([m.year for m, span in others if m.year and m.kind == "month" and span.role not in _OTHERS])
    alone = dict(_lone_years(text, spans, numbers))
    return ProvenYears(full, months, frozenset(alone), frozenset([year for year, held in alone.items() if held]))


def _lone_years(text: str, spans: Sequence[Span], numbers: Sequence[int]) -> Iterator[tuple[int, bool]]:
    """Years written alone, and whether something is held under their name.

    Those of laws prove nothing, nor does a copyright line that spans several years.
    """
    for span in spans:
        if span.role in _OTHERS:
            continue
        inside = numbers[bisect_left(numbers, span.start) : bisect_left(numbers, span.end)]
        years = [year for number in inside if (year := _YEAR.match(text, number, span.end))]
        if span.role == "copyright" and len(years) > 1:
            continue
        for year in years:
            if not _LAW_YEAR.search(text, max(span.start, year.start() - 32), year.start()):
                word = text[max(span.start, year.start() - 16) : year.start()].rpartition(" ")[0].rpartition(" ")[2]
                yield int(year[0]), word.lower() in _HELD


def _claim(reading: Reading, day: date, rule: str) -> Claim:
    return Claim("published_date", day.isoformat(), reading.mention.start, reading.mention.end, rule)


def _rejected(reading: Reading, best: tuple[Reading, date, str] | None) -> Claim:
    mention, day = reading.mention, reading.day
    if day is None:
        value, reason = f"--{mention.month:02}-{mention.day:02}", "year-unknown"
    elif reading.verdict != "told":
        value, reason = day.isoformat(), reading.verdict
    elif day.year not in _YEARS:
        value, reason = day.isoformat(), _beyond(day.year).partition(":")[2]
    elif best is not None and day <= best[1]:
        value, reason = day.isoformat(), "earlier-day"
    else:
        value, reason = day.isoformat(), "only-named"
    return Claim("published_date", value, mention.start, mention.end, f"rejected:{reason}", False)


def _nearest(accepted: Sequence[Claim], rejected: Sequence[Claim]) -> list[Claim]:
    """The rejected readings nearest in days to the accepted one, each day and reason once, in text order."""
    if len(rejected) < 2:
        return list(rejected)
    distinct = {(claim.value, claim.rule): claim for claim in reversed(rejected)}
    ordered = sorted(distinct.values(), key=_start)
    if len(ordered) > _REJECTED_AT_MOST and accepted:
        day = date.fromisoformat(accepted[0].value)
        ordered = sorted(sorted(ordered, key=lambda claim: _distance(claim, day))[:_REJECTED_AT_MOST], key=_start)
    return ordered[:_REJECTED_AT_MOST]


def _start(claim: Claim) -> int:
    return claim.start or 0


def _distance(claim: Claim, day: date) -> int:
    return 10**6 if claim.value.startswith("--") else abs((date.fromisoformat(claim.value) - day).days)


def _instant(mention: DateMention, day: date) -> datetime | None:
    """The instant in UTC that a mention with clock and zone states."""
    if mention.hour is None or mention.minute is None or mention.zone is None or day.year < 2:
        return None
    clock = datetime(day.year, day.month, day.day, mention.hour, mention.minute, mention.second or 0, tzinfo=UTC)
    return clock - timedelta(minutes=mention.zone)


def _written(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000Z")
