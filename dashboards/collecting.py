"""Garbage collection between pages, kept short.

Streamlit collects all generations after every page that is drawn, and while it does no other page is. Most of what it
would look through are the modules of the libraries, which never go away, and what was read of the published copies,
which stays until newer ones take its place.
"""

from __future__ import annotations

import gc
import sys
import threading

from dashboards import published

_LOCK = threading.Lock()
_seen = (0, 0)


def spare_lasting() -> None:
    """Take what there is out of the collector's sight, whenever modules were imported or records of a publication were
    read since the last time. What is no longer referred to is let go all the same; what refers to itself, the next
    time, for then all is looked through once."""
    global _seen
    with _LOCK:
        there = (len(sys.modules), published.records_read())
        if there != _seen:
            _seen = there
            gc.unfreeze()
            gc.collect()
            gc.freeze()
