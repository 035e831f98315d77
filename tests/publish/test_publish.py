"""Publishing sends exactly the audited files to a Hub, tags them once, and can be run again after any failure."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from corpora import forge, shards, write
from hub import Hub, serve
from huggingface_hub import constants
from huggingface_hub.utils import disable_progress_bars, enable_progress_bars

from kliping.cli import main
from kliping.corpus.folder import open_corpus
from kliping.errors import KlipingError
from kliping.publish.hub import publish
from kliping.publish.without_text import export_without_text

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")  # the Hub's client, of its own code
REPO = "redaksi/kliping"
PROGRAM = Path(sys.executable).parent / "kliping"


@dataclass(frozen=True)
class Done:
    """What a command printed and how it ended."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class World:
    """A Hub on loopback and a user's machine."""

    hub: Hub
    endpoint: str
    home: Path

    def publish(self, corpus: Path, *options: str, repo: str = REPO, endpoint: str | None = None) -> Done:
        """Run `kliping publish` in this process, against this Hub."""
        command = ["publish", str(corpus), "--repo", repo, "--endpoint", endpoint or self.endpoint, *options]
        result = CliRunner().invoke(main, command)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return Done(result.exit_code, result.stdout, result.stderr)

    def run(self, *command: str | Path) -> Done:
        """Run something in a process of its own, which knows of no other Hub and has a home of its own."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING"))}
        ours = {
            "HF_HOME": str(self.home),
            "HF_TOKEN": "hf_dummy",
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HF_ENDPOINT": self.endpoint,
        }
        parts = [str(part) for part in command]
        done = subprocess.run(parts, env=clean | ours, capture_output=True, text=True, timeout=120, check=False)
        return Done(done.returncode, done.stdout, done.stderr)

    def files(self, revision: str = "main") -> dict[str, bytes]:
        """What the Hub has at a revision, without what it put there itself."""
        repo = self.hub.repos[REPO]
        oid = repo.resolve(revision)
        assert oid
        return {path: data for path, data in repo.commits[oid].items() if path != ".gitattributes"}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("HF_TOKEN", "hf_dummy")
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    disable_progress_bars()
    with serve() as (hub, endpoint):
        yield World(hub, endpoint, tmp_path / "home")
    enable_progress_bars()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(shards(), tmp_path_factory.mktemp("published") / "corpus")


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_exactly_the_audited_files_are_uploaded_and_tagged(world: World, corpus: Path) -> None:
    done = world.publish(corpus)
    assert done.returncode == 0, done.stderr
    assert world.files("v1.0.0") == content(corpus)
    digest = open_corpus(corpus).digest
    assert done.stdout.endswith(f"Published: {REPO} v1.0.0, SHA256SUMS {digest}\n")
    assert done.stdout.count("  upload ") == len(content(corpus))


def test_the_endpoint_of_the_environment(world: World, corpus: Path) -> None:
    done = world.run(PROGRAM, "publish", corpus, "--repo", REPO)
    assert done.returncode == 0, done.stderr
    assert world.files("v1.0.0") == content(corpus)


def test_a_dry_run_shows_the_plan_and_changes_nothing(world: World, corpus: Path) -> None:
    done = world.publish(corpus, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "  upload articles/train-00000-of-00002.parquet\n" in done.stdout
    assert f"Would be published: {REPO} v1.0.0" in done.stdout
    assert not world.hub.repos
    assert [line for line in world.hub.requests if not line.startswith(("GET ", "HEAD "))] == []


def test_publishing_again_does_nothing(world: World, corpus: Path) -> None:
    world.publish(corpus)
    commits = len(world.hub.repos[REPO].commits)
    done = world.publish(corpus)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{REPO} has v1.0.0 already, with exactly these files: nothing to do.\n"
    assert len(world.hub.repos[REPO].commits) == commits


def test_a_tag_is_never_moved(world: World, corpus: Path, tmp_path: Path) -> None:
    world.publish(corpus)
    before = world.files("v1.0.0")
    other = write(shards()[:1], tmp_path / "other")
    done = world.publish(other)
    assert done.returncode == 1
    assert "has a tag v1.0.0 already, on other content. A published version never changes" in done.stderr
    assert world.files("v1.0.0") == before
    assert world.files("main") == before


def test_the_next_version_replaces_the_files_and_keeps_the_old_tag(world: World, corpus: Path, tmp_path: Path) -> None:
    world.publish(corpus)
    following = write(shards()[:1], tmp_path / "next", version="2.0.0")
    done = world.publish(following)
    assert done.returncode == 0, done.stderr
    assert "  delete articles/train-00001-of-00002.parquet\n" in done.stdout
    assert world.files("v2.0.0") == content(following)
    assert world.files("v1.0.0") == content(corpus)


def test_what_fails_the_audit_is_not_published(world: World, corpus: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(corpus, tmp_path / "forged")
    rows = shards()[0]["segments"].to_pylist()
    rows[3]["rule"] = "phrase:editor"
    forge(folder, "segments", 0, rows)
    done = world.publish(folder)
    assert done.returncode == 1
    assert "is not published: it fails the audit at 'Rebuild from raw' (rebuild-mismatch  segments" in done.stderr
    assert world.hub.requests == []


def test_a_file_beside_the_corpus_is_not_published(world: World, corpus: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(corpus, tmp_path / "more")
    (folder / "secret.txt").write_text("token")
    assert "file-unlisted  secret.txt" in world.publish(folder).stderr
    assert world.hub.requests == []


@pytest.mark.parametrize("cut", ["POST /api/repos/create", "/preupload/", "PUT /lfs/", "/commit/", "/tag/"])
def test_a_broken_connection_can_simply_be_run_again(world: World, corpus: Path, cut: str) -> None:
    """Whichever request breaks off, the run says so or gets over it, and the next one completes the release."""
    world.hub.fail_on = cut
    broken = world.publish(corpus)
    assert world.hub.fail_on is None, "the request was never made"
    if broken.returncode:
        assert broken.stderr.startswith("kliping: ")
        assert "It can simply be run again." in broken.stderr
        assert "Traceback" not in broken.stderr
    done = world.publish(corpus)
    assert done.returncode == 0, done.stderr
    assert world.files("v1.0.0") == content(corpus)


def test_what_was_uploaded_is_not_sent_twice(world: World, corpus: Path) -> None:
    """The commit is cut off after the large files: the next run finds them there."""
    world.hub.fail_on = "/commit/"
    assert world.publish(corpus).returncode == 1
    world.hub.requests.clear()
    assert world.publish(corpus).returncode == 0
    assert [line for line in world.hub.requests if line.startswith("PUT /lfs/")] == []


def test_no_hub_is_a_sentence(world: World, corpus: Path) -> None:
    done = world.publish(corpus, endpoint="http://127.0.0.1:9")
    assert done.returncode == 1
    assert done.stderr.startswith(f"kliping: {REPO} at http://127.0.0.1:9: ")
    assert "Traceback" not in done.stderr


def test_a_name_that_is_none(world: World, corpus: Path) -> None:
    done = world.publish(corpus, repo="a/b/c")
    assert done.returncode == 1
    assert "a/b/c is no name of a repository: it must be OWNER/NAME." in done.stderr


LOAD = """
import json, sys
from datasets import load_dataset
rows = {name: load_dataset(sys.argv[1], name, revision="v1.0.0", split="train").to_list() for name in sys.argv[2:]}
print(json.dumps(rows, default=str))
"""


def test_load_dataset_gives_the_rows_of_the_tagged_version(world: World, corpus: Path, tmp_path: Path) -> None:
    """Also after the next version has replaced them on the main branch."""
    world.publish(corpus)
    world.publish(write(shards()[:1], tmp_path / "next", version="2.0.0"))
    names = ("articles", "segments", "raw", "decisions")
    done = world.run(sys.executable, "-c", LOAD, REPO, *names)
    assert done.returncode == 0, done.stderr
    expected = {name: open_corpus(corpus).whole(name).to_pylist() for name in names}
    assert json.loads(done.stdout) == json.loads(json.dumps(expected, default=str))


DOWNLOAD = """
import sys
from huggingface_hub import snapshot_download
snapshot_download(sys.argv[1], repo_type="dataset", revision="v1.0.0", local_dir=sys.argv[2])
"""


def test_a_download_from_the_hub_passes_the_audit(world: World, corpus: Path, tmp_path: Path) -> None:
    """With the folder that the Hub's client leaves in it, and against the digest that was announced."""
    world.publish(corpus)
    done = world.run(sys.executable, "-c", DOWNLOAD, REPO, tmp_path / "download")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "download" / ".cache").is_dir()
    digest = open_corpus(corpus).digest or ""
    audited = world.run(PROGRAM, "audit", tmp_path / "download", "--published", digest)
    assert audited.returncode == 0, audited.stdout
    (skipped,) = [line for line in audited.stdout.splitlines() if "SKIPPED" in line]
    assert skipped.endswith("SKIPPED (no page was kept; build with --keep-source)")


def test_a_corpus_without_text_can_be_published(world: World, corpus: Path, tmp_path: Path) -> None:
    export_without_text(open_corpus(corpus), tmp_path / "without")
    assert world.publish(tmp_path / "without").returncode == 0
    assert world.files("v1.0.0") == content(tmp_path / "without")


@pytest.mark.parametrize(
    "name", ["berita", "OWNER/NAME/lagi", "kantor berita/arsip", "https://hub.example/a/b", "a/b--c"]
)
def test_a_name_is_looked_at_before_the_corpus_and_the_hub(world: World, tmp_path: Path, name: str) -> None:
    done = world.publish(tmp_path / "no-corpus-at-all", repo=name)
    assert done.returncode == 1
    assert done.stderr == f"kliping: {name} is no name of a repository: it must be OWNER/NAME.\n"
    assert world.hub.requests == []


def test_a_dry_run_without_a_network(world: World, corpus: Path) -> None:
    done = world.publish(corpus, "--dry-run", endpoint="http://127.0.0.1:9")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("  upload ") == len(content(corpus))
    assert "  The Hub was not reached (" in done.stdout
    assert done.stdout.splitlines()[-1].startswith(f"Would be published: {REPO} v1.0.0, SHA256SUMS ")


def test_a_dry_run_of_what_fails_the_audit_is_refused_without_a_network(corpus: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(corpus, tmp_path / "more")
    (folder / "secret.txt").write_text("token")
    with pytest.raises(KlipingError, match="is not published: it fails the audit"):
        publish(folder, REPO, endpoint="http://127.0.0.1:9", dry_run=True)
