"""What becomes of each row in sorted order: an article, a copy of the one before it, taken down or set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from kliping.building.corpora import Finished, Kept
from kliping.building.journal import Journal
from kliping.building.spill import DUPLICATE, ROW_COST, Item, Row
from kliping.building.terms import Terms
from kliping.building.vanishing import ID_DIGITS
from kliping.building.workers import Orders
from kliping.curate.corrections import Corrections, without_article
from kliping.curate.takedown import NOTHING_REMOVED, Removed
from kliping.kernel import annotate_documents, refuse
from kliping.model import Annotation, Correction, RawDocument, Refusal

BATCH_DOCUMENTS = 1024
ANNOTATED_BYTES = 2 << 20
"""What is annotated together: at most so many documents or bytes, or one larger document."""
ROWS_HELD = 4096
"""Rows held at a time where most are copies, which cost no annotation."""
TAKEN_DOWN = "The article that it corrects was taken down."
KILLED = "kills-worker: twice the process that worked on it died with it alone in hand."
_BY_ID = "Its article_id is on the list of takedowns."
_BY_BODY = "An article with nearly this body is on the list of takedowns."

_WARM_UP = (
    b"JAKARTA, KOMPAS.com - Harga cabai rawit di Pasar Minggu turun, kata seorang pedagang, Senin (5/2/2024).",
    b"Menteri berkata program itu akan berjalan tahun depan. Bantuan akan disalurkan ke semua daerah tersebut.",
)
"""Between them they bring every layer to load what it has: the words of the second leave its language to langdetect."""

Outcome = Annotation | Refusal
Ending = Outcome | Kept


def outcomes(
    rows: Iterable[Row],
    fetch: Callable[[Sequence[Row]], list[Item]],
    terms: Terms,
    finished: Finished,
    orders: Orders,
    journal: Journal,
) -> Iterator[list[Ending]]:
    """Yield the outcomes of sorted rows, in portions.

    Only the first of several copies is ever fetched and annotated, and none whose rows are `finished`.
    """
    if orders.careful:
        _warm_up()
    original: Ending | None = None
    for portion in portions(marked(rows), 1 if orders.careful else BATCH_DOCUMENTS):
        firsts = [(row, finished.find(row)) for row, first in portion if first]
        fetched = fetch([row for row, kept in firsts if kept is None])
        judged = iter(_judge([_corrected(item, terms.corrections) for item in fetched], terms, orders, journal))
        ended = iter(
            [next(judged) if kept is None else _still_kept(row, kept, finished, terms) for row, kept in firsts]
        )
        found: list[Ending] = []
        for row, first in portion:
            if first:
                found.append(next(ended))
                original = original if row.refused else found[-1]
            elif original is not None:
                found.append(_copy(original, row))
        journal.enter((), sum(row.weight for row, _ in portion))
        yield found


@cache
def _warm_up() -> None:
    """Once a process, load what the layers load at first use, while no document is in hand that a kill would blame."""
    annotate_documents([RawDocument(data, source_path="") for data in _WARM_UP])


def marked(rows: Iterable[Row]) -> Iterator[tuple[Row, bool]]:
    """Yield each row, and whether it is the first with its content: the copy whose source path sorts first."""
    previous = b""
    for row in rows:
        yield row, row.refused or row.key != previous
        if not row.refused:
            previous = row.key


def portions(rows: Iterable[tuple[Row, bool]], documents: int) -> Iterator[list[tuple[Row, bool]]]:
    """Yield rows to annotate together: at most so many documents and ANNOTATED_BYTES, or a single larger one."""
    portion: list[tuple[Row, bool]] = []
    weight = firsts = 0
    for row, first in rows:
        full = firsts >= documents or weight + row.weight > ANNOTATED_BYTES
        if portion and ((first and full) or len(portion) >= ROWS_HELD):
            yield portion
            portion, weight, firsts = [], 0, 0
        portion.append((row, first))
        if first:
            weight += row.weight
            firsts += 1
    if portion:
        yield portion


def _judge(items: Sequence[Item], terms: Terms, orders: Orders, journal: Journal) -> list[Outcome]:
    """The outcome of each of these distinct items."""
    known = [_known(item, terms.removed, orders.avoid) for item in items]
    live = [item for item, refusal in zip(items, known, strict=True) if isinstance(item, RawDocument) and not refusal]
    if live:
        journal.enter([document.source_path for document in live])
    annotated = iter(annotate_documents(live, terms.left_out) if live else ())
    return [refusal or _unless_removed(next(annotated), terms.removed) for refusal in known]


def _corrected(item: Item, corrections: Corrections) -> Item:
    """A document with what people corrected in it."""
    if not corrections.of or isinstance(item, Refusal):
        return item
    return replace(item, corrections=corrections.of.get(item.sha256, ()))


def _unless_removed(outcome: Outcome, removed: Removed) -> Outcome:
    """What was taken down is known by its body too: crawled again, it has other bytes around the same text."""
    if removed == NOTHING_REMOVED or not isinstance(outcome, Annotation):
        return outcome
    if removed.holds(outcome.document.article_id, outcome.text):
        return _taken_down(outcome.document.source_path, outcome.document.corrections, _BY_BODY)
    return outcome


def _still_kept(row: Row, kept: Kept, finished: Finished, terms: Terms) -> Ending:
    """As `_known` and `_unless_removed`, for what an earlier build annotated."""
    removed = terms.removed
    if removed == NOTHING_REMOVED or not removed.holds(kept.article_id, finished.text(kept)):
        return kept
    detail = _BY_ID if kept.article_id in removed.ids else _BY_BODY
    return _taken_down(kept.source_path, terms.corrections.of.get(row.key.hex(), ()), detail)


def _taken_down(source_path: str, corrections: Sequence[Correction], detail: str) -> Refusal:
    """The refusal of an article that was taken down, without the digest of its bytes: no guess at them is proved."""
    return Refusal(source_path, None, "removed", detail, misfits=without_article(corrections, None, TAKEN_DOWN))


def _known(item: Item, removed: Removed, avoid: frozenset[str]) -> Refusal | None:
    """The refusal of an item that is not even looked at."""
    if isinstance(item, Refusal):
        return item
    if removed.ids and item.article_id in removed.ids:
        return _taken_down(item.source_path, item.corrections, _BY_ID)
    if item.source_path in avoid:
        return refuse(item, "failed", KILLED)
    return None


def _copy(original: Ending, row: Row) -> Refusal:
    """The outcome of a document with the very bytes of `original`."""
    if isinstance(original, Refusal):
        return replace(original, source_path=row.source_path, misfits=())
    kept = original.source_path if isinstance(original, Kept) else original.document.source_path
    detail = f"The same bytes as {kept}, which is kept."
    return Refusal(row.source_path, row.key.hex(), DUPLICATE, detail, byte_count=row.weight - ROW_COST)


def unplaced(corrections: Corrections, present: Iterable[str], removed: Removed) -> list[Refusal]:
    """Return the refusals of corrections of which the document is not `present` (SHA-256s).

    Where the document was taken down they do not name its bytes.
    """
    return [
        replace(each, raw_sha256=None, detail=TAKEN_DOWN)
        if (each.raw_sha256 or "")[:ID_DIGITS] in removed.ids
        else each
        for each in corrections.refused(present)
    ]
