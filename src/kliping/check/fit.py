"""Says which corrections fit a corpus: applies them to its raw texts beside those that it holds, as a build does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from kliping.annotation.layers.applied import Applied
from kliping.corpus.folder import Corpus, require_text
from kliping.corpus.tables import corrected, documents_from_raw
from kliping.curate.corrections import Corrections
from kliping.kernel import annotate_documents
from kliping.model import APPLIED, CONFIRMED, SUPERSEDED, Annotation, Correction, RawDocument, Refusal

HELD = "held"
"""The outcome of a correction that the corpus holds already."""
_HELD = "held/"
_FITTING = {
    HELD: "fits, and the corpus holds it already",
    APPLIED: "fits",
    SUPERSEDED: "fits, and a later correction takes its place",
    CONFIRMED: "fits, and changes nothing: what it says stands there",
}


@dataclass(frozen=True, slots=True)
class Fit:
    """What becomes of one correction."""

    source_path: str
    """Its file and line."""
    outcome: str
    """HELD, a name of the vocabulary correction-outcomes, or a reason of decision-reasons."""
    detail: str | None
    """Why it does not fit, a sentence."""

    @property
    def fits(self) -> bool:
        """Whether it may be applied, or has been."""
        return self.outcome in _FITTING

    def in_words(self) -> str:
        """Return one line for a person."""
        words = _FITTING.get(self.outcome, f"does not fit ({self.outcome}). {self.detail}")
        return f"{self.source_path}: {words}"


def check_fit(corpus: Corpus, given: Corrections) -> Iterator[Fit]:
    """Yield what becomes of each correction, by its document; those without an article come last.

    Holds the `raw` table of one shard at a time. Raises KlipingError where the corpus is without text.
    """
    require_text(corpus)
    present: set[str] = set()
    for index in range(corpus.shard_count):
        raw = corpus.table("raw", index)
        raw = raw.filter(pc.is_in(raw.column("sha256"), pa.array(given.of, pa.string())))
        for document in corrected(documents_from_raw(raw), corpus.table("corrections", index)):
            present.add(document.sha256)
            yield from _of_document(document, given.of[document.sha256])
    yield from map(_unfit, given.refused(present))


def _of_document(document: RawDocument, given: Sequence[Correction]) -> Iterator[Fit]:
    """What becomes of the corrections of one document, beside those that the corpus holds."""
    held = {each.said: each._replace(source_path=f"{_HELD}{each.source_path}") for each in document.corrections}
    more = [each for each in given if each.said not in held]
    (outcome,) = annotate_documents([replace(document, corrections=(*held.values(), *more))])
    verdicts = {each.source_path: _unfit(each) for each in outcome.misfits}
    if isinstance(outcome, Annotation):
        verdicts |= {
            row.source_path: Fit(row.source_path, row.outcome, None)
            for row in outcome.rows["corrections"]
            if isinstance(row, Applied)
        }
    for each in given:
        yield verdicts[each.source_path] if each in more else Fit(each.source_path, HELD, None)


def _unfit(refusal: Refusal) -> Fit:
    return Fit(refusal.source_path, refusal.reason, refusal.detail)
