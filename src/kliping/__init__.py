"""kliping turns crawled Indonesian news into an annotated corpus; every value cites the raw span that proves it."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kliping.annotate import annotate

__all__ = ["annotate"]


class _Package(ModuleType):
    """This package, which loads its layers when `annotate` is first asked for: most processes never do.

    A property, since the submodule of that name would take the place of the function in an ordinary package.
    """

    @property
    def annotate(self) -> Any:
        from kliping.annotate import annotate

        return annotate

    @annotate.setter
    def annotate(self, submodule: ModuleType) -> None:
        """What the import system does with a submodule, once it is loaded: here in vain."""


sys.modules[__name__].__class__ = _Package
