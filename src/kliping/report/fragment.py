"""Shows one annotation as a piece of HTML, as notebooks do: each line with its role, each value with its proof.

Without scripts and style sheets, so that it looks the same wherever it is pasted; texts are escaped and hide nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kliping import knowledge, schema
from kliping.errors import printable
from kliping.model import Annotation, Evidence, Segment
from kliping.report.explain import describe_role, describe_value

MOST_LINES = 200
"""Lines that are shown; a notebook keeps all that it shows."""
COLORS = {"content": "#0c5c2e", "metadata": "#124f8c", "furniture": "#74450a"}
"""One a group of roles, each 4.5:1 or more on the white that the fragment brings along."""
_CELL = "padding:.15em .5em;text-align:left;vertical-align:top"


def annotation_html(annotation: Annotation) -> str:
    """Return the annotation as a `div`: a table of its segments, and one of the accepted values."""
    return "".join(_parts(annotation))


def _parts(annotation: Annotation) -> Iterator[str]:
    yield '<div style="background:#fff;color:#1b1f24;font:14px/1.45 system-ui,sans-serif">'
    yield f"<p><b>{_text(annotation.metadata.headline or annotation.document.source_path)}</b></p>"
    yield "<table>"
    yield from map(_line, annotation.segments[:MOST_LINES])
    yield "</table>"
    if (left := len(annotation.segments) - MOST_LINES) > 0:
        yield f"<p>and {left:,} more lines</p>"
    yield "<table>"
    yield from (_value(item) for item in annotation.evidence if item.accepted)
    yield "</table></div>"


def _line(segment: Segment) -> str:
    letter = knowledge.load("roles.toml", f"{__package__}.viewer")["letters"][segment.role]
    group = schema.group("roles", segment.role)
    text = _text(segment.text) if group != "furniture" else f"<s>{_text(segment.text)}</s>"
    why = _text(describe_role(segment.rule))
    return (
        f'<tr title="{why}"><th style="{_CELL};color:{COLORS[group]};white-space:nowrap">'
        f'{letter} {segment.role}</th><td style="{_CELL};white-space:pre-wrap">{text}</td></tr>'
    )


def _value(item: Evidence) -> str:
    proof = "came with the input" if item.start is None else f"at [{item.start}, {item.end})"
    return (
        f'<tr><th style="{_CELL}">{item.field}</th><td style="{_CELL}">{_text(item.value)}</td>'
        f'<td style="{_CELL}">{proof}, because {_text(describe_value(item.rule))}</td></tr>'
    )


def _text(text: str) -> str:
    """Text that is nothing but text, with what would hide written as an escape."""
    return escape(printable(text))
