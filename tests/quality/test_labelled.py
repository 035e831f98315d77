"""Left out is left out: no page of a held-out crawl or outlet, nor a copy of one, is learnt from where it is judged."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import labelled
import pytest
from cross_validate_roles import folds, split
from hypothesis import given
from hypothesis import strategies as st
from labelled import Labelled, groups

CHOICES = st.tuples(
    st.sampled_from(["kompas", "antara", "lembah", None]),
    st.sampled_from(["https://www.lembah.co.id/a", "https://antaranews.com/b", None]),
    st.sampled_from(["ab12", "cd34", "ef56", "bulk"]),
    st.booleans(),
)


def page(number: int, outlet: str | None, url: str | None, crawl: str) -> Labelled:
    return Labelled(f"d{number:03}", "", "Panen.", ((0, 6, "paragraph"),), {"outlet": outlet}, outlet, crawl, url, None)


@pytest.mark.parametrize("by", ["crawl", "outlet"])
@given(drawn=st.lists(CHOICES, min_size=1, max_size=30), count=st.integers(2, 8))
def test_no_group_is_learnt_from_where_it_is_judged(by: str, drawn: list[tuple], count: int) -> None:
    originals = [page(number, outlet, url, crawl) for number, (outlet, url, crawl, _) in enumerate(drawn)]
    copies = [replace(p, joint="flat") for p, (_, _, _, copied) in zip(originals, drawn, strict=True) if copied]
    composed = [replace(p, joint="composed", also=(q.id,)) for p, q in pairwise(originals)]
    pages, learnt = [*originals, *copies], [*originals, *copies, *composed]
    group_of = groups(pages, by)
    parts = split(learnt, pages, by, count)
    assert sorted(p.name for _, asked in parts for p in asked) == sorted(p.name for p in pages)
    for left_out, asked in parts:
        judged = {group_of[p.id] for p in asked}
        kept = [p for p in learnt if p.name not in left_out]
        assert [p.name for p in kept if not judged.isdisjoint(group_of[origin] for origin in p.origins)] == []


def test_what_shares_a_site_or_an_outlet_is_one_group() -> None:
    pages = [
        page(0, "lembah", None, "a"),
        page(1, "lembah", "https://lembah.co.id/1", "a"),
        page(2, None, "https://www.lembah.co.id/2", "a"),
        page(3, "antara", "https://antaranews.com/3", "a"),
        page(4, None, None, "b"),
    ]
    by_outlet = groups(pages, "outlet")
    assert by_outlet["d000"] == by_outlet["d001"] == by_outlet["d002"]
    assert len({by_outlet[name] for name in ("d000", "d003", "d004")}) == 3
    assert groups(pages, "crawl") == {"d000": "a", "d001": "a", "d002": "a", "d003": "a", "d004": "b"}


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 50), max_size=20), st.integers(1, 9))
def test_every_group_has_one_fold(sizes: dict[str, int], count: int) -> None:
    fold_of = folds(sizes, count)
    assert fold_of.keys() == sizes.keys()
    assert set(fold_of.values()) <= set(range(count))


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder like ../shared with three pages of crawls, two of them held out."""
    for part in ("docs", "labels"):
        (tmp_path / "crawls" / part).mkdir(parents=True)
    label = {"lines": {"0": "paragraph"}, "outlet": None}
    for name in ("b001", "e002", "g107"):
        (tmp_path / "crawls" / "docs" / f"{name}.txt").write_text("Panen raya dimulai.", "utf-8")
        (tmp_path / "crawls" / "labels" / f"{name}.json").write_text(json.dumps(label), "utf-8")
    (tmp_path / "score.py").write_text(
        "def gold_spans(text, label):\n    return [(0, len(text), 'paragraph')]\n\ndef brand(name):\n    return name\n"
    )
    return tmp_path


def test_held_out_pages_stay_unread(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path.stem) or read(path))
    assert [page.id for page in labelled.read_set(shared, "crawls-even")] == ["e002"]
    assert [page.id for page in labelled.read_folder(shared / "crawls")] == ["e002"]
    assert opened == ["e002", "e002"]
    assert [page.id for page in labelled.read_held_out(shared)] == ["b001", "g107"]


def test_what_is_learnt_from_holds_nothing_held_out() -> None:
    composed = (f"-{labelled.TITLED}", f"-{labelled.FRAMED}")
    parts = {name.removesuffix(composed[0]).removesuffix(composed[1]) for name in labelled.TRAINING}
    assert parts <= set(labelled.SETS)
