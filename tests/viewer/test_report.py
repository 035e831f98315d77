"""The report as a file: one page that asks for nothing, with all of the corpus in it and no word of it as markup."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from base64 import b64encode
from concurrent.futures import CancelledError
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.browser import pages
from tests.copies import invented
from tests.viewer.unpacking import articles_of, index_of, unpacked

from kliping import knowledge, schema
from kliping.building.build import BuildOptions, build
from kliping.cli import main
from kliping.corpus.folder import open_corpus
from kliping.corpus.layout import split_of
from kliping.corpus.splits import parse_shares
from kliping.curate.corrections import read_corrections
from kliping.errors import KlipingError
from kliping.model import RawDocument
from kliping.report.explain import from_corpus, weigh
from kliping.report.stats import measure_corpus
from kliping.report.viewer import composing, packing, report_bytes, weighing, write_report
from kliping.report.viewer.packing import SIGNS, packed
from kliping.report.viewer.selection import by_doubt, selected

PACKAGE = "kliping.report.viewer"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pages.varied(tmp_path_factory.mktemp("viewed") / "corpus")


@pytest.fixture(scope="module")
def page(corpus: Path) -> str:
    return report_bytes(open_corpus(corpus)).data.decode()


def rows(corpus: Path, table: str) -> dict[str, list[dict[str, Any]]]:
    found = open_corpus(corpus).whole(table).to_pylist()
    return {key: list(group) for key, group in groupby(found, key=lambda row: row["article_id"])}


def test_equal_corpora_have_equal_reports(corpus: Path, page: str, tmp_path: Path) -> None:
    shutil.copytree(corpus, tmp_path / "corpus")
    assert report_bytes(open_corpus(tmp_path / "corpus")).data.decode() == page


def test_the_policy_allows_its_own_script_and_style_and_nothing_else(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    for name, content in (("script", r"<script>(.*?)</script>"), ("style", r"<style>(.*?)</style>")):
        (inline,) = re.findall(content, page, re.DOTALL)
        digest = b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'; ")
    own = re.sub(r'(<script type="application/octet-stream"[^>]*>)[^<]*', r"\1", page)
    assert not re.search(r"\b(?:src|href|action)=|url\(|@import|https?://(?!www\.w3\.org/2000/svg)", own)
    assert "innerHTML" not in page
    assert "insertAdjacentHTML" not in page


def test_no_word_of_an_article_stands_in_the_page_unpacked(page: str) -> None:
    assert "hacked" not in page
    assert "Semanting" not in page
    assert page.count("<script") == 3


def test_every_article_is_in_it_with_all_that_was_found(corpus: Path, page: str) -> None:
    index, articles = index_of(page), articles_of(page)
    segments, evidence, raw = rows(corpus, "segments"), rows(corpus, "evidence"), rows(corpus, "raw")
    quotations, times = rows(corpus, "quotations"), rows(corpus, "time_expressions")
    assert articles.keys() == raw.keys()
    for article_id, article in articles.items():
        text = raw[article_id][0]["text"]
        assert article["raw"] == text
        at, places = 0, []
        for step, size, kind, _ in zip(*article["segments"], strict=True):
            role, rule, _ = index["kinds"]["segments"][kind]
            places.append((at + step, at + step + size, role, rule))
            at += step + size
        assert places == [(row["start"], row["end"], row["role"], row["rule"]) for row in segments[article_id]]
        values = []
        for start, size, kind, value in zip(*article["claims"], strict=True):
            field, rule, accepted, _ = index["kinds"]["claims"][kind]
            values.append((field, rule, accepted == "true", text[start : start + size] if value == 0 else value))
        found = [(row["field"], row["rule"], row["accepted"], row["value"]) for row in evidence.get(article_id, ())]
        assert values == found
        assert len(article["quotations"][0] if article["quotations"] else ()) == len(quotations.get(article_id, ()))
        assert len(article["times"][0] if article["times"] else ()) == len(times.get(article_id, ()))
        repairs = [repair for row in segments[article_id] for repair in row["repairs"]]
        assert (article["repairs"][2] if article["repairs"] else []) == [repair["after"] for repair in repairs]


def test_the_overview_counts_the_corpus(corpus: Path, page: str) -> None:
    index = index_of(page)
    assert index["outcomes"] == [
        ["kept", 7, "kept"],
        ["binary", 1, "set-aside"],
        ["empty", 1, "set-aside"],
        ["unreadable", 1, "failed"],
    ]
    assert [row[0] for row in index["set_aside"]] == sorted(["gambar.png", "kosong.txt", "tutup.txt"])
    for facet in index["facets"]:
        assert len(facet["labels"]) == len(facet["counts"])
        if not facet["many"]:
            assert sum(facet["counts"]) == 7
            assert facet["counts"] == [facet["codes"].count(label) for label in range(len(facet["labels"]))]
    role = next(facet for facet in index["facets"] if facet["name"] == "role")
    sizes = [row["end"] - row["start"] for group in rows(corpus, "segments").values() for row in group]
    assert sum(role["counts"]) == sum(sizes)
    assert [sum(cells) for cells in index["by_time"]] == next(
        facet["counts"] for facet in index["facets"] if facet["name"] == "outlet"
    )


def test_months_become_years_where_there_are_too_many(tmp_path: Path) -> None:
    text = "JAKARTA, KOMPAS.com - Harga cabai naik lagi. Pedagang di pasar {} mengeluh karena pasokan berkurang."
    address = "https://www.kompas.com/read/{}/{:02}/07/cabai"
    months = [(year, month) for year in range(2015, 2019) for month in range(1, 13)]
    documents = [RawDocument(text.format(one).encode(), f"{one}.txt", address.format(*one)) for one in months]
    index = index_of(report_bytes(open_corpus(pages.write(documents, tmp_path / "corpus"))).data.decode())
    month = next(facet for facet in index["facets"] if facet["name"] == "month")
    assert (month["title"], month["labels"]) == ("Years", ["2015", "2016", "2017", "2018"])


def test_without_text_no_word_of_an_article_is_in_it(corpus: Path) -> None:
    page = report_bytes(open_corpus(corpus), without_text=True).data.decode()
    index = index_of(page)
    rules = index.pop("kinds")
    assert rules, "rules are told in words of their own"
    held = json.dumps([index, articles_of(page)], ensure_ascii=False)
    words = {word for row in rows(corpus, "raw").values() for word in re.findall(r"[A-Za-z]{5,}", row[0]["text"])}
    assert len(words) > 100
    told = {word for word in words if re.search(rf"\b{word}\b", held)}
    addresses = {"https", "contoh", "example", "malam", "sport", "semifinal", "jembatan", "rumput", "putri", "pasar"}
    assert told <= {"Kompas", "Suara", *addresses}, "outlets, addresses and paths are told, and nothing else"


def test_a_large_corpus_shows_the_doubtful_ones_and_a_sample_and_says_so(corpus: Path) -> None:
    part = report_bytes(open_corpus(corpus), budget=2500)
    index = index_of(part.data.decode())
    assert 0 < len(index["titles"]) < 7
    seed = index["corpus"]["seed"]
    assert part.says == (
        f"{len(index['titles'])} of 7 articles, the most doubtful ones and a sample with the seed {seed}"
    )
    assert part.says in part.data.decode()
    assert sum(index["facets"][0]["counts"]) == 7, "the overview is of the whole corpus"


IDS = [hashlib.sha256(bytes([number])).hexdigest()[:32] for number in range(40)]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 50)), min_size=1, max_size=40), st.integers(0, 800))
def test_the_most_doubtful_come_first_and_the_budget_holds(articles: list[tuple[int, int]], budget: int) -> None:
    doubts, sizes = (np.array(column, np.int64) for column in zip(*articles, strict=True))
    ids = IDS[: len(articles)]
    ranked = by_doubt(doubts, ids)
    assert ranked == sorted(range(len(ids)), key=lambda at: (-doubts[at], ids[at]))
    chosen = selected(ranked, ids, sizes, budget)
    assert len(set(chosen)) == len(chosen)
    if sizes.sum() <= budget:
        assert chosen == ranked
    else:
        assert sizes[chosen].sum() <= budget


@given(st.binary(max_size=3000))
def test_what_is_packed_comes_out_again(data: bytes) -> None:
    signs = packed(data).decode("ascii")
    assert unpacked(signs, SIGNS.decode("ascii")) == data
    assert not set("<>&\\ ") - {">"} & set(signs)


def test_blocks_end_where_they_are_full(monkeypatch: pytest.MonkeyPatch, corpus: Path, page: str) -> None:
    monkeypatch.setattr(packing, "BLOCK_BYTES", 1)
    small = report_bytes(open_corpus(corpus)).data.decode()
    assert len(index_of(small)["blocks"]) == 7
    assert articles_of(small) == articles_of(page)


@pytest.mark.parametrize("count", [1, 2])
def test_it_is_the_same_however_many_processes_weigh(
    monkeypatch: pytest.MonkeyPatch, corpus: Path, page: str, count: int
) -> None:
    monkeypatch.setattr(weighing, "TOGETHER", 2)
    monkeypatch.setattr(weighing, "processors", lambda: count)
    assert report_bytes(open_corpus(corpus)).data.decode() == page


def test_a_report_that_is_stopped_does_not_wait_for_what_is_weighed(
    monkeypatch: pytest.MonkeyPatch, corpus: Path
) -> None:
    monkeypatch.setattr(weighing, "TOGETHER", 1)
    monkeypatch.setattr(weighing, "processors", lambda: 1)
    opened = open_corpus(corpus)
    ids = {shard: opened.table("articles", shard)["article_id"].to_pylist() for shard in range(opened.shard_count)}
    with pytest.raises(KeyboardInterrupt), weighing.weighing(opened, ids) as found:
        raise KeyboardInterrupt
    assert isinstance(found.exception(), CancelledError)


def test_what_is_told_of_a_weighed_line_is_what_explain_tells(corpus: Path, page: str) -> None:
    index, articles = index_of(page), articles_of(page)
    roles = schema.names("roles")
    told = 0
    for article_id, article in articles.items():
        document, segments, *_ = from_corpus(open_corpus(corpus), article_id)
        weighed = {rank: unit for rank, unit in weigh(document, segments).items() if unit.runner_up}
        assert [entry[0] for entry in article["weighed"]] == sorted(weighed)
        for rank, reasons, runner_up in article["weighed"]:
            words = zip([index["reasons"][number] for number in reasons[::2]], reasons[1::2], strict=True)
            assert (tuple(words), roles[runner_up]) == (weighed[rank].reasons, weighed[rank].runner_up)
            told += 1
    assert told > 10


def test_roles_have_a_letter_each_and_digits_are_of_roles() -> None:
    known = knowledge.load("roles.toml", PACKAGE)
    assert tuple(known["letters"]) == schema.names("roles")
    assert len(set(known["letters"].values())) == len(known["letters"])
    assert set(known["digits"]) <= set(known["letters"])
    assert sorted(known["digits"].values()) == list("0123456789")


def test_the_scripts_are_those_of_the_folder() -> None:
    folder = Path(composing.__file__).parent
    assert sorted(composing.SCRIPTS) == sorted(path.name for path in folder.glob("*.js"))


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["report", *map(str, arguments)])
    return result.exit_code, result.output


def test_the_command_writes_it_and_replaces_its_own_reports_alone(corpus: Path, page: str, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert run(corpus, "-o", out) == (0, f"{out}: all 7 articles, 0.1 MB.\n")
    assert out.read_text("utf-8") == page
    assert run(corpus, "-o", out)[0] == 0
    out.write_text("catatan", encoding="utf-8")
    code, said = run(corpus, "-o", out)
    assert code == 1
    assert "is no report of kliping, so it was left as it is" in said
    assert out.read_text("utf-8") == "catatan"
    assert run(corpus, "-o", out, "--force")[0] == 0


def test_corrections_are_in_it_and_those_that_do_not_fit_are_no_documents(tmp_path: Path) -> None:
    (tmp_path / "halaman").mkdir()
    (tmp_path / "halaman" / "emoji.txt").write_text(pages.EMOJI, encoding="utf-8")
    digest = hashlib.sha256(pages.EMOJI.encode()).hexdigest()
    shared = {
        "article_id": digest[:32],
        "raw_sha256": digest,
        "start": None,
        "end": None,
        "who": "Wening",
        "note": None,
    }
    good = {"what": "editors", "old": [], "new": ["Dewi 😀"], "when": "2026-11-29T09:30:00.007Z"}
    stale = {"what": "headline", "old": "Judul lama", "new": "Judul baru", "when": "2026-11-29T09:31:00Z"}
    file = tmp_path / "wening.jsonl"
    file.write_text("".join(f"{json.dumps(shared | one)}\n" for one in (good, stale)), encoding="utf-8")
    options = BuildOptions(corrections=read_corrections([file]))
    build([tmp_path / "halaman"], tmp_path / "corpus", options=options)
    page = report_bytes(open_corpus(tmp_path / "corpus")).data.decode()
    index, (article,) = index_of(page), articles_of(page).values()
    assert index["outcomes"] == [["kept", 1, "kept"], ["correction-outdated", 1, "not-applied"]]
    assert index["corpus"]["documents"] == 1
    held = dict(zip(packing.CORRECTION, (values[0] for values in article["corrections"]), strict=True))
    assert held == {
        "what": "editors", "start": None, "end": None, "old": "[]", "new": json.dumps(["Dewi 😀"], ensure_ascii=False),
        "who": "Wening", "when": "2026-11-29T09:30:00.007Z", "note": None,
        "source_path": "corrections/wening.jsonl#1", "outcome": "applied",
    }  # fmt: skip
    made = next(facet for facet in index["facets"] if facet["name"] == "made")
    assert made["labels"] == ["automatic with corrections"]


def test_a_place_that_takes_no_report_is_a_sentence(corpus: Path, tmp_path: Path) -> None:
    for out, words in ((tmp_path, "is a folder"), (tmp_path / "tidak" / "ada.html", "There is no folder")):
        with pytest.raises(KlipingError, match=words):
            write_report(open_corpus(corpus), out)


def test_an_empty_corpus_has_a_report(tmp_path: Path) -> None:
    empty = report_bytes(open_corpus(pages.write([], tmp_path / "corpus")))
    assert empty.says == "no article"
    assert index_of(empty.data.decode())["titles"] == []


def test_the_splits_and_the_copies_of_a_corpus_are_counted(tmp_path: Path) -> None:
    for seed in range(6):
        (tmp_path / f"{seed}.txt").write_text(invented.page(invented.paragraphs(seed), seed), "utf-8")
    (tmp_path / "salin.txt").write_text(invented.page(invented.paragraphs(0), 9, outlet="Suara.com"), "utf-8")
    options = BuildOptions(splits=parse_shares("train=0.5,test=0.5"))
    build(sorted(tmp_path.glob("*.txt")), tmp_path / "corpus", options=options)
    page = report_bytes(open_corpus(tmp_path / "corpus")).data.decode()
    counts = {facet["name"]: facet for facet in index_of(page)["facets"]}
    by_split = dict(zip(counts["split"]["labels"], counts["split"]["counts"], strict=True))
    rows = [(split_of(entry["path"]), entry["rows"]) for entry in open_corpus(tmp_path / "corpus").files("articles")]
    assert by_split == {split: count for split, count in rows if count}
    assert sum(by_split.values()) == 7
    by_copy = dict(zip(counts["copies"]["labels"], counts["copies"]["counts"], strict=True))
    assert by_copy["no copy"] == 5
    told = measure_corpus(open_corpus(tmp_path / "corpus"))
    assert {name: counts["articles"] for name, counts in told["splits"].items() if counts["articles"]} == by_split
    assert {name: counts["articles"] for name, counts in told["copies"].items()} == {
        name: count for name, count in by_copy.items() if name != "no copy"
    }
