"""What is annotated as left out is annotated with the weights trained without it, not with those that ship."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cross_validate_roles
import numpy as np
import pytest
from labelled import Labelled

from kliping.annotation.roles.chain import Weights, weights
from kliping.model import ROLES

TEXT = """KUPANG, KabarPulau.com - Harga cabai rawit di pasar induk turun sejak awal pekan, kata pengurus koperasi.
Menurut dia, pasokan dari lereng gunung kembali lancar setelah jembatan desa selesai diperbaiki oleh warga.
Pemerintah kabupaten berjanji menambah gerai sembako murah supaya warga tidak perlu pergi jauh."""
PAGE = Labelled("d000", "", TEXT, (), {}, None, "none", None, None)


def unlearnt() -> Weights:
    """Weights that have learnt that pages end with a paragraph, and nothing else: of equal roles the first one wins."""
    shipped = weights()
    tables = {template: np.zeros_like(table) for template, table in shipped.tables.items()}
    nothing = [np.zeros_like(part) for part in (shipped.transitions, shipped.first, shipped.last)]
    nothing[2][ROLES.index("paragraph")] = 1_000
    return replace(shipped, tables=tables, transitions=nothing[0], first=nothing[1], last=nothing[2])


def roles_of(found: list[cross_validate_roles.Found]) -> list[str]:
    return [segment["role"] for item in found for segment in item.segments]


def test_left_out_pages_are_annotated_with_the_weights_given(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = roles_of(list(cross_validate_roles.annotate_all([PAGE])))
    monkeypatch.setattr(cross_validate_roles, "weights_without", lambda shared, left_out: unlearnt())
    found = cross_validate_roles.annotate_left_out((Path("nowhere"), frozenset(), [PAGE]))
    assert shipped.count("paragraph") == 3
    assert roles_of(found).count("paragraph") == 1
    assert roles_of(list(cross_validate_roles.annotate_all([PAGE]))) == shipped
