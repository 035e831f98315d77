"""Where a dateline ends, and where a headline without a full stop ends."""

import pytest

from kliping.annotation.roles import assign
from kliping.annotation.roles.borders import title_end
from kliping.annotation.roles.cuts import closing_role
from kliping.annotation.roles.datelines import is_line, is_prefix, prefix_end
from kliping.annotation.roles.stamps import STAMP
from kliping.model import Page


@pytest.mark.parametrize(
    ("line", "prefix"),
    [
        ("KUPANG, KOMPAS.com - Harga cabai turun.", "KUPANG, KOMPAS.com -"),
        ("KUPANG, KOMPAS.com- Harga cabai turun.", "KUPANG, KOMPAS.com-"),
        ("Kupang (ANTARA) - Harga cabai turun.", "Kupang (ANTARA) -"),
        ("Bisnis.com, KUPANG—Harga cabai turun.", "Bisnis.com, KUPANG—"),
        ("Surya.co.id | KUPANG - Harga cabai turun.", "Surya.co.id | KUPANG -"),
        ("Fimela.com, Kupang Harga cabai turun.", "Fimela.com, Kupang"),
        ("AKURAT.CO, Harga cabai turun.", "AKURAT.CO,"),
        ("Liputan6.com, KupangHarga cabai turun.", "Liputan6.com, Kupang"),
        ("KUPANG-Harga cabai turun.", "KUPANG-"),
        ("Kupang, Gatra.com – Harga cabai turun.", "Kupang, Gatra.com –"),
        ("Negara-negara itu sepakat menahan diri.", ""),
        ("TNI-Polri menjaga pasar induk.", ""),
        ("Kompas.com mencatat harga cabai turun.", ""),
        ("Ilustrasi - Perajin menata gerabah di halaman.", ""),
        ("Ia yakin - dan berharap - Harga turun.", ""),
    ],
)
def test_prefix(line: str, prefix: str) -> None:
    assert line[: prefix_end(line, opening=True)] == prefix


def test_a_place_alone_counts_only_where_the_body_opens() -> None:
    assert prefix_end("KUPANG - Harga cabai turun.", opening=True) == len("KUPANG -")
    assert prefix_end("KUPANG - Harga cabai turun.", opening=False) == 0


def test_whole_lines() -> None:
    assert is_line("Liputan6.com, Kupang -")
    assert is_line("Liputan6.com, Kupang")
    assert not is_line("Kompas.com")
    assert not is_line("KABAR.COM/RUKMINI, Kupang")
    assert is_prefix("Ia yakin harga turun") == 0


@pytest.mark.parametrize(
    ("inner", "role"),
    [
        ("dra/lim", "byline"),
        ("rn", "byline"),
        ("T/ara/B03/RS1", "byline"),
        ("Rukmini Wardhana", "byline"),
        ("Antara/Rukmini", "source"),
        ("rls", "source"),
        ("KabarPulau.com/Rukmini", "byline"),
        ("KabarPulau.com", "source"),
        ("5/2/2024", ""),
        ("lihat tabel di bawah", ""),
        ("dua orang di antaranya perempuan", ""),
    ],
)
def test_closing_brackets(inner: str, role: str) -> None:
    assert closing_role(inner)[0] == role


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("Harga Cabai Turun di Pasar Induk", "Namun pedagang di sana mengaku belum puas dengan harga itu."),
        ("Jembatan Desa Selesai Diperbaiki Warga", "“Kami senang sekali,” kata kepala desa itu kepada wartawan."),
        (
            "Warga perbaiki jembatan desa di lereng gunung",
            "Menurut kepala desa, pekerjaan itu selesai dalam sepekan saja.",
        ),
        ("Nelayan Menunggu Ombak Reda, Ini Kata Mereka", "Sementara itu, pasokan ikan di pasar induk tetap cukup."),
        ("Jembatan Desa Selesai Diperbaiki", "Menurut Rukmini, pekerjaan itu selesai dalam sepekan saja."),
        ("Panen Raya di Lereng Gunung, Sudah Tahu?", "Para petani di desa itu mulai memetik cabai sejak pagi."),
    ],
)
def test_a_headline_ends_where_a_sentence_begins(headline: str, text: str) -> None:
    glued = f"{headline} {text} Pekan depan harga diperkirakan tetap."
    border = title_end(glued, 0, len(glued))
    assert border is not None
    assert border.logit > 0
    assert glued[: border.place].strip() == headline


def test_a_word_glued_to_the_headline_begins_the_sentence() -> None:
    glued = "Jembatan Desa Selesai Diperbaiki WargaMenurut kepala desa, pekerjaan itu selesai dalam sepekan saja."
    border = title_end(glued, 0, len(glued))
    assert border is not None
    assert glued[: border.place] == "Jembatan Desa Selesai Diperbaiki Warga"


def test_a_pointer_whose_link_was_lost_takes_no_text() -> None:
    text = "Harga cabai turun sejak awal pekan. Baca juga:,,Pedagang di pasar itu mengaku belum puas dengan harganya."
    page = assign([Page(text)])[0]
    assert [(span.role, text[span.start : span.end]) for span in page] == [
        ("paragraph", "Harga cabai turun sejak awal pekan."),
        ("related", "Baca juga:,,"),
        ("paragraph", "Pedagang di pasar itu mengaku belum puas dengan harganya."),
    ]


@pytest.mark.parametrize("friday", ["Jumat", "Jum'at", "Jum’at", "Jum`at"])
@pytest.mark.parametrize("clock", ["10:15 WIB", "pukul 10.15", "pkl. 10.15 WITA", "10:15"])
def test_a_stamp_may_spell_its_weekday_and_clock_in_every_way(friday: str, clock: str) -> None:
    assert STAMP.fullmatch(f"{friday}, 5 Januari 2024 {clock}")
