"""What a layer is, what it is given, and how layers run: in their order, each over many articles at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from kliping.annotation.places import Places
from kliping.model import Page, Segment, Span, Verdict

Rows = tuple[NamedTuple, ...]


class Article(NamedTuple):
    """One article as its layers see it."""

    page: Page
    """The repaired text of the document, and what came with it."""
    spans: Sequence[Span]
    """The roles of `page.text`, in its positions."""
    segments: tuple[Segment, ...]
    """The roles of the raw text, in its positions."""
    text: str
    """The body, as `articles.text` will hold it."""
    places: Places
    """The raw text (`places.raw`), and every map between the three."""
    verdicts: tuple[Verdict, ...] = ()
    """What became of the corrections of the document; those of roles are in `spans` already."""
    found: Mapping[str, Rows] = MappingProxyType({})
    """What the layers that this one `needs` found here, by their names."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One thing to find in articles, a pure function of each."""

    name: str
    table: str
    """The table of schema/tables/ whose rows it finds; `articles` where it finds values for columns of that."""
    needs: tuple[str, ...]
    """The layers before it whose rows it reads in `Article.found`."""
    find: Callable[[Sequence[Article]], Iterable[Sequence[NamedTuple]]]
    """The rows of each article, in order; what it says of one does not depend on the others.

    Rows are named tuples whose fields are the columns of the table, but `article_id` and `position`, which are added.
    Of columns of `articles` there is one row.
    """


def run(layers: Sequence[Layer], articles: Sequence[Article]) -> list[dict[str, Rows]]:
    """Return what all layers find in each article: table -> rows.

    Under `articles` stands one row of each layer that has it.
    """
    found: dict[str, list[Rows]] = {}
    tables: list[dict[str, Rows]] = [{"articles": ()} for _ in articles]
    for layer in layers:
        found[layer.name] = [tuple(rows) for rows in layer.find(_given(layer, articles, found))]
        for of_article, rows in zip(tables, found[layer.name], strict=True):
            of_article[layer.table] = of_article.get(layer.table, ()) + rows
    return tables


def _given(layer: Layer, articles: Sequence[Article], found: Mapping[str, Sequence[Rows]]) -> Sequence[Article]:
    """The articles with what the layer needs of the layers before it: nothing of one that was left out."""
    if not layer.needs:
        return articles
    nothing: list[Rows] = [()] * len(articles)
    of_needed = zip(*(found.get(name, nothing) for name in layer.needs), strict=True)
    return [
        article._replace(found=dict(zip(layer.needs, rows, strict=True)))
        for article, rows in zip(articles, of_needed, strict=True)
    ]
