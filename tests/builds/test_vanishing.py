"""No build costs a corpus by a slip: articles vanish only where that is asked for, and what is read stays read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spawned import Takedowns, build_by, plain
from test_build import SMALL_SHARD, content, pages

from kliping.building import spill, vanishing
from kliping.building.build import BuildOptions
from kliping.building.endings import BuildError
from kliping.building.spill import Runs, write_runs
from kliping.building.vanishing import Former, missing_in
from kliping.curate.takedown import Removed
from kliping.errors import KlipingError
from kliping.model import Annotation, RawDocument, Refusal, SetAside

VANISH = "among these inputs"


def texts(folder: Path, *numbers: int) -> Path:
    """A folder with a page for each number."""
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number}.txt").write_text(f"Harga cabai naik {number} rupiah di pasar itu.")
    return folder


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_other_documents_do_not_replace_a_corpus(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_by(plain, [texts(tmp_path / "lama", 1, 2, 3)], out)
    before = content(out)
    with pytest.raises(BuildError, match=r"2 of 3 articles in .*out are not among these inputs \(") as refused:
        build_by(plain, [texts(tmp_path / "baru", 3, 4)], out)
    assert {name for name in ("1.txt", "2.txt", "3.txt", "4.txt") if name in str(refused.value)} == {"1.txt", "2.txt"}
    assert "Add --append to keep them" in str(refused.value)
    assert "--replace" in str(refused.value)
    assert content(out) == before

    summary = build_by(plain, [tmp_path / "baru"], out, replace=True)
    assert summary.notice == "Going on with the build that was stopped here."
    assert [remark for remark in summary.remarks if "as --replace asks" in remark]
    build_by(plain, [tmp_path / "baru"], tmp_path / "undisturbed")
    assert content(out) == content(tmp_path / "undisturbed")
    assert not (tmp_path / "out.work").exists()


def rename(folder: Path) -> None:
    (folder / "1.txt").rename(folder / "satu.txt")


def pour_into_a_dump(folder: Path) -> None:
    lines = [json.dumps({"text": path.read_text()}) + "\n" for path in sorted(folder.glob("*.txt"))]
    for path in folder.iterdir():
        path.unlink()
    (folder / "dump.jsonl").write_text("".join(lines))


def add_more(folder: Path) -> None:
    texts(folder, 7, 8, 9)


@pytest.mark.parametrize("change", [lambda folder: None, rename, pour_into_a_dump, add_more])
def test_the_same_documents_or_more_build_as_ever(change: Callable[[Path], None], tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", 1, 2)
    build_by(plain, [folder], tmp_path / "out")
    change(folder)
    summary = build_by(plain, [folder], tmp_path / "out")
    assert summary.remarks == ()
    build_by(plain, [folder], tmp_path / "undisturbed")
    assert content(tmp_path / "out") == content(tmp_path / "undisturbed")


def edit(folder: Path) -> None:
    (folder / "1.txt").write_text("Harga cabai turun.")


def delete(folder: Path) -> None:
    (folder / "1.txt").unlink()


def empty(folder: Path) -> None:
    (folder / "1.txt").write_text("")


@pytest.mark.parametrize("change", [edit, delete, empty])
def test_an_article_vanishes_with_its_bytes(change: Callable[[Path], None], tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", 1, 2)
    build_by(plain, [folder], tmp_path / "out")
    change(folder)
    with pytest.raises(BuildError, match=r"1 of 2 articles in .* is not among these inputs \(1\.txt\)"):
        build_by(plain, [folder], tmp_path / "out")


def test_a_limit_below_the_corpus_is_refused(tmp_path: Path) -> None:
    folder = pages(tmp_path / "in")
    build_by(plain, [folder], tmp_path / "out")
    with pytest.raises(BuildError, match="25 of 60 articles"):
        build_by(plain, [folder], tmp_path / "out", options=BuildOptions(limit=5))


def test_what_is_taken_down_is_meant_to_go(tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", 1, 2)
    unwanted = sha256((folder / "1.txt").read_bytes())[:32]
    build_by(plain, [folder], tmp_path / "out")
    (folder / "1.txt").unlink()
    options = BuildOptions(removed=Removed(frozenset({unwanted}), ()))
    assert build_by(plain, [folder], tmp_path / "out", options=options).kept == 1


def test_what_is_set_aside_anew_is_there_still(tmp_path: Path) -> None:
    def strict(documents: Sequence[RawDocument]) -> list[Annotation | SetAside]:
        return plain([RawDocument(b"", d.source_path) if b" 1 " in d.data else d for d in documents])

    folder = texts(tmp_path / "in", 1, 2)
    build_by(plain, [folder], tmp_path / "out")
    summary = build_by(strict, [folder], tmp_path / "out")
    assert (summary.kept, summary.set_aside) == (1, {"empty": 1})


def test_a_file_that_is_read_as_another_format_is_there_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a new version tells a table where the old one saw one text."""
    folder = texts(tmp_path / "in", 1)
    (folder / "tabel.txt").write_text('{"text": "Harga beras turun."}\n{"text": "Harga gula naik."}\n')
    with monkeypatch.context() as patched:
        patched.setattr("kliping.read.sniff", lambda *_, **__: "text")
        build_by(plain, [folder], tmp_path / "out")
    assert build_by(plain, [folder], tmp_path / "out").kept == 3


def test_a_corpus_that_cannot_be_compared_is_kept(tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", 1)
    build_by(plain, [folder], tmp_path / "out")
    (file,) = (tmp_path / "out" / "raw").iterdir()
    file.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(KlipingError, match=r"cannot be read, so nobody knows which articles .* --replace"):
        build_by(plain, [folder], tmp_path / "out")
    assert build_by(plain, [folder], tmp_path / "out", replace=True).kept == 1


def test_force_does_not_stand_for_replace_nor_replace_for_force(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_by(plain, [texts(tmp_path / "lama", 1)], out)
    (out / "catatan.txt").write_text("penting")
    other = texts(tmp_path / "baru", 2)
    with pytest.raises(KlipingError, match=r"did not make \(catatan\.txt\)"):
        build_by(plain, [other], out, replace=True)
    with pytest.raises(BuildError, match=VANISH):
        build_by(plain, [other], out, force=True)
    summary = build_by(plain, [other], out, force=True, replace=True)
    assert any("catatan.txt" in remark and "--force" in remark for remark in summary.remarks)
    assert not (out / "catatan.txt").exists()


def test_large_corpora_are_compared_shard_by_shard_and_portion_by_portion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vanishing, "SOUGHT", 3)
    folder = pages(tmp_path / "in")
    build_by(plain, [folder], tmp_path / "out", shard_bytes=SMALL_SHARD)
    assert len(list((tmp_path / "out" / "raw").iterdir())) > 3
    (folder / "dump.jsonl").rename(tmp_path / "dump.jsonl")
    with pytest.raises(BuildError, match="30 of 60 articles"):
        build_by(plain, [folder], tmp_path / "out", shard_bytes=SMALL_SHARD)
    assert build_by(plain, [folder, tmp_path / "dump.jsonl"], tmp_path / "out").kept == 60


BYTES = st.sampled_from([b"", *(f"isi {number}".encode() for number in range(8))])
ITEMS = st.one_of(
    st.builds(RawDocument, BYTES, st.just("")),
    st.builds(lambda data, page: RawDocument(data, "", extractor="x", source_sha256=sha256(page)), BYTES, BYTES),
    st.builds(lambda data: Refusal("", sha256(data), "empty", ""), BYTES),
    st.just(Refusal("", None, "unreadable", "")),
)
FORMER = st.builds(
    lambda data, page: (sha256(data)[:32], page if page is None else sha256(page)), BYTES, st.none() | BYTES
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(ITEMS, max_size=12), former=st.lists(FORMER, unique_by=lambda pair: pair[0]))
def test_missing_is_what_no_item_has_the_bytes_of(
    tmp_path_factory: pytest.TempPathFactory, items: list[spill.Item], former: list[tuple[str, str | None]]
) -> None:
    """The merge and the search in portions say what a look at all digests at once says."""
    folder = tmp_path_factory.mktemp("runs")
    named = [
        RawDocument(item.data, f"{number}", extractor=item.extractor, source_sha256=item.source_sha256)
        if isinstance(item, RawDocument)
        else Refusal(f"{number}", item.raw_sha256, item.reason, item.detail)
        for number, item in enumerate(items)
    ]
    names, _, _ = write_runs(named, folder, "run")
    there = set()
    for item in named:
        digests = (item.sha256, item.source_sha256) if isinstance(item, RawDocument) else (item.raw_sha256,)
        there |= {digest[:32] for digest in digests if digest}
    articles = [Former(identity, page, "") for identity, page in sorted(former, key=lambda pair: pair[0])]
    found = list(missing_in(Runs([folder / name for name in names]), iter(articles)))
    assert found == [article for article in articles if there.isdisjoint(article.ids())]


def test_a_limit_takes_the_first_records_of_each_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kliping.building.tasks.LEAST_GATHER_BYTES", 500)
    options = BuildOptions(limit=2, removed=Takedowns(plain))
    folder = pages(tmp_path / "in")
    outputs = []
    for workers in (1, 3):
        out = tmp_path / f"out{workers}"
        summary = build_by(plain, [folder], out, workers=workers, options=options)
        outputs.append(content(out))
        paths = pq.read_table(out / "decisions").column("source_path").to_pylist()
        assert sorted(path for path in paths if "#" in path) == ["dump.jsonl#1", "dump.jsonl#2"]
        assert summary.documents == 32
        assert summary.manifest["options"]["limit"] == 2
    assert outputs[0] == outputs[1]


def test_a_limit_is_part_of_what_a_build_is(tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", 1, 2)
    build_by(plain, [texts(tmp_path / "lama", 5)], tmp_path / "out")
    for limit in (None, 1):
        with pytest.raises(BuildError, match=VANISH):
            build_by(plain, [folder], tmp_path / "out", options=BuildOptions(limit=limit))
    options = BuildOptions(limit=3)
    summary = build_by(plain, [folder], tmp_path / "out", options=options, replace=True)
    assert summary.notice == "Starting again: since the build that was stopped here, this has changed: options."


def test_a_build_that_keeps_nothing_says_why_and_leaves_the_corpus(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_by(plain, [texts(tmp_path / "lama", 1)], out)
    before = content(out)
    (tmp_path / "in").mkdir()
    for name, data in (("a.txt", b""), ("b.txt", b" "), ("c.jsonl", b'{"isi_saya": "x"}\n')):
        (tmp_path / "in" / name).write_bytes(data)
    with pytest.raises(BuildError) as refused:
        build_by(plain, [tmp_path / "in"], out, replace=True)
    first, *reasons, last = str(refused.value).splitlines()
    assert first == f"None of the 3 documents became an article, so no corpus was made and {out} is as it was."
    assert reasons[0] == "  2 empty, such as a.txt: It is empty."
    assert reasons[1].startswith("  1 no-text-field, such as c.jsonl#1: It lacks")
    assert "kliping inspect" in last
    assert content(out) == before
    assert not (tmp_path / "out.work").exists()
