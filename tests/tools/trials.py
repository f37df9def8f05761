"""How many trials a test makes: a few in every run of all tests, all of them with `make trials`."""

import os


def count(few: int, whole: int) -> int:
    """`whole` if TRIALS=all, else `few`. The seeds are the same: the few are the first of the whole."""
    return whole if os.environ.get("TRIALS") == "all" else few
