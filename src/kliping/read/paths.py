"""The files that files, folders and globs stand for: each once, named and ordered whatever the arguments' order.

Symbolic links inside a folder are never followed: one that stays inside names what is read under its own name anyway,
one that leads out would read what nobody gave. Each is refused with its reason: nothing is passed over in silence.
"""

from __future__ import annotations

import errno
import glob
import itertools
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kliping.model import Refusal
from kliping.read.options import Input
from kliping.read.remote import RemoteFile, is_remote, public_address, remote_files

_ESCAPED = frozenset("%#!\x7f\u2028\u2029") | {chr(code) for code in (*range(0x20), *range(0x80, 0xA0))}


@dataclass(frozen=True, slots=True)
class _Found:
    """A file or a refusal, by its absolute path, with the folder that its name is relative to."""

    path: str
    root: str
    size: int = 0
    reason: str = ""
    detail: str = ""


def plan(inputs: Iterable[str | Path], left_out: Callable[[str, str], bool] | None = None) -> list[Input]:
    """Return one Input a file of `inputs` (files, folders with all they hold, globs, all as addresses too), sorted by
    source_path.

    Opens no file. source_path is relative to the input root: a folder given, the folder of a file given, the folder
    before a glob's first wildcard. Where two files would share one, each is given as many of its parent folders as
    tells them apart; that of a file elsewhere is its address. A file reached twice is planned once. What cannot be
    read is an Input with a refusal, never an exception; only an address raises RemoteError. `left_out` tells by the
    absolute path of a file and that of its input root what is no input at all.
    """
    found: dict[str, _Found] = {}
    elsewhere: dict[str, Input] = {}
    for argument in inputs:
        if is_remote(os.fspath(argument)):
            elsewhere.update((one.source_path, one) for one in map(_elsewhere, remote_files(os.fspath(argument))))
            continue
        for item in _expand(os.fspath(argument)):
            if left_out is not None and left_out(item.path, item.root):
                continue
            known = found.get(item.path)
            if known is None or _rank(item) < _rank(known):
                found[item.path] = item
    named = _names(list(found.values()))
    here = (_input(item, name) for item, name in named)
    return sorted([*here, *elsewhere.values()], key=lambda one: one.source_path)


def escape(path: str) -> str:
    """Return a file name as valid Unicode on one line; `urllib.parse.unquote_to_bytes` gives the bytes of `path` again.

    Percent signs, `#` and `!` (which set off a record's number and an archive's member), control characters, line
    separators and bytes that are no UTF-8 are written as `%XX`. A name is read as UTF-8 whatever the locale says: the
    same bytes, the same name.
    """
    if path.isascii() and path.isprintable() and "%" not in path and "#" not in path and "!" not in path:
        return path
    return escape_name(os.fsencode(path).decode("utf-8", "surrogateescape"))


def escape_name(name: str) -> str:
    """Return a name that is Unicode, but for bytes that are no UTF-8 and stand in it as lone surrogates, as `escape`
    does."""
    return "".join(_escaped(c) if c in _ESCAPED or "\ud800" <= c <= "\udfff" else c for c in name)


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))


def _rank(item: _Found) -> tuple[int, str]:
    """The widest root wins, whatever was named first; a file beats the refusal of a link to it."""
    return len(item.root), item.reason


def _input(item: _Found, name: str) -> Input:
    refusal = Refusal(name, None, item.reason, item.detail) if item.reason else None
    return Input(item.path, name, item.size, refusal)


def _elsewhere(file: RemoteFile) -> Input:
    """A file that stands elsewhere, named by its address. Those of the web have their percent signs already."""
    address = public_address(file.address)
    name = "%".join(map(escape, address.split("%"))) if address[:4].lower() == "http" else escape(address)
    return Input(file.address, name, file.size, version=file.version)


def _names(items: Sequence[_Found]) -> list[tuple[_Found, str]]:
    """Each item with its source_path: unique, and a function of the items' paths alone."""
    parts = [tuple(item.path.split(os.sep)) for item in items]
    lengths = [len(os.path.relpath(item.path, item.root).split(os.sep)) for item in items]
    while True:
        tails = [part[-length:] for part, length in zip(parts, lengths, strict=True)]
        shared = Counter(tails)
        clashing = [i for i, tail in enumerate(tails) if shared[tail] > 1 and lengths[i] < len(parts[i])]
        if not clashing:
            return [(item, escape("/".join(tail))) for item, tail in zip(items, tails, strict=True)]
        for i in clashing:
            lengths[i] += 1


def _expand(argument: str) -> Iterator[_Found]:
    path = os.path.abspath(argument)
    if os.path.lexists(path) or not glob.has_magic(argument):
        yield from _named(path, os.path.dirname(path))
        return
    root, pattern = _before_wildcard(path)
    matches = sorted(str(match) for match in Path(root).glob(pattern))
    if not matches:
        yield _Found(path, root, reason="unreadable", detail="No file matches this pattern.")
    real_root = os.path.realpath(root)
    for match in matches:
        link = _first_link(match, root)
        if link is not None:
            yield _link(link, root, real_root)
        else:
            yield from _named(match, root)


def _before_wildcard(path: str) -> tuple[str, str]:
    """The folder before the first wildcard, and the pattern below it."""
    parts = path.split(os.sep)
    magic = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    return os.sep.join(parts[:magic]) or os.sep, os.sep.join(parts[magic:])


def _first_link(path: str, root: str) -> str | None:
    """The first symbolic link on the way from `root` down to `path`."""
    steps = itertools.accumulate(os.path.relpath(path, root).split(os.sep), os.path.join, initial=root)
    return next((step for step in list(steps)[1:] if os.path.islink(step)), None)


def _named(path: str, root: str) -> Iterator[_Found]:
    """What a path that somebody named stands for; a link named outright is followed. A folder given is its own root."""
    try:
        status = os.stat(path)
    except OSError as error:
        reason = "symlink-loop" if error.errno == errno.ELOOP else "unreadable"
        yield _Found(path, root, reason=reason, detail=_sentence(error))
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _walk(path, path if root == os.path.dirname(path) else root)
    else:
        yield _file(path, root)


def _walk(folder: str, root: str) -> Iterator[_Found]:
    """Every file below `folder`, without recursion and without following links."""
    real_root, pending = os.path.realpath(folder), [folder]
    while pending:
        current = pending.pop()
        try:
            with os.scandir(current) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield _Found(current, root, reason="unreadable", detail=_sentence(error))
            continue
        for entry in found:
            if entry.is_symlink():
                yield _link(entry.path, root, real_root)
            elif entry.is_dir():
                pending.append(entry.path)
            else:
                yield _file(entry.path, root)


def _file(path: str, root: str) -> _Found:
    try:
        status = os.stat(path)
    except OSError as error:
        return _Found(path, root, reason="unreadable", detail=_sentence(error))
    if stat.S_ISREG(status.st_mode):
        return _Found(path, root, status.st_size)
    return _Found(path, root, reason="unreadable", detail="Not a regular file but a device, pipe or socket.")


def _link(path: str, root: str, real_root: str) -> _Found:
    """The refusal of a symbolic link inside a folder."""
    target = os.path.realpath(path)
    shown = escape(os.path.relpath(target, real_root))
    inside = target == real_root or target.startswith(real_root.rstrip(os.sep) + os.sep)
    here = os.path.realpath(os.path.dirname(path))
    if os.path.islink(target) or f"{here}{os.sep}".startswith(target.rstrip(os.sep) + os.sep):
        detail = "A symbolic link that leads back to itself or to a folder that holds it."
        return _Found(path, root, reason="symlink-loop", detail=detail)
    if not inside:
        detail = "A symbolic link that leads out of the input folder; name its target as an input to read it."
        return _Found(path, root, reason="outside-input", detail=detail)
    if not os.path.lexists(target):
        return _Found(path, root, reason="unreadable", detail=f"A symbolic link to {shown}, which does not exist.")
    detail = f"A symbolic link to {shown}, which is read under that name."
    return _Found(path, root, reason="link-inside-input", detail=detail)


def _sentence(error: OSError) -> str:
    """Why the system refused, without the path, which differs between machines."""
    return f"{error.strerror or 'It cannot be read'}."
