"""Every table has who fills it, and every layer declares what it is given and what it gives."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from corpora import RUMPUT_LAUT, documents

from kliping import annotate, schema
from kliping.annotation import layers
from kliping.annotation.layers.layer import Article, Layer
from kliping.annotation.pipeline import annotate_batch
from kliping.corpus import tables, wide
from kliping.model import Metadata

PACKAGE = Path(schema.__file__).parent
REPORTS = {"report/stats.py", "report/viewer/composing.py"}
"""They count copies and compare them."""
ALLOWED = {"corpus/wide/__init__.py", "annotation/layers/sentences.py", *REPORTS}
"""The line of WIDE; and the sentences know the domains of the internet by the same word."""


def test_each_table_is_filled_by_one_layer_or_by_the_document_itself() -> None:
    filled = Counter(layer.table for layer in layers.LAYERS)
    assert filled.keys() | tables._SPINE.keys() == set(schema.of_scope(schema.ARTICLE))
    assert filled.keys() & tables._SPINE.keys() == {"articles"}
    shared = {"articles", "evidence"}  # evidence holds what proves values, and the places that flags point at
    assert {table for table, count in filled.items() if count > 1} == shared
    assert tuple(each.table for each in wide.WIDE) == schema.of_scope(schema.CORPUS)


def test_a_layer_comes_after_those_that_it_needs() -> None:
    names = [layer.name for layer in layers.LAYERS]
    assert len(set(names)) == len(names)
    for rank, layer in enumerate(layers.LAYERS):
        assert set(layer.needs) <= set(names[:rank]), layer.name
        assert layer.table in ("articles", layer.name) or (layer.name, layer.table) == ("signals", "evidence")


def test_what_may_be_left_out_is_the_table_of_one_layer_and_nothing_else_needs_it() -> None:
    optional = {*schema.optional()}
    assert optional <= {layer.name for layer in layers.LAYERS if layer.table == layer.name}
    for layer in layers.LAYERS:
        needed = optional.intersection(layer.needs)
        assert layer.name in optional or not needed or layer.name == "signals", layer.name  # it tells what it can
    for name, table in schema.load().tables.items():
        assert name in optional or optional.isdisjoint(key.table for key in table.foreign_keys), name
    for each in wide.WIDE:
        assert each.table not in optional


def test_a_layer_sees_what_it_needs_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Article] = []

    def watch(articles: list[Article]) -> list[tuple[()]]:
        seen.extend(articles)
        return [() for _ in articles]

    watching = Layer("watching", table="watching", needs=("metadata", "sentences"), find=watch)
    monkeypatch.setattr(layers, "LAYERS", (*layers.LAYERS, watching))
    annotate(RUMPUT_LAUT)
    (article,) = seen
    assert article.found.keys() == {"metadata", "sentences"}
    (values,) = article.found["metadata"]
    assert isinstance(values, Metadata)
    assert values.authors == ("Sari Wulandari",)
    assert article.places.raw == RUMPUT_LAUT


def test_together_is_as_alone() -> None:
    """What a layer says of an article does not depend on the others of its batch."""
    together = annotate_batch(documents())
    assert together == [result for page in documents() for result in annotate_batch([page])]


def test_no_table_over_the_whole_corpus_is_named_but_in_its_module() -> None:
    """Nor is there any list of tables by hand: what holds for all of a kind asks the schema."""
    for name in schema.of_scope(schema.CORPUS):
        literal = re.compile(rf"[\"']{name}[\"']")
        named = [path for path in sorted(PACKAGE.rglob("*.py")) if literal.search(path.read_text("utf-8"))]
        assert {path.relative_to(PACKAGE).as_posix() for path in named} <= ALLOWED, name
