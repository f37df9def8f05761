"""Waiting time for a place with a service: Erlang's formula, and a simulation of the same queue.

Places are served in the order of arrival. People arrive at random, and each occupies a place for a random time (Erlang
1917; Gross and others 2008, Fundamentals of Queueing Theory, chapter 3). The simulation checks the formula, and serves
where times are not exponential.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable

import numpy as np
from scipy.stats import poisson


def wait_probability(places: int, load: float) -> float:
    """Erlang C: share of arrivals that have to wait, 0 to 1.

    `load` is arrivals a day times days a place is occupied. 1 where the load is not below the number of places: the
    queue keeps growing. Good to nine digits up to a million places, and to six up to a hundred million.

    Raises ValueError for no place or a load below 0.

    >>> round(wait_probability(2, 1.0), 3)
    0.333
    """
    _check(places, load)
    if load >= places:
        return 1.0
    # Erlang B from the Poisson distribution: a delivered capacity of a billion costs no more than one of ten
    blocked = float(poisson.pmf(places, load) / poisson.cdf(places, load))
    return blocked / (1 - load / places * (1 - blocked))


def mean_wait(places: int, arrivals: float, held: float) -> float:
    """Mean wait of all arrivals, in the unit of `held`; infinite where the queue keeps growing.

    `arrivals` are per that unit of time.
    """
    load = arrivals * held
    _check(places, load)
    if load >= places:
        return math.inf
    return wait_probability(places, load) * held / (places - load)


def share_within(places: int, arrivals: float, held: float, time: float) -> float:
    """Share of arrivals that wait at most `time`, 0 to 1; 0 where the queue keeps growing."""
    load = arrivals * held
    _check(places, load)
    if load >= places:
        return 0.0
    return 1 - wait_probability(places, load) * math.exp(-(places - load) * time / held)


def simulated_waits(
    places: int,
    arrivals: float,
    hold: Callable[[np.random.Generator, int], np.ndarray],
    count: int,
    seed: int,
    warm_up: int = 0,
) -> np.ndarray:
    """Waits of `count` people after `warm_up` others, in order of arrival.

    `hold` draws how long each place is occupied.
    """
    _check(places, 0.0)
    rng = np.random.default_rng(seed)
    total = count + warm_up
    came = np.cumsum(rng.exponential(1 / arrivals, total))
    lasts = hold(rng, total)
    free = [0.0] * places  # when each place is free again, the earliest first
    waits = np.empty(total)
    for number in range(total):
        start = max(came[number], free[0])
        waits[number] = start - came[number]
        heapq.heapreplace(free, start + lasts[number])
    return waits[warm_up:]


def _check(places: int, load: float) -> None:
    if places < 1 or load < 0:
        raise ValueError(f"expected at least one place and a load of 0 or more; saw {places} places, load {load}")
