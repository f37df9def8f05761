"""Is Spark ready? What can be seen without starting it, each fault in one sentence with what to do."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from pipelines.engines import masters
from pipelines.engines.masters import is_connect, is_local

PYSPARK = "4.3"
JAVAS = (17, 21)
LONGEST_JAVA = 30
IN_PATHS = "*?[]{}\\,%"  # what Spark reads otherwise than a name


class EngineNotReady(Exception):
    """The engine cannot run: the message says what was seen, what is expected and what to do."""


def check_all(master: str, lake: Path | None, home: Path) -> None:
    """Raises EngineNotReady by the first fault that is found."""
    check_pyspark()
    if not is_connect(master):
        check_java()
    check_master(master)
    if lake is not None:
        check_lake(lake)
    elif not is_local(master):
        raise EngineNotReady(
            f"--spark-master {master}: expected --lake with the folder that this machine and all workers see; there is "
            "none. Give its whole path."
        )
    elif set(IN_PATHS) & set(str(home.resolve())):
        raise EngineNotReady(f"--home {home}: expected a path without any of {IN_PATHS}, or another folder as --lake.")


def check_pyspark() -> None:
    """Whether this environment has the Spark that the SELECTs were compared on."""
    try:
        found = importlib.metadata.version("pyspark")
    except importlib.metadata.PackageNotFoundError:
        raise EngineNotReady(
            "--engine spark: pyspark is not in this environment. Run make spark, then .venv-spark/bin/stra build."
        ) from None
    if not found.startswith(f"{PYSPARK}."):
        raise EngineNotReady(
            f"--engine spark: saw pyspark {found}; expected {PYSPARK}, for which the SELECTs were compared. Run make "
            "spark, then .venv-spark/bin/stra build."
        )


def check_java() -> None:
    """Whether there is a Java that Spark runs on."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home, "bin")) if home else None)
    wanted = (
        f"expected Java {' or '.join(map(str, JAVAS))}. Install it (Debian: default-jre-headless), or set JAVA_HOME"
    )
    if java is None:
        raise EngineNotReady(f"--engine spark: no Java was found; {wanted}.")
    try:
        done = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=LONGEST_JAVA, check=False)
        said = done.stderr + done.stdout
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise EngineNotReady(f"--engine spark: {java} could not be run ({problem}); {wanted}.") from problem
    version = re.search(r'version "(?:1\.)?([0-9]+)', said)
    if version is None or int(version[1]) not in JAVAS:
        seen = f"Java {version[1]}" if version is not None else "no version"
        raise EngineNotReady(f"--engine spark: saw {seen} at {java}; {wanted}.")


def check_master(master: str) -> None:
    """Whether the master has an address that we know how to use, and answers there."""
    words = masters.fault(master)
    if words:
        raise EngineNotReady(words)


def check_lake(lake: Path) -> None:
    """Whether the lake is a folder, named by its whole path, that this account may write in."""
    if not lake.is_absolute() or not lake.is_dir() or set(IN_PATHS) & set(str(lake)):
        raise EngineNotReady(
            f"--lake: saw {str(lake)!r}; expected the whole path of a folder that is there, without any of {IN_PATHS}. "
            "Make the folder, or correct the path."
        )
    try:
        tempfile.TemporaryFile(dir=lake).close()
    except OSError as problem:
        raise EngineNotReady(
            f"--lake {lake}: this account cannot write there ({problem.strerror}). Let it, or give another folder."
        ) from problem
