"""The text of an HTML page: by its byte order mark, else by UTF-8 that proves itself, else by what is declared."""

from __future__ import annotations

import re

from kliping.encoding import single_byte, utf8_characters, wide_codec
from kliping.model import SetAside

_LABEL = re.compile(rb"charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_PRESCAN = 4096
"""Bytes in which a declaration is looked for; browsers look in 1,024, pages often put scripts first."""
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_WEB = {"ascii": "windows-1252", "us-ascii": "windows-1252", "iso-8859-1": "windows-1252", "latin1": "windows-1252",
        "iso8859-1": "windows-1252", "windows-874": "cp874", "tis-620": "cp874"}  # fmt: skip
"""Labels that mean another encoding on the web (WHATWG Encoding Standard, section 4.2)."""
_SURE = 3
"""Intact characters to a broken place, beyond which a page is UTF-8 that was damaged, whatever it declares."""
_KNOWN = frozenset(
    {"macintosh", "koi8-r", "gbk", "gb2312", "gb18030", "big5", "shift_jis",
     "euc-jp", "euc-kr", "cp874"}
    | {f"windows-{n}" for n in range(1250, 1259)}
    | {f"iso-8859-{n}" for n in range(2, 17) if n != 12}
)  # fmt: skip
_MOST_LOST = 5
"""Characters without meaning in a thousand that a page may hold: an advertisement's, or one that was cut in half."""
_FEW_LOST = 2
_TAG = re.compile(r"<[^<>]*>")
_MEANINGLESS = re.compile("[\ufffd\x00-\x08\x0e-\x1a\x1c-\x1f]")


def page_text(data: bytes, declared: str | None = None) -> str:
    """Return the page's characters; `declared` is the charset of the HTTP header.

    UTF-8 that decodes without an error, or with few beside many intact characters, is believed before any declaration:
    it almost never does by chance, while pages that were copied between systems carry old declarations. So is UTF-16
    without a byte order mark. Single bytes without meaning become U+FFFD. Raises SetAside (`undecodable`) where that
    would be more than _MOST_LOST of a thousand characters outside tags.
    """
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return _meaningful(data[len(bom) :], codec)
    wide = wide_codec(data)
    if wide is not None:
        return _meaningful(data, wide)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _declared(data, declared, error)


def _declared(data: bytes, declared: str | None, error: UnicodeDecodeError) -> str:
    """The characters of a page that is not UTF-8 throughout."""
    intact, broken = utf8_characters(data)
    if intact > _SURE * broken:
        return _meaningful(data, "utf-8")
    labels = [declared or "", *(match.decode("ascii") for match in _LABEL.findall(data[:_PRESCAN])[:1])]
    names = [label.strip().lower() for label in labels]
    for codec in (_WEB.get(name, name) for name in names):
        if codec in _KNOWN:
            text = data.decode(codec, "replace")
            if _share_lost(text) <= _MOST_LOST:
                return text
    return _meaningful(data, "utf-8") if intact >= broken else single_byte(data, error).text


def _meaningful(data: bytes, codec: str) -> str:
    text = data.decode(codec, "replace")
    lost = _share_lost(text, data.count("\ufffd".encode(codec)))
    if lost > _MOST_LOST:
        detail = f"Read as {codec.upper()}, {lost} of a thousand characters have no meaning."
        raise SetAside("undecodable", detail)
    return text


def _share_lost(text: str, own: int = 0) -> int:
    """How many of a thousand characters outside tags decoding lost; `own` of them the page itself has lost."""
    lost = len(_MEANINGLESS.findall(text)) - own
    return 1000 * lost // max(len(_TAG.sub("", text)), 1) if lost > _FEW_LOST else 0
