"""What crawlers and people do to a page's lines changes nothing of the article: invariant 6 of the design."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kliping.annotation.pipeline import Annotation, annotate_batch
from kliping.model import BODY_ROLES, RawDocument

_TEXT = (
    "Harga cabai rawit di Pasar Lembah turun menjadi Rp 32.000 per kilogram sejak awal pekan, kata Kepala Dinas "
    "Perdagangan Sari Wulandari saat meninjau pasar pada Senin (5/2/2024).",
    "Menurut dia, penurunan itu terjadi karena panen raya di tiga kecamatan berlangsung lebih cepat daripada tahun "
    "lalu. Pasokan dari petani masuk setiap pagi.",
    "“Kami berharap harga tetap stabil sampai bulan puasa,” ujar Sari. Pemerintah kabupaten akan menggelar pasar "
    "murah di lima desa mulai pekan depan.",
)
PAGES = {
    "place-and-outlet": "\n".join(("KUPANG, KOMPAS.com - " + _TEXT[0], *_TEXT[1:], "Penulis: Rukmini Tani")),
    "agency": "\n".join(("Kupang (ANTARA) - " + _TEXT[0], *_TEXT[1:], "Pewarta: Rukmini Tani", "Editor: Tirto Adi")),
    "place-alone": "\n".join(("Jakarta - " + _TEXT[0], *_TEXT[1:], "(ruk/tir)")),
}
CHANGES: dict[str, Callable[[str], str]] = {
    "blank lines doubled": lambda page: page.replace("\n", "\n\n\n"),
    "lines of Windows": lambda page: page.replace("\n", "\r\n"),
    "indents": lambda page: "   " + page.replace("\n", "\n   "),
    "a title on top": lambda page: "Harga Cabai Rawit Turun Jelang Puasa\n" + page,
    "menus above": lambda page: "Home\nNews\nEkonomi\nOlahraga\nGaya Hidup\n" + page,
    "links below": lambda page: page + "\nBaca juga:\nPasar Murah Digelar di Lima Desa\nPetani Gabah Cemas\n",
}


def _article(page: str) -> tuple[list[str], object]:
    """Return the words of the body, and what the article states of its origin."""
    (found,) = annotate_batch([RawDocument(page.encode(), "page.txt")])
    assert isinstance(found, Annotation)
    body = [page[s.start : s.end] for s in found.segments if s.role in BODY_ROLES]
    stated = found.metadata
    return " ".join(body).split(), (
        stated.outlet_name,
        stated.dateline_place,
        stated.published_date,
        stated.authors,
        stated.editors,
    )


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("page", PAGES)
def test_lines_around_an_article_change_nothing_of_it(page: str, change: str) -> None:
    assert _article(CHANGES[change](PAGES[page])) == _article(PAGES[page])


@pytest.mark.parametrize("page", PAGES)
def test_a_title_on_top_is_the_headline(page: str) -> None:
    titled = CHANGES["a title on top"](PAGES[page])
    for change in ("blank lines doubled", "lines of Windows", "indents", "links below"):
        (found,) = annotate_batch([RawDocument(CHANGES[change](titled).encode(), "page.txt")])
        assert isinstance(found, Annotation)
        assert found.metadata.headline == "Harga Cabai Rawit Turun Jelang Puasa"
