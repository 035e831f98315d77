"""Reads a report as its page does, so that tests can say what is in it."""

from __future__ import annotations

import html
import json
import re
import zlib
from typing import Any

BITS = 13


def script(page: str, name: str) -> str:
    found = re.search(rf'<script type="application/octet-stream" id="{name}"[^>]*>([^<]*)</script>', page)
    assert found, name
    return found[1]


def unpacked(signs: str, alphabet: str) -> bytes:
    """What was packed in pairs of signs."""
    surplus, pairs = alphabet.index(signs[0]), signs[1:]
    values = (
        alphabet.index(one) * len(alphabet) + alphabet.index(two)
        for one, two in zip(pairs[::2], pairs[1::2], strict=True)
    )
    bits = "".join(f"{value:0{BITS}b}" for value in values)
    size = len(bits) // 8 - surplus
    return zlib.decompress(int(bits[: 8 * size], 2).to_bytes(size), -zlib.MAX_WBITS)


def index_of(page: str) -> dict[str, Any]:
    alphabet = html.unescape(re.search(r'data-signs="([^"]*)"', page)[1])  # type: ignore[index]
    found: dict[str, Any] = json.loads(unpacked(script(page, "index"), alphabet))
    return found | {"signs": alphabet}


def articles_of(page: str) -> dict[str, dict[str, Any]]:
    """Every article by id: its columns by name, with `raw`."""
    index = index_of(page)
    texts: list[Any] = []
    rows: list[Any] = []
    for first in range(0, len(index["blocks"]), index["together"]):
        chunk = script(page, f"blocks-{first // index['together']}")
        for size, _ in index["blocks"][first : first + index["together"]]:
            raws, rests = json.loads(unpacked(chunk[:size], index["signs"]))
            texts, rows, chunk = texts + raws, rows + rests, chunk[size:]
    ids = re.findall(".{32}", index["ids"])
    return {
        article_id: {"raw": raw, **dict(zip(index["columns"], row, strict=True))}
        for article_id, raw, row in zip(ids, texts, rows, strict=True)
    }
