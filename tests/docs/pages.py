"""A folder as docs/pipelines.md speaks of it, and the snippets of a page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

DOCS = Path(__file__).parents[2] / "docs"
BODY = "JAKARTA, KOMPAS.com - Harga {} turun, kata pedagang Wening Lestari di Pasar Sukamaju, Senin (5/2/2024)."
ROWS = [
    {"id": f"b{number}", "url": url, "text": BODY.format(good) if good else good, "judul": title}
    for number, (good, url, title) in enumerate(
        [
            ("cabai", None, None),
            (None, "https://kabaruji.example/kosong", "Tanpa Teks"),
            ("bawang", "https://kabaruji.example/bawang", "Harga Bawang Turun di Sukamaju"),
            *((f"beras jenis {kind}", f"https://kabaruji.example/{kind}", None) for kind in range(600)),
        ]
    )
]
"""Rows as crawls have them: a text that is null, an address and a title that are there now and then."""
KEPT = len(ROWS) - 1


def snippets(page: str) -> dict[str, list[str]]:
    """The Python blocks of a page of docs/, by the heading that they stand under."""
    parts = re.split(r"^## (.*)$", (DOCS / page).read_text("utf-8"), flags=re.MULTILINE)
    found = {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))
    return {heading: blocks for heading, text in found.items() if (blocks := BLOCK.findall(text))}


BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def dump(folder: Path) -> Path:
    """Put dump/ into a folder, which is returned."""
    (folder / "dump").mkdir()
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "dump" / "berita.parquet")
    lines = [
        json.dumps({name: value for name, value in row.items() if value is not None}) for row in ROWS if row["text"]
    ]
    (folder / "dump" / "berita.jsonl").write_text("\n".join([*lines, json.dumps({"text": "   ", "id": "kosong"})]))
    return folder
