"""A build that runs while pages are served: said at the top of every page, with what it is doing."""

from __future__ import annotations

import contextlib
import html
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import streamlit as st

from dashboards.text import numbers

LOOK_AGAIN = "3s"


@dataclass(frozen=True)
class RunningBuild:
    """Since when a build runs, and the last line it said."""

    started_at: datetime
    line: str


def running_build(home: Path | None) -> RunningBuild | None:
    """The build that runs in this home now; None where none does, or a killed one left its notice behind."""
    if home is None:
        return None
    try:
        notice = json.loads((home / "building.json").read_text(encoding="utf-8"))
        found = RunningBuild(datetime.fromisoformat(notice["started_at"]), notice["line"])
        process = int(notice["process"])
        with contextlib.suppress(ChildProcessError):  # one that we started ourselves and that has ended is let go
            os.waitpid(process, os.WNOHANG)
        os.kill(process, 0)  # signal 0 asks whether it lives
    except PermissionError:
        return found  # it lives and is someone else's
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found


def show_running_build(home: Path | None) -> None:
    """While a build runs: what it does, renewed every few seconds; when it is done the page is drawn anew."""
    if running_build(home) is not None:
        st.fragment(_watch, run_every=LOOK_AGAIN)(home)


def _watch(home: Path | None) -> None:
    running = running_build(home)
    if running is None:
        st.rerun(scope="app")
    since = numbers.local_time(running.started_at)
    st.html(
        f'<p class="building" role="status"><strong>A build is running since {since}.</strong> The figures below are '
        f"those of the last publication; this page renews itself. <span>{html.escape(running.line)}</span></p>"
    )
