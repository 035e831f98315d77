"""Whatever bytes come under whatever name: every record is kept or set aside once, and no syntax is in a text."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.read.inputs import SAMPLES, STORY, read_file

from kliping.kernel import annotate_documents
from kliping.model import Annotation, RawDocument, Refusal, SetAside

NAMES = sorted({f"a{''.join(Path(name).suffixes)}" for name in SAMPLES} | {"a", "a.xml", "a.sql", "a.log", "a.bin"})
SYNTAX = [
    "judul,tanggal,isi\n", "judul;isi\n", "judul\tisi\n", "<p>", "<article>", '{"', '[{"', '{"isi": "',
    '[\n  {\n    "isi": "', "<?xml version='1.0'?>", "<rss>", "INSERT INTO berita VALUES (1,'", "---\njudul: A\n",
    "[core]\n\tx = 1\n", "#!/bin/sh\n", "{'isi': '", "[{'isi': '", "ref: refs/heads/", "BEGIN:VCARD\n", "%PDF-1.4",
    "HTTP/1.1 200 OK\r\n",
]  # fmt: skip
MAGIC = [text.encode() for text in SYNTAX]
PIECES = [f"{STORY}\n".encode(), STORY.encode("utf-16"), b'"', b"\n", b",", b"}", b"]", b"</p>", b"\0" * 20]
ANYTHING = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(PIECES),
)
BODY = st.lists(ANYTHING, max_size=5).map(b"".join)


def read_bytes(name: str, data: bytes) -> list[RawDocument | Refusal]:
    with tempfile.TemporaryDirectory() as folder:
        return read_file(Path(folder) / name, data)


def annotated(items: list[RawDocument | Refusal]) -> list[Annotation | SetAside]:
    """What becomes of the documents, after the checks that hold for any input."""
    assert items
    names = [item.source_path for item in items]
    assert len(set(names)) == len(names)
    kept = [item for item in items if isinstance(item, RawDocument)]
    found = annotate_documents(kept)
    assert len(found) == len(kept)
    assert all(one.text.strip() for one in found if isinstance(one, Annotation))
    return found


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NAMES), st.sampled_from(MAGIC), BODY)
def test_what_begins_with_a_syntax_never_is_a_text_with_it(name: str, magic: bytes, body: bytes) -> None:
    for one in annotated(read_bytes(name, magic + body)):
        if isinstance(one, Annotation) and one.document.source_path == name:
            assert not one.raw_text.lstrip("\ufeff \n").startswith(magic.decode())


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NAMES), st.sampled_from(sorted(SAMPLES)), st.integers(0, 80), BODY)
def test_the_beginning_of_any_format_before_any_bytes(name: str, sample: str, size: int, body: bytes) -> None:
    annotated(read_bytes(name, SAMPLES[sample][:size] + body))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12))
def test_damage_anywhere_in_any_format(sample: str, place: float, cut: int, put: bytes) -> None:
    at = int(place * len(SAMPLES[sample]))
    annotated(read_bytes(sample, SAMPLES[sample][:at] + put + SAMPLES[sample][at + cut :]))


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_a_whole_file_is_kept_whole(sample: str) -> None:
    items = read_bytes(sample, SAMPLES[sample])
    assert all(isinstance(item, RawDocument) for item in items)
    assert all("judul" not in one.raw_text for one in annotated(items) if isinstance(one, Annotation))
