"""The published corpus as its users meet it: it loads offline without a warning, and it passes its own validation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import datasets

from kliping import schema
from kliping.check.validate import validate
from kliping.corpus.folder import open_corpus
from kliping.corpus.manifest import read_manifest

REPO = Path(__file__).parents[2]


def test_every_config_loads_in_a_fresh_process_offline_and_in_silence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("load_every_config.py")), "corpus", str(tmp_path)],
        cwd=REPO,
        env=os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    manifest = read_manifest(REPO / "corpus")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        [name, manifest["tables"][name]["rows"], _types(name), manifest["version"]]
        for name in schema.load().tables
        if manifest["tables"][name]["rows"]
    ]
    assert manifest["tables"]["duplicates"]["rows"] == 0, "the five seeds are no copies of each other"


def _types(table: str) -> dict[str, str]:
    """The types that the contract declares, in the words of datasets."""
    declared = datasets.Features.from_arrow_schema(schema.arrow_schema(table)).arrow_schema
    return {name: str(kind) for name, kind in zip(declared.names, declared.types, strict=True)}


def test_it_validates() -> None:
    assert [str(incident) for incident in validate(open_corpus(REPO / "corpus"))] == []
