"""Open files of the server: a session holds four, and many systems allow a program 1,024 unless it asks for more."""

from __future__ import annotations

import resource

WANTED = 65_536


def allow_more() -> None:
    """Ask for as many open files as the system allows this account, up to what a server can need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
