"""The one error that a command shows as a sentence: what is wrong, where, and what to do next."""

from __future__ import annotations


class KlipingError(Exception):
    """Raised with a whole sentence for a person; the command line prints it without a traceback and exits with 1."""
