"""Garbage collection, kept short: while all generations are collected no page is drawn, and most of what would be
looked through are the modules of the libraries, which never go away.
"""

from __future__ import annotations

import gc
import sys
import threading

_LOCK = threading.Lock()
_seen = 0


def spare_modules() -> None:
    """Take what there is out of the collector's sight, whenever modules were imported since the last time: a page
    imports what it needs when it is first drawn. What is no longer referred to is let go all the same, but for
    what refers to itself."""
    global _seen
    with _LOCK:
        if len(sys.modules) != _seen:
            _seen = len(sys.modules)
            gc.collect()
            gc.freeze()
