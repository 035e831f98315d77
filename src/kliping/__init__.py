"""kliping turns crawled Indonesian news into an annotated corpus; every value cites the raw span that proves it."""

from __future__ import annotations

from importlib import import_module, metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kliping.annotation.pipeline import annotate
    from kliping.building.build import build
    from kliping.corpus.folder import open_corpus

    __version__: str

__all__ = ["__version__", "annotate", "build", "open_corpus"]

_HOMES = {"annotate": "annotation.pipeline", "build": "building.build", "open_corpus": "corpus.folder"}
"""Where each public function stands. It is imported when it is first asked for: most processes need one at most."""


def __getattr__(name: str) -> object:
    if name == "__version__":
        return metadata.version(__name__)
    if name == "annotate":
        _show_in_notebooks()
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _show_in_notebooks() -> None:
    """Let notebooks show annotations. How they do is the report's matter, of which the model below knows nothing."""
    from kliping.model import Annotation

    def shown(annotation: Annotation) -> object:
        return import_module(f"{__name__}.report.fragment").annotation_html(annotation)

    setattr(Annotation, "_repr_html_", shown)  # noqa: B010


def __dir__() -> list[str]:
    return __all__
