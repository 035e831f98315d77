"""Every layer has a page in docs/: what it is, an example that runs, how good it is, and when not to use it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import update_docs

from kliping import schema
from kliping.annotation import layers

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {
    "evidence": "metadata",
    "metadata": "metadata",
    "language": "language",
    "sentences": "sentences",
    "quotations": "quotations",
    "time_expressions": "time-expressions",
    "signals": "doubts",
    "flags": "doubts",
}
RUN = sorted({*PAGES.values()} & {*update_docs.PAGES})


def test_no_layer_is_without_a_page_and_both_indexes_name_it() -> None:
    assert PAGES.keys() == {layer.name for layer in layers.LAYERS} - {
        "corrections"
    }  # what people say, not what is found
    readme, index = ((path / "README.md").read_text("utf-8") for path in (DOCS.parent, DOCS))
    for page in {*PAGES.values()}:
        assert f"(docs/{page}.md)" in readme
        assert f"`{page}.md`" in index


@pytest.mark.parametrize("page", sorted({*PAGES.values()}))
def test_a_page_says_how_good_the_layer_is_and_when_not_to_use_it(page: str) -> None:
    text = (DOCS / f"{page}.md").read_text("utf-8")
    sections = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert sections[-2:] == ["How good it is", "When not to use it"]
    assert "[quality.md](quality.md" in text
    assert "```python" in text


@pytest.mark.parametrize("page", RUN)
def test_its_example_runs_and_its_output_is_fresh(page: str) -> None:
    text = (DOCS / f"{page}.md").read_text("utf-8")
    assert update_docs.readme(text) == text, "run `python scripts/update_docs.py`"


@pytest.mark.parametrize("table", ["evidence", "sentences", "quotations"])
def test_every_column_of_its_table_is_told_of(table: str) -> None:
    common = {"article_id", "position", "text", "value"}
    names = {field.name for field in schema.load().tables[table].fields} - common
    told = set(re.findall(r"`([a-z_]+)`", (DOCS / f"{PAGES[table]}.md").read_text("utf-8")))
    assert {
        name for name in names if name not in told and name.removesuffix("_start").removesuffix("_end") == name
    } == set()
