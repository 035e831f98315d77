"""A build that is killed half-way leaves the old corpus as it was, and the same command finishes it."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import time
from pathlib import Path

from person import ARTICLE, ENVIRONMENT, SCRIPT, kliping


def content(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_old_corpus_is_intact_and_the_new_one_gets_finished(corpus: Path, tmp_path: Path) -> None:
    out, work = tmp_path / "corpus", tmp_path / "corpus.work"
    shutil.copytree(corpus, out)
    pages = [ARTICLE.replace("Ambon", f"Ambon {number}") for number in range(1_200)]
    (tmp_path / "dump.jsonl").write_text("".join(json.dumps({"text": page}) + "\n" for page in pages))
    before = content(out)

    with subprocess.Popen(
        [SCRIPT, "build", tmp_path / "dump.jsonl", "--out", out, "--replace"], env=ENVIRONMENT, stdout=subprocess.PIPE
    ) as process:
        while process.poll() is None and not any(work.glob("runs/*.json")):
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert content(out) == before

    again = kliping("build", tmp_path / "dump.jsonl", "--out", out, "--replace")
    assert again.returncode == 0, again.stderr
    assert "Going on with the build that was stopped here." in again.stdout
    assert "1200 of 1200 documents kept" in again.stdout
    assert not work.exists()
