"""decode() keeps every byte or says by name why it cannot."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliping.encoding import SIGNATURES, Decoded, binary_kind, decode
from kliping.model import SetAside

STORY = (
    "Bupati meresmikan pasar ikan di tepi sungai, Senin pagi. “Pedagang sudah menunggu dua tahun,” katanya — "
    "lalu ia membeli dua ekor gurami di kafé milik warga… “Segar,” ujarnya."
)


def attempt(data: bytes) -> Decoded | str:
    """The decoded text, or the reason why there is none."""
    try:
        return decode(data)
    except SetAside as aside:
        return aside.reason


def reason_of(data: bytes) -> str:
    with pytest.raises(SetAside) as caught:
        decode(data)
    assert caught.value.detail.endswith(".")
    return caught.value.reason


@given(st.binary(max_size=400))
def test_any_bytes_come_back_or_are_set_aside(data: bytes) -> None:
    decoded = attempt(data)
    if isinstance(decoded, str):
        assert decoded in {"empty", "binary", "undecodable"}
    else:
        assert decoded.text.encode(decoded.encoding) == data


@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_utf8_is_read_as_utf8_or_is_empty(text: str) -> None:
    decoded = attempt(text.encode())
    if isinstance(decoded, str):
        assert decoded == "empty" or binary_kind(text.encode())
    else:
        assert (decoded.text, decoded.encoding) == (text, "utf-8")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_wide_encodings_with_and_without_mark(codec: str, mark: str) -> None:
    data = (mark + STORY).encode(codec)
    decoded = decode(data)
    assert (decoded.text, decoded.encoding) == (mark + STORY, codec)
    assert codec.upper() in decoded.note


def test_utf8_mark_is_kept_and_needs_no_note() -> None:
    decoded = decode(b"\xef\xbb\xbf" + STORY.encode())
    assert (decoded.text, decoded.encoding, decoded.note) == ("\ufeff" + STORY, "utf-8", "")


@pytest.mark.parametrize("codec", ["windows-1252", "macintosh"])
def test_single_byte_encodings_of_typographic_text(codec: str) -> None:
    decoded = decode(STORY.encode(codec))
    assert (decoded.text, decoded.encoding) == (STORY, codec)
    assert decoded.note


def test_one_apostrophe_is_not_enough_for_mac_roman() -> None:
    assert decode("Harga naik 5 persen – tertinggi tahun ini".encode("windows-1252")).encoding == "windows-1252"


def test_bytes_without_windows_meaning_go_to_latin_1() -> None:
    data = b"Menu r\xe9sto dan caf\xe9 murah\x81 di Bandung"
    assert decode(data).encoding == "iso-8859-1"


def test_damaged_utf8_keeps_every_byte() -> None:
    data = STORY.encode()[:-4].replace("“".encode(), b"\xe2\x80", 1)
    decoded = decode(data)
    assert decoded.text.encode(decoded.encoding) == data
    assert "Damaged UTF-8" in decoded.note


@pytest.mark.parametrize("data", [b"", b" \n\t ", "\ufeff".encode(), "\u200b\n\u00a0".encode(), " \n".encode("utf-16")])
def test_nothing_visible_is_empty(data: bytes) -> None:
    assert reason_of(data) == "empty"


@pytest.mark.parametrize("data", [signature + b" lalu apa saja" for signature, _ in SIGNATURES])
def test_signatures_are_binary(data: bytes) -> None:
    assert reason_of(data) == "binary"


def test_nul_heavy_bytes_are_binary() -> None:
    assert reason_of(b"ab\0\0c\0\0\0de\0" * 20) == "binary"


def test_compressed_bytes_are_no_text() -> None:
    noise = zlib.compress("".join(f"{n * n} baris " for n in range(3000)).encode())[2:]
    assert reason_of(noise.replace(b"\0", b"")) == "undecodable"


@pytest.mark.parametrize("control", [b"\0", b"\x01\x02\x03\x07\x08\x1b" * 5])
def test_control_bytes_alone_are_still_text(control: bytes) -> None:
    data = b"Gubernur membuka " + control + b" pameran batik di halaman kantor."
    assert decode(data).text.encode() == data


def test_odd_utf16_is_undecodable() -> None:
    assert reason_of("\ufeffBerita pagi".encode("utf-16-le")[:-1]) == "undecodable"
