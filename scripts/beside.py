"""Says in one table what kliping does beside other tools, from what docs/speed.json and docs/quality.json measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kliping import knowledge

HEAD = ("", "kliping", "trafilatura", "datatrove", "fundus", "regular expressions")
NONE = ""


def table(docs: Path) -> str:
    """The table, as Markdown; a figure that was not measured is an empty cell.

    Raises FileNotFoundError where the measurements are missing: `make bench` and `make quality` write them.
    """
    speed, quality = (json.loads((docs / name).read_text("utf-8")) for name in ("speed.json", "quality.json"))
    rows = [
        (
            "made for",
            "annotated corpora of Indonesian news, from whatever a crawl left",
            "the main text of any web page",
            "filtering terabytes of text, free of copies",
            "crawling outlets that it has a parser for",
            "one crawl of one outlet",
        ),
        (
            "headline, outlet, date, authors",
            "with the words that prove each",
            "from the page's markup",
            "none",
            "from the outlet's own markup",
            "the first match",
        ),
        ("quotations, times, copies", "yes", "none", "copies", "none", "copies"),
        _outlets(speed),
        _loss(quality),
        _pages(quality),
        _english(quality),
        _rate(speed),
        _webpages(speed),
    ]
    lines = [HEAD, ["---"] * len(HEAD), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + _said(speed)


def _said(speed: Mapping[str, Any]) -> str:
    return (
        "\nFigures of [docs/quality.md](docs/quality.md) and [docs/speed.md](docs/speed.md), where they are explained; "
        f"speed on one core of {speed['machine']['processor']}. datatrove stands with the filters of C4, FineWeb and "
        "Gopher, of which C4's drops lines.\n"
    )


def _outlets(speed: Mapping[str, Any]) -> tuple[str, ...]:
    known, found = len(knowledge.load("outlets.toml")["outlet"]), speed["fundus"]
    parsers = f"{found['indonesian']} of {found['publishers']}" if found else NONE
    return ("Indonesian outlets known", f"{known:,}", NONE, NONE, parsers, NONE)


def _loss(quality: Mapping[str, Any]) -> tuple[str, ...]:
    ours, others = quality["left_out"]["crawl"]["all"]["body"], quality["baselines"]
    lines, regexes = (others[name] for name in ("C4 line filter", "regex list"))
    return (
        f"body lost / foreign text kept on {quality['left_out']['crawl']['all']['pages']} labelled pages",
        f"{ours['damage_rate']:.1%} / {ours['pollution_rate']:.1%}",
        NONE,
        f"{lines['damage']:.1%} / {lines['pollution']:.1%}",
        NONE,
        f"{regexes['damage']:.1%} / {regexes['pollution']:.1%}",
    )


def _pages(quality: Mapping[str, Any]) -> tuple[str, ...]:
    found = quality["html"]
    ours, theirs = (f"{row['precision']:.3f} / {row['recall']:.3f}" for row in map(found["body"].get, HEAD[1:3]))
    return (
        f"body of {found['pages']} saved Indonesian pages whose text the weights know, precision / recall",
        ours,
        theirs,
        NONE,
        NONE,
        NONE,
    )


def _english(quality: Mapping[str, Any]) -> tuple[str, ...]:
    found = quality["extraction"]
    ours, theirs = (f"{row['f1']:.3f}" for row in (found, found["trafilatura"]))
    return (f"body of {found['pages']} saved pages, mostly English, F1", ours, theirs, NONE, NONE, NONE)


def _rate(speed: Mapping[str, Any]) -> tuple[str, ...]:
    compared = speed["compare"]

    def cell(name: str, side: str) -> str:
        return f"{compared[name][side]:.2f}" if name in compared else NONE

    row = ("MB/s of text", cell("naive", "ours"), NONE, cell("datatrove-filters", "theirs"), NONE)
    return (*row, cell("naive", "theirs"))


def _webpages(speed: Mapping[str, Any]) -> tuple[str, ...]:
    found = speed["webpages"].get("saved") or speed["webpages"]["made-up"]
    return ("web pages a second", f"{found['ours']:.0f}", f"{found['theirs']:.0f}", NONE, NONE, NONE)
