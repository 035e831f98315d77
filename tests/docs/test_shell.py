"""docs/shell.md: each shell gets its script, and what the page says of the Tab key is so."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "shell.md").read_text("utf-8")
TYPED = re.findall(r"`(kliping [^`]+)` (?:and the Tab key )?makes? `([^`]+)`", PAGE)
ROWS = re.findall(r"^\| (Bash|Zsh|Fish).*?\| `([^`]+)` \| `([^`]+)` \|$", PAGE, re.MULTILINE)
SETTINGS = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def said(command: str, **variables: str) -> str:
    done = subprocess.run(["bash", "-c", command], env=SETTINGS | variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("shell", "file", "line"), ROWS)
def test_each_shell_gets_its_script(shell: str, file: str, line: str) -> None:
    assert shell.lower() in file
    (command,) = re.findall(r"_KLIPING_COMPLETE=\w+ kliping", line)
    script = said(command)
    assert f"_KLIPING_COMPLETE={shell.lower()}_complete" in script
    if shutil.which(shell.lower()):
        subprocess.run([shell.lower(), "-c", line.replace("\\|", "|")], env=SETTINGS, check=True)


def test_there_are_three_shells() -> None:
    assert [shell for shell, _, _ in ROWS] == ["Bash", "Zsh", "Fish"]


@pytest.mark.parametrize(("typed", "whole"), TYPED)
def test_the_tab_key_makes_what_the_page_says(typed: str, whole: str) -> None:
    words = typed.split()
    found = said("kliping", _KLIPING_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(len(words) - 1))
    assert found.split() == [f"plain,{whole.split()[-1]}"]


def test_the_page_has_examples() -> None:
    assert len(TYPED) == 2
