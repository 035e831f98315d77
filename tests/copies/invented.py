"""Pages of invented reports, and copies of them as other outlets, and later hours, print them."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

VOCABULARY = """
harga pasar warga pemerintah daerah kota tahun jalan rumah sekolah beras cabai banjir hujan petani nelayan
pedagang kantor rapat anggaran jembatan kereta pelabuhan kapal bantuan program menteri gubernur bupati polisi
petugas korban lokasi wilayah kecamatan kesehatan dokter pasien guru siswa universitas yang dan di ke dari
untuk dengan pada akan telah masih tidak harus lebih sekitar meningkat menurun mencapai membangun memperbaiki
menyalurkan mengawasi para sejumlah seluruh baru lama besar
"""
WORDS = VOCABULARY.split()
PLACES = ("Berau", "Cibeureum", "Semanting", "Kepanjen", "Bulukumba", "Wamena")


def paragraphs(seed: int) -> list[str]:
    """Six paragraphs of a report, two or three sentences each."""
    random = Random(seed)
    return [" ".join(sentence(random) for _ in range(random.choice((2, 3)))) for _ in range(6)]


def sentence(random: Random) -> str:
    words = random.choices(WORDS, k=random.randint(10, 18))
    return f"{' '.join(words).capitalize()}."


def page(body: list[str], seed: int, *, outlet: str = "KOMPAS.com", day: int = 5) -> str:
    """A report with a headline of its own above, a dateline and a day in it, and the furniture of a site around it."""
    random = Random(seed)
    place = random.choice(PLACES)
    first, *others = body
    return "\n".join(
        (
            f"Kabar {' '.join(random.choices(WORDS, k=5))}".title(),
            f"{place.upper()}, {outlet} - {first.removesuffix('.')}, Senin ({day}/2/2024).",
            *others,
            f"Baca juga: {' '.join(random.choices(WORDS, k=6)).title()}",
            "Advertisement",
            "",
        )
    )


def copies(seed: int) -> Mapping[str, str]:
    """The page of a report under `original`, and copies of it by what was done to each."""
    body = paragraphs(seed)
    swapped = [body[0], body[2], body[1], *body[3:]]
    rewritten = [*body[:3], body[3].partition(". ")[0] + f". {sentence(Random(-seed))}", *body[4:]]
    return {
        "original": page(body, seed),
        "furniture": page(body, seed + 1_000_000, outlet="Suara.com"),
        "reordered": page(swapped, seed + 2_000_000, day=12),
        "agency": page([*body, "Demikian menurut laporan Reuters."], seed + 3_000_000, outlet="Republika.co.id"),
        "rewritten": page(rewritten, seed + 4_000_000),
    }
