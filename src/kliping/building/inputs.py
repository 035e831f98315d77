"""The files of a build: all that its inputs name, but for what kliping itself made there, which is no input.

So a build whose output lies in its own input gives the same corpus each time, and the corpora of earlier builds are not
read as if they were pages.
"""

from __future__ import annotations

import glob
import itertools
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from kliping.building.corpora import corpus_inputs
from kliping.building.naming import clashing, told_apart
from kliping.building.workfolder import is_work_folder, work_folder
from kliping.corpus.about import FILE_NAME, About, about_of, read_about
from kliping.corpus.manifest import is_corpus, read_manifest
from kliping.corpus.write import aside_of, matches_path, output_of, stage_of
from kliping.errors import KlipingError, listed
from kliping.read import DEFAULT, Input, Options, plan
from kliping.read.remote import is_remote


class InputInOutputError(KlipingError):
    """An input lies in the folder that the build would replace."""


class Inputs:
    """The files that `arguments` name (files, folders, globs), as `read.plan` gives them.

    Left out are `out`, where a build is to write, and the folders that it works in, however they are spelled; what
    other builds made inside an input, corpora and their folders of work; and the files `apart`. What stands above an
    input root does not count: the Parquet files of an older corpus can be read where they are named. A corpus that is
    itself an argument is read as one (`corpora`), and so is `out` with `append`. `corpus.toml` in a folder that is
    named, or beside a file that is, says what the corpus is and is no input either. `out` itself may be an argument, as
    where a shell puts all names for a `*`; raises InputInOutputError where one lies in it: the build would replace it.
    """

    def __init__(
        self,
        arguments: Sequence[str | Path],
        out: Path | None = None,
        apart: Sequence[Path] = (),
        append: bool = False,
        options: Options = DEFAULT,
    ) -> None:
        self._own = _written_by_builds_of(os.path.realpath(out)) if out else ()
        for argument in arguments:
            if not is_remote(os.fspath(argument)) and any(_lies_in(own, os.fspath(argument)) for own in self._own):
                raise InputInOutputError(
                    f"The input {argument} lies in {self._own[0]}, which this build would replace. "
                    "Nothing was touched; give another --out."
                )
        self._apart = {os.path.realpath(path) for path in apart}
        self._grown = self._own[0] if append else None
        others = sorted({os.path.realpath(each) for each in filter(self._is_corpus, arguments)})
        self.corpora = [*filter(None, [self._grown]), *others]
        """The folders of the corpora that are inputs."""
        named = [argument for argument in arguments if not self._is_corpus(argument)]
        self._about = _about_beside(named)
        self.about = _of_all(self.corpora) if self._about is None else read_about(Path(self._about))
        """What a `corpus.toml` beside the inputs says, or else the corpora among them, where they say the same."""
        self._met: set[str] = set()
        self._real = cache(os.path.realpath)
        self._is_made = cache(_is_made)
        files = plan(named, self._is_left_out)
        clashes = clashing(self.corpora)
        held = [
            one
            for folder in self.corpora
            for one in corpus_inputs(folder, frozenset() if folder == self._grown else clashes)
        ]
        self.files: list[Input] = [*held, *(told_apart(files, self.corpora, options) if held else files)]

    @property
    def remark(self) -> str | None:
        """A sentence about what other builds made and was left out; None where there is no such thing."""
        return f"Not read, since kliping made it: {listed(sorted(self._met))}." if self._met else None

    def _is_corpus(self, argument: str | Path) -> bool:
        """Whether an argument is a corpus to be read, which that at `out` is not."""
        return is_corpus(Path(argument)) and not (self._own and os.path.realpath(argument) == self._own[0])

    def _is_left_out(self, path: str, root: str) -> bool:
        top = self._real(root)
        if os.path.islink(path):
            place = folder = os.path.realpath(path)
        else:
            folder = self._real(os.path.dirname(path))
            place = os.path.join(folder, os.path.basename(path))
        if place == self._about or place in self._apart or any(_holds(own, place) for own in self._own):
            return True
        while _holds(top, folder):
            if self._is_made(folder):
                self._met.add(os.path.relpath(folder))
                return True
            folder = os.path.dirname(folder) if folder != top else ""
        return False


def _of_all(corpora: Sequence[str]) -> About | None:
    """What the corpora say of themselves, where all say the same."""
    said = {about_of(read_manifest(Path(folder))) for folder in corpora}
    return said.pop() if len(said) == 1 and said != {About()} else None


def _about_beside(arguments: Sequence[str | Path]) -> str | None:
    """The real path of the one `corpus.toml` beside the inputs. Raises KlipingError where there are several."""
    places = {os.path.realpath(os.path.join(_root(os.fspath(argument)), FILE_NAME)) for argument in arguments}
    found = sorted(filter(os.path.isfile, places))
    if len(found) > 1:
        raise KlipingError(f"Several files say what the corpus is: {listed(found)}. Give one of them with --about.")
    return found[0] if found else None


def _root(argument: str) -> str:
    """The folder an argument names: itself, that of a file, that before the first wildcard of a pattern."""
    if os.path.isdir(argument):
        return argument
    if os.path.lexists(argument) or not glob.has_magic(argument):
        return os.path.dirname(argument)
    return _before_wildcard(argument)


def _before_wildcard(pattern: str) -> str:
    steps = itertools.takewhile(lambda step: not glob.has_magic(step), pattern.split(os.sep))
    return os.sep.join(steps) or (os.sep if pattern.startswith(os.sep) else ".")


def _written_by_builds_of(out: str) -> tuple[str, ...]:
    """The output first, then what a build of it writes beside it."""
    beside = (work_folder, stage_of, aside_of, matches_path)
    return (out, *(str(place(Path(out))) for place in beside))


def _lies_in(folder: str, argument: str) -> bool:
    """Whether all that an argument names lies in `folder`, which it does not name itself."""
    if os.path.lexists(argument) or not glob.has_magic(argument):
        place = os.path.realpath(argument)
        return place != folder and _holds(folder, place)
    return _holds(folder, os.path.realpath(_before_wildcard(argument)))


def _holds(folder: str, place: str) -> bool:
    """Whether `place` is `folder` or lies in it."""
    return place == folder or place.startswith(folder.rstrip(os.sep) + os.sep)


def _is_made(folder: str) -> bool:
    """Whether a build made this folder: a corpus, its work, or what it was just putting together or aside."""
    path = Path(folder)
    out = output_of(path)
    return is_corpus(path) or is_work_folder(path) or (out is not None and is_work_folder(work_folder(out)))
