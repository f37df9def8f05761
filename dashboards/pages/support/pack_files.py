"""The files of the pack, made once per publication and cached.

A page's script runs again for every visitor and keeps nothing itself.
"""

from __future__ import annotations

import threading
from functools import lru_cache

from casework.store.refusal import Refused
from dashboards.data.published import Copy
from dashboards.data.register import Reader
from dashboards.documents import writer
from dashboards.documents.pack import evidence
from dashboards.documents.pack import files as pack

_ONE_AT_A_TIME = threading.Lock()  # concurrent visitors wait for the files that are being made


def refusal(copy: Copy) -> str:
    """Why there is nothing to pack; "" if there is."""
    try:
        evidence.gather(Reader(copy))
    except Refused as words:
        return str(words)
    return ""


def file(copy: Copy, marking: str, name: str) -> bytes:
    """One file of the pack. Raises Refused if there is nothing to pack."""
    return files(copy, marking)[name]


def files(copy: Copy, marking: str) -> dict[str, bytes]:
    """File name -> content. Raises Refused if there is nothing to pack."""
    with _ONE_AT_A_TIME:
        return _made(copy, marking)


@lru_cache(maxsize=2)
def _made(copy: Copy, marking: str) -> dict[str, bytes]:
    return pack.documents(copy, marking, writer.own_template())[0]
