"""What a crawler stored of one address: a page, told by its bytes, not its label, or the reason why it is none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from kliping.encoding import binary_kind, wide_codec
from kliping.model import RawDocument, Refusal, SetAside
from kliping.read import html
from kliping.read.options import Options
from kliping.read.responses import parse_response
from kliping.read.sniff import sniff

_CHARSET = re.compile(r"charset\s{0,4}=\s{0,4}[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_JSON = re.compile(r"[{\[]\s{0,1000}[\"{\[\]}0-9]")
_XML = re.compile(
    r"(?:<\?xml[^>]{0,400}>\s{0,400})?(?:<[!?][^>]{0,1000}>\s{0,400}){0,3}<(rss|feed|rdf:RDF|urlset|sitemapindex|svg)[\s>]"
)
_TAG = re.compile(r"<[!/A-Za-z]")
_FOLLOWED = "The record goes on behind its stated length, so its page may lack its end."
_LOOKED_AT = 2**16
"""Bytes in which a body shows what it is."""


class Capture(NamedTuple):
    """What stands in an archive for one address at one moment."""

    block: bytes
    url: str | None
    retrieved_at: datetime | None
    label: str
    """Its media type as the archive tells it, with parameters; empty where it does not."""
    is_response: bool
    """Whether the block is an HTTP response, not the bare thing."""
    is_followed: bool
    """Whether something stands behind it that may be its rest; it is read only if it proves to be whole."""


def capture_document(capture: Capture, name: str, options: Options) -> RawDocument | Refusal:
    """Return the page that a capture holds, or why it holds none: `http-status`, `not-html`, `broken-record` ..."""
    return _or_refusal(_page, capture, name, options)


def text_document(capture: Capture, name: str, options: Options) -> RawDocument | Refusal:
    """Return the text that somebody took from a page, as WET archives hold it; where it still is a page, that page."""
    return _or_refusal(_text, capture, name, options)


def _or_refusal(
    read: Callable[[Capture, str, Options], RawDocument | Refusal], capture: Capture, name: str, options: Options
) -> RawDocument | Refusal:
    try:
        return read(capture, name, options)
    except SetAside as aside:
        return Refusal(name, hashlib.sha256(capture.block).hexdigest(), aside.reason, aside.detail)


def _page(capture: Capture, name: str, options: Options) -> RawDocument | Refusal:
    label, body = capture.label, capture.block
    if capture.is_response:
        response = parse_response(body)
        if response.status != "200":
            raise SetAside("http-status", f"The response's HTTP status is {response.status}, not 200.")
        label, body = response.headers.get("content-type", ""), response.body
    if capture.is_followed and not body.rstrip().lower().endswith(b"</html>"):
        raise SetAside("broken-record", _FOLLOWED)
    _require_page(body, _media_type(label))
    charset = found[1] if (found := _CHARSET.search(label)) else None
    return html.page_document(body, name, options, capture.url, capture.retrieved_at, charset)


def _text(capture: Capture, name: str, options: Options) -> RawDocument | Refusal:
    kind = _media_type(capture.label)
    if kind in _HTML_TYPES or sniff(_start(capture.block).encode("utf-8", "replace")) == "html":
        return _page(capture, name, options)
    if capture.is_followed:
        raise SetAside("broken-record", _FOLLOWED)
    if kind not in ("", "text/plain"):
        raise SetAside("not-html", f"The record is {kind[:80]} and no text of a page.")
    return RawDocument(capture.block, name, capture.url, capture.retrieved_at)


def _media_type(label: str) -> str:
    return label.partition(";")[0].strip().lower()


def _require_page(body: bytes, kind: str) -> None:
    """Raise SetAside where the bytes are no HTML, whatever they are called."""
    if not body.strip():
        raise SetAside("empty", "The response has no content.")
    is_called = f"The response is called {kind[:80]}" if kind else "The response has no media type"
    if binary := binary_kind(body):
        raise SetAside("not-html", f"{is_called}, and its bytes are {binary}.")
    start = _start(body)
    if _JSON.match(start):
        raise SetAside("not-html", f"{is_called}, and its bytes are JSON.")
    if found := _XML.match(start):
        raise SetAside("not-html", f"{is_called}, and its bytes are XML of the kind {found[1]}.")
    if sniff(start.encode("utf-8", "replace")) == "html":
        return
    if kind not in _HTML_TYPES:
        raise SetAside("not-html", f"{is_called}, and its bytes are no HTML page.")
    if not _TAG.search(start):
        raise SetAside("not-html", f"{is_called}, and no tag stands in it.")


def _start(body: bytes) -> str:
    """The first characters of a body, for looking at."""
    head = body[:_LOOKED_AT]
    return head.decode(wide_codec(head) or "utf-8", "replace").lstrip("\ufeff \t\r\n\f")
