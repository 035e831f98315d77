"""No line makes metadata slower than linear: hostile lines of growing length end."""

import pytest

from kliping.annotation.layers.metadata import extract
from kliping.model import Page, Span

HOSTILE = [
    "a", "A", "A ", "A.", "a.com ", "a.", "-", " -", " - ", "(", "@", "a@", ",", " I ", "I", "KOMPAS.com ", "kepadaA",
    "kepada A", "dilansir ", "dilansir dari ", "menurut kantor berita Rusia, ", "Reuters dan ", "melaporkan", "| ",
    "A melaporkan ", "Penulis: ", "editor ", "editor:", "Sumber: ", "#a", "\xa0", "É", "©", "/a",
]  # fmt: skip
ROLES = ("headline", "dateline", "byline", "timestamp", "copyright", "source", "tags", "promotion", "paragraph")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("length", [1_000, 4_000, 16_000])
def test_hostile_lines_end(role: str, length: int) -> None:
    for unit in HOSTILE:
        text = (unit * length)[:length].strip() or "x"
        _, claims = extract(Page(text), [Span(0, len(text), role, "drawn")])
        assert all(claim.end is None or claim.end <= len(text) for claim in claims)
