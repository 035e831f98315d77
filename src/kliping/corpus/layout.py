"""The layout of a corpus folder: the names of its files, its one split, what git-lfs leaves in place of a file."""

from __future__ import annotations

import re

MANIFEST = "manifest.json"
README = "README.md"
CROISSANT = "croissant.json"
SUMS = "SHA256SUMS"
DESCRIBING = (README, CROISSANT, MANIFEST)
"""The files of a corpus beside its Parquet files and SHA256SUMS."""

SPLIT = "train"
"""The split that all rows stand in; `datasets` gives this name to data that is not divided."""

LFS_POINTER = b"version https://git-lfs"
"""How the small file begins that git leaves where `git lfs pull` was not run."""

_FILE = re.compile(r"(?P<table>\w+)/(?P<split>\w+)-\d{5}-of-\d{5}\.parquet")


def table_file(table: str, rank: int, count: int) -> str:
    """Return the path of file `rank` of the `count` files of a table, relative to the corpus folder."""
    return f"{table}/{SPLIT}-{rank:05d}-of-{count:05d}.parquet"


def all_files_of(table: str) -> str:
    """Return the glob pattern that all files of a table match."""
    return f"{table}/{SPLIT}-*.parquet"


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
