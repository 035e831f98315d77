"""Makes up Indonesian news pages of any total size: always the same ones, no two alike, none of them real."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

OUTLETS = ("KOMPAS.com", "Liputan6.com", "TEMPO.CO", "REPUBLIKA.CO.ID", "Bisnis.com")
PLACES = ("Jakarta", "Surabaya", "Bandung", "Medan", "Makassar", "Denpasar", "Yogyakarta", "Palembang")
PEOPLE = ("Sari Dewi", "Budi Hartono", "Rina Marlina", "Agus Wijaya", "Dewi Lestari Putri", "Joko Prasetyo")
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September")
VOCABULARY = """
harga pasar warga pemerintah daerah kota tahun hari jalan rumah sekolah anak air beras cabai banjir
hujan petani nelayan pedagang pembeli kantor rapat anggaran pembangunan jembatan kereta bandara
pelabuhan kapal bantuan dana program kebijakan menteri gubernur wali bupati polisi petugas korban
kejadian lokasi wilayah provinsi kecamatan masyarakat kesehatan rumah-sakit dokter pasien vaksin
pendidikan guru siswa mahasiswa universitas penelitian yang dan di ke dari untuk dengan pada dalam
akan telah sudah masih juga tidak bisa harus lebih sekitar menurut mengatakan menjelaskan menyebut
menambahkan meminta berharap meningkat menurun mencapai membangun memperbaiki menyalurkan mengawasi
memastikan para sejumlah beberapa seluruh setiap kembali baru lama besar kecil tinggi rendah
"""
WORDS = VOCABULARY.split()
PAGES_PER_SEED = 500


def pages() -> Iterator[str]:
    """Pages without end, about 1.8 KB each."""
    seed = 0
    while True:
        dice = random.Random(seed)
        for _ in range(PAGES_PER_SEED):
            yield _page(dice)
        seed += 1


def _sentence(dice: random.Random) -> str:
    words = dice.choices(WORDS, k=dice.randint(8, 22))
    return f"{' '.join(words).capitalize()}."


def _page(dice: random.Random) -> str:
    place, outlet, person = dice.choice(PLACES), dice.choice(OUTLETS), dice.choice(PEOPLE)
    date = f"{dice.randint(1, 28)} {dice.choice(MONTHS)} {dice.randint(2012, 2024)}"
    headline = " ".join(dice.choices(WORDS, k=8)).title()
    body = [" ".join(_sentence(dice) for _ in range(dice.randint(1, 3))) for _ in range(dice.randint(4, 9))]
    quote = f'"{_sentence(dice)[:-1]}," kata {person} di {place}, {date}.'
    return "\n".join(
        (
            headline,
            f"Penulis: {person}",
            f"{date}, {dice.randint(6, 22):02}:{dice.randint(0, 59):02} WIB",
            f"{place.upper()}, {outlet} - {body[0]}",
            f"Baca juga: {' '.join(dice.choices(WORDS, k=7)).title()}",
            *body[1:],
            quote,
            "ADVERTISEMENT",
            f"Editor: {dice.choice(PEOPLE)}",
        )
    )


WEBPAGE_SIZES = (20_000, 60_000, 120_000, 250_000, 500_000)
"""Bytes of the made-up web pages."""


def write_webpages(folder: Path) -> int:
    """Write web pages of WEBPAGE_SIZES, four of each, into a folder; returns how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = pages()
    count = 0
    for size in WEBPAGE_SIZES:
        for _ in range(4):
            (folder / f"{count:02}.html").write_text(
                _webpage(next(texts), size, random.Random(count)), encoding="utf-8"
            )
            count += 1
    return count


def _webpage(text: str, size: int, dice: random.Random) -> str:
    """An article in the usual frame: scripts and styles, a menu, boxes of other articles, a footer."""
    headline, byline, stamp, *body = text.split("\n")
    titles = [" ".join(dice.choices(WORDS, k=8)).capitalize() for _ in range(size // 1500)]
    menu = "".join(f"<li class='menu-item'><a href='/{word}'>{word.title()}</a></li>" for word in WORDS[:40])
    cards = "".join(
        f"<div class='card'><a href='/{number}'><img src='{number}.jpg' alt=''></a><h3><a href='/{number}'>{title}</a>"
        f"</h3><span class='date'>4 Mei 2021</span></div>\n"
        for number, title in enumerate(titles)
    )
    linked = {"@type": "NewsArticle", "headline": headline, "datePublished": "2021-05-04T10:00:00+07:00"}
    script = "var data = [" + ",".join(map(str, dice.choices(range(1000), k=size // 10))) + "];"
    return (
        f"<!doctype html><html><head><title>{headline} - KabarUji</title><script>{script}</script>"
        f'<script type="application/ld+json">{json.dumps(linked)}</script></head><body><nav><ul>{menu}</ul></nav>'
        f"<main><article><h1>{headline}</h1><div class='author'>{byline}</div><div class='date'>{stamp}</div>"
        f"<div class='isi'>{''.join(f'<p>{line}</p>' for line in body)}</div></article></main>"
        f"<aside class='terkait'>{cards}</aside><footer><p>Hak cipta KabarUji 2021</p></footer></body></html>"
    )


def write(path: Path, size: int, monster: int = 0) -> int:
    """Write JSON Lines with at least `size` bytes of raw text; returns how many bytes of text there are.

    With a `monster`, the first line is one text of so many bytes, which are not counted.
    """
    written = 0
    with path.open("w", encoding="utf-8") as file:
        if monster:
            file.write(json.dumps({"text": ("Harga cabai turun. " * (monster // 19 + 1))[:monster]}) + "\n")
        for page in pages():
            if written >= size:
                return written
            file.write(json.dumps({"text": page}, ensure_ascii=False) + "\n")
            written += len(page.encode())
    return written
