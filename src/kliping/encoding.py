"""Bytes to text without losing one: `text.encode(encoding)` gives the bytes again, or the document is set aside.

UTF-8 comes first, because strict UTF-8 almost never fits by chance. UTF-16 and UTF-32 are known by their byte order
mark, or by where the NUL bytes of Latin script fall. What is left is one of the single-byte encodings that Indonesian
pages were written in, and there every byte string "decodes", so the reading has to look like text to be believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from kliping.model import SetAside

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b\x08", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1\x00\x00", "an Arrow file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"OggS\x00", "Ogg audio or video"),
    (b"ID3\x03", "MP3 audio"),
    (b"ID3\x04", "MP3 audio"),
    (b"\x1aE\xdf\xa3", "Matroska video"),
    (b"\x00asm", "a WebAssembly program"),
)
"""First bytes of files that are no text, after the list of Unix file(1); (bytes, words for a person)."""

_FIRST_BYTES = tuple(signature for signature, _ in SIGNATURES)
_CONTAINERS = {b"WEBP": "a WebP image", b"WAVE": "WAVE audio", b"AVI ": "AVI video"}

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
"""Byte order marks, the longer first: UTF-32-LE begins with UTF-16-LE's. The mark stays in the text as U+FEFF."""

_VISIBLE = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_HIGH = re.compile(rb"[\x80-\xff]")
_TYPOGRAPHIC = frozenset("€‚„…‹›‘’“”•–—™\u00a0£§©«®°±²³´·»¼½¾×÷≤≥≠−")
_LOOKED_AT = 20_000
"""Characters outside ASCII that are looked at before a single-byte encoding is believed."""


class Decoded(NamedTuple):
    """A document's text, the codec that encodes it back to the same bytes, and a remark where it is not plain UTF-8."""

    text: str
    encoding: str
    note: str = ""


def binary_kind(data: bytes) -> str | None:
    """Return what kind of file the first bytes announce, in words; None where they announce none that we know."""
    if data.startswith(_FIRST_BYTES):
        return next(words for signature, words in SIGNATURES if data.startswith(signature))
    if data[4:8] == b"ftyp":
        return "MP4 video or an image of its family"
    return _CONTAINERS.get(data[8:12]) if data.startswith(b"RIFF") else None


def decode(data: bytes) -> Decoded:
    """Return the text of `data`; a byte order mark stays in it, so that encoding gives `data` again.

    Raises SetAside: `empty` (no visible character), `binary` (a known file signature, or NUL bytes throughout),
    `undecodable` (no encoding gives plausible text). Control characters alone do not make a text binary.
    """
    kind = binary_kind(data)
    if kind is not None:
        raise SetAside("binary", f"The bytes are {kind}, not text.")
    decoded = _wide(data) if b"\0" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")) else None
    if decoded is None:
        try:
            decoded = Decoded(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError as error:
            decoded = single_byte(data, error)
    if not _VISIBLE.search(decoded.text):
        raise SetAside("empty", "The input holds no visible character." if data else "The input holds no bytes.")
    return decoded


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 or UTF-32 text, None where the NUL bytes are stray ones in a narrower text."""
    mark = _marked(data)
    codec = mark or _guess_wide(data)
    if codec is not None:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError as error:
            detail = f"The bytes look like {codec.upper()} but are damaged: {error.reason}."
            raise SetAside("undecodable", detail) from None
        how = "its byte order mark" if mark else "where its NUL bytes stand"
        return Decoded(text, codec, f"Read as {codec.upper()}, known by {how}.")
    if data.count(0) * 10 > len(data):
        raise SetAside("binary", "More than a tenth of the bytes are NUL: this is no text.")
    return None


def wide_codec(data: bytes) -> str | None:
    """Return the name of the UTF-16 or UTF-32 that `data`, the beginning of a file, is in; None for any other."""
    return _marked(data) or (_guess_wide(data) if b"\0" in data else None)


def _marked(data: bytes) -> str | None:
    return next((codec for mark, codec in _MARKS if data.startswith(mark)), None)


def _guess_wide(data: bytes) -> str | None:
    """The wide encoding whose Latin text has its NUL bytes where those of `data` are.

    In text of Latin script nearly every character is below U+0100, so all bytes of its code unit but the lowest are
    NUL, and the lowest almost never is.
    """
    for width, name in ((4, "utf-32"), (2, "utf-16")):
        units = len(data) // width
        if not units:
            continue
        nul = [data[offset : units * width : width].count(0) / units for offset in range(width)]
        if nul[0] < 0.02 and min(nul[1:]) > 0.8:
            return f"{name}-le"
        if nul[-1] < 0.02 and min(nul[:-1]) > 0.8:
            return f"{name}-be"
    return None


def single_byte(data: bytes, error: UnicodeDecodeError) -> Decoded:
    """Return text in a single-byte encoding, or damaged UTF-8 kept byte for byte under one; raises SetAside.

    `error` is what decoding `data` as UTF-8 raised.
    """
    western = "windows-1252" if _fits(data, "windows-1252") else "iso-8859-1"
    text = data.decode(western)
    intact, damaged = utf8_characters(data)
    if intact >= damaged:
        note = (
            f"Damaged UTF-8 (from byte {error.start} on, {damaged} broken places); read as {western} so that every "
            "byte is kept, and left to the repair of mojibake."
        )
        return Decoded(text, western, note)
    seen, odd = _oddities(text)
    mac = data.decode("macintosh")
    mac_odd = _oddities(mac)[1]
    if seen >= 2 and odd * 2 >= seen and mac_odd * 10 <= seen:
        return Decoded(mac, "macintosh", "Not UTF-8; read as Mac Roman, in which its quotes and letters make sense.")
    sample = data[: 4 * _LOOKED_AT]
    if odd * 2 > seen or len(_HIGH.findall(sample)) * 10 > 3 * len(sample):
        detail = f"Not UTF-8 ({error.reason} at byte {error.start}) and no plausible text in another encoding."
        raise SetAside("undecodable", detail)
    return Decoded(text, western, f"Not UTF-8; read as {western}.")


def _fits(data: bytes, codec: str) -> bool:
    """Whether every byte has a character in `codec`."""
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def utf8_characters(data: bytes) -> tuple[int, int]:
    """Return how many multi-byte UTF-8 characters of `data` are intact, and how many places break UTF-8."""
    text = data.decode("utf-8", "replace")
    own = data.count("\ufffd".encode())
    damaged = text.count("\ufffd") - own
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return beyond_ascii - damaged, damaged


def _oddities(text: str) -> tuple[int, int]:
    """Characters outside ASCII in `text` (the first 20,000), and how many of them stand where no writer puts them."""
    seen = odd = 0
    for position in islice(_beyond_ascii(text), _LOOKED_AT):
        seen += 1
        odd += not _plausible(text, position)
    return seen, odd


def _beyond_ascii(text: str) -> Iterator[int]:
    return (match.start() for match in re.finditer(r"[^\x00-\x7f]", text))


def _plausible(text: str, position: int) -> bool:
    """Whether the character is typography, or a letter in a word of its case: `café`, `São`, not `ÒKata`, `kataÓ`."""
    character = text[position]
    if character in _TYPOGRAPHIC:
        return True
    before = text[position - 1] if position else " "
    after = text[position + 1] if position + 1 < len(text) else " "
    if character.islower():
        return (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
    if character.isupper():
        return not before.islower() and (after.islower() or (before.isupper() and after.isupper()))
    return False
