"""Garbage collection, kept short.

No page is drawn while all generations are collected. Most of the objects searched are library modules, which are never
freed.
"""

from __future__ import annotations

import gc
import sys
import threading

_LOCK = threading.Lock()
_seen = 0


def spare_modules() -> None:
    """Exempt existing objects from collection whenever modules have been imported.

    A page imports its modules when it is first drawn. Objects without references are still freed, except those in
    reference cycles.
    """
    global _seen
    with _LOCK:
        if len(sys.modules) != _seen:
            _seen = len(sys.modules)
            gc.collect()
            gc.freeze()
