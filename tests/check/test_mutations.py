"""No damage to a corpus goes unnoticed: every seeded mutation of every kind is named by the audit."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest
from mutations import Mutation, all_mutations

from kliping.check.audit import FAILED, PUBLISHED, audit
from kliping.check.incident import INCIDENTS
from kliping.corpus.folder import open_corpus
from kliping.errors import KlipingError

MUTATIONS = tuple(all_mutations())


def failures(corpus: Path, published: str | None) -> tuple[str, ...]:
    """The title of the first step of the audit that fails and what it says; or the sentence that refuses the corpus."""
    try:
        for step in audit(open_corpus(corpus), published=published):
            if step.status == FAILED:
                assert {incident.name for incident in step.incidents} <= INCIDENTS.keys()
                return (step.title, *map(str, step.incidents))
    except KlipingError as sentence:
        return ("cannot be opened", str(sentence))
    return ()


def test_there_are_enough_mutations_and_no_two_alike() -> None:
    names = [mutation.name for mutation in MUTATIONS]
    assert len(set(names)) == len(names)
    assert len(names) >= 200


def test_the_undamaged_corpus_passes(corpus: Path) -> None:
    assert failures(corpus, open_corpus(corpus).digest) == ()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_damage_is_named(mutation: Mutation, corpus: Path, tmp_path: Path) -> None:
    published = open_corpus(corpus).digest if mutation.needs_published else None
    damaged = shutil.copytree(corpus, tmp_path / "corpus")
    mutation.damage(damaged, Random(mutation.name))
    assert any(a.read_bytes() != b.read_bytes() for a, b in _pairs(corpus, damaged)), "the mutation changed nothing"
    found = failures(damaged, published)
    assert found, "the audit passes"
    assert mutation.place in found[1], found
    assert (found[0] == PUBLISHED) == mutation.needs_published, found


def _pairs(corpus: Path, damaged: Path) -> list[tuple[Path, Path]]:
    """The files of both folders; one that is in one of them only stands beside an empty one."""
    empty = damaged.parent / "empty"
    empty.touch()
    files = {path.relative_to(folder) for folder in (corpus, damaged) for path in folder.rglob("*") if path.is_file()}
    return [
        tuple(folder / file if (folder / file).exists() else empty for folder in (corpus, damaged)) for file in files
    ]
