"""The pages of an ARC archive (versions 1 and 2, of the Internet Archive), which came before WARC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from kliping.model import Refusal
from kliping.read import moments
from kliping.read.captures import Capture, capture_document
from kliping.read.options import Input, Options, Record, finished
from kliping.read.salvage import Gap
from kliping.read.tape import Found, Head, Tape, Unreadable, unwind

_SCHEMES = (b"filedesc:", b"http:", b"https:", b"ftp:", b"dns:")
_BEGINNING = rf"(?:{'|'.join(map(bytes.decode, _SCHEMES))})[^\r\n]{{1,4096}} [0-9]{{14}} [^\r\n]{{1,2048}}\r?\n"
"""`URL ADDRESS DATE TYPE LENGTH`, in version 2 `URL ADDRESS DATE TYPE STATUS CHECKSUM LOCATION OFFSET FILE LENGTH`."""
_DATE_FROM_END = (3, 8)
"""Where the date stands in the two versions; the address of the page may hold spaces, so it is no help to count from
the left."""


def read(source: Iterable[bytes | Gap], one: Input, options: Options) -> Iterator[Record]:
    """Yield the records of an archive in its order, `file#N` for its Nth from 1; damage as in kliping.read.warc."""
    for found in unwind(Tape(source, _BEGINNING, _SCHEMES), _head):
        name = f"{one.source_path}#{found.number}"
        url = found.fields.get("url", "")
        if found.wrong:
            yield finished(Refusal(name, None, found.reason, found.wrong))
        elif url.startswith("filedesc:"):
            yield finished(Refusal(name, None, "not-html", "The first record tells of the archive and holds no page."))
        else:
            yield Record(name, partial(capture_document, _capture(found, url), name, options))


def _capture(found: Found, url: str) -> Capture:
    return Capture(
        block=found.block,
        url=url,
        retrieved_at=moments.retrieved(found.fields["date"]),
        label=found.fields["content-type"],
        is_response=found.block.startswith(b"HTTP/"),
        is_followed=found.is_followed,
    )


def _head(tape: Tape) -> Head:
    words = tape.line().decode("utf-8", "replace").split(" ")
    for place in _DATE_FROM_END:
        date, length = words[-place] if len(words) > place + 1 else "", words[-1].strip()
        if len(date) == 14 and date.isdecimal() and length.isdecimal() and len(length) < 19:
            moment = f"{date[:4]}-{date[4:6]}-{date[6:8]}T{date[8:10]}:{date[10:12]}:{date[12:]}Z"
            url = " ".join(words[: -place - 1])
            return Head(int(length), {"url": url, "date": moment, "content-type": words[1 - place]})
    raise Unreadable("The record's header is no line of an ARC archive.")
