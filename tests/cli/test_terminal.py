"""A terminal gets colours and progress, a pipe gets neither; what `--json` prints keeps the contract."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from person import ARTICLE, at_terminal, kliping

from kliping import schema
from kliping.cli import main

REPO = Path(__file__).parents[2]
ESCAPE = "\x1b["


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "satu.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def test_annotate_has_colours_on_a_terminal_only(page: Path) -> None:
    seen, piped = at_terminal("annotate", page), CliRunner().invoke(main, ["annotate", str(page)])
    assert (seen.status, piped.exit_code) == (0, 0)
    assert "\x1b[1;32m paragraph" in seen.text
    assert ESCAPE not in piped.stdout
    for line in ARTICLE.splitlines():
        assert line.split()[0] in piped.stdout


def test_annotate_reads_standard_input(page: Path) -> None:
    done = kliping("annotate", "-", input=ARTICLE)
    assert (done.returncode, done.stderr) == (0, "")
    named = CliRunner().invoke(main, ["annotate", str(page)]).stdout
    assert done.stdout.splitlines()[1:] == named.splitlines()[1:]


def test_json_holds_the_rows_of_every_table_as_the_contract_says(page: Path) -> None:
    tables = json.loads(CliRunner().invoke(main, ["annotate", str(page), "--json"]).stdout)
    schemas = {path.name.split(".")[0]: json.loads(path.read_text()) for path in (REPO / "schema" / "json").iterdir()}
    assert set(tables) == set(schema.of_scope(schema.ARTICLE))
    for name, rows in tables.items():
        check = jsonschema.Draft202012Validator(schemas[name], format_checker=jsonschema.FormatChecker())
        assert rows or name == "corrections", "nobody corrected it"
        assert [error.message for row in rows for error in check.iter_errors(row)] == []
        assert not any(check.is_valid(row | {"more": 1}) for row in rows[:1])
    assert tables["articles"][0]["outlet_id"] == "kompas"
    assert tables["raw"][0]["text"] == ARTICLE


def test_progress_shows_on_a_terminal_only(page: Path, tmp_path: Path) -> None:
    seen = at_terminal("build", page, "--out", tmp_path / "a")
    assert seen.status == 0
    assert "annotating" in seen.text
    piped = CliRunner().invoke(main, ["build", str(page), "--out", str(tmp_path / "b")])
    assert (piped.exit_code, piped.stderr) == (0, "")
    assert ESCAPE not in piped.stdout
    assert "annotating" not in piped.stdout


def test_annotate_reads_a_saved_page_as_build_does(tmp_path: Path) -> None:
    page = tmp_path / "laman.html"
    more = ["Pedagang di pasar lain belum menurunkan harga, tetapi stok mereka cukup sampai akhir bulan."] * 3
    lines = "".join(f"<p>{line}</p>" for line in [*ARTICLE.splitlines()[2:6], *more])
    page.write_text(f"<!DOCTYPE html><html><body><h1>Harga beras turun</h1>{lines}</body></html>", "utf-8")
    tables = json.loads(CliRunner().invoke(main, ["annotate", str(page), "--json"]).stdout)
    assert tables["raw"][0]["source_path"] == "laman.html"
    assert tables["raw"][0]["extractor"].startswith("kliping")
    assert "<p>" not in tables["raw"][0]["text"]
    assert "Harga beras di pasar Mardika turun" in tables["articles"][0]["text"]
