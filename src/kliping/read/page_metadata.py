"""What a page's markup says of its article: JSON-LD, OpenGraph, meta elements, microdata, `<time>`, title, address.

Each value comes with the place where it stood (`json-ld:datePublished`, `meta:content_author` ...), the most
trustworthy first. Whether one is believed, the layer `metadata` decides, beside what the text proves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

from kliping import knowledge
from kliping.model import InputValue
from kliping.read import moments

LONGEST_VALUE = 500
"""Characters of a value; whatever is longer is no title and no name."""
_MOST_OBJECTS = 10_000
"""JSON objects of a page that are looked at."""


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """A page's own address, and its values in order of trust."""

    url: str | None = None
    values: tuple[InputValue, ...] = ()


NO_METADATA = PageMetadata()


def find_metadata(root: etree._Element) -> PageMetadata:
    """Return what the page says of its one article.

    Of several articles in JSON-LD it is the one with the page's title, else none.
    """
    values = [*_json_ld(root), *_meta(root), *_microdata(root), *_time(root), *_title(root)]
    url = _canonical(root)
    if url:
        values.append(InputValue("url", url, "html:canonical"))
    return PageMetadata(url, tuple(dict.fromkeys(values)))


def _value(column: str, text: object, rule: str) -> list[InputValue]:
    """Input values of one column, none where `text` is nothing that can stand in it."""
    if column == "published":
        return moments.publication_values(text, rule) if isinstance(text, str) else []
    line = " ".join(text.split()) if isinstance(text, str) else ""
    if not line or len(line) > LONGEST_VALUE or (column in ("authors", "editors") and not _is_person(line)):
        return []
    names = line.split(",") if column == "tags" else [line]
    return [InputValue(column, name.strip(), rule) for name in names if name.strip()]


def _is_person(name: str) -> bool:
    """Whether a credited name can be a person's; many pages name their company, desk or address there."""
    others = (*knowledge.load("html.toml")["credits"]["not_people"], *knowledge.load("domains.toml")["pieces"])
    return set(re.split(r"\W+", name.lower())).isdisjoint(others) and not any(c.isdigit() for c in name)


def _json_ld(root: etree._Element) -> Iterator[InputValue]:
    article = _article(list(_objects(root)), root)
    if article is None:
        return
    yield from _value("headline", article.get("headline") or article.get("name"), "json-ld:headline")
    yield from _value("subheadline", article.get("alternativeHeadline"), "json-ld:alternativeHeadline")
    publisher = next(iter(_names(article.get("publisher"), people=False)), None)
    yield from _value("outlet_name", publisher, "json-ld:publisher")
    yield from _value("published", article.get("datePublished"), "json-ld:datePublished")
    for column, key in (("authors", "author"), ("editors", "editor")):
        for name in _names(article.get(key), people=True):
            if name != publisher:
                yield from _value(column, name, f"json-ld:{key}")
    for key in ("keywords", "articleSection"):
        for topic in _strings(article.get(key)):
            yield from _value("tags", topic, f"json-ld:{key}")


def _objects(root: etree._Element) -> Iterator[dict[str, Any]]:
    """Every JSON object in the page's JSON-LD, outer before inner."""
    pending: list[Any] = []
    for script in root.iter("script"):
        if "ld+json" in script.get("type", "").lower():
            try:
                pending.append(json.loads((script.text or "").strip(), strict=False))
            except (ValueError, RecursionError):
                continue
    pending.reverse()
    for _ in range(_MOST_OBJECTS):
        if not pending:
            return
        item = pending.pop()
        if isinstance(item, dict):
            yield item
            pending += [value for value in item.values() if isinstance(value, dict | list)][::-1]
        elif isinstance(item, list):
            pending += item[::-1]


def _article(objects: list[dict[str, Any]], root: etree._Element) -> dict[str, Any] | None:
    types = frozenset(knowledge.load("html.toml")["jsonld"]["types"])
    articles = [one for one in objects if types.intersection(_strings(one.get("@type")))]
    if len({str(one.get("headline")) for one in articles}) <= 1:
        return articles[0] if articles else None
    title = root.findtext("head/title") or ""
    own = [(len(str(one.get("headline"))), one) for one in articles if (str(one.get("headline") or "\n")) in title]
    return max(own, key=lambda pair: pair[0])[1] if own else None


def _strings(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _names(value: object, *, people: bool) -> list[str]:
    """Names of persons or organisations: strings, or objects with a name; with `people`, no organisations."""
    names = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and not (people and "Organization" in str(item.get("@type"))):
            names += _strings(item.get("name"))
        elif isinstance(item, str):
            names.append(item)
    return [" ".join(name.split()) for name in names]


def _meta(root: etree._Element) -> list[InputValue]:
    known, found = knowledge.load("html.toml")["meta"], []
    order = {key: place for place, key in enumerate((*known["property"], *known["name"]))}
    for element in root.iter("meta"):
        for attribute, table in (("property", known["property"]), ("name", {**known["property"], **known["name"]})):
            key = element.get(attribute, "").lower()
            if key in table:
                prefix = "opengraph" if key in known["property"] else "meta"
                found.append((order[key], _value(table[key], element.get("content"), f"{prefix}:{key}")))
                break
    found.sort(key=lambda pair: pair[0])
    return [value for _, values in found for value in values]


def _microdata(root: etree._Element) -> list[InputValue]:
    """Values of itemprop that the page states once; what stands twice belongs to a list of articles."""
    values = []
    for key, column in knowledge.load("html.toml")["meta"]["itemprop"].items():
        holders = (element for element in root.iter() if element.get("itemprop", "").lower() == key)
        texts = {_content(element) for element in islice(holders, 10)}
        if len(texts) == 1:
            values += _value(column, texts.pop(), f"microdata:{key}")
    return values


def _time(root: etree._Element) -> list[InputValue]:
    """The one moment that `<time datetime>` states, where all of the page's agree."""
    stamps = {element.get("datetime", "") for element in root.iter("time")} - {""}
    return moments.publication_values(stamps.pop(), "html:time") if len(stamps) == 1 else []


def _content(element: etree._Element) -> str:
    text = element.get("content") or element.get("datetime") or "".join(islice(element.itertext(), 50))
    return " ".join(str(text)[: 4 * LONGEST_VALUE].split())


def _title(root: etree._Element) -> list[InputValue]:
    return _value("headline", root.findtext("head/title"), "html:title")


def _canonical(root: etree._Element) -> str | None:
    for element in root.iter("link"):
        if "canonical" in element.get("rel", "").lower().split():
            return _address(element.get("href"))
    for element in root.iter("meta"):
        if element.get("property") == "og:url":
            return _address(element.get("content"))
    return None


def _address(text: str | None) -> str | None:
    """An absolute http address, None for anything else."""
    address = (text or "").strip()
    return address if address.startswith(("http://", "https://")) and len(address) <= 4 * LONGEST_VALUE else None
