"""Loads every config of the corpus in the current folder, streaming and not, without a network; prints what came."""

from __future__ import annotations

import json
import socket
import sys
import warnings
from typing import Any, NoReturn

warnings.simplefilter("error")


def _refuse(*arguments: object) -> NoReturn:
    raise AssertionError(f"something reached for the network: {arguments}")


def main(corpus: str, cache: str) -> None:
    """Print one JSON line a config: name, rows, features and version, as loaded; the stream must agree."""
    socket.socket.connect = _refuse  # type: ignore[method-assign,assignment]
    socket.getaddrinfo = _refuse
    import datasets

    datasets.disable_progress_bars()
    for name in datasets.get_dataset_config_names(corpus):
        loaded: Any = datasets.load_dataset(corpus, name, split="train", cache_dir=cache)
        stream: Any = datasets.load_dataset(corpus, name, split="train", cache_dir=cache, streaming=True)
        assert loaded.features == stream.features
        rows = list(loaded)
        assert rows == list(stream)
        types = {column: str(pa_type) for column, pa_type in zip(*_types(loaded), strict=True)}
        print(json.dumps([name, len(rows), types, str(loaded.info.version)]))


def _types(loaded: Any) -> tuple[list[str], list[object]]:
    return loaded.features.arrow_schema.names, loaded.features.arrow_schema.types


if __name__ == "__main__":
    main(*sys.argv[1:])
