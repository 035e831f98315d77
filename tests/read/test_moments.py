"""Dates as machines write them: the right day and moment, or none; never a year that no page can have."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliping import knowledge
from kliping.read import moments

DAY, MORNING = ["2024-02-05"], ["2024-02-05T02:30:00.000Z", "2024-02-05"]


def values(value: object) -> list[str]:
    found = moments.publication_values(value, "column:tanggal")
    assert {each.rule for each in found} <= {"column:tanggal"}
    return [each.value for each in found]


@pytest.mark.parametrize(
    "value",
    [
        "2024-02-05T09:30:00+07:00",
        "2024-02-05 09:30 WIB",
        "2024-02-05T02:30:00.000Z",
        "2024-02-05 02:30:00 UTC",
        "2024-02-05T09:30+07",
        "2024/02/05 09:30:00 +0700",
        "20240205T023000Z",
        "Mon, 05 Feb 2024 02:30:00 GMT",
        "05 Feb 2024 09:30:00 +0700",
        "Mon Feb 05 2024 09:30:00 GMT+0700 (Western Indonesia Time)",
        "Mon Feb 05 02:30:00 +0000 2024",
        "2024-02-05 11:30 WIT",
        1707100200,
        1707100200.0,
        1707100200000,
        1707100200000000,
        1707100200000000000,
        "1707100200",
        "1707100200000",
        datetime(2024, 2, 5, 2, 30, tzinfo=UTC),
        datetime(2024, 2, 5, 9, 30, tzinfo=timezone(timedelta(hours=7))),
    ],
)
def test_a_moment_with_its_zone(value: object) -> None:
    assert values(value) == MORNING


@pytest.mark.parametrize(
    "value",
    [
        "2024-02-05",
        "2024/2/5",
        "2024.02.05",
        "20240205",
        20240205,
        20240205.0,
        "20240205093000",
        20240205093000,
        202402050930,
        "2024-02-05 09:30",
        "2024-02-05T23:59:59.999999",
        date(2024, 2, 5),
        datetime(2024, 2, 5, 23, 59),
        "Mon Feb  5 09:30:00 2024",
    ],
)
def test_a_day(value: object) -> None:
    assert values(value) == DAY


@pytest.mark.parametrize("value", ["05/02/2024 09:30", "5-2-2024", "05.02.2024", "05/02/2024", "05/02/24 09.30"])
def test_the_day_comes_first_and_the_rule_says_so(value: str) -> None:
    (found,) = moments.publication_values(value, "column:tanggal")
    assert (found.value, found.rule) == ("2024-02-05", "day-first:column:tanggal")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("15/02/2024 09:30", "2024-02-15"),
        ("02/15/2024", "2024-02-15"),
        ("05/05/2024 09.30", "2024-05-05"),
        ("31-12-2023", "2023-12-31"),
    ],
)
def test_numbers_that_can_be_read_in_one_way_need_no_remark(value: str, day: str) -> None:
    assert values(value) == [day]


@pytest.mark.parametrize(
    "value",
    [
        "2/5/2024 9:30:00 PM",
        "02/05/2024 09:30 am",
        float("nan"),
        float("inf"),
        -float("inf"),
        10**400,
        17,
        2024,
        0,
        -1,
        True,
        None,
        [],
        {},
        "",
        "-",
        "kemarin",
        "0001-01-01T00:00:00+09:00",
        4102444800,
        86400,
        "9" * 19,
        "1" * 60 + ".5",
    ],
)
def test_what_tells_no_day_gives_none(value: object) -> None:
    assert not [found for found in values(value) if found[:4].isdigit() and int(found[:4]) in knowledge.page_years()]


def test_text_for_readers_is_passed_on() -> None:
    assert values("Senin,  5 Februari\n2024") == ["Senin, 5 Februari 2024"]
    assert values("2 jam yang lalu") == ["2 jam yang lalu"]


@pytest.mark.parametrize(
    "value", ["05/02/2024 09:30", "2024-02-05", "1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "nan"]
)
def test_a_crawl_has_no_moment_that_is_a_guess_or_of_no_page(value: str) -> None:
    assert moments.retrieved(value) is None
    assert moments.retrieved("2024-02-05 02:30:00") == datetime(2024, 2, 5, 2, 30, tzinfo=UTC)


SIGNS = st.text(st.sampled_from("0123456789-/.: TZ+APMWIBGMT,"), max_size=30)


@given(st.one_of(SIGNS, st.text(max_size=90), st.integers(), st.floats(), st.datetimes(), st.dates()))
def test_nothing_raises_and_moments_are_of_their_day(value: object) -> None:
    found = {each.field: each.value for each in moments.publication_values(value, "column:x")}
    if "published_at" in found:
        moment = datetime.fromisoformat(found["published_at"])
        assert abs(moment.date() - date.fromisoformat(found["published_date"])) <= timedelta(days=1)
    crawled = moments.retrieved(value)
    assert crawled is None or (crawled.year in knowledge.page_years() and crawled.microsecond % 1000 == 0)


@given(st.datetimes(datetime(1995, 1, 2), datetime(2027, 12, 30)), st.sampled_from([1, 10**3, 10**6, 10**9]))
def test_an_epoch_is_the_same_moment_in_every_unit(at: datetime, unit: int) -> None:
    seconds = int(at.replace(tzinfo=UTC).timestamp())
    parsed = moments.parse_moment(seconds * unit)
    assert parsed is not None
    assert parsed.at == datetime.fromtimestamp(seconds, UTC)
    assert moments.parse_moment(str(seconds * unit)) == parsed
