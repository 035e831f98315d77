"""Time expressions keep their promises on any text: places, order, values by what is known, linear work."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.work import surplus

from kliping import annotate, schema
from kliping.annotation.dates import find_all_times, find_times, meanings
from kliping.annotation.dates.words import LENGTHS
from kliping.model import BODY_ROLES, SetAside

PACKAGE = Path(schema.__file__).parent
WORDS = [
    "Senin", "Minggu", "setiap", "tiap", "dua", "belas", "setengah", "beberapa", "2", "30", "5-7", "2019", "1990",
    "-an", "-", ", ", "hari", "jam", "menit", "pekan", "bulan", "tahun", "ber", "se", "sekali", "lalu", "kemudian",
    "ke depan", "ini", "itu", "nya", "kemarin", "besok", "malam", "pagi", "tadi", "dini hari", "pukul", "14.30",
    "WIB", "akhir", "Maret", "Mei", "Jumat Agung", "kuartal", "I", "abad", "ke-19", "XX", "Natal", "tahun baru",
    "Hari Kemerdekaan", "1", "Syawal", "1445 H", "Lebaran", "dulu", "saat", "tanggal", "24", "(3/4/2024)",
    "April 2024", "hingga", "dan", ". ", "\n", "\u00a0", "(", ")", "\u0130", "\u017f", "\u00e9",
]  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
DAYS = st.one_of(st.none(), st.dates(), st.sampled_from([date.min, date.max, date(2024, 2, 29)]))
VALUE = re.compile(
    r"[0-9]{2,4}(?:-(?:[0-9]{2}(?:-[0-9]{2})?|W[0-9]{2}(?:-WE)?|Q[1-4]|H[12]))?"
    r"(?:/[0-9]{4}-[0-9]{2}-[0-9]{2})?(?:T(?:MO|MI|AF|EV|NI|[0-9]{2}(?::[0-9]{2}){0,2}))?"
    r"|P(?:[0-9.X]+[YMWD])*(?:T(?:[0-9.X]+[HMS])+)?|PXX|(?:PAST|PRESENT|FUTURE)_REF"
    r"|XXXX-(?:WXX-(?:[1-7]|WE)|[0-9X]{2}(?:-[0-9X]{2})?)(?:T(?:MO|MI|AF|EV|NI|[0-9]{2}(?::[0-9]{2})?))?"
)


@settings(deadline=None)
@given(TEXTS, DAYS)
def test_any_text_gives_expressions_in_order_inside_it(text: str, written: date | None) -> None:
    mentions = find_times(text)
    edges = [0, *(edge for mention in mentions for edge in (mention.start, mention.end)), len(text)]
    assert edges == sorted(edges)
    assert all(text[m.start : m.end].strip() == text[m.start : m.end] != "" for m in mentions)
    assert not any("\n" in text[m.start : m.end] for m in mentions)
    for meaning in meanings(text, mentions, written):
        assert (meaning.value is None) != (meaning.reason is None)
        assert meaning.value is None or VALUE.fullmatch(meaning.value), meaning
        assert meaning.value is not None or meaning.anchor_date is None
        assert meaning.type in schema.names("time-types")
        assert meaning.granularity is None or meaning.granularity in schema.names("time-units")
        assert meaning.reason is None or meaning.reason in schema.names("time-reasons")


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_a_text_is_read_as_if_alone(texts: list[str]) -> None:
    assert list(find_all_times(texts)) == [find_times(text) for text in texts]


@settings(deadline=None)
@given(TEXTS, DAYS)
def test_the_day_of_writing_moves_no_span_and_nothing_that_is_written(text: str, written: date | None) -> None:
    mentions = find_times(text)
    for known, unknown in zip(meanings(text, mentions, written), meanings(text, mentions, None), strict=True):
        assert known.type == unknown.type
        if unknown.value is not None and unknown.anchor_date is None:
            assert known == unknown


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
def test_rows_of_an_article_lie_inside_its_body(text: str) -> None:
    page = f"JAKARTA, KOMPAS.com - Warga desa itu memanen padi, kata lurah, Rabu (3/4/2024). {text}"
    try:
        found = annotate(page)
    except SetAside:
        return
    body = [range(segment.start, segment.end) for segment in found.segments if segment.role in BODY_ROLES]
    done = 0
    for row in found.rows["time_expressions"]:
        start, end = row.start, row.end  # type: ignore[attr-defined]
        assert done <= start < end
        assert any(start in home and end - 1 in home for home in body)
        assert found.raw_text[start:end] == row.text or "\u00e9" in page  # type: ignore[attr-defined]
        done = end


ADVERSARIAL = [
    "setiap ",
    "dua ",
    "Senin-",
    "2 jam 30 menit ",
    "saat ",
    "pukul ",
    "1990-",
    "akhir ",
    "Maret-",
    "malam ",
    "hari ",
    "24 jam, ",
]


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_work_grows_with_the_text(piece: str) -> None:
    assert surplus(lambda text: meanings(text, find_times(text), date(2024, 4, 5)), piece, 1_000, 8_000) <= 0


@settings(deadline=None)
@given(st.integers(1, 9999), st.sampled_from(sorted(LENGTHS)))
def test_counts_come_back(count: int, unit: str) -> None:
    (mention,) = find_times(f"Ia menunggu {count} {unit}.")
    text, value = f"{count} {unit}", mention.value or ""
    assert mention.end - mention.start == len(text)
    number = float("".join(character for character in value if character.isdigit()))
    assert number == count * {"decade": 10, "century": 100}.get(LENGTHS[unit], 1)


def test_every_reason_that_the_code_gives_is_in_the_vocabulary() -> None:
    """A mention's own, and those of the timeline."""
    own = re.compile(r'unsaid="([a-z-]+)"')
    files = sorted((PACKAGE / "annotation" / "dates").glob("*.py"))
    given_reasons = {name for path in files for name in own.findall(path.read_text("utf-8"))}
    timeline = (PACKAGE / "annotation" / "dates" / "timeline.py").read_text("utf-8")
    told = {name for name in schema.names("time-reasons") if f'"{name}"' in timeline}
    assert given_reasons | told == set(schema.names("time-reasons"))
