#!/usr/bin/env python3
"""Measures what `duplicates` finds in the shared bulk set: its own copies, and planted ones; prints a table or JSON.

usage: measure_copies.py [--shared DIR] [--json]

`bulk`: all its texts, each taken for a body, joined by kliping and, for comparison, by multiplying the matrix of texts
and shingles with itself, which counts what every two texts share. `planted`: reports made of its texts, and copies of
each as other outlets print them; a copy is found where it is in the cluster of its original, after the whole pipeline
took both for pages of their own. Sentences that are put in are sentences of other articles. Whether a copy is one by
the definition, its body as planted sharing four fifths with its original's, is counted beside it by Python's sets.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import zstandard
from scipy import sparse

from kliping.corpus.wide.sets import StoredSets, set_file
from kliping.corpus.wide.shingles import WORDS, shingle_sets
from kliping.corpus.wide.similar import OF, SHARED, Components, components
from kliping.kernel import annotate_documents
from kliping.model import RawDocument, Refusal

REPORTS = 300
"""Texts of which copies are planted, chosen by the hash of the text."""
LEAST_SENTENCES = 15
"""One sentence in fifteen is rewritten, so a report has so many."""
ROWS = 500
"""Texts whose products with all others are in memory together."""
_SENTENCE_END = re.compile(r"(?<=[.!?][\"”]) +(?=[A-Z])|(?<=[.!?]),? *(?=[A-Z][a-z])")


def read_texts(path: Path) -> list[str]:
    """The texts of the bulk set, each once, in its order."""
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        return list(dict.fromkeys(json.loads(line)["text"] for line in io.TextIOWrapper(stream, "utf-8")))


def clusters(bodies: Sequence[str]) -> tuple[Components, StoredSets, tempfile.TemporaryDirectory[str]]:
    """What kliping joins, the sets, and the folder in which they stand."""
    folder = tempfile.TemporaryDirectory()
    with set_file(Path(folder.name, "sets")) as file:
        for start in range(0, len(bodies), 4096):
            file.add(*shingle_sets(pa.array(bodies[start : start + 4096], pa.string())))
    sets = StoredSets([Path(folder.name, "sets")])
    return components(sets, Path(folder.name)), sets, folder


def bulk(path: Path) -> dict[str, Any]:
    """How many of the pairs that are alike kliping joined, and how many texts it joined that nothing connects."""
    found, sets, folder = clusters(read_texts(path))
    with folder:
        pairs = list(_all_pairs(sets))
    truth = Components(len(sets))
    for one, other in pairs:
        truth.join(one, other)
    joined = sum(found.of[one] == found.of[other] for one, other in pairs)
    return {
        "texts": len(sets),
        "pairs": len(pairs),
        "joined": int(joined),
        "recall": float(joined / len(pairs)),
        "clusters": len(truth.groups()),
        "clusters_that_differ": len({*map(tuple, truth.groups())} ^ {*map(tuple, found.groups())}),
    }


def _all_pairs(sets: StoredSets) -> Iterator[tuple[int, int]]:
    """Every two texts that are alike."""
    ((_, hashes, sizes),) = sets.parts()
    _, columns = np.unique(hashes, return_inverse=True)
    ends = np.concatenate(([0], np.cumsum(sizes)))
    matrix = sparse.csr_matrix((np.ones(len(columns), np.int32), columns, ends))
    turned = matrix.T.tocsr()
    for first in range(0, len(sizes), ROWS):
        shared = (matrix[first : first + ROWS] @ turned).tocoo()
        one, other = shared.row + first, shared.col
        alike = OF * shared.data >= SHARED * (sizes[one] + sizes[other] - shared.data)
        yield from zip(one[alike & (one < other)].tolist(), other[alike & (one < other)].tolist(), strict=True)


def planted(path: Path) -> dict[str, Any]:
    """The share of planted copies that are found, by kind: of all, and of those that are alike as planted."""
    texts = sorted(read_texts(path), key=lambda text: hashlib.sha256(text.encode()).digest())
    reports = [sentences for text in texts if len(sentences := _sentences(text)) >= LEAST_SENTENCES][: REPORTS + 1]
    names, documents, alike = [], [], {}
    for number, (sentences, stranger) in enumerate(pairwise(reports)):
        made = _copies(sentences, stranger, number)
        for kind, (body, page) in made.items():
            names.append((number, kind))
            documents.append(RawDocument(page.encode(), f"{number}-{kind}"))
            alike[number, kind] = _are_alike(body, made["original"][0])
    outcomes = annotate_documents(documents)
    found, _, folder = clusters(["" if isinstance(outcome, Refusal) else outcome.text for outcome in outcomes])
    with folder:
        homes = dict(zip(names, found.of.tolist(), strict=True))
    found_as: dict[str, list[tuple[bool, bool]]] = {}
    for (number, kind), home in homes.items():
        if kind != "original":
            found_as.setdefault(kind, []).append((home == homes[number, "original"], alike[number, kind]))
    everything = [each for found_of_kind in found_as.values() for each in found_of_kind]
    strangers = sum(len({names[member][0] for member in group}) > 1 for group in found.groups())
    return {
        "reports": len(reports) - 1,
        **_shares(everything),
        "kinds": {kind: _shares(found_of_kind) for kind, found_of_kind in found_as.items()},
        "clusters_of_two_reports": strangers,
    }


def _shares(copies: Sequence[tuple[bool, bool]]) -> dict[str, float]:
    """Of copies, each found or not, and alike or not: the share of all that is found, and of those that are alike."""
    of_alike = [is_found for is_found, is_alike in copies if is_alike]
    return {
        "copies": len(copies),
        "recall": sum(is_found for is_found, _ in copies) / len(copies),
        "alike": len(of_alike),
        "recall_of_alike": sum(of_alike) / len(of_alike),
    }


def _are_alike(body: str, original: str) -> bool:
    one, other = _shingles(body), _shingles(original)
    return OF * len(one & other) >= SHARED * len(one | other)


def _shingles(body: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", body.casefold())
    return set(zip(*(words[start:] for start in range(WORDS)), strict=False))


def _sentences(text: str) -> list[str]:
    return [sentence for each in _SENTENCE_END.split(text) if len(sentence := each.strip(" ,\n")) > 20]


def _copies(sentences: Sequence[str], stranger: Sequence[str], seed: int) -> Mapping[str, tuple[str, str]]:
    """The body of a report and its page, and those of copies of it."""
    random = Random(seed)
    paragraphs = [" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3)]
    at = random.randrange(1, len(paragraphs) - 1)
    reordered = [*paragraphs[: at - 1], paragraphs[at], paragraphs[at - 1], *paragraphs[at + 1 :]]
    other = list(sentences)
    for start in range(0, len(other) - LEAST_SENTENCES + 1, LEAST_SENTENCES):
        other[start + random.randrange(LEAST_SENTENCES)] = random.choice(stranger)
    rewritten = [" ".join(other[start : start + 3]) for start in range(0, len(other), 3)]
    return {
        "original": _page(
            paragraphs, "JAKARTA, KOMPAS.com - ", "(Antara)", "Baca juga: Harga Beras di Pasar Induk Turun"
        ),
        "furniture": _page(paragraphs, "Bogor - ", "(Antara)", "Simak Video: Banjir Surut\nADVERTISEMENT", title=False),
        "reordered": _page(reordered, "JAKARTA, KOMPAS.com - ", "(Antara)", "Baca juga: Jalan Rusak di Tiga Desa"),
        "agency": _page(paragraphs, "SURABAYA, Suara.com - ", "(Reuters)", "Baca Juga: Jadwal Kereta Bertambah"),
        "rewritten": _page(rewritten, "JAKARTA, KOMPAS.com - ", "(Antara)", "Baca juga: Tarif Parkir Naik"),
    }


def _page(
    paragraphs: Sequence[str], dateline: str, credit: str, related: str, *, title: bool = True
) -> tuple[str, str]:
    first, second, *others = paragraphs
    above = ["Laporan Warga dari Tiga Kecamatan Ditindaklanjuti"] if title else []
    return "\n".join(paragraphs), "\n".join([*above, dateline + first, second, related, *others, credit, ""])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    path = options.shared / "tasks" / "bulk" / "articles.jsonl.zst"
    if not path.is_file():
        sys.exit(f"measure_copies: there is no {path}; nothing was measured.")
    figures = {"bulk": bulk(path), "planted": planted(path)}
    if options.json:
        print(json.dumps(figures))
        return
    for name, part in figures.items():
        print(name, *(f"  {key}: {value}" for key, value in part.items()), sep="\n")


if __name__ == "__main__":
    main()
