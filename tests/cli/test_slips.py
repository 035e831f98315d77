"""A slip costs no corpus: what stops, refuses or replaces says in a sentence what stands and how to go on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from person import ARTICLE, ENVIRONMENT, SCRIPT, kliping
from test_kill import content

ON = "the same command goes on where this build stopped."
FULL = Path("/dev/full")


def dump(path: Path, places: Sequence[str]) -> Path:
    """A dump of an article for each place."""
    lines = [json.dumps({"judul": f"Beras {place}", "isi": ARTICLE.replace("Ambon", place)}) for place in places]
    path.write_text("\n".join(lines) + "\n")
    return path


def many(path: Path, topic: str = "Ambon") -> Path:
    return dump(path, [f"{topic} {number}" for number in range(1_500)])


def stopped(number: int, workers: int, source: Path, out: Path) -> tuple[int, str, str]:
    """Status and words of a build that a signal ends once it has read something; at Ctrl-C its workers get it too."""
    command = [SCRIPT, "build", source, "--out", out, "--workers", str(workers), "--replace"]
    with subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        while process.poll() is None and not any(Path(f"{out}.work").glob("runs/*.json")):
            time.sleep(0.005)
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        words, errors = process.communicate(timeout=60)
    return process.returncode, words, errors


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_stopped_build_says_what_stands_and_goes_on(
    number: signal.Signals, workers: int, corpus: Path, tmp_path: Path
) -> None:
    source, out = many(tmp_path / "dump.jsonl"), tmp_path / "corpus"
    assert stopped(number, workers, source, out) == (
        128 + number, "", f"kliping: Stopped. There is no {out} yet, and {ON}\n",
    )  # fmt: skip
    shutil.rmtree(f"{out}.work")
    before = content(shutil.copytree(corpus, out))
    assert stopped(number, workers, source, out) == (
        128 + number, "", f"kliping: Stopped. {out} is as it was, and {ON}\n",
    )  # fmt: skip
    assert content(out) == before
    again = kliping("build", source, "--out", out, "--replace")
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.startswith("Going on with the build that was stopped here.\n")
    assert f"The corpus that was in {out} is replaced whatever it held, as --replace asks.\n" in again.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "dump.jsonl"]


def test_a_second_build_touches_nothing(tmp_path: Path) -> None:
    source, out = many(tmp_path / "dump.jsonl"), tmp_path / "corpus"
    with subprocess.Popen([SCRIPT, "build", source, "--out", out], env=ENVIRONMENT, stdout=subprocess.PIPE) as first:
        while first.poll() is None and not any(Path(f"{out}.work").glob("runs/*.json")):
            time.sleep(0.005)
        first.send_signal(signal.SIGSTOP)
        second = kliping("build", source, "--out", out)
        first.send_signal(signal.SIGCONT)
        assert b"1500 of 1500 documents kept" in first.communicate()[0]
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == (
        f"kliping: Another build is at work in {out}.work, and this one has touched nothing. "
        "Wait until that one has ended, or give another --out.\n"
    )


def test_another_dump_does_not_replace_a_corpus(tmp_path: Path) -> None:
    lama, baru = dump(tmp_path / "lama.jsonl", ["Ambon", "Buru"]), dump(tmp_path / "baru.jsonl", ["Ternate"])
    assert kliping("build", lama, "--out", "corpus", cwd=tmp_path).returncode == 0
    before = content(tmp_path / "corpus")
    refused = kliping("build", baru, "--out", "corpus", cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"kliping: 2 of 2 articles in {tmp_path / 'corpus'} are not among these inputs (")
    for words in ("lama.jsonl#1", "lama.jsonl#2", "--replace", "goes on with what was read"):
        assert words in refused.stderr
    assert content(tmp_path / "corpus") == before
    both = kliping("build", baru, lama, "--out", "corpus", cwd=tmp_path)
    assert (both.returncode, "3 of 3 documents kept" in both.stdout) == (0, True)


def test_nothing_kept_is_a_failure_that_says_why(corpus: Path, tmp_path: Path) -> None:
    out = shutil.copytree(corpus, tmp_path / "corpus")
    before = content(out)
    (tmp_path / "dump.jsonl").write_text('{"nomor": 1}\n{"nomor": 2}\nbukan json\n')
    for extra in ((), ("--replace",)):
        done = kliping("build", tmp_path / "dump.jsonl", "--out", out, *extra)
        assert done.returncode == 1
        assert "Load it" not in done.stdout
        assert content(out) == before
    assert f"None of the 3 documents became an article, so no corpus was made and {out} is as it was." in done.stderr
    assert "\n  2 no-text-field, such as dump.jsonl#1: It lacks" in done.stderr
    assert "\n  1 broken-record, such as dump.jsonl#3: The line is not JSON" in done.stderr


@pytest.mark.parametrize("name", ["corpus", "korpus berita", 'kata "baru"', "a\\b", ".titik", "beras-2024", "é"])
def test_what_it_says_to_load_loads(name: str, tmp_path: Path) -> None:
    import sys

    source = dump(tmp_path / "dump.jsonl", ["Ambon", "Buru"])
    done = kliping("build", source, "--out", name, cwd=tmp_path)
    *_, last = done.stdout.splitlines()
    assert last.startswith("Load it: datasets.load_dataset(")
    call = last.removeprefix("Load it: ")[:-1]
    program = f"import datasets; print({call}, cache_dir='cache').num_rows)"
    variables = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=ENVIRONMENT | variables, capture_output=True, text=True
    )
    assert loaded.stdout == "{'train': 2}\n", loaded.stderr


@pytest.mark.parametrize("name", ["korpus[1]", "semua*", "apa?", "a::b", "~beras"])
def test_what_datasets_takes_for_a_pattern_is_not_said_to_load(name: str, tmp_path: Path) -> None:
    done = kliping("build", dump(tmp_path / "dump.jsonl", ["Ambon"]), "--out", name, cwd=tmp_path)
    assert (done.returncode, "Load it" in done.stdout) == (0, False)
    assert done.stdout.endswith(f"move {name} before you load it.\n")


@pytest.mark.parametrize("out", ["/", "//", "/.", "/tmp/..", "/proc", ".", "..", ""])
def test_an_output_that_cannot_be_meant_is_a_sentence(out: str, tmp_path: Path) -> None:
    source = dump(tmp_path / "dump.jsonl", ["Ambon"])
    for force in ((), ("--force", "--replace")):
        done = kliping("build", source, "--out", out, *force, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.endswith("Nothing was touched; give a folder inside it.\n")
        assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dump.jsonl"]


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["annotate satu.txt", "annotate satu.txt --json", "inspect satu.txt", "--help",
                                     "annotate --help", "--version", "build satu.txt --out corpus"])  # fmt: skip
def test_a_full_standard_output_is_a_sentence(command: str, tmp_path: Path) -> None:
    (tmp_path / "satu.txt").write_text(ARTICLE)
    with FULL.open("w") as full:
        done = kliping(*command.split(), cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, capture_output=False)
    assert done.returncode == 1
    assert done.stderr == (
        "kliping: Standard output took no more (No space left on device); what the command writes to files is "
        "complete.\n"
    )


def test_a_name_that_steers_the_terminal_is_escaped(tmp_path: Path) -> None:
    for name, shown in (("a\x1b[31mb.txt", "a\\x1b[31mb.txt"), ("a\u202etxt.b", "a\\u202etxt.b"), ("a\rb", "a\\rb")):
        done = kliping("build", name, "--out", "corpus", cwd=tmp_path)
        assert done.stderr == f"kliping: There is no file or folder {shown}, so nothing was built.\n"


def test_force_says_what_is_gone(tmp_path: Path) -> None:
    source = dump(tmp_path / "dump.jsonl", ["Ambon"])
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "catatan.txt").write_text("penting")
    refused = kliping("build", source, "--out", "corpus", cwd=tmp_path)
    assert "holds what kliping did not make (catatan.txt) and stays. Give another folder, or --force" in refused.stderr
    done = kliping("build", source, "--out", "corpus", "--force", cwd=tmp_path)
    assert done.stdout.startswith(
        f"{tmp_path / 'corpus'} held what kliping had not made (catatan.txt); it is gone, as --force asks.\n"
    )
