"""Files that people put into pages and the server still holds in memory: at most a number each, and of their bytes.

The server keeps a file until its page takes it back or the session ends. The rate of uploads alone would let a page
that stays open collect them all day.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable

from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

MOST_FILES, MOST_BYTES = 20, 10_000_000  # that the server holds for one person
MOST_SESSIONS, MOST_PEOPLE = 100, 10_000  # whose files are counted
REFUSAL = (
    f"The server holds {MOST_FILES} of your files already, or {MOST_BYTES // 1_000_000} MB of them. Close the pages "
    "that hold them, or reload this one."
)
Sizes = Callable[[str], Iterable[int]]


def sizes_in(session: str) -> list[int]:
    """The size of each file that the server holds for a session."""
    manager = Runtime.instance().uploaded_file_mgr if Runtime.exists() else None
    if not isinstance(manager, MemoryUploadedFileManager):
        return []
    held = manager.file_storage.get(session, {})
    return [len(file.data) for file in list(held.values())]


class HeldFiles:
    """Who put files into which sessions, and whether one more may come."""

    def __init__(self, sizes: Sizes = sizes_in) -> None:
        self._sizes = sizes
        self._sessions: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()
        self._lock = threading.Lock()

    def takes(self, who: str, session: str) -> bool:
        """Whether this person may put in one more; remembers the session if so."""
        with self._lock:
            sessions = self._sessions.pop(who, OrderedDict())
            held = {name: list(self._sizes(name)) for name in {*sessions, session}}
            found = [size for sizes in held.values() for size in sizes]
            is_within = len(found) < MOST_FILES and sum(found) < MOST_BYTES
            sessions[session] = None
            while len(sessions) > MOST_SESSIONS:  # the oldest without a file: one may still be on its way to the newest
                del sessions[next((name for name in sessions if not held[name]), next(iter(sessions)))]
            self._sessions[who] = sessions
            while len(self._sessions) > MOST_PEOPLE:
                self._sessions.popitem(last=False)
            return is_within
