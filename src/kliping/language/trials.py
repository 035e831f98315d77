"""langdetect's seven random trials over n-grams, with the numbers of `random.Random(0)`, for many texts in lockstep.

Every text sees the stream of a generator of its own, seeded with 0, exactly as langdetect's `Detector._detect_block`
does: `gauss` takes four 32-bit words in every other trial, `choice` takes words until one is in range, and after the
first and every fifth n-gram the probabilities are normalised and tested for convergence. Sums run from left to right
in plain double precision (as `sum` did before Python 3.12), so a text's result is the same on every Python version
and whatever stands beside it in the batch.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from functools import cache

import numpy as np
from langdetect.detector import Detector
from numpy.typing import NDArray

TRIALS = 7
GAUSS_WORDS = 4
"""32-bit words that a `gauss` takes for itself and its successor."""
STEP = 5
"""n-grams between two tests of convergence."""
PICKS = np.arange(STEP)[:, None]
THRESHOLD = Detector.PROB_THRESHOLD
"""langdetect reports no language that is not likelier than this."""
LAST_TEST = Detector.ITERATION_LIMIT // STEP + 1
LEVELS = ((640, 512), (4_096, 128), (32_768, 16))
"""(words of the stream to look at, texts to hold at once): most texts are done within the first number of words, the
others begin anew at the next level; the last is beyond what seven trials of 1,001 draws use, one in two in range."""

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Stream:
    """The first 32-bit words of `random.Random(0)`, and langdetect's smoothing weight if `gauss` starts at each."""

    words: NDArray[np.uint32]
    first_weight: Floats
    """The weight from the cosine of the pair that `gauss` makes."""
    second_weight: Floats
    """The weight from the sine, which `gauss` keeps for the next call."""


@cache
def stream(capacity: int) -> Stream:
    """The stream's first `capacity` words."""
    count = capacity + 4
    words = np.frombuffer(random.Random(0).getrandbits(32 * count).to_bytes(4 * count, "little"), dtype="<u4")
    uniform = ((words[:-1] >> 5) * 67108864.0 + (words[1:] >> 6)) / 9007199254740992.0
    first, second = [], []
    for turn, size in zip(uniform[:capacity].tolist(), uniform[2 : capacity + 2].tolist(), strict=True):
        angle, radius = turn * math.tau, math.sqrt(-2.0 * math.log(1.0 - size))
        first.append(_weight(math.cos(angle) * radius))
        second.append(_weight(math.sin(angle) * radius))
    return Stream(words, np.array(first), np.array(second))


def _weight(gauss: float) -> float:
    return float((Detector.ALPHA_DEFAULT + gauss * Detector.ALPHA_WIDTH) / Detector.BASE_FREQ)


@dataclass(frozen=True, slots=True)
class _Draws:
    """What `random.choice` would draw for each text of a group, were the whole stream used for it, text by text."""

    rows: NDArray[np.int32]
    """The n-gram that is drawn."""
    words: Integers
    """The place in the stream of the word that drew it."""
    starts: Integers
    """Where each text's draws begin in the two arrays above; the next text's start is their end."""


def _draws(grams: NDArray[np.int32], begins: Integers, sizes: Integers, words: NDArray[np.uint32]) -> _Draws:
    """`Random._randbelow`: a word's upper bits, as many as the size has, are taken if they are below the size."""
    shifts = (32 - np.frexp(sizes)[1]).astype(np.uint32)
    values = words >> shifts[:, None]
    accepted = values < sizes.astype(np.uint32)[:, None]
    counts = np.count_nonzero(accepted, axis=1)
    places = np.flatnonzero(accepted)
    chosen = values.ravel().take(places, mode="clip").astype(np.intp)
    chosen += np.repeat(begins, counts)
    places -= np.repeat(np.arange(len(sizes)) * len(words), counts)
    padding = np.zeros(2 * STEP, dtype=np.intp)
    return _Draws(
        rows=np.append(grams.take(chosen, mode="clip"), padding.astype(np.int32)),
        words=np.append(places, padding),
        starts=np.append(0, np.cumsum(counts)),
    )


@dataclass(slots=True)
class _Active:
    """The texts still on trial, one entry each in every array."""

    text: Integers
    cursor: Integers
    """Its next draw."""
    end: Integers
    """The end of its draws."""
    trial: Integers
    tests: Integers
    """Tests of convergence made in this trial."""
    kept_weight: Floats
    """The weight of the next odd trial."""
    weight: Floats
    """(texts, languages): this trial's weight, the same for every language."""
    chance: Floats
    """(texts, languages): the probabilities of this trial."""

    def keep(self, mask: NDArray[np.bool_]) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name)[mask])


def probabilities(grams: NDArray[np.int32], bounds: Integers, likelihood: Floats) -> Floats:
    """(texts, languages): the mean of the trials. `grams[bounds[i]:bounds[i + 1]]` are text i's rows of `likelihood`.

    A text without n-grams gets zeros.
    """
    result = np.zeros((len(bounds) - 1, likelihood.shape[1]))
    pending = np.flatnonzero(np.diff(bounds))
    for capacity, size in LEVELS:
        groups = [pending[i : i + size] for i in range(0, len(pending), size)]
        unfinished = [_run(grams, bounds, likelihood, group, capacity, result) for group in groups]
        pending = np.concatenate([pending[:0], *unfinished])
    if pending.size:
        raise RuntimeError("the random stream of a language trial ran out")
    return result


def _run(
    grams: NDArray[np.int32], bounds: Integers, likelihood: Floats, texts: Integers, capacity: int, result: Floats
) -> Integers:
    """Write the texts' means into `result`; return those texts for which `capacity` words were too few."""
    source = stream(capacity)
    draws = _draws(grams, bounds[texts], bounds[texts + 1] - bounds[texts], source.words[:capacity])
    active = _begin(draws, source, likelihood)
    means = np.zeros((len(texts), likelihood.shape[1]))
    unfinished = []
    while active.text.size:
        short = active.cursor + STEP > active.end
        if short.any():
            unfinished.append(texts[active.text[short]])
            active.keep(~short)
        converged = _step(active, draws, likelihood)
        if converged.size:
            means[active.text[converged]] += active.chance[converged] / TRIALS
            active.trial[converged] += 1
            over = active.trial == TRIALS
            _next_trial(active, converged[~over[converged]], draws, source, likelihood)
            if over.any():
                done = active.text[over]
                result[texts[done]] = means[done]
                active.keep(~over)
    return np.concatenate([texts[:0], *unfinished])


def _begin(draws: _Draws, source: Stream, likelihood: Floats) -> _Active:
    count, languages = len(draws.starts) - 1, likelihood.shape[1]
    active = _Active(
        text=np.arange(count),
        cursor=draws.starts[:-1].copy(),
        end=draws.starts[1:],
        trial=np.zeros(count, dtype=np.intp),
        tests=np.zeros(count, dtype=np.intp),
        kept_weight=np.full(count, source.second_weight[0]),
        weight=np.full((count, languages), source.first_weight[0]),
        chance=np.empty((count, languages)),
    )
    _pass_words(active, active.text, np.full(count, GAUSS_WORDS), draws)
    _open_trial(active, active.text, draws, likelihood)
    return active


def _step(active: _Active, draws: _Draws, likelihood: Floats) -> Integers:
    """Take the n-grams up to the next test of convergence; which texts pass it?"""
    product = np.empty((STEP + 1, *active.chance.shape))
    product[0] = active.chance
    drawn = draws.rows.take(active.cursor + PICKS, mode="clip")
    likelihood.take(drawn, axis=0, out=product[1:], mode="clip")
    product[1:] += active.weight
    active.chance = np.multiply.reduce(product, axis=0)
    total, highest = _totals(active.chance)
    highest /= total
    active.chance /= total[:, None]
    active.cursor += STEP
    active.tests += 1
    return np.flatnonzero((highest > Detector.CONV_THRESHOLD) | (active.tests == LAST_TEST))


def _open_trial(active: _Active, who: Integers, draws: _Draws, likelihood: Floats) -> None:
    """A trial's first n-gram, after which langdetect tests too: in vain, since one n-gram never makes it that sure."""
    factors = likelihood.take(draws.rows[active.cursor[who]], axis=0) + active.weight[who]
    chance = 1.0 / likelihood.shape[1] * factors
    active.chance[who] = chance / _totals(chance)[0][:, None]
    active.cursor[who] += 1
    active.tests[who] = 1


def _totals(chance: Floats) -> tuple[Floats, Floats]:
    """The sum and the maximum of every row. Languages are added one after the other, as langdetect does: NumPy adds
    pairwise along the fast axis only, so they go along the slow one, and a second column keeps that axis slow."""
    by_language = np.zeros((chance.shape[1], len(chance) + 1))
    by_language[:, :-1] = chance.T
    return np.add.reduce(by_language, axis=0)[:-1], by_language.max(axis=0)[:-1]


def _next_trial(active: _Active, who: Integers, draws: _Draws, source: Stream, likelihood: Floats) -> None:
    active.weight[who] = active.kept_weight[who, None]
    even = who[active.trial[who] % 2 == 0]
    if even.size:
        word = np.minimum(draws.words[active.cursor[even] - 1] + 1, len(source.first_weight) - 1)
        active.weight[even] = source.first_weight[word, None]
        active.kept_weight[even] = source.second_weight[word]
        _pass_words(active, even, word + GAUSS_WORDS, draws)
    _open_trial(active, who, draws, likelihood)


def _pass_words(active: _Active, who: Integers, upto: Integers, draws: _Draws) -> None:
    """Move the cursors over the draws whose words `gauss` has used up."""
    for _ in range(GAUSS_WORDS):
        active.cursor[who] += draws.words[active.cursor[who]] < upto
