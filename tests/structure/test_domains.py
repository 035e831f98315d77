"""domains.toml: every regex for a domain is composed of its endings, and takes each registered domain as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from kliping import knowledge
from kliping.annotation.layers import sentences
from kliping.annotation.layers.metadata import registry, sources
from kliping.annotation.roles import alone, cuts, datelines
from kliping.annotation.roles.vocabulary import DOMAIN

REGISTERED = sorted({domain.partition("/")[0] for outlet in registry.outlets() for domain in outlet.domains})


def whole(pattern: re.Pattern[str], text: str, end: int) -> bool:
    found = pattern.match(text)
    return found is not None and found.end() == end


@pytest.mark.parametrize("written", [str.lower, str.upper])
def test_every_registered_domain_is_matched_whole_wherever_one_is_looked_for(written: Callable[[str], str]) -> None:
    assert len(REGISTERED) > 600
    for host in REGISTERED:
        domain = written(host)
        size = len(domain)
        assert whole(registry.OUTLET_DOMAIN, f"{domain} menulis", size), domain
        assert whole(DOMAIN, f"{domain} menulis", size), domain
        assert datelines.domain_at_start(f"{domain}, Kupang - Harga") == size, domain
        assert datelines.is_prefix(f"KUPANG, {domain}") == 2, domain
        assert cuts.closing_role(domain) == ("source", "split:closing-outlet"), domain
        assert cuts.closing_role(f"{domain}/Rukmini") == ("byline", "split:closing-byline"), domain
        assert alone.credit().match(f"{domain}/Rukmini Tani Panen"), domain
        assert "." not in registry.without_ending(domain).rpartition(".")[2]
        assert {domain.rpartition(".")[2]} <= sentences.abbreviations().domains, domain


def test_a_domain_that_is_glued_to_what_stands_before_it_is_found() -> None:
    missed = [host for host in REGISTERED if not re.search(sources._way_to_name(), f" dari{host}")]
    assert missed == []


@pytest.mark.parametrize("glued", ["turun.Media itu", "Pasar.My Nguyen", "Bupati.Ir. Tirta", "naik.Info lain"])
def test_a_sentence_after_a_lost_blank_is_no_domain(glued: str) -> None:
    assert registry.OUTLET_DOMAIN.match(glued) is None
    assert DOMAIN.match(glued) is None
    assert datelines.domain_at_start(glued) == 0


@pytest.mark.parametrize(
    "domain", ["Kabar.Com", "KABAR.CO.ID", "kabar.id", "kabar.news", "KABAR.NEWS", "biak.kabar.my.id"]
)
def test_a_domain_may_be_written_small_in_capitals_or_with_capitals(domain: str) -> None:
    assert registry.OUTLET_DOMAIN.fullmatch(domain)
    assert DOMAIN.fullmatch(domain)


@pytest.mark.parametrize("ending", knowledge.load("domains.toml")["institutions"])
def test_an_institution_is_no_medium(ending: str) -> None:
    assert not registry.is_medium_domain(f"lembah.{ending}")
    assert registry.is_medium_domain(f"{ending.replace('.', '')}.com")
