"""No input makes repair slower than linear: no pattern can backtrack far, and work grows no faster than a line."""

import re

import pytest
from tests.work import surplus

from kliping.annotation.repair import characters, edits, macintosh, mojibake, orphans, repair

parser = re._parser  # type: ignore[attr-defined]
PATTERNS = [
    value
    for module in (characters, edits, mojibake, macintosh, orphans)
    for value in vars(module).values()
    if isinstance(value, re.Pattern)
]
PATTERNS += [pattern for pattern, _ in orphans._LOST_BYTES]
PATTERNS += [rule.pattern for rule in characters._BY_CHARACTER.values()]

UNBOUNDED_REPEATS = {parser.MAX_REPEAT, parser.MIN_REPEAT}


def repeats(node: object, inside: int = 0) -> list[int]:
    """How deeply each unbounded repeat of a parsed pattern is nested in others."""
    found = []
    for operation, argument in node:  # type: ignore[attr-defined]
        if operation in UNBOUNDED_REPEATS:
            _, high, body = argument
            unbounded = high is parser.MAXREPEAT
            found += [inside + 1] if unbounded else []
            found += repeats(body, inside + unbounded)
        elif operation is parser.BRANCH:
            found += [depth for option in argument[1] for depth in repeats(option, inside)]
        elif operation is parser.SUBPATTERN:
            found += repeats(argument[3], inside)
        elif operation in (parser.ASSERT, parser.ASSERT_NOT):
            found += repeats(argument[1], inside)
    return found


def test_no_pattern_has_a_repeat_in_a_repeat() -> None:
    """One exception: the parameters of a terminal escape, whose `;` and digits nothing else in the gap can match."""
    assert len(PATTERNS) > 15
    nested = {
        p.pattern for p in PATTERNS if max(repeats(parser.parse(p.pattern, p.flags & ~re.UNICODE)), default=0) > 1
    }
    assert nested <= {edits._DOUBTFUL.pattern}


HOSTILE = [
    "Ã",
    "Â",
    "Â ",
    "â€",
    "â€ ",
    "Ã©",
    "¬†",
    "‚Äú",
    "ÿß",
    "ƒ",
    "&",
    "&amp;",
    "&#",
    "amp;",
    "<a",
    "&lt;a ",
    "\xa0",
    "a\xa0",
    "\u200d",
    "👨\u200d",
    "a\u200d",
    "\r",
    "\r\n",
    "\u2028",
    "\x00",
    "\x1b[",
    "\x1b[1;",
    "\ufffd",
    "e\u0301",
    "\u0301\u0316",
    "í\xa0\x80",
    "À\x80",
    "ð",
    "Ã¢â‚¬",
    "\ud83d",
    "?",
    "é",
    "“",
    "я",
    "ГўВЂВ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_work_grows_no_faster_than_the_line(unit: str) -> None:
    assert surplus(repair, unit, 1_000, 8_000) <= 0


@pytest.mark.parametrize("unit", HOSTILE)
def test_work_grows_no_faster_than_the_lines(unit: str) -> None:
    assert surplus(repair, f"{unit}\n", 1_000, 8_000) <= 0


@pytest.mark.soak
@pytest.mark.parametrize("unit", HOSTILE)
def test_a_long_hostile_line_ends(unit: str) -> None:
    """What the count of steps cannot see, the inside of regexes and built-ins, would take hours here."""
    raw = unit * (250_000 // len(unit))
    assert len(repair(raw).text) <= 2 * len(raw)


def test_a_long_sound_line_is_left_alone() -> None:
    raw = "Harga beras naik “lagi” di pasar induk — kata pedagang. " * 20_000
    assert repair(raw).repairs == ()


def test_a_long_line_with_one_damaged_place_has_one_repair() -> None:
    sound = "Harga beras naik lagi di pasar induk. " * 30_000
    repaired = repair(sound + "CafÃ© " + sound)
    assert [(change.before, change.after) for change in repaired.repairs] == [("Ã©", "é")]
