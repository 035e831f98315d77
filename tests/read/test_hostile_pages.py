"""No page breaks the reader: whatever its bytes, a document or a refusal with a reason comes back, in linear work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.newspage import ARTICLE, HEADING, TITLE, linked_data, newspage, paragraphs
from tests.work import steps

from kliping.model import RawDocument, Refusal
from kliping.read import Options, html

PAGE = newspage(
    f"<header><h1>KabarUji</h1></header>{HEADING}<div class=isi>{paragraphs()}<ul><li>satu<li>dua</ul></div>"
    "<table><tr><td>a<td>1</table><div hidden>tak terlihat</div><!-- x --><svg><title>y</title></svg>",
    f"<title>{TITLE}</title>{linked_data(ARTICLE)}<style>p {{}}</style>",
).encode()


def read(data: bytes) -> RawDocument | Refusal:
    one = html.page_document(data, "x.html", Options(keep_source=True))
    if isinstance(one, RawDocument):
        lines = one.data.decode().split("\n") if one.data else []
        assert len(lines) == len(one.line_tags)
        assert all(line.strip() for line in lines)
        if len(data) < 100_000:
            assert html.again(data, one.extractor or "").text.encode() == one.data
    return one


@pytest.mark.parametrize("end", range(0, len(PAGE), 7))
def test_every_truncation_of_a_page_is_read(end: int) -> None:
    assert isinstance(read(PAGE[:end]), RawDocument)


@given(st.binary(max_size=12), st.integers(0, len(PAGE)), st.integers(0, 40))
def test_any_bytes_in_the_middle_of_a_page(noise: bytes, start: int, lost: int) -> None:
    read(PAGE[:start] + noise + PAGE[start + lost :])


PIECES = (
    "<", ">", "</", "&", ";", '"', "=", "\0", "!--", "<p", "<tr><td>", "<b>", "<li class=ads>", "</div>", "<select>",
    "<h1>", "<svg>", "<a href=/>", "kata ", "<template>",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=80))
def test_any_pieces_of_markup(pieces: list[str]) -> None:
    read("".join(pieces).encode())


@pytest.mark.parametrize(
    "unit", ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<span>", "<a>", "<font size=1>", "<blockquote>", "<svg>"]
)
def test_a_hundred_thousand_tags_inside_one_another(unit: str) -> None:
    one = read((unit * 100_000 + "isi").encode())
    assert isinstance(one, RawDocument) or one.reason == "broken-record"


@pytest.mark.parametrize(
    "unit", ["<p>isi", "<br>", "<div>isi</div>", "<td>", "<!--x-->", "&amp;", "<", "</p>", "\0", "<a>x</a>"]
)
def test_a_hundred_thousand_tags_side_by_side(unit: str) -> None:
    assert isinstance(read((unit * 100_000).encode()), RawDocument)


def test_two_hundred_thousand_attributes() -> None:
    tag = " ".join([f"a{number}={number}" for number in range(200_000)])
    one = read(f"<p {tag}>isi".encode())
    assert isinstance(one, Refusal)
    assert one.reason == "broken-record"
    assert isinstance(read(b"".join([b"<p a=1 b=2>isi" for _ in range(100_000)])), RawDocument)


def test_fifty_megabytes_are_refused() -> None:
    one = read(b"<p>isi" * (50 * 2**20 // 6))
    assert isinstance(one, Refusal)
    assert one.reason == "too-large"


@pytest.mark.parametrize(
    "unit",
    [
        "<p>Warga menanam bakau di pantai desa mereka untuk menahan abrasi dan menjaga tambak warga.</p>"
        "<h3><a href=/>Judul berita lain dari kabupaten</a></h3>",
        "<div class=ads><div class=widget><p>Warga menanam bakau di pantai desa untuk menahan abrasi.</p></div></div>",
        "<table><tr><td><table><tr><td>Desa<td>17</table></table>",
        "<article><h2>Judul berita</h2><p>Warga.</article>",
        "<div hidden><div class=date>4 Mei 2021</div></div>",
    ],
)
def test_work_grows_with_the_length_of_a_page(unit: str) -> None:
    few, many = (steps(lambda n=n: html.extract(unit * n)) for n in (100, 800))
    assert many < 12 * few
