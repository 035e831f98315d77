"""With hand-labelled roles every field keeps the precision and the recall that the project has promised."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

REPO = Path(__file__).resolve().parents[2]
SHARED = REPO.parent / "shared"
FLOORS = {
    "headline": (0.97, 0.93),
    "outlet_name": (0.97, 0.93),
    "dateline_place": (0.97, 0.93),
    "authors": (0.97, 0.92),
    "editors": (0.97, 0.92),
    "cited_sources": (0.85, 0.80),
}


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_metadata", REPO / "scripts" / "measure_metadata.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the labelled documents beside the repository are missing")
def test_fields_stay_above_their_floors() -> None:
    measuring = script()
    figures, errors = measuring.measure(SHARED / "gold", measuring.load_scorer(SHARED / "score.py"))
    below = {
        name: f for name, f in figures.items() if f["precision"] < FLOORS[name][0] or f["recall"] < FLOORS[name][1]
    }
    assert below == {}, errors
