"""The format of a file by what it holds, with its name as a hint where the bytes leave a choice; never a guess.

What is no format that kliping reads, and no running text either, is `foreign`: kliping.read.foreign says what it looks
like.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from kliping import knowledge
from kliping.encoding import binary_kind, decode
from kliping.model import SetAside
from kliping.read import delimited, foreign
from kliping.read.options import Options
from kliping.read.streams import CHUNK, head_codec, head_text

_COMMENT = re.compile(r"<!--|<\?xml ")
_PAGE = re.compile(r"<!doctype html|<html[\s>]|<head>|<body[\s>]", re.I)
_OBJECT = re.compile(r'\{\s*["}]')
_OBJECTS = re.compile(r'\[\s*(?:\{\s*["}]|\])')
_STRINGS = re.compile(r'\[\s*"')
_MHTML = re.compile(r"multipart/related|<saved by |snapshot-content-location:", re.I)
_MAIL_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]")
_STRAY_LINES = 1000
"""Lines among which objects are looked for, where the first is none."""
_OF_LINES = frozenset((".jsonl", ".ndjson"))
_TAR_BLOCK = 512
_ASCII = bytes(range(128))
_LOOKED_AT = 2**16
"""Characters of a text that are looked at, but for JSON."""
DEFAULT = Options()


def sniff(head: bytes, path: str = "", options: Options = DEFAULT) -> str:
    """Tell the format by the first decompressed bytes, up to a megabyte of them.

    Returns `parquet`, `arrow`, `zip`, `workbook` (old ones that are no ZIP archive), `tar`, `warc`,
    `arc`, `mhtml`, `html`, `json` (values over any lines), `jsonl` (an object a line), `csv`, `text` or `foreign`.
    Binary files that hold no text whatever, such as images, are `text` too: no encoding gives their text.
    """
    head = head[:CHUNK]
    if foreign.by_path(path, head) is not None:
        return "foreign"
    return _by_signature(head) or _of_text(head_text(head).lstrip(foreign.BLANK), head, path, options)


def _by_signature(head: bytes) -> str | None:
    for form, signatures in _SIGNATURES.items():
        if head.startswith(signatures):
            return form
    if foreign.by_signature(head) is not None:
        return "foreign"
    return "tar" if _is_tar(head) else None


_SIGNATURES = {
    "parquet": (b"PAR1",),
    "arrow": (b"ARROW1\0\0", b"\xff\xff\xff\xff"),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    "warc": (b"WARC/",),
    "arc": (b"filedesc://",),
}


def _is_tar(head: bytes) -> bool:
    """Whether the first block is a member's header: its checksum is right (POSIX ustar, and what came before it)."""
    block = head[:_TAR_BLOCK]
    field = block[148:156].strip(b" \0")
    if len(block) < _TAR_BLOCK or not field or not re.fullmatch(rb"[0-7]{1,7}", field) or not block[0]:
        return False
    return sum(block) - sum(block[148:156]) + 8 * 32 == int(field, 8)


def _of_text(text: str, head: bytes, path: str, options: Options) -> str:
    if not text or _is_binary(head):
        return "text"
    if _is_mhtml(text):
        return "mhtml"
    if begins_with_tag(text[:_LOOKED_AT]):
        return "html"
    form = _json_form(text, PurePosixPath(path.lower()))
    if form is not None:
        return form if foreign.of_json(text) is None else "foreign"
    tagged = _has_tags(text[:_LOOKED_AT])
    table = delimited.dialect(text, path, options)
    headed = table is not None and table.header and PurePosixPath(path.lower()).suffix in delimited.DELIMITERS
    if foreign.beginning(text) is not None or not (tagged or headed or foreign.syntax(text) is None):
        return "foreign"
    if table is not None:
        return "csv"
    if tagged:
        return "html"
    return "text" if foreign.is_running_text(text) else "foreign"


def _is_binary(head: bytes) -> bool:
    """Whether no encoding gives text: it begins as images and sounds do, or has NUL or high bytes throughout."""
    if binary_kind(head) is not None:
        return True
    sample = head[:_LOOKED_AT]
    if head_codec(head) is not None:
        return False
    if sample.count(0) * 10 > len(sample):
        return True
    return 10 * len(sample.translate(None, _ASCII)) > 3 * len(sample) and not _has_text(sample)


def _has_text(sample: bytes) -> bool:
    try:
        decode(sample)
    except SetAside:
        return False
    return True


def begins_with_tag(text: str) -> bool:
    """Tell whether a tag of HTML stands first in `text`, after comments and an XML declaration."""
    while _COMMENT.match(text):
        end = text.find("-->") + 3 if text.startswith("<!--") else text.find("?>") + 2
        if end <= 2:
            return text.startswith("<!--")
        text = text[end:].lstrip()
    return _tag().match(text) is not None


def _has_tags(text: str) -> bool:
    """Whether a page follows in a text that begins with words, or tags of paragraphs and links run through it."""
    return "<" in text and (_PAGE.search(text) is not None or len(_closing_tags().findall(text)) > 1)


@cache
def _tag() -> re.Pattern[str]:
    return re.compile(rf"<(?:!doctype html|{knowledge.any_of(_tags('first'))})(?=[\s>/])", re.I)


@cache
def _closing_tags() -> re.Pattern[str]:
    return re.compile(rf"</(?:{knowledge.any_of(_tags('inside'))})>", re.I)


def _tags(name: str) -> list[str]:
    found: list[str] = knowledge.load("formats.toml")["html"][name]
    return found


def _is_mhtml(text: str) -> bool:
    """Whether the headers of a mail stand first and tell of a saved page."""
    if _MAIL_HEADER.match(text) is None:
        return False
    return _MHTML.search(re.split(r"\r?\n\r?\n", text[:8192], maxsplit=1)[0]) is not None


def _json_form(text: str, path: PurePosixPath) -> str | None:
    """Whether `text` is JSON that kliping reads: an object a line, or objects and arrays over any lines.

    One object on one line is either; the name decides.
    """
    named = path.suffix == ".json"
    if _OBJECT.match(text):
        first, feed, others = text.partition("\n")
        if feed and _object(first) is not None:
            several = others.strip() or not _OF_LINES.isdisjoint(path.suffixes)
            return "jsonl" if several and "\n\x1e" not in text else "json"
        if first.rstrip().endswith(","):
            return "json"
        return "jsonl" if feed and _objects(others) else "json"
    if named and text.startswith('"'):
        return "json"
    if text.startswith("["):
        rows = _OBJECTS.match(text) is not None or (named and _STRINGS.match(text) is not None)
        return "json" if rows else None
    return "jsonl" if "\n{" in text and _objects(text) else None


def _objects(text: str) -> bool:
    """Whether at least half of the whole lines that are not blank are objects."""
    lines = [line for line in text.split("\n", _STRAY_LINES)[:_STRAY_LINES] if line.strip()]
    found = sum(_object(line) is not None for line in lines)
    return found > 0 and 2 * found >= len(lines) - 1


def _object(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
