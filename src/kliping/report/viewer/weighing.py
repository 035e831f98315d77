"""Tells of doubtful articles what the model weighed: for each line it decided, its reasons and the runner-up."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from kliping import schema
from kliping.corpus.folder import Corpus
from kliping.corpus.tables import as_segment, documents_from_raw
from kliping.model import SetAside
from kliping.report.explain import weigh

MOST_WEIGHED = 400
"""Articles of which this is told: to weigh one, it is annotated again. `kliping explain` tells it of any."""

Weighed = list[list[object]]
"""An entry [position, [words, weight, words, weight ...], runner-up] for each segment that the model decided; the words
are numbers in `Reasons`, the weights 256ths."""


class Reasons:
    """The distinct words of reasons, numbered in the order of their coming."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def number(self, words: str) -> int:
        """Return the number of these words."""
        return self.known.setdefault(words, len(self.known))


def weigh_articles(corpus: Corpus, article_ids: Collection[str], reasons: Reasons) -> dict[str, Weighed]:
    """Return what was weighed in these articles, by id; one that another version of kliping made may be missing."""
    wanted = pa.array(sorted(article_ids), pa.string())
    found: dict[str, Weighed] = {}
    for index in range(corpus.shard_count if len(wanted) else 0):
        raw = corpus.table("raw", index)
        raw = raw.filter(pc.is_in(raw["article_id"], value_set=wanted))
        if raw.num_rows:
            rows = corpus.table("segments", index)
            found |= _weighed(raw, rows.filter(pc.is_in(rows["article_id"], value_set=raw["article_id"])), reasons)
    return found


def _weighed(raw: pa.Table, rows: pa.Table, reasons: Reasons) -> dict[str, Weighed]:
    segments: dict[str, list[dict[str, object]]] = {article_id: [] for article_id in raw["article_id"].to_pylist()}
    for row in rows.to_pylist():
        segments[row["article_id"]].append(row)
    roles = schema.names("roles")
    found: dict[str, Weighed] = {}
    for document in documents_from_raw(raw):
        try:
            explained = weigh(document, [as_segment(row) for row in segments[document.article_id]])
        except SetAside:
            continue
        found[document.article_id] = [
            [position, [part for words, weight in unit.reasons for part in (reasons.number(words), weight)],
             roles.index(unit.runner_up)]
            for position, unit in sorted(explained.items())
            if unit.runner_up
        ]  # fmt: skip
    return found
