"""What kliping knows of news, as data: each fact stands once, in a TOML file of this folder; here they are read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str, package: str = __name__) -> Mapping[str, Any]:
    """Return a parsed TOML file of this folder, or of another package's; it is read once a process, and shared.

    >>> load("dates.toml")["weekdays"]["0"][0]
    'senin'
    """
    return tomllib.loads(files(package).joinpath(name).read_text("utf-8"))
