"""Flags that are told from values and roles; tests/cases/flags/ has those that are told from the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliping import annotate, schema
from kliping.annotation.layers import signals
from kliping.annotation.layers.layer import Article
from kliping.annotation.layers.signals import damage
from kliping.annotation.layers.signals.contacts import find_contacts
from kliping.annotation.places import Places
from kliping.model import Evidence, Language, Page, Segment

TEXT = "Harga cabai turun."


def day(value: str, rule: str, *, accepted: bool = True) -> Evidence:
    return Evidence("published_date", value, None, None, None, rule, accepted)


def flags(*evidence: Evidence, margins: tuple[int | None, ...] = (None,)) -> set[str]:
    segments = tuple(
        Segment(
            "paragraph", TEXT, 0, len(TEXT), "model:paragraph" if margin is not None else "page:only-text", (), margin
        )
        for margin in margins
    )
    found = {"evidence": evidence, "signals": (), "language": (Language(),), "sentences": ()}
    ((told,),) = signals.find_flags([Article(Page(TEXT), (), segments, TEXT, Places(TEXT, segments), found=found)])
    return set(told.flags)


def test_the_flags_that_are_told_are_those_of_the_vocabulary_in_its_order() -> None:
    assert tuple(signals.TELLING) == schema.names("flags")


URL, TIME = "url:path", "stated:timestamp"
CONFLICTS = {
    "address and page": (day("2024-02-05", URL), day("2024-02-09", TIME, accepted=False)),
    "page and crawl": (day("2023-02-05", TIME), day("2024-02-05", "metadata:column:date", accepted=False)),
    "a weekday that is another's": (day("2024-02-05", URL), day("2024-02-01", "rejected:weekday-off", accepted=False)),
    "a weekday that tells the date": (
        day("2024-02-05", "inferred:latest-told-day"),
        day("2024-02-04", "rejected:weekday-conflict", accepted=False),
    ),
    "three, of which two agree": (
        day("2024-02-05", URL),
        day("2024-02-05", TIME, accepted=False),
        day("2024-01-05", "metadata:json-ld:datePublished", accepted=False),
    ),
}
HARMONIES = {
    "one day": (day("2024-02-05", URL),),
    "the next day": (day("2024-02-05", URL), day("2024-02-06", TIME, accepted=False)),
    "an estimate": (day("2024-02-05", URL), day("2024-01-05", "inferred:latest-told-day", accepted=False)),
    "the day of a change": (day("2024-02-05", TIME), day("2024-03-05", "rejected:updated", accepted=False)),
    "a year that is not known": (day("2024-02-05", URL), day("--01-05", "rejected:year-unknown", accepted=False)),
    "no day": (),
}


@pytest.mark.parametrize("case", CONFLICTS)
def test_days_conflict(case: str) -> None:
    assert "conflicting-dates" in flags(*CONFLICTS[case])


@pytest.mark.parametrize("case", HARMONIES)
def test_days_agree(case: str) -> None:
    assert "conflicting-dates" not in flags(*HARMONIES[case])


@pytest.mark.parametrize("margins", [(0,), (499,), (1000, 12), (None, 300), (700, 700, 499, None)])
def test_a_low_margin_is_flagged(margins: tuple[int | None, ...]) -> None:
    assert "low-margin" in flags(margins=margins)


@pytest.mark.parametrize("margins", [(500,), (1000,), (None,), (), (None, 999, 501)])
def test_no_low_margin_is_none(margins: tuple[int | None, ...]) -> None:
    assert "low-margin" not in flags(margins=margins)


def test_places_are_evidence_of_the_raw_text_though_it_was_repaired() -> None:
    text = "Â Warga menghubungi panitia di 0812-5550-1234\u00a0atau warga@desa.example karena harga cabai turun lagi."
    annotation = annotate(text)
    found = [item for item in annotation.evidence if item.field == signals.FIELD]
    assert [(item.quote, item.rule) for item in found] == [
        ("0812-5550-1234", "contact:mobile"),
        ("warga@desa.example", "contact:mail"),
    ]
    assert all(text[item.start : item.end] == item.quote for item in found)
    assert "contact-details" in annotation.flags


PIECES = st.lists(
    st.sampled_from([
        "0812", "-5550", " 1234", "(021)", "+62", "62", "@", ".", "desa", "warga", "[at]", " ", "08", "\n", "rekening ",
        "hubungi ", "a.Aa", ".,", " ,", '"', "”", "\u00a0", "é", "\ufffd", "Baca juga", "foto: ", "İ",
    ])
)  # fmt: skip


@given(PIECES.map("".join))
def test_contacts_stand_in_order_within_the_text_and_hold_a_digit_or_a_sign_of_mail(text: str) -> None:
    found = find_contacts(text)
    for contact in found:
        quote = text[contact.start : contact.end]
        assert "\n" not in quote
        assert quote == quote.strip()
        assert any(map(str.isdecimal, quote)) if contact.rule != "contact:mail" else "." in quote
    assert found == sorted(found)


@given(PIECES.map("".join))
def test_any_text_has_its_flags(text: str) -> None:
    shape = damage.shape_of(text)
    assert len(shape) == len(text)
    for tell in (damage.is_list_joined, damage.has_holes, damage.is_glued):
        assert tell(text, shape) in (True, False)
    assert damage.is_cut(text) in (True, False)
