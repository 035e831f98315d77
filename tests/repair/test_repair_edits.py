"""Edits compose to one list that does what two did, and an alignment rebuilds the new text."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kliping.annotation.repair.edits import Edit, align, apply, compose


@st.composite
def edits_of(draw: st.DrawFn, text: str, reason: str) -> list[Edit]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return [Edit(start, end, draw(st.text("xyz", max_size=3)), reason) for start, end in pairs]


@given(st.data())
def test_a_composition_does_what_both_lists_do(data: st.DataObject) -> None:
    raw = data.draw(st.text("abcdef", max_size=20))
    first = data.draw(edits_of(raw, "first"))
    middle = apply(raw, first)
    second = data.draw(edits_of(middle, "second"))
    composed = compose(first, middle, second)
    assert apply(raw, composed) == apply(middle, second)
    assert all(left.end <= right.start for left, right in pairwise(composed))
    assert {edit.reason for edit in composed} <= {"first", "second"}


def test_edits_of_the_same_characters_become_one_with_the_first_reason() -> None:
    first = [Edit(4, 6, "\xa0", "mojibake")]
    assert compose(first, "kata\xa0dia", [Edit(4, 5, " ", "odd-space")]) == [Edit(4, 6, " ", "mojibake")]


def test_neighbours_stay_apart() -> None:
    first = [Edit(0, 3, "“", "mojibake"), Edit(7, 8, "", "zero-width")]
    second = [Edit(5, 6, " ", "odd-space")]
    assert compose(first, "“Kata\xa0itu", second) == [first[0], first[1], Edit(8, 9, " ", "odd-space")]


@given(st.text("aZ ?é“Â\xa0€™", max_size=30), st.text("aZ ?é“Â\xa0€™", max_size=30))
def test_an_alignment_rebuilds_the_new_text(old: str, new: str) -> None:
    assert apply(old, [Edit(*change, "") for change in align(old, new)]) == new


def test_an_alignment_is_as_small_as_the_damage() -> None:
    old = "Ia berkata, â€œKafÃ©Â\xa0itu tutup.â€\x9d Titik."
    changes = list(align(old, "Ia berkata, “Kafé\xa0itu tutup.” Titik."))
    assert [(old[start:end], after) for start, end, after in changes] == [
        ("â€œ", "“"),
        ("Ã©", "é"),
        ("Â\xa0", "\xa0"),
        ("â€\x9d", "”"),
    ]
