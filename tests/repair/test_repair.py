"""What repair promises of any text: a log that rebuilds it, offsets that lead back, nothing invisible, nothing lost."""

import csv
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cases.themes import RIGHT, load

import kliping.annotation.repair as package
from kliping.annotation.repair import Repaired, characters, macintosh, mojibake, repair
from kliping.model import Repair

REPO = Path(__file__).parents[2]

WORDS = [
    "Warga",
    "“Sudah,”",
    "kata dia",
    "Jumâ€™at",
    "Â",
    "¬†",
    "‚Äú",
    "â€",
    "Ã©",
    "\xa0",
    "\u200b",
    "&amp;nbsp;",
    "&",
    "e\u0301",
    "\r\n",
    "\r",
    "\u2028",
    "\n",
    "\x85",
    "\x00",
    "\ufeff",
    "\ufffd",
    "<p>",
    "🙂",
    "👨‍👩‍👧",
    "\x1b[1m",
    "ÿß",
    "Ÿä",
    " ",
    "?",
    '"',
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=25).map("".join))
terminators = ("\r\n", "\r", "\n", "\x0b", "\x0c", "\u2028", "\u2029")


def replay(raw: str, repairs: tuple[Repair, ...]) -> str:
    pieces, position = [], 0
    for change in repairs:
        pieces += [raw[position : change.start], change.after]
        position = change.end
    return "".join([*pieces, raw[position:]])


@settings(max_examples=500, deadline=None)
@given(texts)
def test_the_log_rebuilds_the_text(raw: str) -> None:
    repaired = repair(raw)
    assert replay(raw, repaired.repairs) == repaired.text
    position = 0
    for change in repaired.repairs:
        assert position <= change.start < change.end or change.start == change.end >= position
        assert raw[change.start : change.end] == change.before != change.after
        assert change.before in terminators or not any(mark in change.before for mark in terminators)
        position = change.end


@settings(max_examples=500, deadline=None)
@given(texts)
def test_offsets_lead_back_to_the_raw_text(raw: str) -> None:
    repaired = repair(raw)
    touched = {p for change in repaired.repairs for p in range(change.start, change.end)}
    shift_free = [(p, repaired.to_raw_start(p), repaired.to_raw_end(p + 1)) for p in range(len(repaired.text))]
    for position, start, end in shift_free:
        if start in touched:
            assert any(change.start == start and change.end == end for change in repaired.repairs)
        else:
            assert raw[start:end] == repaired.text[position]
    assert [start for _, start, _ in shift_free] == sorted(start for _, start, _ in shift_free)


@settings(max_examples=300, deadline=None)
@given(texts, st.integers(0, 60), st.integers(0, 60))
def test_a_slice_holds_the_repairs_inside_a_range(raw: str, start: int, end: int) -> None:
    repaired = repair(raw)
    inside = tuple(change for change in repaired.repairs if start <= change.start and change.end <= end)
    assert repaired.slice(start, end) == inside


@settings(max_examples=300, deadline=None)
@given(texts)
def test_nothing_invisible_is_left(raw: str) -> None:
    text = repair(raw).text
    left = {
        edit.before
        for edit in repair(text).repairs
        if edit.reason in {"odd-space", "control-character", "line-terminator"}
    }
    assert not left
    assert not any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in text)


@given(st.text(alphabet=[*map(chr, range(0x20, 0x7F)), "\n", "\t"]).filter(lambda text: ";" not in text))
def test_plain_ascii_is_never_changed(raw: str) -> None:
    assert repair(raw) == Repaired(raw, ())


@given(
    st.lists(
        st.sampled_from(
            ["Warga", "“Ya,”", "kata—nya", "2019–2024", "…", "• satu", "© Kliping", "R&D", "ﬁlm", "Ｋ", "\n"]
        )
    )
)
def test_what_was_typed_stays(words: list[str]) -> None:
    raw = " ".join(words)
    assert repair(raw).text == raw


def test_a_position_before_and_behind_a_removal() -> None:
    repaired = repair("satu\u200bdua")
    assert (repaired.to_raw_end(4), repaired.to_raw_start(4)) == (4, 5)


def test_a_lone_half_of_a_surrogate_pair_is_no_crash() -> None:
    assert repair("kata\ud83d dia").text == "kata\ufffd dia"


def test_the_characters_that_composition_changes_are_all_suspects() -> None:
    """On the Unicode version of this Python: outside the set, nothing is reordered, replaced or joined to its left."""
    suspects = characters._NFC_SUSPECT
    joined = set()
    for code in range(sys.maxunicode + 1):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            joined.add(chr(int(parts[1], 16)))
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.combining(character) or not unicodedata.is_normalized("NFC", character) or character in joined:
            assert suspects.match(character) or characters.is_simple(character), hex(code)


def test_no_removed_character_takes_part_in_good_text() -> None:
    assert repair("👨\u200d👩\u200d👧 می\u200cخواهم क्\u200dष").repairs == ()


def test_harmless_typography_is_no_trigger() -> None:
    assert not any(mojibake._SPOT.search(character) for character in mojibake._HARMLESS)


def test_every_reason_is_in_the_vocabulary_and_given_by_some_text() -> None:
    with (REPO / "schema" / "vocabularies" / "repair-reasons.csv").open(encoding="utf-8", newline="") as stream:
        names = {row["name"] for row in csv.DictReader(stream)}
    damaged = [
        "CafÃ©",
        "selesai.Â",
        "\x93Ya\x94",
        "\ud83d\ude42",
        "&quot;",
        "\x00",
        "\u200b",
        "ke\xadpada",
        "\u200e",
        "\xa0",
        "\r\n",
        "e\u0301",
    ]
    assert {change.reason for raw in damaged for change in repair(raw).repairs} == names


MAC_TYPOGRAPHY = [*macintosh._MARKS, *"aAZiP1 ?.\t<>", "pedagang di pasar induk itu "]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(MAC_TYPOGRAPHY), max_size=30).map("".join))
def test_typography_read_as_macroman_needs_no_other_step(line: str) -> None:
    assert macintosh.only_typography(line, package._residue(line)) == package._all_steps(line)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from([*macintosh._MARKS, *"aZ 1“\xa0&‚Ä¬é"]), max_size=9))
def test_typography_beside_anything_else_is_left_to_the_steps(parts: list[str]) -> None:
    line = "".join(parts)
    edits = macintosh.only_typography(line, package._residue(line))
    assert edits is None or edits == package._all_steps(line)


@settings(max_examples=500, deadline=None)
@given(texts)
def test_every_spot_is_seen(raw: str) -> None:
    acting = [
        match.start()
        for match in package._SPOT.finditer(raw)
        if match[0] != "&" or package._ENTITY.match(raw, match.start())
    ]
    spots = package._spots(raw, set(package._residue(raw)) - package._SOUND)
    assert [spot for spot in spots if raw[spot] != "&" or spot in acting] == acting


@pytest.mark.parametrize("kind", RIGHT)
def test_a_repaired_case_needs_no_further_repair(kind: str) -> None:
    left = {case["label"] for case in load("repairs", kind) if repair(repair(case["input"]).text).repairs}
    assert left == set()


PIECES = st.sampled_from(
    ["garam", "â€œ", "Â ", "\u200b", "\r\n", "\u2028", "&amp;", "😀", "e\u0301", " ", "\x92", "\n", "kÃ©"]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.data())
def test_a_place_of_the_repaired_text_comes_back_from_the_raw_one(raw: str, data: st.DataObject) -> None:
    found = repair(raw)
    if not found.text:
        return
    start = data.draw(st.integers(0, len(found.text) - 1))
    end = data.draw(st.integers(start + 1, len(found.text)))
    left, right = found.from_raw(found.to_raw_start(start), found.to_raw_end(end))
    assert left <= start
    assert end <= right
    if all(not (r.start < found.to_raw_end(end) and found.to_raw_start(start) < r.end) for r in found.repairs):
        assert (left, right) == (start, end)
    assert found.from_raw(0, len(raw)) == (0, len(found.text))
