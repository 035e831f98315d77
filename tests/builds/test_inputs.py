"""What kliping made inside an input is no input, however it is spelled: a build gives the same corpus each time."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from spawned import build_by, plain
from test_build import content, decisions
from test_vanishing import texts

from kliping.building.inputs import InputInOutputError, Inputs
from kliping.errors import KlipingError


@pytest.mark.parametrize("out", ["out", "./out", "../in/out", "dalam/out", "link", "{root}/in/out", "{root}/jalan/out"])
def test_the_output_and_its_work_are_no_input(out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = texts(tmp_path / "in", 1, 2, 3)
    (folder / "dalam").mkdir()
    (tmp_path / "jalan").symlink_to(folder)
    if out == "link":
        (folder / "link").symlink_to(folder / "out")
    monkeypatch.chdir(folder)
    for argument in (".", "../in", "{root}/in", "{root}/jalan", "../in/*"):
        given = argument.format(root=tmp_path)
        summary = build_by(plain, [given], out.format(root=tmp_path))
        assert (summary.kept, summary.remarks) == (3, ())
        assert [name for name in decisions(Path(out.format(root=tmp_path))) if "link" not in name] == [
            "1.txt",
            "2.txt",
            "3.txt",
        ]


def test_corpora_and_work_of_other_builds_inside_an_input_are_none(tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", 1, 2)
    build_by(plain, [folder], tmp_path / "first")
    build_by(plain, [folder], folder / "lama")
    shutil.copytree(folder / "lama", folder / ".baru.old")
    (folder / ".baru.partial").mkdir()
    (folder / ".baru.partial" / "README.md").write_text("Harga cabai turun.")
    (folder / "baru.work" / "runs").mkdir(parents=True)
    for name in ("lock", "plan.json", "runs/read-000000.json"):
        (folder / "baru.work" / name).write_text("{}")
    (folder / "link").symlink_to(folder / "lama")
    summary = build_by(plain, [folder], tmp_path / "second")
    assert content(tmp_path / "first") == content(tmp_path / "second")
    (remark,) = summary.remarks
    assert all(name in remark for name in ("lama", "baru.work", ".baru.partial", ".baru.old"))


def test_what_only_looks_like_a_corpus_or_work_is_read(tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", 1)
    for name in ("situs", "kerja.work", ".catatan.old"):
        texts(folder / name, len(name) + 10)
    (folder / "situs" / "articles").mkdir()
    (folder / "situs" / "manifest.json").write_text('{"name": "aplikasi", "format": 3}')
    (folder / "kerja.work" / "lock").write_text("Harga gula naik.")
    assert {one.source_path for one in Inputs([folder]).files} == {
        "1.txt", "situs/15.txt", "situs/manifest.json", "kerja.work/20.txt", "kerja.work/lock", ".catatan.old/22.txt",
    }  # fmt: skip


def test_tables_of_an_older_corpus_can_be_named(tmp_path: Path) -> None:
    build_by(plain, [texts(tmp_path / "in", 1, 2)], tmp_path / "lama")
    assert build_by(plain, [tmp_path / "lama" / "raw"], tmp_path / "baru").kept == 2
    assert build_by(plain, [tmp_path / "lama"], tmp_path / "lain").kept == 2


@pytest.mark.parametrize("argument", ["data", "data/", "data/1.txt", "data/*.txt", "d*", "link", "data/../data"])
@pytest.mark.parametrize("force", [False, True])
def test_an_input_that_the_output_would_replace_is_refused(
    argument: str, force: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts(tmp_path / "data", 1, 2)
    (tmp_path / "link").symlink_to(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KlipingError, match=r"data|nothing to read in .*Nothing was touched"):
        build_by(plain, [argument], "data", force=force)
    with pytest.raises(KlipingError, match="data"):
        build_by(plain, [argument, texts(tmp_path / "lain", 3)], "data")
    assert sorted(os.listdir("data")) == ["1.txt", "2.txt"]


@pytest.mark.parametrize("argument", ["data/1.txt", "link/1.txt", "data/*", "lain/../data/?.txt", "{root}/data/1.txt"])
def test_force_takes_no_input_away(argument: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = texts(tmp_path / "lain", 3)
    texts(tmp_path / "data", 1, 2)
    (tmp_path / "link").symlink_to(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputInOutputError, match=r"lies in .*data, which this build would replace"):
        build_by(plain, [other, argument.format(root=tmp_path)], "data", force=True)
    assert sorted(os.listdir("data")) == ["1.txt", "2.txt"]


def test_a_link_as_output_is_followed(tmp_path: Path) -> None:
    (tmp_path / "besar").mkdir()
    (tmp_path / "corpus").symlink_to(tmp_path / "besar" / "corpus")
    folder = texts(tmp_path / "in", 1)
    for _ in range(2):
        build_by(plain, [folder], tmp_path / "corpus")
        assert (tmp_path / "corpus").is_symlink()
        assert (tmp_path / "besar" / "corpus" / "manifest.json").is_file()
        assert sorted(os.listdir(tmp_path)) == ["besar", "corpus", "in"]
