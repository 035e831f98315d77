"""Corpora of invented pages that a report has to show rightly: damaged, hostile, long."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.check import corpora

from kliping.corpus.tables import to_tables
from kliping.kernel import annotate_documents
from kliping.model import RawDocument

EMOJI = """Festival Layang-Layang 🪁 Digelar di Pantai Sanur
DENPASAR, KOMPAS.com - Ratusan layang-layang 🪁🪁 menghiasi langit 👩‍👩‍👧 Sanur pada Senin (6/3/2023). Panitia menyebut peserta naik dua kali lipat dibanding tahun lalu.
â€œKami senang sekali 😀 karena anginnya bagus,â€\x9d kata Ketua Panitia, Wayan Sudarsana, Senin (6/3/2023).
Baca juga: Harga Benang Gelasan Turun
Lomba berikutnya akan digelar di Pantai Lovina 🏖️ dengan hadiah yang lebih besar bagi para pemenang.
"""  # noqa: E501
HOSTILE = """</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">
JAKARTA, KOMPAS.com - Sebuah halaman berisi <script>window.hacked = 3; alert(3)</script> dan <iframe src="https://contoh.example/"></iframe> dimuat pada Senin (6/3/2023). Isinya tidak boleh berjalan di peramban mana pun.
Warga membaca \u202etxet nesrever\u202c dan kata yang disisipi\u200btanda tak terlihat, lalu melapor kepada pengelola laman itu.
<style>body { display: none }</style> <!-- <a href="javascript:window.hacked = 4">tautan</a> menurut pengelola laman tersebut.
Huruf h\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301 bertumpuk, dan byte rusak \ufffd\x01\x1b[31m ikut terbawa oleh perayap ${alert(5)} {{7*7}}.
"""  # noqa: E501


def long_page(lines: int) -> str:
    """A page of so many lines of running text."""
    text = "Petani rumput laut di Teluk Semanting memanen lebih awal karena gelombang tinggi, kata warga nomor {}."
    return "\n".join(["Panen Rumput Laut Maju Dua Pekan", *(text.format(number) for number in range(lines))]) + "\n"


def write(documents: Sequence[RawDocument], out: Path) -> Path:
    """A corpus of these documents."""
    return corpora.write([to_tables(annotate_documents(list(documents)))], out)


def varied(out: Path) -> Path:
    """A corpus with everything that a report shows: the pages of tests/check, emoji, hostile and long ones."""
    own = {"emoji.txt": EMOJI, "hostile.txt": HOSTILE, "panjang.txt": long_page(450)}
    documents = [*corpora.documents(), *(RawDocument(text.encode(), path) for path, text in own.items())]
    outcomes = [*annotate_documents(documents), *corpora.REFUSED]
    return corpora.write([to_tables(outcomes)], out)
