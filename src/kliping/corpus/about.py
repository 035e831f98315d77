"""What the curators of a corpus say of it, read from a TOML file; what they do not say is not stated, never guessed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from kliping.corpus.manifest import Manifest
from kliping.errors import KlipingError, listed

FILE_NAME = "corpus.toml"
"""The name under which `kliping build` finds the file beside its inputs."""
ABOUT = "about"
"""Where the manifest's `options` keep what the file says."""
_MOST_BYTES = 1 << 20


def _says(meaning: str) -> Any:
    return field(default=None, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is stated of a corpus; None is not stated."""

    name: str | None = _says("The name under which `load_dataset` finds it: a folder, or OWNER/NAME on a Hub.")
    title: str | None = _says("Its title for people.")
    description: str | None = _says("What it holds, in a sentence or a few.")
    curator: str | None = _says("Who made it: persons or an institution.")
    contact: str | None = _says("How the curators are reached.")
    homepage: str | None = _says("The address of a page about it.")
    rights: str | None = _says("Whose the texts and the annotations are, and what may be done with them.")
    license: str | None = _says("The licence as the Hub writes it, in small letters, such as `cc-by-4.0`; or `other`.")
    license_name: str | None = _says("What an `other` licence is called, in small letters and hyphens.")
    license_link: str | None = _says("The address of its text.")
    takedown: str | None = _says("Where outlets and persons ask for an article to be removed.")
    citation: str | None = _says("How to cite it, in BibTeX.")
    published: str | None = _says("The day on which it was published, a date of TOML such as 2026-03-01.")

    def stated(self) -> dict[str, str]:
        """Return what is stated, by name."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def read_about(path: Path) -> About:
    """Read the file. Raises KlipingError, naming the file and the key, where it is not what `About` describes."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise KlipingError(f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > _MOST_BYTES:
        raise KlipingError(f"{path} is longer than {_MOST_BYTES:,} bytes, so it says more than what a corpus is.")
    try:
        found = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KlipingError(f'{path} is not TOML: {error}. Write each line as key = "value".') from error
    except RecursionError as error:
        raise KlipingError(f'{path} nests too deep to be read. Write each line as key = "value".') from error
    return _checked(path, found)


def about_of(manifest: Manifest) -> About:
    """Return what a corpus's manifest keeps of it."""
    return About(**manifest["options"].get(ABOUT, {}))


def about_keys() -> dict[str, str]:
    """Return the meaning of every key of the file, in their order."""
    return {each.name: each.metadata["meaning"] for each in fields(About)}


def _checked(path: Path, found: Mapping[str, Any]) -> About:
    known = about_keys()
    if unknown := [key for key in found if key not in known]:
        raise KlipingError(f"{path} has keys that are not known: {listed(unknown)}. There are {', '.join(known)}.")
    said = {key: _text(path, key, value) for key, value in found.items()}
    if said.get("license") == "other" and not {"license_name", "license_link"} <= said.keys():
        raise KlipingError(f"{path}: the licence `other` needs license_name and license_link too, as the Hub asks.")
    for key in ("license", "license_name"):
        if key in said and not re.fullmatch(r"[a-z0-9][a-z0-9.+-]*", said[key]):
            raise KlipingError(f"{path}: {key} is an identifier such as cc-by-4.0, without blanks and capitals.")
    return About(**said)


def _text(path: Path, key: str, value: Any) -> str:
    if key == "published":
        if type(value) is date:
            return value.isoformat()
        raise KlipingError(f"{path}: {key} is a date without quotation marks, such as {key} = 2026-03-01.")
    if not isinstance(value, str) or not value.strip():
        raise KlipingError(f'{path}: {key} is a text in quotation marks, such as {key} = "...".')
    return value.strip()
