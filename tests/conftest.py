"""No test asserts speed by the clock; tests that run commands as people do are told by their folders, and run apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

HERE = Path(__file__).parent
COMMANDS = (
    "builds",
    "check/test_audit_page.py",
    "check/test_mutations.py",
    "cli",
    "copies/test_splits.py",
    "corpus/test_rebuild.py",
    "corrections",
    "docs",
    "export",
    "layers/test_proof.py",
    "publish",
    "read/test_remote.py",
)
"""Where tests start processes, build corpora over and over, or run what a page says: minutes in all."""
APART = ("spark", "datatrove", "soak", "install", "quality", "browser")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test-commands` runs."""
    for item in items:
        place = item.path.relative_to(HERE).as_posix()
        if place.startswith(COMMANDS) and not any(map(item.get_closest_marker, APART)):
            item.add_marker("commands")
