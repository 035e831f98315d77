"""The measuring script runs on the shared pages, and the figures do not fall below what the project promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent.parent
SHARED = REPO.parent / "shared"


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the labelled pages (../shared/gold) are not here")
def test_figures_hold() -> None:
    command = [sys.executable, str(REPO / "scripts" / "measure_dates.py"), "--shared", str(SHARED), "--json"]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert figures["published"]["precision"] >= 0.95
    assert figures["published"]["recall"] >= 0.88
    assert figures["timex"]["span_recall"] >= 0.85
    assert figures["timex"]["value_accuracy"] >= 0.8
