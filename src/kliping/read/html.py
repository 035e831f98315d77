"""An HTML page as a document: its whole visible text, one line a block, each line with a tag that says where it stood.

Nothing is judged here: menus, advertisements and links to other articles stay, and kliping.annotation.roles names them.
The extracted text is the document's raw text; the page's digest, and on request its bytes, go with it.

A line's tag is `PART:ELEMENT:a`. ELEMENT is the innermost telling element (`title`, `h1` to `h6`, `p`, `li`, `td`,
`figcaption`, `blockquote`, `time`, `address`, `button`, `label`, `option`, `pre`, `dt`, `dd`, else `div`). PART is the
innermost part of the page that landmark elements, ARIA roles or class names announce (`nav`, `header`, `footer`,
`aside`, and the others in knowledge/html.toml), if any does. `:a` stands where four fifths of the visible characters or
more are links' text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from itertools import islice

from lxml import etree

from kliping import knowledge
from kliping.model import RawDocument, Refusal, SetAside
from kliping.read import page_metadata
from kliping.read.charset import page_text
from kliping.read.options import Input, Options, Record, finished
from kliping.read.text import whole

EXTRACTOR_NAME = "kliping-html 1"
EXTRACTOR = f"{EXTRACTOR_NAME} (whole visible text; lxml {'.'.join(map(str, etree.LXML_VERSION[:3]))}, " + (
    f"libxml2 {'.'.join(map(str, etree.LIBXML_VERSION))})"
)

_HTTP_CHARSET = ", HTTP charset "
"""What sets off, at the end of RawDocument.extractor, the charset that only the HTTP header of the page told."""

_DROPPED = frozenset({
    "script", "style", "noscript", "template", "head", "iframe", "object", "embed", "applet", "audio", "video",
    "canvas", "svg", "math", "map", "datalist", "textarea",
})  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TELLING = _HEADINGS | {
    "p", "li", "td", "th", "figcaption", "caption", "blockquote", "time", "address", "button", "label", "option", "pre",
    "dt", "dd",
}  # fmt: skip
_BLOCKS = _TELLING | {
    "article", "aside", "body", "center", "details", "dialog", "dir", "div", "dl", "fieldset", "figure", "footer",
    "form", "header", "hgroup", "hr", "html", "legend", "main", "menu", "nav", "ol", "optgroup", "search", "section",
    "select", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip
_FRAMED = _BLOCKS - {"td", "th"}
_SECTIONS = frozenset({"article", "section", "main", "aside", "li"})
_LESSER_HEADINGS = _HEADINGS - {"h1"}
_OF_ARTICLE = frozenset({"tags", "byline", "time", "caption", "summary"})
_LEADING = ("h1", "h2", "h3")
_MOST_ARTICLES = 100
_CARD = 3
"""Lines after the linked heading of another article that can belong to it: its date, author, teaser."""
_SAID_AS = {"th": "td", "caption": "figcaption"}
_LANDMARKS = {name: name for name in ("nav", "footer", "aside", "header")} | {"figure": "caption", "menu": "nav"}
_ARIA = {"navigation": "nav", "contentinfo": "footer", "complementary": "aside", "banner": "header", "search": "nav"}
_BOXES = frozenset({"a", "span", "em", "strong", "b", "i", "small"})
"""Inline elements that stylesheets often set side by side as boxes of their own."""
_FLOWING = _HEADINGS | {"p", "blockquote"}
"""Elements in which inline elements are parts of a sentence."""

_SPACE = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
"""HTML's white space, and what else would end a line of the extracted text."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_INVISIBLE = re.compile(r"(?:^|;)\s{0,4}(?:display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden)", re.I)
_RUNNING = 80
"""Characters from which a piece of text between two tags counts as running text: links and labels are shorter."""

MAX_PAGE_BYTES = 8 * 2**20
"""The longest page that is parsed: its tree takes up to forty times as much memory. Pages of news stay below 3 MB."""
MAX_DEPTH = 2000
"""Elements inside one another. Pages of news stay below 60; the parser itself gives up at 2,048."""
MAX_ATTRIBUTES = 10_000
"""Attributes of one tag: libxml2 compares each with every other."""
_LONG_TAG = 65_536
_ATTRIBUTE = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s\"'=]+")


@dataclass(frozen=True, slots=True)
class Extracted:
    """A page's visible text, a tag for each of its lines, and the parsed page."""

    text: str
    line_tags: tuple[str, ...]
    root: etree._Element | None


def read(source: Iterable[bytes], one: Input, options: Options) -> Iterator[Record]:
    """Yield the one record of an HTML file."""
    data = whole(source, one.source_path)
    if isinstance(data, Refusal):
        yield finished(data)
    else:
        yield Record(one.source_path, partial(page_document, data, one.source_path, options))


def page_document(
    data: bytes,
    source_path: str,
    options: Options,
    url: str | None = None,
    retrieved_at: datetime | None = None,
    charset: str | None = None,
) -> RawDocument | Refusal:
    """Return the document that an HTML page holds; `url`, `retrieved_at` and `charset` are what HTTP said of it.

    A page of more than MAX_PAGE_BYTES is refused as `too-large`, one whose markup is beyond reason as `broken-record`.
    """
    digest = hashlib.sha256(data).hexdigest()
    if len(data) > MAX_PAGE_BYTES:
        return Refusal(source_path, digest, "too-large", f"The page is longer than {MAX_PAGE_BYTES:,} bytes.")
    try:
        page = extract(page_text(data, charset))
    except SetAside as aside:
        return Refusal(source_path, digest, aside.reason, aside.detail)
    except UnreasonableMarkup as error:
        return Refusal(source_path, digest, "broken-record", str(error))
    found = page_metadata.find_metadata(page.root) if page.root is not None else page_metadata.NO_METADATA
    return RawDocument(
        page.text.encode(),
        source_path,
        url or found.url,
        retrieved_at,
        found.values,
        f"{EXTRACTOR}{_HTTP_CHARSET}{charset}" if charset else EXTRACTOR,
        digest,
        page.line_tags,
        data if options.keep_source else None,
    )


def again(page: bytes, extractor: str) -> Extracted:
    """Return the text that `extractor` (of a RawDocument) made of `page`, extracted once more, for an audit to compare.

    Raises ValueError where `extractor` is not the one of this code and its libraries, UnreasonableMarkup as `extract`.
    """
    made_by, _, charset = extractor.partition(_HTTP_CHARSET)
    if made_by != EXTRACTOR:
        raise ValueError(f"made by {made_by!r}, while this is {EXTRACTOR!r}")
    return extract(page_text(page, charset or None))


class UnreasonableMarkup(Exception):
    """Markup that no page of news has and that would take the parser more than linear time, or lose text."""


def extract(markup: str) -> Extracted:
    """Return the visible text of a page, a line a block, none blank.

    It is empty where a page has none. Raises UnreasonableMarkup.
    """
    _check_tags(markup)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True)
    try:
        root = etree.fromstring(markup.replace("\0", "\ufffd").encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        root = None
    if root is None:
        return Extracted("", (), None)
    lines = _Lines()
    lines.add(root.findtext("head/title") or "", _Place("title"))
    lines.end(_Place("title"))
    _walk(root, _held(root), lines)
    return Extracted("\n".join(lines.text), tuple(_cards(lines.tags)), root)


def _cards(tags: Iterable[str]) -> Iterator[str]:
    """The tags, with what follows another article's linked heading (its date, author, teaser) as part of a list."""
    since = _CARD + 1
    for tag in tags:
        part, _, rest = tag.partition(":")
        own = part in _OF_ARTICLE and part != "tags"
        yield f"related:{rest}" if own and since <= _CARD else tag
        element = tag.removesuffix(":a").rpartition(":")[2]
        heads = tag.endswith(":a") and element in _LESSER_HEADINGS and not own
        since = 1 if heads else _CARD + 1 if element == "h1" else since + 1


def _check_tags(markup: str) -> None:
    for stretch in markup.split(">"):
        if len(stretch) > _LONG_TAG and (tag := re.search("<[A-Za-z]", stretch)):
            names = {match.group() for match in _ATTRIBUTE.finditer(stretch, tag.start())}
            if len(names) > MAX_ATTRIBUTES:
                raise UnreasonableMarkup(f"The page has a tag with more than {MAX_ATTRIBUTES:,} attributes.")


@cache
def _part_words() -> dict[str, str]:
    return {word: part for part, words in knowledge.load("html.toml")["parts"].items() for word in words}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where text stands in the page."""

    element: str
    part: str = ""
    linked: bool = False
    flat_row: bool = False
    sectioned: bool = False
    """Whether it stands in an article, section or list item, where a `<header>` is not the site's."""

    @property
    def tag(self) -> str:
        return f"{self.part}:{self.element}" if self.part else self.element


@dataclass(slots=True)
class _Lines:
    """The lines so far, and the one that is being put together."""

    text: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    _pieces: list[tuple[str, _Place]] = field(default_factory=list)
    _cells: list[str] = field(default_factory=list)
    _linked: int = 0
    _parts: set[str] = field(default_factory=set)

    @property
    def runs_on(self) -> bool:
        """Whether the line so far ends in a letter or digit, so that what follows without a space runs into it."""
        return bool(self._pieces) and self._pieces[-1][0][-1:].isalnum()

    def add(self, piece: str, place: _Place) -> None:
        """Add text of the page as it stands in the markup."""
        self._pieces.append((piece, place))
        visible = _visible(piece)
        if visible:
            self._parts.add(place.part)
            self._linked += visible if place.linked else 0

    def end_cell(self) -> None:
        """Close a cell of a table row that stays on one line; a tab will set it off from the next."""
        cell = _SPACE.sub(" ", "".join(piece for piece, _ in self._pieces)).strip(" ")
        if cell.strip():
            self._cells.append(cell)
        self._pieces.clear()

    def end(self, block: _Place) -> None:
        """Close the line of `block`; where all of it stands in one inner part of the page, it is that part's."""
        self.end_cell()
        if self._cells:
            line = "\t".join(self._cells)
            part = self._parts.pop() if len(self._parts) == 1 else block.part
            tag = f"{part}:{block.element}" if part else block.element
            self.text.append(line)
            self.tags.append(f"{tag}:a" if self._linked * 5 >= _visible(line) * 4 else tag)
        self._cells.clear()
        self._parts.clear()
        self._linked = 0


def _visible(text: str) -> int:
    return len("".join(text.split()))


@dataclass(frozen=True, slots=True)
class _Held:
    """What elements hold: characters of running text, and the page's heading."""

    running: dict[etree._Element, int]
    headed: frozenset[etree._Element]
    leads: frozenset[etree._Element]
    """The first heading of each article with running text, where the page has several of them."""

    def share(self, element: etree._Element, root: etree._Element) -> float:
        """Return the part of the page's running text that stands inside `element`."""
        return self.running.get(element, 0) / max(1, self.running.get(root, 0))


def _held(root: etree._Element) -> _Held:
    """Measures every element from the leaves up; raises UnreasonableMarkup where the page is nested too deep."""
    running: dict[etree._Element, int] = {}
    sums = [0]
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            if len(sums) > MAX_DEPTH:
                raise UnreasonableMarkup(f"The page has elements nested more than {MAX_DEPTH:,} deep.")
            if element.tag in _DROPPED:
                walker.skip_subtree()
                sums.append(0)
            else:
                sums.append(_long(element.text))
            continue
        total = sums.pop()
        if total:
            running[element] = total
        sums[-1] += total + _long(element.tail)
    headings = [one for one in islice(root.iter("h1"), 10) if len("".join(islice(one.itertext(), 50)).split()) >= 3]
    headed = {ancestor for heading in headings[:3] for ancestor in (heading, *heading.iterancestors())}
    return _Held(running, frozenset(headed), _leads(root, running))


def _leads(root: etree._Element, running: dict[etree._Element, int]) -> frozenset[etree._Element]:
    """The first headings of a page's `<article>`s, none where it has but one; an article in another is a part of it."""
    articles = [one for one in islice(root.iter("article"), _MOST_ARTICLES) if one in running]
    inner = {part for one in articles for part in one.iterdescendants("article")}
    found = [next(one.iter(*_LEADING), None) for one in articles if one not in inner]
    leads = frozenset([heading for heading in found if heading is not None])
    return leads if len(leads) > 1 else frozenset()


def _long(text: str | None) -> int:
    size = len(text.strip()) if text and len(text) >= _RUNNING else 0
    return size if size >= _RUNNING else 0


def _walk(root: etree._Element, held: _Held, lines: _Lines) -> None:
    """Go through the page in its order and put its text into `lines`."""
    places = [_Place("div")]
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        name, outer = element.tag, places[-1]
        if event == "end":
            places.pop()
            if name in _BLOCKS:
                _close(lines, outer, name)
            _text(lines, element.tail, places[-1])
        elif name in _DROPPED or (_is_hidden(element) and held.share(element, root) < 1 / 3):
            walker.skip_subtree()
            places.append(outer)
        else:
            place = _place(element, outer, held, root)
            if name in _BLOCKS:
                _open(lines, outer, name)
            elif (name == "br" and outer.element not in _HEADINGS) or _is_box_of_its_own(element, outer, lines.runs_on):
                lines.end(outer)
            elif name == "br":
                lines.add(" ", outer)
            places.append(place)
            _text(lines, element.text, place)


def _open(lines: _Lines, outer: _Place, name: str) -> None:
    if name in ("td", "th") and outer.flat_row:
        lines.end_cell()
    elif not (name == "time" and outer.element == "p"):
        lines.end(outer)


def _close(lines: _Lines, place: _Place, name: str) -> None:
    if not (name in ("td", "th") and place.flat_row) and not (name == "time" and place.element == "p"):
        lines.end(place)


def _text(lines: _Lines, text: str | None, place: _Place) -> None:
    if not text:
        return
    if place.element != "pre":
        lines.add(text, place)
        return
    first, *others = text.split("\n")
    lines.add(first, place)
    for line in others:
        lines.end(place)
        lines.add(line, place)


def _place(element: etree._Element, outer: _Place, held: _Held, root: etree._Element) -> _Place:
    """The place of what stands inside `element`; mostly that of what stands around it."""
    name = element.tag
    telling = name in _TELLING and not (name == "time" and outer.element == "p")
    kind = _SAID_AS.get(name, name) if telling else outer.element
    part = _part(element, outer)
    if not part or element in held.headed or held.share(element, root) >= 0.5:
        part = outer.part
    if not part and element in held.leads:
        part = "article"
    linked = outer.linked or name == "a"
    flat = outer.flat_row and name != "table"
    if name == "tr":
        flat = element not in held.running and _is_flat(element)
        kind = "td" if flat else kind
    place = _Place(kind, part, linked, flat, outer.sectioned or name in _SECTIONS)
    return outer if place == outer else place


def _part(element: etree._Element, outer: _Place) -> str:
    """The part of the page that an element's name, role, class or id announces, "" if none.

    A part of an article (its date, tags, byline ...) inside a menu, a list or a footer is not this article's.
    """
    if element.tag == "header" and outer.sectioned:
        return "related" if _has_linked_heading(element) else ""
    part = _LANDMARKS.get(element.tag) or _ARIA.get(element.get("role", "")) or _part_by_class(element)
    return "" if part in _OF_ARTICLE and outer.part else part


def _has_linked_heading(element: etree._Element) -> bool:
    inner = [one.tag for one in islice(element.iterdescendants(), 20)]
    return "a" in inner and not _LESSER_HEADINGS.isdisjoint(inner)


def _part_by_class(element: etree._Element) -> str:
    named = f"{element.get('class', '')} {element.get('id', '')}"
    if len(named) < 3 or len(named) > 300 or element.tag in ("html", "body"):
        return ""
    words = _part_words()
    return next((words[word] for word in map(str.lower, _WORD.findall(named)) if word in words), "")


def _is_hidden(element: etree._Element) -> bool:
    attributes = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if style is not None and _INVISIBLE.search(style):
        return True
    classes = attributes.get("class")
    return classes is not None and not set(classes.split()).isdisjoint(knowledge.load("html.toml")["hidden"]["classes"])


def _is_box_of_its_own(element: etree._Element, outer: _Place, runs_on: bool) -> bool:
    """Whether an inline element is set beside what stands before it, not into a sentence with it.

    Links with nothing between them are (menus, lists of titles). So are elements that a class sets apart and whose
    first word would run into the word before: no reader sees `KabarUjiSenin, 4 Maret`.
    """
    if element.tag not in _BOXES or outer.element in _FLOWING:
        return False
    before = element.getprevious()
    if before is not None and element.tag == before.tag == "a" and not (before.tail or "").strip():
        return True
    classed = "class" in element.attrib or (before is not None and "class" in before.attrib)
    return classed and runs_on and (element.text or "")[:1].isalnum()


def _is_flat(row: etree._Element) -> bool:
    """Whether a table's row is data (short cells of plain text) and not a frame for parts of the page."""
    return not any(inner.tag == "br" or inner.tag in _FRAMED for inner in row.iterdescendants())
