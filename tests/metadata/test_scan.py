"""The scan for many words finds exactly what looking for each word in each text by itself finds."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kliping.annotation.scan import Hit, Joined, Words

WORDS = ["yo", "lembah", "embah", "kali", "kalian", "Wárta", "ikan’", "ikan?", "kata 🐟"]
PIECES = st.sampled_from([*WORDS, "lem", "bah", "kal", "i", "y", "o", "\n", "\ud800", "🐟", "?", "’", "á", " "])
TEXTS = st.lists(st.one_of(st.lists(PIECES, max_size=6).map("".join), st.text(max_size=8)), max_size=5)


def one_by_one(text: str) -> list[Hit]:
    return sorted((at, word) for word in WORDS for at in range(len(text)) if text.startswith(word, at))


@given(TEXTS)
@example([])
@example(["", "kali", ""])
@example(["lem", "bah"])
@example(["🐟\ud800lembah", "kalian"])
def test_finds_what_a_plain_search_finds(texts: list[str]) -> None:
    assert [sorted(hits) for hits in Words(WORDS).find(Joined(texts))] == [one_by_one(text) for text in texts]


@given(TEXTS)
def test_hits_come_in_order_of_the_text(texts: list[str]) -> None:
    for hits in Words(WORDS).find(Joined(texts)):
        assert [at for at, _ in hits] == sorted(at for at, _ in hits)


@given(TEXTS)
@example(["xlembah lembah \nlembah", "lembah", "álembah’lembah"])
def test_a_word_that_begins_counts_only_where_no_letter_is_before_it(texts: list[str]) -> None:
    found = Words(WORDS, ["lembah"]).find(Joined(texts))
    begun = [[(at, w) for at, w in one_by_one(t) if w != "lembah" or not at or not t[at - 1].isalpha()] for t in texts]
    assert [sorted(hits) for hits in found] == begun


@pytest.mark.parametrize("word", ["", "kata\ndua"])
def test_refuses_words_that_stand_everywhere_or_in_no_line(word: str) -> None:
    with pytest.raises(ValueError, match="is empty or holds a line break"):
        Words(["lembah", word])
