"""Bad input: each is one row of `decisions` with a named outcome and a readable reason, and the build goes on."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from person import ARTICLE, kliping

from kliping.corpus.folder import open_corpus

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
SENTENCE = "Harga beras di pasar itu turun, kata pedagang. "
KEPT = "kept"
Built = tuple[subprocess.CompletedProcess[str], Path]
"""What the command said, and the corpus it made."""

FILES: Mapping[str, bytes] = {
    "baik.txt": ARTICLE.encode(),
    "kosong.txt": b"",
    "putih.txt": " \n\t\u00a0\n".encode(),
    "windows.txt": ("Kafe. " + ARTICLE).encode("cp1252"),
    "mac.txt": ("Kedai. " + ARTICLE).encode("mac-roman"),
    "lebar.txt": ("Warung. " + ARTICLE).encode("utf-16"),
    "lebar-tanpa-tanda.txt": ("Toko. " + ARTICLE).encode("utf-16-be"),
    "kendali.txt": ARTICLE.replace("pasar", "pa\0sar").replace("pulau", "pu\x07lau").encode(),
    "baris.txt": (SENTENCE * 20_000).encode(),
    "gambar.txt": PNG,
    "acak.txt": bytes(range(128, 256)) * 20,
    "nol.txt": b"ab\0" * 500,
    "kembar.txt": ARTICLE.encode(),
    "umpan.txt": b'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>Kabar</title></channel></rss>\n',
    "rekaman.jsonl": b'{"text": "Harga beras turun."}\n{"text": \n',
}
EXPECTED: Mapping[str, tuple[str, str | None, str]] = {
    "baik.txt": (KEPT, None, ""),
    "kosong.txt": ("set-aside", "empty", "no bytes"),
    "putih.txt": ("set-aside", "empty", "no visible character"),
    "windows.txt": (KEPT, None, "windows-1252"),
    "mac.txt": (KEPT, None, "Mac Roman"),
    "lebar.txt": (KEPT, None, "UTF-16-LE, known by its byte order mark"),
    "lebar-tanpa-tanda.txt": (KEPT, None, "UTF-16-BE, known by where its NUL bytes stand"),
    "kendali.txt": (KEPT, None, ""),
    "baris.txt": (KEPT, None, ""),
    "gambar.txt": ("set-aside", "binary", "a PNG image"),
    "acak.txt": ("set-aside", "undecodable", "no plausible text in another encoding"),
    "nol.txt": ("set-aside", "binary", "NUL"),
    "kembar.txt": ("set-aside", "duplicate", "The same bytes as baik.txt, which is kept"),
    "umpan.txt": ("failed", "unsupported-format", "an RSS or Atom feed, which kliping does not read; it lists pages"),
    "rekaman.jsonl#1": (KEPT, None, ""),
    "rekaman.jsonl#2": ("failed", "broken-record", "JSON"),
    "pipa": ("failed", "unreadable", "pipe"),
    "putus.txt": ("failed", "unreadable", "does not exist"),
    "lingkar": ("failed", "symlink-loop", "leads back"),
    "folder/lagi": ("failed", "symlink-loop", "leads back"),
    "keluar.txt": ("failed", "outside-input", "leads out of the input folder"),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One build of all of it: what the command said, and the corpus."""
    folder = tmp_path_factory.mktemp("bad")
    inputs = folder / "in"
    (inputs / "folder").mkdir(parents=True)
    for name, data in FILES.items():
        (inputs / name).write_bytes(data)
    os.mkfifo(inputs / "pipa")
    (inputs / "putus.txt").symlink_to("tiada.txt")
    (inputs / "lingkar").symlink_to("lingkar")
    (inputs / "folder" / "lagi").symlink_to("..")
    (inputs / "keluar.txt").symlink_to("/etc/hostname")
    return kliping("build", inputs, "--out", folder / "corpus"), folder / "corpus"


def rows(corpus: Path) -> dict[str, tuple[str, str | None, str]]:
    """source_path -> outcome, reason, detail of the `decisions` of a corpus."""
    found = open_corpus(corpus).whole("decisions").to_pylist()
    assert len({row["source_path"] for row in found}) == len(found)
    return {row["source_path"]: (row["outcome"], row["reason"], row["detail"] or "") for row in found}


def test_every_input_has_its_row_and_there_is_no_other(
    built: Built,
) -> None:
    assert sorted(rows(built[1])) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_row_names_what_happened(name: str, built: Built) -> None:
    outcome, reason, words = EXPECTED[name]
    found = rows(built[1])[name]
    assert found[:2] == (outcome, reason)
    assert words in found[2]
    assert outcome == KEPT or found[2].endswith(".")


def test_the_build_ends_with_a_summary_and_a_status_that_tells(
    built: Built,
) -> None:
    done, _ = built
    kept = sum(outcome == KEPT for outcome, _, _ in EXPECTED.values())
    assert done.returncode == 3
    assert done.stderr == ""
    assert f"{kept} of {len(EXPECTED)} documents kept" in done.stdout
    assert "set aside: 2 symlink-loop" in done.stdout
    assert "    gambar.txt: binary. The bytes are a PNG image, not text.\n" in done.stdout
    assert (
        f"    and {len(EXPECTED) - kept - 10} more: every one has its reason in {built[1]}/decisions\n" in done.stdout
    )


def test_what_was_kept_is_whole(built: Built) -> None:
    raw = {
        row["source_path"]: row["text"].encode(row["encoding"])
        for row in open_corpus(built[1]).whole("raw").to_pylist()
    }
    assert {name: raw[name] for name in FILES if EXPECTED.get(name, ("",))[0] == KEPT} == {
        name: data for name, data in FILES.items() if EXPECTED.get(name, ("",))[0] == KEPT
    }


def test_control_characters_leave_the_text_and_are_logged(
    built: Built,
) -> None:
    ids = {row["source_path"]: row["article_id"] for row in open_corpus(built[1]).whole("articles").to_pylist()}
    segments = [
        row
        for row in open_corpus(built[1]).whole("segments").to_pylist()
        if row["article_id"] == ids["kendali.txt"] and row["repairs"]
    ]
    assert [repair["before"] for row in segments for repair in row["repairs"]] == ["\0", "\x07"]
    assert "pasar" in segments[0]["text"]
    assert "pulau" in segments[1]["text"]


def test_the_corpus_of_bad_input_is_sound(built: Built) -> None:
    done = kliping("validate", built[1])
    assert (done.returncode, done.stdout, done.stderr) == (0, "PASSED\n", "")


def _without_privileges() -> None:
    """Take from this process, which may be root's, the two capabilities to read what its mode forbids."""
    drop, override, search = 24, 1, 2  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    for capability in (override, search):
        if ctypes.CDLL(None).prctl(drop, capability, 0, 0, 0):
            raise PermissionError("prctl")


def test_a_file_and_a_folder_without_permission_are_unreadable(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "baik.txt").write_text(ARTICLE)
    (inputs / "tutup.txt").write_text(ARTICLE + "Editor: Budi Santoso\n")
    (inputs / "laci").mkdir()
    for name in ("tutup.txt", "laci"):
        (inputs / name).chmod(0)
    try:
        done = kliping(
            "build", inputs, "--out", tmp_path / "out", preexec_fn=None if os.geteuid() else _without_privileges
        )
    finally:
        (inputs / "laci").chmod(0o700)
    assert (done.returncode, done.stderr) == (3, "")
    assert rows(tmp_path / "out") == {
        "baik.txt": (KEPT, None, ""),
        "laci": ("failed", "unreadable", "Permission denied."),
        "tutup.txt": ("failed", "unreadable", "Permission denied."),
    }


def test_a_line_of_fifty_megabytes_is_one_row(tmp_path: Path) -> None:
    (tmp_path / "baris.txt").write_text(SENTENCE * (50_000_000 // len(SENTENCE)))
    (tmp_path / "baik.txt").write_text(ARTICLE)
    done = kliping("build", tmp_path / "baik.txt", tmp_path / "baris.txt", "--out", tmp_path / "out")
    assert done.returncode == 3
    assert rows(tmp_path / "out")["baik.txt"][0] == KEPT
    assert rows(tmp_path / "out")["baris.txt"][:2] == ("set-aside", "too-large")
