"""A long build speaks in a log too: a line every ten seconds, and events for machines."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from person import ARTICLE, at_terminal, kliping

from kliping.cli.log import BuildLog
from kliping.errors import KlipingError


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "crawl"
    folder.mkdir()
    (folder / "berita.txt").write_text(ARTICLE, "utf-8")
    (folder / "kosong.txt").write_text("")
    return folder


def events(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_line_every_ten_seconds_and_none_between() -> None:
    clock, lines = Clock(), io.StringIO()
    log = BuildLog(lines, None, clock)
    log.progress("annotating", 0, 90_000_000)
    for second in range(1, 31):
        clock.now += 1
        log.counted(40, 1)
        log.progress("annotating", second * 3_000_000, 90_000_000)
    assert lines.getvalue().splitlines() == [
        "annotating: 30.0 of 90.0 MB, 3.0 MB/s; 400 documents, 10 set aside",
        "annotating: 60.0 of 90.0 MB, 3.0 MB/s; 800 documents, 20 set aside",
        "annotating: 90.0 of 90.0 MB, 3.0 MB/s; 1,200 documents, 30 set aside",
    ]


def test_the_events_of_each_step_even_of_a_short_one() -> None:
    clock, told = Clock(), io.StringIO()
    log = BuildLog(None, told, clock)
    log.progress("reading", 0, 2_000_000)
    clock.now += 2
    log.progress("reading", 1_000_000, 2_000_000)
    log.progress("reading", 2_000_000, 2_000_000)
    log.progress("annotating", 0, 5)
    seen = [
        (event["step"], event["bytes"], event["seconds"], event["mb_per_second"]) for event in events(told.getvalue())
    ]
    assert seen == [("reading", 0, 0, 0), ("reading", 2_000_000, 2, 1), ("annotating", 0, 2, 0)]


@pytest.mark.parametrize(
    ("error", "name", "message"),
    [
        (KlipingError("The disk is full."), "failed", "The disk is full."),
        (ValueError("no number"), "failed", "ValueError: no number"),
        (KeyboardInterrupt(), "stopped", "KeyboardInterrupt: "),
    ],
)
def test_the_end_of_a_build_that_fails_is_an_event(error: BaseException, name: str, message: str) -> None:
    told = io.StringIO()
    with pytest.raises(type(error)), BuildLog(None, told):
        raise error
    (event,) = events(told.getvalue())
    assert (event["event"], event["message"]) == (name, message)


def test_a_build_tells_a_machine_what_it_did(inputs: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    done = kliping("build", inputs, "--out", tmp_path / "corpus", "--log-json", log)
    assert (done.returncode, done.stderr) == (3, "")
    told = events(log.read_text("utf-8"))
    assert [event["event"] for event in told] == ["started", *["progress"] * (len(told) - 2), "finished"]
    assert {event["step"] for event in told[1:-1]} >= {"reading", "annotating"}
    assert told[-2]["documents"] == 2
    last = {name: told[-1][name] for name in ("documents", "kept", "set_aside", "exit_status")}
    assert last == {"documents": 2, "kept": 1, "set_aside": {"empty": 1}, "exit_status": 3}


def test_events_are_added_to_those_of_earlier_builds(inputs: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    for name in ("a", "b"):
        kliping("build", inputs, "--out", tmp_path / name, "--log-json", log)
    assert [event["out"] for event in events(log.read_text("utf-8")) if event["event"] == "started"] == [
        str(tmp_path / "a"),
        str(tmp_path / "b"),
    ]


def test_a_refused_build_says_so_to_a_machine(tmp_path: Path) -> None:
    (tmp_path / "kosong.txt").write_text("")
    log = tmp_path / "log.jsonl"
    done = kliping("build", tmp_path / "kosong.txt", "--out", tmp_path / "corpus", "--log-json", log)
    assert done.returncode == 1
    assert events(log.read_text("utf-8"))[-1]["event"] == "failed"


def test_events_that_cannot_be_written_end_the_build_before_it_begins(inputs: Path, tmp_path: Path) -> None:
    log = tmp_path / "no" / "log.jsonl"
    done = kliping("build", inputs, "--out", tmp_path / "corpus", "--log-json", log)
    assert done.returncode == 1
    assert done.stderr == f"kliping: {log} cannot be written (No such file or directory), so nothing was built.\n"
    assert not (tmp_path / "corpus").exists()


def test_a_terminal_gets_no_log_lines(inputs: Path, tmp_path: Path) -> None:
    assert "MB/s;" not in at_terminal("build", inputs, "--out", tmp_path / "corpus").text
