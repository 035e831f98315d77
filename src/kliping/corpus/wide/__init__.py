"""The tables made of the whole corpus: a new one is a module here, its table's file in schema/tables/, and a line."""

from __future__ import annotations

from kliping.corpus.wide import domains, duplicates
from kliping.corpus.wide.shards import Wide

WIDE = (
    Wide("duplicates", find=duplicates.find, gatherings=(duplicates.SHINGLES,), fills=duplicates.fills),
    Wide("domains", find=domains.find),
)
GATHERINGS = tuple(gathering for each in WIDE for gathering in each.gatherings)
