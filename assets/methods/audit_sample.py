"""Size and random selection of an audit sample, repeatable by anyone with SHA-256.

Source: recording-standards 5.1 (sample sizes, finite population correction) and 5.3 (recorded seed, frame hash).
What the rated sample shows is in audit_estimates.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence

Unit = tuple[str, str]  # (crime or incident, its reference)


def sample_size(population: int, share: float, margin: float, z: float = 1.96) -> int:
    """Units to sample so that an expected `share` is estimated within +/- `margin`.

    n0 = z^2 p (1 - p) / e^2; with the finite population n = n0 / (1 + (n0 - 1) / N), rounded up, at least 1.
    Raises ValueError for a share or margin outside 0 to 1, or an empty population.

    >>> sample_size(500, 0.9, 0.03)
    218
    """
    if not (population >= 1 and 0 < share < 1 and 0 < margin < 1):
        raise ValueError(f"no sample size for {population} units, share {share}, margin {margin}")
    first = z * z * share * (1 - share) / (margin * margin)
    # the last digits of a division must not turn 218.0 into 219
    return min(population, max(1, math.ceil(round(first / (1 + (first - 1) / population), 9))))


def margin_achieved(population: int, rated: int, share: float, z: float = 1.96) -> float:
    """Half-width of the interval that `rated` of `population` units give: the inverse of sample_size."""
    if not 0 < rated <= population or not 0 <= share <= 1:
        raise ValueError(f"no margin for {rated} of {population} units, share {share}")
    if rated == population:
        return 0.0
    return z * math.sqrt(share * (1 - share) / rated * (population - rated) / (population - 1))


def unit_id(unit: Unit) -> str:
    """Text that is hashed for a unit: `crime:C1`, `incident:I1`."""
    return f"{unit[0]}:{unit[1]}"


def frame_hash(frame: Iterable[tuple[str, Unit]]) -> str:
    """SHA-256 over the lines `stratum|type:reference` of a frame, sorted by their bytes, each ended by a line feed."""
    lines = sorted(f"{stratum}|{unit_id(unit)}\n".encode() for stratum, unit in frame)
    return hashlib.sha256(b"".join(lines)).hexdigest()


def draw(units: Sequence[Unit], count: int, seed: int, hash_of_frame: str) -> list[Unit]:
    """The first `count` units in the order of sha256("seed|frame hash|type:reference").

    Every subset is equally likely as far as SHA-256 is uniform. No library's random generator is used.
    Raises ValueError for more units than there are.
    """
    if not 0 <= count <= len(units):
        raise ValueError(f"{count} of {len(units)} units cannot be drawn")
    return sorted(units, key=lambda unit: _digest(f"{seed}|{hash_of_frame}|{unit_id(unit)}"))[:count]


def second_raters_share(units: Sequence[Unit], seed: int, hash_of_frame: str, share: float = 0.2) -> list[Unit]:
    """The random part of a sample that is rated twice: `share` of it, rounded up.

    The order is that of `draw` with `second|` before the seed.
    """
    count = math.ceil(round(share * len(units), 9))
    return sorted(units, key=lambda unit: _digest(f"second|{seed}|{hash_of_frame}|{unit_id(unit)}"))[:count]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
