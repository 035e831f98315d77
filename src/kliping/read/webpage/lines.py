"""The visible text of a page, a line a block in the page's order, each with the box of the page that it stands in.

Nothing is judged here. Text is kept as readers see it, hidden text too: `regions` says what becomes of it. One walk
over the tree, in which what a tag says is worked out once for each distinct tag (`elements`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from kliping.read.webpage.elements import BLOCKS, HEADINGS, UNREAD, Element, element_of
from kliping.read.webpage.markup_tree import MAX_DEPTH, too_deep

RUNNING = 80
"""Characters from which a piece of text is running text: links and labels are shorter."""

_BOXES = frozenset({"a", "span", "em", "strong", "b", "i", "small"})
"""Inline elements that stylesheets often set side by side as boxes of their own."""
_FLOWING = HEADINGS | {"p", "blockquote"}
"""Elements in which inline elements are parts of a sentence."""
_FRAMED = BLOCKS - {"td", "th", "p"}
_CELLS = frozenset({"td", "th"})
_SPACE = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
"""HTML's white space, and what else would end a line of the extracted text."""
_INSIDE = 20
"""Elements of a header that are looked at for the title it links to."""
_TEXT = "-text"
"""What the parser calls a piece of text."""
_MOST_CELLS = 2000
"""Nodes of a table's row that are looked at; a row with more is a frame."""


@dataclass(slots=True)
class Box:
    """An element that can frame a part of the page."""

    element: Element
    parent: int
    """Its number in Lines.boxes; the root is its own."""
    part: str = ""
    """What its name, role or class announces, "" for nothing."""
    sectioned: bool = False
    """Whether it stands in an article, section or list item, where a `<header>` is not the site's."""
    first: int = 0
    """Its first line."""
    end: int = 0
    """The line behind its last."""


class Line(NamedTuple):
    """A line of text that is not blank."""

    text: str
    element: str
    """The innermost telling element: `p`, `h2`, `td` ...; `div` where there is none."""
    box: int
    size: int
    """Visible characters."""
    linked: int
    """Those of them that are links' text."""

    @property
    def is_link(self) -> bool:
        """Whether four fifths of it or more are links."""
        return self.linked * 5 >= self.size * 4


class _Frame(NamedTuple):
    """Where the walk stands inside an element; elements that change nothing share the frame around them."""

    kind: str
    """The innermost telling element."""
    box: int
    linked: bool = False
    flat: bool = False
    """Whether it stands in a table's row that stays on one line."""


@dataclass(slots=True)
class Lines:
    """The lines and boxes of a page."""

    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)


def visible(text: str) -> int:
    """Return how many characters of a text are no white space."""
    return len("".join(text.split()))


def visible_lines(root: LexborNode) -> Lines:
    """Return a page's lines and boxes; takes out of its tree what no reader reads. Raises UnreasonableMarkup."""
    for node in root.css(UNREAD):
        node.decompose()
    html = element_of("html", None, None, None, False)
    walk = _Walk(Lines(boxes=[Box(html, 0)]))
    ids, elements, frames = [-1], [html], [_Frame("div", 0)]
    for node in root.traverse(include_text=True):
        parent = node.parent
        outer_id = -1 if parent is None else parent.mem_id
        while ids[-1] != outer_id and len(ids) > 1:
            ids.pop()
            walk.close(elements.pop(), frames.pop(), frames[-1])
        tag = node.tag
        if tag == _TEXT:
            walk.text(node.text_content or "", frames[-1])
        elif node.is_element_node:
            if len(ids) > MAX_DEPTH:
                raise too_deep()
            element = _element(node, tag or "")
            ids.append(node.mem_id)
            elements.append(element)
            frames.append(walk.open(node, element, frames[-1]))
    while len(ids) > 1:
        ids.pop()
        walk.close(elements.pop(), frames.pop(), frames[-1])
    walk.end(frames[0])
    walk.page.boxes[0].end = len(walk.page.lines)
    return walk.page


def _element(node: LexborNode, tag: str) -> Element:
    attributes = node.attributes
    if not attributes:
        return element_of(tag, None, None, None, False)
    get = attributes.get
    hides = "hidden" in attributes or ("style" in attributes and _is_invisible(get("style")))
    return element_of(tag, get("class"), get("id"), get("role"), hides)


@dataclass(slots=True)
class _Walk:
    """The lines so far, and the one that is being put together."""

    page: Lines
    _pieces: list[str] = field(default_factory=list)
    _cells: list[str] = field(default_factory=list)
    _links: list[str] = field(default_factory=list)
    """Those of the pieces that are links' text."""
    _is_all_linked: bool = True
    _size: int = 0
    """Visible characters of the closed cells."""
    _boxes: list[int] = field(default_factory=list)
    """Where the visible pieces of the line stand, each box once."""
    _before: Element | None = None
    """The element before this place in the same element, if any."""
    _text_since: bool = False
    """Whether text stands behind it."""

    def open(self, node: LexborNode, element: Element, outer: _Frame) -> _Frame:
        """Return the frame of an element, after what its beginning does to the line before it."""
        if element.is_block:
            if self._pieces or self._cells:
                self._open_block(element.name, outer)
        elif element.name == "br":
            self._break(outer)
        elif element.name in _BOXES and outer.kind not in _FLOWING and self._is_beside(node, element):
            self.end(outer)
        self._before, self._text_since = None, False
        return outer if element.is_plain else self._framed(node, element, outer)

    def _framed(self, node: LexborNode, element: Element, outer: _Frame) -> _Frame:
        """The frame of an element that changes something."""
        name, (kind, box, linked, flat) = element.name, outer
        if element.kind and not (name == "time" and kind == "p") and not (flat and name == "p"):
            kind = element.kind
        if name == "table":
            flat = False
        elif name == "tr":
            flat = _is_flat(node)
            kind = "td" if flat else kind
        if element.may_frame:
            box = self._boxed(node, element, box)
        return _Frame(kind, box, linked or name == "a", flat)

    def _break(self, outer: _Frame) -> None:
        if outer.kind in HEADINGS:
            self._pieces.append(" ")
        else:
            self.end(outer)

    def _boxed(self, node: LexborNode, element: Element, outer: int) -> int:
        """The number of the box that an element opens; that of the box around it where it opens none."""
        around = self.page.boxes[outer]
        part = element.part
        if element.name == "header" and around.sectioned:
            part = "related" if _has_linked_heading(node) else ""
        if not (part or element.is_hidden or element.is_frame):
            return outer
        sectioned = around.sectioned or element.is_section
        self.page.boxes.append(Box(element, outer, part, sectioned, len(self.page.lines)))
        return len(self.page.boxes) - 1

    def _open_block(self, name: str, outer: _Frame) -> None:
        if outer.flat and name in _CELLS:
            self._end_cell()
        elif not (outer.flat and name == "p") and not (name == "time" and outer.kind == "p"):
            self.end(outer)

    def close(self, element: Element, frame: _Frame, outer: _Frame) -> None:
        """Do what the end of an element does to the line, and note that it stands before what follows."""
        if element.is_block and (self._pieces or self._cells):
            name = element.name
            if outer.flat and name == "p":
                self._pieces.append(" ")
            elif not (outer.flat and name in _CELLS) and not (name == "time" and outer.kind == "p"):
                self.end(frame)
        if frame.box != outer.box:
            self.page.boxes[frame.box].end = len(self.page.lines)
        self._before, self._text_since = element, False

    def text(self, text: str, frame: _Frame) -> None:
        """Add text of the page as it stands in the markup."""
        if frame.kind == "pre" and "\n" in text:
            first, *others = text.split("\n")
            self.text(first, frame)
            for line in others:
                self.end(frame)
                self.text(line, frame)
        elif not text or text.isspace():
            if self._pieces:
                self._pieces.append(" ")
        else:
            self._text_since = True
            if frame.box not in self._boxes:
                self._enter(frame)
            self._pieces.append(text)
            if frame.linked:
                self._links.append(text)
            else:
                self._is_all_linked = False

    def _enter(self, frame: _Frame) -> None:
        """Go on with the line in another box, or with a line of its own where that is another part of the page."""
        if self._boxes and self._is_of_another_part(frame.box):
            self.end(frame, next(box for box in self._boxes if self.page.boxes[box].part))
        self._boxes.append(frame.box)

    def _is_of_another_part(self, box: int) -> bool:
        """Whether the line so far is one part of the page and `box` another: a name and a stamp side by side."""
        boxes = self.page.boxes
        part = boxes[box].part
        return bool(part) and any(boxes[other].part not in ("", part) for other in self._boxes)

    def _end_cell(self) -> None:
        """Close a cell of a table row that stays on one line; a tab will set it off from the next."""
        if self._pieces:
            cell = "".join(self._pieces)
            self._pieces.clear()
            if cell.isascii():
                words = cell.split()
                if words:
                    cell = " ".join(words)
                    self._cells.append(cell)
                    self._size += len(cell) - len(words) + 1
            elif not cell.isspace():
                self._cells.append(_SPACE.sub(" ", cell).strip(" "))
                self._size += visible(cell)

    def end(self, frame: _Frame, box: int | None = None) -> None:
        """Close the line of the block of `frame`; it is that of `box`, else of the one inner box that holds it."""
        if not self._pieces and not self._cells:
            return
        self._end_cell()
        if self._cells:
            text = self._cells[0] if len(self._cells) == 1 else "\t".join(self._cells)
            if box is None:
                box = self._boxes[0] if len(self._boxes) == 1 else self._inner(frame.box)
            linked = self._size if self._is_all_linked else sum(map(visible, self._links))
            self.page.lines.append(Line(text, frame.kind, box, self._size, linked))
            self._cells.clear()
        self._boxes.clear()
        self._links.clear()
        self._is_all_linked, self._size = True, 0

    def _inner(self, block: int) -> int:
        """The one box with a part of its own among those of the line, else the block's."""
        inner = [box for box in self._boxes if box != block and self.page.boxes[box].part]
        return inner[0] if len(inner) == 1 and len(self._boxes) == 2 and block in self._boxes else block

    def _is_beside(self, node: LexborNode, element: Element) -> bool:
        """Whether an inline element is set beside what stands before it, not into a sentence with it.

        Links with nothing between them are (menus, lists of titles). So are elements that a class sets apart and whose
        first word would run into the word before: no reader sees `KabarUjiSenin, 4 Maret`.
        """
        before = self._before
        if before is not None and element.name == before.name == "a" and not self._text_since:
            return True
        if not (element.is_classed or (before is not None and before.is_classed)):
            return False
        if not self._pieces or not self._pieces[-1][-1:].isalnum():
            return False
        first = node.child
        return first is not None and bool(first.is_text_node) and (first.text_content or "")[:1].isalnum()


_INVISIBLE = re.compile(r"(?:^|;)\s{0,4}(?:display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden)", re.I)


def _is_invisible(style: str | None) -> bool:
    return style is not None and _INVISIBLE.search(style) is not None


def _has_linked_heading(element: LexborNode) -> bool:
    inner = [one.tag for one in islice(element.traverse(), 1, _INSIDE + 1)]
    return "a" in inner and not HEADINGS.isdisjoint({*inner} - {"h1"})


def _is_flat(row: LexborNode) -> bool:
    """Whether a table's row is data (short cells of plain text) and not a frame for parts of the page."""
    inner = row.traverse(include_text=True)
    for one in islice(inner, 1, _MOST_CELLS):
        if one.is_text_node:
            text = one.text_content or ""
            if len(text) >= RUNNING and len(text.strip()) >= RUNNING:
                return False
        elif one.tag == "br" or one.tag in _FRAMED:
            return False
    return next(inner, None) is None
