"""The region of the page that each line stands in, as the tag that goes with it: structure speaks before class words.

A line's tag is `PART:ELEMENT:a`. ELEMENT is the innermost telling element (`title`, `h1` to `h6`, `p`, `li`, `td`,
`figcaption`, `blockquote`, `time`, `address`, `button`, `label`, `option`, `pre`, `dt`, `dd`, else `div`). `:a` stands
where four fifths of the visible characters or more are links' text. PART is, in this order, if any:

- `article` for the headline of one of several articles, `headline` for that of the only one, `header` for the name of
  the site, `related` for what belongs to the card of another;
- what the innermost box announces by its name (`nav`, `header`, `footer`, `aside`), its ARIA role or a word of its
  class (knowledge/html.toml), unless what a word announces holds running text of the article;
- `text` in the stretch that holds the article's running text, and `beside` for running text outside of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from kliping.read.webpage.elements import HEADINGS
from kliping.read.webpage.lines import RUNNING, Box, Line, Lines
from kliping.read.webpage.page_metadata import PageMetadata, plain_words

_OF_ARTICLE = frozenset({"tags", "byline", "time", "caption", "summary"})
_WORDED = frozenset({"share", "ads", "tags", "aside", "byline", "time", "caption", "summary"})
"""Parts that hold the article where stylesheets use their words for something else. Menus, footers, comments and lists
of other articles hold running text which is not the article's."""
_FURNITURE = frozenset({"nav", "footer", "comments", "related", "tags", "aside"})
"""Parts behind which an article does not go on."""
_LESSER_HEADINGS = HEADINGS - {"h1"}
_NO_TEXT = HEADINGS | {"button", "label", "option", "td", "time", "address", "dt"}
"""Elements whose text never runs on into the next."""
_CARD = 3
"""Lines after the linked heading of another article that can belong to it: its date, author, teaser."""
_STOPS = (".", "!", "?", "…", '"', "”", "。", ")", ":", "’", "'")
_SENTENCE = 40
"""Characters from which a line that ends in a stop is running text."""
_LEAST_RUN = 200
"""Characters of one line that is running text by itself; a teaser is shorter."""
_ROW = 4
"""So many lines of running text, each alone between two links, are a list of teasers, however long."""
_LEAST_TEXT = 250
"""Characters of running text of a page whose article's place can be told by it."""
_MOST = 0.6
"""The share of the running text around it from which a box holds the article."""
_RIVAL = 0.5
"""So much of the running text outside of it, and what stands in boxes of one word is the article's after all."""
_NEARLY_ALL = 0.75
"""So much of the running text of a page, and what a menu, a footer or a list of others holds is the page."""
_LARGE = 0.25
"""So much of the article's text, and what follows it without a break is text of the same article in whatever box."""
_BREAK = 3
"""Links in a row that end an article; one or two point to other articles in the middle of it."""
_FEW = 3
_HEADLINE_PARTS = ("", "summary", "header", "time", "byline")
_LONGEST_HEADLINE = 300
"""Characters."""


class Placed(NamedTuple):
    """The lines that readers see with their tags, the page's title first."""

    text: tuple[str, ...]
    tags: tuple[str, ...]
    hidden: int
    """Visible characters of the lines that are left out."""
    runs: bool
    """Whether the page shows running text enough for an article."""


def placed(page: Lines, told: PageMetadata) -> Placed:
    """Return the lines of a page with their tags; `told` is what its markup says of it."""
    lines, boxes = page.lines, page.boxes
    prose = _Sums([_prose(line) for line in lines])
    hidden = _hidden(boxes, prose, len(lines))
    runs = [0 if gone else size for size, gone in zip(_runs(lines), hidden, strict=True)]
    parts = _parts(page, runs)
    texts = _Sums([0 if parts[line.box] else size for line, size in zip(lines, runs, strict=True)])
    own = dict.fromkeys(_leads(lines, boxes, prose), "article")
    headline = None if own else _headline(page, parts, texts, told)
    if headline is not None:
        own[headline] = "headline"
    core = _core(page, parts, texts, headline)
    named = {
        number for number, line in enumerate(lines) if line.size < _SENTENCE and plain_words(line.text) in told.sites
    }
    tags = [
        _tag(
            own.get(number) or ("header" if number in named else _part(number, line, parts[line.box], core, headline)),
            line,
        )
        for number, line in enumerate(lines)
    ]
    seen = [number for number, gone in enumerate(hidden) if not gone]
    title = [told.title] if told.title else []
    return Placed(
        (*title, *(lines[number].text for number in seen)),
        (*(_of_title(page, told, headline) if title else ()), *_cards([tags[number] for number in seen])),
        sum(line.size for line, gone in zip(lines, hidden, strict=True) if gone),
        texts.all >= _LEAST_TEXT,
    )


class _Sums:
    """Sums of a measure over stretches of lines."""

    def __init__(self, values: Sequence[int]) -> None:
        self.upto = [0, *accumulate(values)]

    @property
    def all(self) -> int:
        return self.upto[-1]

    def of(self, box: Box) -> int:
        return self.upto[box.end] - self.upto[box.first]

    def at(self, line: int) -> int:
        return self.upto[line + 1] - self.upto[line]


def _prose(line: Line) -> int:
    """Visible characters of running text: of sentences, not of links, labels and titles."""
    size = line.size - line.linked
    if size < _SENTENCE or line.element in _NO_TEXT or 2 * line.linked > line.size:
        return 0
    return size if size >= RUNNING or line.text.endswith(_STOPS) else 0


def _runs(lines: Sequence[Line]) -> list[int]:
    """The running text of each line that belongs to a run of it; teasers of a list, each between two links, do not.

    Where a page has nothing else, they count.
    """
    sizes = [_prose(line) for line in lines]
    whole = list(sizes)
    run: list[int] = []
    singles: list[int] = []
    for number, line in enumerate([*lines, None]):
        if line is not None and sizes[number]:
            run.append(number)
        elif line is None or (line.is_link and line.element not in ("p", "div", "td", "blockquote") and line.size > 15):
            if len(run) == 1:
                singles.append(run[0])
            if len(run) > 1 or line is None:
                _drop_teasers(singles, sizes)
                singles = []
            run = []
    return sizes if any(sizes) else whole


def _drop_teasers(singles: Sequence[int], sizes: list[int]) -> None:
    """Take for teasers, in place, what stands alone between links: each that is short, and a row of them."""
    for number in singles:
        if len(singles) >= _ROW or sizes[number] < _LEAST_RUN:
            sizes[number] = 0


def _hidden(boxes: Sequence[Box], prose: _Sums, size: int) -> list[bool]:
    """Which lines no reader sees; a hidden box with a third of the running text or more is opened by a script."""
    gone = [False] * size
    end = 0
    for box in boxes:
        if box.element.is_hidden and box.end > end and 3 * prose.of(box) < max(1, prose.all):
            gone[box.first : box.end] = [True] * (box.end - box.first)
            end = box.end
    return gone


def _parts(page: Lines, runs: Sequence[int]) -> list[str]:
    """The part of each box: its own if it announces one that holds no running text of the article, else its outer's.

    A part of an article (its date, tags, byline ...) inside a menu, a list or a footer is not this article's.
    """
    boxes = page.boxes
    running, headed = _Sums(runs), _headed(page)
    believed = [bool(box.part) and number not in headed for number, box in enumerate(boxes)]
    for number, box in enumerate(boxes):
        share = _RIVAL if box.part in _WORDED else _NEARLY_ALL
        if box.part and running.all and running.of(box) >= share * running.all:
            believed[number] = False
    parts = _inherited(boxes, believed)
    for _ in range(len(_WORDED)):
        word = _rival(page.lines, boxes, parts, believed, runs)
        if word is None:
            break
        for number, box in enumerate(boxes):
            if box.element.word == word and running.of(box):
                believed[number] = False
        parts = _inherited(boxes, believed)
    return parts


def _rival(
    lines: Sequence[Line], boxes: Sequence[Box], parts: Sequence[str], believed: Sequence[bool], runs: Sequence[int]
) -> str | None:
    """The word by which alone boxes are told that hold half as much running text as is left without them."""
    words: list[str] = []
    for number, box in enumerate(boxes):
        own = box.element.word if believed[number] and box.part in _WORDED and box.part == parts[number] else ""
        words.append(own or (words[box.parent] if number else ""))
    held: Counter[str] = Counter()
    left = 0
    for line, size in zip(lines, runs, strict=True):
        if size and words[line.box]:
            held[words[line.box]] += size
        elif size and not parts[line.box]:
            left += size
    size, word = max(((size, word) for word, size in held.items()), default=(0, ""))
    return word if size > _RIVAL * left else None


def _inherited(boxes: Sequence[Box], believed: Sequence[bool]) -> list[str]:
    parts: list[str] = []
    for number, box in enumerate(boxes):
        around = parts[box.parent] if number else ""
        own = believed[number] and not (around and box.part in _OF_ARTICLE)
        parts.append(box.part if own else around)
    return parts


def _headed(page: Lines) -> set[int]:
    """The boxes around the page's heading."""
    found: set[int] = set()
    headings = [line for line in page.lines if line.element == "h1" and len(line.text.split()) >= _FEW]
    for line in headings[:_FEW]:
        number = line.box
        while number not in found:
            found.add(number)
            number = page.boxes[number].parent
    return found


def _core(page: Lines, parts: Sequence[str], texts: _Sums, headline: int | None) -> tuple[int, int] | None:
    """[first, end) of the lines that hold the article's running text; None where its place cannot be told."""
    if texts.all < _LEAST_TEXT:
        return None
    boxes = page.boxes
    best: dict[int, int] = {}
    for number in range(len(boxes) - 1, 0, -1):
        outer = boxes[number].parent
        if outer not in best or texts.of(boxes[number]) >= texts.of(boxes[best[outer]]):
            best[outer] = number
    number = 0
    while number in best and texts.of(boxes[best[number]]) >= _MOST * texts.of(boxes[number]):
        number = best[number]
    return _extended(page, parts, texts, number, headline)


def _extended(page: Lines, parts: Sequence[str], texts: _Sums, core: int, headline: int | None) -> tuple[int, int]:
    """The lines of the box `core`, and of those before and behind it in which the same article goes on."""
    box = page.boxes[core]
    chain, joins = _classes_around(page, core), {}
    least = _LARGE * texts.of(box)
    top = 0 if headline is None or headline >= box.first else headline
    first, end = box.first, box.end
    for step, edge in ((1, len(page.lines)), (-1, top - 1)):
        number, gap = (end if step > 0 else first - 1), 0
        while number != edge and gap < _BREAK:
            line = page.lines[number]
            if _is_data(line) and not gap:
                first, end = min(first, number), max(end, number + 1)
            elif texts.at(number):
                if line.box not in joins:
                    size = texts.of(page.boxes[_outermost(page, line.box, core)])
                    joins[line.box] = size >= least or not chain.isdisjoint(_classes_around(page, line.box))
                if not joins[line.box]:
                    break
                first, end, gap = min(first, number), max(end, number + 1), 0
            elif line.is_link or parts[line.box] in _FURNITURE:
                gap += 1
            number += step
    return first, end


def _classes_around(page: Lines, number: int) -> frozenset[str]:
    """The classes of a box and of the three around it: those of one layout name their columns alike."""
    found: set[str] = set()
    for _ in range(_FEW):
        found |= page.boxes[number].element.classes
        number = page.boxes[number].parent
    return frozenset(found)


def _outermost(page: Lines, number: int, core: int) -> int:
    """The largest box around a box that does not hold the box `core`."""
    boxes = page.boxes
    first, end = boxes[core].first, boxes[core].end
    while number and not (boxes[boxes[number].parent].first <= first and end <= boxes[boxes[number].parent].end):
        number = boxes[number].parent
    return number


def _leads(lines: Sequence[Line], boxes: Sequence[Box], prose: _Sums) -> set[int]:
    """The headlines of a page's `<article>`s, none where it has but one; an article in another is a part of it."""
    found: list[int] = []
    end = 0
    for box in boxes:
        if box.element.name == "article" and box.first >= end and prose.of(box):
            end = box.end
            found += [n for n in range(box.first, box.end) if lines[n].element in ("h1", "h2", "h3")][:1]
    return set(found) if len(found) > 1 else set()


def _headline(page: Lines, parts: Sequence[str], texts: _Sums, told: PageMetadata) -> int | None:
    """The line that is the article's headline: the `<h1>` above its text that is neither a link nor the site's name.

    Of several, the one that the page's title or markup says again, else the last above the text.
    """
    first = next((number for number in range(len(page.lines)) if texts.upto[number + 1]), len(page.lines))
    found = [
        number
        for number, line in enumerate(page.lines)
        if line.element == "h1"
        and not line.is_link
        and parts[line.box] in _HEADLINE_PARTS
        and len(line.text) <= _LONGEST_HEADLINE
        and plain_words(line.text) not in told.sites
    ]
    said = plain_words(" ".join((told.title, *told.headlines)))
    again = [number for number in found if plain_words(page.lines[number].text) in said]
    above = [number for number in again or found if number < first]
    return above[-1] if above else again[0] if again else None


def _of_title(page: Lines, told: PageMetadata, headline: int | None) -> list[str]:
    """The tag of the page's title: no headline where it is the site's name, or another than the one on the page."""
    title = plain_words(told.title)
    others = [page.lines[headline].text] if headline is not None else told.headlines
    is_other = headline is not None and plain_words(others[0]) not in title
    if headline is None and others:
        is_other = not any(plain_words(text) in title for text in others)
    return ["nav:title"] if is_other or title in told.sites else ["title"]


def _is_data(line: Line) -> bool:
    """Whether a line is a row of a table of data."""
    return line.element == "td" and "\t" in line.text and not line.is_link


def _part(number: int, line: Line, part: str, core: tuple[int, int] | None, headline: int | None) -> str:
    """The part that a line's tag names, by the part of its box."""
    if core is None:
        return part
    if part == "tags" and line.is_link and number < max(core[0], headline or 0):
        return "nav"
    if part in _WORDED and core[0] <= number < core[1] and _is_data(line):
        return "text"
    if part:
        return part
    if core[0] <= number < core[1]:
        return "" if line.is_link else "text"
    if headline is not None and headline < number < core[0] and line.element != "li":
        return ""
    return "beside" if _prose(line) else ""


def _tag(part: str, line: Line) -> str:
    tag = f"{part}:{line.element}" if part else line.element
    return f"{tag}:a" if line.is_link else tag


def _cards(tags: Sequence[str]) -> Iterator[str]:
    """The tags, with what follows another article's linked heading (its date, author, teaser) as part of a list."""
    since = _CARD + 1
    for tag in tags:
        part, _, rest = tag.partition(":")
        own = part in _OF_ARTICLE and part != "tags"
        yield f"related:{rest}" if own and since <= _CARD else tag
        element = tag.removesuffix(":a").rpartition(":")[2]
        heads = tag.endswith(":a") and element in _LESSER_HEADINGS and not own
        since = 1 if heads else _CARD + 1 if element == "h1" else since + 1
