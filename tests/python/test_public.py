"""Every public function of `kliping` is typed and has an example, and the examples run."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

import kliping
from kliping import kernel

PUBLIC = [getattr(kliping, name) for name in dir(kliping) if name != "__version__"]
PUBLIC += [getattr(kernel, name) for name in ("annotate_arrow", "documents_schema")]
PACKAGE = Path(kliping.__file__).parent
NEEDS_MORE = "integrations/datatrove.py"
"""Runs where datatrove is installed: tests/python/test_datatrove.py."""
NAMES = [path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if ">>> " in path.read_text("utf-8")]


@pytest.mark.parametrize("function", PUBLIC, ids=lambda function: function.__name__)
def test_it_has_an_example_and_says_its_types(function: Callable[..., object]) -> None:
    assert ">>> " in (function.__doc__ or "")
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty
    assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values())


@pytest.mark.parametrize("name", sorted({*NAMES} - {NEEDS_MORE}))
def test_the_examples_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PACKAGE.parents[1])
    module = import_module(f"kliping.{name.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}")
    failed, tried = doctest.testmod(module)
    assert (failed, tried > 0) == (0, True)
