"""No test asserts speed by the clock: a busy machine takes as long as it takes for an example of a property."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
