"""The characters of a page: what it declares is believed only where its bytes do not say otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliping.model import RawDocument, Refusal, SetAside
from kliping.read.options import Options

charset = pytest.importorskip("kliping.read.charset")
html = pytest.importorskip("kliping.read.html", reason="needs kliping[html]")

STORY = "“Kafé di Sabang” – begitu nama kedai itu – buka lagi, kata pemiliknya, Élise, Rabu…"
LONG = " ".join(f"Kalimat ke-{n} tentang perahu, jala, dan harga ikan di pasar lelang." for n in range(40))


def page(text: str, declared: str = "") -> str:
    meta = f"<meta charset='{declared}'>" if declared else ""
    return f"<!DOCTYPE html><html><head>{meta}<title>Kedai</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("header", [None, "utf-8", "iso-8859-1", "utf-16", "gbk"])
@pytest.mark.parametrize("declared", ["", "utf-8", "windows-1252", "utf-16", "shift_jis", "x-salah"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_proves_itself(codec: str, declared: str, header: str | None) -> None:
    assert charset.page_text(page(STORY, declared).encode(codec), header) == page(STORY, declared)


@pytest.mark.parametrize("declared", ["", "utf-8", "UTF8", "utf-16", "windows-1252", "iso-8859-1", "x-salah"])
@pytest.mark.parametrize("header", [None, "utf-8"])
def test_windows_1252_under_any_label_that_is_common(declared: str, header: str | None) -> None:
    assert charset.page_text(page(STORY, declared).encode("windows-1252"), header) == page(STORY, declared)


@pytest.mark.parametrize("declared", ["", "utf-8", "windows-1252"])
def test_utf8_with_a_broken_place_stays_utf8(declared: str) -> None:
    data = page(f"{STORY} {LONG}", declared).encode().replace(b"</p>", b"\xe2\x80</p>")
    text = charset.page_text(data)
    assert STORY in text
    assert text.count("\ufffd") == 1


def test_what_the_page_itself_lost_is_no_fault_of_decoding() -> None:
    text = page("Harga \ufffd\ufffd\ufffd naik \ufffd\ufffd\ufffd")
    assert charset.page_text(text.encode()) == text


@pytest.mark.parametrize(
    "data",
    [
        page(STORY).encode()[:60] + bytes(range(256)) * 20,
        b"<html><meta charset=windows-1252><p>" + bytes(range(256)) * 20,
        b"<html><meta charset=utf-8><p>" + ("é" * 50).encode() + b"\xff\xc3" * 45,
        b"\xef\xbb\xbf<p>" + b"\x8f\x90" * 40,
        b"\xff\xfe" + page(STORY).encode("utf-16-be")[1:] + b"\x00\xd8" * 30,
        b"\x1b\x0a\x00\x84" + bytes((n * n * 7 + n) % 256 for n in range(3000)),
    ],
)
def test_bytes_that_are_no_text_are_undecodable(data: bytes) -> None:
    with pytest.raises(SetAside) as aside:
        charset.page_text(data)
    assert aside.value.reason == "undecodable"
    one = html.page_document(data, "x.html", Options())
    assert isinstance(one, Refusal)
    assert one.reason == "undecodable"


@pytest.mark.parametrize("label", sorted(charset._KNOWN | charset._WEB.keys()))
def test_every_known_label_has_its_codec(label: str) -> None:
    text = charset.page_text(f"<meta charset={label}><p>".encode() + b"toko\xa0ikan" + b" dan jala" * 200)
    assert "toko" in text


@given(
    st.binary(max_size=400), st.sampled_from([None, "utf-8", "gbk", "windows-1252", "utf-16", "euc-jp", "macintosh"])
)
def test_no_bytes_give_a_page_full_of_lost_characters(data: bytes, declared: str | None) -> None:
    try:
        text = charset.page_text(data + b"<p>", declared)
    except SetAside:
        return
    own = data.decode("utf-8", "ignore").count("\ufffd")
    assert text.count("\ufffd") <= own + max(2, len(text) // 100)
    assert isinstance(html.page_document(data, "x.html", Options()), RawDocument | Refusal)
