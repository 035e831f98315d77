"""The layout of a corpus folder: the names of its files and their splits, what git-lfs leaves in place of a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

MANIFEST = "manifest.json"
README = "README.md"
CROISSANT = "croissant.json"
SUMS = "SHA256SUMS"
DESCRIBING = (README, CROISSANT, MANIFEST)
"""The files of a corpus beside its Parquet files and SHA256SUMS."""

SPLIT = "train"
"""The split of tables that are not divided; `datasets` gives this name to such data."""

LFS_POINTER = b"version https://git-lfs"
"""How the small file begins that git leaves where `git lfs pull` was not run."""

_FILE = re.compile(r"(?P<table>\w+)/(?P<split>\w+)-\d{5}-of-\d{5}\.parquet")


def table_file(table: str, rank: int, count: int, split: str = SPLIT) -> str:
    """Return the path, relative to the corpus folder, of file `rank` of the `count` that a table has of a split."""
    return f"{table}/{split}-{rank:05d}-of-{count:05d}.parquet"


def table_files(table: str, splits: Sequence[str]) -> list[str]:
    """Return the paths of the files of a table, which stand in these splits; those of one follow each other."""
    counts, ranks = Counter(splits), Counter[str]()
    paths = []
    for split in splits:
        paths.append(table_file(table, ranks[split], counts[split], split))
        ranks[split] += 1
    return paths


def all_files_of(table: str, split: str = SPLIT) -> str:
    """Return the glob pattern that all files of a table in a split match."""
    return f"{table}/{split}-*.parquet"


def is_file_of(table: str, path: str) -> bool:
    """Tell whether a path is written as those of a table's files are, in whatever split."""
    found = _FILE.fullmatch(path)
    return found is not None and found["table"] == table


def split_of(path: str) -> str:
    """Return the split that a file of a table belongs to. Raises ValueError where the path is no such file's."""
    found = _FILE.fullmatch(path)
    if found is None:
        raise ValueError(f"{path} is no file of a table")
    return found["split"]
