"""The registry is well formed and sorted, gives no name two meanings, and knows every spelling and no word besides."""

import re
from typing import Any

import pytest

from kliping import knowledge
from kliping.annotation.layers.metadata import registry

OUTLETS: list[dict[str, Any]] = knowledge.load("outlets.toml")["outlet"]
MEDIA: list[dict[str, Any]] = knowledge.load("agencies.toml")["medium"]
REQUIRED = {"id", "brand", "group", "domains", "datelines"}
FLAGS = {"agency", "pictures", "common"}
OPTIONAL = {"aliases", "desks", "footers", "readers", "codes"} | FLAGS


def test_outlets_have_the_required_keys_and_no_others() -> None:
    assert len(OUTLETS) >= 150
    wrong = [o.get("id") for o in OUTLETS if not REQUIRED <= o.keys() <= REQUIRED | OPTIONAL]
    empty = [o["id"] for o in OUTLETS if not all(o[name] for name in o.keys() - FLAGS)]
    assert (wrong, empty) == ([], [])


def test_outlets_are_sorted_and_ids_and_domains_unique() -> None:
    ids = [o["id"] for o in OUTLETS]
    domains = [domain for o in OUTLETS for domain in o["domains"]]
    assert ids == sorted(set(ids))
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", i) for i in ids)
    assert sorted(domains) == sorted(set(domains))
    assert all(re.fullmatch(r"[a-z0-9.-]+(?:/[a-z-]+)?", d) and not d.startswith("www.") for d in domains)


def test_no_two_outlets_share_a_name() -> None:
    owners: dict[str, set[str]] = {}
    for o in OUTLETS:
        for name in (o["brand"], *o["datelines"], *o.get("aliases", ()), *o.get("desks", ()), *o["domains"]):
            owners.setdefault(registry.key(name), set()).add(o["id"])
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_media_are_sorted_and_no_name_leads_to_two_of_them() -> None:
    names = [m["name"] for m in MEDIA]
    assert names == sorted(set(names), key=lambda name: (name.casefold(), name))
    assert {m["kind"] for m in MEDIA} == {"agency", "media"}
    owners: dict[str, set[str]] = {}
    for m in MEDIA:
        for name in (m["name"], *m.get("aliases", ())):
            owners.setdefault(registry.key(name), set()).add(m["name"])
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}


@pytest.mark.parametrize("outlet", registry.outlets(), ids=lambda outlet: outlet.id)
def test_every_spelling_of_an_outlet_leads_to_it(outlet: registry.Outlet) -> None:
    spellings = (outlet.brand, *outlet.datelines, *outlet.aliases, *outlet.desks)
    assert [name for name in spellings if registry.outlet(name) != outlet] == []
    assert [d for d in outlet.domains if registry.by_url(f"https://www.{d}/2024/01/berita") != outlet] == []


@pytest.mark.parametrize("word", ["antara", "tempo", "suara", "merdeka", "bola", "Pasar", "", "Kompas Gramedia Group"])
def test_no_word_of_everyday_language_is_a_medium(word: str) -> None:
    assert registry.medium(word) is None


@pytest.mark.parametrize(
    ("text", "name", "matched"),
    [
        ("Kompas.com/Wening", "Kompas", "Kompas.com"),
        ("BBCbahwa air surut", "BBC", "BBC"),
        ("Reuters.Kapal itu", "Reuters", "Reuters"),
        ("New York Times, Senin", "The New York Times", "New York Times"),
        ("New\xa0Straits Times.", "New Straits Times", "New\xa0Straits Times"),
        ("detikJatim, Jumat", "detikJatim", "detikJatim"),
    ],
)
def test_find_at_takes_the_longest_name(text: str, name: str, matched: str) -> None:
    found = registry.find_at(text, 0)
    assert found is not None
    assert (found.medium.name, text[found.start : found.end]) == (name, matched)


def test_find_all_sees_a_name_that_ran_into_its_preposition() -> None:
    text = "telah tayang didetikJogja dan di Tempo.co"
    assert [text[f.start : f.end] for f in registry.find_all(text)] == ["detikJogja", "Tempo.co"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://nasional.kompas.com/read/2024/01/18/1", "kompas"),
        ("https://lampung.tribunnews.com/2024/01/18/a", "tribun-lampung"),
        ("https://www.bbc.com/indonesia/articles/c1", "bbc-indonesia"),
        ("https://www.bbc.com/news/world-1", None),
        ("https://notkompas.com/a", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_by_url(url: str, expected: str | None) -> None:
    outlet = registry.by_url(url)
    assert (outlet.id if outlet else None) == expected
