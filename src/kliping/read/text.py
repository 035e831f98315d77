"""One document a file: its decompressed bytes as they are. Whether they are text is decided by kliping.read.decode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kliping.encoding import binary_kind
from kliping.model import RawDocument, Refusal
from kliping.read.options import MAX_RECORD_BYTES, Input, Options, Record, finished


def whole(source: Iterable[bytes], source_path: str, limit: int | None = None) -> bytes | Refusal:
    """Return all bytes of `source`, or the refusal `binary` or `too-large`; never hold more than the limit.

    The limit is that of one document where none is given.
    """
    limit = MAX_RECORD_BYTES if limit is None else limit
    pieces, size = [], 0
    for chunk in source:
        pieces.append(chunk)
        size += len(chunk)
        if size > limit:
            kind = binary_kind(pieces[0])
            if kind is not None:
                return Refusal(source_path, None, "binary", f"The bytes are {kind}, not text.")
            return Refusal(source_path, None, "too-large", f"The document is longer than {limit:,} bytes.")
    return b"".join(pieces)


def read(source: Iterable[bytes], one: Input, options: Options) -> Iterator[Record]:
    """Yield the file's one record."""
    data = whole(source, one.source_path)
    yield finished(data if isinstance(data, Refusal) else RawDocument(data, one.source_path))
