"""Which words are everyday prose: a title's words are told from a person's name, a sentence's from a site's address."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from kliping import knowledge


@functools.cache
def _words(name: str) -> frozenset[str]:
    return frozenset(knowledge.load("common_words.toml")[name].split())


def is_word(word: str) -> bool:
    """Tell whether `word` is one that Indonesian articles write in lower case."""
    bare = word.casefold()
    return bare in _words("firm") or bare in _words("common")


def reads_as_title(words: Sequence[str]) -> bool:
    """Tell whether words with capitals are a title's, not a person's name."""
    bare = [word.casefold() for word in words]
    common = sum(word in _words("common") for word in bare)
    return common > 1 or common == len(bare) or not (_words("firm") | _words("titles")).isdisjoint(bare)
