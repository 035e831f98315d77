#!/usr/bin/env python3
"""Measures what `duplicates` finds in the shared bulk set: its own copies, and planted ones; prints a table or JSON.

usage: measure_copies.py [--shared DIR] [--json]

`bulk`: all its texts, each taken for a body, joined by kliping and, for comparison, by multiplying the matrix of texts
and shingles with itself, which counts what every two texts share. `planted`: reports made of its texts, and copies of
each as other outlets print them; a copy is found where it is in the cluster of its original, after the whole pipeline
took both for pages of their own. Sentences that are put in are sentences of other articles.
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
from kliping.corpus.wide.shingles import shingle_sets
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
    """The share of planted copies that are found, by kind."""
    texts = sorted(read_texts(path), key=lambda text: hashlib.sha256(text.encode()).digest())
    reports = [sentences for text in texts if len(sentences := _sentences(text)) >= LEAST_SENTENCES][: REPORTS + 1]
    names, documents = [], []
    for number, (sentences, stranger) in enumerate(pairwise(reports)):
        for kind, page in _copies(sentences, stranger, number).items():
            names.append((number, kind))
            documents.append(RawDocument(page.encode(), f"{number}-{kind}"))
    outcomes = annotate_documents(documents)
    found, _, folder = clusters(["" if isinstance(outcome, Refusal) else outcome.text for outcome in outcomes])
    with folder:
        homes = dict(zip(names, found.of.tolist(), strict=True))
    counts: dict[str, list[bool]] = {}
    for (number, kind), home in homes.items():
        if kind != "original":
            counts.setdefault(kind, []).append(home == homes[number, "original"])
    shares = {kind: sum(hits) / len(hits) for kind, hits in counts.items()}
    everything = [hit for hits in counts.values() for hit in hits]
    strangers = sum(len({names[member][0] for member in group}) > 1 for group in found.groups())
    return {
        "reports": len(reports) - 1,
        "copies": len(everything),
        "recall": sum(everything) / len(everything),
        "kinds": shares,
        "clusters_of_two_reports": strangers,
    }


def _sentences(text: str) -> list[str]:
    return [sentence for each in _SENTENCE_END.split(text) if len(sentence := each.strip(" ,\n")) > 20]


def _copies(sentences: Sequence[str], stranger: Sequence[str], seed: int) -> Mapping[str, str]:
    """A report as a page, and copies of it."""
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


def _page(paragraphs: Sequence[str], dateline: str, credit: str, related: str, *, title: bool = True) -> str:
    first, second, *others = paragraphs
    above = ["Laporan Warga dari Tiga Kecamatan Ditindaklanjuti"] if title else []
    return "\n".join([*above, dateline + first, second, related, *others, credit, ""])


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
