"""What `datasets` makes of a corpus: the declared types, every row, no warning, no network."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import datasets
import pyarrow as pa
import pytest
from tests.writing import release

from kliping import schema
from kliping.corpus import tables
from kliping.corpus.folder import open_corpus
from kliping.corpus.shard import write_shard
from kliping.corpus.write import finish

TABLES = tuple(schema.load().tables)


@pytest.fixture(autouse=True)
def _strict(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    """No network, no progress bar, and whatever is warned of or logged as a warning fails the test."""
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(logging.getLogger("datasets"), "propagate", True)
    datasets.disable_progress_bars()
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        yield
    assert [record.getMessage() for record in caplog.records] == []


def rows_of(table: pa.Table) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = table.to_pylist()
    return rows


@pytest.mark.parametrize("config", TABLES)
def test_every_config_loads_with_its_types(corpus: Path, tmp_path: Path, config: str):
    rows = rows_of(open_corpus(corpus).whole(config))
    if not rows:
        pytest.skip("datasets loads no split without rows, and these annotations by hand have none of a new table")
    loaded = datasets.load_dataset(str(corpus), config, split="train", cache_dir=str(tmp_path))
    assert loaded.features == datasets.Features.from_arrow_schema(schema.arrow_schema(config))
    assert list(loaded) == rows
    assert str(loaded.info.version) == "1.2.3"


@pytest.mark.parametrize("config", TABLES)
def test_every_config_streams_with_its_types(corpus: Path, tmp_path: Path, config: str):
    if not open_corpus(corpus).whole(config).num_rows:
        pytest.skip("a table without rows is no config")
    stream = datasets.load_dataset(str(corpus), config, split="train", streaming=True, cache_dir=str(tmp_path))
    assert stream.features == datasets.Features.from_arrow_schema(schema.arrow_schema(config))
    assert list(stream) == rows_of(open_corpus(corpus).whole(config))


def test_articles_are_the_default(corpus: Path, tmp_path: Path):
    loaded = datasets.load_dataset(str(corpus), cache_dir=str(tmp_path))
    assert list(loaded) == ["train"]
    assert list(loaded["train"]) == rows_of(open_corpus(corpus).whole("articles"))
    filled = [name for name in TABLES if open_corpus(corpus).whole(name).num_rows]
    assert datasets.get_dataset_config_names(str(corpus)) == filled


def test_a_rebuilt_corpus_is_not_mistaken_for_the_cached_one(made, outcomes, tmp_path: Path):
    out, cache = tmp_path / "corpus", str(tmp_path / "cache")
    release(made, out, version="1.0.0")
    before = datasets.load_dataset(str(out), "raw", split="train", cache_dir=cache)
    release(tables.to_tables(outcomes[1:]), out, version="1.0.0", force=True)
    after = datasets.load_dataset(str(out), "raw", split="train", cache_dir=cache)
    assert (len(before), len(after)) == (3, 2)


def test_many_shards_load_as_one(outcomes, tmp_path: Path):
    for number in range(2):
        write_shard([tables.to_tables(outcomes[number::2])], tmp_path / "work", number)
    finish(tmp_path / "work", tmp_path / "corpus", [0, 1], version="1.0.0")
    loaded = datasets.load_dataset(
        str(tmp_path / "corpus"), "segments", split="train", cache_dir=str(tmp_path / "cache")
    )
    assert list(loaded) == rows_of(open_corpus(tmp_path / "corpus").whole("segments"))


def test_a_corpus_without_an_article_loads(outcomes, tmp_path: Path):
    out, cache = str(tmp_path / "corpus"), str(tmp_path / "cache")
    release(tables.to_tables(outcomes[3:]), tmp_path / "corpus", version="1.0.0")
    assert len(datasets.load_dataset(out, "decisions", split="train", cache_dir=cache)) == 3
    assert list(datasets.load_dataset(out, "articles", split="train", streaming=True, cache_dir=cache)) == []
    with pytest.raises(
        ValueError, match="corresponds to no data"
    ):  # datasets 5.2 has no way to load a split of no rows
        datasets.load_dataset(out, "articles", split="train", cache_dir=cache)
