"""Words behind the abbreviations of column names: `DTE` is date, `NOMREF` nominal reference, `CMTD` committed.

Three rules, and no list: a word cut short, a word without its vowels, known words run together. Each answer has a
quality from 0 to 1. Where two words are as likely both are given, and the values of the column decide.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import product

Readings = dict[tuple[str, ...], float]  # words -> quality
JOINED = 0.97  # known words run together
JOINED_AND_SHORT = 0.9  # one of them cut short
SHORT = 0.94  # a word cut short beyond doubt
FEWEST = 3  # letters of an abbreviation that no list has
MOST = 12  # readings of one heading
_PAIRS = frozenset(("no", "dt", "cd", "id", "ho", "tm", "da"))  # two letters that are run together with others
_CLOSE = 0.06  # qualities that differ by less are as good


def read_words(parts: Sequence[str], known: Collection[str]) -> Readings:
    """The words that the parts of a heading may mean, the likeliest first."""
    found: Readings = {}
    for chosen in product(*(_reading(part, known).items() for part in parts)):
        words = tuple(word for said, _ in chosen for word in said)
        quality = min((its for _, its in chosen), default=1.0)
        found[words] = max(quality, found.get(words, 0.0))
        if len(found) == MOST:
            break
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def _reading(part: str, known: Collection[str]) -> Readings:
    if part in known or not part.isalpha() or len(part) < FEWEST:
        return {(part,): 1.0}
    likely: Readings = {(word,): quality for word, quality in _expanded(part, known).items()}
    if cut := _cut(part, known):
        likely[cut] = JOINED if all(piece in part for piece in cut) else JOINED_AND_SHORT
    limit = max(likely.values(), default=0.0) - _CLOSE
    return {words: quality for words, quality in likely.items() if quality > limit} or {(part,): 1.0}


def _expanded(short: str, known: Collection[str]) -> dict[str, float]:
    """Known words that a part may be short for, the likeliest first."""
    likely = {word: quality for word in known if (quality := _quality(short, word))}
    limit = max(likely.values(), default=0.0) - _CLOSE
    best = sorted((word for word in likely if likely[word] > limit), key=lambda word: (-likely[word], len(word), word))
    return {word: likely[word] for word in best[:8]}


def _quality(short: str, word: str) -> float:
    """How likely a part is a word cut short (`disp`) or without its vowels (`dsp`); 0 if it is neither."""
    if len(word) <= len(short) or word[0] != short[0] or not word.isalpha():
        return 0.0
    if word.startswith(short):
        return 0.97
    rest = iter(word)
    if len(word) > 3 * len(short) or not all(letter in rest for letter in short):
        return 0.0
    own, bones = _bones(short), _bones(word)
    if own == bones:
        return 0.96
    if len(own) >= FEWEST and bones.startswith(own):
        return 0.94
    if 3 * sum(letter in "aeiou" for letter in short) > len(short) + 2:
        return 0.0  # a word of its own
    return 0.92 if word[-1] == short[-1] else 0.86 if len(short) > FEWEST else 0.0


def _bones(word: str) -> str:
    """The first letter and the consonants, doubled ones once."""
    return re.sub(r"(.)\1", r"\1", word[0] + re.sub("[aeiou]", "", word[1:]))


def _cut(joined: str, known: Collection[str]) -> tuple[str, ...]:
    """The fewest known words that a part consists of, one of them perhaps cut short; empty if there are none."""
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(2, len(joined) + 1):
        for start in [place for place in best if place < end - 1]:
            piece = joined[start:end]
            words = (piece,) if piece in known and (len(piece) > 2 or piece in _PAIRS) else _sure(piece, known)[:1]
            is_whole = piece == joined or len(best[start]) + 1 >= len(best.get(end, "0123456789"))
            if words and not is_whole and (piece in known or all(word in joined for word in best[start])):
                best[end] = (*best[start], *words)
    return best.get(len(joined), ())


def _sure(piece: str, known: Collection[str]) -> tuple[str, ...]:
    if len(piece) < FEWEST:
        return ()
    return tuple(word for word, quality in _expanded(piece, known).items() if quality >= SHORT)
