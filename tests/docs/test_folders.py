"""The READMEs of src/ and scripts/ name what is there, and nothing that is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
PACKAGE = REPO / "src" / "kliping"
NAMED = re.compile(r"`([^`\n]+)`")
SOURCE = (REPO / "src" / "README.md").read_text("utf-8")
SCRIPTS = (REPO / "scripts" / "README.md").read_text("utf-8")


def named(text: str) -> set[str]:
    return {name.rpartition("/")[2] or name for name in NAMED.findall(text)}


@pytest.mark.parametrize("room", ["annotation/roles", "knowledge"])
def test_every_module_and_file_of_a_room_is_named(room: str) -> None:
    there = {path.name.removesuffix(".py") for path in (PACKAGE / room).iterdir() if path.is_file()} - {"__init__"}
    assert there - named(SOURCE) == set()


def test_every_room_is_named() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if not path.name.startswith("__") and path.name != "py.typed"}
    words = set(re.findall(r"[a-z_]+", SOURCE))
    assert {room.removesuffix(".py") for room in rooms} - words == set()


def test_no_module_is_named_that_is_not_there() -> None:
    there = {path.stem if path.suffix == ".py" else path.name for path in PACKAGE.rglob("*")}
    modules = re.findall(r"`([a-z_]+)`", SOURCE.partition("## Roles")[2])
    assert set(modules) - there == set()


def test_every_script_is_named() -> None:
    there = {path.name for path in (REPO / "scripts").iterdir() if path.is_file()} - {"README.md"}
    assert there == {name for name in named(SCRIPTS) if (REPO / "scripts" / name).is_file()} - {"README.md"}
