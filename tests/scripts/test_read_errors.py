"""read_errors.py shows where a labelled page and ours differ, nothing else, and refuses pages that are held out."""

from __future__ import annotations

from pathlib import Path

import pytest
import read_errors
from labelled import Labelled

from kliping import annotate

TEXT = """JAKARTA, KOMPAS.com - Harga cabai rawit turun, kata pedagang di Pasar Minggu, Senin (5/2/2024).
Pasokan dari lereng gunung kembali lancar setelah jembatan desa selesai diperbaiki oleh warga setempat.
Baca juga: Harga Beras Naik di Pasar Induk"""
OURS = annotate(TEXT).segments


def page(last: str) -> Labelled:
    """The text, labelled as we do, but for its last span."""
    roles = [*(segment.role for segment in OURS[:-1]), last]
    spans = tuple((segment.start, segment.end, role) for segment, role in zip(OURS, roles, strict=True))
    return Labelled("d000", "", TEXT, spans, {}, None, "none", None, None)


@pytest.fixture(autouse=True)
def differing(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """The fields that differ, which are compared by the shared scorer."""
    fields: list[tuple[str, str, str]] = []
    monkeypatch.setattr(read_errors, "differing_fields", lambda page, found: iter(fields))
    return fields


def test_a_page_that_agrees_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert not read_errors.show(page(OURS[-1].role), everything=False, width=80)
    assert capsys.readouterr().out == ""


def test_a_page_that_agrees_can_be_read_whole_and_is_not_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert not read_errors.show(page(OURS[-1].role), everything=True, width=80)
    assert OURS[-1].text in capsys.readouterr().out


def test_what_differs_is_shown_with_both_roles_and_our_rule(
    capsys: pytest.CaptureFixture[str], differing: list[tuple[str, str, str]]
) -> None:
    differing.append(("place", "Bogor", "Jakarta"))
    assert read_errors.show(page("embed"), everything=False, width=80)
    head, place, row = capsys.readouterr().out.strip().splitlines()
    assert head.split()[:2] == ["==", "d000"]
    assert place.split() == ["place:", "Bogor", "/", "ours:", "Jakarta"]
    assert f"embed / {OURS[-1].role}" in row
    assert OURS[-1].text in row
    assert row.endswith(f"[{OURS[-1].rule}]")


def test_rows_cover_every_visible_character_once() -> None:
    texts = [text for _, _, text, _ in read_errors.rows(page("embed"), annotate(TEXT))]
    assert "".join("".join(texts).split()) == "".join(TEXT.split())


def test_held_out_ids_are_refused() -> None:
    with pytest.raises(SystemExit, match="b001"):
        list(read_errors.chosen([], [], ["b001", "d001"], Path("nowhere")))
