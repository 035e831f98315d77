"""glued.toml: each stretch is cut out of its own example, by its own pattern and rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from kliping import knowledge
from kliping.annotation.roles import describe
from kliping.annotation.roles.cuts import anchors, cut
from kliping.annotation.roles.glue import Glue, glues, stretches
from kliping.annotation.scan import Joined
from kliping.model import ROLES

ENTRIES = knowledge.load("glued.toml")["glue"]


@pytest.mark.parametrize(("entry", "glue"), list(zip(ENTRIES, glues(), strict=True)))
def test_a_glued_stretch_is_cut_out_of_its_example(entry: Mapping[str, Any], glue: Glue) -> None:
    line = entry["example"]
    (found,) = anchors(Joined([line]))
    (stretch,) = stretches(line, 0, len(line), found.hits)
    assert stretch.glue is glue
    pieces = cut(line, 0, len(line), found)
    cut_out = [(piece.role, piece.rule) for piece in pieces if stretch.start <= piece.start < stretch.end]
    assert cut_out == [("", "") if glue.open else (entry["role"], entry["rule"])]
    assert stretch.start == 0 or pieces[0].role == "", "the text before it stays text"
    assert entry["role"] in ROLES
    assert describe(entry["rule"])
