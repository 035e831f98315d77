"""What people use today to clean crawled Indonesian news: which lines of a page each would keep as its body.

Each takes the raw text and gives the kept lines' ranges in code points, end exclusive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Ranges = Iterator[tuple[int, int]]

FURNITURE = re.compile(
    r"(?i)^\s*(?:baca\s*(?:juga|selengkapnya)|advertisement|iklan|scroll to|simak|lihat juga|tonton|foto\s*:|"
    r"editor\s*:|penulis\s*:|reporter\s*:|pewarta\s*:|sumber\s*:|copyright|tags?\b|share\b|komentar|bagikan|"
    r"ikuti kami|cek berita|halaman\b)"
)
"""The list of line openings that hand-written cleaners share."""

SENTENCE_END = (".", "!", "?", '"', "”")


def lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and text of every line."""
    offset = 0
    for line in text.split("\n"):
        yield offset, offset + len(line), line
        offset += len(line) + 1


def keep_everything(text: str) -> Ranges:
    """No cleaning: the page is the article."""
    yield 0, len(text)


def regex_list(text: str) -> Ranges:
    """Drop the lines that begin like furniture, and lines without letters."""
    for start, end, line in lines(text):
        if not FURNITURE.match(line) and any(map(str.isalpha, line)):
            yield start, end


def c4_filter(text: str) -> Ranges:
    """The line rules of C4 (Raffel et al. 2020, section 2.2): terminal punctuation, and at least five words."""
    for start, end, line in lines(text):
        if line.rstrip().endswith(SENTENCE_END) and len(line.split()) >= 5:
            yield start, end


def long_lines(text: str) -> Ranges:
    """Drop lines shorter than sixty characters."""
    for start, end, line in lines(text):
        if len(line.strip()) >= 60:
            yield start, end


BASELINES: dict[str, Callable[[str], Ranges]] = {
    "keep everything": keep_everything,
    "regex list": regex_list,
    "C4 line filter": c4_filter,
    "lines of 60 characters or more": long_lines,
}
