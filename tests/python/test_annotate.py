"""`kliping.annotate` takes a document in whatever form it is at hand, and nothing else; what it gives shows itself."""

from __future__ import annotations

import gzip
import html
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kliping import annotate
from kliping.cli import main
from kliping.errors import KlipingError
from kliping.model import ROLES, Annotation, RawDocument, SetAside
from kliping.report.terminal import to_json
from kliping.still import Shown, picture

TEXT = "JAKARTA, KOMPAS.com - Harga cabai turun, kata pedagang Wening Lestari di Pasar Sukamaju, Senin (5/2/2024)."
BODY = "Harga cabai di Pasar Sukamaju turun, kata pedagang Wening Lestari pada Senin (5/2/2024) di tokonya."
PAGE = (
    "<!DOCTYPE html><html><head><title>Harga Cabai Turun Lagi</title></head><body><nav><a href='/'>Beranda</a></nav>"
    f"<h1>Harga Cabai Turun Lagi</h1>{''.join(f'<p>{BODY}</p>' for _ in range(3))}</body></html>"
)
MHTML = (
    "From: <Saved by Browser>\nSnapshot-Content-Location: https://kabaruji.example/cabai\nMIME-Version: 1.0\n"
    'Content-Type: multipart/related; type="text/html"; boundary="batas"\n\n--batas\nContent-Type: text/html\n'
    f"Content-Location: https://kabaruji.example/cabai\n\n{PAGE}\n--batas--\n"
)


@pytest.mark.parametrize("source", [None, 5, 5.0, [TEXT], bytearray(b"Harga"), {"text": TEXT}, object()])
def test_what_is_no_document_is_a_type_error(source: object) -> None:
    with pytest.raises(TypeError, match=f"not {type(source).__name__}"):
        annotate(source)  # type: ignore[arg-type]


@pytest.mark.parametrize("data", [None, TEXT, 5])
def test_a_raw_document_without_bytes_is_a_type_error(data: object) -> None:
    with pytest.raises(TypeError, match="whose data are no bytes"):
        annotate(RawDocument(data, "satu.txt"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "source",
    [PAGE, PAGE.encode(), PAGE.encode("utf-16"), f"\n  <!-- dicadangkan -->\n{PAGE}".encode(), PAGE.encode("cp1252")],
    ids=["text", "utf-8", "utf-16", "comment", "cp1252"],
)
def test_a_page_is_read_as_a_page(source: str | bytes) -> None:
    found = annotate(source)
    assert found.metadata.headline == "Harga Cabai Turun Lagi"
    assert found.text.startswith(BODY)
    assert "<" not in found.raw_text
    assert (found.document.extractor or "").startswith("kliping-html")


def test_a_saved_page_is_one_too() -> None:
    assert annotate(MHTML.encode()).document.url == "https://kabaruji.example/cabai"


@pytest.mark.parametrize("text", [f"{BODY} Suhu <5 derajat.", f"Kirim ke <redaksi@kabaruji.example>. {BODY}", BODY])
def test_a_text_with_a_sign_of_markup_stays_a_text(text: str) -> None:
    assert annotate(text).raw_text == text
    assert annotate(text.encode()).raw_text == text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("halaman.html", PAGE.encode()),
        ("halaman.txt", TEXT.encode()),
        ("halaman.txt.gz", gzip.compress(TEXT.encode())),
        (
            "satu.jsonl",
            json.dumps({"title": "Harga Cabai", "text": TEXT, "url": "https://kabaruji.example/1"}).encode(),
        ),
        ("lama.mhtml", MHTML.encode()),
    ],
)
def test_a_path_is_read_as_the_command_line_reads_it(
    name: str, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["annotate", "--json", name], catch_exceptions=False)
    assert json.loads(done.stdout) == to_json(annotate(tmp_path / name))


def test_a_path_that_gives_no_one_document_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "dua.jsonl").write_text(f"{json.dumps({'text': TEXT})}\n{json.dumps({'text': BODY})}\n")
    with pytest.raises(KlipingError, match=r"dua\.jsonl holds more than one document"):
        annotate(tmp_path / "dua.jsonl")
    with pytest.raises(KlipingError, match="is a folder"):
        annotate(tmp_path)
    with pytest.raises(KlipingError, match="There is no file"):
        annotate(tmp_path / "tiada.txt")
    (tmp_path / "kosong.txt").write_text(" ")
    with pytest.raises(SetAside, match="empty"):
        annotate(tmp_path / "kosong.txt")


def test_what_a_build_sets_aside_is_set_aside_here() -> None:
    with pytest.raises(SetAside, match="too-large"):
        annotate(BODY * 30_000)


def test_a_dictionary_holds_the_rows_of_every_table() -> None:
    found = annotate(PAGE)
    values = found.to_dict()
    assert json.loads(json.dumps(values)) == values
    tables = to_json(found)
    for name in tables.keys() - {"articles", "raw", "decisions"}:
        keys = ("article_id", "position")
        rows = [{column: cell for column, cell in row.items() if column not in keys} for row in tables[name]]
        assert values[name] == rows
    (article,) = tables["articles"]
    assert {name: values[name] for name in values.keys() & article.keys()} == {
        name: cell for name, cell in article.items() if name in values
    }
    assert {"headline", "published_date", "authors", "language", "text"} <= values.keys() & article.keys()


@pytest.mark.parametrize("text", [TEXT, BODY * 50, f"\u202e{BODY}\x1b[31m"])
def test_what_python_prints_is_one_short_line(text: str) -> None:
    shown = repr(annotate(text))
    assert len(shown) < 140
    assert shown.isprintable()


class Elements(HTMLParser):
    """The elements and the text of a picture."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names.update(name for name, _ in attrs)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


ALLOWED = {"div", "p", "b", "i", "br", "table", "tr", "td", "span"}


def test_a_picture_shows_every_span_and_value_with_its_proof() -> None:
    found = annotate(TEXT)
    shown = Elements(found._repr_html_())
    words = "".join(shown.words)
    for segment in found.segments:
        assert segment.text in words
        assert segment.role in words
    for item in found.evidence:
        assert item.value in words
        assert str(item.quote) in words
    assert {"C ", "M "} <= {f"{word} " for word in shown.words}
    assert (shown.tags <= ALLOWED, shown.names, shown.open) == (True, {"style"}, [])


TAGS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&lt;b&gt;", "</td></table>"]
HOSTILE = st.text(max_size=40) | st.sampled_from([*TAGS, "\u202eterbalik", "\ud800"])


@given(HOSTILE, HOSTILE, HOSTILE)
def test_nothing_in_a_picture_but_its_own_elements(title: str, text: str, proof: str) -> None:
    spans = [Shown(group, role, text, proof) for group, role in (("content", "paragraph"), ("furniture", "embed"))]
    made = picture(title, spans, [("headline", text, proof)])
    shown = Elements(made)
    assert shown.tags <= ALLOWED
    assert shown.names == {"style"}
    assert shown.open == []
    made.encode()
    if text.isprintable() and text:
        assert text in html.unescape(made)


def test_every_role_has_a_letter() -> None:
    for role in ROLES:
        found = annotate(TEXT)
        segments = tuple(segment._replace(role=role) for segment in found.segments)
        again = Annotation(found.document, found.raw_text, found.encoding, found.text, segments, found.rows)
        assert role in again._repr_html_()
