"""`stra serve` and `stra dagster`: pages on this machine, each a program that takes the place of the command."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.failure import fail
from pipelines.commands.options import Data, Home
from pipelines.system.disk import make_private

QUIET = {
    "DAGSTER_DISABLE_TELEMETRY": "yes",
    "GX_ANALYTICS_ENABLED": "false",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
}


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def serve(
    home: Home,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8501,
    audience: Annotated[str, typer.Option(help="command, integrity or commissioning; by default all.")] = "",
    data: Annotated[
        Path | None, typer.Option(help="Folder with the delivered files, for the page that maps an extract.")
    ] = None,
) -> None:
    """Serve the dashboards on this machine."""
    from pipelines.tables.cards import AUDIENCES, ROOT

    if audience and audience not in AUDIENCES:
        raise typer.BadParameter(f"expected one of {', '.join(AUDIENCES)}; saw {audience!r}")
    environment = {
        **os.environ,
        **QUIET,
        "STRA_HOME": str(home.resolve()),
        "STRA_AUDIENCE": audience,
        "PYTHONPATH": str(ROOT),
        "STREAMLIT_SERVER_PORT": str(port),
        "FORWARDED_ALLOW_IPS": "none",  # the user is the one who connects: a header could name anyone
    }
    if not _is_free(port):
        raise fail(f"port {port} is in use by another program. Stop it, or give another port: --port {port + 1}")
    if data is not None:
        if not data.is_dir():
            raise fail(f"{data}: expected a folder with delivered files; there is none. Give the folder with --data.")
        make_private(home)  # what is done on the page is logged there, also before the first build
        environment["STRA_DATA"] = str(data.resolve())
    os.chdir(ROOT)  # Streamlit reads its settings from the folder it starts in
    typer.echo(f"Dashboards: http://127.0.0.1:{port}  (stop with Ctrl-C)")
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "dashboards.server.run"], environment)


def dagster_pages(home: Home, data: Data, port: Annotated[int, typer.Option(min=1, max=65535)] = 3000) -> None:
    """Dagster's own pages over the same definitions, on this machine only."""
    from pipelines.dagster_records.event_log import dagster_home
    from pipelines.tables.cards import ROOT

    environment = {
        **os.environ,
        **QUIET,
        "STRA_HOME": str(home.resolve()),
        "STRA_DATA": str(data.resolve()),
        "DAGSTER_HOME": str(dagster_home(home)),
        "PYTHONPATH": str(ROOT),
    }
    typer.echo(f"Dagster: http://127.0.0.1:{port}  (stop with Ctrl-C)")
    sys.stdout.flush()
    os.execve(
        sys.executable,
        [
            sys.executable,
            "-m",
            "dagster",
            "dev",
            "-m",
            "pipelines.dagster_records.definitions",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
        ],
        environment,
    )
