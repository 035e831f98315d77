"""The fast path gives ftfy's own answer: proven on its patterns and tables, tried on arbitrary and on real text."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import ftfy
import pytest
import zstandard
from ftfy import chardata
from ftfy.badness import BADNESS_RE, MOJIBAKE_CATEGORIES
from hypothesis import given, settings
from hypothesis import strategies as st

from kliping.annotation.repair import mojibake

REPO = Path(__file__).parents[2]
BULK = REPO.parent / "shared" / "tasks" / "bulk" / "articles.jsonl.zst"

parser = re._parser  # type: ignore[attr-defined]
SUSPICIOUS = re.compile(f"[{mojibake.SUSPICIOUS}]")
OTHER = re.compile(f"[{mojibake.OTHER_TRIGGERS}]")
CATEGORY = re.compile(f"[{''.join(MOJIBAKE_CATEGORIES.values())}]")


def reference(text: str) -> str:
    return ftfy.fix_text(text, mojibake.CONFIG)


def test_ftfy_is_the_release_that_the_short_cuts_were_proven_for() -> None:
    assert ftfy.__version__ == mojibake.PROVEN_VERSION


def test_every_option_of_ftfy_is_decided() -> None:
    source = Path(mojibake.__file__).read_text(encoding="utf-8")
    assert all(f"    {option}=" in source for option in ftfy.TextFixerConfig._fields)


def branches() -> list[list[tuple[object, object]]]:
    ((operation, (_, alternatives)),) = list(parser.parse(BADNESS_RE.pattern, re.VERBOSE))
    assert operation is parser.BRANCH
    return [list(alternative) for alternative in alternatives]


def positions(sequence: list[tuple[object, object]]) -> Iterator[set[str] | None]:
    """For every character that the sequence must match: those that fit, None where that is no plain list."""
    for operation, argument in sequence:
        if operation is parser.LITERAL:
            yield {chr(argument)}  # type: ignore[arg-type]
        elif operation is parser.IN:
            yield members(argument)  # type: ignore[arg-type]
        elif operation is parser.BRANCH:
            options = [list(positions(list(option))) for option in argument[1]]  # type: ignore[index]
            assert all(len(option) == 1 for option in options)
            yield None if any(option[0] is None for option in options) else set().union(*(o[0] or () for o in options))
        elif operation not in (parser.AT, parser.ANY, parser.NOT_LITERAL):
            assert operation is parser.MAX_REPEAT
            assert argument[0] == 0  # type: ignore[index]


def members(items: list[tuple[object, object]]) -> set[str] | None:
    found: set[str] = set()
    for operation, argument in items:
        if operation is parser.LITERAL:
            found.add(chr(argument))  # type: ignore[arg-type]
        elif operation is parser.RANGE:
            found |= {chr(code) for code in range(argument[0], argument[1] + 1)}  # type: ignore[index]
        else:
            return None
    return found


def test_no_branch_of_badness_matches_without_a_suspicious_character() -> None:
    """Each alternative needs, at one position at least, a character that is suspicious or a C1 control."""
    alternatives = branches()
    assert len(alternatives) > 25
    for alternative in alternatives:
        needed = [fits for fits in positions(alternative) if fits is not None]
        assert any(all(SUSPICIOUS.match(c) or OTHER.match(c) for c in fits) for fits in needed), alternative


def test_no_match_of_badness_is_longer_than_the_window() -> None:
    assert parser.parse(BADNESS_RE.pattern, re.VERBOSE).getwidth()[1] <= mojibake.BADNESS_WIDTH < mojibake.CONTEXT


def test_every_table_of_ftfy_is_among_the_triggers() -> None:
    keys = {chr(code) for code in chardata.CONTROL_CHARS} | {chr(code) for code in range(0x80, 0xA0)}
    surrogates = {chr(code) for code in range(0xD800, 0xE000)}
    assert all(OTHER.match(key) for key in keys | surrogates | {"\x1b"})


NAMED = sorted(chr(code) for code in range(0x80, 0x10000) if CATEGORY.match(chr(code)))
ALPHABET = [
    *NAMED,
    *"ÂÃâ€™œ¬†‚Äú√ \n?<&;",
    "\x1b[0m",
    "\x00",
    "\x85",
    "\x9d",
    "\ufffd",
    "\ufeff",
    "quele",
    "TM",
    "\ud83d",
    "\ude00",
]
FILLER = ["Harga beras naik lagi di pasar induk, kata pedagang itu. ", "a", "Z", " ", ". ", '"', "1", "“", "”", "—"]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(ALPHABET), st.sampled_from(FILLER)), max_size=40).map("".join))
def test_equals_ftfy_over_the_characters_that_its_patterns_name(text: str) -> None:
    assert mojibake.fix_text(text) == reference(text)


ENCODINGS = [name for name in chardata.CHARMAP_ENCODINGS if name != "cp437"]


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["“Sudah", "selesai,”", "kata", "João", "–", "Rp5.000", "é", "…", "🙂", "10 km²", "\xa0", "café"]
        )
    ),
    st.sampled_from(ENCODINGS),
    st.sampled_from(["", " “utuh” ", "Para pewarta menunggu sejak pagi di depan gedung. ", "\n"]),
)
def test_equals_ftfy_on_text_that_was_read_in_a_wrong_encoding(words: list[str], codec: str, sound: str) -> None:
    broken = " ".join(words).encode("utf-8").decode(codec, "replace")
    text = sound + broken + sound + broken
    assert mojibake.fix_text(text) == reference(text)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_equals_ftfy_on_any_text(text: str) -> None:
    assert mojibake.fix_text(text) == reference(text)


@given(st.text(alphabet=["a", " ", "é", "\n"], max_size=300))
def test_condensed_text_leads_back_to_the_place(text: str) -> None:
    line = text.replace("\n", "x" * 50)
    short, cuts = mojibake.condense(line)
    places = [mojibake.Edit(match.start(), match.end(), "", "") for match in re.finditer("é", short)]
    assert [edit.start for edit in mojibake.expand(places, cuts)] == [match.start() for match in re.finditer("é", line)]


def test_pieces_cover_a_long_line_and_end_behind_a_space() -> None:
    line = "kata " * 5_000
    ranges = list(mojibake.pieces(line, 3, len(line)))
    assert [ranges[0][0], *[end for _, end in ranges]] == [start for start, _ in ranges] + [len(line)]
    assert all(line[end - 1] == " " and end - start <= mojibake.PIECE for start, end in ranges)


def test_equals_ftfy_on_real_articles() -> None:
    """Every twentieth article here; scripts/measure_repair.py --ftfy compares all of them."""
    if not BULK.exists():
        pytest.skip("../shared/tasks/bulk is not there")
    with BULK.open("rb") as stream:
        lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(stream), "utf-8")
        for number, line in enumerate(lines):
            if number % 20 == 0:
                text = json.loads(line)["text"]
                assert mojibake.fix_text(text) == reference(text), f"article {number}"
