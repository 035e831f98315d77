"""What stands in seeds/ is listed, has its digest, and is described: nothing more, nothing less, nothing invented."""

from __future__ import annotations

import copy
import hashlib
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kliping.curate import takedown

SEEDS = Path(__file__).parents[2] / "seeds"
ABOUT = {
    "README.md", "corpus.toml", "SHA256SUMS", "provenance.toml", "provenance.schema.json", "removed.csv", "corrections",
}  # fmt: skip
LISTED = dict(line.split("  ")[::-1] for line in (SEEDS / "SHA256SUMS").read_text("utf-8").splitlines())
PROVENANCE: dict[str, Any] = tomllib.loads((SEEDS / "provenance.toml").read_text("utf-8"))
FORM = jsonschema.Draft202012Validator(json.loads((SEEDS / "provenance.schema.json").read_text("utf-8")))


def test_every_file_is_listed_in_order_and_none_is_missing() -> None:
    inputs = sorted(path.name for path in SEEDS.iterdir() if path.name not in ABOUT)
    assert list(LISTED) == inputs
    assert [seed["file"] for seed in PROVENANCE["seed"]] == inputs


@pytest.mark.parametrize("name", LISTED)
def test_the_bytes_are_those_that_were_listed(name: str) -> None:
    assert hashlib.sha256((SEEDS / name).read_bytes()).hexdigest() == LISTED[name]


@pytest.mark.parametrize("seed", PROVENANCE["seed"], ids=lambda seed: seed["file"])
def test_what_is_said_of_the_bytes_and_of_the_name_is_so(seed: dict[str, str]) -> None:
    data, remarks = (SEEDS / seed["file"]).read_bytes(), seed["remarks"]
    assert ("ASCII" in remarks) == data.isascii()
    assert ("UTF-8" in remarks) == (not data.isascii())
    assert b"\r" not in data
    assert not data.endswith(b"\n")
    digits = seed["file"].removesuffix(".txt").partition("_")[2]
    assert len(digits) == 16
    assert not any(hashlib.new(name, data).hexdigest().startswith(digits) for name in ("md5", "sha1", "sha256"))


def test_the_sidecar_has_its_form() -> None:
    jsonschema.Draft202012Validator.check_schema(FORM.schema)
    assert [error.message for error in FORM.iter_errors(PROVENANCE)] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found.update(licence="free"),
        lambda found: found["collection"].pop("crawler"),
        lambda found: found["seed"][0].update(author="somebody"),
        lambda found: found["seed"][0].update(url="Kompas"),
        lambda found: found["seed"][0].update(remarks=""),
        lambda found: found["collection"].update(retrieved_at="last week"),
    ],
)
def test_a_sidecar_of_another_form_is_refused(spoil: Callable[[dict[str, Any]], object]) -> None:
    found = copy.deepcopy(PROVENANCE)
    spoil(found)
    assert not FORM.is_valid(found)


def test_no_input_was_taken_down() -> None:
    removed = takedown.read_removed(SEEDS / "removed.csv")
    assert removed.ids.isdisjoint(digest[:32] for digest in LISTED.values())
