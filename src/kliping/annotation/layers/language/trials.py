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
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from langdetect.detector import Detector
from numpy.typing import NDArray

from kliping.annotation.layers.language.ngrams import Grams, grams_of
from kliping.annotation.layers.language.profiles import Integers, Profiles

TRIALS = 7
GAUSS_WORDS = 4
"""32-bit words that a `gauss` takes for itself and its successor."""
STEP = 5
"""n-grams between two tests of convergence."""
PICKS = np.arange(STEP)[:, None]
THRESHOLD = Detector.PROB_THRESHOLD
"""langdetect reports no language that is not likelier than this."""
LAST_TEST = Detector.ITERATION_LIMIT // STEP + 1
MOST_DRAWS = STEP + GAUSS_WORDS + 1
"""Draws that a text can pass from one test to the next: a step, the words of a `gauss`, a trial's first n-gram."""
READ_AT_ONCE = 48
"""Texts whose n-grams are sought together: so few that they stay in the processor's cache."""
AT_ONCE = 1024
"""Texts in lockstep: enough to make NumPy's calls cheap, few enough for the processor's cache."""
FIRST_WORDS = 768
"""Words of the stream to look at, as many as most texts use; where a text runs out, twice as many, ..."""
MOST_STREAM_WORDS = FIRST_WORDS << 6
"""... up to this many: beyond what seven trials of 1,001 draws use, one word in two being in range."""

Floats = NDArray[np.float64]


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
    """Return the stream's first `capacity` words, and what follows the last of them."""
    places = capacity + 1
    count = places + 4
    words = np.frombuffer(random.Random(0).getrandbits(32 * count).to_bytes(4 * count, "little"), dtype="<u4")
    uniform = ((words[:-1] >> 5) * 67108864.0 + (words[1:] >> 6)) / 9007199254740992.0
    first, second = [], []
    for turn, size in zip(uniform[:places].tolist(), uniform[2 : places + 2].tolist(), strict=True):
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
    counts: Integers
    """How many draws each text has, 0 where it has no n-grams."""

    @classmethod
    def joined(cls, parts: Sequence[_Draws]) -> _Draws:
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))


def _draws(grams: Grams, capacity: int) -> _Draws:
    """`Random._randbelow`: a word's upper bits, as many as the size has, are taken if they are below the size."""
    shifts = (32 - np.frexp(grams.sizes)[1]).clip(max=31).astype(np.uint32)
    values = stream(capacity).words[:capacity] >> shifts[:, None]
    accepted = values < grams.sizes.astype(np.uint32)[:, None]
    places = np.flatnonzero(accepted)
    rows = np.arange(len(accepted) + 1) * capacity
    counts = np.diff(np.searchsorted(places, rows))
    chosen = values.ravel().take(places, mode="clip").astype(np.intp)
    chosen += np.repeat(np.cumsum(grams.sizes) - grams.sizes, counts)
    places -= np.repeat(rows[:-1], counts)
    return _Draws(grams.rows(chosen), places, counts)


def _draws_of(texts: Sequence[str], profiles: Profiles, capacity: int) -> _Draws:
    if capacity > MOST_STREAM_WORDS:
        raise RuntimeError("the random stream of a language trial ran out")
    groups = (texts[first : first + READ_AT_ONCE] for first in range(0, len(texts), READ_AT_ONCE))
    return _Draws.joined([_draws(grams_of(group, profiles), capacity) for group in groups])


@dataclass(slots=True)
class _Active:
    """The texts still on trial, one entry each in every array."""

    text: Integers
    start: Integers
    """Where its draws begin."""
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

    def go_on_with(self, draws: _Draws) -> None:
        """Take up the same draws, and those that follow them, in a longer look at the stream."""
        self.end = np.cumsum(draws.counts)
        self.cursor += self.end - draws.counts - self.start
        self.start = self.end - draws.counts


def probabilities(texts: Sequence[str], profiles: Profiles) -> Floats:
    """Return the mean of the trials, of shape (texts, languages); a text without n-grams gets zeros."""
    result = np.zeros((len(texts), len(profiles.languages)))
    for first in range(0, len(texts), AT_ONCE):
        _run(texts[first : first + AT_ONCE], profiles, result[first : first + AT_ONCE])
    return result


def _run(texts: Sequence[str], profiles: Profiles, result: Floats) -> None:
    """Add the texts' trials up in `result`. How many steps the draws last is asked only once they may be used up."""
    capacity = FIRST_WORDS
    draws = _draws_of(texts, profiles, capacity)
    active = _begin(draws, profiles.likelihood)
    steps = 0
    while active.text.size:
        if not steps:
            steps = int((active.end - active.cursor).min()) // MOST_DRAWS
        if steps:
            steps -= 1
            _advance(active, draws, stream(capacity), profiles.likelihood, result)
        else:
            capacity *= 2
            draws = _draws_of([texts[i] for i in active.text.tolist()], profiles, capacity)
            active.go_on_with(draws)


def _begin(draws: _Draws, likelihood: Floats) -> _Active:
    """All texts that have n-grams, at their first trial's first test."""
    text = np.flatnonzero(draws.counts)
    end = np.cumsum(draws.counts)[text]
    source = stream(FIRST_WORDS)
    active = _Active(
        text=text,
        start=end - draws.counts[text],
        cursor=end - draws.counts[text],
        end=end,
        trial=np.zeros(text.shape, dtype=np.intp),
        tests=np.zeros(text.shape, dtype=np.intp),
        kept_weight=np.full(text.shape, source.second_weight[0]),
        weight=np.full((len(text), likelihood.shape[1]), source.first_weight[0]),
        chance=np.empty((len(text), likelihood.shape[1])),
    )
    everyone = np.arange(len(text))
    _pass_words(active, everyone, np.full(text.shape, GAUSS_WORDS), draws)
    _open_trial(active, everyone, draws, likelihood)
    return active


def _advance(active: _Active, draws: _Draws, source: Stream, likelihood: Floats, result: Floats) -> None:
    """One step of every text. The trials that end with it go into `result`, the next ones begin."""
    converged = _step(active, draws, likelihood)
    if not converged.size:
        return
    result[active.text[converged]] += active.chance[converged] / TRIALS
    active.trial[converged] += 1
    over = active.trial == TRIALS
    _next_trial(active, converged[~over[converged]], draws, source, likelihood)
    if over.any():
        active.keep(~over)


def _step(active: _Active, draws: _Draws, likelihood: Floats) -> Integers:
    """Take the n-grams up to the next test of convergence; which texts pass it?"""
    chance, factor = active.chance, np.empty_like(active.chance)
    for drawn in draws.rows.take(active.cursor + PICKS, mode="clip"):
        likelihood.take(drawn, axis=0, out=factor, mode="clip")
        factor += active.weight
        chance *= factor
    total, highest = _totals(chance)
    highest /= total
    chance /= total[:, None]
    active.cursor += STEP
    active.tests += 1
    return np.flatnonzero((highest > Detector.CONV_THRESHOLD) | (active.tests == LAST_TEST))


def _open_trial(active: _Active, who: Integers, draws: _Draws, likelihood: Floats) -> None:
    """A trial's first n-gram, after which langdetect tests too: in vain, since one n-gram never makes it that sure."""
    chance = likelihood.take(draws.rows[active.cursor[who]], axis=0)
    chance += active.weight[who]
    chance *= 1.0 / likelihood.shape[1]
    chance /= _totals(chance)[0][:, None]
    active.chance[who] = chance
    active.cursor[who] += 1
    active.tests[who] = 1


def _totals(chance: Floats) -> tuple[Floats, Floats]:
    """The sum and the maximum of every row. Languages are added one after the other, as langdetect does: NumPy adds
    pairwise along the fast axis only, so they go along the slow one, and a second column keeps that axis slow."""
    by_language = np.zeros((chance.shape[1], len(chance) + 1))
    by_language[:, :-1] = chance.T
    return np.add.reduce(by_language, axis=0)[:-1], np.maximum.reduce(by_language, axis=0)[:-1]


def _next_trial(active: _Active, who: Integers, draws: _Draws, source: Stream, likelihood: Floats) -> None:
    active.weight[who] = active.kept_weight[who, None]
    even = who[active.trial[who] % 2 == 0]
    if even.size:
        word = draws.words[active.cursor[even] - 1] + 1
        active.weight[even] = source.first_weight[word, None]
        active.kept_weight[even] = source.second_weight[word]
        _pass_words(active, even, word + GAUSS_WORDS, draws)
    _open_trial(active, who, draws, likelihood)


def _pass_words(active: _Active, who: Integers, upto: Integers, draws: _Draws) -> None:
    """Move the cursors over the draws whose words `gauss` has used up."""
    cursor = active.cursor[who]
    for _ in range(GAUSS_WORDS):
        cursor += draws.words[cursor] < upto
    active.cursor[who] = cursor
