"""Prints labelled pages beside what kliping makes of them, only where the two differ.

usage: read_errors.py [FOLDER ...] [--set NAME ...] [--ids d001,d002] [--all] [--width N] [--shared DIR]

FOLDER holds docs/ID.txt and labels/ID.json; NAME is one of the sets below. A row is `labelled / ours  text
[rule]`; text is cut where either side changes. --all shows what agrees too, so that a page can be read whole.
Ids of crawls/ that end in an odd digit are refused.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from labelled import SETS, Labelled, held_out, read_folder, read_set
from scorer import load_scorer

from kliping import annotate
from kliping.model import Annotation, SetAside

FIELDS = {
    "headline": "headline",
    "outlet": "outlet_name",
    "place": "dateline_place",
    "published": "published_date",
    "authors": "authors",
    "editors": "editors",
    "sources": "cited_sources",
}
"""A label's key, and the value of `Metadata` that it is compared with."""
Row = tuple[str, str, str, str]


def shared_folder() -> Path:
    """Return the folder of labelled sets that stands beside this checkout, or beside this file."""
    here = Path(__file__).resolve()
    return next((p / "shared" for p in here.parents if (p / "shared" / "score.py").is_file()), here.parent / "shared")


def rows(page: Labelled, found: Annotation | None) -> Iterator[Row]:
    """Yield (labelled role, our role, text, our rule) of every stretch of the page, in order."""
    size = len(page.text)
    labelled, ours = [""] * size, [("-", "")] * size
    for start, end, role in page.spans:
        labelled[start:end] = [role] * (end - start)
    for segment in found.segments if found else ():
        ours[segment.start : segment.end] = [(segment.role, segment.rule)] * (segment.end - segment.start)
    visible = [k for k in range(size) if not page.text[k].isspace()]
    for (role, (our_role, rule)), stretch in groupby(visible, key=lambda k: (labelled[k], ours[k])):
        places = list(stretch)
        yield role, our_role, page.text[places[0] : places[-1] + 1], rule


def differing_fields(page: Labelled, found: Annotation | None) -> Iterator[tuple[str, str, str]]:
    """Yield (field, labelled value, our value) where they differ, compared as score.py does."""
    scorer = load_scorer(shared_folder() / "gold")
    for key, column in FIELDS.items():
        same = scorer.brand if key in ("outlet", "sources") else scorer.norm
        value = getattr(found.metadata, column) if found else None
        sides = [_values(page.label[key]), _values(value)]
        if {same(v) for v in sides[0]} != {same(v) for v in sides[1]}:
            yield key, *("; ".join(side) or "-" for side in sides)


def _values(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return list(map(str, value))
    return [] if value is None else [str(value)]


def shortened(text: str, width: int) -> str:
    """Return a text in one line; of a long one the beginning and the end."""
    line = " ⏎ ".join(text.splitlines())
    half = (width - 3) // 2
    return line if len(line) <= width else f"{line[:half]} … {line[-half:]}"


def show(page: Labelled, *, everything: bool, width: int) -> bool:
    """Print one page; tell whether anything differs."""
    try:
        found, refused = annotate(page.text), ""
    except SetAside as reason:
        found, refused = None, f"  SET ASIDE, {reason}"
    table, fields = list(rows(page, found)), list(differing_fields(page, found))
    differs = bool(fields) or any(ours != role for role, ours, _, _ in table)
    if not (differs or everything):
        return False
    print(f"\n== {page.name}  {page.crawl}  {page.url or ''}{refused}")
    for key, labelled, ours in fields:
        print(f"   {key}: {labelled}  / ours: {ours}")
    for role, ours, text, rule in table:
        if everything or ours != role:
            sides = f"{role}" if ours == role else f"{role} / {ours}"
            print(f" {' ' if ours == role else '!'} {sides:27} {shortened(text, width)}  [{rule}]")
    return differs


def chosen(folders: Sequence[Path], names: Sequence[str], ids: Sequence[str], shared: Path) -> Iterator[Labelled]:
    """Yield the pages asked for."""
    refused = [name for name in ids if held_out(name)]
    if refused:
        sys.exit(f"read_errors: {', '.join(refused)}: odd ids of crawls/ stay unread until the end")
    if not folders and not names:
        names = sorted({"crawls-even" if i[0] in "befg" else "seeds" if i[0] == "s" else "gold" for i in ids})
    for folder in folders:
        yield from read_folder(folder.resolve(), lambda name: not ids or name in ids)
    for name in names:
        yield from (page for page in read_set(shared, name) if not ids or page.id in ids)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the pages asked for, and how many of them differ."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="sets: " + " ".join(SETS), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--set", dest="sets", action="append", choices=SETS, default=[], metavar="NAME")
    parser.add_argument("--ids", default="", help="comma-separated")
    parser.add_argument("--all", action="store_true", help="what agrees too")
    parser.add_argument("--width", type=int, default=200, help="characters of a text to show")
    parser.add_argument("--shared", type=Path, default=shared_folder())
    options = parser.parse_args(arguments)
    ids = [name for name in options.ids.split(",") if name]
    if not options.folders and not options.sets and not ids:
        parser.error("name a folder, a set or ids")
    pages = list(chosen(options.folders, options.sets, ids, options.shared))
    differ = sum(show(page, everything=options.all, width=options.width) for page in pages)
    print(f"\n{differ} of {len(pages)} pages differ")


if __name__ == "__main__":
    main()
