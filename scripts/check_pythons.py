"""Runs the core suite and builds the corpus on every supported Python that is found, each in an environment of its own.

usage: check_pythons.py [3.11 3.12 ...]

Looks for pythonX.Y among pyenv's versions and on the PATH, says which are missing, and fails if one that was found
fails or if two of them build different corpora. Environments are kept in .pythons/ and made anew when the locks change.
The core suite is the plain one and that of commands, without quality and pages of documentation. Needs no package.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ("3.11", "3.12", "3.13")
ENVIRONMENTS = ROOT / ".pythons"
LOCKS = ("requirements.lock", "requirements-test.lock")
CORE = "not spark and not datatrove and not soak and not install and not quality and not browser"
NOT_CORE = ("tests/quality", "tests/docs", "tests/install", "tests/check/test_audit_page.py")


def candidates(version: str) -> list[Path]:
    """Return where a Python may be: among pyenv's own, newest first, and on the PATH, where a shim may lead nowhere."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    installed = sorted(pyenv.glob(f"{version}.*/bin/python{version}"), key=_release, reverse=True)
    on_path = shutil.which(f"python{version}")
    return [*installed, *([Path(on_path)] if on_path else [])]


def _release(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.parents[1].name.split(".") if part.isdigit())


def find(version: str) -> Path | None:
    """Return a Python of this version that runs, None where there is none."""
    ask = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    for path in candidates(version):
        done = subprocess.run([path, "-c", ask], capture_output=True, text=True)
        if done.returncode == 0 and done.stdout.strip() == version:
            return path
    return None


def environment(version: str, python: Path) -> Path:
    """Return the Python of this version's environment, made anew where the locked packages have changed."""
    folder = ENVIRONMENTS / version
    wanted = hashlib.sha256(b"".join((ROOT / lock).read_bytes() for lock in LOCKS)).hexdigest()
    stamp, inside = folder / "locks.sha256", folder / "bin" / "python"
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        run(python, "-m", "venv", folder)
        pip = (inside, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install", "--no-deps")
        for lock in LOCKS:
            run(*pip, "--require-hashes", "-r", ROOT / lock)
        run(*pip, "--no-build-isolation", "--editable", ROOT)
        stamp.write_text(wanted)
    return inside


def run(*command: str | Path) -> None:
    """Run a command in the checkout; raises CalledProcessError where it fails."""
    subprocess.run(command, cwd=ROOT, check=True)


def check(version: str, python: Path) -> str:
    """Run the core suite and build the corpus; return the digest of its SHA256SUMS."""
    inside, corpus = environment(version, python), ENVIRONMENTS / f"corpus-{version}"
    ignored = [f"--ignore={path}" for path in NOT_CORE]
    run(inside, "-m", "pytest", "-m", CORE, "-n", "auto", "--maxprocesses", "4", "--dist", "worksteal", *ignored)
    shutil.rmtree(corpus, ignore_errors=True)
    run(inside, ROOT / "scripts" / "build_corpus.py", corpus)
    return hashlib.sha256((corpus / "SHA256SUMS").read_bytes()).hexdigest()


def main(versions: tuple[str, ...]) -> None:
    """Check every version, and say of each how it went."""
    said, digests = {}, {}
    for version in versions:
        python = find(version)
        if python is None:
            said[version] = "missing"
            continue
        print(f"Python {version}: {python}", flush=True)
        try:
            digests[version] = check(version, python)
            said[version] = f"passed, corpus {digests[version][:16]}"
        except subprocess.CalledProcessError as error:
            said[version] = f"FAILED: {' '.join(map(str, error.cmd[1:4]))} ... gave {error.returncode}"
    for version, words in said.items():
        print(f"Python {version}  {words}")
    if not digests:
        sys.exit("check_pythons: no version was checked to the end")
    if len(set(digests.values())) > 1:
        sys.exit("check_pythons: these Pythons build different corpora")
    if any(words.startswith("FAILED") for words in said.values()):
        sys.exit("check_pythons: failed")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or VERSIONS)
