"""A removed article stays out, whatever boilerplate it comes back with; another article does not suffer for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliping.curate import takedown
from kliping.errors import KlipingError

BODY = (
    "Warga Kampung Teluk Semanting memanen rumput laut lebih awal karena gelombang tinggi. Kepala kampung "
    "mengatakan hasil panen tahun ini turun dibanding tahun sebelumnya, tetapi harga di tingkat nelayan naik. "
    "Sebagian besar hasil panen dijual ke pengepul di Tanjung Redeb dan sisanya dikeringkan untuk persediaan. "
    "Pemerintah kabupaten berjanji membangun gudang pengering baru sebelum musim angin selatan tiba."
)
OTHER = (
    "Tim bulu tangkis putri Jawa Tengah melaju ke babak semifinal setelah menundukkan Bali dengan skor tiga "
    "dua. Pelatih memuji ketenangan pemain muda yang baru pertama kali tampil di kejuaraan nasional. Pada laga"
    " penentuan, ganda kedua sempat tertinggal sebelum merebut gim ketiga lewat permainan net yang rapi dan "
    "sabar."
)


def test_the_same_body_with_a_new_sentence_is_known() -> None:
    removed = takedown.Removed(frozenset(), (takedown.sketch(BODY),))
    assert removed.holds("0" * 32, BODY + " Berita ini diperbarui dengan keterangan polisi.")


def test_another_body_is_not_known() -> None:
    removed = takedown.Removed(frozenset(), (takedown.sketch(BODY),))
    assert not removed.holds("0" * 32, OTHER)


def test_the_id_alone_is_enough_for_a_body_too_short_for_a_sketch() -> None:
    assert takedown.sketch("Kebakaran padam.") == ""
    removed = takedown.Removed(frozenset({"a" * 32}), ())
    assert removed.holds("a" * 32, "Kebakaran padam.")
    assert not removed.holds("b" * 32, "Kebakaran padam.")


def test_the_sketch_never_changes() -> None:
    """Lists outlive versions: if this value moves, every list that people keep is void."""
    assert takedown.sketch(BODY) == "6eadcca9a32ada30e6bd8812be7244c8"


@given(st.text())
def test_any_text_has_a_sketch_of_32_digits_or_none(text: str) -> None:
    assert len(takedown.sketch(text)) in {0, takedown.SKETCH_SLOTS}


def test_an_entry_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "removed.csv"
    line = takedown.entry("c" * 32, BODY, "2026-11-22", "outlet")
    path.write_text(f"{','.join(takedown.COLUMNS)}\n{line}\n", encoding="utf-8")
    assert takedown.read_removed(path).holds("d" * 32, BODY)
    assert "Teluk" not in line


@pytest.mark.parametrize(
    ("line", "complaint"),
    [("abc,2026-11-22,outlet,", "article_id"), ("d" * 32 + ",yesterday,outlet,", "removed_date"), ("x,y", "2 values")],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "removed.csv"
    path.write_text(f"{','.join(takedown.COLUMNS)}\n{line}\n", encoding="utf-8")
    with pytest.raises(KlipingError, match=f"line 2.*{complaint}"):
        takedown.read_removed(path)
