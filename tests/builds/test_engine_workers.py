"""How long a build waits for workers that are gone, and what goes to workers: encrypted, and by its name."""

import pickle
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from assets.methods.linkage.parts import score_part
from pipelines.builds.tables import function_of
from pipelines.engines import workers
from pipelines.engines.drivers import Server
from pipelines.engines.ready import EngineNotReady
from pipelines.engines.workers import NETWORK, USUAL_WITHOUT, WITHOUT, Watch, check_network, seconds_without
from pipelines.tables.cards import all_cards

CLUSTER = "spark://host:7077"
SECRET = {"spark.authenticate": "true", "spark.authenticate.secret": "s"}


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "LOOK", 0.01)


def test_what_was_asked_is_ended_once_there_has_been_no_worker_for_too_long() -> None:
    ended = threading.Event()
    with Watch(lambda: 0, ended.set, 0.05) as watch:
        assert ended.wait(30)
    assert watch.is_over


def test_a_worker_that_comes_back_in_time_is_enough() -> None:
    counts = [0] * 4 + [1] + [0] * 4 + [2]
    asked: Iterator[int] = iter(counts)
    cancelled: list[int] = []
    with Watch(lambda: next(asked, 2), lambda: cancelled.append(1), 0.05) as watch:
        time.sleep(0.5)
    assert not watch.is_over and cancelled == []


def test_jobs_that_start_after_the_first_is_ended_are_ended_too() -> None:
    cancelled: list[int] = []
    with Watch(lambda: 0, lambda: cancelled.append(1), 0.02):
        end = time.monotonic() + 30
        while len(cancelled) < 3 and time.monotonic() < end:
            time.sleep(0.01)
    assert len(cancelled) >= 3


def test_nobody_is_watched_once_the_answer_is_there_or_spark_has_gone() -> None:
    looks: list[int] = []

    def count() -> int:
        looks.append(1)
        raise ConnectionRefusedError("Spark has gone")

    with Watch(count, lambda: None, 0.01) as watch:
        time.sleep(0.2)
    assert len(looks) == 1 and not watch.is_over


def test_a_site_says_how_long_a_build_waits() -> None:
    assert seconds_without({}.get) == USUAL_WITHOUT
    assert seconds_without({WITHOUT: "20"}.get) == 20
    for wrong in ("0", "-1", "5m", "1.5"):
        with pytest.raises(EngineNotReady, match=f"{WITHOUT}: saw '{wrong}'.*expected a number of seconds"):
            seconds_without({WITHOUT: wrong}.get)


@pytest.mark.parametrize(
    "settings",
    [
        {**SECRET, NETWORK: "true"},
        {"spark.ssl.rpc.enabled": "true"},
        {NETWORK: "false"},  # the site says that its network sees to it
    ],
)
def test_a_cluster_with_an_encrypted_network_is_used(settings: dict[str, str]) -> None:
    check_network(CLUSTER, settings.get)


@pytest.mark.parametrize("settings", [{}, SECRET, {NETWORK: "true"}, {"spark.ssl.rpc.enabled": "false"}])
def test_rows_of_people_do_not_travel_in_clear_unless_the_site_says_so(settings: dict[str, str]) -> None:
    with pytest.raises(EngineNotReady, match=r"would travel in clear\. Set spark\.authenticate"):
        check_network(CLUSTER, settings.get)
    check_network("local[2]", settings.get)


def test_a_method_goes_to_the_workers_by_its_name_alone() -> None:
    """What holds code or rows of this process might not travel, or not be what the workers have."""
    methods = [function_of(card) for card in all_cards().values() if card.by_row]
    assert methods
    for method in [*methods, score_part]:
        sent = pickle.dumps(method)
        assert len(sent) < 200 and pickle.loads(sent) is method


@pytest.mark.parametrize(
    ("master", "place", "words"),
    [
        (
            "yarn",
            "yarn",
            "Set spark.authenticate and spark.network.crypto.enabled in spark-defaults.conf of this machine (",
        ),
        ("sc://localhost:15002", CLUSTER, "spark-defaults.conf of the server, the master and all workers"),
        ("sc://localhost:15002", "k8s://https://host:6443", "in spark-defaults.conf of the server ("),
    ],
)
def test_who_must_encrypt_is_said(master: str, place: str, words: str) -> None:
    with pytest.raises(EngineNotReady) as said:
        check_network(master, {"spark.master": place}.get)
    assert words in str(said.value)
    check_network("sc://localhost:15002", {"spark.master": "local[4]"}.get)


def test_a_server_has_no_free_worker_while_tasks_wait_and_none_is_done() -> None:
    handlers: list[Callable[..., None]] = []
    server = Server(SimpleNamespace(registerProgressHandler=handlers.append))

    def workers_after(completed: int, inflight: int, done: bool = False) -> int:
        stages = [SimpleNamespace(num_tasks=4, num_completed_tasks=completed)]
        handlers[0](stages=stages, inflight_tasks=inflight, operation_id="1", done=done)
        return server.count_workers()

    assert server.count_workers() == 1, "nothing was asked"
    assert [workers_after(0, 0), workers_after(0, 1), workers_after(2, 0), workers_after(4, 0)] == [0, 1, 0, 1]
    assert [workers_after(2, 0), workers_after(2, 0, done=True)] == [0, 1]
