"""Which pages elsewhere may show this server's pages in a frame: none, or origins of the force's intranet. Pure.

Cookies stay tied to the server's own site. So a frame is signed in only within a page of the same site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

NONE = "'none'"
OLDER = "x-frame-options"  # for browsers that know no policy; it can forbid every frame, or none
MOST = 10
LOOPBACK = r"(?:127\.0\.0\.1|localhost)"
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ORIGIN = re.compile(rf"(?:https://{LABEL}(?:\.{LABEL})*|http://{LOOPBACK})(?::[1-9][0-9]{{0,4}})?")


def origins(text: str) -> tuple[tuple[str, ...], str]:
    """The origins of a setting, divided by blanks, and what is wrong with it; empty if nothing is."""
    found = tuple(dict.fromkeys(text.lower().split(" "))) if text else ()
    found = tuple(origin for origin in found if origin)
    if len(found) > MOST or not all(len(origin) <= 260 and ORIGIN.fullmatch(origin) for origin in found):
        return (), (
            f"STRA_FRAME_ANCESTORS: expected at most {MOST} origins such as https://intranet.force.invented, with "
            "blanks between them: HTTPS, a full name, no path and no *."
        )
    return found, ""


def directive(allowed: Iterable[str]) -> str:
    """The value of frame-ancestors."""
    return " ".join(allowed) or NONE
