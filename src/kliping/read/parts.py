"""Cuts a large file of JSON Lines at ends of lines: its parts, read in any order, hold the records of the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from kliping.read import streams
from kliping.read.opening import opened
from kliping.read.options import Input, Part
from kliping.read.sniff import sniff
from kliping.read.streams import CHUNK, head_codec, is_packed, with_head


def parts(one: Input, size: int) -> list[Input]:
    """Return the parts of a file, each of at least `size` bytes but the last.

    A file that cannot be cut is its own only part. Only plain JSON Lines can be cut: a compressed file has to be read
    from its beginning. Costs one pass over the file, so a file that stands elsewhere is not cut.
    """
    if one.version is not None:
        return [one]
    try:
        with opened(one) as file:
            head = next(with_head(iter(lambda: file.read(streams.CHUNK), b"")))
            if is_packed(head) or head_codec(head) or sniff(head, one.source_path) != "jsonl":
                return [one]
            file.seek(0)
            return [replace(one, size=part.end - part.start, part=part) for part in _cut(file, size)]
    except OSError:
        return [one]


def _cut(file: BinaryIO, size: int) -> Iterator[Part]:
    start = position = 0
    line = following = 1
    while block := file.read(CHUNK):
        if position - start >= size and (feed := block.find(b"\n") + 1):
            yield Part(start, position + feed, line)
            start, line = position + feed, following + 1
        following += block.count(b"\n")
        position += len(block)
    if position > start:
        yield Part(start, position, line)


def stretch(file: BinaryIO, part: Part) -> Iterator[bytes]:
    """Yield the bytes of a part, in chunks of bounded size."""
    file.seek(part.start)
    left = part.end - part.start
    while left and (block := file.read(min(CHUNK, left))):
        left -= len(block)
        yield block
