"""The visible text of a page, a line a block in the page's order, each with the box of the page that it stands in.

Nothing is judged here. Text is kept as readers see it, hidden text too: `places` says what becomes of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from selectolax.lexbor import LexborNode

from kliping import knowledge
from kliping.read.webpage.tree import MAX_DEPTH, too_deep

_DROPPED = frozenset({
    "script", "style", "noscript", "template", "head", "iframe", "object", "embed", "applet", "audio", "video",
    "canvas", "svg", "math", "map", "datalist", "textarea",
})  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TELLING = HEADINGS | {
    "p", "li", "td", "th", "figcaption", "caption", "blockquote", "time", "address", "button", "label", "option", "pre",
    "dt", "dd",
}  # fmt: skip
_BLOCKS = _TELLING | {
    "article", "aside", "body", "center", "details", "dialog", "dir", "div", "dl", "fieldset", "figure", "footer",
    "form", "header", "hgroup", "hr", "html", "legend", "main", "menu", "nav", "ol", "optgroup", "search", "section",
    "select", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip
_FRAMED = _BLOCKS - {"td", "th", "p"}
_SECTIONS = frozenset({"article", "section", "main", "aside", "li"})
_SAID_AS = {"th": "td", "caption": "figcaption"}
_LANDMARKS = {"nav": "nav", "footer": "footer", "aside": "aside", "header": "header", "figure": "caption", "menu": "nav"}
_ARIA = {"navigation": "nav", "contentinfo": "footer", "complementary": "aside", "banner": "header", "search": "nav"}
_BOXES = frozenset({"a", "span", "em", "strong", "b", "i", "small"})
"""Inline elements that stylesheets often set side by side as boxes of their own."""
_FLOWING = HEADINGS | {"p", "blockquote"}
"""Elements in which inline elements are parts of a sentence."""
_INSIDE = 20
"""Elements of a header that are looked at for the title it links to."""
_LONGEST_NAMES = 300
"""Characters of class and id; whoever writes more says nothing by them."""

_SPACE = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
"""HTML's white space, and what else would end a line of the extracted text."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_INVISIBLE = re.compile(r"(?:^|;)\s{0,4}(?:display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden)", re.I)
RUNNING = 80
"""Characters from which a piece of text is running text: links and labels are shorter."""


@dataclass(slots=True)
class Box:
    """An element that can frame a part of the page."""

    name: str
    parent: int
    """Its number in Lines.boxes; the root is its own."""
    part: str = ""
    """What its name, role or class announces, "" for nothing."""
    by_word: bool = False
    """Whether only a word of its class or id says so."""
    hidden: bool = False
    sectioned: bool = False
    """Whether it stands in an article, section or list item, where a `<header>` is not the site's."""
    first: int = 0
    """Its first line."""
    end: int = 0
    """The line behind its last."""


@dataclass(slots=True)
class Line:
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


@dataclass(slots=True)
class _Frame:
    """An open element: where the walk stands."""

    id: int
    name: str
    kind: str
    box: int
    linked: bool = False
    flat: bool = False
    """Whether it stands in a table's row that stays on one line."""
    dropped: bool = False
    last_child: str = ""
    last_was_classed: bool = False
    text_since: bool = False
    """Whether text stands behind the last child."""


@dataclass(slots=True)
class Lines:
    """The lines so far, and the one that is being put together."""

    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    title: str = ""
    _pieces: list[str] = field(default_factory=list)
    _cells: list[str] = field(default_factory=list)
    _linked: int = 0
    _boxes: list[int] = field(default_factory=list)
    """Where the visible pieces of the line stand, each box once."""

    @property
    def runs_on(self) -> bool:
        """Whether the line so far ends in a letter or digit, so that what follows without a space runs into it."""
        return bool(self._pieces) and self._pieces[-1][-1:].isalnum()

    def add(self, piece: str, frame: _Frame) -> None:
        """Add text of the page as it stands in the markup."""
        if piece.isspace():
            if self._pieces:
                self._pieces.append(" ")
            return
        if self._is_of_another_part(frame.box):
            self.end(frame)
        self._pieces.append(piece)
        if frame.linked:
            self._linked += visible(piece)
        if not self._boxes or self._boxes[-1] != frame.box:
            self._boxes.append(frame.box)

    def _is_of_another_part(self, box: int) -> bool:
        """Whether the line so far is one part of the page and `box` another: a name and a stamp side by side."""
        if not self._boxes or box in self._boxes:
            return False
        part = self.boxes[box].part
        return bool(part) and any(self.boxes[other].part not in ("", part) for other in self._boxes)

    def end_cell(self) -> None:
        """Close a cell of a table row that stays on one line; a tab will set it off from the next."""
        if self._pieces:
            cell = _SPACE.sub(" ", "".join(self._pieces)).strip(" ")
            if cell.strip():
                self._cells.append(cell)
            self._pieces.clear()

    def end(self, frame: _Frame) -> None:
        """Close the line of the block of `frame`; where all of it stands in one inner box, it is that box's."""
        self.end_cell()
        if self._cells:
            text = "\t".join(self._cells)
            box = self._boxes[0] if len(self._boxes) == 1 else self._inner(frame.box)
            self.lines.append(Line(text, frame.kind, box, visible(text), self._linked))
            self._cells.clear()
        self._boxes.clear()
        self._linked = 0

    def _inner(self, block: int) -> int:
        """The one box with a part of its own among those of the line, else the block's."""
        inner = [box for box in self._boxes if box != block and self.boxes[box].part]
        return inner[0] if len(inner) == 1 and len(self._boxes) == 2 and block in self._boxes else block


def visible(text: str) -> int:
    """Return how many characters of a text are no white space."""
    return len("".join(text.split()))


def visible_lines(root: LexborNode) -> Lines:
    """Return a page's lines and boxes. Raises UnreasonableMarkup where it is nested too deep."""
    lines = Lines(boxes=[Box("html", 0)])
    stack = [_Frame(-1, "", "div", 0)]
    for node in root.traverse(include_text=True):
        parent = node.parent
        outer_id = parent.mem_id if parent is not None else -1
        while len(stack) > 1 and stack[-1].id != outer_id:
            _close(lines, stack.pop())
        outer = stack[-1]
        if node.is_text_node:
            if not outer.dropped:
                _text(lines, node.text_content or "", outer)
        elif node.is_element_node:
            if len(stack) > MAX_DEPTH:
                raise too_deep()
            stack.append(_opened(lines, node, outer))
    while len(stack) > 1:
        _close(lines, stack.pop())
    lines.end(stack[0])
    lines.boxes[0].end = len(lines.lines)
    return lines


def _opened(lines: Lines, node: LexborNode, outer: _Frame) -> _Frame:
    """The frame of an element, after what its beginning does to the line before it."""
    name = node.tag or ""
    if name == "title" and outer.name == "head" and not lines.title:
        lines.title = _SPACE.sub(" ", node.text(deep=True)).strip(" ")
    if outer.dropped or name in _DROPPED:
        return _Frame(node.mem_id, name, outer.kind, outer.box, dropped=True)
    attributes = node.attributes
    if name in _BLOCKS:
        _open(lines, outer, name)
    elif name == "br":
        if outer.kind in HEADINGS:
            lines.add(" ", outer)
        else:
            lines.end(outer)
    elif _is_box_of_its_own(node, name, attributes, outer, lines.runs_on):
        lines.end(outer)
    outer.last_child, outer.last_was_classed, outer.text_since = name, "class" in attributes, False
    kind = _SAID_AS.get(name, name) if name in _TELLING and not _in_sentence(name, outer) else outer.kind
    frame = _Frame(node.mem_id, name, kind, outer.box, outer.linked or name == "a", outer.flat and name != "table")
    if name == "p" and outer.flat:
        frame.kind = outer.kind
    if name == "tr":
        frame.flat = _is_flat(node)
        frame.kind = "td" if frame.flat else kind
    if name != "a" and (attributes or name in _BLOCKS):
        frame.box = _boxed(lines, node, name, attributes, outer.box)
    return frame


def _boxed(lines: Lines, node: LexborNode, name: str, attributes: dict[str, str | None], outer: int) -> int:
    """The number of the box that an element opens; that of the box around it where it opens none."""
    around = lines.boxes[outer]
    part, by_word = _part(node, name, attributes, around)
    hidden = _is_hidden(attributes)
    if not part and not hidden and (name in _TELLING or name not in _BLOCKS):
        return outer
    sectioned = around.sectioned or name in _SECTIONS
    lines.boxes.append(Box(name, outer, part, by_word, hidden, sectioned, len(lines.lines), -1))
    return len(lines.boxes) - 1


def _open(lines: Lines, outer: _Frame, name: str) -> None:
    if outer.flat and name in ("td", "th"):
        lines.end_cell()
    elif not (outer.flat and name == "p") and not _in_sentence(name, outer):
        lines.end(outer)


def _close(lines: Lines, frame: _Frame) -> None:
    if frame.dropped:
        return
    name = frame.name
    if name in _BLOCKS:
        if frame.flat and name == "p":
            lines.add(" ", frame)
        elif not (frame.flat and name in ("td", "th")) and not (name == "time" and frame.kind == "p"):
            lines.end(frame)
    box = lines.boxes[frame.box]
    box.end = len(lines.lines)


def _in_sentence(name: str, outer: _Frame) -> bool:
    return name == "time" and outer.kind == "p"


def _text(lines: Lines, text: str, frame: _Frame) -> None:
    if not text:
        return
    if not text.isspace():
        frame.text_since = True
    if frame.kind != "pre":
        lines.add(text, frame)
        return
    first, *others = text.split("\n")
    lines.add(first, frame)
    for line in others:
        lines.end(frame)
        lines.add(line, frame)


@cache
def _part_words() -> dict[str, str]:
    return {word: part for part, words in knowledge.load("html.toml")["parts"].items() for word in words}


@cache
def _hidden_classes() -> frozenset[str]:
    return frozenset(knowledge.load("html.toml")["hidden"]["classes"])


def _part(node: LexborNode, name: str, attributes: dict[str, str | None], around: Box) -> tuple[str, bool]:
    """The part of the page that an element announces, and whether only a word of its class does."""
    if name == "header" and around.sectioned:
        return ("related", False) if _has_linked_heading(node) else ("", False)
    part = _LANDMARKS.get(name) or (_ARIA.get(attributes.get("role") or "") if "role" in attributes else None)
    if part:
        return part, False
    if name in ("html", "body") or not ("class" in attributes or "id" in attributes):
        return "", False
    part = _part_by_names(attributes.get("class") or "", attributes.get("id") or "")
    return part, bool(part)


@cache
def _part_of_word(word: str) -> str:
    return _part_words().get(word.lower(), "")


def _part_by_names(classes: str, identifier: str) -> str:
    named = f"{classes} {identifier}"
    if len(named) < 3 or len(named) > _LONGEST_NAMES:
        return ""
    words = _part_words()
    return next((words[word] for word in map(str.lower, _WORD.findall(named)) if word in words), "")


def _has_linked_heading(element: LexborNode) -> bool:
    inner = [one.tag for one in islice(element.traverse(), 1, _INSIDE + 1)]
    return "a" in inner and not HEADINGS.isdisjoint({*inner} - {"h1"})


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if not attributes:
        return False
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if style and _INVISIBLE.search(style):
        return True
    classes = attributes.get("class")
    return bool(classes) and not _hidden_classes().isdisjoint(classes.split())


def _is_box_of_its_own(
    node: LexborNode, name: str, attributes: dict[str, str | None], outer: _Frame, runs_on: bool
) -> bool:
    """Whether an inline element is set beside what stands before it, not into a sentence with it.

    Links with nothing between them are (menus, lists of titles). So are elements that a class sets apart and whose
    first word would run into the word before: no reader sees `KabarUjiSenin, 4 Maret`.
    """
    if name not in _BOXES or outer.kind in _FLOWING:
        return False
    if name == "a" == outer.last_child and not outer.text_since:
        return True
    if not runs_on or not ("class" in attributes or outer.last_was_classed):
        return False
    first = node.child
    return first is not None and bool(first.is_text_node) and (first.text_content or "")[:1].isalnum()


def _is_flat(row: LexborNode) -> bool:
    """Whether a table's row is data (short cells of plain text) and not a frame for parts of the page."""
    for inner in islice(row.traverse(include_text=True), 1, None):
        if inner.is_text_node:
            text = inner.text_content or ""
            if len(text) >= RUNNING and len(text.strip()) >= RUNNING:
                return False
        elif inner.tag == "br" or inner.tag in _FRAMED:
            return False
    return True


def _unused(lines: Sequence[Line]) -> int:
    """Return how many visible characters lines hold."""
    return sum(line.size for line in lines)
