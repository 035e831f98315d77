"""docs/growing.md: its commands run as they stand, on an invented crawl."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from pathlib import Path

from kliping import build
from kliping.corpus.folder import open_corpus

PAGE = (Path(__file__).parents[2] / "docs" / "growing.md").read_text("utf-8")
NEWS = (
    "BIMA, Kabar Teluk - Pelabuhan di {place} kembali dibuka untuk kapal, kata nakhoda Rahmat Tuasikal, "
    "Senin (5/2/2024).\n"
)


def test_both_commands_run(tmp_path: Path) -> None:
    for name in ("yesterday", "today", "a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(NEWS.format(place=f"Teluk {name.title()}"), "utf-8")
    (tmp_path / "more.csv").write_text('isi\n"' + NEWS.format(place="Teluk Kupang").strip() + '"\n', "utf-8")
    for source, out in (("yesterday", "corpus"), ("a", "corpus-a"), ("b", "corpus-b")):
        build([tmp_path / source], tmp_path / out)
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 2
    path = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    for block in blocks:
        subprocess.run(["bash", "-euc", block], cwd=tmp_path, env=os.environ | {"PATH": path}, check=True)
    counts = [open_corpus(tmp_path / name).manifest["tables"]["articles"]["rows"] for name in ("corpus", "all")]
    assert counts == [2, 3]
