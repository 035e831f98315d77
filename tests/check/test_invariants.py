"""Whatever text comes in, what the pipeline makes of it keeps every invariant and comes out again from `raw` alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
from corpora import JEMBATAN, RUMPUT_LAUT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.writing import write_parquet

from kliping.check.rebuild import rebuild_shard
from kliping.check.references import References
from kliping.check.validate import check_shard
from kliping.corpus.settle import wide_tables
from kliping.corpus.tables import documents_from_raw, to_tables
from kliping.corpus.wide.shards import Shards
from kliping.kernel import annotate_documents
from kliping.model import RawDocument
from kliping.read import documents as read_documents

LINES = [line for page in (RUMPUT_LAUT, JEMBATAN) for line in page.split("\n")]
DAMAGE = [
    "Â",
    "â€œ",
    "\u200b",
    "\r",
    "\u2028",
    "\u00a0",
    "\u0085",
    "\ufeff",
    "ï»¿",
    "\u0301",
    "&amp;",
    "\x9d",
    "🐟",
    "\ud83d\udc1f",
]
fragments = st.one_of(st.sampled_from(LINES), st.sampled_from(DAMAGE), st.text(max_size=40))
pages = st.lists(fragments, max_size=12).flatmap(
    lambda parts: st.sampled_from(["\n", "", " ", "\r\n"]).map(lambda joint: joint.join([JEMBATAN, *parts]))
)


def wide(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables over a whole corpus of these tables."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: [Path(folder, name)] for name in tables}
        for name, (path,) in files.items():
            write_parquet(tables[name], path)
        return {name: pa.concat_tables(portions) for name, portions in wide_tables(Shards(files)).items()}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(pages, min_size=1, max_size=3, unique=True))
def test_every_invariant_holds_on_arbitrary_text(texts: list[str]) -> None:
    documents = [RawDocument(text.encode("utf-8", "surrogatepass"), f"{rank}.txt") for rank, text in enumerate(texts)]
    unique = {document.article_id: document for document in documents}
    tables = to_tables(annotate_documents(list(unique.values())))
    assert list(check_shard(tables, References(wide(tables)), None, with_text=True)) == []
    again = list(rebuild_shard(documents_from_raw(tables["raw"]), tables["decisions"]))
    joined = {name: pa.concat_tables([portion[name] for portion in again]).combine_chunks() for name in tables}
    joined["decisions"] = joined["decisions"].sort_by("source_path")
    assert all(joined[name].equals(tables[name]) for name in tables)


def test_a_page_of_html_keeps_them_too(tmp_path: Path) -> None:
    """A tag a line, whose number the check of provenance holds against the raw text."""
    paragraphs = "".join(f"<p>{line}</p>" for line in JEMBATAN.split("\n")[1:])
    title = "Jembatan Gantung Cibeureum Dibuka Lagi"
    body = f"<nav><a href='/'>Beranda</a></nav><h1>{title}</h1>{paragraphs}"
    page = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
    (tmp_path / "jembatan.html").write_text(page, encoding="utf-8")
    outcomes = annotate_documents([item for item in read_documents([tmp_path]) if isinstance(item, RawDocument)])
    tables = to_tables(outcomes)
    assert tables["raw"]["line_tags"].to_pylist()[0]
    assert list(check_shard(tables, References(wide(tables)), None, with_text=True)) == []
