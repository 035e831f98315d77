"""Runs the command line as a person does: the installed script in a process of its own, at a terminal or in a pipe."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = Path(sysconfig.get_path("scripts")) / "kliping"
LOOKS = ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLORTERM", "TERM", "COLUMNS", "PYTHONUTF8", "PYTHONIOENCODING")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in LOOKS}
PROGRESS = re.compile(r"^\w+: [\d.,]+ of [\d.,]+ MB, [\d.,]+ MB/s.*\n", re.MULTILINE)
"""What a build says every ten seconds: on a busy machine a short one takes as long, and no test depends on that."""
ARTICLE = (
    "Beranda\nHarga beras di Ambon turun\n"
    "AMBON, KOMPAS.com – Harga beras di pasar Mardika turun, kata pedagang pada Senin (5/2/2024).\n"
    "“Kami menjual empat puluh karung sehari,” ujarnya.\n"
    "Baca juga: Panen raya tiba lebih awal\n"
    "Petani di pulau itu berharap hujan turun pekan depan.\n"
    "Penulis: Sari Wulandari\n"
)
"""A page of our own writing that becomes an article."""


def kliping(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `kliping ARGUMENTS` to its end; standard output and error are pipes unless `options` say otherwise."""
    variables = options.pop("variables", {})
    defaults: dict[str, Any] = {"capture_output": True, "encoding": "utf-8", "env": ENVIRONMENT | variables}
    done = subprocess.run([SCRIPT, *map(str, arguments)], **defaults | options)
    if isinstance(done.stderr, str):
        done.stderr = PROGRESS.sub("", done.stderr)
    return done


@dataclass(frozen=True, slots=True)
class Seen:
    """What stood on a terminal in the end, its control sequences included, and the exit status."""

    text: str
    status: int


def at_terminal(*arguments: str | Path) -> Seen:
    """Run `kliping ARGUMENTS` with a terminal of 80 columns as its standard input, output and error."""
    ours, theirs = pty.openpty()
    variables = {"TERM": "xterm-256color", "COLUMNS": "80"}
    command = [str(SCRIPT), *map(str, arguments)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=ENVIRONMENT | variables) as process:
        os.close(theirs)
        parts = []
        while part := _read(ours):
            parts.append(part)
    os.close(ours)
    return Seen(b"".join(parts).decode("utf-8"), process.returncode)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # how Linux says that nobody holds the other end any more
        return b""
