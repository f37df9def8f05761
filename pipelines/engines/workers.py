"""The workers of a cluster: are there any, is their Python ours, and does what goes to them travel encrypted?"""

import hashlib
import importlib.metadata
import platform
import threading
from collections.abc import Callable
from typing import Self

from pipelines.engines.masters import is_connect, is_local, is_manager
from pipelines.engines.ready import EngineNotReady
from pipelines.tables.cards import METHODS

WITHOUT = "spark.stra.secondsWithoutWorker"  # in spark-defaults.conf, beside Spark's own settings
USUAL_WITHOUT = 300
LOOK = 2  # seconds between two looks
NETWORK = "spark.network.crypto.enabled"
LIBRARIES = ("duckdb", "polars", "splink")  # of which another version may give other figures

Setting = Callable[[str], str | None]


class Watch:
    """While it lasts, ends what Spark was asked once no worker has been there for too long.

    Spark itself would wait for one without an end.
    """

    def __init__(self, count: Callable[[], int], cancel: Callable[[], None], longest: float) -> None:
        self.longest = longest
        self.is_over = False  # whether it has ended anything
        self._count, self._cancel = count, cancel
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()

    def _look(self) -> None:
        seconds = 0.0
        while not self._done.wait(LOOK):
            try:
                seconds = 0.0 if self._count() else seconds + LOOK
                # again each time: one query may have several jobs
                if seconds >= self.longest:
                    self.is_over = True
                    self._cancel()
            except Exception:  # Spark has gone: the query itself fails with it
                return


def seconds_without(setting: Setting) -> int:
    """How long a build waits while there is no worker. Raises EngineNotReady."""
    found = setting(WITHOUT) or str(USUAL_WITHOUT)
    if not found.isdecimal() or int(found) < 1:
        raise EngineNotReady(f"{WITHOUT}: saw {found!r} in spark-defaults.conf; expected a number of seconds from 1.")
    return int(found)


def check_network(master: str, setting: Setting) -> None:
    """Whether rows of people travel encrypted, or the site has said that its network sees to it."""

    def is_on(name: str) -> bool:
        return setting(name) == "true"

    is_aes = is_on("spark.authenticate") and is_on(NETWORK)  # without the first, the second does nothing
    place = setting("spark.master") or master  # of a server of Spark Connect: where its own tasks go
    if is_local(place) or is_aes or is_on("spark.ssl.rpc.enabled") or setting(NETWORK) == "false":
        return
    # Kubernetes and YARN give the workers of each build a secret and settings of their own
    secret = "" if is_manager(place) else ", spark.authenticate.secret"
    machines = "the server" if is_connect(master) else "this machine"
    others = "" if is_manager(place) else ", the master and all workers"
    raise EngineNotReady(
        f"--spark-master {master}: rows of people would travel in clear. Set spark.authenticate{secret} and {NETWORK} "
        f"in spark-defaults.conf of {machines}{others} (docs/national.md, Spark). If the network itself is encrypted, "
        f"set {NETWORK} false."
    )


def about_python() -> str:
    """What decides the figures that this Python gives: its version, its libraries and our methods."""
    digest = hashlib.sha256()
    for path in sorted(METHODS.rglob("*.py")):
        digest.update(path.read_bytes())
    libraries = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    version = ".".join(platform.python_version_tuple()[:2])
    return f"Python {version} with {libraries}, methods {digest.hexdigest()[:8]}"
