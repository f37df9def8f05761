"""A cluster of Spark on this machine, for tests: a master and workers of one core each, from pyspark's own jars.

Everything listens on 127.0.0.1 and writes below one folder. What was started is ended whatever happens.
"""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from compare_engines import SMALL

from pipelines.engines.masters import TOKEN
from pipelines.tables.cards import ROOT

HERE = "127.0.0.1"
START = 120  # seconds that a daemon may take to start
LONGEST = 600  # seconds of one step on a busy machine
DEPLOY = "org.apache.spark.deploy"
EXECUTOR = b"CoarseGrainedExecutorBackend"
# what docs/national.md asks of a site, and short times: a dead worker is known by its closed connection, not by these
SETTINGS = {
    **SMALL,
    "spark.authenticate": "true",
    "spark.network.crypto.enabled": "true",
    "spark.network.crypto.authEngineVersion": "2",
    "spark.network.crypto.cipher": "AES/GCM/NoPadding",
    "spark.network.crypto.saslFallback": "false",
    "spark.driver.host": HERE,
    "spark.driver.bindAddress": HERE,
    "spark.driver.memory": "1g",
    "spark.executor.memory": "600m",
    "spark.executor.extraJavaOptions": SMALL["spark.driver.extraJavaOptions"],
    "spark.worker.timeout": "20",
    "spark.master.rest.enabled": "false",  # it takes orders from anybody at port 6066
}
# with many joins, whose rows go from each worker to the other
WIDE = {"spark.sql.shuffle.partitions": "4", "spark.sql.autoBroadcastJoinThreshold": "-1"}
# else what workers write would be hard to read even if it were not encrypted
PLAIN = {f"spark.{what}.compress": "false" for what in ("shuffle", "shuffle.spill", "broadcast")}


class Cluster:
    """A master and its workers, each with the process group of all that it starts. An empty setting is left out."""

    def __init__(self, folder: Path, settings: Mapping[str, str], memory: str = "1g") -> None:
        self.folder = folder
        self._memory = memory  # of each worker
        self.conf = folder / "conf"
        self.conf.mkdir(parents=True)
        file = self.conf / "spark-defaults.conf"
        file.touch(mode=0o600)  # it holds the secret
        lines = {**SETTINGS, "spark.authenticate.secret": secrets.token_hex(32), **settings}
        file.write_text("".join(f"{name} {value}\n" for name, value in lines.items() if value))
        self.port = _free_port()
        self.url = f"spark://{HERE}:{self.port}"
        self.token = ""  # of Spark Connect
        self.master: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        """What a driver of this cluster has in its environment."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SPARK_")}
        token = {TOKEN: self.token} if self.token else {}
        return {**kept, **token, "SPARK_CONF_DIR": str(self.conf), "SPARK_LOCAL_IP": HERE}

    @property
    def left_by_workers(self) -> list[Path]:
        """The files that workers and their executors have written: logs, shuffles, spills."""
        return files_below(self.folder / "workers")

    def has_shuffled(self, worker: int | str) -> bool:
        """Whether a worker has written rows for the other."""
        written = files_below(self.folder / f"workers/{worker}/local")
        return any(path.name.startswith("shuffle_") and path.suffix == ".data" for path in written)

    def start_master(self) -> None:
        """Start the master, and wait until it listens."""
        options = ["--host", HERE, "--port", str(self.port), "--webui-port", "0"]
        self.master = self._start("master", f"{DEPLOY}.master.Master", options)
        wait(self._listens, "the master to listen")

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start one more worker, and wait until the master has it."""
        name = f"workers/{len(self.workers)}"
        options = ["--host", HERE, "--webui-port", "0", "--cores", "1", "--memory", self._memory, self.url]
        worker = self._start(name, f"{DEPLOY}.worker.Worker", options)
        self.workers.append(worker)
        log = self.folder / name / "log"
        wait(lambda: "Successfully registered with master" in log.read_text(errors="replace"), f"{name} to register")
        return worker

    def start_server(self, master: str) -> None:
        """Start a server of Spark Connect, whose own tasks go to a master, and wait until it listens."""
        main = "org.apache.spark.sql.connect.service.SparkConnectServer"
        place = self.folder / "workers/server"
        settings = {
            "spark.connect.grpc.binding.port": self.port,
            "spark.connect.grpc.binding.address": HERE,
            "spark.driver.extraJavaOptions": f"{SMALL['spark.driver.extraJavaOptions']} -Djava.io.tmpdir={place}",
        }
        options = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
        options = ["--master", master, "--class", main, *options, "spark-internal"]
        self.url = f"sc://localhost:{self.port}"
        self.workers.append(self._start("workers/server", f"{DEPLOY}.SparkSubmit", options, memory="1g"))
        wait(self._listens, "the server to listen")

    def stop(self) -> None:
        """End everything that was started."""
        for process in (*self.workers, *([self.master] if self.master is not None else [])):
            kill(process)

    def _start(self, name: str, main: str, options: list[str], memory: str = "256m") -> subprocess.Popen[bytes]:
        place = self.folder / name
        (place / "local").mkdir(parents=True)
        import pyspark  # here: what only names a cluster starts without Spark

        spark = Path(pyspark.__file__).parent
        environment = {
            **self.environment,
            "SPARK_HOME": str(spark),  # the executors' own too: else a worker takes the folder it is started in
            "SPARK_LOCAL_DIRS": str(place / "local"),
            "SPARK_WORKER_DIR": str(place / "work"),
            "SPARK_LOG_DIR": str(place),
            "PYSPARK_PYTHON": sys.executable,
            "PYTHONPATH": str(ROOT),
            "SPARK_DAEMON_MEMORY": memory,
            "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        }
        with (place / "log").open("wb") as log:
            # a session of its own: its executors die with it, and Ctrl-C reaches the test alone
            return subprocess.Popen(
                [str(spark / "bin" / "spark-class"), main, *options],
                env=environment, cwd=place, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _listens(self) -> bool:
        with contextlib.suppress(OSError):
            socket.create_connection((HERE, self.port), timeout=1).close()
            return True
        return False


def files_below(folder: Path) -> list[Path]:
    """All files below a folder, whose folders may be removed meanwhile."""
    return [Path(place, name) for place, _, names in os.walk(folder) for name in names]


@contextmanager
def cluster(
    folder: Path, workers: int = 2, settings: Mapping[str, str] | None = None, memory: str = "1g"
) -> Iterator[Cluster]:
    """A cluster, while it lasts."""
    made = Cluster(folder, settings or {}, memory)
    try:
        made.start_master()
        for _ in range(workers):
            made.start_worker()
        yield made
    finally:
        made.stop()


@contextmanager
def server(
    folder: Path, settings: Mapping[str, str] | None = None, has_token: bool = True, master: str = "local[2]"
) -> Iterator[Cluster]:
    """A server of Spark Connect, while it lasts. Its own tasks run in it, unless there is a master."""
    made = Cluster(folder, settings or {})
    made.token = secrets.token_hex(32) if has_token else ""
    try:
        made.start_server(master)
        yield made
    finally:
        made.stop()


class Run:
    """A command in a process of its own, with all that it starts."""

    def __init__(self, spark: Cluster, log: Path, command: Sequence[object]) -> None:
        environment = {**spark.environment, "PYTHONPATH": str(ROOT)}
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, *map(str, command)], env=environment, stdout=out, stderr=out, start_new_session=True
            )

    @property
    def said(self) -> str:
        """All that it has said so far."""
        return self.log.read_text("utf-8", errors="replace")

    def ended(self) -> int:
        """Its exit code, once it has ended."""
        return self.process.wait(LONGEST)


@contextmanager
def running(spark: Cluster, log: Path, *command: object) -> Iterator[Run]:
    """A command, which is killed if it is still there at the end."""
    run = Run(spark, log, command)
    try:
        yield run
    finally:
        kill(run.process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that we started with all that it started, as a machine that loses its power does."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def executors_of(worker: subprocess.Popen[bytes]) -> list[int]:
    """The processes of a worker that run tasks."""
    found = []
    for place in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            is_ours = os.getpgid(int(place.name)) == worker.pid
            if is_ours and EXECUTOR in (place / "cmdline").read_bytes():
                found.append(int(place.name))
    return found


def wait(is_so: Callable[[], bool], what: str, longest: float = START) -> None:
    """Wait until something is so. Raises AssertionError."""
    end = time.monotonic() + longest
    while not is_so():
        assert time.monotonic() < end, f"waited {longest:.0f} seconds for {what}"
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HERE, 0))
        return int(free.getsockname()[1])
