"""kliping turns crawled Indonesian news into an annotated corpus; every value cites the raw span that proves it."""

from __future__ import annotations

from kliping.annotate import annotate

__all__ = ["annotate"]
