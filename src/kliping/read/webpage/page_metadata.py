"""What a page's markup says of its article: JSON-LD, OpenGraph, meta elements, microdata, `<time>`, title, address.

Each value comes with the place where it stood (`json-ld:datePublished`, `meta:content_author` ...), the most
trustworthy first. Whether one is believed, the layer `metadata` decides, beside what the text proves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from kliping import knowledge
from kliping.model import InputValue
from kliping.read import moments
from kliping.read.webpage.jsonld import article_object, json_objects, strings, type_names

LONGEST_VALUE = 500
"""Characters of a value; whatever is longer is no title and no name."""
_MOST_NAMES = 1000
"""Values of a list of authors that are looked at."""
_MOST_HOLDERS = 10
"""Elements with one itemprop that are looked at."""
_JOINT = re.compile(r"\s+(?:[-–—|:»•]|::)\s+")
"""What sets a site's name off from a title."""
_LONGEST_SITE = 4
"""Words of a site's name behind a title."""
_WORDS = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class Markup:
    """The elements of a page that speak about it, in its order."""

    title: str = ""
    metas: list[dict[str, str | None]] = field(default_factory=list)
    links: list[dict[str, str | None]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    props: dict[str, list[str]] = field(default_factory=dict)
    scripts: list[tuple[str, str]] = field(default_factory=list)
    """(id, text) of those that are no JSON-LD."""
    json_ld: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """A page's own address, its values in order of trust, and what else its reading needs to know."""

    url: str | None = None
    values: tuple[InputValue, ...] = ()
    article: dict[str, Any] | None = None
    """The JSON-LD object of the page's article."""
    sites: frozenset[str] = frozenset()
    """The names of the site, in small letters and digits: they are nobody's name and no headline."""
    headlines: tuple[str, ...] = ()
    title: str = ""
    """Of the page, in its `<title>`."""


def markup_of(root: LexborNode) -> Markup:
    """Return the elements of a page that speak about it."""
    found = Markup()
    wanted = knowledge.load("html.toml")["meta"]["itemprop"]
    for node in root.css("title, meta, link[rel], time, script, [itemprop]"):
        name, attributes = node.tag, node.attributes
        prop = (attributes.get("itemprop") or "").lower()
        if prop in wanted and len(found.props.setdefault(prop, [])) < _MOST_HOLDERS:
            found.props[prop].append(_content(node, attributes))
        if name == "title":
            found.title = found.title or " ".join(node.text(deep=True)[: 10 * LONGEST_VALUE].split())
        elif name == "meta":
            found.metas.append(attributes)
        elif name == "link":
            found.links.append(attributes)
        elif name == "time":
            found.times.append(attributes.get("datetime") or "")
        elif name == "script" and not attributes.get("src"):
            text = node.text(deep=True)
            if "ld+json" in (attributes.get("type") or "").lower():
                found.json_ld.append(text)
            else:
                found.scripts.append((attributes.get("id") or "", text))
    return found


def find_metadata(page: Markup) -> PageMetadata:
    """Return what the page says of its one article.

    Of several articles in JSON-LD it is the one with the page's title, else none.
    """
    objects = json_objects(page.json_ld)
    article = article_object(objects, page.title)
    url = _own_address(page)
    sites = frozenset(filter(None, map(plain_words, _site_names(page, article, objects, url))))
    values = [*_json_ld(article, objects, sites), *_meta(page), *_microdata(page), *_time(page)]
    values += _value("headline", page.title, "html:title")
    values = [value for value in values if not _is_the_sites(value, sites)]
    headlines = tuple(dict.fromkeys(value.value for value in values if value.field == "headline"))
    if url:
        values.append(InputValue("url", url, "html:canonical"))
    return PageMetadata(url, tuple(dict.fromkeys(values)), article, sites, headlines, page.title)


def plain_words(text: str) -> str:
    """Return the letters and digits of a name, in lower case: `Kabar Uji.com` and `kabaruji.com` are one."""
    return "".join(_WORDS.findall(text)).lower()


def _is_the_sites(value: InputValue, sites: frozenset[str]) -> bool:
    return value.field in ("headline", "authors", "editors", "tags") and plain_words(value.value) in sites


def _site_names(
    page: Markup, article: dict[str, Any] | None, objects: Iterable[dict[str, Any]], url: str | None
) -> Iterator[str]:
    """What the site calls itself: in OpenGraph, as a publisher, behind its titles, in its address."""
    for meta in page.metas:
        if "og:site_name" in ((meta.get("property") or "").lower(), (meta.get("name") or "").lower()):
            yield meta.get("content") or ""
    for one in (article, *islice(objects, 100)):
        if one is not None:
            yield from _names(one.get("publisher"), {}, people=False)
            if {"WebSite", "Organization", "NewsMediaOrganization"}.intersection(type_names(one)):
                yield from strings(one.get("name"))
    *before, last = _JOINT.split(page.title)
    if before and len(last.split()) <= _LONGEST_SITE:
        yield last
    host = _host(url)
    if host:
        yield host
        yield host.removeprefix("www.")
        parts = [part for part in host.removeprefix("www.").split(".") if len(part) > 3]
        yield from parts[-1:] if len(parts) == 1 else parts


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url).hostname or "") if url else ""
    except ValueError:
        return ""


def _value(column: str, text: object, rule: str) -> list[InputValue]:
    """Input values of one column, none where `text` is nothing that can stand in it."""
    if column == "published":
        return moments.publication_values(text, rule) if isinstance(text, str) else []
    line = " ".join(text.split()) if isinstance(text, str) else ""
    if not line or len(line) > LONGEST_VALUE or (column in ("authors", "editors") and not is_persons_name(line)):
        return []
    names = line.split(",") if column == "tags" else [line]
    return [InputValue(column, name.strip(), rule) for name in names if name.strip()]


@cache
def _not_people() -> frozenset[str]:
    return frozenset([
        *knowledge.load("html.toml")["credits"]["not_people"], *knowledge.load("domains.toml")["pieces"],
        *knowledge.load("bylines.toml")["not_names"],
    ])  # fmt: skip


@cache
def _media() -> frozenset[str]:
    """The names of agencies and outlets, which are nobody's."""
    media, outlets = knowledge.load("agencies.toml")["medium"], knowledge.load("outlets.toml")["outlet"]
    names = [name for one in media for name in (one["name"], *one.get("aliases", ()), *one.get("codes", ()))]
    names += [name for one in outlets for name in (one["brand"], *one.get("aliases", ()), *one.get("codes", ()))]
    return frozenset(map(plain_words, names))


def is_persons_name(name: str) -> bool:
    """Tell whether a credited name can be a person's; many pages name their company, desk or address there.

    >>> is_persons_name("Rara Uji"), is_persons_name("Tim Redaksi"), is_persons_name("at"), is_persons_name("AFP")
    (True, False, False, False)
    """
    words = [word.lower() for word in re.split(r"\W+", name)]
    if not _not_people().isdisjoint(words) or any(c.isdigit() for c in name) or plain_words(name) in _media():
        return False
    return any(c.isupper() for c in name) and "@" not in name


def _json_ld(
    article: dict[str, Any] | None, objects: list[dict[str, Any]], sites: frozenset[str]
) -> Iterator[InputValue]:
    if article is None:
        return
    known = {one["@id"]: one for one in objects if isinstance(one.get("@id"), str) and "name" in one}
    yield from _value("headline", article.get("headline") or article.get("name"), "json-ld:headline")
    yield from _value("subheadline", article.get("alternativeHeadline"), "json-ld:alternativeHeadline")
    publisher = next(iter(_names(article.get("publisher"), known, people=False)), None)
    yield from _value("outlet_name", publisher, "json-ld:publisher")
    yield from _value("published", article.get("datePublished"), "json-ld:datePublished")
    for column, key in (("authors", "author"), ("editors", "editor")):
        for name in _names(article.get(key), known, people=True):
            if plain_words(name) not in sites:
                yield from _value(column, name, f"json-ld:{key}")
    for key in ("keywords", "articleSection"):
        for topic in strings(article.get(key)):
            yield from _value("tags", topic, f"json-ld:{key}")


def _names(value: object, known: dict[str, dict[str, Any]], *, people: bool) -> list[str]:
    """Names of persons or organisations: strings, or objects with a name; with `people`, no organisations.

    An object may stand elsewhere in the page's JSON-LD, under its `@id` in `known`.
    """
    names = []
    for item in _flattened(value):
        if isinstance(item, dict) and "name" not in item and isinstance(item.get("@id"), str):
            item = known.get(item["@id"])
        if isinstance(item, dict) and not (people and "Organization" in str(item.get("@type"))):
            names += strings(item.get("name"))
        elif isinstance(item, str):
            names.append(item)
    return [" ".join(name.split()) for name in names]


def _flattened(value: object) -> Iterator[object]:
    """The values of a list, and of lists in it; a value that is no list, itself."""
    pending = [value]
    for _ in range(_MOST_NAMES):
        if not pending:
            return
        item = pending.pop()
        if isinstance(item, list):
            pending += item[::-1]
        else:
            yield item


@cache
def _meta_columns() -> dict[str, tuple[int, str, str]]:
    """For each key of a meta element its place in the order of trust, its column and the name of its rule."""
    known = knowledge.load("html.toml")["meta"]
    keys = [*(("opengraph", *pair) for pair in known["property"].items())]
    keys += [("meta", *pair) for pair in known["name"].items()]
    return {key: (place, column, f"{rule}:{key}") for place, (rule, key, column) in enumerate(keys)}


def _meta(page: Markup) -> list[InputValue]:
    columns, found = _meta_columns(), []
    for meta in page.metas:
        for attribute in ("property", "name"):
            known = columns.get((meta.get(attribute) or "").lower())
            if known is not None and (attribute == "name" or known[2].startswith("opengraph")):
                place, column, rule = known
                found.append((place, _value(column, meta.get("content"), rule)))
                break
    found.sort(key=lambda pair: pair[0])
    return [value for _, values in found for value in values]


def _microdata(page: Markup) -> list[InputValue]:
    """Values of itemprop that the page states once; what stands twice belongs to a list of articles."""
    values = []
    for key, column in knowledge.load("html.toml")["meta"]["itemprop"].items():
        texts = set(page.props.get(key, ()))
        if len(texts) == 1:
            values += _value(column, texts.pop(), f"microdata:{key}")
    return values


def _time(page: Markup) -> list[InputValue]:
    """The one moment that `<time datetime>` states, where all of the page's agree."""
    stamps = {*page.times} - {""}
    return moments.publication_values(stamps.pop(), "html:time") if len(stamps) == 1 else []


def _content(node: LexborNode, attributes: dict[str, str | None]) -> str:
    text = attributes.get("content") or attributes.get("datetime") or node.text(deep=True)
    return " ".join(text[: 4 * LONGEST_VALUE].split())


def _own_address(page: Markup) -> str | None:
    """The page's address by its canonical link or `og:url`, whichever names a page and not the site's front."""
    base = next((meta.get("content") for meta in page.metas if meta.get("property") == "og:url"), None)
    said = [link.get("href") for link in page.links if "canonical" in (link.get("rel") or "").lower().split()][:1]
    found = [_absolute(text, base) for text in (*said, base)]
    known = [text for text in found if text is not None]
    return next((text for text in known if not _is_front(text)), known[0] if known else None)


def _absolute(text: str | None, base: str | None) -> str | None:
    """An absolute http address, None for anything else."""
    text = (text or "").strip()
    try:
        joined = urljoin(base, text) if base and text.startswith("/") else text
    except ValueError:
        return None
    if joined.startswith("//"):
        joined = f"https:{joined}"
    return joined if joined.startswith(("http://", "https://")) and len(joined) <= 4 * LONGEST_VALUE else None


def _is_front(url: str) -> bool:
    """Whether an address is a site's front page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return parts.path.strip("/") in ("", "index.html", "index.php", "home") and not parts.query
