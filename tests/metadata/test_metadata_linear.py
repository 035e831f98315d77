"""No line makes metadata slower than linear: no pattern nests long repeats, and hostile lines of growing length end."""

import re

import pytest

from kliping.metadata import byline, dateline, extract, headline, outlets, registry, sources, tags
from kliping.model import Page, Span

parser = re._parser  # type: ignore[attr-defined]
MODULES = (byline, dateline, headline, outlets, registry, sources, tags)
PATTERNS = [value for module in MODULES for value in vars(module).values() if isinstance(value, re.Pattern)]
PATTERNS += [byline._label(), sources._way_to_name()]
LONG = 200
"""A repeat that may take more characters than this counts as unbounded."""


def nesting(node: object, inside: int = 0) -> int:
    """The depth to which long repeats of a parsed pattern are nested."""
    deepest = inside
    for operation, argument in node:  # type: ignore[attr-defined]
        if operation in {parser.MAX_REPEAT, parser.MIN_REPEAT}:
            _, high, body = argument
            deepest = max(deepest, nesting(body, inside + (high is parser.MAXREPEAT or high > LONG)))
        elif operation is parser.BRANCH:
            deepest = max(deepest, *(nesting(option, inside) for option in argument[1]))
        elif operation is parser.SUBPATTERN:
            deepest = max(deepest, nesting(argument[3], inside))
        elif operation in (parser.ASSERT, parser.ASSERT_NOT):
            deepest = max(deepest, nesting(argument[1], inside))
    return deepest


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:30])
def test_no_long_repeat_inside_another(pattern: re.Pattern[str]) -> None:
    assert nesting(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)) <= 1


HOSTILE = [
    "a", "A", "A ", "A.", "a.com ", "a.", "-", " -", " - ", "(", "@", "a@", ",", " I ", "I", "KOMPAS.com ", "kepadaA",
    "kepada A", "dilansir ", "dilansir dari ", "menurut kantor berita Rusia, ", "Reuters dan ", "melaporkan", "| ",
    "A melaporkan ", "Penulis: ", "editor ", "editor:", "Sumber: ", "#a", "\xa0", "É", "©", "/a",
]  # fmt: skip
ROLES = ("headline", "dateline", "byline", "timestamp", "copyright", "source", "tags", "promotion", "paragraph")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("length", [1_000, 4_000, 16_000])
def test_hostile_lines_end(role: str, length: int) -> None:
    for unit in HOSTILE:
        text = (unit * length)[:length].strip() or "x"
        _, claims = extract(Page(text), [Span(0, len(text), role, "drawn")])
        assert all(claim.end is None or claim.end <= len(text) for claim in claims)
