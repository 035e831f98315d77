"""What a person reads: errors, Ctrl-C and a full disk as one sentence on standard error, no character that tricks.

No verb ends in a traceback for bad input, nor for an output that cannot be written.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

import click

from kliping.errors import KlipingError, printable


class Sentences(click.Group):
    """Shows a KlipingError, Ctrl-C, and an output that cannot be written, as one sentence; exits with 1, 130 or 143."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line, and see to it that what was printed is written before the process ends."""
        try:
            try:
                return super().main(*args, **extra)
            finally:
                if sys.stdout is not None:
                    sys.stdout.flush()
        except OSError as error:
            _give_up_output()
            if error.errno == errno.EPIPE:  # who read it has seen enough
                sys.exit(1)
            reason = error.strerror or error
            _end(f"Standard output took no more ({reason}); what the command writes to files is complete.", 1)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with stoppable():
                return super().invoke(ctx)
        except KlipingError as error:
            _end(str(error), 1)
        except KeyboardInterrupt as stop:
            _end(str(stop) or "Stopped.", 128 + _stopped_by)


def _end(sentence: str, status: int) -> NoReturn:
    with suppress(OSError):
        click.echo(f"kliping: {printable(sentence)}", err=True)
    sys.exit(status)


def _give_up_output() -> None:
    """Send what waits to be written nowhere: Python would try once more when it ends, and complain."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_stopped_by = int(signal.SIGINT)


@contextmanager
def stoppable() -> Iterator[None]:
    """Take SIGTERM for Ctrl-C: what is under way then ends in order, once. A second signal kills at once.

    A signal that whoever started this process had it ignore, as `nohup` does, stays ignored.
    """
    usual: dict[int, Any] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    try:
        taken = [number for number, handler in usual.items() if signal.getsignal(number) == handler]
        for number in taken:
            signal.signal(number, _stop)
    except ValueError:  # not in the main thread, where alone signals arrive
        taken = []
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, usual[number])


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    global _stopped_by
    _stopped_by = number
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_DFL)
    raise KeyboardInterrupt
