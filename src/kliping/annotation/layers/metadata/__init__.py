"""Metadata: every value of an article rests on an accepted claim; without evidence there is no value."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from kliping.annotation import scan
from kliping.annotation.dates.numbers import numbers
from kliping.annotation.layers.layer import Article
from kliping.annotation.layers.metadata import (
    amended,
    byline,
    dateline_parts,
    headline,
    outlets,
    registry,
    sources,
    tags,
)
from kliping.annotation.layers.metadata.published import published
from kliping.annotation.places import Places
from kliping.model import ROLES, Claim, Evidence, Metadata, Page, Span


@functools.cache
def _words() -> scan.Words:
    """The words after which a page may name a medium."""
    others = {*outlets.cues(), *outlets.readers(), *outlets.works()}
    telling = [stem for stem, kind in sources.stems().items() if kind == "telling" and stem not in others]
    return scan.Words([*sources.stems(), *others], telling)


_PLAIN = frozenset({"paragraph", "subheading", "mark"})
"""Roles of which no value is read but the day of publication and, after certain words, the media that are named."""


def _claims(page: Page, spans: Sequence[Span], hits: Sequence[scan.Hit], places: Sequence[int]) -> list[Claim]:
    roles = frozenset(ROLES) if page.metadata else {span.role for span in spans}
    if not hits and not page.url and _PLAIN.issuperset(roles):
        return published(page, spans, places)
    found = sources.mentions(page, spans, hits)
    cited = frozenset([mention.name for mention in found if mention.rule not in sources.TOLD_TO_OWN])
    agents = [outlets.Mark("agent", *agent) for agent in sources.agents(found)]
    outlet = outlets.outlet_name(page, spans, hits, cited, agents)
    own = next((claim.value for claim in outlet if claim.accepted), None)
    return [
        *(headline.headline(page, spans) if "headline" in roles else ()),
        *(headline.subheadline(page, spans) if "subheadline" in roles else ()),
        *outlet,
        *(dateline_parts.dateline_place(page, spans) if "dateline" in roles else ()),
        *(byline.people(page, spans) if "byline" in roles or "source" in roles else ()),
        *published(page, spans, places),
        *(sources.cited_sources(found, own) if found else ()),
        *(tags.tags(page, spans) if "tags" in roles else ()),
    ]


def find_evidence(articles: Sequence[Article]) -> list[list[Evidence]]:
    """Find every claim about each article, accepted or not, with its place in the raw text: the layer `evidence`."""
    found = claims([article.page for article in articles], [article.spans for article in articles])
    return [_of_article(article, of_article) for article, of_article in zip(articles, found, strict=True)]


def _of_article(article: Article, found: Sequence[Claim]) -> list[Evidence]:
    rows = [_evidence(claim, article.places) for claim in found]
    return amended.amend(rows, article.verdicts, article.places.raw) if article.verdicts else rows


def find_values(articles: Sequence[Article]) -> list[tuple[Metadata]]:
    """Find the values that accepted evidence proves: the layer `metadata`."""
    return [(metadata_of(cast("Sequence[Evidence]", article.found["evidence"])),) for article in articles]


def claims(pages: Sequence[Page], spans: Sequence[Sequence[Span]]) -> list[list[Claim]]:
    """Return all claims about each page, the rejected ones too; positions are in `page.text`."""
    texts = scan.Joined([page.text for page in pages])
    found = zip(pages, spans, _words().find(texts), numbers(texts), strict=True)
    return [_claims(*each) for each in found]


def metadata_and_claims(page: Page, spans: Sequence[Span]) -> tuple[Metadata, list[Claim]]:
    """Return the page's metadata and all claims behind it."""
    (found,) = claims([page], [spans])
    return metadata_of(found), found


def _evidence(claim: Claim, places: Places) -> Evidence:
    start, end, quote = claim.start, claim.end, None
    if start is not None and end is not None:
        start, end = places.page_to_raw(start, end)
        quote = places.raw[start:end]
    return Evidence(claim.field, claim.value, start, end, quote, claim.rule, claim.accepted)


def metadata_of(found: Sequence[Claim] | Sequence[Evidence]) -> Metadata:
    """Return the values that these claims accept."""
    if not found:
        return Metadata()
    one: dict[str, str] = {}
    basis = None
    many: dict[str, list[str]] = {"authors": [], "editors": [], "cited_sources": [], "tags": []}
    for claim in found:
        if claim.accepted and claim.field in many:
            many[claim.field].append(claim.value)
        elif claim.accepted:
            one.setdefault(claim.field, claim.value)
            if claim.field == "published_date":
                basis = claim.rule.partition(":")[0]
    outlet = registry.outlet(one["outlet_name"]) if "outlet_name" in one else None
    return Metadata(
        headline=one.get("headline"),
        subheadline=one.get("subheadline"),
        outlet_id=outlet.id if outlet else None,
        outlet_name=one.get("outlet_name"),
        published_date=date.fromisoformat(one["published_date"]) if "published_date" in one else None,
        published_at=datetime.fromisoformat(one["published_at"]) if "published_at" in one else None,
        published_basis=basis,
        authors=tuple(many["authors"]),
        editors=tuple(many["editors"]),
        dateline_place=one.get("dateline_place"),
        cited_sources=tuple(many["cited_sources"]),
        tags=tuple(many["tags"]),
    )
