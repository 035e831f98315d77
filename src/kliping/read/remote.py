"""Inputs that stand elsewhere, `scheme://...`: which files an address names, and each opened as a file, through fsspec.

What goes wrong with an address or on the way to it is a RemoteError, never a refusal: the corpus would depend on the
network. Nothing is kept on the disk.
"""

from __future__ import annotations

import glob
import io
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, NamedTuple, cast
from urllib.parse import urldefrag, urlsplit

from kliping.errors import KlipingError
from kliping.read.streams import CHUNK

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]{0,30})://", re.I)
_USER = re.compile(r"(?<=://)[^/@]*@")
_SECRET = re.compile(r"(?:x-(?:amz|goog|ms)-[a-z-]*|sig|signature|(?:\w*_)?token|api_?key|awsaccesskeyid)=", re.I)
"""Parameters by which an address is opened, and no part of its name."""
_OF_THE_WEB = ("http", "https")
_BLOCK = 5 * CHUNK
"""Bytes that are asked for at once."""
_TRIES, _PAUSE = 3, 1.0
"""How often a block is asked for, and the seconds between."""
_CONNECT, _SILENCE = 30, 120
"""Seconds until a server that does not answer, or sends no more, is given up."""
_VERSIONS = (
    "ETag", "etag", "blob_id", "oid", "Content-MD5", "md5Hash", "Digest",
    "Last-Modified", "LastModified", "last_modified", "updated", "mtime", "modified", "created",
)  # fmt: skip
"""What file systems call a digest of a file, failing that the time of its last change."""


class RemoteError(KlipingError):
    """An address that names nothing, or a connection that fails."""


class RemoteFile(NamedTuple):
    """A file that an address names."""

    address: str
    """To open it by."""
    size: int
    """Bytes; 0 where the server does not say."""
    version: str
    """What changes with the file, as its server tells it; empty where it tells nothing."""


def is_remote(path: str) -> bool:
    """Tell whether an input is an address and no path of this machine.

    >>> is_remote("hf://datasets/OWNER/NAME/*.parquet"), is_remote("berita.csv")
    (True, False)
    """
    return _ADDRESS.match(path) is not None


def public_address(address: str) -> str:
    """Return an address without what only lets somebody in: a password, a signature.

    >>> public_address("https://ani:rahasia@arsip.example/a.csv?sig=f00&n=2")
    'https://arsip.example/a.csv?n=2'
    """
    address = _USER.sub("", address)
    if not _is_of_the_web(address):
        return address
    path, _, query = urldefrag(address).url.partition("?")
    kept = "&".join(each for each in query.split("&") if each and not _SECRET.match(each))
    return f"{path}?{kept}" if kept else path


def remote_files(address: str) -> Iterator[RemoteFile]:
    """Yield the files that an address names: one, all of a folder, those that match a pattern. Raises RemoteError."""
    with _told(address):
        system, path = _system(address)
        if _is_pattern(address):
            found = system.glob(path, detail=True)
        elif (info := system.info(path))["type"] == "directory":
            found = system.find(path, detail=True)
        else:
            yield _file(address, info)
            return
        files = {name: info for name, info in sorted(found.items()) if info["type"] == "file" and name[-1:] != "/"}
        if not files:
            raise RemoteError(f"There is no file at {public_address(address)}.")
        for name, info in files.items():
            yield _file(_address_of(name, address, path), system.info(name) if _is_of_the_web(address) else info)


def open_remote(address: str) -> io.BufferedReader:
    """Open a file by its address, to seek in where its server gives parts of files. Raises RemoteError."""
    with _told(address):
        system, path = _system(address)
        return io.BufferedReader(_Remote(address, *_opened(system, path)), CHUNK)


class _Remote(io.RawIOBase):
    """The bytes of an open file of fsspec; every fault is a RemoteError, an end before the last byte too."""

    def __init__(self, address: str, file: Any, may_seek: bool) -> None:
        self._address, self._file, self._may_seek = address, file, may_seek
        self._size: int | None = file.size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._may_seek

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Stand at another byte; files that cannot be sought in raise UnsupportedOperation."""
        if not self._may_seek:
            raise io.UnsupportedOperation("seek")
        starts = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size or 0}
        self._at = max(0, starts[whence] + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as bytes come at once; 0 at the end."""
        wanted = len(buffer) if self._size is None else min(len(buffer), max(0, self._size - self._at))
        data = self._read(wanted) if wanted else b""
        if wanted and not data and self._size is not None:
            where = public_address(self._address)
            raise RemoteError(f"{where} ended after {self._at:,} of {self._size:,} bytes; has it changed? Try again.")
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _read(self, size: int) -> bytes:
        for _ in range(_TRIES - 1 if self._may_seek else 0):
            try:
                return self._once(size)
            except Exception:
                time.sleep(_PAUSE)
        with _told(self._address):
            return self._once(size)

    def _once(self, size: int) -> bytes:
        if self._may_seek:
            self._file.seek(self._at)
        return cast("bytes", self._file.read(size))

    def close(self) -> None:
        """Let go of the connection."""
        if not self.closed:
            self._file.close()
        super().close()


def _opened(system: Any, path: str) -> tuple[Any, bool]:
    """An open file, and whether it can be sought in: a server may give whole files alone, and tell so when asked."""
    file = system.open(path, "rb", block_size=_BLOCK)
    if not file.size:
        return file, False
    try:
        file.seek(file.size - 1)
        file.read(1)
    except ValueError:
        file.close()
        return system.open(path, "rb", block_size=0), False
    return file, True


def _system(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    import fsspec

    scheme = _scheme(address)
    if scheme in ("file", "local"):
        raise RemoteError(f"{public_address(address)} is a file of this machine; give its path instead.")
    try:
        kind = fsspec.get_filesystem_class(scheme)
    except ValueError:
        raise RemoteError(f"{public_address(address)} cannot be read: nobody knows the scheme {scheme}://.") from None
    options = kind._get_kwargs_from_urls(address) | (_of_web_clients() if scheme in _OF_THE_WEB else {})
    return kind(**options), kind._strip_protocol(urldefrag(address).url if scheme in _OF_THE_WEB else address)


def _of_web_clients() -> dict[str, Any]:
    """Bytes as they are stored, through the proxy that the environment names, however long a file takes."""
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT, sock_read=_SILENCE)
    return {
        "headers": {"Accept-Encoding": "identity"},
        "client_kwargs": {"timeout": timeout, "trust_env": True},
    }


def _scheme(address: str) -> str:
    match = _ADDRESS.match(address)
    assert match is not None
    return match[1].lower()


def _is_of_the_web(address: str) -> bool:
    return _scheme(address) in _OF_THE_WEB


def _is_pattern(address: str) -> bool:
    """Whether an address has wildcards; in one of the web a `?` begins the query."""
    return "*" in urlsplit(address).path if _is_of_the_web(address) else glob.has_magic(address)


def _address_of(name: str, address: str, path: str) -> str:
    """The address of a file below another address, whose `path` this is: spelled as that one was given."""
    if _ADDRESS.match(name):
        return name
    address, path = address.rstrip("/"), path.strip("/")
    before = address.removesuffix(path) if address.endswith(path) else f"{_scheme(address)}://"
    return before + name.lstrip("/")


def _file(address: str, info: Mapping[str, Any]) -> RemoteFile:
    version = next((f"{key} {info[key]}" for key in _VERSIONS if info.get(key)), "")
    return RemoteFile(address, int(info.get("size") or 0), version)


@contextmanager
def _told(address: str) -> Iterator[None]:
    """Turn whatever goes wrong into a RemoteError: each file system has errors of its own."""
    try:
        yield
    except KlipingError:
        raise
    except ImportError as error:
        package = error.__cause__.name if isinstance(error.__cause__, ImportError) else None
        needed = f"the package {package}: pip install {package}" if package else f"a package ({error})"
        raise RemoteError(f"To read addresses of {_scheme(address)}:// kliping needs {needed}.") from error
    except Exception as error:
        sentence = f"{public_address(address)} cannot be read: {_why(error)}."
        raise RemoteError(f"{sentence} Nothing was changed; the same command tries again.") from error


def _why(error: BaseException) -> str:
    cause = (error.__cause__ or error) if isinstance(error, FileNotFoundError) else error
    status = getattr(cause, "status", None) or getattr(getattr(cause, "response", None), "status_code", None)
    if isinstance(status, int) and status in {each.value for each in HTTPStatus}:
        return f"its server answers {status} {HTTPStatus(status).phrase}"
    if isinstance(cause, TimeoutError):
        return "its server does not answer"
    if isinstance(cause, FileNotFoundError):
        return "there is nothing at this address"
    said = " ".join(str(cause).replace(" ssl:default", "").split())
    return said[:200].rstrip(".") or type(cause).__name__
