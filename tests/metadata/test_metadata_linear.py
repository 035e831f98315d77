"""The work of metadata grows with a line no faster than the line, whatever the line repeats."""

import pytest
from tests.work import surplus

from kliping.annotation.layers.metadata import metadata_and_claims
from kliping.model import Page, Span

HOSTILE = [
    "a", "A", "A ", "A.", "a.com ", "a.", "-", " -", " - ", "(", "@", "a@", ",", " I ", "I", "KOMPAS.com ", "kepadaA",
    "kepada A", "dilansir ", "dilansir dari ", "menurut kantor berita Rusia, ", "Reuters dan ", "melaporkan", "| ",
    "A melaporkan ", "Penulis: ", "editor ", "editor:", "Sumber: ", "#a", "\xa0", "É", "©", "/a",
]  # fmt: skip
ROLES = ("headline", "dateline", "byline", "timestamp", "copyright", "source", "tags", "promotion", "paragraph")


@pytest.mark.parametrize("role", ROLES)
def test_work_grows_no_faster_than_the_line(role: str) -> None:
    def read(text: str) -> None:
        line = text.strip() or "x"
        _, claims = metadata_and_claims(Page(line), [Span(0, len(line), role, "drawn")])
        assert all(claim.end is None or claim.end <= len(line) for claim in claims)

    assert {unit: more for unit in HOSTILE if (more := surplus(read, unit, 1_000, 8_000)) > 0} == {}


@pytest.mark.parametrize("role", ROLES)
def test_work_grows_no_faster_than_the_page(role: str) -> None:
    def read(text: str) -> None:
        spans, start = [], 0
        for line in text.split("\n"):
            if line:
                spans.append(Span(start, start + len(line), role, "drawn"))
            start += len(line) + 1
        metadata_and_claims(Page(text), spans)

    lines = [f"{unit.strip() or 'x'}\n" for unit in HOSTILE]
    assert {unit: more for unit in lines if (more := surplus(read, unit, 400, 3_200)) > 0} == {}
