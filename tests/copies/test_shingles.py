"""The shingles of a body are five words in a row, casefolded, each once: whatever characters the body holds."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kliping.corpus.wide.shingles import shingle_sets

WORDS = ("Harga", "harga", "CABAI", "naik", "lagi", "di", "Pasar", "é", "ﬁ", "straße", "STRASSE", "2", "_", "ا", "İ")
SIGNS = (" ", "\n\n", ", ", "-", "’", "“", "\u00a0", "\u0301", "\x00", "。", " \t ", "½")
bodies = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SIGNS)), max_size=30).map(
    lambda pairs: "".join(f"{word}{sign}" for word, sign in pairs)
)


def plain(body: str) -> set[tuple[str, ...]]:
    """The definition, to the letter."""
    words = re.findall(r"\w+", body.casefold())
    return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}


def sets_of(texts: list[str]) -> list[set[int]]:
    hashes, sizes = shingle_sets(pa.array(texts, pa.string()))
    assert len(hashes) == sizes.sum()
    parts = np.split(hashes, np.cumsum(sizes)[:-1])
    assert all((part[1:] > part[:-1]).all() for part in parts)
    return [set(part.tolist()) for part in parts]


@settings(deadline=None)
@given(st.lists(bodies | st.text(max_size=60), min_size=1, max_size=6))
@example(["", "a b c d", "a b c d e", "", "a b c d e a b c d e"])
@example(["a b c", "d e f g"])
def test_they_are_those_of_the_definition(texts: list[str]) -> None:
    known: dict[tuple[str, ...], int] = {}
    for body, found in zip(texts, sets_of(texts), strict=True):
        wanted = plain(body)
        assert len(found) == len(wanted)
        fresh = wanted - known.keys()
        assert {known[shingle] for shingle in wanted - fresh} <= found
        if len(fresh) == 1:
            known |= dict(zip(fresh, found - {known[shingle] for shingle in wanted - fresh}, strict=True))


@settings(deadline=None)
@given(st.lists(bodies, min_size=2, max_size=6))
def test_two_bodies_share_as_many_as_by_the_definition(texts: list[str]) -> None:
    sets = sets_of(texts)
    for one, a in zip(texts, sets, strict=True):
        for other, b in zip(texts, sets, strict=True):
            assert len(a & b) == len(plain(one) & plain(other))


def test_they_do_not_depend_on_what_comes_with_them() -> None:
    texts = ["Harga cabai naik lagi di pasar.", "“Harga” cabai naik – lagi di PASAR", ""]
    assert sets_of(texts) == [sets_of([text])[0] for text in texts]
    assert sets_of(texts)[0] == sets_of(texts)[1] != set()
