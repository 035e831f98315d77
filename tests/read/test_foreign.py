"""What kliping does not read is refused with what it looks like and what to do, and prose is never taken for it."""

from __future__ import annotations

import base64
import json
import os
import pickle
from pathlib import Path

import pytest
from tests.read.inputs import STORY, read_file, story, texts, zipped

from kliping import knowledge
from kliping.model import RawDocument, Refusal
from kliping.read.sniff import sniff

SHARED = Path(__file__).resolve().parents[3] / "shared"

FOREIGN: dict[str, tuple[bytes | str, str]] = {
    "sari.jsonl": (
        '{"article_id": "' + 32 * "a" + '", "raw_sha256": "' + 64 * "a" + '", "what": "role", "new": "mark"}\n',
        "a file of corrections",
    ),
    "rss.xml": ('<?xml version="1.0"?>\n<rss version="2.0"><channel><title>K</title></channel></rss>', "RSS or Atom"),
    "atom.txt": ('<feed xmlns="http://www.w3.org/2005/Atom"><title>K</title></feed>', "RSS or Atom"),
    "rdf.xml": ('<?xml version="1.0"?>\n<!-- K -->\n<rdf:RDF xmlns="x"><item/></rdf:RDF>', "RSS or Atom"),
    "peta.xml": ('<?xml version="1.0"?><urlset xmlns="x"><url><loc>https://x</loc></url></urlset>', "a sitemap"),
    "berita.xml": (f'<?xml version="1.0"?><berita><isi>{STORY}</isi></berita>', "XML"),
    "wiki.txt": (f'<doc id="1" title="Nelayan">\n{STORY}\n</doc>', "XML"),
    "gambar.svg": ('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0"/></svg>', "XML"),
    "dump.sql": (f"-- MySQL dump 10.13\nINSERT INTO `berita` VALUES (1,'A','{STORY}');\n", "SQL"),
    "isi.txt": (f"INSERT INTO berita (judul, isi) VALUES ('A', '{STORY}');\n", "SQL"),
    "skema.txt": ("CREATE TABLE berita (\n  id int,\n  isi text\n);\n", "SQL"),
    "salin.txt": (f"SET statement_timeout = 0;\nCOPY public.berita (isi) FROM stdin;\n{STORY}\n\\.\n", "SQL"),
    "berita.yaml": (f"- judul: A\n  tanggal: 2023-01-01\n  isi: {STORY}\n- judul: B\n  isi: {STORY}\n", "YAML"),
    "blok.yml": (f"judul: A\nisi: |\n  {STORY}\n  {STORY}\n", "YAML"),
    "naskah.md": (f"---\ntitle: A\ndate: 2023-01-01\n---\n\n{STORY}\n", "YAML"),
    "naskah.toml.md": (f'+++\ntitle = "A"\n+++\n\n{STORY}\n', "YAML"),
    "config": ("[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n", "settings"),
    "berita.toml": (f'judul = "A"\nisi = "{STORY}"\n', "settings"),
    ".env": ("KUNCI=abc\nBASIS=berita\nMODE=uji\n", "settings"),
    ".git/description": ("Unnamed repository; edit this file to name it.\n", ""),
    "kuki.txt": ("# Netscape HTTP Cookie File\n.a.example\tTRUE\t/\tFALSE\t1707100200\tsid\tabc\n", "settings"),
    "HEAD": ("ref: refs/heads/main\n", "version control"),
    "lama.pkl": (pickle.dumps([STORY], 0), "pickle"),
    "dua.pkl": (pickle.dumps({"isi": STORY}, 2), "pickle"),
    "baru.pkl": (pickle.dumps([STORY], 5), "pickle"),
    "baca.py": ("import os\n\ndef baca(path):\n    with open(path) as f:\n        return f.read()\n", "source code"),
    "baca.js": ("const x = require('y');\nfunction baca(p) {\n  return p;\n}\n", "source code"),
    "gaya.css": (".menu {\n  color: red;\n}\nbody {\n  margin: 0;\n}\n", "style sheet"),
    "kecil.css": (".menu{color:red;background:url(a.png)}body{margin:0;padding:0}.isi{font-size:12px}", "no words"),
    "data.js": ('var data = [{"judul": "A"}];', "source code"),
    "panggil.txt": ('callback({"judul": "A"});', "source code"),
    "ambil.sh": ("#!/bin/sh\ncurl https://kabaruji.example\n", "a script"),
    "laman.php": ("<?php echo 'A'; ?>", "PHP"),
    "jalan.log": ("2023-01-01 10:00:00,123 INFO mulai\n2023-01-01 10:00:01,456 ERROR gagal\n", "a log"),
    "akses.log": ('127.0.0.1 - - [01/Jan/2023:10:00:00 +0700] "GET / HTTP/1.1" 200 12\n' * 3, "a log"),
    "laba.log": ("2023-01-01 10:00:00 [scrapy.core.engine] DEBUG: Crawled (200) <GET https://x>\n" * 3, "a log"),
    "jejak.txt": ('Traceback (most recent call last):\n  File "a.py", line 1\n', "a log"),
    "film.srt": ("1\n00:00:01,000 --> 00:00:02,000\nSelamat pagi\n", "subtitles"),
    "surat.eml": (f"From: sari@a.example\nTo: bram@a.example\nSubject: A\n\n{STORY}", "e-mail"),
    "kotak.mbox": (f"From sari@a.example Thu Jan  1 00:00:00 2023\nSubject: A\n\n{STORY}", "e-mail"),
    "surat.html": ("From: a@a.example\nSubject: A\nContent-Type: text/html\n\n<html><body><p>A</body>", "e-mail"),
    "jawab.txt": ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>A</p></html>", "web server"),
    "cetak.txt": (f"{{'judul': 'A', 'isi': '{STORY}'}}\n", "Python"),
    "daftar.txt": (f"[{{'judul': 'A', 'isi': '{STORY}'}}]\n", "Python"),
    "token.txt": ("[['Nelayan', 'kembali'], ['melaut', 'lagi']]", "Python"),
    "larik.json": (json.dumps([["judul", "isi"], ["A", STORY]]), "JSON without an object"),
    "rusak.json": ("[{,", "broken"),
    "agenda.ics": ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "a calendar"),
    "beda.patch": ("diff --git a/x b/x\n--- a/x\n+++ b/x\n", "a patch"),
    "kunci.pem": ("-----BEGIN CERTIFICATE-----\nMIIB\n", "base64"),
    "makalah.tex": (f"\\documentclass{{article}}\n\\begin{{document}}\n{STORY}", "LaTeX"),
    "rujuk.bib": ("@article{a,\n title={x}\n}", "BibTeX"),
    "infobox.txt": (f"{{{{Infobox kota\n| nama = Palu\n}}}}\n'''Palu''' adalah [[kota]]. {STORY}", "wiki markup"),
    "tebal.txt": (f"'''Palu''' adalah [[kota]]. {STORY}", "wiki markup"),
    "laman.j2": ("{% extends 'a.html' %}\n{% block isi %}\n{{ judul }}\n{% endblock %}\n", "a template"),
    "kunci.pub": (f"ssh-rsa {'AAAAB3NzaC1yc2EAAAADAQABAAAB' * 9} sari@mesin\n", "base64"),
    "lagu.lrc": ("[ti:Dermaga]\n[00:12.00]Di dermaga yang lama kutunggu\n[00:17.20]Kapal pulang\n", "subtitles"),
    "unduh.txt": (
        "--2023-01-01 10:00:00--  https://a.example/x\nHTTP request sent, awaiting response... 200\n",
        "a log",
    ),
    "daftar-alamat.txt": ("https://kabaruji.example/nelayan-kembali-melaut\n" * 9, "no words"),
    ".gitignore": ("*.pyc\n__pycache__/\nnode_modules\n!simpan.txt\n/dist\n.venv/\n", "no words"),
    "jadwal": (
        "# m h dom mon dow command\n0 5 * * 1 tar -zcf /a.tgz /home\n*/9 * * * * /usr/bin/ambil --semua\n",
        "no words",
    ),
    "baca.rb": (
        "require 'json'\n\n# Kelas ini menyimpan satu berita dengan judul dan isinya.\nclass Berita\n"
        "  attr_reader :judul\n  def initialize(judul)\n    @judul = judul\n  end\nend\n",
        "no words",
    ),
    "baca.lua": (
        "-- Modul ini membaca satu berkas berita dari folder yang diberikan.\nlocal M = {}\nfunction M.baca(n)\n"
        "  local f = io.open(n)\n  return f:read('*a')\nend\nreturn M\n",
        "no words",
    ),
    "baca.pl": (
        "use strict;\nuse warnings;\nmy $x = shift;\nwhile (my $l = <STDIN>) {\n  print $l if $l =~ /$x/;\n}\n",
        "",
    ),
    "hitung.jl": ("using DataFrames\nfunction f(x)\n    return x^2\nend\nprintln(f(2))\n", "no words"),
    "indeks.cdx": (
        " CDX N b a m s k r M S V g\n"
        + "id,kabar)/1 20240205093000 https://kabar.id/1 text/html 200 QWE - - 1 2 a\n" * 9,
        "no words",
    ),
    "henti.txt": ("\n".join(dict.fromkeys(STORY.lower().split())) + "\n" + "\n".join(story(9).split()), "no words"),
    "vektor.txt": ("".join(f"{word} 0.123 -0.456 0.789\n" for word in STORY.split()), "no words"),
    "orang.ldif": (
        "dn: cn=Sari,dc=x\nobjectClass: person\ncn: Sari\n\ndn: cn=Bram,dc=x\nobjectClass: person\ncn: Bram\n",
        "",
    ),
    "graf.nt": ('<http://a.example/x> <http://a.example/y> "z" .', "linked data"),
    "robots.txt": ("User-agent: *\nDisallow: /\n", "robots.txt"),
    "kata.conll": ("1\tNelayan\tnelayan\tNOUN\n2\tkembali\tkembali\tVERB\n3\tmelaut\tlaut\tVERB\n", "annotations"),
    "tag.txt": ("Nelayan/NN\n".replace("/", "\t") * 5, "annotations"),
    "sandi.txt": (base64.encodebytes(bytes(range(256)) * 8), "no words"),
    "heksa.txt": ((bytes(range(256)) * 3).hex(), "no words"),
    "angka.txt": ("\n".join(f"{n} {n * 3} {n * 7}" for n in range(100)), "no words"),
    "buku.pdf": (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    "basis.db": (b"SQLite format 3\0" + bytes(100), "SQLite"),
    "surat.rtf": (b"{\\rtf1 Halo}", "RTF"),
    "arsip.7z": (b"7z\xbc\xaf\x27\x1c\0\4", "7z"),
    "larik.npy": (b"\x93NUMPY\1\0", "NumPy"),
    "surat.docx": (zipped([("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")]), "a Word document"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_it_is_refused_with_what_it_looks_like_and_what_to_do(name: str, tmp_path: Path) -> None:
    data, words = FOREIGN[name]
    (item,) = read_file(tmp_path / name, data)
    if not words:
        return
    assert isinstance(item, Refusal)
    assert item.reason == "unsupported-format"
    assert words in item.detail
    assert item.detail.startswith("It looks like ")
    assert item.detail.endswith(".")


@pytest.mark.parametrize(
    "name", [name for name, (data, _) in FOREIGN.items() if isinstance(data, str) and name[0] != "."]
)
def test_the_name_and_what_stands_before_it_change_nothing(name: str, tmp_path: Path) -> None:
    data, words = FOREIGN[name]
    assert isinstance(data, str)
    for other in (data.encode("utf-8-sig"), b"\n\n" + data.encode(), data.replace("\n", "\r\n").encode()):
        (item,) = read_file(tmp_path / "catatan.txt", other)
        assert isinstance(item, Refusal), words
        assert item.reason == "unsupported-format"


@pytest.mark.parametrize("folder", [".git", ".svn", "__MACOSX"])
def test_what_programs_keep_beside_files_is_told_by_its_folder(folder: str, tmp_path: Path) -> None:
    from kliping.read import documents

    read_file(tmp_path / folder / "isi.txt", STORY)
    read_file(tmp_path / "sub" / folder / "lain" / "isi.txt", STORY)
    read_file(tmp_path / "isi.txt", STORY)
    assert list(texts(documents([tmp_path]))) == ["isi.txt"]


PAGES = {
    "tags": f"<article><h2>A</h2><p>{STORY}</p></article>",
    "meta": f"<meta charset=utf-8><p>{STORY}",
    "notice": f"<br />\n<b>Notice</b>: Undefined index in /x.php<br />\n<html><body><p>{STORY}</p></body></html>",
    "plain notice": f"Warning: foo() in /x.php on line 3\n<!DOCTYPE html>\n<html><body><p>{STORY}</p></body></html>",
    "blanks": " \n" * 40_000 + f"<p>{STORY}</p>",
    "strong": f"<strong>PALU</strong> - {STORY}",
    "words first": f"PALU - {STORY}</p><p>{STORY}</p>",
    "comment": f"<!-- cache -->\n<div>{STORY}</div>",
    "xhtml": f'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">\n<html><body><p>{STORY}</p></body></html>',
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_or_a_piece_of_one_is_html(page: str, tmp_path: Path) -> None:
    (item,) = read_file(tmp_path / "a.txt", page)
    assert isinstance(item, RawDocument)
    assert item.extractor is not None
    assert "<" not in item.data.decode()


PROSE = {
    "a printed list": f"['{story(1)}', '{story(2)}']",
    "a JSON list": json.dumps([story(1), story(2)]),
    "a caption": "[Foto] Pasar pagi di tepi sungai",
    "a word": "Isi",
    "odd signs": "Catatan ★ → harga 12% naik!!",
    "menus": f"Beranda\nEkonomi\nOlahraga\n\n{STORY}\n\nPenulis: Sari\nEditor: Bram\nSumber: Antara\nTag: #nelayan",
    "hashtags": "Tolak tambang di pulau kami\n\n#SelamatkanPulau\n\n#TolakTambang #Nelayan\n#Laut",
    "times": "10:30 WIB\nNelayan pulang\n10:45 WIB\nPasar ramai\n11:00 WIB\nHarga naik\n",
    "scores": "Klasemen: 1. Persila 45, 2. Persibu 40, 3. Aremu 38 (10-5-3)",
    "quote": f'"Kami naik," kata dia. {STORY}',
    "markdown": f"# Judul\n\n{STORY}\n\n- satu\n- dua\n",
    "another script": "雅加达新闻报道今天价格上涨。" * 9,
    "arithmetic": f"Harga 2 x 3 = 6, kata guru.\nx = 3\n{STORY}\n",
    "addresses": "Sumber:\nhttps://a.example/x?y=1\nSekian.",
    "handles": "Ramai di media sosial:\n@sari\n@bram\n@wulan\nSemua setuju.",
    "glued": "1.Palu2.Poso3.Donggala4.Morowali",
    "lost blanks": "NelayandiPalukembalimelautsetelahbadaireda,kataketuakoperasi,Rabu(1/3).Merekamembawaikantongkol.",
    "line breaks of markup": f"PALU - {STORY}<br/>{STORY}<br/>",
    "blanks without width": STORY.replace(" ", " \u200b"),
    "wrapped": "Nelayan kembali melaut\nsetelah badai reda, kata\nketua koperasi, Rabu. Mereka\nmembawa ikan ke pasar\n"
    * 3,
    "a headline in capitals": "NELAYAN PALU KEMBALI MELAUT SETELAH BADAI REDA\n\n1. 5/2/2024\n2. 10:30\n3. Rp 20.000\n"
    + "= = =\n" * 9,
    "numbers": f"2004 Palu U-17 2 (1) 2005 U-18 16 (14)\n{STORY}",
}


@pytest.mark.parametrize("prose", PROSE.values(), ids=PROSE)
def test_prose_is_text_as_it_stands(prose: str, tmp_path: Path) -> None:
    assert texts(read_file(tmp_path / "a.txt", prose)) == {"a.txt": prose}


@pytest.mark.parametrize("crawl", ["gold", "crawls"])
def test_no_labelled_page_is_taken_for_anything_else(crawl: str) -> None:
    pages = sorted((SHARED / crawl / "docs").glob("*.txt"))
    if not pages:
        pytest.skip("the labelled pages are not beside the checkout")
    assert [page.name for page in pages if sniff(page.read_bytes(), page.name) != "text"] == []


def test_every_format_of_the_list_is_tried_here() -> None:
    untried = [
        one["looks_like"] for one in knowledge.load("formats.toml")["format"]
        if "path" not in one and not any(words in one["looks_like"] for _, words in FOREIGN.values() if words)
    ]  # fmt: skip
    assert untried == ["an Access database"]


def test_random_bytes_are_no_text(tmp_path: Path) -> None:
    (item,) = read_file(tmp_path / "a.bin", os.urandom(4096))
    assert isinstance(item, Refusal) or b"\0" in item.data
