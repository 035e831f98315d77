"""Which articles are copies of which, by what edge, and how each came about: the rows of `duplicates`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kliping import schema
from kliping.corpus.wide import duplicates
from kliping.corpus.wide.duplicates import Duplicate, articles_in
from kliping.corpus.wide.shards import NeedsText, Shards

COLUMNS = ("article_id", "text", "published_date", "character_count", "outlet_id", "url", "cited_sources")
BODY = " ".join(f"kata{number}" for number in range(100))


def body(*others: int, more: int = 0) -> str:
    """The hundred words of BODY with other ones at some places, and some more behind them."""
    words = BODY.split()
    for place in others:
        words[place] = f"lain{place}"
    return " ".join([*words, *(f"tambahan{number}" for number in range(more))])


def article(name: str, text: str, **told: Any) -> dict[str, Any]:
    return {"article_id": name * 32, "text": text, "character_count": len(text), "cited_sources": [], **told}


def rows(articles: Sequence[dict[str, Any]], shards: int = 1) -> list[Duplicate]:
    """The rows that these articles give, in so many shards."""
    form = pa.schema([schema.arrow_schema("articles").field(name) for name in COLUMNS])
    ordered = sorted(articles, key=lambda row: row["article_id"])
    with TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.parquet") for number in range(shards)]
        for number, path in enumerate(paths):
            here = ordered[number * len(ordered) // shards : (number + 1) * len(ordered) // shards]
            pq.write_table(pa.Table.from_pylist(here, schema=form), path)
        return list(duplicates.find(Shards({"articles": paths})))


def edge(found: Sequence[Duplicate], name: str) -> tuple[str | None, str | None, int | None]:
    """Which article another leads to, how, and how much they share."""
    (row,) = [row for row in found if row.article_id == name * 32]
    return row.matched_id and row.matched_id[0], row.relation, row.similarity


def test_nobody_is_a_copy_of_an_article_on_another_matter() -> None:
    assert rows([article("a", BODY), article("b", body(*range(0, 100, 3)))]) == []


def test_the_same_words_in_other_marks_and_letters_are_exact() -> None:
    found = rows([article("a", BODY), article("b", BODY.upper().replace(" ", ",\n\n") + ".")])
    assert [row.relation for row in found] == ["exact", None]  # b is longer, and so the canonical one
    assert edge(found, "a") == ("b", "exact", 1000)


def test_bodies_without_shingles_are_no_copies() -> None:
    assert rows([article("a", "Harga cabai turun."), article("b", "Harga cabai turun."), article("c", "")]) == []


def test_the_earliest_evidenced_day_is_canonical_and_no_day_comes_last() -> None:
    days = {"a": None, "b": date(2024, 1, 3), "c": date(2024, 1, 2), "d": date(2024, 1, 3)}
    found = rows([article(name, BODY, published_date=day) for name, day in days.items()])
    assert {row.canonical_id[0] for row in found} == {"c"}
    assert {row.cluster_id[0] for row in found} == {"a"}
    assert edge(found, "c") == (None, None, None)


def test_of_one_day_the_longest_body_is_canonical_and_of_these_the_smallest_id() -> None:
    texts = {"a": BODY, "b": body(more=3), "c": body(more=3)}
    found = rows([article(name, text, published_date=date(2024, 1, 2)) for name, text in texts.items()])
    assert {row.canonical_id[0] for row in found} == {"b"}


def test_what_a_chain_connects_is_one_cluster_and_each_edge_is_named() -> None:
    """c is like b and b is like a, and c is not like a; d is like b too, but as near to a as b is."""
    chain = {"a": body(), "b": body(more=12), "c": body(more=26), "d": body(50, more=12)}
    dates = {name: date(2024, 1, number) for number, name in enumerate(chain, start=1)}
    found = rows([article(name, text, published_date=dates[name]) for name, text in chain.items()])
    assert [row.canonical_id[0] for row in found] == ["a"] * 4
    assert edge(found, "b") == ("a", "near", 888)
    assert edge(found, "c") == ("b", "near", 885)
    assert edge(found, "d")[0] == "a"


def _relation(one: dict[str, Any], other: dict[str, Any], *, more: int = 0) -> str | None:
    """The relation of the second article, which has other words, to the first."""
    found = rows([article("a", BODY, **one), article("b", body(40, more=more), **other)])
    (relation,) = [row.relation for row in found if row.relation]
    return relation


EARLY, LATE = {"published_date": date(2024, 1, 2)}, {"published_date": date(2024, 1, 3)}
ADDRESS = "https://www.contoh.example/berita/satu"


@pytest.mark.parametrize(
    ("one", "other", "more", "relation"),
    [
        ({"outlet_id": "antara"} | EARLY, {"outlet_id": "antara"} | LATE, 0, "version"),
        ({"outlet_id": "antara"} | EARLY, {"outlet_id": "antara"} | EARLY, 0, "near"),
        ({"url": ADDRESS} | EARLY, {"url": "http://contoh.example/berita/satu/#komentar"} | LATE, 0, "version"),
        ({"url": ADDRESS} | EARLY, {"url": "http://contoh.example/berita/dua"} | LATE, 0, "near"),
        ({"url": ADDRESS} | EARLY, {"url": f"{ADDRESS}?id=2"} | LATE, 0, "near"),
        ({"url": "http://[rusak"} | EARLY, {"url": "http://[rusak"} | LATE, 0, "version"),
        ({"outlet_id": "antara"} | EARLY, {"outlet_id": "kompas"} | LATE, 0, "syndicated"),
        ({"outlet_id": "kompas"} | EARLY, {"outlet_id": None} | LATE, 0, "near"),
        ({"cited_sources": ["Reuters"]} | EARLY, LATE, 0, "syndicated"),
        ({"cited_sources": ["Kompas.com"]} | EARLY, LATE, 0, "near"),
        ({"cited_sources": ["Reuters"], "outlet_id": "kompas"} | EARLY, {"outlet_id": "kompas"} | EARLY, 0, "near"),
        (EARLY, LATE, 0, "near"),
        ({}, {}, 0, "near"),
    ],
)
def test_relations(one: dict[str, Any], other: dict[str, Any], more: int, relation: str) -> None:
    assert _relation(one, other, more=more) == relation


def test_a_longer_one_of_the_same_outlet_is_a_version() -> None:
    told = {"outlet_id": "antara", **EARLY}
    found = rows(
        [article("a", body(more=9), **told), article("b", BODY, outlet_id="antara", published_date=date(2023, 1, 1))]
    )
    assert edge(found, "a") == ("b", "version", 914)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 5))
def test_the_rows_depend_on_the_articles_alone(seed: int, shards: int) -> None:
    """Not on shards, nor on which articles on other matters are there; every edge is what the definition says."""
    random = Random(seed)
    texts = [
        body(*random.sample(range(100), random.choice((0, 1, 2, 3))), more=random.choice((0, 5, 12, 26)))
        for _ in range(14)
    ]
    ours = [article(f"{number:x}", text, **random.choice((EARLY, LATE, {}))) for number, text in enumerate(texts)]
    found = rows(ours)
    assert rows([*ours, article("e", " ".join(f"asing{number}" for number in range(60)))], shards) == found
    sets = {row["article_id"]: duplicates.shingle_sets(pa.array([row["text"]]))[0] for row in ours}
    for row in found:
        if row.matched_id:
            one, other = set(sets[row.article_id].tolist()), set(sets[row.matched_id].tolist())
            assert row.similarity == 1000 * len(one & other) // len(one | other) >= 800


def test_without_text_there_are_no_shingles() -> None:
    with pytest.raises(NeedsText):
        list(duplicates.find(Shards({"articles": [Path("none")]}, without_text=True)))


def test_what_is_filled_in_articles() -> None:
    found = rows([article("a", BODY, **EARLY), article("b", BODY, **LATE), article("c", "lain")])
    table = pa.Table.from_pylist([row._asdict() for row in found], schema=schema.arrow_schema("duplicates"))
    assert duplicates.fills(table).to_pylist() == [{"article_id": "b" * 32, "duplicate_of": "a" * 32}]


class Counted:
    """A table that counts how often rows are taken from it: each time costs what all its chunks cost."""

    def __init__(self, table: pa.Table) -> None:
        self.table, self.times = table, 0

    def __getitem__(self, name: str) -> pa.ChunkedArray:
        return self.table[name]

    def take(self, places: pa.Array) -> pa.Table:
        self.times += 1
        return self.table.take(places)


def test_the_articles_of_many_clusters_are_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tables: list[Counted] = []

    def counted(shards: Shards, groups: Sequence[Sequence[int]]) -> Counted:
        tables.append(Counted(articles_in(shards, groups)))
        return tables[-1]

    monkeypatch.setattr(duplicates, "articles_in", counted)
    families = [" ".join(f"{name}{number}" for number in range(50)) for name in "abcdef"]
    found = rows([article(name, family) for name, family in zip("0123456789ab", families * 2, strict=True)], shards=3)
    assert len({row.cluster_id for row in found}) == 6
    assert [table.times for table in tables] == [1]
