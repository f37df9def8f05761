"""How many trials a test makes: a few in every run of all tests, all of them with `make trials`."""

import os
from typing import TypeVar

T = TypeVar("T")


def count(few: T, whole: T) -> T:
    """`whole` if TRIALS=all, else `few`: how many, or which. The seeds are the same: the few are of the whole."""
    return whole if os.environ.get("TRIALS") == "all" else few
