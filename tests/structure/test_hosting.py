"""What a host of repositories reads: the workflow runs .ci/run and nothing else; form and hooks do what they say."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import check_pythons
import pytest
import yaml
from click.testing import CliRunner

from kliping.cli import main

REPO = Path(__file__).parents[2]
WORKFLOW = REPO / ".github" / "workflows" / "tests.yml"
FORM = REPO / ".github" / "ISSUE_TEMPLATE" / "misread-page.yml"
HOOKS = REPO / ".pre-commit-config.yaml"
BIN = Path(sys.executable).parent


def passes(*command: str | Path) -> None:
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def parsed(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize(("kind", "path"), [("workflows", WORKFLOW), ("issue-forms", FORM)])
def test_the_host_understands_it(kind: str, path: Path) -> None:
    passes(BIN / "check-jsonschema", "--builtin-schema", f"vendor.github-{kind}", path)


def test_the_linter_of_workflows_finds_nothing() -> None:
    passes(BIN / "zizmor", "--offline", "--quiet", REPO / ".github")


def test_the_linter_finds_what_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    text = WORKFLOW.read_text("utf-8")
    (folder / "tests.yml").write_text(re.sub(r"checkout@\w+", "checkout@main", text))
    with pytest.raises(AssertionError, match="unpinned-uses"):
        passes(BIN / "zizmor", "--offline", "--quiet", tmp_path)


def test_the_workflow_runs_what_ci_runs_on_every_supported_python() -> None:
    (job,) = parsed(WORKFLOW)["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    assert job["runs-on"].startswith("ubuntu-")
    assert tuple(job["strategy"]["matrix"]["python"]) == check_pythons.VERSIONS
    assert (REPO / ".ci" / "run").stat().st_mode & 0o111


def test_every_heavy_suite_is_run_by_ci() -> None:
    makefile = (REPO / "Makefile").read_text("utf-8")
    targets = {"soak", *re.findall(r"^(test[a-z-]*):", makefile, re.MULTILINE)}
    assert targets == set(re.findall(r"^make ([a-z-]+)$", (REPO / ".ci" / "run").read_text("utf-8"), re.MULTILINE))
    markers = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]["markers"]
    for marker in markers:
        assert re.search(rf"pytest .*-m {marker.partition(':')[0]}$", makefile, re.MULTILINE)


def test_the_form_asks_for_what_kliping_explains() -> None:
    fields = {part["id"]: part for part in parsed(FORM)["body"] if "id" in part}
    assert fields["explain"]["validations"]["required"] is True
    said = FORM.read_text("utf-8")
    for command in re.findall(r"`kliping ([a-z-]+)", said):
        assert CliRunner().invoke(main, [command, "--help"] if command[0] != "-" else [command]).exit_code == 0
    assert "`kliping explain" in said


def test_the_hooks_are_valid_and_run_the_projects_own_tools() -> None:
    passes(BIN / "pre-commit", "validate-config", HOOKS)
    (repository,) = parsed(HOOKS)["repos"]
    assert repository["repo"] == "local"
    lint = re.findall(r"^\t@\$\(BIN\)/(ruff \w+|mypy)", (REPO / "Makefile").read_text("utf-8"), re.MULTILINE)
    tools = [" ".join(word for word in hook["entry"].split() if word[0] != "-") for hook in repository["hooks"]]
    assert tools == [f".venv/bin/{tool}" for tool in lint]
    assert all(hook["language"] == "system" for hook in repository["hooks"])
