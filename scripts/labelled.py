"""Reads the hand-labelled pages in ../shared, each with the crawl and the outlet it came from, and says what to learn.

Ids of crawls/ that end in an odd digit are held out: `read_held_out` alone reads them, to score them once, at the end.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile
from pathlib import Path
from types import ModuleType
from typing import Any

from scorer import load_scorer

_SITE_NAME = re.compile(r" ?(?:\|| [-–] )[^|]{2,40}$")
CRAWLS = "befg"
"""What the ids of crawls/ begin with."""
COPIES = {"flat": (), "glued": ("--glue",)}
"""The one-line copies that flatten.py makes: lines joined by one space, or by nothing."""
PARTS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "gold": ("gold", lambda name: name.startswith("d")),
    "seeds": ("gold", lambda name: name.startswith("s")),
    "crawls-even": ("crawls", lambda name: True),
}
"""The sets that may be read: the folder, and which of its pages."""
TITLED = "titled"
"""The joint of pages with their crawler's own title set above them, as people paste title and text together."""
FRAMED = "framed"
"""The joint of titled pages with the menus of another page above."""
_MENU_LINES = 4
"""A page has menus on top if it begins with so many lines of them."""
SETS = tuple(f"{part}{joint}" for part in PARTS for joint in ("", *(f"-{copy}" for copy in COPIES)))
TRAINING: Mapping[str, float] = {
    "gold": 1.0,
    "gold-flat": 0.35,
    "gold-glued": 0.2,
    "seeds": 1.0,
    "seeds-flat": 0.5,
    "seeds-glued": 0.4,
    "crawls-even": 1.0,
    "crawls-even-flat": 0.25,
    "crawls-even-glued": 0.12,
    "gold-titled": 0.5,
    "crawls-even-titled": 0.5,
    "gold-flat-titled": 0.5,
    "gold-glued-titled": 0.3,
    "crawls-even-flat-titled": 0.5,
    "gold-framed": 0.5,
    "crawls-even-framed": 0.5,
}
"""What the roles' model learns from: sets, and what a page of each counts."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled page or its one-line copy. `spans` are (start, end, role), code points, end exclusive."""

    id: str
    """The id of the page, which a copy shares: `d001`."""
    joint: str
    """Empty for the page as it is, `flat` or `glued` for a copy."""
    text: str
    spans: tuple[tuple[int, int, str], ...]
    label: dict[str, Any]
    outlet: str | None
    """The brand of the labelled outlet as score.py compares it: `kompas`."""
    crawl: str
    url: str | None
    title: str | None
    """As the crawler kept it, perhaps with the site's name."""
    weight: float = 1.0
    """What the page counts in training."""
    also: tuple[str, ...] = ()
    """The ids of other pages that a composed page holds text of; it is left out wherever one of them is."""

    @property
    def origins(self) -> tuple[str, ...]:
        """The ids of all pages that it holds text of."""
        return (self.id, *self.also)

    @property
    def name(self) -> str:
        """The id, with the joint of a copy: `d001-flat`."""
        return f"{self.id}-{self.joint}" if self.joint else self.id

    @property
    def set(self) -> str:
        """The one of SETS that the page belongs to."""
        part = "crawls-even" if self.id[0] in CRAWLS else "seeds" if self.id[0] == "s" else "gold"
        return f"{part}-{self.joint}" if self.joint else part


def examples(shared: Path, sets: Mapping[str, float] = TRAINING) -> list[Labelled]:
    """Return what the roles' model learns from: the pages of the sets, each with its weight."""
    return [replace(page, weight=weight) for name, weight in sets.items() for page in read_set(shared, name)]


def groups(pages: Iterable[Labelled], by: str) -> dict[str, str]:
    """Return the group of every page's id: its `crawl`, or its `outlet`.

    Pages that share a registered domain or a labelled outlet are of one group by outlet; so are a page and its copies.
    """
    pages = list(pages)
    if by == "crawl":
        return {page.id: page.crawl for page in pages}
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for page in pages:
        for key in _outlet_keys(page):
            parent[root(key)] = root(f"page:{page.id}")
    return {page.id: root(f"page:{page.id}") for page in pages}


def _outlet_keys(page: Labelled) -> Iterator[str]:
    if page.url:
        yield f"domain:{registered_domain(page.url)}"
    if page.outlet:
        yield f"outlet:{page.outlet}"


def registered_domain(url: str) -> str:
    """Return the registered domain of a URL: `https://x.kabar.co.id/a` gives `kabar.co.id`."""
    parts = re.sub(r"^https?://", "", url).split("/")[0].split(".")
    return ".".join(parts[-3:] if len(parts) > 2 and parts[-2] in ("co", "or", "go", "ac") else parts[-2:])


def held_out(name: str) -> bool:
    """Tell whether a page must stay unread: ids of crawls/ that end in an odd digit."""
    return name[:1] in CRAWLS and int(name[-1]) % 2 == 1


def read_set(shared: Path, name: str) -> list[Labelled]:
    """Return the pages of one of SETS, sorted by id; a copy that equals its page is left out."""
    if name.endswith(f"-{TITLED}"):
        return list(titled(shared, name.removesuffix(f"-{TITLED}")))
    if name.endswith(f"-{FRAMED}"):
        return list(framed(shared, name.removesuffix(f"-{FRAMED}")))
    part = name.removesuffix("-flat").removesuffix("-glued")
    folder, wanted = PARTS[part]
    if part == name:
        return list(read_folder(shared / folder, wanted))
    return copies(shared / folder, name.removeprefix(f"{part}-"), wanted)


def titled(shared: Path, part: str) -> Iterator[Labelled]:
    """Yield the pages of a set that show no title, with the one that their crawler kept set above or before them.

    Every third page with lines has a blank line behind each of them.
    """
    for number, source in enumerate(read_set(shared, part)):
        page = source if number % 3 else _spaced(source)
        title = _SITE_NAME.sub("", page.title or "").strip()
        if len(title.split()) < 2 or page.label["headline"] or not page.spans:
            continue
        line = "\n" if number % 3 else "\n\n"
        joint = line if "\n" in page.text else "" if page.joint == "glued" else " "
        shift = len(title) + len(joint)
        spans = ((0, len(title), "headline"), *((start + shift, end + shift, role) for start, end, role in page.spans))
        label = {**page.label, "headline": title}
        yield replace(
            page,
            joint=f"{page.joint}-{TITLED}".lstrip("-"),
            text=f"{title}{joint}{page.text}",
            spans=spans,
            label=label,
        )


def _spaced(page: Labelled) -> Labelled:
    """Return a page with its line breaks doubled."""
    shift = list(accumulate(map("\n".__eq__, page.text), initial=0))
    spans = tuple((start + shift[start], end + shift[end], role) for start, end, role in page.spans)
    return replace(page, text=page.text.replace("\n", "\n\n"), spans=spans)


def framed(shared: Path, part: str) -> Iterator[Labelled]:
    """Yield the titled pages of a set that have lines, each below the menus of another page, which take turns."""
    donors = [page for page in read_set(shared, part) if len(_menus(page)) >= _MENU_LINES]
    pages = [page for page in titled(shared, part) if "\n" in page.text and not _menus(page)]
    for number, page in enumerate(pages if donors else ()):
        donor = donors[number % len(donors)]
        menus = _menus(donor)[: _MENU_LINES + number % 37]
        shift = menus[-1][1] + 1
        text = f"{donor.text[: menus[-1][1]]}\n{page.text}"
        spans = (*menus, *((start + shift, end + shift, role) for start, end, role in page.spans))
        yield replace(page, joint=FRAMED, text=text, spans=spans, also=(donor.id,))


def _menus(page: Labelled) -> tuple[tuple[int, int, str], ...]:
    """Return the spans of the menus on top of a page."""
    return tuple(takewhile(lambda span: span[2] == "navigation", page.spans))


def read_folder(folder: Path, wanted: Callable[[str], bool] = bool) -> Iterator[Labelled]:
    """Yield the pages of a folder with docs/ID.txt and labels/ID.json, sorted by id, but those held out."""
    yield from _read(folder, load_scorer(folder), _sources(folder), "", wanted)


def read_held_out(shared: Path) -> list[Labelled]:
    """Return the pages of crawls/ that are scored once, at the end. Nobody reads them or learns from them before."""
    folder = shared / "crawls"
    return list(_read(folder, load_scorer(folder), _sources(folder), "", held_out, hold_out=False))


def copies(folder: Path, joint: str, wanted: Callable[[str], bool] = bool) -> list[Labelled]:
    """Return the one-line copies of a folder's pages, by flatten.py; it leaves out pages of more than 60 lines."""
    scorer, sources = load_scorer(folder), _sources(folder)
    texts = {page.id: page.text for page in _read(folder, scorer, sources, "", wanted)}
    with tempfile.TemporaryDirectory() as work:
        original, flat = Path(work, "original"), Path(work, "flat")
        for part, end in (("docs", "txt"), ("labels", "json")):
            (original / part).mkdir(parents=True)
            for name in texts:
                shutil.copy(folder / part / f"{name}.{end}", original / part)
        command = [sys.executable, folder.parent / "flatten.py", original, flat, *COPIES[joint]]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return [page for page in _read(flat, scorer, sources, joint, wanted) if page.text != texts[page.id]]


def _sources(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / "sources.json"
    return {source["id"]: source for source in json.loads(path.read_text("utf-8"))} if path.is_file() else {}


def _read(
    folder: Path,
    scorer: ModuleType,
    sources: dict[str, dict[str, Any]],
    joint: str,
    wanted: Callable[[str], bool],
    *,
    hold_out: bool = True,
) -> Iterator[Labelled]:
    for path in sorted((folder / "labels").glob("*.json")):
        name = path.stem
        if (hold_out and held_out(name)) or not wanted(name):
            continue
        text = (folder / "docs" / f"{name}.txt").read_bytes().decode("utf-8")
        label = json.loads(path.read_text("utf-8"))
        source = sources.get(name, {})
        spans, outlet = tuple(scorer.gold_spans(text, label)), label["outlet"] and scorer.brand(label["outlet"])
        crawl = source.get("crawl") or "seeds"
        yield Labelled(name, joint, text, spans, label, outlet, crawl, source.get("url"), source.get("title"))
