"""On any page: no value without its claim, every place proves its claim, nothing raises, no page leans on another."""

from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kliping import knowledge
from kliping.annotation.layers.metadata import (
    byline,
    dateline_parts,
    headline,
    metadata_and_claims,
    outlets,
    registry,
    sources,
    tags,
)
from kliping.annotation.repair import repair
from kliping.annotation.scan import Joined, Words
from kliping.model import ROLES, Claim, InputValue, Page, Span

PIECES = st.sampled_from([
    "KOMPAS.com", "TUBAN, ", "Tuban (ANTARA) -", "SURYA.co.id I ", "Penulis: ", "Editor", "Wening Larasati", "(wln/d)",
    "dilansir ", "dari", "Reuters", "kepada", "detikcom", "Menurut ", "kantor berita Rusia, ", "TASS", " - ", "Tags: ",
    "#panen", ", ", " dan ", "\xa0", "Sumber: ", "© 2024 ", "PT. Kompas Cyber Media", "kabarlembah.com", "Air surut.",
    "Senin (5/2/2024)", "5 Februari 2024 09:30 WIB", "17 Agustus 1970", "1/1/2099", "Selasa, 05/02/2024",
    "Laporan Wartawan ", "TribunSolo.com, ", "dr. ", "S.Pd.", "@wening", "'", "’", "É", "ß", "İ", "\u2028", "\u0301",
    " I ", "/", "(", ")",
])  # fmt: skip
LINES = st.one_of(st.lists(PIECES, max_size=8).map("".join), st.text(max_size=30)).map(
    lambda line: repair(line).text.replace("\n", " ")  # no page holds white space of another kind
)
INPUTS = st.builds(
    InputValue,
    st.sampled_from(["headline", "outlet_name", "authors", "tags", "published_date", "published_at"]),
    LINES,
    st.sampled_from(["column:given", "json-ld:given"]),
)


@st.composite
def pages(draw: st.DrawFn) -> tuple[Page, list[Span]]:
    lines = draw(st.lists(st.tuples(st.sampled_from(ROLES), LINES), max_size=8))
    spans, start = [], 0
    for role, line in lines:
        bare = line.strip()
        if bare:
            left = start + line.index(bare)
            spans.append(Span(left, left + len(bare), role, "drawn"))
        start += len(line) + 1
    addresses = [
        None,
        "https://www.kompas.com/a",
        "https://[",
        "tuban",
        "https://k.example/2024/02/05/a",
        "/2099/01/01/",
    ]
    url = draw(st.sampled_from(addresses))
    return Page("\n".join(line for _, line in lines), url, tuple(draw(st.lists(INPUTS, max_size=2)))), spans


def own_claims(page: Page, spans: list[Span]) -> list[Claim]:
    (hits,) = Words([*sources.stems(), *outlets.cues(), *outlets.readers()]).find(Joined([page.text]))
    found = sources.mentions(page, spans, hits)
    return [
        *headline.headline(page, spans),
        *headline.subheadline(page, spans),
        *outlets.outlet_name(page, spans, hits),
        *dateline_parts.dateline_place(page, spans),
        *byline.people(page, spans),
        *sources.cited_sources(found, None),
        *tags.tags(page, spans),
    ]


@settings(max_examples=200, deadline=None)
@given(pages())
def test_every_value_has_its_accepted_claim(drawn: tuple[Page, list[Span]]) -> None:
    metadata, claims = metadata_and_claims(*drawn)
    accepted = [(claim.field, claim.value) for claim in claims if claim.accepted]
    for field in ("headline", "subheadline", "outlet_name", "dateline_place"):
        value = getattr(metadata, field)
        assert [v for f, v in accepted if f == field] == ([value] if value is not None else [])
    for field in ("authors", "editors", "cited_sources", "tags"):
        assert [v for f, v in accepted if f == field] == list(getattr(metadata, field))
    assert metadata.outlet_id is None or metadata.outlet_name is not None


@settings(max_examples=200, deadline=None)
@given(pages())
@example((Page("Wening Larasati '"), [Span(0, 17, "byline", "drawn")]))
@example((Page("' Wening Larasati"), [Span(0, 17, "byline", "drawn")]))
@example((Page("", metadata=(InputValue("tags", "\u2028", "column:given"),)), []))
def test_claims_lie_inside_one_line_and_show_their_value(drawn: tuple[Page, list[Span]]) -> None:
    page, spans = drawn
    for claim in own_claims(page, spans):
        assert claim.value.strip()
        if claim.start is None or claim.end is None:
            assert claim.end is None
            continue
        quote = page.text[claim.start : claim.end]
        assert quote
        assert quote == quote.strip()
        assert any(span.start <= claim.start and claim.end <= span.end for span in spans)
        if claim.field not in {"outlet_name", "cited_sources"}:
            assert registry.key(quote) == registry.key(claim.value)


SAID_TWICE = (InputValue("published_date", "2024-02-05", "column:given"),)
DECKS = [Span(0, 11, "subheadline", "drawn"), Span(12, 23, "subheadline", "drawn")]


@settings(max_examples=300, deadline=None)
@given(pages())
@example((Page("", "https://k.example/2024/02/05/a", SAID_TWICE), []))
@example((Page("Air surut.,\nAir surut.,"), DECKS))
def test_what_is_accepted_is_never_rejected_too(drawn: tuple[Page, list[Span]]) -> None:
    _, claims = metadata_and_claims(*drawn)
    accepted = {(claim.field, claim.value) for claim in claims if claim.accepted}
    assert not accepted & {(claim.field, claim.value) for claim in claims if not claim.accepted}


@settings(max_examples=300, deadline=None)
@given(pages())
def test_no_day_is_published_on_which_no_page_can_have_appeared(drawn: tuple[Page, list[Span]]) -> None:
    metadata, _ = metadata_and_claims(*drawn)
    years = {day.year for day in (metadata.published_date, metadata.published_at) if day is not None}
    assert years <= {*knowledge.page_years(), 1994}  # an instant of the first morning in Jakarta is in UTC of the eve
    assert metadata.published_at is None or metadata.published_date is not None


@settings(max_examples=100, deadline=None)
@given(pages())
def test_lists_hold_no_value_twice(drawn: tuple[Page, list[Span]]) -> None:
    metadata, _ = metadata_and_claims(*drawn)
    for field in ("authors", "editors", "cited_sources", "tags"):
        values = sorted(value.casefold() for value in getattr(metadata, field))
        assert all(one != other for one, other in pairwise(values))


@settings(max_examples=50, deadline=None)
@given(pages(), pages())
def test_a_page_does_not_depend_on_the_page_before(
    first: tuple[Page, list[Span]], second: tuple[Page, list[Span]]
) -> None:
    alone = metadata_and_claims(*second)
    metadata_and_claims(*first)
    assert metadata_and_claims(*second) == alone
