"""kliping turns crawled Indonesian news into an annotated corpus; every value cites the raw span that proves it."""

from __future__ import annotations

from importlib import import_module, metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kliping.building.build import build
    from kliping.corpus.folder import open_corpus
    from kliping.integrations.frames import annotate_table
    from kliping.single import annotate

    __version__: str

__all__ = ["__version__", "annotate", "annotate_table", "build", "open_corpus"]

_HOMES = {
    "annotate": "single",
    "annotate_table": "integrations.frames",
    "build": "building.build",
    "open_corpus": "corpus.folder",
}
"""Where each public function stands. It is imported when it is first asked for: most processes need one at most."""


def __getattr__(name: str) -> object:
    if name == "__version__":
        return metadata.version(__name__)
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
