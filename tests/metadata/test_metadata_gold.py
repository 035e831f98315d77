"""With hand-labelled roles every field keeps the precision and the recall that the project has promised."""

from pathlib import Path

import measure_metadata
import pytest
from scorer import load_scorer

REPO = Path(__file__).resolve().parents[2]
SHARED = REPO.parent / "shared"
FLOORS = {
    "headline": (0.98, 0.95),
    "outlet_name": (0.98, 0.95),
    "dateline_place": (0.98, 0.95),
    "authors": (0.97, 0.92),
    "editors": (0.97, 0.92),
    "cited_sources": (0.92, 0.85),
}


@pytest.mark.parametrize("name", ["gold", "crawls"])
@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the labelled documents beside the repository are missing")
def test_fields_stay_above_their_floors(name: str) -> None:
    figures, errors = measure_metadata.measure(SHARED / name, load_scorer(SHARED / name))
    below = {
        name: f for name, f in figures.items() if f["precision"] < FLOORS[name][0] or f["recall"] < FLOORS[name][1]
    }
    assert below == {}, errors
