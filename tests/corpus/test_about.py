"""A corpus is its curators': card and Croissant say what corpus.toml states, and "not stated" for all else."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from huggingface_hub import DatasetCard
from hypothesis import given
from hypothesis import strategies as st

from kliping.building.build import BuildOptions, build
from kliping.check.validate import validate
from kliping.corpus.about import About, read_about
from kliping.corpus.folder import open_corpus
from kliping.errors import KlipingError

PAGE = (
    "PALU, Kabar Teluk - Nelayan di {place} kembali melaut setelah ombak mereda, Senin (5/2/2024). Mereka membawa "
    "pulang ikan tongkol dan cakalang untuk dijual di pasar pagi.\n\nHarga ikan turun, kata pedagang, karena pasokan.\n"
)
STATED = """
name = "berita-lereng"
title = "Berita lereng: \\"kabar\\" pegunungan"
description = "Dua koran kampung, satu musim."
curator = "Perkumpulan Arsip Lereng"
contact = "arsip@lereng.example"
homepage = "https://lereng.example/arsip"
rights = "Hak cipta pada koran masing-masing."
license = "cc-by-sa-4.0"
license_link = "https://lereng.example/hak"
takedown = "surat ke arsip@lereng.example"
published = 2026-03-01
citation = "@misc{lereng, title={Berita lereng}}"
"""


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    folder = tmp_path / "crawl"
    folder.mkdir()
    (folder / "a.txt").write_text(PAGE.format(place="Donggala"), "utf-8")
    return folder


def card(corpus: Path) -> str:
    return (corpus / "README.md").read_text("utf-8")


def test_card_and_croissant_are_the_curators(crawl: Path, tmp_path: Path) -> None:
    (crawl / "corpus.toml").write_text(STATED, "utf-8")
    summary = build([crawl], tmp_path / "corpus")
    assert (summary.documents, summary.kept) == (1, 1), "the file is no input"
    header = DatasetCard(card(tmp_path / "corpus")).data
    assert header.pretty_name == 'Berita lereng: "kabar" pegunungan'
    assert header.license == "cc-by-sa-4.0"
    assert header["license_link"] == "https://lereng.example/hak"
    assert "license_name" not in header.to_dict()
    text = card(tmp_path / "corpus")
    for stated in read_about(crawl / "corpus.toml").stated().values():
        assert stated in text
    assert 'load_dataset("berita-lereng", split="train")' in text
    assert "not stated" not in text
    assert "kliping team" not in text
    croissant = json.loads((tmp_path / "corpus" / "croissant.json").read_bytes())
    assert croissant["name"] == 'Berita lereng: "kabar" pegunungan'
    assert croissant["datePublished"] == "2026-03-01"
    assert croissant["creator"]["name"] == "Perkumpulan Arsip Lereng"
    assert croissant["citeAs"] == "@misc{lereng, title={Berita lereng}}"
    assert validate(open_corpus(tmp_path / "corpus")) == []


def test_without_a_file_nothing_is_stated(crawl: Path, tmp_path: Path) -> None:
    build([crawl], tmp_path / "corpus")
    header = DatasetCard(card(tmp_path / "corpus")).data
    assert (header.pretty_name, header.license) == (None, "unknown")
    text = card(tmp_path / "corpus")
    assert "- **Curated by:** not stated." in text
    assert "kliping team" not in text
    assert "repository of kliping" not in text
    croissant = json.loads((tmp_path / "corpus" / "croissant.json").read_bytes())
    assert croissant["license"] == "not stated"
    assert not {"datePublished", "creator", "url"} & croissant.keys()


def test_the_file_changes_no_row(crawl: Path, tmp_path: Path) -> None:
    build([crawl], tmp_path / "a")
    build([crawl], tmp_path / "b", options=BuildOptions(about=About(title="Lain")))
    roots = [
        {name: entry["root"] for name, entry in open_corpus(tmp_path / each).manifest["tables"].items()}
        for each in "ab"
    ]
    assert roots[0] == roots[1]


@pytest.mark.parametrize("named", ["crawl", "crawl/a.txt", "crawl/*.txt", "crawl/**"])
def test_it_is_found_beside_whatever_is_named(
    crawl: Path, tmp_path: Path, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (crawl / "corpus.toml").write_text('title = "Arsip"', "utf-8")
    monkeypatch.chdir(tmp_path)
    summary = build([named], "corpus")
    assert summary.documents == 1
    assert "# Dataset Card for Arsip\n" in card(tmp_path / "corpus")


def test_a_file_of_that_name_deeper_in_the_crawl_is_an_input_like_any_other(crawl: Path, tmp_path: Path) -> None:
    (crawl / "deep").mkdir()
    (crawl / "deep" / "corpus.toml").write_text('title = "Arsip"', "utf-8")
    assert build([crawl], tmp_path / "corpus").documents == 2
    assert "# Dataset Card for a corpus of Indonesian news\n" in card(tmp_path / "corpus")


def test_two_of_them_are_one_too_many(crawl: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for folder in (crawl, other):
        (folder / "corpus.toml").write_text('title = "Arsip"', "utf-8")
    (other / "b.txt").write_text(PAGE.format(place="Parigi"), "utf-8")
    with pytest.raises(KlipingError, match=r"Several files say what the corpus is: .*Give one of them with --about"):
        build([crawl, other], tmp_path / "corpus")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('titel = "Arsip"', "has keys that are not known: titel. There are name, title, "),
        ("title = Arsip", "is not TOML: "),
        ("title = 7", 'title is a text in quotation marks, such as title = "..."'),
        ('title = "  "', "title is a text in quotation marks"),
        ('published = "2026-03-01"', "published is a date without quotation marks"),
        ("published = 2026-03-01T10:00:00", "published is a date without quotation marks"),
        ('license = "CC BY 4.0"', "license is an identifier such as cc-by-4.0"),
        ('license = "other"', "`other` needs license_name and license_link too"),
        ("title = " + "[" * 5_000, "is not TOML: |nests too deep"),
    ],
)
def test_what_it_must_not_say_ends_the_build_before_it_begins(
    crawl: Path, tmp_path: Path, text: str, said: str
) -> None:
    path = crawl / "corpus.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(KlipingError, match=said) as caught:
        build([crawl], tmp_path / "corpus")
    assert str(path) in str(caught.value)
    assert not (tmp_path / "corpus").exists()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_a_sentence(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(data)
    with suppress(KlipingError):
        read_about(path)
