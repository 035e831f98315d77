"""The wheel carries all that a build needs: away from the checkout it builds a corpus that `datasets` reads."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
LOAD = (
    "import datasets, kliping, sys; datasets.disable_progress_bars(); "
    "print(kliping.__file__); print(datasets.load_dataset('corpus', split='train', cache_dir='cache').num_rows)"
)
CLI = "from kliping.cli import main; main()"
FOREIGN = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def run(command: Sequence[str | Path], folder: Path, **variables: str) -> str:
    """Run a command in `folder`, without this checkout's variables; what it printed."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=kept | {"HF_HOME": str(folder / "home"), "HF_HUB_OFFLINE": "1"} | variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built with the locked build tools that are installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, REPO], folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def files(folder: Path) -> set[str]:
    """What stands below a folder, but for what Python leaves there."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in paths}


def test_it_carries_the_package_and_the_contract_and_nothing_else(names: set[str]) -> None:
    package = {f"kliping/{name}" for name in files(REPO / "src" / "kliping")}
    contract = {f"kliping/schema/{name}" for name in files(REPO / "schema")}
    assert {name for name in names if ".dist-info/" not in name} == package | contract
    assert {
        "kliping/schema/fields.toml",
        "kliping/knowledge/outlets.toml",
        "kliping/annotation/roles/weights.tsv",
    } <= names


def test_it_carries_the_licence(names: set[str]) -> None:
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_unpacked_away_from_the_checkout_it_builds_a_corpus(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    python, here = [sys.executable, "-P", "-c"], {"PYTHONPATH": str(tmp_path / "site")}
    run([*python, CLI, "build", *sorted((REPO / "seeds").glob("*.txt")), "--out", "corpus"], tmp_path, **here)
    assert run([*python, CLI, "validate", "corpus"], tmp_path, **here) == "PASSED\n"
    assert run([*python, LOAD], tmp_path, **here).split() == [str(tmp_path / "site" / "kliping" / "__init__.py"), "5"]


@pytest.mark.install
def test_with_its_locked_dependencies_in_an_empty_environment_it_builds_the_same_tables(
    wheel: Path, tmp_path: Path
) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    binaries = tmp_path / "env" / "bin"
    install = [binaries / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps"]
    run([*install, "--require-hashes", "-r", REPO / "requirements.lock"], tmp_path)
    run([*install, wheel], tmp_path)
    run([binaries / "python", "-m", "pip", "--disable-pip-version-check", "check"], tmp_path)

    kliping = binaries / "kliping"
    run([kliping, "build", *sorted((REPO / "seeds").glob("*.txt")), "--out", "corpus"], tmp_path)
    assert run([kliping, "validate", "corpus"], tmp_path) == "PASSED\n"
    assert run([kliping, "audit", "corpus"], tmp_path).endswith("PASSED\n")
    imported, count = run([binaries / "python", "-c", LOAD], tmp_path).split()
    assert Path(imported).is_relative_to(tmp_path / "env")
    assert count == "5"

    published = {path.relative_to(REPO): path for path in (REPO / "corpus").rglob("*.parquet")}
    assert published
    assert [str(name) for name, path in published.items() if (tmp_path / name).read_bytes() != path.read_bytes()] == []
