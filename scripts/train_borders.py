#!/usr/bin/env python3
"""Train the weights of `borders`: titles, as pointers and crawlers give them, set before paragraphs of news.

usage: train_borders.py ARTICLES.jsonl.zst [--shared ../shared] [--out src/kliping/annotation/roles/borders.tsv]

ARTICLES are those of count_casing.py; their titles stand behind `Baca juga:` on lines of their own. Beside them the
crawlers' own titles of labelled pages are set before their own first paragraphs. What is written is one number a sign.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from count_casing import texts
from labelled import read_set
from scipy.optimize import minimize

from kliping.annotation.roles.borders import SIGNS, UNKNOWN, candidates, casing

EXAMPLES, SEED = 12_000, 3
BARE, OWN, SMALL, SHORT, UPPER, TIGHT = 0.35, 0.3, 0.25, 0.6, 0.12, 0.15
"""Shares of examples without a title, with an article's own, and of titles in small letters, cut short, in capitals,
and without a blank behind them: how people and crawlers write heads and titles."""
RIDGE = 1.0
ROOT = Path(__file__).parents[1]
Floats = npt.NDArray[np.float64]
Example = tuple[list[list[float]], int]
"""The signs of each candidate, and which of them is the title's end: -1 where there is no title."""
Pair = tuple[str, str]
"""A title and a paragraph."""
_POINTER = re.compile(r"(?:Baca|BACA) (?:juga|Juga|JUGA) ?: ?(.{15,160})")
_DATELINE = re.compile(r"[^a-z]{0,60}[-–—] ?|[\w.]{3,30}, [A-Z]\w+ (?:[-–—] ?)?|[A-Z]\w+ (?:\(\w+\) )?[-–—] ")


def titles_and_paragraphs(articles: Path) -> tuple[list[str], list[str]]:
    """The titles and the long paragraphs of the articles that have lines."""
    titles, paragraphs = set(), set()
    for text in texts(articles):
        lines = [line.strip() for line in text.split("\n")]
        for line in lines if len(lines) > 3 else ():
            if (pointer := _POINTER.fullmatch(line)) and pointer[1][-1] not in ".,:":
                titles.add(pointer[1].strip())
            elif len(line) > 110 and line[-1] in '.”"' and line[0].isupper():
                paragraphs.add(_DATELINE.sub("", line, count=1)[:300])
    return sorted(titles), sorted(text for text in paragraphs if len(text) > 80)


def own_pairs(shared: Path) -> Iterator[Pair]:
    """The crawlers' titles of the pages that may be read, each with its page's first paragraph."""
    for folder, name in (("gold", "gold"), ("crawls", "crawls-even")):
        sources = {source["id"]: source for source in json.loads((shared / folder / "sources.json").read_text("utf-8"))}
        for page in read_set(shared, name):
            title = (sources.get(page.id, {}).get("title") or "").split(" - ")[0].split(" | ")[0].strip()
            first = next((page.text[start:end].strip() for start, end, role in page.spans if role == "paragraph"), "")
            if len(title) > 15 and len(first) > 60 and not first.startswith(title[:30]):
                yield title, first[:300]


def restyled(title: str, draw: random.Random) -> str:
    """The title as it is, or as a head in small letters, perhaps cut short, or in capitals."""
    if draw.random() < SMALL:
        words = [word if casing().get(word.lower(), UNKNOWN).capital > 40 else word.lower() for word in title.split()]
        if draw.random() < SHORT:
            words = words[: draw.randint(1, 6)]
        title = " ".join(words).rstrip(",:-")
        return title[:1].upper() + title[1:]
    return title.upper() if draw.random() < UPPER else title


def examples(titles: Sequence[str], paragraphs: Sequence[str], own: Sequence[Pair]) -> Iterator[Example]:
    """Titles before paragraphs, and paragraphs alone, drawn with a fixed seed."""
    draw = random.Random(SEED)
    for _ in range(EXAMPLES):
        title, paragraph = draw.choice(own) if draw.random() < OWN else (draw.choice(titles), draw.choice(paragraphs))
        end = -1
        text = paragraph
        if draw.random() >= BARE:
            text = restyled(title, draw) + " " * (draw.random() >= TIGHT)
            end, text = len(text), text + paragraph
        found = candidates(text, 0, len(text))
        places = [place for place, _ in found]
        if found and (end < 0 or end in places):
            yield [signs for _, signs in found], places.index(end) if end >= 0 else -1


def train(drawn: Sequence[Example]) -> Floats:
    """Fit a conditional logit with a ridge, by L-BFGS from zero; no title has the logit 0."""
    rows = np.array([signs for found, _ in drawn for signs in found], dtype=np.float64)
    owner = np.repeat(np.arange(len(drawn)), [len(found) for found, _ in drawn])
    right = np.array([place == end for found, end in drawn for place in range(len(found))], dtype=np.float64)

    def objective(weights: Floats) -> tuple[float, Floats]:
        logits = rows @ weights
        highest = np.zeros(len(drawn))
        np.maximum.at(highest, owner, logits)
        raised = np.exp(logits - highest[owner])
        total = np.exp(-highest) + np.bincount(owner, raised, len(drawn))
        loss = float((np.log(total) + highest).sum() - logits @ right + 0.5 * RIDGE * weights @ weights)
        return loss, rows.T @ (raised / total[owner] - right) + RIDGE * weights

    fitted: Floats = minimize(objective, np.zeros(len(SIGNS)), jac=True, method="L-BFGS-B").x
    return fitted


def main() -> None:
    """Train on the articles' titles and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, default=ROOT / "src/kliping/annotation/roles/borders.tsv")
    options = parser.parse_args()
    titles, paragraphs = titles_and_paragraphs(options.articles)
    fitted = train(list(examples(titles, paragraphs, list(own_pairs(options.shared)))))
    lines = [f"{sign}\t{weight:.2f}" for sign, weight in zip(SIGNS, fitted, strict=True)]
    options.out.write_text("\n".join(["# sign, weight: see borders.py", *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
