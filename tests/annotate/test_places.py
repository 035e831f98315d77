"""The maps between raw text, repaired text and body agree with each other and with what stands at their places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from test_segment import damaged, word_spans

from kliping.annotation.places import Places, body, body_range_to_raw
from kliping.annotation.repair import repair
from kliping.annotation.segments import segments


def places_of(raw: str) -> Places:
    repaired = repair(raw)
    return Places(raw, segments(raw, repaired, word_spans(repaired.text)), repaired)


@given(damaged)
def test_a_segment_is_found_at_its_place_with_its_text(raw: str) -> None:
    places = places_of(raw)
    for rank, segment in enumerate(places.segments):
        assert places.text(segment.start, segment.end) == segment.text
        assert {places.segment_at(at) for at in range(segment.start, segment.end)} == {rank}
    between = set(range(len(raw))).difference(*(range(segment.start, segment.end) for segment in places.segments))
    assert all(places.segment_at(at) is None for at in between)


@given(damaged, st.data())
def test_ranges_of_the_body_map_alike_one_by_one_and_in_order(raw: str, data: st.DataObject) -> None:
    places = places_of(raw)
    text, homes = body(places.segments), tuple(places.homes())
    spans = []
    for home in homes:
        assert text[home.begin : home.end] == home.segment.text
        if home.segment.text:
            start = data.draw(st.integers(home.begin, home.end - 1))
            spans.append((start, data.draw(st.integers(start + 1, home.end))))
    for (start, end), (rank, raw_start, raw_end) in zip(spans, places.body_to_raw(spans), strict=True):
        assert (raw_start, raw_end) == body_range_to_raw(homes, start, end)
        segment = places.segments[rank]
        assert segment.start <= raw_start < raw_end <= segment.end
        assert text[start:end] in places.text(raw_start, raw_end)


@given(damaged)
def test_a_range_through_several_segments_begins_and_ends_where_its_ends_do(raw: str) -> None:
    places = places_of(raw)
    homes = [home for home in places.homes() if home.segment.text]
    if homes:
        found = body_range_to_raw(homes, homes[0].begin, homes[-1].end)
        first = body_range_to_raw(homes, homes[0].begin, homes[0].end)
        assert found == (first[0], body_range_to_raw(homes, homes[-1].begin, homes[-1].end)[1])


@given(damaged)
def test_a_span_of_the_page_lies_within_its_segment(raw: str) -> None:
    places = places_of(raw)
    assert places.repaired is not None
    for span in word_spans(places.repaired.text):
        start, end = places.page_to_raw(span.start, span.end)
        rank = places.segment_at(start)
        assert rank is not None
        assert start < end
        assert places.repaired.text[span.start : span.end] in places.text(start, end)
