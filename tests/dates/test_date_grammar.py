"""The grammar finds dates in every format that newspapers use, inside any text, in time that grows with it."""

from __future__ import annotations

import re
from datetime import date
from importlib import import_module
from re._parser import parse  # type: ignore[import-untyped]

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.work import surplus

from kliping.annotation.dates import calendar_day, find_times, meanings, written_dates
from kliping.annotation.dates.words import MONTHS, WEEKDAYS

MONTH_NAMES = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"]
MONTH_NAMES += ["Agustus", "September", "Oktober", "November", "Desember"]
ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DAY_NAMES = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]


FORMATS = {
    "words": lambda d: f"{d.day} {MONTH_NAMES[d.month - 1]} {d.year}",
    "weekday and words": lambda d: f"{DAY_NAMES[d.weekday()]}, {d.day} {MONTH_NAMES[d.month - 1]} {d.year}",
    "weekday and numbers": lambda d: f"{DAY_NAMES[d.weekday()]} ({d.day}/{d.month}/{d.year})",
    "padded numbers": lambda d: f"{d.day:02}/{d.month:02}/{d.year}",
    "dashes": lambda d: f"{d.day:02}-{d.month:02}-{d.year}",
    "dots": lambda d: f"{d.day:02}.{d.month:02}.{d.year}",
    "iso": lambda d: d.isoformat(),
    "english": lambda d: f"{ENGLISH[d.month - 1]} {d.day}, {d.year}",
}


@pytest.mark.parametrize("form", FORMATS)
@given(day=st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_written_dates_come_back(form: str, day: date) -> None:
    written = FORMATS[form](day)
    mentions = find_times(f"Rapat itu dibuka {written}.")
    assert [(m.start, m.end, calendar_day(m)) for m in mentions] == [(17, 17 + len(written), day)]


@given(day=st.dates(min_value=date(1970, 1, 1), max_value=date(2069, 12, 31)))
def test_two_digit_years_come_back(day: date) -> None:
    (mention,) = find_times(f"{day.day}/{day.month}/{day.year % 100:02}")
    assert calendar_day(mention) == day


@pytest.mark.parametrize("month", sorted(MONTHS))
def test_every_month_spelling(month: str) -> None:
    (mention,) = find_times(f"Kamis, 7 {month.title()} 2019")
    assert (mention.year, mention.month, mention.day, mention.weekday) == (2019, MONTHS[month], 7, 3)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5 Aguſtus 2023", "5 Agustus 2023"),
        ("Rabu (18/10/2023) ſiang", "Rabu (18/10/2023) siang"),
        ("Rabu (18/10/2023) dını hari", "Rabu (18/10/2023) dini hari"),
        ("Rabu ſilam", "Rabu silam"),
        ("7 maret ſilam", "7 maret silam"),
    ],
)
def test_letters_that_match_others_in_any_case_are_read_as_those(written: str, meant: str) -> None:
    """`ſ` and `ı` match `s` and `i` where case is ignored."""
    assert find_times(written) == find_times(meant) != []


@pytest.mark.parametrize("weekday", sorted(WEEKDAYS))
def test_every_weekday_spelling(weekday: str) -> None:
    (mention,) = written_dates(f"{weekday.capitalize()}, 7 Maret 2019")
    assert mention.weekday == WEEKDAYS[weekday]


PIECES = [
    "Kamis",
    " (",
    ")",
    "19",
    "/",
    "10",
    "2023",
    " Oktober ",
    "-",
    ".",
    ",",
    " lalu",
    "kemarin",
    "pukul ",
    "18.30",
    " WIB",
    "\n",
]
PIECES += [
    "hingga ",
    "Rabu ",
    "tahun ",
    "dua hari",
    " Minggu",
    "\u00a0",
    "٣",
    "²",
    "’",
    "Jan ",
    "T",
    "+07:00",
    "0",
    "99999",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
def test_any_text_gives_ordered_mentions_inside_it(text: str) -> None:
    mentions = find_times(text)
    edges = [0, *(edge for mention in mentions for edge in (mention.start, mention.end)), len(text)]
    assert edges == sorted(edges)
    for mention in mentions:
        assert text[mention.start : mention.end].strip()
        assert mention.kind != "day" or mention.month is None or 1 <= mention.month <= 12
    for written in (date(2020, 2, 29), date.min, date.max, None):
        for meaning in meanings(text, mentions, written):
            assert (meaning.value is None) == (meaning.reason is not None)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.text(alphabet="ab \n", max_size=20))
def test_what_stands_far_away_changes_nothing(text: str, far: str) -> None:
    padding = far + "x" * 60 + ". "
    alone = find_times(text + " " + "y" * 60)
    moved = [m._replace(start=m.start + len(padding), end=m.end + len(padding)) for m in alone]
    assert find_times(padding + text + " " + "y" * 60) == moved


ADVERSARIAL = [
    "1/",
    "1-",
    "1.1.",
    "19 ",
    "Kamis (",
    "Senin, ",
    "1 Januari-",
    "(1/1",
    "tanggal ",
    "kemarin ",
    " lalu",
    "12:00 ",
    "0",
]


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_work_grows_with_the_text(piece: str) -> None:
    assert surplus(find_times, piece, 1_000, 8_000) <= 0


@pytest.mark.parametrize(
    "module",
    ["dates.written", "dates.named", "dates.counted", "dates.standing", "dates.joints", "layers.metadata.published"],
)
def test_every_pattern_reads_a_bounded_stretch(module: str) -> None:
    """A pattern whose matches are bounded costs a bounded time at each position, so a search is linear."""
    patterns = {
        name: value
        for name, value in vars(import_module(f"kliping.annotation.{module}")).items()
        if isinstance(value, re.Pattern)
    }
    assert patterns
    widths = {name: parse(value.pattern, value.flags).getwidth()[1] for name, value in patterns.items()}
    assert {name: width for name, width in widths.items() if width > 200} == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Rabu (18/10)", "2023-10-18"),
        ("Kamis", "2023-10-19"),
        ("Jumat", "2023-10-13"),
        ("Kamis lalu", "2023-10-12"),
        ("Rabu depan", "2023-10-25"),
        ("kemarin", "2023-10-18"),
        ("tadi malam", "2023-10-18TNI"),
        ("pekan lalu", "2023-W41"),
        ("bulan lalu", "2023-09"),
        ("September tahun lalu", "2022-09"),
        ("bulan Maret lalu", "2023-03"),
        ("November lalu", "2022-11"),
        ("dua tahun lalu", "2021"),
        ("tanggal 24 lalu", "2023-09-24"),
        ("saat ini", "PRESENT_REF"),
        ("pukul 06.12 WIB", "2023-10-19T06:12"),
        ("Senin (16/10/2023) sore", "2023-10-16TAF"),
    ],
)
def test_values_from_thursday_19_october_2023(text: str, value: str) -> None:
    mentions = find_times(text)
    assert [meaning.value for meaning in meanings(text, mentions, date(2023, 10, 19))] == [value]
