"""Annotations made by hand, of sentences written for these tests: the release kit is tested without the pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from tests.writing import release

from kliping.corpus import tables
from kliping.corpus.manifest import Manifest
from kliping.model import (
    Annotation,
    Evidence,
    Flags,
    InputValue,
    Language,
    Metadata,
    RawDocument,
    Refusal,
    Repair,
    Segment,
    Sentence,
)

QUALITY = {"inferred_dates": {"pages": 40, "same_day": 9, "within_a_day": 12}}


def annotation(
    path: str,
    lines: Sequence[tuple[str, str]],
    values: Metadata,
    evidence: Sequence[tuple[str, str]] = (),
    repaired: Sequence[tuple[str, str]] = (),
    **origin: object,
) -> Annotation:
    """One article whose raw text is `lines` of (role, text); `repaired` replaces (before, after) wherever it stands."""
    raw = "\n".join(text for _, text in lines)
    segments, position = [], 0
    for role, text in lines:
        repairs = tuple(
            Repair(start, start + len(before), before, after, "mojibake-orphan")
            for before, after in repaired
            if (start := position + text.find(before)) >= position
        )
        shown = text
        for before, after in repaired:
            shown = shown.replace(before, after)
        segments.append(Segment(role, shown, position, position + len(text), f"default:{role}", repairs))
        position += len(text) + 1
    body, sentences = _body(segments)
    return Annotation(
        document=RawDocument(raw.encode(), path, **origin),  # type: ignore[arg-type]
        raw_text=raw,
        encoding="utf-8",
        text=body,
        segments=tuple(segments),
        rows={
            "articles": (values, Language("id", 998), Flags(("short",))),
            "evidence": tuple(
                Evidence(field, quote, raw.index(quote), raw.index(quote) + len(quote), quote, f"phrase:{field}", True)
                for field, quote in evidence
            ),
            "sentences": sentences,
        },
    )


def _body(segments: Sequence[Segment]) -> tuple[str, tuple[Sentence, ...]]:
    text, sentences = "", []
    for rank, segment in enumerate(segments):
        if segment.role in ("paragraph", "subheading"):
            start = len(text) + (2 if text else 0)
            text += ("\n\n" if text else "") + segment.text
            sentences.append(Sentence(rank, segment.text, start, len(text), segment.start, segment.end))
    return text, tuple(sentences)


OUTCOMES: tuple[Annotation | Refusal, ...] = (
    annotation(
        "pasar.txt",
        [
            ("headline", 'Pasar "Subuh" Pindah ke Tepi Kali'),
            ("byline", "Penulis: Sari Wulandari"),
            ("paragraph", "Pedagang pasar subuh mulai berjualan di tepi kali pada Senin (6/3/2023)Â ."),
            ("related", "Baca juga: Harga cabai turun di tiga pasar"),
            ("paragraph", "Mereka meminta lampu jalan diperbaiki.\tWali kota berjanji datang."),
        ],
        Metadata(
            headline='Pasar "Subuh" Pindah ke Tepi Kali',
            published_date=date(2023, 3, 6),
            published_basis="inferred",
            authors=("Sari Wulandari",),
        ),
        evidence=[
            ("headline", 'Pasar "Subuh" Pindah ke Tepi Kali'),
            ("authors", "Sari Wulandari"),
            ("published_date", "6/3/2023"),
        ],
        repaired=[("Â", "")],
    ),
    annotation(
        "arsip/kapal.jsonl#17",
        [
            ("dateline", "MERDEKA.COM, BITUNG - "),
            ("paragraph", "Kapal nelayan – bercat biru – kembali dengan muatan penuh 🐟."),
            ("advertisement", "ADVERTISEMENT"),
        ],
        Metadata(
            outlet_id="merdeka",
            outlet_name="Merdeka",
            published_date=date(2024, 2, 29),
            published_basis="metadata",
            published_at=datetime(2024, 2, 29, 1, 2, 3, 4000, tzinfo=UTC),
            dateline_place="Bitung",
            tags=("nelayan", "laut"),
        ),
        evidence=[("outlet_name", "MERDEKA.COM"), ("dateline_place", "BITUNG")],
        url="https://contoh.example/kapal",
        retrieved_at=datetime(2024, 3, 1, 10, 0, 0, 250000, tzinfo=UTC),
        metadata=(InputValue("published_at", "2024-02-29T08:02:03+07:00", "json-ld:datePublished"),),
        extractor="kliping 1.0.0",
        source_sha256="0" * 64,
        source=b"<p>BITUNG \xe2\x80\x93 kapal\xff\x00",
        line_tags=("p", "p", "div"),
    ),
    annotation("kosong.txt", [("paragraph", "Hanya satu kalimat yang tersisa di halaman ini.")], Metadata()),
    Refusal("rusak.bin", "f" * 64, "binary", "It starts like a ZIP archive."),
    Refusal("tutup.txt", None, "unreadable", "Permission denied."),
    Refusal("\ttab\nbaris.txt", "e" * 64, "duplicate", "The same bytes as pasar.txt."),
)


@pytest.fixture(scope="session")
def outcomes() -> tuple[Annotation | Refusal, ...]:
    return OUTCOMES


@pytest.fixture(scope="session")
def made(outcomes: tuple[Annotation | Refusal, ...]) -> dict[str, pa.Table]:
    """The tables of the outcomes."""
    return tables.to_tables(outcomes)


@pytest.fixture(scope="session")
def corpus(made: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released corpus of one shard; for reading only."""
    out = tmp_path_factory.mktemp("release") / "corpus"
    release(made, out, version="1.2.3", quality=QUALITY, options={"workers": "any"})
    return out


@pytest.fixture(scope="session")
def contents(corpus: Path) -> Manifest:
    """The manifest of the corpus."""
    from kliping.corpus.manifest import read_manifest

    return read_manifest(corpus)
