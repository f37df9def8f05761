"""Who gives Spark's workers their tasks: a process of this machine, or a server of Spark Connect.

What differs between the two is here and nowhere else.
"""

from __future__ import annotations

from typing import Any, Protocol

from pipelines.engines.masters import is_local

PYTHON = "spark.pyspark.python"


class Driver(Protocol):
    """What the engine asks of a session beside rows."""

    lack: str  # what there is none of while nothing is done
    cure: str  # where the Python of workers is said

    def setting(self, name: str) -> str | None:
        """A setting of the site, where tasks come from; None if nobody set it."""

    def count_workers(self) -> int:
        """How many can run tasks; at least one while no task waits."""

    def cancel(self) -> None:
        """End what this session has asked."""

    def has_gone(self) -> bool:
        """Whether the session can be asked nothing any more."""


class Own:
    """A process of Java that this one has started."""

    lack = "worker"
    cure = f"give the path of its Python there as {PYTHON} in spark-defaults.conf"

    def __init__(self, session: Any) -> None:
        self._context = session.sparkContext

    def setting(self, name: str) -> str | None:
        """A setting of the site."""
        found: str | None = self._context.getConf().get(name)
        return found

    def count_workers(self) -> int:
        """How many processes can run tasks. On this machine alone it is Spark's own."""
        if is_local(self._context.master):
            return 1
        with_driver = self._context._jsc.sc().getExecutorMemoryStatus().size()
        return int(with_driver) - 1

    def cancel(self) -> None:
        """End all jobs."""
        self._context.setLogLevel("OFF")  # else a page of Java comes before our sentence
        self._context.cancelAllJobs()

    def has_gone(self) -> bool:
        """Whether Java has ended or was told to."""
        try:
            return bool(self._context._jsc.sc().isStopped())
        except Exception:  # its process does not answer
            return True


class Server:
    """A server of Spark Connect, which others may use too. It says how a query goes, and nothing of its workers."""

    lack = "free worker"
    cure = "start the server with the path of its Python there as PYSPARK_PYTHON"

    def __init__(self, session: Any) -> None:
        self._session = session
        self._is_waiting = False  # whether tasks are to be done and none is
        session.registerProgressHandler(self._look)

    def _look(self, stages: Any, inflight_tasks: int, done: bool, **_: object) -> None:
        is_open = any(stage.num_completed_tasks < stage.num_tasks for stage in stages)
        self._is_waiting = is_open and not inflight_tasks and not done

    def setting(self, name: str) -> str | None:
        """A setting of the server."""
        found: str | None = self._session.conf.get(name, None)
        return found

    def count_workers(self) -> int:
        """0 while tasks wait and no worker takes one, else 1."""
        return int(not self._is_waiting)

    def cancel(self) -> None:
        """End all queries of this session; those of others go on."""
        self._session.interruptAll()

    def has_gone(self) -> bool:
        """Whether the server has gone, or has forgotten this session with its views."""
        kept = self._session.client.get_retry_policies()
        self._session.client.set_retry_policies([])  # it was asked again and again already
        try:
            self._session.conf.get("spark.sql.ansi.enabled")
        except Exception:
            return True
        self._session.client.set_retry_policies(kept)
        return False
