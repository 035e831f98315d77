"""The contract in an installed package: found beside the code, wherever the checkout is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from kliping import schema

REPO = Path(__file__).parents[2]


def test_a_package_away_from_the_checkout_reads_its_own_copy(tmp_path: Path):
    package = tmp_path / "kliping"
    shutil.copytree(REPO / "src" / "kliping", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPO / "schema", package / "schema")
    code = "from kliping import schema; print(schema.folder()); print(*schema.load().tables, sep=chr(10))"
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=True, text=True
    ).stdout
    assert printed.splitlines() == [str(package / "schema"), *schema.load().tables]
