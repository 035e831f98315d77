"""A headless Chromium of this machine; without one, or without what drives it, these tests skip and say so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser import pages

from kliping.corpus.folder import open_corpus
from kliping.report.viewer import write_report

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, started once."""
    driving = pytest.importorskip("playwright.sync_api", reason="the extra kliping[browser] is not installed")
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"there is no browser on this machine: none of {', '.join(NAMES)} is installed")
    with driving.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pages.varied(tmp_path_factory.mktemp("reported") / "corpus")


@pytest.fixture(scope="session")
def report(corpus: Path) -> Path:
    path = corpus.parent / "report.html"
    write_report(open_corpus(corpus), path)
    return path
