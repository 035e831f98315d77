"""Knowledge is data with one loader: no other module reads TOML, but for the contract's own files."""

from __future__ import annotations

from pathlib import Path

import pytest

import kliping
from kliping import knowledge

PACKAGE = Path(kliping.__file__).parent
FILES = sorted((PACKAGE / "knowledge").glob("*.toml"))


def test_one_module_loads_knowledge_and_one_the_contract() -> None:
    loading = {
        path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if "tomllib" in path.read_text("utf-8")
    }
    assert loading == {"knowledge/__init__.py", "schema.py"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_used_says_what_it_holds_and_is_read_once(path: Path) -> None:
    assert path.read_text("utf-8").startswith("# ")
    assert any(f'"{path.name}"' in module.read_text("utf-8") for module in PACKAGE.rglob("*.py"))
    assert knowledge.load(path.name) is knowledge.load(path.name)
