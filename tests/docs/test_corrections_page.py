"""docs/corrections.md tells what is so: its table, its examples, its reasons, and its commands run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kliping import schema
from kliping.curate.corrections import KEYS, read_corrections

sys.path.append(str(Path(__file__).parents[1] / "corrections"))
from correcting import correction, written

PAGE = (Path(__file__).parents[2] / "docs" / "corrections.md").read_text("utf-8")
FORM, REASONS = (
    re.findall(r"^\| (`.*?) \| (.*) \|$", part, re.MULTILINE) for part in PAGE.split("## What a correction")
)
(EXAMPLES,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
(COMMANDS,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
TEXT = "BIAK, KOMPAS.com - Petani garam di Teluk Wani memanen lebih awal. Simak resep ikan. Harga naik, kata pedagang."


def test_the_table_has_all_keys_and_columns() -> None:
    assert tuple(re.findall(r"`(\w+)`", "".join(keys for keys, _ in FORM))) == KEYS
    what = next(value for keys, value in FORM if keys == "`what`")
    assert set(re.findall(r"`(\w+)`", what)) == {*schema.names("correctable"), "articles"}


def test_the_examples_are_read(tmp_path: Path) -> None:
    (tmp_path / "contoh.jsonl").write_text(EXAMPLES, encoding="utf-8")
    assert read_corrections([tmp_path / "contoh.jsonl"]).count == 2
    assert [tuple(json.loads(line)) for line in EXAMPLES.splitlines()] == [KEYS, KEYS]


def test_the_reasons_are_those_of_the_vocabulary() -> None:
    terms = schema.load().vocabularies["decision-reasons"]
    assert [reason.strip("`") for reason, _ in REASONS] == [term.name for term in terms if term.group == "not-applied"]


@pytest.mark.parametrize("command", COMMANDS.splitlines())
def test_the_commands_run(command: str, tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    (tmp_path / "crawl" / "garam.txt").write_text(TEXT, encoding="utf-8")
    written(tmp_path / "corrections.jsonl", [correction(TEXT, "role", "Simak resep ikan.", ["paragraph"], "related")])
    path = Path(sys.executable).parent
    for each in [*COMMANDS.splitlines()[: COMMANDS.splitlines().index(command)], command]:
        done = subprocess.run(
            [str(path / "kliping"), *each.split()[1:]], cwd=tmp_path, capture_output=True, check=False
        )
    assert done.returncode == 0, done.stderr
