"""The notice of a running build at the top of every page, with its present step."""

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
    """Start of a running build, and its latest message."""

    started_at: datetime
    line: str


def running_build(home: Path | None) -> RunningBuild | None:
    """The build that runs in this home now; None without one.

    None too if a killed build left its notice behind.
    """
    if home is None:
        return None
    try:
        notice = json.loads((home / "building.json").read_text(encoding="utf-8"))
        found = RunningBuild(datetime.fromisoformat(notice["started_at"]), notice["line"])
        process = int(notice["process"])
        with contextlib.suppress(ChildProcessError):  # if it is our own child process and has ended, collect it
            os.waitpid(process, os.WNOHANG)
        os.kill(process, 0)  # signal 0 asks whether it is running
    except PermissionError:
        return found  # it is running and belongs to another user
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found


def show_running_build(home: Path | None) -> None:
    """Show the running build every few seconds; redraw the page when it ends."""
    if running_build(home) is not None:
        st.fragment(_watch, run_every=LOOK_AGAIN)(home)


def _watch(home: Path | None) -> None:
    running = running_build(home)
    if running is None:
        st.rerun(scope="app")
    since = numbers.local_time(running.started_at)
    st.html(
        f'<p class="building" role="status"><strong>A build is running since {since}.</strong> The figures below are '
        f"from the last publication; this page refreshes itself. <span>{html.escape(running.line)}</span></p>"
    )
