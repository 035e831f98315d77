"""An HTML page as a document: its whole visible text, one line a block, each line with a tag that says where it stood.

Nothing is judged here: menus, advertisements and links to other articles stay, and kliping.annotation.roles names them.
The extracted text is the document's raw text; the page's digest, and on request its bytes, go with it.

A line's tag is `PART:ELEMENT:a`. ELEMENT is the innermost telling element (`title`, `h1` to `h6`, `p`, `li`, `td`,
`figcaption`, `blockquote`, `time`, `address`, `button`, `label`, `option`, `pre`, `dt`, `dd`, else `div`). PART is the
innermost part of the page that landmark elements, ARIA roles or class names announce (`nav`, `header`, `footer`,
`aside`, and the others in knowledge/html.toml), if any does. `:a` stands where four fifths of the visible characters or
more are links' text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version

from kliping.model import RawDocument, Refusal, SetAside
from kliping.read.charset import page_text
from kliping.read.options import Input, Options, Record, finished
from kliping.read.text import whole
from kliping.read.webpage.lines import visible_lines
from kliping.read.webpage.markup_tree import UnreasonableMarkup, parse_markup
from kliping.read.webpage.page_metadata import PageMetadata, find_metadata, markup_of
from kliping.read.webpage.page_state import StatedText, stated_text
from kliping.read.webpage.regions import placed

EXTRACTOR = (
    f"kliping-html 2 (whole visible text; selectolax {version('selectolax')}, json-repair {version('json-repair')})"
)

_STATED_BY = ", text from "
"""What sets off, behind it, the place in a page's scripts where the text of the article stood."""
_HTTP_CHARSET = ", HTTP charset "
"""What sets off, at the end of RawDocument.extractor, the charset that only the HTTP header of the page told."""

MAX_PAGE_BYTES = 8 * 2**20
"""The longest page that is parsed: its tree takes up to forty times as much memory. Pages of news stay below 3 MB."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """A page's visible text, a tag for each of its lines, and what its markup says of it."""

    text: str
    line_tags: tuple[str, ...]
    told: PageMetadata | None = None
    hidden_count: int = 0
    """Visible characters that the page hides from its readers, which are left out."""
    stated_by: str = ""
    """Where the text stood of a page that shows none itself: `json-ld:articleBody`, `page-state:content`."""


def read(source: Iterable[bytes], one: Input, options: Options) -> Iterator[Record]:
    """Yield the one record of an HTML file."""
    data = whole(source, one.source_path)
    if isinstance(data, Refusal):
        yield finished(data)
    else:
        yield Record(one.source_path, partial(page_document, data, one.source_path, options))


def page_document(
    data: bytes | str,
    source_path: str,
    options: Options,
    url: str | None = None,
    retrieved_at: datetime | None = None,
    charset: str | None = None,
) -> RawDocument | Refusal:
    """Return the document that an HTML page, or a piece of one, holds.

    `url`, `retrieved_at` and `charset` are what HTTP said of it; text has its characters already. A page of more than
    MAX_PAGE_BYTES is refused as `too-large`, one whose markup is beyond reason as `broken-record`.
    """
    source = data.encode("utf-8", "replace") if isinstance(data, str) else data
    digest = hashlib.sha256(source).hexdigest()
    if len(source) > MAX_PAGE_BYTES:
        return Refusal(source_path, digest, "too-large", f"The page is longer than {MAX_PAGE_BYTES:,} bytes.")
    try:
        page = extract(data if isinstance(data, str) else page_text(data, charset))
    except SetAside as aside:
        return Refusal(source_path, digest, aside.reason, aside.detail)
    except UnreasonableMarkup as error:
        return Refusal(source_path, digest, "broken-record", str(error))
    told = page.told or PageMetadata()
    stated = f"{_STATED_BY}{page.stated_by}" if page.stated_by else ""
    declared = f"{_HTTP_CHARSET}{charset}" if charset else ""
    return RawDocument(
        page.text.encode(),
        source_path,
        url or told.url,
        retrieved_at,
        told.values,
        f"{EXTRACTOR}{stated}{declared}",
        digest,
        page.line_tags,
        source if options.keep_source else None,
        page.hidden_count,
    )


def again(page: bytes, extractor: str) -> Extracted:
    """Return the text that `extractor` (of a RawDocument) made of `page`, extracted once more, for an audit to compare.

    Raises ValueError where `extractor` is not the one of this code and its libraries, UnreasonableMarkup as `extract`.
    """
    made_by, _, charset = extractor.partition(_HTTP_CHARSET)
    made_by = made_by.partition(_STATED_BY)[0]
    if made_by != EXTRACTOR:
        raise ValueError(f"made by {made_by!r}, while this is {EXTRACTOR!r}")
    return extract(page_text(page, charset or None))


def extract(markup: str) -> Extracted:
    """Return the visible text of a page, a line a block, none blank.

    It is empty where a page has none. Where the page shows no running text, and its scripts hold the article's, that is
    read behind what it shows. Raises UnreasonableMarkup.
    """
    root = parse_markup(markup)
    if root is None:
        return Extracted("", ())
    says = markup_of(root)
    told = find_metadata(says)
    found = placed(visible_lines(root), told)
    lines, tags, stated_by = list(found.text), list(found.tags), ""
    if not found.runs and (stated := stated_text(told.article, says.scripts, (told.title, *told.headlines))):
        stated_by = stated.rule
        behind = _of_stated(stated)
        lines += behind
        tags += [f"{stated_by.partition(':')[0]}:p"] * len(behind)
    return Extracted("\n".join(lines), tuple(tags), told, found.hidden, stated_by)


def _of_stated(stated: StatedText) -> list[str]:
    """The lines of a text that a script holds."""
    root = parse_markup(stated.text if "<" in stated.text else "<pre>" + stated.text)
    return [line.text for line in visible_lines(root).lines] if root is not None else []
