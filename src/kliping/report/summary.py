"""Says in a few lines what a build made of its inputs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kliping.build import Summary


def summary_lines(summary: Summary, out: Path) -> Iterator[str]:
    """Yield what came in, what was kept, what was set aside and why, and how to go on."""
    if summary.notice:
        yield summary.notice
    yield f"{out}: version {summary.manifest['version']}, {summary.kept} of {summary.documents} documents kept"
    for name, table in summary.manifest["tables"].items():
        yield f"  {name:10} {table['rows']:>10,} rows  {table['root']}"
    for reason, count in summary.set_aside.items():
        yield f"  set aside: {count:,} {reason}"
    if summary.set_aside:
        yield f"Every document that was set aside has its reason in {out}/decisions."
    yield f'Load it: datasets.load_dataset("{out}")'
