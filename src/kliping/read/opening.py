"""The one place where an input is opened, wherever it stands: readers get its bytes, or a file to seek in."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from kliping.read.options import Input
from kliping.read.remote import is_remote, open_remote


def opened(one: Input) -> io.BufferedReader:
    """Open an input for reading. Raises OSError, and RemoteError for one that stands elsewhere."""
    return open_remote(one.path) if is_remote(one.path) else open(one.path, "rb")


@contextmanager
def on_disk(source: Iterable[bytes], one: Input) -> Iterator[Input]:
    """Give an input that holds the bytes of `source` in a temporary file: for readers that have to seek.

    Raises what `source` raises, such as Damaged: half a file is not given.
    """
    with tempfile.NamedTemporaryFile(prefix="kliping-") as file:
        size = 0
        for chunk in source:
            size += file.write(chunk)
        file.flush()
        yield replace(one, path=file.name, size=size)
