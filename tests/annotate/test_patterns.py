"""No regex of kliping is slower than linear: none nests long repeats, but for two that cannot be read in two ways."""

import re

import pytest
from tests.patterns import patterns_in

import kliping

parser = re._parser  # type: ignore[attr-defined]
LONG = 200
"""A repeat that may take more characters than this counts as unbounded."""
ONE_READING = {
    r"[^\W\d_]+(?:-[^\W\d_]+)*": "only a hyphen opens the inner repeat, and no letter is one",
    r"(?:\x1b\[[\d;]*[a-zA-Z]|[^\n!->@-~])+": "digits and brackets stand in no other part",
}


def nesting(node: object, inside: int = 0) -> int:
    """The depth to which long repeats of a parsed pattern are nested."""
    deepest = inside
    for operation, argument in node:  # type: ignore[attr-defined]
        if operation in {parser.MAX_REPEAT, parser.MIN_REPEAT, parser.POSSESSIVE_REPEAT}:
            _, high, body = argument
            deepest = max(deepest, nesting(body, inside + (high is parser.MAXREPEAT or high > LONG)))
        elif operation is parser.BRANCH:
            deepest = max(deepest, *(nesting(option, inside) for option in argument[1]))
        elif operation is parser.SUBPATTERN:
            deepest = max(deepest, nesting(argument[3], inside))
        elif operation in (parser.ASSERT, parser.ASSERT_NOT):
            deepest = max(deepest, nesting(argument[1], inside))
        elif operation is parser.ATOMIC_GROUP:
            deepest = max(deepest, nesting(argument, inside))
    return deepest


@pytest.mark.parametrize("pattern", patterns_in(kliping), ids=lambda pattern: pattern.pattern[:30])
def test_no_long_repeat_inside_another(pattern: re.Pattern[str]) -> None:
    allowed = 2 if pattern.pattern in ONE_READING else 1
    assert nesting(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)) <= allowed


def test_the_exceptions_are_patterns_of_kliping() -> None:
    assert ONE_READING.keys() <= {pattern.pattern for pattern in patterns_in(kliping)}


@pytest.mark.parametrize("stretch", [r"ADVERTISEMENT", "shutterstock|", "elakang|"])
def test_patterns_are_found_in_tables_in_functions_and_by_name(stretch: str) -> None:
    assert any(stretch in pattern.pattern for pattern in patterns_in(kliping))
