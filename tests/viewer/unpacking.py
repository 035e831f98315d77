"""Reads a report as its page does, so that tests can say what is in it."""

from __future__ import annotations

import html
import json
import re
import zlib
from typing import Any

from kliping.report.viewer.packing import ROWS, SINGLE

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
    articles: list[dict[str, Any]] = []
    for first in range(0, len(index["blocks"]), index["together"]):
        chunk = script(page, f"blocks-{first // index['together']}")
        for size, count, extra in index["blocks"][first : first + index["together"]]:
            columns = dict(zip(index["columns"], json.loads(unpacked(chunk[:size], index["signs"])), strict=True))
            weighed = chunk[size : size + extra]
            told = dict(json.loads(unpacked(weighed, index["signs"]))) if weighed else {}
            for at in range(count):
                singles = {name: column[at] for name, column in columns.items() if name in SINGLE}
                lists = {name: rows_of(column, at) for name, column in columns.items() if name in ROWS}
                articles.append(singles | lists | {"weighed": told.get(at, [])})
            chunk = chunk[size + extra :]
    return dict(zip(re.findall(".{32}", index["ids"]), articles, strict=True))


def rows_of(columns: list[list[Any]], at: int) -> list[list[Any]]:
    """The columns of the rows of one article."""
    counts, *others = columns or [[0] * (at + 1)]
    if not counts[at]:
        return []
    start = sum(counts[:at])
    return [column[start : start + counts[at]] for column in others]
