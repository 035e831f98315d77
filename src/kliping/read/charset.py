"""The text of an HTML page: by its byte order mark, else by UTF-8 that proves itself, else by what is declared."""

from __future__ import annotations

import re

_LABEL = re.compile(rb"charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_PRESCAN = 4096
"""Bytes in which a declaration is looked for; browsers look in 1,024, pages often put scripts first."""
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_WEB = {"ascii": "windows-1252", "us-ascii": "windows-1252", "iso-8859-1": "windows-1252", "latin1": "windows-1252",
        "iso8859-1": "windows-1252", "utf8": "utf-8", "utf-16": "utf-16-le"}  # fmt: skip
"""Labels that mean another encoding on the web (WHATWG Encoding Standard, section 4.2)."""
_KNOWN = frozenset(
    {"utf-8", "utf-16-le", "utf-16-be", "macintosh", "koi8-r", "gbk", "gb2312", "gb18030", "big5", "shift_jis",
     "euc-jp", "euc-kr", "windows-874", "tis-620"}
    | {f"windows-{n}" for n in range(1250, 1259)}
    | {f"iso-8859-{n}" for n in range(2, 17)}
)  # fmt: skip


def page_text(data: bytes, declared: str | None = None) -> str:
    """Return the page's characters; `declared` is the charset of the HTTP header. Bytes without meaning become U+FFFD.

    UTF-8 that decodes without an error is believed before any declaration: it almost never does by chance, while pages
    that were copied between systems carry old declarations.
    """
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(codec, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    labels = [declared or "", *(match.decode("ascii") for match in _LABEL.findall(data[:_PRESCAN])[:1])]
    for label in labels:
        name = label.strip().lower()
        codec = _WEB.get(name, name)
        if codec in _KNOWN:
            return data.decode(codec, "replace")
    return data.decode("windows-1252", "replace")
