"""docs/duplicates.md and docs/splits.md: their examples run, their outputs are fresh, every column is told of."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
import update_docs

from kliping import schema

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["duplicates", "splits"])
def test_the_examples_run_and_their_outputs_are_fresh(name: str) -> None:
    page = (DOCS / f"{name}.md").read_text("utf-8")
    assert update_docs.readme(page) == page, "run `python scripts/update_docs.py`"


def test_every_column_and_relation_is_told_of() -> None:
    told = set(re.findall(r"`([a-z_]+)`", (DOCS / "duplicates.md").read_text("utf-8")))
    assert {field.name for field in schema.load().tables["duplicates"].fields} <= told
    assert set(schema.names("copy-relations")) <= told


def test_what_was_read_by_hand_is_what_the_verdicts_say() -> None:
    page = " ".join((DOCS / "duplicates.md").read_text("utf-8").split())
    read = json.loads((DOCS / "copies-read.json").read_text("utf-8"))
    counts = Counter(read["verdicts"].values())
    same = counts.pop("the same report")
    assert same + counts.total() == 100
    others = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items(), key=lambda each: each[::-1]))
    assert f"Of the {read['clusters']} clusters in a corpus of the bulk set ({read['texts']:,} real texts)" in page
    assert f"seed {read['seed']}), were read by hand on {read['read']}: {same} are the same report" in page
    assert f"{counts.total()} are not: {others}." in page
