"""Corrections in builds: in the corpus or in `decisions`, never lost, and the same bytes whenever it is built."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from corpora import JEMBATAN, PUTRI_BULU_TANGKIS, RUMPUT_LAUT
from correcting import correction, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kliping import build
from kliping.building.build import BuildOptions, Summary
from kliping.check.audit import FAILED, audit
from kliping.check.diff import diff
from kliping.check.fit import check_fit
from kliping.check.rebuild import check_rebuild
from kliping.cli import main
from kliping.corpus.folder import open_corpus
from kliping.corpus.manifest import read_manifest
from kliping.curate.corrections import KEYS, CorrectionsError, read_corrections
from kliping.errors import KlipingError

TITLE = "Panen Rumput Laut di Teluk Semanting Maju Dua Pekan"
GOOD = [
    correction(RUMPUT_LAUT, "headline", TITLE, TITLE, "Rumput Laut Dipanen Dini"),
    correction(JEMBATAN, "role", "ADVERTISEMENT", ["advertisement"], "promotion", note="iklan sendiri"),
    correction(PUTRI_BULU_TANGKIS, "editors", None, [], ["Wati Kencana"]),
]
STALE = correction(JEMBATAN, "headline", None, "Judul Lama", "Judul Baru")
ABSENT = correction("Halaman yang tidak ada.", "headline", None, None, "Judul")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawled") / "crawl"
    folder.mkdir()
    for name, text in (("rumput", RUMPUT_LAUT), ("jembatan", JEMBATAN), ("putri", PUTRI_BULU_TANGKIS)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / "salinan.txt").write_text(JEMBATAN, encoding="utf-8")
    (folder / "kosong.txt").touch()
    return folder


@pytest.fixture(scope="module")
def file(crawl: Path) -> Path:
    """Three corrections that fit, one that does not, one of another page, and one twice."""
    return written(crawl.parent / "sari.jsonl", [*GOOD, STALE, ABSENT, GOOD[0]])


def built(crawl: Path, out: Path, *files: Path, **more: Any) -> Summary:
    return build([crawl], out, options=BuildOptions(corrections=read_corrections(files)), **more)


@pytest.fixture(scope="module")
def corpus(crawl: Path, file: Path) -> Path:
    """In several shards; for reading only."""
    built(crawl, crawl.parent / "corpus", file, shard_bytes=1500)
    assert open_corpus(crawl.parent / "corpus").shard_count > 1
    return crawl.parent / "corpus"


def rows(corpus: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = open_corpus(corpus).whole(table).to_pylist()
    return found


def not_applied(corpus: Path) -> dict[str, str]:
    found = [row for row in rows(corpus, "decisions") if row["outcome"] == "not-applied"]
    return {row["source_path"].partition("#")[2]: row["reason"] for row in found}


def content(corpus: Path) -> dict[str, bytes]:
    return {path.relative_to(corpus).as_posix(): path.read_bytes() for path in corpus.rglob("*") if path.is_file()}


def failed(corpus: Path) -> list[str]:
    return [
        str(incident) for step in audit(open_corpus(corpus)) if step.status == FAILED for incident in step.incidents
    ]


def test_what_was_corrected_stands_in_the_corpus_and_says_so(corpus: Path) -> None:
    made = {row["source_path"]: row for row in rows(corpus, "articles")}
    assert made["rumput.txt"]["headline"] == "Rumput Laut Dipanen Dini"
    assert made["putri.txt"]["editors"] == ["Wati Kencana"]
    assert {row["made"] for row in made.values()} == {"automatic with corrections"}
    assert "promotion" in {row["role"] for row in rows(corpus, "segments")}
    assert sorted(row["outcome"] for row in rows(corpus, "corrections")) == ["applied"] * 3 + ["confirmed"]
    applied = {row["what"]: row for row in rows(corpus, "corrections") if row["outcome"] == "applied"}
    assert applied.keys() == {"headline", "role", "editors"}
    assert applied["role"]["note"] == "iklan sendiri"
    assert json.loads(applied["editors"]["new"]) == ["Wati Kencana"]
    assert {row["rule"] for row in rows(corpus, "evidence")} >= {
        f"correction:corrections/sari.jsonl#{n}" for n in (1, 3)
    }


def test_what_did_not_fit_is_named_and_no_input_is_counted_for_it(corpus: Path) -> None:
    assert not_applied(corpus) == {"4": "correction-outdated", "5": "correction-without-article"}
    manifest = read_manifest(corpus)
    assert manifest["inputs"]["count"] == 5
    assert not [name for name in manifest["inputs"]["files"] if name.startswith("corrections/")]
    assert manifest["options"]["corrections"] == 6


def test_the_audit_builds_it_again(corpus: Path) -> None:
    assert failed(corpus) == []


def test_the_card_says_which_columns_people_corrected(corpus: Path) -> None:
    card = (corpus / "README.md").read_text("utf-8")
    (line,) = [line for line in card.splitlines() if line.startswith("- **automatic with corrections**")]
    assert "annotations_creators:\n- machine-generated\n- expert-generated\n" in card
    assert card.count("All annotations are automatic but for 3 corrections by persons") == 2
    assert "but for 3 corrections by persons" in (corpus / "croissant.json").read_text("utf-8")
    assert line == "- **automatic with corrections**: `articles.headline`, `articles.editors`, `segments.role`."


def test_a_second_build_and_one_by_more_workers_have_the_same_bytes(crawl: Path, file: Path, corpus: Path) -> None:
    again = crawl.parent / "again"
    built(crawl, again, file, shard_bytes=1500, workers=2)
    assert content(again) == content(corpus)
    built(crawl, again, file, shard_bytes=1500)
    assert content(again) == content(corpus)


def test_neither_the_order_of_lines_nor_of_files_changes_what_is_corrected(
    crawl: Path, file: Path, tmp_path: Path
) -> None:
    one = written(tmp_path / "a.jsonl", GOOD[::-1])
    other = written(tmp_path / "b.jsonl", [STALE])
    for out, files in (("x", (one, other)), ("y", (other, one))):
        built(crawl, tmp_path / out, *files)
    assert content(tmp_path / "x") == content(tmp_path / "y")
    built(crawl, tmp_path / "z", file)
    found = diff(open_corpus(tmp_path / "x"), open_corpus(tmp_path / "z"))
    changed = {
        name: {column for change in changes for column in change.columns} for name, changes in found.rows.items()
    }
    assert changed.pop("decisions") == set()
    assert changed == {"segments": {"rule"}, "evidence": {"rule"}, "corrections": {"source_path"}}


def test_without_corrections_nothing_of_them_is_there(crawl: Path, tmp_path: Path) -> None:
    summary = build([crawl], tmp_path / "plain")
    assert (summary.corrections, summary.misfits) == (0, {})
    assert rows(tmp_path / "plain", "corrections") == []
    assert "no person corrected them" in (tmp_path / "plain" / "README.md").read_text("utf-8")
    assert {row["made"] for row in rows(tmp_path / "plain", "articles")} == {"automatic"}
    assert "corrections" not in read_manifest(tmp_path / "plain")["options"]


def test_a_build_that_was_stopped_starts_again_where_corrections_changed(
    crawl: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kliping.building import build as module

    out = tmp_path / "corpus"
    with monkeypatch.context() as patched:
        patched.setattr(module, "finish", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            built(crawl, out, file)
    goes_on = tmp_path / "corpus.work"
    kept = shutil.copytree(goes_on, tmp_path / "kept")
    assert built(crawl, out, file).notice == "Going on with the build that was stopped here."
    shutil.copytree(kept, goes_on)
    other = written(tmp_path / "sari.jsonl", GOOD[:1])
    notice = built(crawl, out, other).notice
    assert notice is not None
    assert notice.endswith("this has changed: corrections.")
    assert len(rows(out, "corrections")) == 1


def test_a_correction_survives_a_new_crawl_of_the_same_bytes(crawl: Path, file: Path, tmp_path: Path) -> None:
    (tmp_path / "baru").mkdir()
    record = {"text": RUMPUT_LAUT, "url": "https://www.kompas.com/read/2023/03/06/rumput-laut"}
    (tmp_path / "baru" / "dump.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    (tmp_path / "baru" / "lain.txt").write_text(JEMBATAN, encoding="utf-8")
    built(tmp_path / "baru", tmp_path / "corpus", file)
    made = {row["source_path"]: row["headline"] for row in rows(tmp_path / "corpus", "articles")}
    assert made["dump.jsonl#1"] == "Rumput Laut Dipanen Dini"
    assert {row["what"] for row in rows(tmp_path / "corpus", "corrections")} == {"headline", "role"}


def test_what_was_built_once_can_be_corrected_further(crawl: Path, corpus: Path, file: Path, tmp_path: Path) -> None:
    more = written(
        tmp_path / "budi.jsonl",
        [
            correction(
                RUMPUT_LAUT, "headline", None, "Rumput Laut Dipanen Dini", "Panen Dini", when="2026-12-01T00:00:00Z"
            )
        ],
    )
    assert [each.outcome for each in check_fit(open_corpus(corpus), read_corrections([more]))] == ["applied"]
    built(crawl, tmp_path / "next", file, more, shard_bytes=1500)
    assert "Panen Dini" in {row["headline"] for row in rows(tmp_path / "next", "articles")}
    assert sorted(row["outcome"] for row in rows(tmp_path / "next", "corrections")) == ["applied"] * 3 + [
        "confirmed",
        "superseded",
    ]
    assert failed(tmp_path / "next") == []
    found = diff(open_corpus(corpus), open_corpus(tmp_path / "next"))
    assert {"articles", "evidence", "corrections"} <= found.rows.keys()
    assert found.bump == "major"


def test_a_takedown_goes_before_corrections_and_no_word_is_kept(crawl: Path, file: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    build([crawl], plain)
    seaweed = next(row["article_id"] for row in rows(plain, "articles") if row["source_path"] == "rumput.txt")
    line = run("takedown", plain, seaweed, "--reason", "person", "--date", "2026-11-29").stdout
    removed = tmp_path / "removed.csv"
    removed.write_text(f"article_id,removed_date,reason,body_sketch\n{line}", encoding="utf-8")
    without = shutil.copytree(crawl, tmp_path / "crawl")
    (without / "rumput.txt").unlink()
    for number, folder in enumerate((crawl, without)):
        out = tmp_path / f"corpus{number}"
        done = run("build", folder, "--out", out, "--removed", removed, "--corrections", file)
        assert done.exit_code == 3, done.output
        assert not_applied(out)["1"] == "correction-without-article"
        (row,) = [row for row in rows(out, "decisions") if row["source_path"] == "corrections/sari.jsonl#1"]
        assert (row["article_id"], row["raw_sha256"]) == (None, None)
        assert "taken down" in row["detail"]
        assert "Dipanen Dini" not in str([rows(out, name) for name in open_corpus(out).manifest["tables"]])
        assert failed(out) == []


def test_without_text_no_word_is_kept_and_it_comes_back_with_the_files(
    crawl: Path, file: Path, corpus: Path, tmp_path: Path
) -> None:
    exported = tmp_path / "exported"
    assert run("export", corpus, exported, "--without-text").exit_code == 0
    assert {(row["old"], row["new"], row["note"]) for row in rows(exported, "corrections")} == {(None, None, None)}
    refused = run("rehydrate", exported, crawl, "--out", tmp_path / "back")
    assert refused.exit_code == 1
    assert "corrections/sari.jsonl#" in refused.stderr
    done = run("rehydrate", exported, crawl, "--out", tmp_path / "back", "--corrections", file)
    assert done.exit_code == 0, done.output
    assert content(tmp_path / "back") == content(corpus)


def test_the_build_says_what_did_not_fit_and_ends_with_three(crawl: Path, file: Path, tmp_path: Path) -> None:
    (crawl / "kosong.txt").unlink()
    (crawl / "salinan.txt").unlink()
    try:
        before = file.read_bytes()
        done = run("build", crawl, "--out", tmp_path / "a", "--corrections", file)
        assert done.exit_code == 3
        assert "corrections: 6 given, 2 of them did not fit" in done.stdout
        assert "corrections/sari.jsonl#4: correction-outdated." in done.stdout
        assert file.read_bytes() == before
        fitting = written(tmp_path / "budi.jsonl", GOOD)
        assert run("build", crawl, "--out", tmp_path / "b", "--corrections", fitting).exit_code == 0
    finally:
        (crawl / "kosong.txt").touch()
        (crawl / "salinan.txt").write_text(JEMBATAN, encoding="utf-8")


def test_files_behind_the_option_are_corrections_as_a_shell_writes_them(crawl: Path, tmp_path: Path) -> None:
    files = [written(tmp_path / f"{number}.jsonl", [record]) for number, record in enumerate(GOOD)]
    run("build", crawl, "--out", tmp_path / "a", "--corrections", *files)
    assert len(rows(tmp_path / "a", "corrections")) == 3
    run("build", crawl, "--out", tmp_path / "b", "--corrections", tmp_path)
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_a_file_of_corrections_among_the_inputs_is_no_document(crawl: Path, tmp_path: Path) -> None:
    seeds = shutil.copytree(crawl, tmp_path / "seeds")
    (seeds / "corrections").mkdir()
    written(seeds / "corrections" / "sari.jsonl", GOOD)
    run("build", seeds, "--out", tmp_path / "a")
    reasons = {row["source_path"]: row["detail"] for row in rows(tmp_path / "a", "decisions") if row["reason"]}
    assert "give it with --corrections" in reasons["corrections/sari.jsonl"]
    run("build", seeds, "--out", tmp_path / "b", "--corrections", seeds / "corrections")
    assert "corrections/sari.jsonl" not in {row["source_path"] for row in rows(tmp_path / "b", "decisions")}
    assert len(rows(tmp_path / "b", "corrections")) == 3
    assert failed(tmp_path / "b") == []


def test_an_input_with_the_name_of_a_correction_ends_the_build(crawl: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(crawl, tmp_path / "crawl")
    (folder / "corrections").mkdir()
    (folder / "corrections" / "sari.jsonl").write_text(json.dumps({"text": JEMBATAN}), encoding="utf-8")
    with pytest.raises(KlipingError, match="the name of an input and of a correction"):
        built(folder, tmp_path / "corpus", written(tmp_path / "sari.jsonl", GOOD))
    assert not (tmp_path / "corpus").exists()


def test_a_malformed_file_ends_the_command_before_anything_is_built(crawl: Path, corpus: Path, tmp_path: Path) -> None:
    bad = tmp_path / "sari.jsonl"
    bad.write_text(json.dumps(GOOD[0]) + "\n{\n", encoding="utf-8")
    for command in (
        ("build", crawl, "--out", tmp_path / "out", "--corrections", bad),
        ("corrections", "check", bad, corpus),
    ):
        done = run(*command)
        assert done.exit_code == 1
        assert "sari.jsonl, line 2: it is no JSON" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sari.jsonl"]


def test_check_says_of_each_line_whether_it_fits(crawl: Path, corpus: Path, file: Path, tmp_path: Path) -> None:
    build([crawl], tmp_path / "plain")
    done = run("corrections", "check", file, tmp_path / "plain")
    assert done.exit_code == 3
    said = dict(sorted(line.split(": ", 1) for line in done.stdout.splitlines() if line.startswith("corrections/")))
    assert [words.partition(".")[0] for words in said.values()] == [
        "fits", "fits", "fits", "does not fit (correction-outdated)", "does not fit (correction-without-article)",
        "fits, and changes nothing: what it says stands there",
    ]  # fmt: skip
    assert done.stdout.endswith(f"4 of 6 corrections fit {tmp_path / 'plain'}.\n")
    assert run("corrections", "check", written(tmp_path / "b.jsonl", GOOD), tmp_path / "plain").exit_code == 0
    again = run("corrections", "check", written(tmp_path / "c.jsonl", GOOD), corpus)
    assert (again.exit_code, again.stdout.count("the corpus holds it already")) == (0, 3)


def test_a_corpus_without_text_cannot_be_checked_against(corpus: Path, file: Path, tmp_path: Path) -> None:
    assert run("export", corpus, tmp_path / "exported", "--without-text").exit_code == 0
    done = run("corrections", "check", file, tmp_path / "exported")
    assert done.exit_code == 1
    assert "is without text" in done.stderr


def test_explain_names_the_correction(corpus: Path) -> None:
    seaweed = next(row["article_id"] for row in rows(corpus, "articles") if row["source_path"] == "rumput.txt")
    shown = run("explain", corpus, seaweed).stdout
    assert "because a person corrected it, as corrections/sari.jsonl#1 says" in shown


ANY = st.fixed_dictionaries(
    {},
    optional={
        "start": st.none() | st.integers(0, 900),
        "end": st.none() | st.integers(0, 900),
        "old": st.sampled_from([None, [], ["paragraph"], ["headline"], ["related"], "x", TITLE, "2023-03-06"]),
        "new": st.sampled_from([None, [], "paragraph", "related", "headline", ["x"], "x", "2023-03-07", 7]),
        "what": st.sampled_from(["role", "headline", "authors", "published_date", "outlet_name", "tags"]),
        "when": st.sampled_from(["2026-11-29T09:30:00Z", "2026-11-30T09:30:00.5Z"]),
        "who": st.sampled_from(["Sari", "Budi"]),
    },
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from([*GOOD, ABSENT]), ANY), max_size=5))
def test_any_file_ends_in_the_corpus_in_decisions_or_in_a_sentence(
    crawl: Path, tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = written(folder / "acak.jsonl", [{key: (record | change)[key] for key in KEYS} for record, change in changes])
    before = path.read_bytes()
    try:
        summary = built(crawl, folder / "corpus", path)
    except CorrectionsError:
        assert not (folder / "corpus").exists()
        return
    finally:
        assert path.read_bytes() == before
    assert summary.corrections == len(changes)
    assert summary.documents == 5
    names = [row["source_path"] for row in rows(folder / "corpus", "corrections")]
    names += [f"corrections/acak.jsonl#{line}" for line in not_applied(folder / "corpus")]
    assert sorted(names) == sorted(f"corrections/acak.jsonl#{number + 1}" for number in range(len(changes)))
    assert list(check_rebuild(open_corpus(folder / "corpus"))) == []
