"""Reads the hand-labelled pages in ../shared, with the crawl each came from; pages kept for the end stay unread.

Ids of crawls/ that end in an odd digit are held out: they are scored once, at the end, and nothing here reads them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from scorer import load_scorer

COPIES = {"flat": (), "glued": ("--glue",)}
"""The one-line copies that flatten.py makes: lines joined by one space, or by nothing."""
PARTS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "gold": ("gold", lambda name: name.startswith("d")),
    "seeds": ("gold", lambda name: name.startswith("s")),
    "crawls-even": ("crawls", lambda name: True),
}
"""The sets that may be read: the folder, and which of its pages."""
SETS = tuple(f"{part}{joint}" for part in PARTS for joint in ("", *(f"-{copy}" for copy in COPIES)))


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
    crawl: str
    url: str | None

    @property
    def name(self) -> str:
        """The id, with the joint of a copy: `d001-flat`."""
        return f"{self.id}-{self.joint}" if self.joint else self.id


def held_out(name: str) -> bool:
    """Tell whether a page must stay unread: ids of crawls/, which begin with b, e, f or g, that end in an odd digit."""
    return name[:1] in "befg" and int(name[-1]) % 2 == 1


def read_set(shared: Path, name: str) -> list[Labelled]:
    """Return the pages of one of SETS, sorted by id; a copy that equals its page is left out."""
    part = name.removesuffix("-flat").removesuffix("-glued")
    folder, wanted = PARTS[part]
    if part == name:
        return list(read_folder(shared / folder, wanted))
    return copies(shared / folder, name.removeprefix(f"{part}-"), wanted)


def read_folder(folder: Path, wanted: Callable[[str], bool] = bool) -> Iterator[Labelled]:
    """Yield the pages of a folder with docs/ID.txt and labels/ID.json, sorted by id, but those held out."""
    yield from _read(folder, load_scorer(folder), _sources(folder), "", wanted)


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
    folder: Path, scorer: ModuleType, sources: dict[str, dict[str, Any]], joint: str, wanted: Callable[[str], bool]
) -> Iterator[Labelled]:
    for path in sorted((folder / "labels").glob("*.json")):
        name = path.stem
        if held_out(name) or not wanted(name):
            continue
        text = (folder / "docs" / f"{name}.txt").read_bytes().decode("utf-8")
        label = json.loads(path.read_text("utf-8"))
        source = sources.get(name, {})
        spans = tuple(scorer.gold_spans(text, label))
        yield Labelled(name, joint, text, spans, label, source.get("crawl") or "seeds", source.get("url"))
