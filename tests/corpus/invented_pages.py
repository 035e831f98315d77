"""Writes a folder of invented pages and breakages: what a build must give the same bytes for, wherever it runs."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path

PLACES = ("Ambon", "Kupang", "Palu", "Ternate", "Sorong")


def page(number: int) -> str:
    """One invented article with a dateline, a day, a byline and what stands around it on a page."""
    place = PLACES[number % len(PLACES)]
    return (
        f"Beranda\nHarga beras di {place} turun {number} rupiah\n"
        f"{place.upper()}, KOMPAS.com – Harga beras di pasar {place} turun {number} rupiah, kata pedagang pada Senin "
        f"(5/2/2024).\n“Kami menjual {number + 3} karung sehari,” ujarnya.\nBaca juga: Panen raya tiba lebih awal\n"
        f"Petani berharap hujan\u00a0turun pekan depan.\nPenulis: Sari Wulandari\n"
    )


def files() -> Iterator[tuple[str, bytes]]:
    """Name and content of every input."""
    for number in range(12):
        yield f"teks/{number:02}.txt", page(number).encode()
    lines = [json.dumps({"text": page(number), "url": f"https://www.kompas.com/{number}"}) for number in range(12, 40)]
    yield "teks/dump.jsonl", "\n".join(lines).encode()
    yield "teks/paket.jsonl.gz", gzip.compress("\n".join(lines[:3]).encode(), mtime=0)
    yield "teks/kafé.txt", page(40).encode("cp1252")
    yield "teks/kembar.txt", page(3).encode()
    yield "rusak/kosong.txt", b""
    yield "rusak/gambar.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def write(folder: Path, *, backwards: bool = False) -> list[Path]:
    """Write them all, in the order some file systems list them in; return the two folders to build from."""
    for name, data in reversed(list(files())) if backwards else files():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return [folder / "teks", folder / "rusak"]


if __name__ == "__main__":
    from kliping import build

    out, workers, *inputs = sys.argv[1:]
    build(inputs, out, workers=int(workers), shard_bytes=20_000)
