"""Is what people decided as it was written? Every chain of the store, checked at once."""

from __future__ import annotations

from pathlib import Path

from casework import access_log, chain, overrides, scheme
from casework.refusal import Refused
from casework.store import UNUSABLE, exists, in_words, open_store

CHAINS = (overrides.OVERRIDES, overrides.OVERRIDE_DECISIONS, scheme.SCHEME, access_log.CHAIN)


def faults(home: Path) -> list[str]:
    """What is wrong with the chains of a home's store, each with the row that it is about; none without a store.

    Raises Refused where the store cannot be looked at: that says nothing of what is in it.
    """
    if not exists(home):
        return []
    try:
        engine = open_store(home)
        return [f"{c.title}: {fault}" for c in CHAINS for fault in chain.verify(engine, c).faults]
    except UNUSABLE as problem:
        raise Refused(in_words(problem)) from problem
