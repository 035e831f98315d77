"""glued.toml: each stretch is cut out of its own example, by its own pattern and rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from kliping.annotation.roles.split import GLUES, Glue, likely, split_line

from kliping import knowledge
from kliping.model import ROLES

ENTRIES = knowledge.load("glued.toml")["glue"]


@pytest.mark.parametrize(("entry", "glue"), list(zip(ENTRIES, GLUES, strict=True)))
def test_a_glued_stretch_is_cut_out_of_its_example(entry: Mapping[str, Any], glue: Glue) -> None:
    line = entry["example"]
    assert [match.re for match in glue.matches(line)] == [glue.pattern]
    pieces = split_line(line, 0, len(line), likely(line))
    assert [piece.role for piece in pieces if piece.rule == entry["rule"]] == [entry["role"]]
    assert pieces[0].role == "", "the text before it stays text"
    assert entry["role"] in ROLES
