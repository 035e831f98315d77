"""No line makes a rule work more than in proportion to its length: adversarial lines of growing length."""

import re

import pytest
from tests.patterns import patterns_in
from tests.work import surplus

from kliping.annotation import roles
from kliping.annotation.roles import assign, glue
from kliping.annotation.roles.cuts import anchors, cut
from kliping.annotation.scan import Joined
from kliping.model import Page

LINES = [
    "Baca juga: ",
    "Baca juga ",
    "Pilihan Editor: ",
    "Pilihan editor: ",
    "ADVERTISEMENT ",
    "SCROLL TO CONTINUE WITH CONTENT ",
    "Simak Video '",
    "Simak Video 'cabai' ",
    "(Baca: ",
    "Pewarta: A ",
    "Editor: A ",
    "Copyright © ",
    "Halaman ",
    "1 dari 2 ",
    "Saksikan Live A",
    "[Gambas:",
    "(((",
    ")))",
    "***",
    "- ",
    " -- ",
    "A, ",
    "KUPANG ",
    "KABAR/",
    "A. ",
    "Kabar.id ",
    "— A (@",
    "A/A/",
    "((a/a)",
    "Rukmini Wardhana ",
    "5/2/2024 ",
    "10:15 ",
    "“",
    "a",
    "A",
    " ",
    "\u00a0",
    ".",
    "#",
    "|",
    "@",
    "1",
]
PATTERNS = patterns_in(roles)
WIDEST = 600
"""No pattern needs to look further, in code points."""
WIDEST_OF_NAMES = 1_200
"""The same for a list of people: four names of six words."""
ONE_CLASS = {
    r"[\w'’.+-]+", r"[\w'’&.-]+", r"[,|/()]+", r"[^\W\d_]+",
    r"[^\W_]{1,80}(?:[-'’.][^\W_]{1,80})*",
}  # fmt: skip
"""Patterns whose only unbounded repeat eats what it passes, so that each code point is looked at once."""


@pytest.mark.parametrize("unit", LINES)
def test_work_grows_no_faster_than_the_line(unit: str) -> None:
    assert surplus(lambda text: assign([Page(text)]), unit, 4_000, 32_000) <= 0


@pytest.mark.parametrize("unit", LINES)
def test_work_grows_no_faster_than_the_page(unit: str) -> None:
    assert surplus(lambda text: assign([Page(text)]), f"{unit.strip() or 'x'}\n", 500, 4_000) <= 0


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.pattern[:40])
def test_no_pattern_looks_further_than_a_bound(pattern: re.Pattern[str]) -> None:
    """From each position a pattern reads a bounded stretch, so that a search takes time in proportion to the line."""
    widest = re._parser.parse(pattern.pattern, pattern.flags).getwidth()[1]  # type: ignore[attr-defined]
    bound = WIDEST_OF_NAMES if pattern.pattern.count(glue.NAME) > 1 else WIDEST
    assert widest <= bound or pattern.pattern in ONE_CLASS


def test_the_exceptions_are_patterns_of_the_roles() -> None:
    assert {pattern.pattern for pattern in PATTERNS} >= ONE_CLASS


def test_every_pattern_of_what_is_glued_is_walked() -> None:
    assert {each.pattern for each in glue.glues()} <= {*PATTERNS}


GLUED = [
    "Baca juga: ",
    "Baca juga: Harga Cabai Turun di Pasar Induk ",
    "Baca juga: Pilihan Editor: ",
    "Pilihan editor: ",
    "ADVERTISEMENT ",
    "Simak Video 'cabai' ",
    "(Baca: cabai) ",
    "[Gambas:Video]",
    "Halaman Selanjutnya ",
    "Pewarta: A ",
    "Editor: A ",
    "Copyright © ",
]


def pieces(text: str) -> int:
    (found,) = anchors(Joined([text]))
    return len(cut(text, 0, len(text), found))


@pytest.mark.parametrize("unit", GLUED)
@pytest.mark.parametrize("size", [200_000, pytest.param(2_000_000, marks=pytest.mark.soak)])
def test_a_long_line_of_what_is_glued_is_done(unit: str, size: int) -> None:
    """Each hit is looked at once: twice the line holds twice the pieces, and the longest is done like any other."""
    half, whole = ((unit * (length // len(unit))).strip() for length in (size // 2, size))
    assert pieces(whole) == pytest.approx(2 * pieces(half), abs=4) or pieces(whole) <= 3


@pytest.mark.parametrize("unit", GLUED)
def test_what_is_glued_is_copied_once(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hits of a line are one list; a search behind a hit copies no rest of it, which no count of calls shows."""
    copied = 0

    class Hits(list[object]):
        def __getitem__(self, key: object) -> object:
            nonlocal copied
            found = list.__getitem__(self, key)  # type: ignore[index]
            copied += len(found) if isinstance(key, slice) else 0
            return found

    monkeypatch.setattr(glue, "_begun", lambda *line, begun=glue._begun: Hits(begun(*line)))
    assert pieces((unit * (20_000 // len(unit))).strip())
    assert copied == 0
