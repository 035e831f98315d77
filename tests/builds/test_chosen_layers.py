"""Layers that are left out of a build have no table and change nothing else, and whatever reads the corpus knows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from corpora import JEMBATAN, RUMPUT_LAUT

from kliping import build, schema
from kliping.building import local
from kliping.building.build import BuildOptions
from kliping.building.endings import BuildError
from kliping.check.audit import PASSED, SKIPPED, audit
from kliping.check.validate import validate
from kliping.cli import main
from kliping.corpus.folder import open_corpus
from kliping.corpus.layout import CROISSANT, README, SUMS
from kliping.corpus.manifest import Manifest, dump
from kliping.errors import KlipingError
from kliping.kernel import annotate_arrow, documents_schema
from kliping.publish.without_text import export_without_text, rehydrate

CHOICES = ((), ("sentences",), ("time_expressions",), ("sentences", "quotations"))


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawl")
    (folder / "laut.txt").write_text(RUMPUT_LAUT, encoding="utf-8")
    (folder / "jembatan.txt").write_text(JEMBATAN, encoding="utf-8")
    (folder / "kosong.txt").write_text("")
    return folder


@pytest.fixture(scope="module")
def whole(crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus with all layers, in several shards."""
    out = tmp_path_factory.mktemp("whole") / "corpus"
    build([crawl], out, shard_bytes=500)
    return out


def with_layers(crawl: Path, out: Path, layers: tuple[str, ...] | None) -> Manifest:
    manifest = build([crawl], out, shard_bytes=500, options=BuildOptions(layers=layers)).manifest
    return dict(manifest)


@pytest.mark.parametrize("layers", CHOICES, ids=lambda layers: "+".join(layers) or "none")
def test_a_layer_left_out_has_no_table_and_the_others_are_what_they_were(
    layers: tuple[str, ...], crawl: Path, whole: Path, tmp_path: Path
) -> None:
    made, full = with_layers(crawl, tmp_path / "corpus", layers), open_corpus(whole).manifest
    without = {*schema.optional()} - {*layers}
    assert made["tables"].keys() == full["tables"].keys() - without
    assert {path.name for path in (tmp_path / "corpus").iterdir() if path.is_dir()} == made["tables"].keys()
    for name in made["tables"].keys() - {"articles"}:
        assert made["tables"][name]["root"] == full["tables"][name]["root"], name
    corpus = open_corpus(tmp_path / "corpus")
    counts = corpus.whole("articles").column("sentence_count").to_pylist()
    assert (None in counts) == ("sentences" in without)
    assert ("sentence_count" in made["statistics"]["articles"]) == ("sentences" not in without)


@pytest.mark.parametrize("layers", CHOICES, ids=lambda layers: "+".join(layers) or "none")
def test_checks_pass_and_the_rebuild_runs_the_same_layers(layers: tuple[str, ...], crawl: Path, tmp_path: Path) -> None:
    with_layers(crawl, tmp_path / "corpus", layers)
    corpus = open_corpus(tmp_path / "corpus")
    assert validate(corpus) == []
    steps = {step.title: step for step in audit(corpus)}
    assert {step.status for step in steps.values()} == {PASSED, SKIPPED}
    assert steps["Rebuild from raw"].status == PASSED


def test_neither_order_nor_repetition_of_the_names_moves_a_byte(crawl: Path, whole: Path, tmp_path: Path) -> None:
    names = ("quotations", "sentences")
    for number, layers in enumerate((names, names[::-1], names + names)):
        with_layers(crawl, tmp_path / str(number), layers)
    assert len({(tmp_path / str(number) / SUMS).read_bytes() for number in range(3)}) == 1
    with_layers(crawl, tmp_path / "all", schema.optional())
    assert (tmp_path / "all" / SUMS).read_bytes() == (whole / SUMS).read_bytes()


def test_card_and_croissant_tell_of_what_is_there(crawl: Path, tmp_path: Path) -> None:
    with_layers(crawl, tmp_path / "corpus", ("sentences",))
    card = (tmp_path / "corpus" / README).read_text("utf-8")
    assert "Built without the layers `quotations`, `time_expressions`" in card
    assert "### sentences" in card
    assert "### quotations" not in card
    croissant = json.loads((tmp_path / "corpus" / CROISSANT).read_bytes())
    assert {record["name"] for record in croissant["recordSet"]}.isdisjoint({"quotations", "time_expressions"})


def test_a_manifest_that_lies_about_its_layers_is_caught(crawl: Path, tmp_path: Path) -> None:
    made = with_layers(crawl, tmp_path / "corpus", ("sentences",))
    for chosen in ([], ["sentences", "quotations"]):
        made["options"]["layers"] = chosen
        (tmp_path / "corpus" / "manifest.json").write_text(dump(made), "utf-8")
        found = {(incident.name, incident.place) for incident in validate(open_corpus(tmp_path / "corpus"))}
        wrong = "table sentences" if not chosen else "table quotations"
        assert ("manifest-mismatch", wrong) in found


def test_text_can_be_taken_out_and_put_back(crawl: Path, tmp_path: Path) -> None:
    with_layers(crawl, tmp_path / "corpus", ("time_expressions",))
    export_without_text(open_corpus(tmp_path / "corpus"), tmp_path / "bare")
    assert validate(open_corpus(tmp_path / "bare")) == []
    rehydrate(open_corpus(tmp_path / "bare"), [crawl], tmp_path / "again")
    assert (tmp_path / "again" / SUMS).read_bytes() == (tmp_path / "corpus" / SUMS).read_bytes()


def test_other_layers_are_annotated_again(crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that was stopped does not go on with shards that hold other tables."""
    annotating: Callable[..., object] = local.make

    def stopped(job: object) -> object:
        annotating(job)
        raise BuildError("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(local, "make", stopped)
        with pytest.raises(BuildError, match="stopped"):
            build([crawl], tmp_path / "corpus")
    summary = build([crawl], tmp_path / "corpus", options=BuildOptions(layers=("sentences",)))
    assert summary.notice == "Starting again: since the build that was stopped here, this has changed: options."
    assert validate(open_corpus(tmp_path / "corpus")) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("sentence", "There is no layer 'sentence' to choose; there are sentences, quotations, time_expressions."),
        ("", "There is no layer '' to choose"),
        ("sentences,", "There is no layer '' to choose"),
        ("none,sentences", "There is no layer 'none' to choose"),
        ("evidence", "There is no layer 'evidence' to choose"),
        ("quotations", "The layer quotations reads what sentences finds: name that layer too."),
    ],
)
def test_what_cannot_be_chosen_is_said_before_anything_is_touched(
    given: str, said: str, crawl: Path, tmp_path: Path
) -> None:
    result = CliRunner().invoke(main, ["build", str(crawl), "--out", str(tmp_path / "corpus"), "--layers", given])
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KlipingError) as error:
        build([crawl], tmp_path / "corpus", options=BuildOptions(layers=tuple(given.split(","))))
    assert said in str(error.value)


def test_the_help_names_every_layer_that_can_be_left_out() -> None:
    told = " ".join(CliRunner().invoke(main, ["build", "--help"]).output.split())
    *names, last = schema.optional()
    assert f"{', '.join(names)} and {last} (all if not given)" in told


def test_the_kernel_of_pipelines_leaves_layers_out_too() -> None:
    batch = {"data": RUMPUT_LAUT.encode(), "source_path": "laut.txt"}
    tables = annotate_arrow(pa.RecordBatch.from_pylist([batch], documents_schema()), layers=["time_expressions"])
    assert {*schema.optional()} & tables.keys() == {"time_expressions"}
    assert tables["time_expressions"].num_rows
    assert tables["articles"].column("sentence_count").to_pylist() == [None]
