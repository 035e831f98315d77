"""What a build asks of every document, the same on each engine and worker."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kliping.curate.corrections import NO_CORRECTIONS, Corrections
from kliping.curate.takedown import NOTHING_REMOVED, Removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How documents become articles, and which are refused or taken over as they are."""

    removed: Removed = NOTHING_REMOVED
    """The takedown list: articles that are refused."""
    corrections: Corrections = NO_CORRECTIONS
    """What people corrected in the documents."""
    left_out: frozenset[str] = frozenset()
    """Layers that do not run."""
    finished: tuple[str, ...] = ()
    """The folders of corpora among the inputs that this code would make again as they are: their rows are taken."""
    renewed: frozenset[str] = frozenset()
    """SHA-256s of documents for which they are not, since people corrected something in them."""

    def between(self, start: str, end: str | None) -> Terms:
        """Return the terms for documents with a SHA-256 from `start` up to `end`: without others' corrections."""
        return replace(self, corrections=self.corrections.between(start, end))
