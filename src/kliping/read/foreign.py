"""What is no format that kliping reads: what it looks like and what to do (knowledge/formats.toml); and what is prose.

A file that is told by nothing is text only where it looks like text: most of what stands there must be words. Figures,
menus and odd characters among them do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from kliping import knowledge
from kliping.model import Refusal
from kliping.read.streams import head_text

BLANK = " \t\r\n\f\v\x1e\ufeff"
"""What may stand before the first character that tells a format."""
_FIRST_LINES = 20
_LINES = 60
"""Lines that are looked at for a syntax that runs through a file."""
_LOOKED_AT = 2**13
"""Characters by which prose is told."""
_FIRST_LOOK = 500
"""Characters that mostly settle it."""
_NOTE, _ODD_NOTE = 120, 40
"""Characters of a note without a sentence, and of one that is no words either."""
_SIGNS = frozenset("{}<>=|\\$^*_~")
"""Of a syntax."""
_WORDS = re.compile(r"(?<!\S)[^\w\s]{0,3}[^\W\d_]{1,40}(?:[^\w\s][^\W\d_]{1,40}){0,4}[^\w\s]{0,3}(?!\S)")
"""What stands between blanks and is a word, or a few joined, with its punctuation. Encoded data has figures in it."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that put no blanks between words."""
_WORD = re.compile(r"[(\[\"“‘'«*_]{0,3}[^\W\d_]{1,40}(?:[-/'’.][^\W\d_]{1,40}){0,3}[.,:;!?)\]\"”’'»…*_]{0,4}")
"""A word of a sentence, with the punctuation and the emphasis around it."""
_IN_A_ROW, _LONG_ENOUGH = 6, 24
"""Words, and their characters, that no program and no table has in a row: news has eleven and more."""
_WRAPPED = 3
"""Words of a line that may go on in the next one."""
_REMARK = re.compile(r"\s{0,99}(?:#|//|--|;|%|/?\*/?(?:\s|$)|\.\\\")")
"""How comments begin in source code and settings."""
_LONG_WORD = 20
"""Characters of a word, on average, in a text that lost its blanks."""
_RUNS = re.compile(r"[^\W\d_A-Z]{4,40}|[A-Z]{4,40}")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
"""Characters without width, which pages strew between words and inside of them."""
_ADDRESS = re.compile(r"https?://\S{1,2000}")
_COMMENT = re.compile(r"\s{0,99}[#;]")


class Foreign(NamedTuple):
    """A kind of file that is not read."""

    looks_like: str
    advice: str

    def refused(self, source_path: str) -> Refusal:
        """Return the refusal of such a file."""
        detail = f"It looks like {self.looks_like}, which kliping does not read; {self.advice}."
        return Refusal(source_path, None, "unsupported-format", detail)


NO_TEXT = Foreign(
    "data, for most of it is no words", "if an article is in it, give one JSON object a line, with a field text"
)
ARCHIVE_INSIDE = Foreign("an archive inside an archive", "unpack it and give the files in it")


class _Format(NamedTuple):
    kind: Foreign
    signatures: tuple[bytes, ...]
    starts: re.Pattern[str] | None
    first_lines: re.Pattern[str] | None
    lines: re.Pattern[str] | None
    share: int
    path: re.Pattern[str] | None
    json: bool


@cache
def _formats() -> tuple[_Format, ...]:
    return tuple(map(_format, knowledge.load("formats.toml")["format"]))


def _format(entry: Mapping[str, Any]) -> _Format:
    flags = re.NOFLAG if entry.get("cased") else re.IGNORECASE

    def pattern(*options: str) -> re.Pattern[str] | None:
        return re.compile("|".join(f"(?:{option})" for option in options), flags) if options else None

    return _Format(
        Foreign(entry["looks_like"], entry["advice"]),
        tuple(bytes.fromhex(digits) for digits in entry.get("bytes", ())),
        pattern(*entry.get("starts", ())),
        pattern(*filter(None, [entry.get("first_lines")])),
        pattern(*filter(None, [entry.get("lines")])),
        entry.get("share", 0),
        pattern(*filter(None, [entry.get("path")])),
        entry.get("json", False),
    )


def by_signature(head: bytes) -> Foreign | None:
    """Return the kind of file whose first bytes `head` has."""
    return next((one.kind for one in _formats() if one.signatures and head.startswith(one.signatures)), None)


def by_path(path: str, head: bytes) -> Foreign | None:
    """Return the kind of file that its path tells, such as what a version control system keeps.

    Where its entry says how it starts, it has to.
    """
    lower = path.lower()
    for one in _formats():
        if one.path is not None and one.path.fullmatch(lower):
            return one.kind if one.starts is None or one.starts.match(head_text(head[:_LOOKED_AT])) else None
    return None


_PACKAGES = {
    "word/": Foreign("a Word document", "save it as plain text, one file an article"),
    "ppt/": Foreign("a presentation", "it holds no article"),
    "META-INF/container.xml": Foreign("an EPUB book", "save its chapters as HTML and give those"),
    "META-INF/MANIFEST.MF": Foreign("a Java program", "it holds no article"),
    "AndroidManifest.xml": Foreign("an Android program", "it holds no article"),
    "content.xml": Foreign("an OpenDocument file", "save a sheet as XLSX or CSV, a text as plain text"),
    "index.zip": Foreign("a Numbers or Pages document", "export it as XLSX or plain text"),
}
"""Members that tell what else a ZIP archive may be."""


def of_package(members: Collection[str]) -> Foreign | None:
    """Return the kind of document whose parts a ZIP archive has, by its members' names."""
    for part, found in _PACKAGES.items():
        if part in members or (part[-1] == "/" and "[Content_Types].xml" in members and _any(members, part)):
            return found
    return None


def _any(members: Collection[str], folder: str) -> bool:
    return any(member.startswith(folder) for member in members)


def of_head(head: bytes, path: str) -> Foreign:
    """Return what a file looks like that `sniff` calls foreign."""
    text = head_text(head).lstrip(BLANK)
    return by_path(path, head) or by_signature(head) or beginning(text) or syntax(text) or NO_TEXT


def beginning(text: str) -> Foreign | None:
    """Return the kind of file that begins as `text`, the beginning of one without blanks before it, does."""
    for one in _formats() if _any_start().match(text) else ():
        if one.path is None and one.starts is not None and one.starts.match(text):
            return one.kind
    lines = _lines(text)[:_FIRST_LINES]
    for one in _formats():
        if one.first_lines is not None and any(map(one.first_lines.match, lines)):
            return one.kind
    return None


def of_json(text: str) -> Foreign | None:
    """Return the kind of file that JSON which begins as `text` is, where it holds no articles."""
    return next((one.kind for one in _formats() if one.json and one.starts and one.starts.match(text)), None)


@cache
def _any_start() -> re.Pattern[str]:
    """A regex that matches where any of the formats' starts does: one look rules all of them out."""
    starts = [start for entry in knowledge.load("formats.toml")["format"] for start in entry.get("starts", ())]
    return re.compile("|".join(f"(?:{start})" for start in starts), re.IGNORECASE)


def syntax(text: str) -> Foreign | None:
    """Return the kind of file whose syntax runs through the first lines of `text`."""
    lines = [line for line in _lines(text) if _COMMENT.match(line) is None]
    for one in _formats() if len(lines) > 1 else ():
        if one.lines is not None and _run_through(lines, one.lines, one.share):
            return one.kind
    return None


def _lines(text: str) -> list[str]:
    return [line for line in text[:_LOOKED_AT].split("\n", 4 * _LINES) if line.strip()][:_LINES]


def _run_through(lines: Sequence[str], pattern: re.Pattern[str], share: int) -> bool:
    count = sum(pattern.match(line) is not None for line in lines)
    return count > 1 and 100 * count >= share * len(lines)


def is_running_text(text: str) -> bool:
    """Tell whether what `text` begins with is prose: words, of which some stand in a row as in a sentence.

    A third of its visible characters, addresses apart, must belong to words. A note without the signs of a syntax needs
    no row, and one of a few characters no words; scripts without blanks and texts that lost theirs have no row either.
    """
    text = _ADDRESS.sub("", text[:_LOOKED_AT]).translate(_INVISIBLE)
    if not text.strip():
        return False
    if _are_glued(text):
        return True
    size, is_plain = _size(text), _SIGNS.isdisjoint(text)
    if not (_are_words(text[:_FIRST_LOOK], 2) or _are_words(text, 3)):
        return is_plain and size < _ODD_NOTE
    return (is_plain and size < _NOTE) or 3 * len(_UNSPACED.findall(text)) >= size or _has_sentence(text)


def _are_glued(text: str) -> bool:
    """Whether `text` is words and figures with lost blanks between them, and no syntax: runs of one case tell."""
    visible = _size(text)
    syntax = sum(map(text.count, "{}<>=;|\\$"))
    long = visible >= _LONG_WORD * len(text.split())
    return long and 2 * sum(map(len, _RUNS.findall(text))) >= visible and 50 * syntax <= visible


def _are_words(text: str, part: int) -> bool:
    words = sum(map(len, _WORDS.findall(text))) + len(_UNSPACED.findall(text))
    return part * words >= _size(text)


def _size(text: str) -> int:
    return len("".join(text.split()))


def _has_sentence(text: str) -> bool:
    """Whether _IN_A_ROW words stand in a row, on a line or on wrapped ones; comments of a program have no say."""
    row: list[str] = []
    for line in text.split("\n"):
        words = [] if _REMARK.match(line) else line.split()
        row = row if len(words) >= _WRAPPED else []
        for word in words:
            row = [*row, word] if _WORD.fullmatch(word) else []
            if len(row) >= _IN_A_ROW and sum(map(len, row)) >= _LONG_ENOUGH:
                return True
        row = row if len(words) >= _WRAPPED else []
    return False
