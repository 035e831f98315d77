"""Shows the articles that a person should look at first: a table on a terminal, or JSON."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kliping.corpus.folder import Corpus
from kliping.errors import printable
from kliping.report.doubts import PER_MILLE, queue, unsure_texts

LONGEST = 60
"""Code points of a segment that are shown."""
ID = 12
"""Characters of an id that are shown: enough to be unique, and for every command."""


def show_doubtful(corpus: Corpus, most: int, console: Console) -> None:
    """Print the most doubtful articles: id, chance of a wrong role, why, and how the least sure segment begins."""
    items = queue(corpus, most)
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("article", no_wrap=True)
    table.add_column("doubt", justify="right", no_wrap=True)
    table.add_column("why", overflow="fold")
    table.add_column("least sure", overflow="fold")
    for item, text in zip(items, unsure_texts(corpus, items), strict=True):
        chance = f"{100 * item.chance / PER_MILLE:.1f} %"
        table.add_row(item.article_id[:ID], chance, Text(", ".join(item.why)), Text(_beginning(text)))
    console.print(table)
    if (left := corpus.manifest["tables"]["articles"]["rows"] - len(items)) > 0:
        console.print(Text(f"{left:,} more articles are less doubtful; --most N shows more.", style="dim"))


def doubtful_json(corpus: Corpus, most: int) -> list[dict[str, Any]]:
    """Return the same as JSON values, the texts whole; `doubt` is the chance of a wrong role, per mille."""
    items = queue(corpus, most)
    return [
        {
            "article_id": item.article_id,
            "doubt": item.chance,
            "why": list(item.why),
            "flags": list(item.flags),
            "segment": None
            if item.position is None
            else {"position": item.position, "role": item.role, "margin": item.margin, "text": text},
        }
        for item, text in zip(items, unsure_texts(corpus, items), strict=True)
    ]


def _beginning(text: str | None) -> str:
    line = printable(" ".join((text or "").split()))
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
