#!/usr/bin/env python3
"""Shows clusters of copies to be read by hand, drawn at random; what was found stands in docs/copies-read.json.

usage: read_copies.py CORPUS [--clusters N] [--seed N]

Of each cluster the head of the canonical body is printed, and of each other article where its body differs from that of
the article that it is matched with. The clusters are drawn from those of the corpus in the order of their ids.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from random import Random
from typing import Any

from kliping.corpus.folder import open_corpus

HEAD, STRETCH, MOST = 250, 70, 420
"""Characters of a body, of what differs at one place, and of all that."""


def drawn(rows: Sequence[dict[str, Any]], count: int, seed: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of so many clusters."""
    clusters = defaultdict(list)
    for row in rows:
        clusters[row["cluster_id"]].append(row)
    for cluster in Random(seed).sample(sorted(clusters), count):
        yield sorted(clusters[cluster], key=lambda row: row["matched_id"] is not None)


def differences(one: str, other: str) -> str:
    """Where the words of two bodies differ, each place as [one->other]."""
    before, after = one.split(), other.split()
    places = [
        f"[{' '.join(before[a:b])[:STRETCH]}->{' '.join(after[c:d])[:STRETCH]}]"
        for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if kind != "equal"
    ]
    return " ".join(places)[:MOST]


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--clusters", type=int, default=100)
    parser.add_argument("--seed", type=int, default=15)
    given = parser.parse_args()
    corpus = open_corpus(given.corpus)
    articles = corpus.whole("articles").select(["article_id", "text"]).to_pydict()
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    for canonical, *copies in drawn(corpus.whole("duplicates").to_pylist(), given.clusters, given.seed):
        print(f"{canonical['cluster_id']}: {texts[canonical['article_id']][:HEAD]!r}")
        for row in copies:
            told = differences(texts[row["matched_id"]], texts[row["article_id"]])
            print(f"  {row['relation']} {row['similarity']}: {told}")


if __name__ == "__main__":
    main()
