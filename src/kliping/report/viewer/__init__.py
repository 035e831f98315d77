"""Writes a corpus as one HTML file that people open from disk: every article with what was found in it, and why.

The file asks for nothing from outside, and a content security policy forbids it to. Texts are never markup: they come
packed, and the page's scripts set them as text. The bytes are a pure function of the corpus and of kliping's version.

`tallies` counts the overview, `doubt` ranks, `selection` says which articles fit, `weighing` asks the model for its
reasons, `packing` packs the articles, `composing` makes the page. The page itself is `page.html`, `page.css` and
SCRIPTS, which `docs/report.md` explains.
"""

from __future__ import annotations

from kliping.report.viewer.composing import report_bytes, write_report

__all__ = ["report_bytes", "write_report"]
