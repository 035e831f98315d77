"""Which split each article is in: whole clusters of copies, by a hash that no growth of the corpus moves, or by day.

By shares, the SHA-256 of the canonical article's id says where its whole cluster goes. It is the same in every corpus
that has this canonical article, whatever else is there, and for shares that begin alike; only where a cluster gets
another canonical article may it move, and `kliping diff` names what moved. By day, a cluster goes by the day of its
canonical article, which is the earliest of all its evidenced days: what came out up to that day is for training, with
its later copies, and what has no evidenced day is in neither part.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import accumulate
from typing import Any

import pyarrow as pa

from kliping.corpus.layout import SPLIT
from kliping.corpus.wide.shards import Shards
from kliping.errors import KlipingError

TRAIN, TEST, UNDATED = "train", "test", "undated"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TAKEN = frozenset({"all"})
"""Names that mean something else to `datasets`."""
_SALT = "kliping split 1 "
DECIDING = ("article_id", "duplicate_of", "published_date")
"""The columns of `articles` that say which split an article is in."""
_EXAMPLE = "train=0.9,validation=0.05,test=0.05"


@dataclass(frozen=True, slots=True)
class Splits:
    """How a corpus is divided: by shares that make up one, or by a day; not at all where it says neither."""

    shares: tuple[tuple[str, Decimal], ...] = ()
    """Names and shares, in the order in which they are published."""
    after: date | None = None
    """The last day that is for training."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the splits in their order."""
        if self.after is not None:
            return TRAIN, TEST, UNDATED
        return tuple(name for name, _ in self.shares) or (SPLIT,)

    def told(self) -> dict[str, Any]:
        """Return what the manifest tells of this under its options, nothing for a corpus that is not divided."""
        if self.after is not None:
            return {"splits": {"after": self.after.isoformat()}}
        return {"splits": {"shares": [[name, str(share)] for name, share in self.shares]}} if self.shares else {}


UNDIVIDED = Splits()


def parse_shares(text: str) -> Splits:
    """Return the splits that `train=0.9,test=0.1` names. Raises KlipingError where that cannot be done."""
    shares: list[tuple[str, Decimal]] = []
    for part in text.split(","):
        name, _, number = (each.strip() for each in part.partition("="))
        if _NAME.fullmatch(name) is None or name in _TAKEN:
            raise KlipingError(f"{name!r} is no name of a split: letters, digits and _ make one, as in {_EXAMPLE}.")
        shares.append((name, _share(name, number)))
    if len({name for name, _ in shares}) < len(shares):
        raise KlipingError(f"A split is named twice in {text!r}. Name each once, as in {_EXAMPLE}.")
    if (total := sum(share for _, share in shares)) != 1:
        raise KlipingError(f"The shares in {text!r} make up {total}, not 1. Write them as in {_EXAMPLE}.")
    return Splits(shares=tuple(shares))


def parse_day(text: str) -> Splits:
    """Return the splits before and after the end of a day. Raises KlipingError where the text names none."""
    try:
        return Splits(after=date.fromisoformat(text))
    except ValueError:
        raise KlipingError(f"{text!r} is no day. Write the last day for training as 2024-06-30.") from None


def _share(name: str, number: str) -> Decimal:
    try:
        share = Decimal(number)
        is_share = 0 < share <= 1
    except InvalidOperation:
        is_share = False
    if not is_share:
        raise KlipingError(f"{number!r} is no share for the split {name}: a number up to 1 is, as in {_EXAMPLE}.")
    return share


def splits_of(options: Mapping[str, Any]) -> Splits:
    """Return the splits that a manifest's options tell of. Raises KlipingError where they make no sense."""
    told = options.get("splits", {})
    if "after" in told:
        return parse_day(told["after"])
    return parse_shares(",".join(f"{name}={share}" for name, share in told["shares"])) if told else UNDIVIDED


class Assignment:
    """Says of articles which split they are in. Of the whole corpus it holds the days of those that have copies."""

    def __init__(self, splits: Splits, shards: Shards) -> None:
        self._splits = splits
        self._edges = [int(edge * 2**64) for edge in accumulate(share for _, share in splits.shares)]
        self._days = dict(_days_of_originals(shards)) if splits.after is not None else {}

    def names(self, articles: pa.Table) -> list[str]:
        """Return the split of each row of a table `articles`, or of the columns DECIDING of it."""
        ids, originals, days = (articles[name].to_pylist() for name in DECIDING)
        if self._splits.after is not None:
            shown = (
                day if original is None else self._days.get(original)
                for original, day in zip(originals, days, strict=True)
            )
            return [self._by_day(day) for day in shown]
        if not self._splits.shares:
            return [SPLIT] * articles.num_rows
        return [self._by_hash(original or name) for name, original in zip(ids, originals, strict=True)]

    def _by_day(self, day: date | None) -> str:
        assert self._splits.after is not None
        return UNDATED if day is None else TRAIN if day <= self._splits.after else TEST

    def _by_hash(self, article_id: str) -> str:
        place = int.from_bytes(hashlib.sha256(f"{_SALT}{article_id}".encode()).digest()[:8], "big")
        return self._splits.names[min(bisect_right(self._edges, place), len(self._edges) - 1)]


def _days_of_originals(shards: Shards) -> Iterator[tuple[str, date | None]]:
    """The canonical articles of all clusters, and their days."""
    named = (articles["duplicate_of"].to_pylist() for articles in shards.read("articles", DECIDING))
    wanted = {name for names in named for name in names if name}
    for articles in shards.read("articles", DECIDING):
        for name, _, day in zip(*(articles[column].to_pylist() for column in DECIDING), strict=True):
            if name in wanted:
                yield name, day
