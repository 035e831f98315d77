"""Rewrites what is generated in README.md, docs/ and DATASHEET.md: the README's blocks are run and their output kept.

The blocks run one after the other in a scratch folder that holds seeds/ and .venv alone, as on a fresh machine. A
line `make corpus` runs scripts/build_corpus.py there, the environment being set up; other `make` lines do not run.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import beside
import nbformat
from nbclient import NotebookClient
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from kliping import annotate, schema
from kliping.corpus import datasheet
from kliping.corpus.manifest import read_manifest
from kliping.model import RawDocument
from kliping.report.terminal import show

ROOT = Path(__file__).parents[1]
SEED = "001_3af88301f48234c4.txt"
WIDTH = 100
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"
PAGES = ("audit", "doubts", "duplicates", "language", "metadata", "python", "quotations", "sentences", "splits")
"""The pages of docs/ whose blocks are run, with what these print below them."""
SHOWN_PAGES = ("README.md", *(f"docs/{name}.md" for name in PAGES))
LEFT = {"seeds", ".venv", ".cache", "corpus", "my-corpus", "report.html"}
"""What a page's blocks may leave in the folder; `my-corpus` and `report.html` are what the README is there for."""
BLOCK = re.compile(r"```(sh|python)\n(.*?)```\n(\n<!-- output -->\n)?", re.DOTALL)
SHOWN = re.compile(r"(<!-- (output|tables|beside) -->\n).*?(<!-- end -->)", re.DOTALL)


def outputs(readme: str, folder: Path) -> list[str]:
    """Run every block in `folder`; what those printed that are followed by `<!-- output -->`.

    Raises CalledProcessError where a block fails, RuntimeError where the page leaves something behind.
    """
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / ".venv").symlink_to(sys.prefix)
    printed = [(_run(language, code, folder), shown) for language, code, shown in BLOCK.findall(readme)]
    if left := sorted({path.name for path in folder.iterdir()} - LEFT):
        raise RuntimeError(f"the page leaves {', '.join(left)} behind: a reader wants to be rid of it, too")
    return [text for text, shown in printed if shown]


def _run(language: str, code: str, folder: Path) -> str:
    script = f'"{sys.executable}" "{ROOT / "scripts" / "build_corpus.py"}" corpus'
    code = re.sub(r"^make corpus\b.*$", lambda _: script, code, flags=re.MULTILINE)
    code = re.sub(r"^make\b.*$", "", code, flags=re.MULTILINE)
    program = [sys.executable, "-c"] if language == "python" else ["bash", "-euc"]
    settings = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HF_HOME": str(folder / ".cache"),
        "HF_HUB_OFFLINE": "1",
        "COLUMNS": str(WIDTH),
    }
    done = subprocess.run(
        [*program, code], cwd=folder, env=os.environ | settings, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return done.stdout


def tables(corpus: Path) -> str:
    """A line a table: its name, how many rows the corpus has of it and what one row is."""
    counts = read_manifest(corpus)["tables"]
    rows = [f"| `{table.name}` | {counts[table.name]['rows']} | {_one_line(table.prose)} |" for table in _contract()]
    return "\n".join(["| config | rows here | what it holds |", "|---|---:|---|", *rows]) + "\n"


def _contract() -> list[schema.Table]:
    return list(schema.load().tables.values())


def _one_line(prose: str) -> str:
    return " ".join(prose.split()).partition(". ")[0].removesuffix(".") + "."


def readme(text: str) -> str:
    """The README with every generated part made anew."""
    with tempfile.TemporaryDirectory() as scratch:
        printed = iter(outputs(text, Path(scratch)))
        made = {
            "output": lambda: f"```text\n{next(printed)}```\n",
            "tables": lambda: tables(Path(scratch) / "corpus"),
            "beside": lambda: beside.table(ROOT / "docs"),
        }
        return SHOWN.sub(lambda match: f"{match[1]}{made[match[2]]()}{match[3]}", text)


def annotated_seed() -> str:
    """A seed as `kliping annotate` shows it on a terminal, as SVG that fetches nothing."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    show(annotate(RawDocument((ROOT / "seeds" / SEED).read_bytes(), SEED)), console)
    form = re.sub(r"\s*@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    return console.export_svg(title=f"kliping annotate seeds/{SEED}", code_format=form, unique_id="kliping")


def notebook(text: str) -> str:
    """A notebook, as JSON, with the outputs that its cells give on any Python, run in docs/."""
    found = nbformat.reads(text, as_version=4)
    settings = {"resources": {"metadata": {"path": str(ROOT / "docs")}}, "record_timing": False}
    NotebookClient(found, kernel_name="python3", timeout=120, **settings).execute()
    found.metadata.pop("language_info", None)  # the version of this Python
    written: str = nbformat.writes(found)
    return written + "\n"


def main() -> None:
    """Rewrite README.md, docs/ but what is measured, the JSON Schemas and the datasheet's numbers."""
    schema.main()
    (ROOT / "docs" / "annotated-seed.svg").write_text(annotated_seed(), "utf-8")
    for path in (ROOT / page for page in SHOWN_PAGES):
        path.write_text(readme(path.read_text("utf-8")), "utf-8")
    NOTEBOOK.write_text(notebook(NOTEBOOK.read_text("utf-8")), "utf-8")
    datasheet.main(str(ROOT / "corpus"), str(ROOT / "DATASHEET.md"))


if __name__ == "__main__":
    main()
