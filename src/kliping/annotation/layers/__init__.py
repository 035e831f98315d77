"""The layers, in the order in which they run: a new one is a module here, its table in schema/tables/, and a line."""

from __future__ import annotations

from kliping.annotation.layers import applied, language, metadata, quotations, sentences, signals, time_expressions
from kliping.annotation.layers.layer import Layer

LAYERS = (
    Layer("evidence", table="evidence", needs=(), find=metadata.find_evidence),
    Layer("corrections", table="corrections", needs=(), find=applied.find),
    Layer("metadata", table="articles", needs=("evidence",), find=metadata.find_values),
    Layer("language", table="articles", needs=(), find=language.find),
    Layer("sentences", table="sentences", needs=(), find=sentences.find),
    Layer("quotations", table="quotations", needs=("sentences",), find=quotations.find),
    Layer("time_expressions", table="time_expressions", needs=("metadata",), find=time_expressions.find),
    Layer("signals", table="evidence", needs=("language", "sentences"), find=signals.find_places),
    Layer("flags", table="articles", needs=("evidence", "signals"), find=signals.find_flags),
)
