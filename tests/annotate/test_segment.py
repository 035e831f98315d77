"""Segments cover every visible character of any raw text exactly once, whatever was repaired in it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kliping.annotation.places import Home, apply_repairs
from kliping.annotation.repair import repair
from kliping.annotation.segments import DEBRIS_RULE, segments
from kliping.model import Span

PIECES = (
    "Harga beras naik", "kata dia.", "Â", "Â\u00a0", "â€", "â€™", "\u200b", "\ufeff", "\u00a0", " ", "\n", "\r\n",
    "\u2028", "\x00", "&amp;", "***", "(dnu/kha)", "é", "e\u0301", "Ã©", "‚Äú", "\x85", "\t", "\ufffd",
)  # fmt: skip
damaged = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=30).map("".join)


def word_spans(text: str) -> list[Span]:
    """Spans as roles might give them: every run of words within a line, cut at each third word."""
    return [Span(m.start(), m.end(), "paragraph", "test") for m in re.finditer(r"\S+(?:[^\S\n]+\S+){0,2}", text)]


@given(damaged)
def test_segments_cover_all_visible_text_once(raw: str) -> None:
    repaired = repair(raw)
    position = 0
    for segment in segments(raw, repaired, word_spans(repaired.text)):
        assert position <= segment.start < segment.end
        assert not raw[position : segment.start].strip()
        assert apply_repairs(raw, segment.start, segment.end, segment.repairs) == segment.text
        position = segment.end
    assert not raw[position:].strip()


@given(damaged)
def test_what_a_segment_says_is_what_the_repaired_text_says(raw: str) -> None:
    repaired = repair(raw)
    said = "".join("".join(segment.text.split()) for segment in segments(raw, repaired, word_spans(repaired.text)))
    assert said == "".join(repaired.text.split())


@given(damaged, st.data())
def test_a_range_of_a_segment_maps_into_the_segment(raw: str, data: st.DataObject) -> None:
    for segment in segments(raw, repair(raw), word_spans(repair(raw).text)):
        if segment.text:
            start = data.draw(st.integers(0, len(segment.text) - 1))
            end = data.draw(st.integers(start + 1, len(segment.text)))
            raw_start, raw_end = Home.of(0, segment, 0).to_raw(start, end)
            assert segment.start <= raw_start < raw_end <= segment.end
            whole = apply_repairs(
                raw,
                raw_start,
                raw_end,
                [r for r in segment.repairs if r.start >= raw_start and r.end <= raw_end],
            )
            assert segment.text[start:end] in whole


def test_a_lone_debris_line_is_a_mark_with_empty_text() -> None:
    raw = "Harga naik.\nÂ\nHarga turun."
    repaired = repair(raw)
    found = segments(raw, repaired, word_spans(repaired.text))
    assert [(s.role, s.text, s.rule) for s in found if s.rule == DEBRIS_RULE] == [("mark", "", DEBRIS_RULE)]


def test_a_zero_width_character_at_a_words_edge_belongs_to_the_word() -> None:
    raw = "\ufeffHarga naik."
    repaired = repair(raw)
    (segment,) = segments(raw, repaired, word_spans(repaired.text))
    assert (segment.text, segment.start) == ("Harga naik.", 0)
