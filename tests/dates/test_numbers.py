"""The batch's search for numbers leaves no date out: calendar reads the same from it as from the text alone."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kliping.annotation.dates import written_dates
from kliping.annotation.dates.numbers import numbers
from kliping.annotation.dates.words import MONTHS
from kliping.annotation.scan import Joined

PIECES = st.sampled_from([
    *MONTHS, *map(str.capitalize, MONTHS), *map(str, range(1, 32)), "1998", "2024", "07", "12345", "٣", "²", "Kamis",
    " ", " ", "\u00a0", "-", "–", "—", "/", ".", ",", "'", "’", "?", "(", ")", "\n", "s/d", "s.d.", "dan", "hingga",
    "sampai dengan", "tanggal", "tahun", "pada", "pukul 10.15 WIB", "Rp", "QZ", "🐟", "\ud800",
])  # fmt: skip
TEXTS = st.lists(st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=12)), max_size=4)


@given(TEXTS)
@example([])
@example(["", "1/2/2024", ""])
@example(["19", "Mei 2024"])
@example(["3 – 5 Mei", "3—tanggal 5 Mei 2024", "17Agustus 2024", "2024", "Mei 7, 2024"])
def test_no_date_is_left_out(texts: list[str]) -> None:
    found = numbers(Joined(texts))
    assert [list(written_dates(text, of_text)) for text, of_text in zip(texts, found, strict=True)] == [
        list(written_dates(text)) for text in texts
    ]


@pytest.mark.parametrize("text", ["12345 Mei", "20 kilo", "7,5 liter", "50% lebih", "3) satu", "", "Mei"])
def test_most_numbers_are_left_out(text: str) -> None:
    assert numbers(Joined([text])) == [[]]


@given(st.integers(1900, 2099), st.text(max_size=5), st.text(max_size=5))
def test_every_year_that_stands_alone_is_there(year: int, before: str, after: str) -> None:
    if before[-1:] not in set("0123456789") and after[:1] not in set("0123456789"):
        assert len(before) in numbers(Joined([f"{before}{year}{after}"]))[0]
