"""docs/ reads as a site: its index leads to every page, every link leads somewhere, every shown output is fresh."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
import update_docs

from kliping import annotate

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(path.name for path in DOCS.glob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
REFRESH = "run `python scripts/update_docs.py`"


def links(page: str) -> list[str]:
    return [link for link in LINK.findall((DOCS / page).read_text("utf-8")) if "://" not in link]


def anchors(path: Path) -> set[str]:
    """The names that a host gives the headings of a Markdown page."""
    headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_index_leads_to_every_page_once() -> None:
    found = links("index.md")
    assert len(found) == len(set(found))
    shown = {path.name for path in DOCS.iterdir() if path.suffix in (".md", ".ipynb", ".json")} - {"index.md"}
    assert shown <= set(found)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (DOCS / name).resolve() if name else DOCS / page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_readme_leads_to_the_index() -> None:
    assert "(docs/index.md)" in (DOCS.parent / "README.md").read_text("utf-8")


def test_the_page_on_python_runs_and_its_outputs_are_fresh() -> None:
    page = (DOCS / "python.md").read_text("utf-8")
    assert update_docs.readme(page) == page, REFRESH
    assert ": True\n" in page


def test_the_notebook_runs_and_shows_articles() -> None:
    text = update_docs.NOTEBOOK.read_text("utf-8")
    assert update_docs.notebook(text) == text, REFRESH
    first = next(cell for cell in nbformat.reads(text, as_version=4).cells if cell.cell_type == "code")
    (shown,) = first.outputs
    assert shown["data"]["text/plain"].startswith("<Annotation ")
    cell: dict[str, str] = {}
    exec(first.source, cell)
    assert shown["data"]["text/html"] == annotate(cell["page"])._repr_html_()


def test_a_page_that_leaves_a_folder_behind_is_found(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="leaves sisa behind"):
        update_docs.outputs("```sh\nmkdir sisa\n```\n", tmp_path)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_commands_is_run(page: str) -> None:
    """Blocks that a reader pastes stand on pages whose blocks `make docs` runs, or that have a test of their own."""
    own = {
        "pipelines.md": "test_pipelines.py",
        "time-expressions.md": "test_time_expressions.py",
        "corrections.md": "test_corrections_page.py",
        "report.md": "test_report_page.py",
        "growing.md": "test_growing.py",
    }
    if re.search(r"^```(sh|python)$", (DOCS / page).read_text("utf-8"), re.MULTILINE):
        assert f"docs/{page}" in update_docs.SHOWN_PAGES or (Path(__file__).parent / own[page]).is_file()
