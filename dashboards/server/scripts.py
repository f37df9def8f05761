"""The scripts inside a page: each is allowed by its hash, so that no other is run."""

from __future__ import annotations

import base64
import hashlib
import re

_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)


def sources(page: bytes) -> str:
    """What the policy allows of scripts on this page: files of this server, and the page's own inline scripts."""
    digests = (base64.b64encode(hashlib.sha256(text).digest()).decode() for text in _INLINE.findall(page))
    return " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])
