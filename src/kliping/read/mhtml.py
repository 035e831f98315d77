"""A page saved with all its parts in one file (MHTML, RFC 2557): its HTML part is the document."""

from __future__ import annotations

import email
import email.policy
import email.utils
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.message import Message
from functools import partial

from kliping.model import Refusal
from kliping.read import html
from kliping.read.options import Input, Options, Record, finished
from kliping.read.text import whole

MAX_MHTML_BYTES = 2**26
"""Pictures included; the file is held whole."""


def read(source: Iterable[bytes], one: Input, options: Options) -> Iterator[Record]:
    """Yield the file's one page, with the address and the moment that it was saved at."""
    data = whole(source, one.source_path, MAX_MHTML_BYTES)
    if isinstance(data, Refusal):
        yield finished(data)
        return
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    page = _page(message)
    if page is None:
        detail = "The saved page has no HTML part; it may be a mail or cut off."
        yield finished(Refusal(one.source_path, None, "unsupported-format", detail))
        return
    body = page.get_payload(decode=True)
    if any(part.defects for part in message.walk()) or not isinstance(body, bytes):
        yield finished(Refusal(one.source_path, None, "truncated", "The saved page is cut off or damaged."))
        return
    url = _address(message.get("Snapshot-Content-Location") or page.get("Content-Location"))
    charset = page.get_content_charset()
    yield Record(
        one.source_path,
        partial(html.page_document, body, one.source_path, options, url, _moment(message.get("Date")), charset),
    )


def _page(message: Message) -> Message | None:
    """The part that the others belong to: the one that `start` names, else the first of HTML."""
    start = str(message.get_param("start") or "")
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    return next((part for part in pages if start and part.get("Content-ID") == start), next(iter(pages), None))


def _address(value: object) -> str | None:
    text = "".join(str(value or "").split())
    return text if text.startswith(("http://", "https://")) else None


def _moment(value: object) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(str(value))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC) if str(value).rstrip().endswith("-0000") else None
    return found.astimezone(UTC)
