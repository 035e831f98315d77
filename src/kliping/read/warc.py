"""The pages of a web archive (WARC 0.17 to 1.1, ISO 28500): HTML responses and resources, and texts taken from pages.

Every record becomes a document or a refusal. Requests, revisits, metadata, continuations and the archive's own
information speak about pages and are none.

The framing is our own and not that of warcio 1.8.1 or FastWARC 2.0.1, which stop at damage, or give cut pages as whole
ones. Of 1,000 generated responses (bench/archives.py: best of three runs on one core), seconds, and pages that came out
whole / otherwise without a warning:

                                kliping          warcio           FastWARC
    plain                       .14  1,000 / 0   .09  1,000 /  0  .05  1,000 / 0
    gzip                        .27  1,000 / 0   .17  1,000 /  0  .08  1,000 / 0
    gzip, its end cut off       .26    999 / 0   .17    999 /  1  .08    999 / 1
    gzip, 10 members damaged    .27    990 / 0   .02     50 /  0  .01     50 / 0
    plain, 10 lengths too long  .14    990 / 0   .09    980 / 10  .00     50 / 1
    plain, 10 lengths too short .14    990 / 0   .08    990 / 10  .00     50 / 1
    plain, a line of 20 MB      .15  1,000 / 0  4.19      1 /  1  .00      1 / 0

Framing takes a fraction of a millisecond a page, which is little beside reading the page itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from kliping.model import Refusal
from kliping.read import moments
from kliping.read.captures import Capture, capture_document, text_document
from kliping.read.options import Input, Options, Record, finished
from kliping.read.responses import LONGEST_HEAD, header_fields
from kliping.read.salvage import Gap
from kliping.read.tape import Found, Head, Tape, Unreadable, unwind

_BEGINNING = r"WARC/[01]\.[0-9]{1,2}[ \t]{0,8}\r?\n"
_PAGES = ("response", "resource", "conversion")
_NO_PAGES = {
    "warcinfo": "tells how the archive was made",
    "request": "holds what the crawler asked for",
    "metadata": "tells of a page",
    "revisit": "says that a page was as at an earlier visit",
    "continuation": "holds the rest of a record that was cut in pieces",
}


def read(source: Iterable[bytes | Gap], one: Input, options: Options) -> Iterator[Record]:
    """Yield the records of an archive in its order, `file#N` for its Nth from 1.

    A record that is damaged, cut off or wrong about its length is a refusal; reading goes on at the next one. Raises
    Damaged (`truncated`) where the archive ends inside a record.
    """
    for found in unwind(tape(source), next_head):
        name = f"{one.source_path}#{found.number}"
        kind = found.fields.get("warc-type", "").lower()
        reason, wrong = _refused(found, kind)
        if wrong:
            yield finished(Refusal(name, None, reason, wrong))
        else:
            document = text_document if kind == "conversion" else capture_document
            yield Record(name, partial(document, _capture(found, kind), name, options))


def tape(source: Iterable[bytes | Gap]) -> Tape:
    """Return the tape of a WARC archive's bytes."""
    return Tape(source, _BEGINNING, (b"WARC/",))


def _refused(found: Found, kind: str) -> tuple[str, str]:
    """Why a record gives no document, whatever it holds: reason and sentence, both empty where it may give one."""
    if found.wrong:
        return found.reason, found.wrong
    if kind not in _PAGES:
        says = _NO_PAGES.get(kind, "is of a type that kliping does not know")
        return "not-html", f"The {kind[:40] or 'nameless'} record {says} and holds no page."
    if cut := found.fields.get("warc-truncated"):
        return "broken-record", f"The crawler cut the record off (WARC-Truncated: {cut[:40]})."
    if "warc-segment-number" in found.fields:
        return "broken-record", "The record is one piece of several (WARC-Segment-Number), so its page lacks its end."
    return "", ""


def _capture(found: Found, kind: str) -> Capture:
    label = found.fields.get("content-type", "")
    is_http = label.lower().startswith("application/http") or not label or found.block.startswith(b"HTTP/")
    return Capture(
        block=found.block,
        url=found.fields.get("warc-target-uri", "").strip("<>") or None,
        retrieved_at=moments.retrieved(found.fields.get("warc-date")),
        label=label,
        is_response=kind == "response" and is_http,
        is_followed=found.is_followed,
    )


def next_head(tape: Tape) -> Head:
    """Read the header of the record that begins where `tape` stands; raises Unreadable."""
    tape.line()
    lines: list[bytes] = []
    size = 0
    while (line := tape.line()).strip():
        size += len(line)
        if size > LONGEST_HEAD:
            raise Unreadable(f"The record's header is longer than {LONGEST_HEAD:,} bytes.")
        lines.append(line)
        if tape.begins():
            raise Unreadable("The next record begins inside the record's header.")
    fields = header_fields(lines)
    length = fields.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 19):
        raise Unreadable("The record does not say how long it is.")
    if not line:
        raise Unreadable("The record ends inside its header.")
    return Head(int(length), fields)
