"""The publication day: written proof first, told days before days to come, and no day where no year is proven."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliping import knowledge
from kliping.annotation.layers.metadata.published import published
from kliping.model import ROLES, Claim, InputValue, Page, Span

Line = tuple[str, str]


def claims_of(*lines: Line, url: str | None = None, metadata: tuple[InputValue, ...] = ()) -> list[Claim]:
    """Claims for a page whose lines are given as (role, text)."""
    text = "\n".join(words for _, words in lines)
    return published(Page(text, url, metadata), list(spans_of(lines)))


def spans_of(lines: tuple[Line, ...]) -> Iterator[Span]:
    offset = 0
    for role, words in lines:
        yield Span(offset, offset + len(words), role, "test")
        offset += len(words) + 1


def day_and_rule(claims: list[Claim]) -> tuple[str, str] | None:
    accepted = [claim for claim in claims if claim.accepted and claim.field == "published_date"]
    assert len(accepted) <= 1
    return (accepted[0].value, accepted[0].rule) if accepted else None


def body(*sentences: str) -> tuple[str, str] | None:
    return day_and_rule(claims_of(*(("paragraph", sentence) for sentence in sentences)))


def reasons(claims: list[Claim]) -> set[tuple[str, str]]:
    return {(claim.value, claim.rule) for claim in claims if not claim.accepted}


def test_a_time_stamp_states_day_and_instant() -> None:
    claims = claims_of(("timestamp", "Kamis, 19 Oktober 2023 | 01:34 WIB"), ("paragraph", "Hujan turun, Rabu (18/10)."))
    assert [(c.field, c.value, c.rule, c.accepted) for c in claims] == [
        ("published_date", "2023-10-19", "stated:timestamp", True),
        ("published_at", "2023-10-18T18:34:00.000Z", "stated:timestamp", True),
    ]
    assert (claims[0].start, claims[0].end) == (0, 34)


@pytest.mark.parametrize(("zone", "hour"), [("WIB", "12"), ("WITA", "11"), ("WIT", "10")])
def test_the_three_zones_of_indonesia(zone: str, hour: str) -> None:
    claims = claims_of(("timestamp", f"05/03/2021, 19:00 {zone}"))
    assert claims[1].value == f"2021-03-05T{hour}:00:00.000Z"


def test_a_stamp_without_a_zone_states_no_instant() -> None:
    assert [c.field for c in claims_of(("timestamp", "05/03/2021, 19:00"))] == ["published_date"]


def test_clock_on_the_line_below_the_day() -> None:
    claims = claims_of(("timestamp", "Jumat, 5 Maret 2021"), ("timestamp", "19:00 WIB"))
    assert [c.value for c in claims] == ["2021-03-05", "2021-03-05T12:00:00.000Z"]


def test_first_publication_before_the_update() -> None:
    claims = claims_of(
        ("timestamp", "Diperbarui 7 Maret 2021, 08:00 WIB"), ("timestamp", "Diterbitkan 5 Maret 2021, 19:00 WIB")
    )
    assert day_and_rule(claims) == ("2021-03-05", "stated:timestamp")
    assert ("2021-03-07", "stated:timestamp") in reasons(claims)


def test_copyright_with_a_full_date_states() -> None:
    claims = claims_of(("paragraph", "Rapat usai."), ("copyright", "COPYRIGHT © KABAR 5 Maret 2021"))
    assert day_and_rule(claims) == ("2021-03-05", "stated:copyright")


def test_a_stamp_whose_weekday_is_right_comes_before_one_whose_is_not() -> None:
    off, right = ("timestamp", "Senin, 5 Maret 2021"), ("timestamp", "Sabtu, 6 Maret 2021")
    assert day_and_rule(claims_of(off)) == ("2021-03-05", "stated:timestamp")
    assert day_and_rule(claims_of(off, right)) == ("2021-03-06", "stated:timestamp")


def test_precedence_and_that_the_losers_stay() -> None:
    told = ("paragraph", "kata dia, Rabu (3/3/2021).")
    url = "https://kabar.example/2021/03/05/judul"
    metadata = (InputValue("published_date", "2021-03-04", "column:date"),)
    assert day_and_rule(claims_of(told)) == ("2021-03-03", "inferred:latest-told-day")
    assert day_and_rule(claims_of(told, url=url)) == ("2021-03-05", "url:path")
    assert day_and_rule(claims_of(told, url=url, metadata=metadata)) == ("2021-03-04", "metadata:column:date")
    claims = claims_of(("timestamp", "6 Maret 2021"), told, url=url, metadata=metadata)
    assert day_and_rule(claims) == ("2021-03-06", "stated:timestamp")
    assert {("2021-03-04", "metadata:column:date"), ("2021-03-05", "url:path")} <= reasons(claims)
    assert [c.start for c in claims if c.rule.startswith(("url", "metadata"))] == [None, None]


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://kabar.example/read/2023/11/06/23000018/judul", "2023-11-06"),
        ("https://kabar.example/berita/20231106123456-20-777/judul", "2023-11-06"),
        ("https://kabar.example/2023-11-06-judul", "2023-11-06"),
        ("https://kabar.example/berita/d-20231399/judul", None),
        ("https://kabar.example/read/5445334/judul-2024", None),
        ("https://kabar.example/2023/02/30/judul", None),
    ],
)
def test_days_in_urls(url: str, day: str | None) -> None:
    found = day_and_rule(claims_of(("paragraph", "Rapat usai."), url=url))
    assert (found[0] if found else None) == day


def given_values(*values: tuple[str, str, str]) -> tuple[InputValue, ...]:
    """Input metadata as (field, value, rule)."""
    return tuple(InputValue(*value) for value in values)


TOLD_TWICE = given_values(
    ("published_at", "2024-02-04T15:30:00.000Z", "column:terbit"), ("published_date", "2024-02-05", "column:terbit")
)
"""What a column that states half past midnight in the zone of Papua gives."""


MORNING = {"published_date": "2024-02-05", "published_at": "2024-02-05T02:30:00.000Z"}


def accepted(claims: list[Claim]) -> dict[str, str]:
    return {claim.field: claim.value for claim in claims if claim.accepted}


def test_a_moment_with_its_zone_is_published_under_the_day_it_was_given_with() -> None:
    claims = claims_of(("paragraph", "Rapat usai."), metadata=TOLD_TWICE)
    assert accepted(claims) == {"published_date": "2024-02-05", "published_at": "2024-02-04T15:30:00.000Z"}
    assert {claim.rule for claim in claims} == {"metadata:column:terbit"}


def test_a_moment_is_believed_only_for_the_day_that_is() -> None:
    same = claims_of(("timestamp", "Senin, 5 Februari 2024"), metadata=TOLD_TWICE)
    assert accepted(same)["published_at"] == "2024-02-04T15:30:00.000Z"
    own = claims_of(("timestamp", "Senin, 5 Februari 2024 07:00 WIB"), metadata=TOLD_TWICE)
    assert accepted(own)["published_at"] == "2024-02-05T00:00:00.000Z"
    other = claims_of(("timestamp", "Selasa, 6 Februari 2024"), metadata=TOLD_TWICE)
    assert accepted(other) == {"published_date": "2024-02-06"}
    assert reasons(other) == {("2024-02-05", "metadata:column:terbit")}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Senin, 05 Feb 2024 09:30 WIB", MORNING),
        ("09:30 WIB, Senin 5 Februari 2024", MORNING),
        ("Diterbitkan 5 Februari 2024 pukul 09.30", {"published_date": "2024-02-05"}),
        ("Jum'at, 2 Pebruari 2024", {"published_date": "2024-02-02"}),
        ("Selasa, 05/02/2024 09:30", {}), ("2 jam yang lalu", {}), ("5 Februari", {}), ("Februari 2024", {}),
        ("1 Januari 1970", {}), ("31 Desember 2099", {}), ("17 Agustus 1945", {}), ("31 Februari 2024", {}),
    ],
)  # fmt: skip
def test_dates_that_a_column_gives_in_words(value: str, expected: dict[str, str]) -> None:
    assert accepted(claims_of(metadata=given_values(("published_date", value, "column:tanggal")))) == expected


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("1970-01-01", "rejected:before-the-web"),
        ("1994-12-31", "rejected:before-the-web"),
        ("2099-01-01", "rejected:after-the-last-year"),
        (f"{knowledge.page_years().stop}-01-01", "rejected:after-the-last-year"),
    ],
)
def test_a_day_of_no_page_stays_as_evidence_and_the_next_proof_counts(day: str, reason: str) -> None:
    given_day = given_values(("published_date", day, "column:date"))
    claims = claims_of(("timestamp", day), metadata=given_day, url="https://kabar.example/read/2024/02/05/judul")
    assert day_and_rule(claims) == ("2024-02-05", "url:path")
    assert (day, reason) in reasons(claims)


def test_the_same_day_from_two_sources_is_no_alternative() -> None:
    day = given_values(("published_date", "2024-02-05", "column:date"), ("published_date", "2024-02-06", "json-ld:x"))
    claims = claims_of(("paragraph", "Rapat usai."), metadata=day, url="https://kabar.example/read/2024/02/05/judul")
    assert reasons(claims) == {("2024-02-06", "metadata:json-ld:x")}


def test_an_instant_in_utc_is_given_its_day_in_jakarta() -> None:
    metadata = (InputValue("published_at", "2016-02-16T20:30:00Z", "json-ld:datePublished"),)
    claims = claims_of(("paragraph", "Rapat usai."), metadata=metadata)
    assert [(c.field, c.value) for c in claims] == [
        ("published_date", "2016-02-17"),
        ("published_at", "2016-02-16T20:30:00.000Z"),
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # The day of a quotation wins over the older day of the event that it tells of.
        ('Banjir terjadi Senin (16/10/2023). "Kami siaga," kata Camat Rina, Rabu (18/10/2023).', "2023-10-18"),
        # What is planned does not count, whether the cue stands before or beside the date.
        ("kata Rina, Rabu (18/10/2023). Lomba akan digelar pada Sabtu (21/10/2023).", "2023-10-18"),
        ("kata Rina, Rabu (18/10/2023). Lomba itu Sabtu (21/10/2023) mendatang.", "2023-10-18"),
        ("kata Rina, Rabu (18/10/2023). Pendaftaran dibuka hingga Selasa (31/10/2023).", "2023-10-18"),
        # A verb of saying owns the date behind the comma, though what is said lies ahead.
        ("Rina mengatakan pasar akan dibongkar, Rabu (18/10/2023).", "2023-10-18"),
        # A birthday is told for the person's sake.
        ("Rina hadir, Rabu (18/10/2023). Bayi itu lahir di Solo, Kamis (19/10/2023).", "2023-10-18"),
        # A schedule in plain dates does not outdo a dated report.
        ("kata Rina, Rabu (18/10/2023). Putaran kedua 25 Oktober 2023.", "2023-10-18"),
    ],
)
def test_told_days_against_days_to_come(sentence: str, expected: str) -> None:
    assert body(sentence) == (expected, "inferred:latest-told-day")


def test_words_that_fix_the_day_of_writing() -> None:
    assert body("Pasar dibuka hari ini, Rabu (18/10/2023).") == ("2023-10-18", "inferred:today")
    assert body("Pasar dibuka Selasa (17/10/2023) kemarin.") == ("2023-10-18", "inferred:yesterday")
    assert body("Pasar dibuka besok, Kamis (19/10/2023).") == ("2023-10-18", "inferred:tomorrow")


def test_a_day_that_is_told_is_better_proof_than_one_that_is_counted() -> None:
    text = "Rapat dimulai kemarin, Selasa (17/10/2023), dan ditutup, Rabu (18/10/2023)."
    assert body(text) == ("2023-10-18", "inferred:latest-told-day")


def test_the_weekday_pins_the_year() -> None:
    assert body("Sejak 2 Januari 2023 pasar tutup.", "Kini dibuka, Rabu (18/10).") == (
        "2023-10-18",
        "inferred:latest-told-day",
    )
    assert body("Pasar tutup sejak Desember 2022.", "Kini dibuka, Rabu (18/10).") == (
        "2023-10-18",
        "inferred:latest-told-day",
    )


@pytest.mark.parametrize(
    "sentences",
    [
        ("Pasar dibuka, Rabu (18/10).",),  # no year anywhere
        ("Pasar dibuka, Rabu (18/10), menurut UU Nomor 2 Tahun 2023.",),  # the year of a law proves nothing
        ("Pada 2019 pasar terbakar.", "Kini dibuka, Rabu (18/10)."),  # neither 2019 nor 2020 has that Wednesday
        ("Ia lahir pada 17 Agustus 1994 di Solo.",),
        ("Menurut nelayan kelahiran 3 Mei 2001 ini, ombak sudah reda.",),
        ("Pasar itu tutup sejak Rabu (18/10/2023).",),
        ("Akun Facebook “Kabar Lembah” pada Rabu (18/10/2023) membagikan foto itu.",),
        ("Pada Rabu (18/10/2023) beredar foto itu.",),
        ("Hingga Rabu (18/10/2023) hujan akan turun.",),
        ("Indonesia merdeka pada 17 Agustus 1945.",),  # before there were pages
        ("Pameran akan dibuka pada Rabu (18/10/2023).",),  # only a plan
        ("Gedung itu diresmikan 9 April 2021.", "Sejak Oktober 2021 gedung itu kosong."),  # a later month is told
        ("Hari Anak diperingati setiap 23 Juli, seperti pada 2023.",),
        ("Harga naik sejak Desember 2022.",),  # a month has no day
    ],
)
def test_no_day_where_the_text_cannot_tell(sentences: tuple[str, ...]) -> None:
    assert body(*sentences) is None


@pytest.mark.parametrize("opening", ["Hingga Rabu (18/10/2023)", "Sampai Rabu (18/10/2023),"])
def test_a_sentence_that_says_how_things_stand_is_of_its_day(opening: str) -> None:
    found = body("Akun itu mengunggahnya pada Senin (2/10/2023).", f"{opening} unggahan itu dilihat 300 kali.")
    assert found == ("2023-10-18", "inferred:latest-told-day")


def test_other_articles_never_count_and_reasons_are_given() -> None:
    claims = claims_of(
        ("navigation", "Jumat, 20 Oktober 2023"),
        ("paragraph", "kata Rina, Rabu (18/10/2023). Lomba akan digelar pada Sabtu (21/10/2023)."),
        ("paragraph", "Senin (17/10/2023) ia tiba. Minggu (15/10/2023) ia pergi."),
        ("related", "Gempa Terjadi 19 Oktober 2023"),
    )
    assert day_and_rule(claims) == ("2023-10-18", "inferred:latest-told-day")
    assert reasons(claims) == {
        ("2023-10-20", "rejected:other-article"),
        ("2023-10-21", "rejected:future"),
        ("2023-10-17", "rejected:earlier-day"),
        ("2023-10-15", "rejected:earlier-day"),
        ("2023-10-19", "rejected:other-article"),
    }
    slip = claims_of(("paragraph", "kata Rina, Rabu (18/10/2023). Rabu (20/10/2023) ia pergi."))
    assert reasons(slip) == {("2023-10-20", "rejected:weekday-conflict")}
    changed = claims_of(("paragraph", "kata Rina, Rabu (18/10/2023). Artikel ini diperbarui pada Jumat (20/10/2023)."))
    assert reasons(changed) == {("2023-10-20", "rejected:updated")}
    assert ("--10-18", "rejected:year-unknown") in reasons(claims_of(("paragraph", "Pasar dibuka, Rabu (18/10).")))


def test_at_most_eight_rejected_readings_the_nearest_ones() -> None:
    days = "".join(f" Lalu {day} Oktober 2023." for day in range(1, 18))
    claims = claims_of(("paragraph", f"kata Rina, Rabu (18/10/2023).{days}"))
    rejected = [claim.value for claim in claims if not claim.accepted]
    assert rejected == [f"2023-10-{day}" for day in range(10, 18)]


WORDS = [
    "Rabu (18/10/2023)",
    "akan",
    "kata dia,",
    "kemarin",
    "19 Oktober",
    "hari ini,",
    "2022",
    "lahir",
    ".",
    "Senin (1/1)",
]
WORDS += [
    "13-14 Mei 2020",
    "29 Februari",
    "31 Desember 2099",
    "1 Januari 1900",
    "besok,",
    "23:59 WIB",
    "besok, 1/1/1900",
]


@given(
    st.lists(st.tuples(st.sampled_from(ROLES), st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)), max_size=6)
)
def test_invariants_on_any_page(lines: list[tuple[str, list[str]]]) -> None:
    page_lines = tuple((role, " ".join(words)) for role, words in lines)
    text = "\n".join(words for _, words in page_lines)
    claims = claims_of(*page_lines)
    assert [claim.field for claim in claims if claim.accepted] in (
        [],
        ["published_date"],
        ["published_date", "published_at"],
    )
    for claim in claims:
        assert claim.start is not None
        assert claim.end is not None
        assert text[claim.start : claim.end].strip()
        if claim.accepted and claim.field == "published_date":
            date.fromisoformat(claim.value)
            assert claim.rule.partition(":")[0] in ("stated", "inferred")
