"""The article's own topics, each once, in the order of the page; from input metadata only where the text has none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kliping import knowledge
from kliping.model import Claim, Page, Span

_LABELS, _FOLLOWED_BY = (knowledge.any_of(knowledge.load("tags.toml")[name]) for name in ("labels", "followed_by"))
_LABEL = re.compile(rf"\s*(?:(?:{_LABELS})(?:\s+(?:{_FOLLOWED_BY}))?\s*(?::|$)|id\s)", re.I)
_TAG = re.compile(r"[^,;|#\n]+")
_EDGE = " \t\xa0.:#•·-–\"'“”"


def _values(text: str) -> Iterator[tuple[int, int]]:
    label = _LABEL.match(text)
    for match in _TAG.finditer(text, label.end() if label else 0):
        value = match[0].strip(_EDGE)
        if value:
            start = match.start() + match[0].index(value)
            yield start, start + len(value)


def tags(page: Page, spans: Sequence[Span]) -> list[Claim]:
    """Return one claim a topic; commas, bars and number signs divide a line of several."""
    claims: dict[str, Claim] = {}
    for span in spans:
        if span.role == "tags":
            text = page.text[span.start : span.end]
            for start, end in _values(text):
                value = text[start:end]
                claims.setdefault(
                    value.casefold(), Claim("tags", value, span.start + start, span.start + end, "tags:span")
                )
    if not claims:
        for given in page.metadata:
            if given.field == "tags":
                text = " ".join(given.value.split())
                for start, end in _values(text):
                    value = text[start:end]
                    claims.setdefault(value.casefold(), Claim("tags", value, None, None, given.rule))
    return list(claims.values())
