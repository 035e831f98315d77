"""README.md works when pasted and shows what is so: its blocks run, their output is fresh, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import update_docs

REPO = Path(__file__).parents[2]
README = (REPO / "README.md").read_text("utf-8")
FOLDERS = ("bench", "corpus", "docs", "schema", "scripts", "seeds", "src", "tests", ".ci")
REFRESH = "run `python scripts/update_docs.py`"


def test_every_block_runs_and_every_output_is_fresh() -> None:
    fresh = update_docs.readme(README).splitlines()
    stale = [(line, now) for line, now in zip(README.splitlines(), fresh, strict=False) if line != now]
    assert not stale, f"README.md says {stale[0][0]!r} where it should say {stale[0][1]!r}: {REFRESH}"
    assert len(README.splitlines()) == len(fresh), REFRESH


def test_the_picture_of_the_annotated_seed_is_fresh() -> None:
    shown = (REPO / "docs" / "annotated-seed.svg").read_text("utf-8")
    assert shown == update_docs.annotated_seed(), REFRESH
    assert "docs/annotated-seed.svg" in README
    assert "@font-face" not in shown


def test_a_stale_output_and_a_failing_block_are_found(tmp_path: Path) -> None:
    page = "```sh\necho satu\n```\n\n<!-- output -->\nlama\n<!-- end -->\n"
    assert update_docs.outputs(page, tmp_path / "a") == ["satu\n"]
    with pytest.raises(update_docs.subprocess.CalledProcessError):
        update_docs.outputs("```python\nraise SystemExit(1)\n```\n", tmp_path / "b")


def test_the_two_commands_are_targets() -> None:
    makefile = (REPO / "Makefile").read_text("utf-8")
    used = set(re.findall(r"^make ([a-z-]+)", README, re.MULTILINE)) | set(re.findall(r"`make ([a-z-]+)`", README))
    assert {"corpus", "test"} <= used
    assert [target for target in sorted(used) if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "DATASHEET.md"])
def test_links_lead_somewhere(page: str) -> None:
    text = (REPO / page).read_text("utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not (REPO / link).exists()] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_top_level_folder_says_what_lives_in_it(folder: str) -> None:
    assert (REPO / folder / "README.md").read_text("utf-8").strip()


def test_no_top_level_folder_is_forgotten() -> None:
    import subprocess

    if not (REPO / ".git").exists():
        pytest.skip("this is no git checkout, so which folders belong to it is not known")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, check=True, capture_output=True, text=True).stdout
    top = {path.partition("/")[0] for path in listed.split("\0") if "/" in path}
    assert top <= {*FOLDERS, ".github"}  # a README there would be shown in the place of the project's
