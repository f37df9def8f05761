"""`python -m dashboards.server.run`: the dashboards' server, until somebody stops it. Its exit code says how."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click
from streamlit.web.cli import main

APP = Path(__file__).resolve().parents[1] / "app.py"

if __name__ == "__main__":
    try:
        main(["run", str(APP)], prog_name="streamlit", standalone_mode=False)
    except click.Abort:  # Ctrl-C
        sys.exit(128 + signal.SIGINT)
