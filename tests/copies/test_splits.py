"""A divided corpus: whole clusters, wherever and with whatever they are built, and all that describes it knows them."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import datasets
import mlcroissant
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from corpora import reseal
from invented import copies
from tests.writing import write_parquet

from kliping.check.audit import FAILED, audit
from kliping.check.diff import MAJOR, MINOR, diff
from kliping.check.validate import validate
from kliping.cli import main
from kliping.corpus.folder import Corpus, open_corpus
from kliping.corpus.splits import Assignment, Splits, parse_day, parse_shares
from kliping.corpus.wide.shards import Shards
from kliping.errors import KlipingError
from kliping.publish.without_text import export_without_text, rehydrate

SHARES = "train=0.6,validation=0.2,test=0.2"
REPORTS = 14


def crawl(folder: Path, reports: int = REPORTS) -> Path:
    """Some reports and their copies, a file each; and something that is no article."""
    folder.mkdir(exist_ok=True)
    for seed in range(reports):
        for kind, text in copies(seed).items():
            (folder / f"{seed}-{kind}.txt").write_text(text, encoding="utf-8")
            (folder / f"{seed}-{kind}-lagi.txt").write_text(text, encoding="utf-8")
    (folder / "kosong.txt").touch()
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def built(folder: Path, out: Path, *options: object) -> Corpus:
    result = run("build", folder, "--out", out, "--splits", SHARES, *options)
    assert result.exit_code == 3, result.output  # copies to the byte are set aside
    return open_corpus(out)


@pytest.fixture(scope="module")
def divided(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("divided")
    return built(crawl(folder / "crawl"), folder / "corpus")


def homes(corpus: Corpus) -> dict[str, str]:
    """The split of each article."""
    return {
        name: split
        for split, index in zip(corpus.splits, range(corpus.shard_count), strict=True)
        for name in corpus.table("articles", index)["article_id"].to_pylist()
    }


def test_every_table_has_every_split_and_no_row_is_lost(divided: Corpus) -> None:
    assert Counter(divided.splits).keys() == {"train", "validation", "test"}
    assert divided.manifest["tables"]["articles"]["rows"] == 5 * REPORTS
    decisions = divided.whole("decisions").to_pylist()
    assert len(decisions) == 10 * REPORTS + 1
    found = homes(divided)
    for split, index in zip(divided.splits, range(divided.shard_count), strict=True):
        for row in divided.table("decisions", index).to_pylist():
            assert found.get(row["article_id"], "train") == split
    assert not validate(divided)


def test_no_cluster_straddles(divided: Corpus) -> None:
    found = homes(divided)
    clusters: dict[str, set[str]] = {}
    for row in divided.whole("duplicates").to_pylist():
        clusters.setdefault(row["cluster_id"], set()).add(found[row["article_id"]])
    assert len(clusters) == REPORTS
    assert {len(splits) for splits in clusters.values()} == {1}


def test_the_audit_passes_and_it_comes_out_again(divided: Corpus) -> None:
    assert [step for step in audit(divided, published=divided.digest) if step.status == FAILED] == []


def test_an_article_moved_into_another_split_is_named(divided: Corpus, tmp_path: Path) -> None:
    """By a forger who moves all its rows and makes every digest and count fit."""
    folder = Path(shutil.copytree(divided.path, tmp_path / "corpus"))
    corpus = open_corpus(folder)
    source, target = corpus.splits.index("train"), corpus.splits.index("test")
    moved = corpus.table("articles", source)["article_id"][0].as_py()
    for name in corpus.sharded:
        here, there = (corpus.table(name, index) for index in (source, target))
        is_moved = pa.array([value == moved for value in here["article_id"].to_pylist()], pa.bool_())
        key = "source_path" if name == "decisions" else "article_id"
        grown = pa.concat_tables([there, here.filter(is_moved)])
        order = [(key, "ascending"), *([("position", "ascending")] if "position" in grown.schema.names else [])]
        kept = here.filter(pa.array([not value for value in is_moved.to_pylist()], pa.bool_()))
        for index, table in ((source, kept), (target, grown.sort_by(order))):
            write_parquet(table, folder / corpus.files(name)[index]["path"])
    reseal(folder)
    assert ("split-mismatch", f"articles {moved}") in {
        (each.name, each.place) for each in validate(open_corpus(folder))
    }


@pytest.mark.parametrize(
    "edit",
    [
        lambda options: options["splits"]["shares"].reverse(),
        lambda options: options.update(splits={"after": "2024-02-05"}),
        lambda options: options.update(splits={"shares": [["train", "0.5"]]}),
        lambda options: options.update(splits=7),
        lambda options: options.pop("splits"),
    ],
)
def test_a_manifest_with_another_rule_is_named(edit: Any, divided: Corpus, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(divided.path, tmp_path / "corpus"))
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    edit(manifest["options"])
    path.write_text(json.dumps(manifest), encoding="utf-8")
    names = {(each.name, each.place) for each in validate(open_corpus(folder))}
    assert ("manifest-mismatch", "manifest.json options.splits") in names


def test_datasets_loads_the_splits(divided: Corpus, tmp_path: Path) -> None:
    datasets.disable_progress_bars()
    found = homes(divided)
    loaded = datasets.load_dataset(str(divided.path), cache_dir=str(tmp_path))
    assert {name: set(rows["article_id"]) for name, rows in loaded.items()} == {
        split: {name for name, home in found.items() if home == split} for split in divided.splits
    }
    segments = datasets.load_dataset(str(divided.path), "segments", split="test", cache_dir=str(tmp_path))
    assert {found[name] for name in segments["article_id"]} == {"test"}
    assert list(datasets.load_dataset(str(divided.path), "duplicates", cache_dir=str(tmp_path))) == ["train"]


def test_croissant_tells_the_split_of_a_row(divided: Corpus) -> None:
    described = mlcroissant.Dataset(jsonld=str(divided.path / "croissant.json"))
    names = [_text(record["splits/name"]) for record in described.records("splits")]
    assert names == ["train", "validation", "test"]
    found = {
        _text(record["articles/article_id"]): _text(record["articles/split"])
        for record in described.records("articles")
    }
    assert found == homes(divided)


def _text(value: bytes | str) -> str:
    """What mlcroissant gives as bytes from files and as it is from lists."""
    return value.decode() if isinstance(value, bytes) else value


def test_neither_workers_nor_shards_move_an_article(divided: Corpus, tmp_path: Path) -> None:
    again = built(crawl(tmp_path / "crawl"), tmp_path / "corpus", "--workers", 2)
    assert {path.name: path.read_bytes() for path in again.path.rglob("*") if path.is_file()} == {
        path.name: path.read_bytes() for path in divided.path.rglob("*") if path.is_file()
    }


def test_more_reports_move_none_that_were_there(divided: Corpus, tmp_path: Path) -> None:
    grown = built(crawl(tmp_path / "crawl", REPORTS + 6), tmp_path / "corpus")
    assert homes(divided).items() <= homes(grown).items()
    assert diff(divided, grown).bump == MINOR


def test_diff_tells_what_moved(divided: Corpus, tmp_path: Path) -> None:
    other = tmp_path / "corpus"
    folder = crawl(tmp_path / "crawl")
    assert run("build", folder, "--out", other, "--splits", "train=0.2,validation=0.2,test=0.6").exit_code == 3
    found = diff(divided, open_corpus(other))
    assert found.bump == MAJOR
    assert {change.kind for change in found.rows["articles"]} == {"moved"}
    (one, *_) = found.rows["articles"]
    assert one.columns["split"] == (homes(divided)[one.key], homes(open_corpus(other))[one.key])


def test_without_text_and_back(divided: Corpus, tmp_path: Path) -> None:
    export_without_text(divided, tmp_path / "bare")
    bare = open_corpus(tmp_path / "bare")
    assert bare.splits == divided.splits
    assert not validate(bare)
    rehydrate(bare, [crawl(tmp_path / "crawl")], tmp_path / "whole")
    assert open_corpus(tmp_path / "whole").digest == divided.digest


def test_a_divided_corpus_is_replaced_only_where_nothing_vanishes(tmp_path: Path) -> None:
    folder = crawl(tmp_path / "crawl", 3)
    corpus = built(folder, tmp_path / "corpus")
    assert run("build", folder, "--out", corpus.path).exit_code == 3
    assert open_corpus(corpus.path).splits == ["train"]
    (folder / "1-agency.txt").unlink()
    (folder / "1-agency-lagi.txt").unlink()
    refused = run("build", folder, "--out", corpus.path, "--splits", SHARES)
    assert refused.exit_code == 1
    assert "1 of 15 articles" in refused.output


def test_by_day_a_cluster_goes_by_its_earliest_and_what_has_no_day_apart(tmp_path: Path) -> None:
    folder = crawl(tmp_path / "crawl", 3)
    (folder / "lama.txt").write_text(
        "Harga cabai di pasar turun kata para pedagang di kota itu.\n" * 3, encoding="utf-8"
    )
    assert run("build", folder, "--out", tmp_path / "corpus", "--split-after", "2024-02-08").exit_code == 3
    corpus = open_corpus(tmp_path / "corpus")
    assert not validate(corpus)
    assert corpus.splits == ["train", "test", "undated"]
    articles = corpus.whole("articles").to_pylist()
    found = homes(corpus)
    late = [row for row in articles if row["published_date"] and row["published_date"] > date(2024, 2, 8)]
    assert late
    assert {found[row["article_id"]] for row in late} == {"train"}  # copies of what came out before
    assert [row["source_path"] for row in articles if found[row["article_id"]] == "undated"] == ["lama.txt"]
    header = (corpus.path / "README.md").read_text("utf-8")
    assert "articles/test-*" not in header  # it has no rows, and datasets loads none of these


def assigned(splits: Splits, rows: list[Mapping[str, Any]], tmp_path: Path) -> list[str]:
    columns = {name: [row.get(name) for row in rows] for name in ("article_id", "duplicate_of", "published_date")}
    table = pa.table(
        columns,
        pa.schema([("article_id", pa.string()), ("duplicate_of", pa.string()), ("published_date", pa.date32())]),
    )
    pq.write_table(table, tmp_path / "articles.parquet")
    return Assignment(splits, Shards({"articles": [tmp_path / "articles.parquet"]})).names(table)


def test_shares_are_about_as_large_as_asked(tmp_path: Path) -> None:
    names = assigned(
        parse_shares("train=0.9,validation=0.05,test=0.05"),
        [{"article_id": f"{n:032x}"} for n in range(20_000)],
        tmp_path,
    )
    counts = Counter(names)
    assert abs(counts["train"] - 18_000) < 200
    assert abs(counts["validation"] - 1_000) < 150
    assert abs(counts["test"] - 1_000) < 150


def test_the_place_of_an_article_is_for_ever(tmp_path: Path) -> None:
    """Published splits stand on these: a change here moves articles of every corpus."""
    rows = [{"article_id": f"{n:032x}"} for n in range(8)]
    assert assigned(parse_shares("train=0.5,test=0.5"), rows, tmp_path) == FOR_EVER


FOR_EVER = ["train", "test", "test", "train", "train", "test", "test", "test"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("train=0.9,test=0.2", "make up 1.1, not 1"),
        ("train=0.9,test=0.05", "make up 0.95, not 1"),
        ("train=0.5,train=0.5", "named twice"),
        ("train=1,test=0", "'0' is no share for the split test"),
        ("train", "'' is no share for the split train"),
        ("train=nan", "no share"),
        ("train=inf", "no share"),
        ("train=-1,test=2", "no share"),
        ("", "no name of a split"),
        ("latih-uji=1", "'latih-uji' is no name of a split"),
        ("all=1", "'all' is no name of a split"),
        ("../x=1", "no name of a split"),
        ("é=1", "no name of a split"),
    ],
)
def test_shares_that_cannot_be(text: str, complaint: str) -> None:
    with pytest.raises(KlipingError, match=complaint):
        parse_shares(text)


def test_shares_are_decimals() -> None:
    assert parse_shares(" train = 0.7 , test=.3 ").shares == (("train", Decimal("0.7")), ("test", Decimal("0.3")))


@pytest.mark.parametrize("text", ["kemarin", "2024-13-01", "2024-02-30", "", "5/2/2024"])
def test_days_that_are_none(text: str) -> None:
    with pytest.raises(KlipingError, match="is no day"):
        parse_day(text)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--splits", SHARES, "--split-after", "2024-02-05"], "Give one of them"),
        (["--splits", "train=2"], "is no share"),
        (["--split-after", "besok"], "is no day"),
    ],
)
def test_a_slip_builds_nothing(options: list[str], complaint: str, tmp_path: Path) -> None:
    result = run("build", crawl(tmp_path / "crawl", 1), "--out", tmp_path / "corpus", *options)
    assert result.exit_code == 1
    assert complaint in result.output
    assert not (tmp_path / "corpus").exists()
