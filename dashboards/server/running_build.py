"""The notice of a running build at the top of every page, with its present step."""

from __future__ import annotations

import html
from pathlib import Path

import streamlit as st

from casework.store.builds import running_build
from dashboards.text import numbers

LOOK_AGAIN = "3s"


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
