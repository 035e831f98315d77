"""check_pythons.py finds Pythons that run, and is not misled by names on the PATH that lead nowhere."""

from __future__ import annotations

import sys
from pathlib import Path

import check_pythons
import pytest

HERE = "{}.{}".format(*sys.version_info[:2])


@pytest.fixture(autouse=True)
def empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH and a pyenv of this test's own."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


def put(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_the_newest_release_of_pyenv_is_taken(empty_machine: Path) -> None:
    for release in ("9", "10"):
        path = empty_machine / f"pyenv/versions/{HERE}.{release}/bin/python{HERE}"
        newest = put(path, f'exec "{sys.executable}" "$@"')
    assert check_pythons.find(HERE) == newest


def test_a_shim_that_leads_nowhere_is_missing(empty_machine: Path) -> None:
    put(empty_machine / "bin" / "python3.12", "exit 127")
    assert check_pythons.find("3.12") is None


def test_a_name_that_runs_another_version_is_missing(empty_machine: Path) -> None:
    put(empty_machine / "bin" / "python9.9", f'exec "{sys.executable}" "$@"')
    assert check_pythons.find("9.9") is None


def test_it_says_what_is_missing_and_fails_without_any(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="no version"):
        check_pythons.main(("3.11", "3.12"))
    assert capsys.readouterr().out.splitlines() == ["Python 3.11  missing", "Python 3.12  missing"]


def test_corpora_that_differ_fail(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(check_pythons, "find", Path)
    monkeypatch.setattr(check_pythons, "check", lambda version, python: version)
    with pytest.raises(SystemExit, match="different corpora"):
        check_pythons.main(("3.11", "3.12"))
    assert "Python 3.12  passed" in capsys.readouterr().out


def test_a_suite_that_fails_fails_and_the_others_are_still_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def check(version: str, python: Path) -> str:
        if version == "3.11":
            raise check_pythons.subprocess.CalledProcessError(1, ["python", "-m", "pytest", "-n"])
        return "same"

    monkeypatch.setattr(check_pythons, "find", Path)
    monkeypatch.setattr(check_pythons, "check", check)
    with pytest.raises(SystemExit, match="failed"):
        check_pythons.main(("3.11", "3.12"))
    said = capsys.readouterr().out
    assert "Python 3.11  FAILED: -m pytest -n ... gave 1" in said
    assert "Python 3.12  passed" in said
