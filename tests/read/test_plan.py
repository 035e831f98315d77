"""plan() names every file once, whatever the order of the arguments, and refuses links by name."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliping.model import RawDocument, Refusal
from kliping.read import documents, plan
from kliping.read.paths import escape


def fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Isi {name}")


def names(*inputs: str | Path) -> list[str]:
    found = [one.source_path for one in plan(inputs)]
    assert found == [one.source_path for one in plan(tuple(reversed(inputs)))]
    assert len(set(found)) == len(found)
    return found


def test_files_folders_and_globs(tmp_path: Path) -> None:
    fill(tmp_path, "a/1.txt", "a/sub/2.txt", "b/3.txt")
    assert names(tmp_path / "a", tmp_path / "b/3.txt") == ["1.txt", "3.txt", "sub/2.txt"]
    assert names(f"{tmp_path}/*/[12].txt") == ["a/1.txt"]
    assert names(f"{tmp_path}/**/*.txt") == ["a/1.txt", "a/sub/2.txt", "b/3.txt"]


def test_a_file_named_twice_is_planned_once_under_its_longest_name(tmp_path: Path) -> None:
    fill(tmp_path, "a/sub/2.txt")
    assert names(tmp_path / "a/sub/2.txt", tmp_path / "a", f"{tmp_path}/a/sub/*.txt") == ["sub/2.txt"]


def test_equal_names_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    fill(tmp_path, "kota/x.txt", "desa/x.txt", "desa/y.txt")
    assert names(tmp_path / "kota", tmp_path / "desa") == ["desa/x.txt", "kota/x.txt", "y.txt"]


def test_missing_files_and_empty_patterns_are_refusals(tmp_path: Path) -> None:
    items = list(documents([tmp_path / "tidak-ada.txt", f"{tmp_path}/*.jsonl"]))
    assert [item.reason for item in items if isinstance(item, Refusal)] == ["unreadable", "unreadable"]


def test_links_are_refused_by_name(tmp_path: Path) -> None:
    fill(tmp_path, "in/a.txt", "in/sub/b.txt", "out/c.txt")
    inside = tmp_path / "in"
    for link, target in {
        "loop": ".", "sub/up": "../..", "leaves": "../out", "leaves.txt": "../out/c.txt", "again.txt": "a.txt",
        "again": "sub", "gone": "nothing", "self": "self",
    }.items():  # fmt: skip
        (inside / link).symlink_to(target)
    reasons = {one.source_path: one.refusal.reason for one in plan([inside]) if one.refusal}
    assert reasons == {
        "loop": "symlink-loop", "sub/up": "symlink-loop", "leaves": "outside-input", "leaves.txt": "outside-input",
        "again.txt": "link-inside-input", "again": "link-inside-input", "gone": "unreadable", "self": "symlink-loop",
    }  # fmt: skip
    assert {one.source_path for one in plan([inside]) if not one.refusal} == {"a.txt", "sub/b.txt"}
    assert {one.refusal.reason for one in plan([f"{inside}/leave*"]) if one.refusal} == {"outside-input"}
    assert names(inside / "self") == ["self"]


def test_a_link_named_outright_is_followed(tmp_path: Path) -> None:
    fill(tmp_path, "out/c.txt")
    (tmp_path / "link").symlink_to("out")
    assert [item.source_path for item in documents([tmp_path / "link"]) if isinstance(item, RawDocument)] == ["c.txt"]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa")
    assert [item.reason for item in documents([tmp_path]) if isinstance(item, Refusal)] == ["unreadable"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_forbidden_file_is_refused(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt")
    (tmp_path / "a.txt").chmod(0)
    (item,) = documents([tmp_path])
    assert isinstance(item, Refusal)
    assert item.reason == "unreadable"


def test_odd_file_names_are_valid_unicode(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/50%\n#1-\xff.txt"
    with open(raw, "wb") as file:
        file.write(b"Isi berkas")
    (item,) = documents([tmp_path])
    assert item.source_path == "50%25%0A%231-%FF.txt"
    assert unquote_to_bytes(item.source_path) == os.path.basename(raw)


@given(st.binary(min_size=1))
def test_names_come_back(raw: bytes) -> None:
    shown = escape(os.fsdecode(raw))
    assert shown.encode()
    assert len(shown.splitlines()) == 1
    assert unquote_to_bytes(shown) == raw
