"""Where Spark's master may be, and what can be seen of it from this machine without starting anything."""

from __future__ import annotations

import importlib.util
import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path

PLACE = r"([\w.-]+):([0-9]{1,5})"
LOCAL = re.compile(r"local(\[(\*|[1-9][0-9]*)\])?")
CLUSTER = re.compile(rf"spark://{PLACE}")
KUBERNETES = re.compile(rf"k8s://https://{PLACE}")
CONNECT = re.compile(r"sc://([\w.-]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})(?:/(?:;(.*))?)?")
YARN = "yarn"
OURS = ("localhost", "127.0.0.1", "[::1]")  # names of this machine
ENCRYPTED = "use_ssl=true"
EXPECTED = "local[NUMBER], local[*], spark://HOST:PORT, sc://HOST:PORT, k8s://https://HOST:PORT or yarn"
UNTRIED = "{}: no cluster of this kind was tried by us. A worker's file and its Python are looked at before a build."
TOKEN = "SPARK_CONNECT_AUTHENTICATE_TOKEN"  # Spark's own name
IMAGES = ("spark.kubernetes.container.image", "spark.kubernetes.executor.container.image")
DEPLOY = "spark.submit.deployMode"
FOLDERS = ("HADOOP_CONF_DIR", "YARN_CONF_DIR")
LIST = "yarn-site.xml"
DEFAULTS = "spark-defaults.conf"
LONGEST_CALL = 10  # seconds that a master may take to answer


def is_local(master: str) -> bool:
    """Whether Spark runs in a process of this machine."""
    return LOCAL.fullmatch(master) is not None


def is_connect(master: str) -> bool:
    """Whether a server of Spark Connect runs the queries: then no Java is needed here."""
    return master.lower().startswith("sc:")


def is_manager(master: str) -> bool:
    """Whether Kubernetes or YARN starts the workers."""
    return master == YARN or KUBERNETES.fullmatch(master) is not None


def note(master: str) -> str:
    """What is to be known before a build on this master; '' if nothing is."""
    return UNTRIED.format(f"--spark-master {master}") if is_manager(master) else ""


def fault(master: str) -> str:
    """What is wrong with a master and what to do, in a sentence or two; '' if nothing is seen."""
    if is_local(master):
        return ""
    connect = CONNECT.fullmatch(master)
    if connect is not None:
        return _fault_of_parameters(connect) or _silence(master, connect[1], connect[2])
    cluster = CLUSTER.fullmatch(master) or KUBERNETES.fullmatch(master)
    if not (cluster or master == YARN) or (cluster and not 0 < int(cluster[2]) < 65_536):
        return f"--spark-master: saw {_shown(master)!r}; expected {EXPECTED}. Correct the address."
    settings = site_settings()
    if settings.get(DEPLOY, "client") != "client":
        return (
            f"{DEPLOY}: saw {settings[DEPLOY]!r} in {DEFAULTS}; expected client, for a build is itself the driver. "
            "Take the line out."
        )
    if cluster is None:
        return _fault_of_yarn()
    if KUBERNETES.fullmatch(master) and not any(settings.get(name) for name in IMAGES):
        return (
            f"--spark-master {master}: expected {IMAGES[0]} in {DEFAULTS}; there is none. Name an image there that has "
            "this environment at the same path."
        )
    return _silence(master, cluster[1], cluster[2])


def site_settings() -> Mapping[str, str]:
    """The settings in the site's spark-defaults.conf, where Spark itself would look for it."""
    spark = importlib.util.find_spec("pyspark")
    home = os.environ.get("SPARK_HOME") or (str(Path(spark.origin).parent) if spark and spark.origin else ".")
    file = Path(os.environ.get("SPARK_CONF_DIR") or Path(home, "conf"), DEFAULTS)
    if not file.is_file():
        return {}
    lines = [line.strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    pairs = [re.split(r"\s*[\s=:]\s*", line, maxsplit=1) for line in lines if line and line[0] not in "#!"]
    return {name: value[0] if value else "" for name, *value in pairs}


def _fault_of_parameters(connect: re.Match[str]) -> str:
    """What is wrong with an address of Spark Connect. Never says a parameter: it may be a secret."""
    host, port, given = connect[1], connect[2], connect[3]
    address = f"--spark-master sc://{host}:{port}"
    if given not in (None, "", ENCRYPTED, "use_ssl=false"):
        return (
            f"{address}: expected no parameter but {ENCRYPTED} in the address, where others may read it. Give a token "
            f"as {TOKEN} in the environment; change one that was in an address."
        )
    if not 0 < int(port) < 65_536:
        return f"--spark-master: saw {f'sc://{host}:{port}'!r}; expected {EXPECTED}. Correct the address."
    if host not in OURS and given != ENCRYPTED:
        return (
            f"{address}: rows of people would travel in clear. Give sc://{host}:{port}/;{ENCRYPTED}, and put a proxy "
            "with a certificate before the server."
        )
    if not os.environ.get(TOKEN):
        return (
            f"{address}: expected {TOKEN} in the environment; there is none. Start the server with one and give this "
            "build the same: without, anyone who reaches the port reads what the server may read."
        )
    return ""


def _fault_of_yarn() -> str:
    folders = [Path(os.environ[name]) for name in FOLDERS if os.environ.get(name)]
    if any((folder / LIST).is_file() for folder in folders):
        return ""
    seen = " and ".join(map(str, folders)) or "neither"
    return (
        f"--spark-master yarn: expected {' or '.join(FOLDERS)} with the folder of {LIST}; saw {seen}"
        f"{' without that file' if folders else ''}. Set it to a copy of the cluster's own settings."
    )


def _silence(master: str, host: str, port: str) -> str:
    """What to do if nothing answers at an address."""
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=LONGEST_CALL).close()
    except OSError as problem:
        return (
            f"--spark-master {master}: nothing answers there within {LONGEST_CALL} seconds ({problem}). Start the "
            f"{'server' if is_connect(master) else 'master'}, or correct the address."
        )
    return ""


def _shown(master: str) -> str:
    """A master without what may be a secret: an account before its host, a path and parameters after it."""
    return re.split(r"[;?#]|(?<=[^/:])/", re.sub(r"//.*@", "//", master))[0]
