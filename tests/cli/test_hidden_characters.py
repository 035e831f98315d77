"""Names of files and words of pages never steer a terminal: what it would obey is written as an escape."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path

from person import ARTICLE, kliping

from kliping.errors import printable

HOSTILE = "\x1b[31m\x07\u202egnp.\x9b2J\u2066"


def obeyed(text: str) -> set[str]:
    return {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")}


def test_what_a_terminal_would_obey_is_written_as_an_escape() -> None:
    assert printable(f"Kafé “Élise”\n{HOSTILE}") == ("Kafé “Élise”\n\\x1b[31m\\x07\\u202egnp.\\x9b2J\\u2066")


def test_no_command_prints_a_hostile_name_or_text_as_it_is(tmp_path: Path) -> None:
    pages = tmp_path / f"pages{HOSTILE}"
    pages.mkdir()
    text = ARTICLE.replace("karung sehari", f"karung {HOSTILE} sehari").replace("Sari", "Sa\u202eri")
    (pages / f"satu{HOSTILE}.txt").write_text(text, "utf-8")
    (pages / f"kosong{HOSTILE}.txt").write_bytes(b"")
    shutil.copy(pages / f"satu{HOSTILE}.txt", pages / f"dua{HOSTILE}.txt")
    corpus, other = tmp_path / "corpus", tmp_path / "other"
    built = kliping("build", pages, "--out", corpus)
    assert built.returncode == 3
    assert "kosong" in built.stdout
    kliping("build", pages / f"kosong{HOSTILE}.txt", "--out", other)
    (tmp_path / "page.txt").write_text(text, "utf-8")
    kliping("build", tmp_path / "page.txt", "--out", other)
    article = next(line for line in kliping("rows", corpus, "articles").stdout.splitlines())[:32]
    (corpus / f"catatan{HOSTILE}").write_text("milik saya")
    commands = (
        ("annotate", pages / f"satu{HOSTILE}.txt"), ("explain", pages / f"satu{HOSTILE}.txt"),
        ("explain", corpus, article), ("validate", corpus), ("audit", corpus), ("diff", corpus, other),
    )  # fmt: skip
    for command in commands:
        done = kliping(*command)
        assert done.stdout, done.stderr
        assert not obeyed(done.stdout), command
    assert not obeyed(built.stdout)
