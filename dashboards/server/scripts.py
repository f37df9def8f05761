"""The scripts inside a page: each is allowed by its hash, so that no other is run."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator

_CLOSES = re.compile(rb"</script", re.IGNORECASE)
_HAS_FILE = re.compile(rb"\ssrc=", re.IGNORECASE)


def sources(page: bytes) -> str:
    """What the policy allows of scripts on this page: files of this server, and the page's own inline scripts."""
    digests = (base64.b64encode(hashlib.sha256(text).digest()).decode() for text in _inline(page))
    return " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])


def _inline(page: bytes) -> Iterator[bytes]:
    """The text of each script that is in the page itself. A page is looked through once, whatever is in it."""
    for before in _CLOSES.split(page)[:-1]:
        opens = before.lower().find(b"<script")
        begins = before.find(b">", opens) + 1
        if opens >= 0 and begins and not _HAS_FILE.search(before, opens, begins):
            yield before[begins:]
