"""The queue of doubtful articles and the counts of a corpus, as a person asks for them and as they are defined."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from corpora import reseal, shards, write
from hypothesis import given
from hypothesis import strategies as st
from person import at_terminal
from tests.writing import write_parquet

from kliping.cli import main
from kliping.corpus.folder import open_corpus
from kliping.publish.without_text import export_without_text
from kliping.report.doubts import RISK, RISKY, doubt, queue
from kliping.schema import names

MARGINS = st.lists(st.none() | st.integers(0, 1000), max_size=8)
FLAGS = st.lists(st.sampled_from(names("flags")), unique=True, max_size=5)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(shards(), tmp_path_factory.mktemp("doubts") / "corpus")


def run(*arguments: str | Path) -> str:
    done = CliRunner().invoke(main, [*map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.stdout


def rows(table: str) -> list[dict[str, Any]]:
    return [row for shard in shards() for row in shard[table].to_pylist()]


@given(MARGINS, FLAGS)
def test_the_doubt_is_the_chance_of_a_fault_by_the_product_of_the_chances(
    margins: list[int | None], flags: list[str]
) -> None:
    """Apart from each other, that is: what knowledge decided stands between any two here."""
    apart = [item for margin in margins for item in (margin, None)]
    right = (1 - RISK) ** len(set(flags) & set(RISKY))
    for margin in margins:
        right *= 1 if margin is None else (1000 + margin) / 2000
    assert math.exp(-doubt(apart, flags)) == pytest.approx(right)


@given(MARGINS, st.integers(0, 1000))
def test_neighbours_that_are_as_doubtful_as_each_other_are_one_doubt(margins: list[int | None], margin: int) -> None:
    assert doubt([*margins, margin, margin], ()) == pytest.approx(doubt([*margins, margin], ()))
    assert doubt([*margins, None, margin], ()) >= doubt([*margins, margin], ()) - 1e-12


@given(MARGINS, FLAGS, st.integers(0, 999))
def test_a_less_sure_segment_and_a_risky_flag_raise_the_doubt(
    margins: list[int | None], flags: list[str], margin: int
) -> None:
    assert doubt([*margins, None, margin], flags) > doubt([*margins, None, margin + 1], flags)
    assert doubt(margins, [*flags, "cut-end"]) > doubt(margins, flags)
    assert doubt(margins, [*flags, "short"]) == doubt(margins, flags)


def test_the_queue_has_every_article_once_the_most_doubtful_first(corpus: Path) -> None:
    items = queue(open_corpus(corpus))
    assert sorted(item.article_id for item in items) == [row["article_id"] for row in rows("articles")]
    assert [(-item.doubt, item.article_id) for item in items] == sorted((-i.doubt, i.article_id) for i in items)
    assert items[:2] == queue(open_corpus(corpus), 2)
    for item in items:
        margins = {row["position"]: row["margin"] for row in rows("segments") if row["article_id"] == item.article_id}
        assert item.margin == min(margin for margin in margins.values() if margin is not None)
        assert margins[item.position or 0] == item.margin


def test_doubtful_shows_why_and_where(corpus: Path) -> None:
    told = json.loads(run("doubtful", corpus, "--json"))
    texts = {(row["article_id"], row["position"]): row for row in rows("segments")}
    assert [item["article_id"] for item in told] == [item.article_id for item in queue(open_corpus(corpus))]
    for item in told:
        segment = item["segment"]
        row = texts[item["article_id"], segment["position"]]
        assert {name: row[name] for name in ("role", "margin", "text")} == {
            n: segment[n] for n in ("role", "margin", "text")
        }
        assert segment["margin"] == 1000 or item["why"][0] == f"{row['role']} by a margin of {row['margin']}"
    shown = run("doubtful", corpus, "--most", "1")
    assert told[0]["article_id"][:12] in shown
    assert told[1]["article_id"][:12] not in shown
    assert f"{len(told) - 1} more articles are less doubtful" in shown


def test_a_terminal_gets_a_table_of_either(corpus: Path) -> None:
    for command, head in (("doubtful", "least sure"), ("stats", "Months of publication")):
        seen = at_terminal(command, corpus)
        assert seen.status == 0
        assert head in seen.text


def test_a_corpus_without_text_has_a_queue_too(corpus: Path, tmp_path: Path) -> None:
    export_without_text(open_corpus(corpus), tmp_path / "without")
    bare = json.loads(run("doubtful", tmp_path / "without", "--json"))
    full = json.loads(run("doubtful", corpus, "--json"))
    assert [item["doubt"] for item in bare] == [item["doubt"] for item in full]
    assert {item["segment"]["text"] for item in bare} == {None}
    assert run("stats", tmp_path / "without", "--json") == run("stats", corpus, "--json")


def test_a_corpus_of_an_older_contract_is_told_so(corpus: Path, tmp_path: Path) -> None:
    old = write(shards(), tmp_path / "old")
    for path in sorted((old / "segments").glob("*.parquet")):
        write_parquet(pq.read_table(path, partitioning=None).drop_columns(["margin"]), path)
    reseal(old)
    done = CliRunner().invoke(main, ["doubtful", str(old)])
    assert done.exit_code == 1
    assert "knew no margins and flags. Build it again" in done.stderr


def test_stats_count_what_the_tables_hold(corpus: Path) -> None:
    told = json.loads(run("stats", corpus, "--json"))
    articles, decisions = rows("articles"), rows("decisions")
    assert told["documents"]["read"]["documents"] == len(decisions)
    reasons = Counter(row["reason"] for row in decisions if row["reason"])
    assert {name: told["documents"][name]["documents"] for name in reasons} == reasons
    assert sum(row["documents"] for row in told["documents"].values()) == 2 * len(decisions)
    words = sum(row["word_count"] for row in articles)
    assert told["articles"]["words"]["count"] == words
    for section, value in (
        ("outlets", lambda row: row["outlet_id"]),
        ("months", lambda row: row["published_date"] and f"{row['published_date']:%Y-%m}"),
        ("languages", lambda row: row["language"]),
        ("published_basis", lambda row: row["published_basis"]),
    ):
        counted = Counter(value(row) or "unknown" for row in articles)
        assert {name: row["articles"] for name, row in told[section].items()} == counted
        assert sum(row["words"] for row in told[section].values()) == words
    assert list(told["months"]) == sorted(told["months"])
    flagged = Counter(flag for row in articles for flag in row["flags"])
    assert {name: row["articles"] for name, row in told["flags"].items()} == flagged
    assert {name: row["segments"] for name, row in told["roles"].items()} == Counter(
        row["role"] for row in rows("segments")
    )
    assert abs(sum(row["per_mille"] for row in told["roles"].values()) - 1000) <= len(told["roles"])


def test_a_long_table_is_cut_and_says_so(corpus: Path) -> None:
    shown = run("stats", corpus, "--most", "1")
    told = json.loads(run("stats", corpus, "--json"))
    assert f"and {len(told['outlets']) - 1} more, see --json or --most" in shown
    assert list(told["months"])[-1] in shown
