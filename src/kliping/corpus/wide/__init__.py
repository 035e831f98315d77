"""The tables made of the whole corpus: a new one is a module here, its table's file in schema/tables/, and a line."""

from __future__ import annotations

from kliping.corpus.wide import domains
from kliping.corpus.wide.shards import Wide

WIDE = (Wide("domains", find=domains.find),)
