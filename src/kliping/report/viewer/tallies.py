"""Counts what the report's overview shows: every facet of the whole corpus, and each article's place in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kliping import schema
from kliping.model import UNKNOWN

Codes = npt.NDArray[np.int64]
LENGTHS = (0, 500, 1000, 2000, 4000, 8000, 16000)
"""Where the classes of body length begin, in code points."""
MOST_MONTHS = 36
"""With articles of more months than this, years are shown."""
VALUES = {
    "headline": "headline",
    "outlet_name": "outlet",
    "published_date": "date",
    "authors": "authors",
    "editors": "editors",
    "dateline_place": "place",
    "cited_sources": "sources",
    "tags": "topics",
}
"""The values whose coverage is shown: columns of `articles`, with a short title."""
FROM_TEXT, FROM_INPUT, MISSING = "in the text", "came with it", "none"
BASES = (FROM_TEXT, FROM_INPUT, MISSING)


class Facet(NamedTuple):
    """One way to divide the articles of the corpus; each label is a bar of the overview and a filter of the list."""

    name: str
    title: str
    labels: tuple[str, ...]
    counts: tuple[int, ...]
    """How many articles of the whole corpus have each label; of the roles, how many code points of raw text."""
    many: bool
    """Whether an article may have several labels; its code then is the sum of 2**label."""
    codes: Codes
    """For each article of the corpus, in order, the index of its label."""


@dataclass(slots=True)
class _Labels:
    """One facet while shards come in: labels in the order of their coming."""

    known: dict[str, int] = field(default_factory=dict)
    parts: list[Codes] = field(default_factory=list)

    def add(self, column: pa.Array | pa.ChunkedArray) -> None:
        """Add the labels of one shard's articles."""
        self.parts.append(word_numbers(column, self.known))

    def facet(self, name: str, title: str, order: Sequence[str] | None = None) -> Facet:
        """Return the facet, with its labels in this order, or else the most frequent first."""
        codes = np.concatenate(self.parts) if self.parts else np.zeros(0, np.int64)
        counts = np.bincount(codes, minlength=len(self.known))
        count = {label: int(counts[code]) for label, code in self.known.items()}
        labels = tuple(order if order is not None else sorted(count, key=lambda label: (-count[label], label)))
        place = np.array([labels.index(label) for label in self.known], np.int64)
        return Facet(name, title, labels, tuple(count.get(label, 0) for label in labels), False, place[codes])


def word_numbers(column: pa.Array | pa.ChunkedArray, known: dict[str, int]) -> Codes:
    """Return a number for each string of a column, null being UNKNOWN; new strings are added to `known`."""
    coded = pc.fill_null(column, UNKNOWN)
    coded = (coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded).dictionary_encode()
    numbers = np.array([known.setdefault(word, len(known)) for word in coded.dictionary.to_pylist()], np.int64)
    return numbers[coded.indices.to_numpy(zero_copy_only=False)] if len(coded) else np.zeros(0, np.int64)


def owners(table: pa.Table, ids: pa.Array | pa.ChunkedArray) -> Codes:
    """Return for each row of a table the index of its article among `ids`."""
    ids = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    found: Codes = pc.index_in(table["article_id"], value_set=ids).to_numpy().astype(np.int64)
    return found


@dataclass(slots=True)
class Tallies:
    """What the overview needs of the shards seen so far."""

    singles: dict[str, _Labels] = field(default_factory=dict)
    roles: list[Codes] = field(default_factory=list)
    flags: list[Codes] = field(default_factory=list)
    flag_names: dict[str, int] = field(default_factory=dict)
    characters: Codes = field(default_factory=lambda: np.zeros(len(schema.names("roles")), np.int64))
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each outcome came for each reason; what is kept has its outcome for a reason."""

    def add(self, tables: Mapping[str, pa.Table], extra: Mapping[str, pa.Array]) -> None:
        """Add one shard; `extra` are labels that other tables give, by facet."""
        articles, ids = tables["articles"], tables["articles"]["article_id"]
        labels = {
            "outlet": pc.coalesce(articles["outlet_name"], articles["outlet_id"]),
            "month": pc.strftime(articles["published_date"], "%Y-%m"),
            "language": articles["language"],
            "length": _length_classes(articles["character_count"]),
            "basis": articles["published_basis"],
            "made": articles["made"],
            **{f"value:{name}": basis for name, basis in _bases(tables["evidence"], ids)},
            **extra,
        }
        for name, column in labels.items():
            self.singles.setdefault(name, _Labels()).add(column)
        self._add_roles(tables["segments"], ids)
        if "flags" in articles.column_names:
            self.flags.append(_mask(articles["flags"], self.flag_names))
        decisions = tables["decisions"]
        reasons = pc.coalesce(decisions["reason"], decisions["outcome"])
        self.outcomes.update(zip(decisions["outcome"].to_pylist(), reasons.to_pylist(), strict=True))

    def _add_roles(self, segments: pa.Table, ids: pa.ChunkedArray) -> None:
        known = {name: number for number, name in enumerate(schema.names("roles"))}
        codes, owner = word_numbers(segments["role"], known), owners(segments, ids)
        sizes = segments["end"].to_numpy().astype(np.int64) - segments["start"].to_numpy()
        self.characters += np.bincount(codes, weights=sizes, minlength=len(known)).astype(np.int64)
        mask = np.zeros(len(ids), np.int64)
        np.bitwise_or.at(mask, owner, 1 << codes)
        self.roles.append(mask)

    def facets(self) -> list[Facet]:
        """Return all facets, in the order in which the overview shows them."""
        found = [self._months(), self._single("outlet", "Outlets"), self._single("language", "Languages")]
        found.append(self._single("length", "Body length, characters", [length_class(start) for start in LENGTHS]))
        roles = schema.names("roles")
        found.append(
            Facet("role", "Roles, characters", roles, tuple(self.characters.tolist()), True, _joined(self.roles))
        )
        bases = [*schema.names("published-basis"), UNKNOWN]
        found.append(self._single("basis", "Date rests on", bases))
        found += [self._single(f"value:{name}", title, BASES) for name, title in VALUES.items()]
        found.append(self._single("made", "Made"))
        if self.flags:
            found.append(_of_masks("flag", "Flags", self.flag_names, _joined(self.flags)))
        found += [self._single(name, name.capitalize()) for name in self.singles if name in EXTRA]
        return found

    def _single(self, name: str, title: str, order: Sequence[str] | None = None) -> Facet:
        return self.singles.get(name, _Labels()).facet(name, title, order)

    def _months(self) -> Facet:
        """The months, or the years where they are too many; both in order, what is unknown last."""
        labels = self.singles.get("month", _Labels())
        order = sorted(label for label in labels.known if label != UNKNOWN)
        last = [UNKNOWN] if UNKNOWN in labels.known else []
        facet = labels.facet("month", "Months", [*order, *last])
        if len(order) <= MOST_MONTHS:
            return facet
        years = sorted({label[:4] for label in order})
        place = np.array([years.index(label[:4]) for label in order] + [len(years)] * len(last), np.int64)
        codes = place[facet.codes]
        counts = np.bincount(codes, minlength=len(years) + len(last))
        return Facet("month", "Years", (*years, *last), tuple(counts.tolist()), False, codes)


EXTRA = ("copies", "split")
"""Facets that tables over the whole corpus and the names of splits give."""


def by_time(outlets: Facet, months: Facet, most: int) -> list[list[int]]:
    """Return for each of the first `most` outlets how many articles it has at each label of `months`."""
    width = len(months.labels)
    first = outlets.codes < most
    cells = np.bincount(outlets.codes[first] * width + months.codes[first], minlength=width * most)
    rows: list[list[int]] = cells.reshape(-1, width)[: min(most, len(outlets.labels))].tolist() if width else []
    return rows


def length_class(start: int) -> str:
    """Return the label of the class of lengths that begins here."""
    at = LENGTHS.index(start)
    return f"{start:,} and more" if start == LENGTHS[-1] else f"{start:,} to {LENGTHS[at + 1] - 1:,}"


def _length_classes(counts: pa.ChunkedArray) -> pa.Array:
    classes = np.searchsorted(LENGTHS, counts.to_numpy(), side="right") - 1
    return pa.array([length_class(start) for start in LENGTHS]).take(pa.array(classes))


def _bases(evidence: pa.Table, ids: pa.ChunkedArray) -> list[tuple[str, pa.Array]]:
    """What each value of each article rests on: the text, the input, or nothing."""
    accepted = evidence.filter(evidence["accepted"])
    owner, places = owners(accepted, ids), accepted["start"].is_valid().to_numpy()
    found = []
    for name in VALUES:
        of_field = pc.equal(accepted["field"], name).to_numpy()
        codes = np.full(len(ids), BASES.index(MISSING))
        codes[owner[of_field & ~places]] = BASES.index(FROM_INPUT)
        codes[owner[of_field & places]] = BASES.index(FROM_TEXT)
        found.append((name, pa.array(BASES).take(pa.array(codes))))
    return found


def _mask(lists: pa.ChunkedArray, known: dict[str, int]) -> Codes:
    """The sum of 2**number over the members of each list."""
    masks = np.zeros(len(lists), np.int64)
    for at, members in enumerate(lists.to_pylist()):
        for member in members or ():
            masks[at] |= 1 << known.setdefault(member, len(known))
    return masks


def _of_masks(name: str, title: str, known: Mapping[str, int], masks: Codes) -> Facet:
    counts = {label: int(np.count_nonzero(masks >> bit & 1)) for label, bit in known.items()}
    order = sorted(known, key=lambda label: (-counts[label], label))
    moved = np.zeros_like(masks)
    for place, label in enumerate(order):
        moved |= (masks >> known[label] & 1) << place
    return Facet(name, title, tuple(order), tuple(counts[label] for label in order), True, moved)


def _joined(parts: Sequence[Codes]) -> Codes:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def facet_values(facet: Facet, shown: Codes) -> dict[str, Any]:
    """Return a facet as the page reads it, with the codes of the shown articles alone."""
    return facet._asdict() | {"codes": facet.codes[shown].tolist()}
