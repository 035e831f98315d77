#!/usr/bin/env python3
"""Print the content roots of corpora built from inputs: a change that moves no row leaves every line as it is.

usage: content_roots.py INPUT [INPUT ...]     each input, a file or a folder, becomes one corpus in a temporary folder

    S=../shared; python scripts/content_roots.py seeds $S/gold/docs $S/crawls/docs $S/tasks/bulk $S/tasks/html
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from kliping import build


def main() -> None:
    """Build each input and print `input table rows root` a line."""
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory(prefix="kliping-roots-") as scratch:
            summary = build([name], Path(scratch, "corpus"), workers=os.cpu_count() or 1)
        for table, entry in summary.manifest["tables"].items():
            print(f"{name:32} {table:12} {entry['rows']:>8,} {entry['root']}", flush=True)


if __name__ == "__main__":
    main()
