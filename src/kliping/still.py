"""Lays one document out as HTML that needs nothing else: no script, no style sheet, no address; every word escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import NamedTuple

from kliping.errors import printable

GROUPS = {
    "content": ("C", "#1a7f37", "the article itself"),
    "metadata": ("M", "#0969da", "what the page says about it"),
    "furniture": ("F", "#9a6700", "what belongs to the page alone"),
}
"""Letter, colour and meaning of each group of roles: whoever sees no colour reads the letter."""
NOTHING = "(nothing left after repair)"
_CELL = "padding:1px 8px;vertical-align:top;text-align:left"


class Shown(NamedTuple):
    """A span as it is shown."""

    group: str
    role: str
    text: str
    note: str
    """What is said behind the text; "" where nothing is."""


def picture(title: str, spans: Sequence[Shown], values: Sequence[tuple[str, str, str]]) -> str:
    """Return the picture of a document: its spans in order, then its values as (name, value, proof)."""
    return (
        f'<div style="font-family:sans-serif;font-size:13px"><p><b>{_safe(title)}</b><br>{_legend()}</p>'
        f"<table>{''.join(map(_span, spans))}</table>"
        f"<table>{''.join(map(_value, values))}</table></div>"
    )


def _safe(text: str) -> str:
    return html.escape(printable(text))


def _mark(group: str, words: str) -> str:
    letter, colour, _ = GROUPS[group]
    return f'<span style="color:{colour}"><b>{letter}</b> {_safe(words)}</span>'


def _legend() -> str:
    return " &nbsp; ".join(_mark(group, meaning) for group, (_, _, meaning) in GROUPS.items())


def _span(shown: Shown) -> str:
    _, colour, _ = GROUPS[shown.group]
    look = "" if shown.group == "content" else ";opacity:0.7"
    note = f' <i style="color:#8250df">[{_safe(shown.note)}]</i>' if shown.note else ""
    return (
        f'<tr><td style="{_CELL};white-space:nowrap">{_mark(shown.group, shown.role)}</td>'
        f'<td style="{_CELL};border-left:3px solid {colour}{look}">{_safe(shown.text) or NOTHING}{note}</td></tr>'
    )


def _value(value: tuple[str, str, str]) -> str:
    name, said, proof = map(_safe, value)
    return (
        f'<tr><td style="{_CELL}"><b>{name}</b></td><td style="{_CELL}">{said}</td>'
        f'<td style="{_CELL};opacity:0.7">{proof}</td></tr>'
    )
