"""A correction that fits is carried out, all that hangs on it follows, and one that does not fit is named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from correcting import corrected_page, correction, outcome_of_page, pieces, verdicts
from hypothesis import given, settings
from hypothesis import strategies as st

from kliping import annotate
from kliping.kernel import annotate_documents
from kliping.model import ROLES, Annotation, Correction, RawDocument, Refusal

PAGE = """Panen Garam di Teluk Wani Maju Sepekan
Penulis: Ani Lestari
TELUK WANI, KOMPAS.com - Petani garam di Teluk Wani memanen lebih awal karena kemarau panjang. Simak juga resep ikan bakar. Harga naik dua kali lipat, Senin (5/2/2024).
Baca juga: Harga Ikan Tongkol Turun
â€œKami senang 😀 sekali,â€ kata Kepala Desa Teluk Wani, Rahmat Hidayat.
Gudang garam baru dibangun tahun ini.
"""  # noqa: E501
FOUND = annotate(PAGE)
RECIPE = "Simak juga resep ikan bakar."


def at(minute: int) -> str:
    return f"2026-11-29T09:{minute:02}:00Z"


def test_the_page_is_what_these_tests_take_it_for() -> None:
    assert [role for role, _ in pieces(FOUND)] == [
        "headline", "byline", "dateline", "paragraph", "related", "paragraph", "paragraph"
    ]  # fmt: skip
    assert FOUND.metadata.published_date == date(2024, 2, 5)


def test_a_stretch_gets_a_role_and_the_rest_of_its_segment_keeps_its_own(tmp_path: Path) -> None:
    found = corrected_page(PAGE, correction(PAGE, "role", RECIPE, ["paragraph"], "related"), folder=tmp_path)
    assert pieces(found)[3:6] == [
        ("paragraph", "Petani garam di Teluk Wani memanen lebih awal karena kemarau panjang."),
        ("related", RECIPE),
        ("paragraph", "Harga naik dua kali lipat, Senin (5/2/2024)."),
    ]
    assert found.segments[4].rule == "correction:corrections/sari.jsonl#1"
    assert RECIPE not in found.text
    assert RECIPE not in [sentence.text for sentence in found.sentences]
    assert verdicts(found) == {1: "applied"}
    assert found.is_corrected


def test_a_segment_is_split_into_two_of_its_role(tmp_path: Path) -> None:
    line = "Gudang garam baru dibangun tahun ini."
    found = corrected_page(PAGE, correction(PAGE, "role", "Gudang garam", ["paragraph"], "paragraph"), folder=tmp_path)
    assert pieces(found)[-2:] == [("paragraph", "Gudang garam"), ("paragraph", "baru dibangun tahun ini.")]
    assert pieces(FOUND)[-1] == ("paragraph", line)


def test_segments_of_a_line_are_merged(tmp_path: Path) -> None:
    line = PAGE.splitlines()[2]
    record = correction(PAGE, "role", line, ["dateline", "paragraph"], "paragraph")
    found = corrected_page(PAGE, record, folder=tmp_path)
    assert ("paragraph", line) in pieces(found)
    assert found.metadata.dateline_place is None, "there is no dateline any more"


def test_a_role_over_several_lines_makes_a_segment_a_line(tmp_path: Path) -> None:
    lines = "\n".join(PAGE.splitlines()[3:6])
    record = correction(PAGE, "role", lines, ["related", "paragraph", "paragraph"], "promotion")
    found = corrected_page(PAGE, record, folder=tmp_path)
    assert [role for role, _ in pieces(found)[-3:]] == ["promotion"] * 3
    assert verdicts(found) == {1: "applied"}


@pytest.mark.parametrize(
    "words", ["œKami senang 😀 sekali,", "â€œKami senang 😀 sekali,â€", "\nâ€œKami senang 😀 sekali,â€ "]
)
def test_what_a_repair_changed_stays_in_one_piece(words: str, tmp_path: Path) -> None:
    found = corrected_page(PAGE, correction(PAGE, "role", words, ["paragraph"], "caption"), folder=tmp_path)
    ((text,),) = [[text for role, text in pieces(found) if role == "caption"]]
    assert text.startswith("“Kami senang 😀 sekali,")
    for segment in found.segments:
        assert PAGE[segment.start : segment.end].strip() == PAGE[segment.start : segment.end]


def test_a_headline_that_gets_its_role_is_the_headline(tmp_path: Path) -> None:
    title = PAGE.splitlines()[0]
    gone = corrected_page(PAGE, correction(PAGE, "role", title, ["headline"], "related"), folder=tmp_path)
    assert gone.metadata.headline is None
    line = PAGE.splitlines()[5]
    other = corrected_page(
        PAGE,
        correction(PAGE, "role", title, ["headline"], "related"),
        correction(PAGE, "role", line, ["paragraph"], "headline", when=at(31)),
        folder=tmp_path,
    )
    assert other.metadata.headline == line


def test_a_page_without_body_is_no_article_and_its_corrections_are_named(tmp_path: Path) -> None:
    text = "Baca juga: Resep Ikan\nHarga garam naik dua kali lipat di pasar, kata pedagang, Senin."
    line = text.splitlines()[1]
    records = [correction(text, "role", line, ["paragraph"], "related"), correction(text, "tags", None, [], ["garam"])]
    found = outcome_of_page(text, records, tmp_path)
    assert isinstance(found, Refusal)
    assert found.reason == "no-article"
    assert [each.reason for each in found.misfits] == ["correction-without-article"] * 2
    assert all("no-article" in each.detail for each in found.misfits)


def test_a_page_that_was_set_aside_becomes_an_article(tmp_path: Path) -> None:
    text = "Baca juga: Harga Garam Naik"
    assert isinstance(outcome_of_page(text, [], tmp_path), Refusal)
    record = correction(text, "role", text, ["related"], "paragraph")
    assert corrected_page(text, record, folder=tmp_path).text == text


def test_a_value_stands_with_evidence_that_names_the_correction_and_the_old_one_is_rejected(tmp_path: Path) -> None:
    record = correction(PAGE, "authors", "Ani Lestari", ["Ani Lestari"], ["Ani L. Putri"])
    found = corrected_page(PAGE, record, folder=tmp_path)
    assert found.metadata.authors == ("Ani L. Putri",)
    rows = [(row.value, row.quote, row.rule, row.accepted) for row in found.evidence if row.field == "authors"]
    assert rows[-1] == ("Ani L. Putri", "Ani Lestari", "correction:corrections/sari.jsonl#1", True)
    assert [row[3] for row in rows[:-1]] == [False]


def test_each_member_of_a_list_cites_its_own_place_where_the_text_has_it(tmp_path: Path) -> None:
    words = "Kepala Desa Teluk Wani, Rahmat Hidayat"
    record = correction(PAGE, "editors", words, [], ["Rahmat Hidayat", "Orang Lain"])
    found = corrected_page(PAGE, record, folder=tmp_path)
    quotes = [(row.value, row.quote) for row in found.evidence if row.field == "editors"]
    assert quotes == [("Rahmat Hidayat", "Rahmat Hidayat"), ("Orang Lain", words)]


def test_a_value_is_taken_away(tmp_path: Path) -> None:
    records = [
        correction(PAGE, "authors", None, ["Ani Lestari"], []),
        correction(PAGE, "headline", None, FOUND.metadata.headline, None),
        correction(PAGE, "outlet_name", None, "Kompas", None),
    ]
    metadata = corrected_page(PAGE, *records, folder=tmp_path).metadata
    assert (metadata.authors, metadata.headline, metadata.outlet_name, metadata.outlet_id) == ((), None, None, None)


@pytest.mark.parametrize(
    ("name", "outlet_id", "outlet_name"),
    [("ANTARA", "antara", "ANTARA"), ("antaranews.com", "antara", "ANTARA"), ("Kabar Teluk", None, "Kabar Teluk")],
)
def test_an_outlet_is_the_one_of_the_list_or_has_no_id(
    name: str, outlet_id: str | None, outlet_name: str, tmp_path: Path
) -> None:
    metadata = corrected_page(PAGE, correction(PAGE, "outlet_name", None, "Kompas", name), folder=tmp_path).metadata
    assert (metadata.outlet_id, metadata.outlet_name) == (outlet_id, outlet_name)


def test_times_count_from_the_corrected_day(tmp_path: Path) -> None:
    record = correction(PAGE, "published_date", None, "2024-02-05", "2022-03-01")
    found = corrected_page(PAGE, record, folder=tmp_path)
    assert (found.metadata.published_date, found.metadata.published_basis) == (date(2022, 3, 1), "correction")
    years = [row._asdict()["value"] for row in found.rows["time_expressions"] if row._asdict()["text"] == "tahun ini"]
    assert years == ["2022"]


def test_a_moment_of_another_day_is_not_known_any_more(tmp_path: Path) -> None:
    text = PAGE.replace("Penulis", "Kompas.com - 05/02/2024, 14:05 WIB\nPenulis")
    assert annotate(text).metadata.published_at is not None
    record = correction(text, "published_date", None, "2024-02-05", "2024-02-06")
    metadata = corrected_page(text, record, folder=tmp_path).metadata
    assert (metadata.published_date, metadata.published_at) == (date(2024, 2, 6), None)


MISFITS: dict[str, tuple[dict[str, Any], str]] = {
    "another old role": (correction(PAGE, "role", RECIPE, ["caption"], "related"), "correction-outdated"),
    "too few old roles": (
        correction(PAGE, "role", PAGE.splitlines()[2], ["paragraph"], "related"),
        "correction-outdated",
    ),
    "a role behind the text": (
        correction(PAGE, "role", RECIPE, ["paragraph"], "related", end=len(PAGE) + 1),
        "correction-misplaced",
    ),
    "a role for nothing": (correction(PAGE, "role", "\n", ["paragraph"], "related"), "correction-misplaced"),
    "another old value": (correction(PAGE, "headline", None, "Lain", "Judul"), "correction-outdated"),
    "an old list in another order": (correction(PAGE, "authors", None, ["B", "A"], ["C"]), "correction-outdated"),
    "a value shown behind the text": (
        correction(PAGE, "tags", "garam", [], ["garam"], end=2**31 - 1),
        "correction-misplaced",
    ),
    "a value shown by white space": (correction(PAGE, "tags", " ", [], ["garam"]), "correction-misplaced"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_changes_nothing_and_is_named(name: str, tmp_path: Path) -> None:
    record, reason = MISFITS[name]
    found = corrected_page(PAGE, record, folder=tmp_path)
    assert (pieces(found), found.metadata, found.is_corrected) == (pieces(FOUND), FOUND.metadata, False)
    assert [(each.source_path, each.reason) for each in found.misfits] == [("corrections/sari.jsonl#1", reason)]
    (misfit,) = found.misfits
    assert misfit.detail.endswith(".")
    for words in ("Panen", "Lestari", "Judul"):
        assert words not in misfit.detail, "a detail holds no words of the article"


def test_what_stands_there_already_is_confirmed(tmp_path: Path) -> None:
    title = PAGE.splitlines()[0]
    records = [
        correction(PAGE, "role", title, ["paragraph"], "headline"),
        correction(PAGE, "authors", None, [], ["Ani Lestari"]),
        correction(PAGE, "headline", title, title, title),
    ]
    found = corrected_page(PAGE, *records, folder=tmp_path)
    assert verdicts(found) == {1: "confirmed", 2: "confirmed", 3: "confirmed"}
    assert (pieces(found), found.evidence, found.is_corrected) == (pieces(FOUND), FOUND.evidence, False)


@pytest.mark.parametrize("seen", ["Panen Garam di Teluk Wani Maju Sepekan", "Garam Dipanen"])
def test_of_two_people_the_later_one_counts_whether_or_not_they_saw_the_other_s_work(seen: str, tmp_path: Path) -> None:
    records = [
        correction(PAGE, "headline", None, seen, "Panen Garam Maju", who="Budi", when=at(40)),
        correction(PAGE, "headline", None, FOUND.metadata.headline, "Garam Dipanen", when=at(30)),
    ]
    found = corrected_page(PAGE, *records, folder=tmp_path)
    assert found.metadata.headline == "Panen Garam Maju"
    assert verdicts(found) == {1: "applied", 2: "superseded"}


def test_what_is_given_twice_counts_once(tmp_path: Path) -> None:
    title = FOUND.metadata.headline
    value = correction(PAGE, "headline", None, title, "Garam Dipanen", when=at(30))
    role = correction(PAGE, "role", RECIPE, ["paragraph"], "related", when=at(30))
    later = correction(PAGE, "headline", None, "Garam Dipanen", "Panen", when=at(31))
    stale = correction(PAGE, "headline", None, "Lain", "Lama", when=at(32))
    found = corrected_page(PAGE, value, role, later, stale, stale, role, value, folder=tmp_path)
    assert verdicts(found) == {
        1: "superseded", 2: "applied", 3: "applied", 4: "correction-outdated", 5: "correction-outdated", 6: "confirmed",
        7: "confirmed",
    }  # fmt: skip
    assert found.metadata.headline == "Panen"


def test_of_two_roles_for_one_stretch_the_later_one_counts(tmp_path: Path) -> None:
    records = [
        correction(PAGE, "role", RECIPE, ["paragraph"], "promotion", who="Budi", when=at(40)),
        correction(PAGE, "role", RECIPE, ["paragraph"], "related", when=at(30)),
        correction(PAGE, "role", RECIPE, ["promotion"], "advertisement", who="Ani", when=at(50)),
    ]
    found = corrected_page(PAGE, *records[:2], folder=tmp_path)
    assert ("promotion", RECIPE) in pieces(found)
    assert verdicts(found) == {1: "applied", 2: "superseded"}
    again = corrected_page(PAGE, *records, folder=tmp_path)
    assert ("advertisement", RECIPE) in pieces(again)
    assert verdicts(again) == {1: "superseded", 2: "superseded", 3: "applied"}


def test_a_role_that_is_half_replaced_is_still_applied(tmp_path: Path) -> None:
    records = [
        correction(PAGE, "role", RECIPE, ["paragraph"], "related", when=at(30)),
        correction(PAGE, "role", "resep ikan bakar.", ["related"], "advertisement", when=at(31)),
    ]
    found = corrected_page(PAGE, *records, folder=tmp_path)
    assert pieces(found)[4:6] == [("related", "Simak juga"), ("advertisement", "resep ikan bakar.")]
    assert verdicts(found) == {1: "applied", 2: "applied"}


def test_a_value_fits_that_was_seen_before_a_role_changed_it(tmp_path: Path) -> None:
    line = PAGE.splitlines()[5]
    title = FOUND.metadata.headline
    records = [
        correction(PAGE, "headline", None, title, "Gudang Garam Baru", when=at(29)),
        correction(PAGE, "role", PAGE.splitlines()[0], ["headline"], "related", when=at(30)),
        correction(PAGE, "role", line, ["paragraph"], "headline", when=at(31)),
    ]
    found = corrected_page(PAGE, *records, folder=tmp_path)
    assert found.metadata.headline == "Gudang Garam Baru"
    assert verdicts(found) == {1: "applied", 2: "applied", 3: "applied"}


VALUES: dict[str, Any] = {
    "headline": st.none() | st.sampled_from([FOUND.metadata.headline, "Judul"]),
    "published_date": st.none() | st.sampled_from(["2024-02-05", "2024-02-06"]),
    "authors": st.sampled_from([[], ["Ani Lestari"], ["Budi", "Ani Lestari"]]),
    "outlet_name": st.none() | st.sampled_from(["Kompas", "ANTARA", "Kabar Teluk"]),
}
PLACES = st.integers(0, len(PAGE) + 3)
ROLE_CORRECTIONS = st.builds(
    lambda start, size, old, new: ("role", start, start + size, json.dumps(old), json.dumps(new)),
    PLACES,
    st.integers(1, 200),
    st.lists(st.sampled_from(["paragraph", "related", "headline", "byline", "dateline"]), min_size=1, max_size=3),
    st.sampled_from(ROLES),
)
VALUE_CORRECTIONS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda what: st.tuples(
        st.just(what), st.none(), st.none(), VALUES[what].map(json.dumps), VALUES[what].map(json.dumps)
    )
)


def documents_with(found: Sequence[tuple[Any, ...]], order: Sequence[int]) -> RawDocument:
    """The page with these corrections, a minute between every second two, given in another order."""
    document = RawDocument(PAGE.encode(), "halaman.txt")
    first = datetime(2026, 11, 29, tzinfo=UTC)
    rows = [
        Correction(
            document.sha256, *each, "Sari", first + timedelta(minutes=number // 2), None, f"corrections/s#{number}"
        )
        for number, each in enumerate(found)
    ]
    return replace(document, corrections=tuple(rows[number] for number in order))


@settings(deadline=None)
@given(st.data(), st.lists(ROLE_CORRECTIONS | VALUE_CORRECTIONS, min_size=1, max_size=5))
def test_any_corrections_leave_a_sound_article_and_none_is_lost(
    data: st.DataObject, found: list[tuple[Any, ...]]
) -> None:
    order = data.draw(st.permutations(range(len(found))))
    (outcome,) = annotate_documents([documents_with(found, range(len(found)))])
    (again,) = annotate_documents([documents_with(found, order)])
    assert again.misfits == outcome.misfits
    if isinstance(outcome, Refusal):
        assert outcome.reason != "failed", outcome.detail
        assert len(outcome.misfits) == len(found)
        return
    assert isinstance(again, Annotation)
    assert again.rows == outcome.rows
    assert rebuilt(outcome).rows == outcome.rows
    assert len(outcome.rows["corrections"]) + len(outcome.misfits) == len(found)
    position = 0
    for segment in outcome.segments:
        assert segment.start >= position
        assert not PAGE[position : segment.start].strip()
        position = segment.end
    assert not PAGE[position:].strip()
    applied = [row for row in outcome.rows["corrections"] if row._asdict()["outcome"] == "applied"]
    assert outcome.is_corrected == bool(applied)
    rules = {row.rule for row in (*outcome.segments, *outcome.evidence)}
    for row in applied:
        said = row._asdict()
        empty = said["what"] != "role" and json.loads(said["new"]) in (None, [])
        assert empty or f"correction:{said['source_path']}" in rules


def rebuilt(found: Annotation) -> Annotation:
    """The article again, from its bytes and its rows in `corrections` alone, as an audit makes it."""
    rows = tuple(Correction(*row[: len(Correction._fields)]) for row in found.rows["corrections"])
    (again,) = annotate_documents([replace(found.document, corrections=rows)])
    assert isinstance(again, Annotation)
    assert again.misfits == ()
    return again


BITS = st.sampled_from(
    ["Harga garam naik.", " ", "\n", "\r\n", "\u2028", "\x85", "â€œ", "Â ", "\u200b", "\ufeff", "😀", "e\u0301",
     "Baca juga: Resep", "(Ani)", "***", "\t", "&amp;", "Senin (5/2/2024)", "\x92"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(BITS, min_size=1, max_size=20).map("".join), st.data())
def test_any_cut_of_any_page_keeps_every_character(text: str, data: st.DataObject) -> None:
    document = RawDocument(text.encode(), "halaman.txt")
    (plain,) = annotate_documents([document])
    if isinstance(plain, Refusal):
        return
    raw = plain.raw_text
    start = data.draw(st.integers(0, len(raw) - 1))
    end = data.draw(st.integers(start + 1, len(raw)))
    old = [segment.role for segment in plain.segments if segment.start < end and start < segment.end]
    row = Correction(
        document.sha256, "role", start, end, json.dumps(old), '"paragraph"', "Sari", datetime(2026, 11, 29, tzinfo=UTC),
        None, "corrections/s#1",
    )  # fmt: skip
    (found,) = annotate_documents([replace(document, corrections=(row,))])
    assert isinstance(found, Annotation), found
    assert [each.reason for each in found.misfits] in ([], ["correction-misplaced"])
    assert "".join("".join(raw[s.start : s.end] for s in found.segments).split()) == "".join(raw.split())
    assert rebuilt(found).rows == found.rows
    before = [segment for segment in plain.segments if segment.end <= start]
    assert list(found.segments[: len(before)]) == before
    for segment in found.segments if not found.misfits else ():
        if start <= segment.start and segment.end <= end and segment.text.strip():
            assert segment.role == "paragraph"
