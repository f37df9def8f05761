"""Runs each command in a copy of a process that has imported the product: see faults.py, which starts it.

A line of JSON on the input is one run; its end is one on the output. The process itself touches no home.
"""

import ctypes
import importlib
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

import typer

# what the commands would each import, beside what a build does
IMPORTED = (
    "dashboards.documents.reports.meeting_lists dashboards.documents.drafts.files casework.assessment.plans.take "
    "dashboards.documents.digest.dispatch pipelines.publication.openlineage sample.synth pipelines.backup.make"
)
PATIENCE = 120  # seconds until a file has words in it


def main() -> None:
    """Answer until the input ends."""
    from pipelines.commands import watch

    shim = ctypes.CDLL(os.environ["FAULTS_SHIM"]) if "FAULTS_SHIM" in os.environ else None
    watch.import_all()
    for name in IMPORTED.split() if "FAULTS_IMPORT" in os.environ else ():
        importlib.import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        process = os.fork()
        if process == 0:
            _run(asked, shim)
        code, seconds = _waited(process, asked)
        print(json.dumps({"code": code, "seconds": seconds}), flush=True)


def _waited(process: int, asked: dict[str, Any]) -> tuple[int, float]:
    """Exit code of the run, and how long it went on after its signal: sent after some seconds, or once a file has
    words in it."""
    sent = until = time.monotonic()
    held = Path(asked["kill_when"]) if "kill_when" in asked else None
    if held is not None or "kill_after" in asked:
        until += PATIENCE if held is not None else asked["kill_after"]
        while time.monotonic() < until and not (held is not None and held.exists() and held.stat().st_size):
            if os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                break
            time.sleep(0.002)
        else:
            os.kill(process, asked.get("signal", signal.SIGKILL))
            sent = time.monotonic()
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), time.monotonic() - sent


def _run(asked: dict[str, Any], shim: ctypes.CDLL | None) -> NoReturn:
    """One command, or a piece of Python, as if it had been typed."""
    code = 0
    said = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for number in (1, 2):
        os.dup2(said, number)
    os.environ.update(asked.get("environment", {}))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if shim is not None:
        shim.faults_arm(
            "\n".join(asked["roots"]).encode(), asked.get("at", 0), asked.get("error", 0), asked.get("mode", 0),
            asked.get("log", "").encode(),
        )  # fmt: skip
    try:
        if "code" in asked:
            exec(asked["code"], {"arguments": asked["arguments"]})
        else:
            from pipelines.commands import cli

            sys.argv = ["stra", *asked["arguments"]]
            cli.main()
    except typer.Exit as end:
        code = end.exit_code
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        if shim is not None:
            shim.faults_disarm()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
