"""Trains the weights of the roles' linear chain from labelled pages: the same integers, the same bytes each run.

usage: train_roles.py [--shared ../shared] [--out src/kliping/annotation/roles/weights.tsv]

`labelled.examples` says which pages are learnt from. Needs NumPy and SciPy, for training only:
`pip install scipy==1.17.1`. What is written are statistics, one row of numbers a code, no text.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labelled import examples
from training.examples import load_examples
from training.fitting import lines, train

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on all labelled pages that may be read and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, default=ROOT / "src/kliping/annotation/roles/weights.tsv")
    options: Any = parser.parse_args(arguments)
    options.out.write_text("\n".join(lines(train(load_examples(examples(options.shared))))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
