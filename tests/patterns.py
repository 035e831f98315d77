"""Finds every regex of a package, so that no test of them has to list the modules they stand in."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages
from types import ModuleType


def patterns_in(package: ModuleType) -> list[re.Pattern[str]]:
    """The regexes of text in a package's modules: named, in tables, in what tables hold, made by functions."""
    names = [
        module.name for module in walk_packages(package.__path__, f"{package.__name__}.") if _installed(module.name)
    ]
    values = [value for name in (package.__name__, *names) for value in vars(import_module(name)).values()]
    found = {(p.pattern, p.flags): p for value in values for p in _patterns(value) if isinstance(p.pattern, str)}
    return list(found.values())


def _installed(name: str) -> bool:
    """Whether what a module is made for is there: those of `integrations` are named after it."""
    *_, room, last = name.split(".")
    return room != "integrations" or find_spec(last) is not None or last == "frames"


def _patterns(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _patterns(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _patterns(item)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _patterns([getattr(value, each.name) for each in fields(value)])
    elif callable(value) and _makes_a_table(value):
        yield from _patterns(value())


def _makes_a_table(value: object) -> bool:
    """Whether it is a function without parameters that makes a regex, or that keeps what it made."""
    function = inspect.unwrap(value)  # type: ignore[arg-type]
    kept = hasattr(value, "cache_info")
    returned = getattr(function, "__annotations__", {}).get("return")
    return (kept or returned == "re.Pattern[str]") and not inspect.signature(function).parameters
