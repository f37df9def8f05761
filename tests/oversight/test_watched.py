"""What monitoring asks of the server: alive, ready, and numbers without a person or a figure of the force."""

import hmac
import re
from pathlib import Path
from typing import Any

import pytest
from test_gate import SECRET, Asked, application, behind_proxy, demonstration
from test_home_state import NOW, PERSON, begun, ended, publish, whole

from casework.store import backups, builds
from dashboards.data import home_state
from dashboards.server import watched
from dashboards.server.access import Server, from_environment
from dashboards.server.counts import Counts
from dashboards.server.gate import Gate
from dashboards.server.watched import Watched, metrics

TOKEN = "an invented token of thirty-two characters"
BEARER = {"authorization": f"Bearer {TOKEN}"}
AWAY = ("10.1.2.3", 5)
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'


def gate(server: Server, counts: Counts | None = None, base: str = "") -> Gate:
    counts = counts or Counts()
    return Gate(Watched(application, lambda: server, counts, base), lambda: server, base, counts)


def with_token(home: Path) -> Server:
    given = {"STRA_HOME": str(home), "STRA_IDENTITY": "header", "STRA_PROXY_SECRET": SECRET}
    return from_environment(given | {"STRA_METRICS_TOKEN": TOKEN}, "0.0.0.0")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    read = home_state.read_state
    monkeypatch.setattr(home_state, "read_state", lambda *given, **more: read(*given, **{"now": NOW} | more))
    return whole(tmp_path / "home")


def parsed(text: str) -> dict[str, dict[str, float]]:
    """Metric -> labels -> value. Fails on anything that is not Prometheus' text format 0.0.4."""
    found: dict[str, dict[str, float]] = {}
    described: dict[str, set[str]] = {}
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("#"):
            about = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line)
            assert about, line
            assert about[1] not in described.setdefault(about[2], set()), f"{line}: said twice"
            assert about[2] not in found, f"{line}: after its samples"
            assert about[1] == "HELP" or about[3] in ("counter", "gauge", "histogram", "summary", "untyped"), line
            described[about[2]].add(about[1])
            continue
        sample = re.fullmatch(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)", line)
        assert sample, line
        assert described.get(sample[1]) == {"HELP", "TYPE"}, f"{line}: no help or type before it"
        assert next(reversed(described)) == sample[1], f"{line}: samples of a metric are together"
        assert (sample[2] or "") not in found.setdefault(sample[1], {}), f"{line}: twice"
        found[sample[1]][sample[2] or ""] = float(sample[3])
    return found


class TestAlive:
    def test_the_process_answers_whatever_the_home_is(self, tmp_path: Path) -> None:
        asked = Asked(gate(behind_proxy(tmp_path / "nowhere")), "/healthz", client=AWAY)
        assert (asked.status, asked.body) == (200, b"alive\n")
        assert asked.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
    def test_nothing_is_written_there(self, home: Path, path: str) -> None:
        assert Asked(gate(behind_proxy(home)), path, method="POST").status == 405

    def test_below_a_base_path(self, home: Path) -> None:
        assert Asked(gate(behind_proxy(home), base="stra"), "/stra/healthz").body == b"alive\n"

    def test_a_demonstration_answers_this_machine_alone(self, home: Path) -> None:
        for path in watched.ADDRESSES:
            assert Asked(gate(demonstration(home)), path, client=AWAY).status == 403
            assert Asked(gate(demonstration(home)), path).status == 200


class TestReady:
    @pytest.mark.parametrize(
        ("more", "status", "body"),
        [
            ({}, 200, b"whole\n"),
            ({"withheld": {"metrics.a": PERSON}}, 503, b"partial\n"),
            ({"limits": {"publish.late_hours": 0.5}}, 503, b"late\n"),
            ({"received": {}}, 503, b"stale\n"),
        ],
    )
    def test_it_is_ready_if_the_home_is_whole_and_says_one_word(
        self, home: Path, tmp_path: Path, more: dict[str, Any], status: int, body: bytes
    ) -> None:
        asked = Asked(gate(behind_proxy(whole(tmp_path / "other", **more))), "/readyz", client=AWAY)
        assert (asked.status, asked.body) == (status, body)

    def test_a_failed_build_and_an_empty_home_are_not_ready(self, home: Path, tmp_path: Path) -> None:
        ended(home, NOW, "failed", PERSON)
        asked = Asked(gate(behind_proxy(home)), "/readyz", client=AWAY)
        assert (asked.status, asked.body) == (503, b"failed\n")
        assert Asked(gate(behind_proxy(tmp_path / "nowhere")), "/readyz").body == b"unbuilt\n"

    def test_a_server_answers_for_the_audiences_it_serves(self, home: Path) -> None:
        (home / "published" / "integrity").unlink()
        given = {"STRA_HOME": str(home), "STRA_AUDIENCE": "commissioning"}
        assert Asked(gate(from_environment(given, "127.0.0.1")), "/readyz").status == 200
        assert Asked(gate(demonstration(home)), "/readyz").status == 503


class TestWhoMayReadMetrics:
    def test_this_machine_without_a_token(self, home: Path) -> None:
        server = behind_proxy(home)
        assert Asked(gate(server), "/metrics").status == 200
        assert Asked(gate(server), "/metrics", client=AWAY).status == 404
        assert Asked(gate(server), "/metrics", {"x-forwarded-for": "10.1.2.3"}).status == 404, "through a proxy"
        assert Asked(gate(server), "/metrics", {"host": "stra.force.invented"}).status == 404
        assert Asked(gate(server), "/metrics", BEARER, client=AWAY).status == 404, "no token is set"

    def test_whoever_has_the_token_where_one_is_set(self, home: Path) -> None:
        one = gate(with_token(home))
        assert Asked(one, "/metrics", BEARER, client=AWAY).status == 200
        for given in ({}, {"authorization": TOKEN}, {"authorization": f"Bearer {TOKEN}x"}, {"authorization": "Bearer "},
                      {"authorization": f"bearer {TOKEN}é"}):  # fmt: skip
            asked = Asked(one, "/metrics", {k: v.encode().decode("latin-1") for k, v in given.items()}, client=AWAY)
            assert (asked.status, asked.headers["www-authenticate"]) == (401, "Bearer"), given
            assert TOKEN.encode() not in asked.body
        assert Asked(one, "/metrics").status == 401, "this machine needs it too"
        assert Asked(one, "/readyz", client=AWAY).status == 200, "the other addresses need none"

    def test_the_token_is_compared_in_constant_time(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        compared, really = [], hmac.compare_digest

        def compare(given: bytes, expected: bytes) -> bool:
            compared.append((given, expected))
            return really(given, expected)

        monkeypatch.setattr(watched.hmac, "compare_digest", compare)
        Asked(gate(with_token(home)), "/metrics", {"authorization": "Bearer x"}, client=AWAY)
        assert (b"Bearer x", f"Bearer {TOKEN}".encode()) in compared

    def test_a_short_token_stops_the_start(self) -> None:
        given = {"STRA_METRICS_TOKEN": "short"}
        assert "STRA_METRICS_TOKEN" in from_environment(given, "127.0.0.1").refusal
        assert from_environment({"STRA_METRICS_TOKEN": ""}, "127.0.0.1").refusal == ""


class TestMetrics:
    def read(self, home: Path, counts: Counts | None = None) -> dict[str, dict[str, float]]:
        return parsed("".join(metrics(home_state.read_state(home), counts or Counts())))

    def test_the_format_and_its_kind(self, home: Path) -> None:
        asked = Asked(gate(behind_proxy(home)), "/metrics")
        assert asked.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert parsed(asked.body.decode()) == self.read(home)

    def test_a_whole_home(self, home: Path) -> None:
        for result, seconds in (("published", 10.5), ("failed", 2.0), ("published", 4.5)):
            builds.record_end(home, result, PERSON, seconds)
        held = self.read(home)
        assert held["stra_builds_total"] == {'result="published"': 2, 'result="failed"': 1}
        assert held["stra_build_seconds_total"] == {'result="published"': 15, 'result="failed"': 2}
        assert held["stra_published_rows"] == dict.fromkeys(
            ('audience="command"', 'audience="integrity"', 'audience="commissioning"'), 1200
        )
        assert held["stra_rules"] == {'state="PASS"': 3, 'state="BREACH"': 2}
        assert held["stra_withheld_tables"]['audience="command"'] == 0
        published = (NOW - home_state.dt.timedelta(hours=1)).timestamp()
        assert held["stra_published_timestamp_seconds"]['audience="command"'] == published
        assert held["stra_latest_delivery_timestamp_seconds"]['audience="command"'] == published
        assert held["stra_build_running"] == {"": 0}

    def test_every_word_that_holds_is_1(self, home: Path) -> None:
        assert {k for k, v in self.read(home)["stra_state"].items() if v} == {'state="whole"'}
        publish(home, "command", at=NOW, withheld={"metrics.a": PERSON}, received={})
        ended(home, NOW, "failed", PERSON)
        begun(home, NOW, 1)
        held = self.read(home)
        assert {k for k, v in held["stra_state"].items() if v} == {'state="failed"', 'state="partial"'}
        assert held["stra_build_running"] == {"": 1}
        assert set(held["stra_state"]) == {
            f'state="{kind}"'
            for kind in ("whole", "unbuilt", "failed", "partial", "earlier", "late", "stale", "unsaved")
        }

    def test_the_last_backup_that_was_made_and_whether_one_is_missed(self, home: Path) -> None:
        backups.record(home)
        made = backups.last(home)
        backups.record(home, f"the key of {PERSON} is missing")
        held = parsed(Asked(gate(behind_proxy(home)), "/metrics").body.decode())
        assert made and held["stra_last_backup_timestamp_seconds"] == {"": made.ended_at.timestamp()}
        assert {k for k, v in held["stra_state"].items() if v} == {'state="unsaved"'}
        assert Asked(gate(behind_proxy(home)), "/readyz").body == b"whole\n", "its pages can be used as ever"

    def test_what_is_not_known_has_no_line_instead_of_a_zero(self, tmp_path: Path) -> None:
        held = self.read(tmp_path)
        assert set(held) == {"stra_state", "stra_build_running", "stra_sessions", "stra_sessions_total"}

    def test_sessions_and_refusals_are_counted(self, home: Path) -> None:
        counts = Counts()
        one = gate(behind_proxy(home), counts)
        came = [{"type": "websocket.receive", "bytes": b"x"}]
        own = {"origin": "http://127.0.0.1:8501"}
        Asked(one, "/_stcore/stream", own, type="websocket", came=came)
        Asked(one, "/_stcore/stream", {"origin": "http://evil.invented"}, type="websocket")
        Asked(one, "/_stcore/metrics")
        Asked(one, "/metrics", client=AWAY)
        held = self.read(home, counts)
        assert (held["stra_sessions"], held["stra_sessions_total"]) == ({"": 0}, {"": 1})
        assert held["stra_refusals_total"] == {'status="403"': 1, 'status="404"': 2}

    def test_no_person_no_table_and_no_reason_is_in_it(self, home: Path) -> None:
        publish(home, "command", at=NOW, withheld={"metrics.secret_table": PERSON})
        ended(home, NOW, "failed", PERSON)
        text = "".join(metrics(home_state.read_state(home), Counts()))
        assert parsed(text)["stra_state"]['state="failed"'] == 1
        for hidden in ("Invented", "secret_table", "core.", "metrics.", str(home)):
            assert hidden not in text

    def test_a_label_is_escaped(self) -> None:
        text = "".join(watched._metric("stra_x", "gauge", "x", [({"a": 'b"\\\n'}, 1)]))
        assert text.splitlines()[-1] == r'stra_x{a="b\"\\\n"} 1' and parsed(text)
