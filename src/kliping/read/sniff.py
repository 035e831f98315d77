"""The format of a file by its first bytes, never by its name."""

from __future__ import annotations

import re

SNIFFED = 4096
"""Bytes that are looked at."""

_HTML = re.compile(
    r"(?:<!doctype html|<(?:html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p))(?=[\s>])", re.I
)
"""The tags by which browsers know HTML (WHATWG MIME Sniffing, section 7.1)."""
_COMMENT = re.compile(r"<!--|<\?xml ")
_JSON_OBJECT = re.compile(r'\{\s*["}]')
_JSON_LIST = re.compile(r'\[\s*[\{\[\]"]')
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def sniff(head: bytes) -> str:
    """Tell `parquet`, `warc`, `arc`, `html`, `jsonl`, `json` (one value over lines), `text` by a file's head."""
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"WARC/"):
        return "warc"
    if head.startswith(b"filedesc://"):
        return "arc"
    codec = next((codec for bom, codec in _BOMS if head.startswith(bom)), "utf-8")
    text = head[:SNIFFED].decode(codec, "replace").lstrip("\ufeff \t\r\n\f")
    if _is_html(text):
        return "html"
    if _JSON_OBJECT.match(text):
        return "json" if "\n" in text[: text.find('"')] else "jsonl"
    return "json" if _JSON_LIST.match(text) and text.count("{") else "text"


def _is_html(text: str) -> bool:
    """Whether a tag that only HTML has stands first, after comments and an XML declaration."""
    while _COMMENT.match(text):
        end = text.find("-->") + 3 if text.startswith("<!--") else text.find("?>") + 2
        if end <= 2:
            return text.startswith("<!--")
        text = text[end:].lstrip()
    return _HTML.match(text) is not None
