"""Extracts every kept page again: none is missing, each has its digest and gives the raw text and tags beside it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from kliping.check.incident import Incident
from kliping.corpus.folder import Corpus
from kliping.schema import TableRow

PAGE_COLUMNS = ["article_id", "text", "sha256", "extractor", "source_sha256", "source", "line_tags", "hidden_count"]
PAGES_AT_ONCE = 16
"""Rows of `raw` that are Python values at a time: a page may have eight megabytes."""


class NotComparable(Exception):
    """A page cannot be extracted again here; the message says why and what to do."""


@dataclass(slots=True)
class KeptPages:
    """What was found of the pages of a corpus."""

    extracted: int = 0
    """Articles whose raw text was taken from a page, kept or not."""
    kept: int = 0
    """Articles whose page stands in `raw.source`."""
    incidents: list[Incident] = field(default_factory=list)
    not_compared: Counter[str] = field(default_factory=Counter)
    """Why kept pages could not be extracted again, and how many of them for that reason."""


def check_pages(corpus: Corpus) -> KeptPages:
    """Compare every kept page with its digest and, extracted again, with its raw text; one shard is in memory."""
    found = KeptPages()
    all_kept = bool(corpus.manifest["options"].get("read", {}).get("keep_source"))
    for row in _rows(corpus):
        found.extracted += row["extractor"] is not None
        found.kept += row["source"] is not None
        try:
            problem = _problem(row, all_kept)
        except NotComparable as reason:
            found.not_compared[str(reason)] += 1
            continue
        if problem:
            found.incidents.append(Incident("extraction-mismatch", f"raw {row['article_id']}", problem))
    return found


def _rows(corpus: Corpus) -> Iterator[TableRow]:
    for entry in corpus.files("raw"):
        for batch in corpus.read(entry["path"]).select(PAGE_COLUMNS).to_batches(max_chunksize=PAGES_AT_ONCE):
            yield from batch.to_pylist()


def _problem(row: TableRow, all_kept: bool) -> str | None:
    if row["source"] is None:
        missing = all_kept and row["extractor"] is not None
        return "its page is missing, while the manifest says that pages were kept" if missing else None
    return _wrong_origin(row) or _wrong_text(row)


def _wrong_origin(row: TableRow) -> str | None:
    digest = hashlib.sha256(row["source"]).hexdigest()
    if row["source_sha256"] != digest:
        return f"source_sha256 is {row['source_sha256']}, the kept page gives {digest}"
    return None if row["extractor"] else "a page is kept, but no extractor that read it is named"


def _wrong_text(row: TableRow) -> str | None:
    """What the page gives other than its row says, extracted again; NotComparable where that cannot be done here."""
    from kliping.read import html
    from kliping.read.webpage.markup_tree import UnreasonableMarkup

    try:
        again = html.again(row["source"], row["extractor"])
    except ValueError as error:
        raise NotComparable(f"{error}; install those versions to extract them again") from error
    except UnreasonableMarkup as error:
        return f"no text can be extracted from the kept page: {error}"
    if hashlib.sha256(again.text.encode()).hexdigest() != row["sha256"]:
        return _first_difference("line", row["text"].split("\n"), again.text.split("\n"))
    if again.line_tags != tuple(row["line_tags"]):
        return _first_difference("the tag of line", row["line_tags"], again.line_tags)
    if again.hidden_count != row["hidden_count"]:
        return f"hidden_count is {row['hidden_count']}, the kept page gives {again.hidden_count}"
    return None


def _first_difference(what: str, said: Sequence[str], is_so: Sequence[str]) -> str:
    """Names the first member that differs; where none does, the bytes of the raw text are not its UTF-8."""
    for number, (one, other) in enumerate(zip_longest(said, is_so)):
        if one != other:
            shown, given = ("nothing" if value is None else repr(value[:60]) for value in (one, other))
            return f"{what} {number} is {shown}, the kept page gives {given}"
    return "the kept page gives the same text, but sha256 is not that of its UTF-8"
